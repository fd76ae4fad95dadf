"""The one place where the parts are put together."""

from fairhold.wiring.application import Application
from fairhold.wiring.building import build, photos_place
from fairhold.wiring.faces import asgi, site_of

__all__ = ["Application", "asgi", "build", "photos_place", "site_of"]
