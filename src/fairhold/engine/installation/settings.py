"""Settings: environment variables, each with one meaning and a clear error that names it."""

import re
from collections.abc import Mapping
from ipaddress import ip_network
from urllib.parse import urlsplit

import msgspec

from fairhold.engine.installation.identity_settings import IdentitySettings, read_identity
from fairhold.engine.installation.payment_settings import PaymentSettings, read_payments
from fairhold.engine.installation.settings_errors import SettingsError
from fairhold.engine.installation.tracking_settings import TrackingSettings, read_tracking
from fairhold.engine.ports.mail_addresses import read_address

__all__ = ["LIVE_PAYMENT_VARIABLES", "Settings", "SettingsError", "database_urls", "read_settings"]

LIVE_PAYMENT_VARIABLES = ("FAIRHOLD_STRIPE_KEY", "FAIRHOLD_YOOKASSA_KEY", "FAIRHOLD_PAYMENT_KEY")
"""Variables that hold a payment provider's key; a test key says so in its text."""

_BUCKET = re.compile(r"s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](/[^?#]*)?")

_TRUE = frozenset({"1", "true", "yes", "on"})
_FALSE = frozenset({"", "0", "false", "no", "off"})


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that an installation can be told. Secrets may be missing where a command does not need them."""

    database: str = "sqlite:///fairhold.db"
    secret: str | None = None
    operator_key: str | None = None
    sandbox: bool = False
    policy: str = "aliexpress"
    queue: int = 8192
    batch: int = 256
    marketplace: str = "Fairhold"
    trusted_proxies: tuple[str, ...] = ()
    max_body: int = 1_048_576
    lanes: int = 1
    photos: str | None = None
    photos_a_day: int | None = None
    rate_limits: bool = True
    sign_up: bool = True
    identity: IdentitySettings | None = None
    webhook_networks: tuple[str, ...] = ()
    log_level: str = "info"
    log_json: bool = False
    mail: str = "console"
    mail_from: str = "no-reply@fairhold.invalid"
    url: str = "http://localhost:8000"
    tracking: TrackingSettings = TrackingSettings()
    payments: PaymentSettings = PaymentSettings()

    @property
    def database_shown(self) -> str:
        """The database's URL as people and logs may see it: without a password."""
        return re.sub(r"(?<=://)([^/@:]*):[^/@]*@", r"\1@", re.sub(r"password=[^&\s,]*", "password=…", self.database))


def read_settings(environment: Mapping[str, str]) -> Settings:
    """The settings of `environment`. Raises SettingsError at the first that cannot be used."""
    sandbox = _flag(environment, "FAIRHOLD_SANDBOX")
    if sandbox:
        _refuse_live_payments(environment)
    return Settings(
        database=_database(environment.get("FAIRHOLD_DATABASE") or Settings().database),
        secret=_long_enough(environment, "FAIRHOLD_SECRET", 16),
        operator_key=_long_enough(environment, "FAIRHOLD_OPERATOR_KEY", 8),
        sandbox=sandbox,
        policy=environment.get("FAIRHOLD_POLICY") or "aliexpress",
        queue=_number(environment, "FAIRHOLD_QUEUE", 8192, 1, 1_000_000),
        batch=_number(environment, "FAIRHOLD_BATCH", 256, 1, 10_000),
        marketplace=environment.get("FAIRHOLD_MARKETPLACE") or "Fairhold",
        trusted_proxies=tuple(
            part for part in re.split(r"[,\s]+", environment.get("FAIRHOLD_TRUSTED_PROXIES", "")) if part
        ),
        max_body=_number(environment, "FAIRHOLD_MAX_BODY", 1_048_576, 1024, 1 << 30),
        lanes=_number(environment, "FAIRHOLD_LANES", 1, 1, 256),
        photos=_photos(environment),
        photos_a_day=_number(environment, "FAIRHOLD_PHOTOS_A_DAY", 0, 1, 1_000_000) or None,
        # In the sandbox no rate limit applies unless set.
        rate_limits=_flag(environment, "FAIRHOLD_RATE_LIMITS", default=not sandbox),
        identity=read_identity(environment, environment.get("FAIRHOLD_MARKETPLACE") or "Fairhold", sandbox=sandbox),
        sign_up=_flag(environment, "FAIRHOLD_SIGN_UP", default=True),
        webhook_networks=_networks(environment),
        log_level=_one_of(environment, "FAIRHOLD_LOG_LEVEL", ("info", "debug", "warning", "error")),
        log_json=_flag(environment, "FAIRHOLD_LOG_JSON"),
        mail=_mail(environment),
        mail_from=_mail_from(environment),
        url=_url(environment.get("FAIRHOLD_URL") or Settings().url),
        tracking=_tracking(environment),
        payments=_payments(environment),
    )


def database_urls(text: str) -> tuple[str, ...]:
    """The URLs in FAIRHOLD_DATABASE. Only a comma or white space that a `scheme://` follows parts two of them.

    So `postgresql://one,two/orders`, PostgreSQL's way to name a database's hosts, stays one URL.
    """
    return tuple(re.split(r"[,\s]+(?=[a-z]+://)", text.strip()))


def _database(text: str) -> str:
    urls = database_urls(text)
    for url in urls:
        if len(urls) == 1 and url.startswith("sqlite:///") and len(url) > len("sqlite:///"):
            continue
        if urlsplit(url).scheme in ("postgresql", "postgres"):
            continue
        if len(urls) > 1:
            raise SettingsError("FAIRHOLD_DATABASE", f"may name several databases of PostgreSQL only, and not {url!r}")
        raise SettingsError(
            "FAIRHOLD_DATABASE",
            f"must look like sqlite:///fairhold.db, sqlite:////var/lib/fairhold.db or postgresql://user@host/name, not {url!r}",
        )
    return " ".join(urls)


def _long_enough(environment: Mapping[str, str], variable: str, characters: int) -> str | None:
    text = environment.get(variable)
    if not text:
        return None
    if len(text) < characters or not text.isascii() or not text.isprintable() or " " in text:
        raise SettingsError(variable, f"must have at least {characters} visible ASCII characters without spaces")
    return text


def _flag(environment: Mapping[str, str], variable: str, *, default: bool = False) -> bool:
    text = environment.get(variable, "").strip().lower() or ("1" if default else "0")
    if text in _TRUE:
        return True
    if text in _FALSE:
        return False
    raise SettingsError(variable, f"must be 1 or 0, not {text!r}")


def _photos(environment: Mapping[str, str]) -> str | None:
    place = environment.get("FAIRHOLD_PHOTOS") or None
    if place is not None and ("://" in place or not place.isprintable()) and not _BUCKET.fullmatch(place):
        raise SettingsError("FAIRHOLD_PHOTOS", f"must be a folder or s3://bucket/prefix, not {place!r}")
    return place


def _tracking(environment: Mapping[str, str]) -> TrackingSettings:
    try:
        return read_tracking(environment)
    except ValueError as error:
        raise SettingsError(*error.args) from None


def _payments(environment: Mapping[str, str]) -> PaymentSettings:
    try:
        return read_payments(environment)
    except ValueError as error:
        raise SettingsError(*error.args) from None


def _mail(environment: Mapping[str, str]) -> str:
    text = environment.get("FAIRHOLD_MAIL") or Settings().mail
    if text.startswith(("smtp://", "smtps://")):
        for variable, why in (("FAIRHOLD_MAIL_FROM", "whose letters these are"), ("FAIRHOLD_URL", "where links lead")):
            if not environment.get(variable):
                raise SettingsError(variable, f"must say {why}, as FAIRHOLD_MAIL sends letters to people")
    elif text != "console" and not (text.startswith("files:") and len(text) > len("files:") and text.isprintable()):
        # The value may hold a password, so it is not repeated.
        raise SettingsError("FAIRHOLD_MAIL", "must be console, files:FOLDER, or smtp(s)://user:password@host:port")
    if not _is_relay(text):
        raise SettingsError("FAIRHOLD_MAIL", "must look like smtps://user:password@smtp.example.org:465")
    return text


def _is_relay(text: str) -> bool:
    if not text.startswith(("smtp://", "smtps://")):
        return True
    try:
        parts = urlsplit(text)
        return bool(parts.hostname) and parts.port != 0 and parts.path in ("", "/") and not parts.query
    except ValueError:
        return False


def _mail_from(environment: Mapping[str, str]) -> str:
    text = environment.get("FAIRHOLD_MAIL_FROM") or Settings().mail_from
    address = read_address(text)
    if address is None:
        raise SettingsError("FAIRHOLD_MAIL_FROM", f"must be an address such as no-reply@example.org, not {text!r}")
    return address


def _url(text: str) -> str:
    try:
        parts = urlsplit(text.rstrip("/"))
        plain = bool(parts.hostname) and parts.username is None and parts.port != 0
    except ValueError:
        parts, plain = urlsplit(""), False
    if parts.scheme not in ("http", "https") or not plain or parts.path or parts.query or parts.fragment or " " in text:
        raise SettingsError("FAIRHOLD_URL", f"must look like https://shop.example.org, not {text!r}")
    return text.rstrip("/")


def _networks(environment: Mapping[str, str]) -> tuple[str, ...]:
    found = tuple(part for part in re.split(r"[,\s]+", environment.get("FAIRHOLD_WEBHOOK_NETWORKS", "")) if part)
    for part in found:
        try:
            ip_network(part)
        except ValueError as error:
            raise SettingsError(
                "FAIRHOLD_WEBHOOK_NETWORKS", f"must name networks such as 10.1.0.0/16: {error}"
            ) from None
    return found


def _number(environment: Mapping[str, str], variable: str, default: int, least: int, most: int) -> int:
    text = environment.get(variable)
    if not text:
        return default
    if not text.isascii() or not text.isdigit() or len(text) > 12 or not least <= int(text) <= most:
        raise SettingsError(variable, f"must be a whole number from {least} to {most}, not {text!r}")
    return int(text)


def _one_of(environment: Mapping[str, str], variable: str, choices: tuple[str, ...]) -> str:
    text = environment.get(variable) or choices[0]
    if text not in choices:
        raise SettingsError(variable, f"must be one of {', '.join(choices)}, not {text!r}")
    return text


def _refuse_live_payments(environment: Mapping[str, str]) -> None:
    for variable in LIVE_PAYMENT_VARIABLES:
        value = environment.get(variable, "")
        if value and "test" not in value.lower():
            raise SettingsError(
                variable,
                "is a live payment key, and FAIRHOLD_SANDBOX is on: real money must never meet the test clock; unset one of them",
            )
