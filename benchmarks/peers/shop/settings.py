"""Settings of a small production set-up: no debugging, no middleware that this one view does not need, connections kept."""

import os

SECRET_KEY = "a benchmark's; nothing is signed with it"  # noqa: S105
DEBUG = False
ALLOWED_HOSTS = ["*"]
ROOT_URLCONF = "benchmarks.peers.shop.urls"
INSTALLED_APPS = ["benchmarks.peers.shop"]
MIDDLEWARE: list[str] = []
USE_TZ = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": os.environ["SHOP_DATABASE"],
        "USER": "fairhold",
        "HOST": os.environ["SHOP_HOST"],
        # Each thread keeps its connection.
        "CONN_MAX_AGE": None,
        "OPTIONS": {"server_side_binding": True, "prepare_threshold": 0},
    }
}
