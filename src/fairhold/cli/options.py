"""The settings as flags: what is typed wins over the environment variable of the same name."""

import os
from dataclasses import dataclass
from typing import Annotated

from cyclopts import Group, Parameter

from fairhold.engine.installation.logs import configure_logs
from fairhold.engine.installation.settings import Settings, read_settings

SETTINGS = Group("Settings (also as environment variables)", sort_key=10)


def _flag(variable: str, text: str) -> Parameter:
    return Parameter(help=f"{text} [FAIRHOLD_{variable}]", group=SETTINGS, negative="", show_default=False)


Database = Annotated[
    str | None,
    _flag(
        "DATABASE",
        "Where orders are kept: sqlite:///path or postgresql://user@host/name, or several of the latter, separated by"
        " commas. In the working folder, fairhold.db, when not set.",
    ),
]
PolicyName = Annotated[
    str | None,
    _flag("POLICY", "The marketplace's policy: a preset's name or a TOML file. Preset aliexpress when not set."),
]


@Parameter(name="*")
@dataclass(frozen=True)
class ServingOptions:
    """The settings of a server."""

    database: Database = None
    secret: Annotated[
        str | None,
        _flag(
            "SECRET",
            "Signs sessions. Made once and kept in the database when not set. Better as a variable: flags show in `ps`.",
        ),
    ] = None
    operator_key: Annotated[
        str | None,
        _flag("OPERATOR_KEY", "An API key with every role and scope. Better as a variable: flags show in `ps`."),
    ] = None
    sandbox: Annotated[
        bool | None,
        _flag("SANDBOX", "Payments that move no money, and a clock that can be moved. Never beside live payment keys."),
    ] = None
    policy: PolicyName = None
    marketplace: Annotated[str | None, _flag("MARKETPLACE", "The marketplace's name, as pages show it.")] = None
    queue: Annotated[
        int | None, _flag("QUEUE", "How many commands may wait before more are told to come again. 8192.")
    ] = None
    batch: Annotated[int | None, _flag("BATCH", "How many commands one transaction may write. 256.")] = None
    lanes: Annotated[
        int | None,
        _flag("LANES", "In how many lanes a database that is made now places orders: about one a worker. 1."),
    ] = None
    photos: Annotated[
        str | None,
        _flag(
            "PHOTOS",
            "Where photos are kept: a folder, or s3://bucket/prefix. Beside the SQLite file when not set, else"
            " fairhold-photos in the working folder.",
        ),
    ] = None
    photos_a_day: Annotated[
        int | None,
        _flag("PHOTOS_A_DAY", "How many photos one person may send within 24 hours. 200; in the sandbox any number."),
    ] = None
    mail: Annotated[
        str | None,
        _flag(
            "MAIL",
            "Where letters go: console, files:folder, or smtps://user:password@host:port (smtp:// with STARTTLS)."
            " console when not set. Better as a variable: flags show in `ps`.",
        ),
    ] = None
    mail_from: Annotated[
        str | None, _flag("MAIL_FROM", "The address that letters come from, such as no-reply@shop.example.")
    ] = None
    url: Annotated[
        str | None,
        _flag("URL", "Where people reach the pages, for links in letters. http://localhost:8000 when not set."),
    ] = None
    webhook_networks: Annotated[
        str | None,
        _flag(
            "WEBHOOK_NETWORKS",
            "Private networks that webhooks may be sent to, such as 10.1.0.0/16, separated by commas. None when not set.",
        ),
    ] = None
    seventeentrack_key: Annotated[
        str | None,
        Parameter(
            name="--17track-key",
            help="17TRACK's API key: parcels are followed there, and its pushes are taken. Better as a variable: flags"
            " show in `ps`. [FAIRHOLD_17TRACK_KEY]",
            group=SETTINGS,
            show_default=False,
        ),
    ] = None
    aftership_key: Annotated[
        str | None,
        _flag(
            "AFTERSHIP_KEY",
            "AfterShip's API key: parcels are followed there. Better as a variable: flags show in `ps`.",
        ),
    ] = None
    aftership_webhook_secret: Annotated[
        str | None,
        _flag(
            "AFTERSHIP_WEBHOOK_SECRET",
            "With what AfterShip signs its webhooks. Better as a variable: flags show in `ps`.",
        ),
    ] = None
    pochta_login: Annotated[str | None, _flag("POCHTA_LOGIN", "The login for tracking at Почта России.")] = None
    pochta_password: Annotated[
        str | None, _flag("POCHTA_PASSWORD", "Its password. Better as a variable: flags show in `ps`.")
    ] = None
    pochta_calls_a_day: Annotated[
        int | None, _flag("POCHTA_CALLS_A_DAY", "How many calls a day the Post allows. 100.")
    ] = None
    carrier_webhook_secret: Annotated[
        str | None,
        _flag(
            "CARRIER_WEBHOOK_SECRET",
            "With what carriers sign the scans that they send (whsec_…); several, separated by spaces, while one is"
            " changed. Better as a variable: flags show in `ps`.",
        ),
    ] = None
    stripe_key: Annotated[
        str | None,
        _flag("STRIPE_KEY", "Stripe's secret key: buyers pay on its pages. Better as a variable: flags show in `ps`."),
    ] = None
    stripe_webhook_secret: Annotated[
        str | None,
        _flag(
            "STRIPE_WEBHOOK_SECRET",
            "With what Stripe signs its webhooks (whsec_…); several, separated by spaces: one for each endpoint. Better as a"
            " variable: flags show in `ps`.",
        ),
    ] = None
    stripe_url: Annotated[str | None, _flag("STRIPE_URL", "Where Stripe is, for a fake in its place.")] = None
    yookassa_shop: Annotated[
        str | None,
        _flag("YOOKASSA_SHOP", "The number of the shop at YooKassa: buyers pay on its pages, in a safe deal."),
    ] = None
    yookassa_key: Annotated[
        str | None, _flag("YOOKASSA_KEY", "Its secret key. Better as a variable: flags show in `ps`.")
    ] = None
    yookassa_payout_agent: Annotated[
        str | None,
        _flag(
            "YOOKASSA_PAYOUT_AGENT", "The number of the gateway for payouts, where the contract gives one of its own."
        ),
    ] = None
    yookassa_payout_key: Annotated[
        str | None, _flag("YOOKASSA_PAYOUT_KEY", "That gateway's key. Better as a variable: flags show in `ps`.")
    ] = None
    yookassa_deal_days: Annotated[
        int | None, _flag("YOOKASSA_DEAL_DAYS", "How many days a safe deal lives by the contract, up to 180. 90.")
    ] = None
    yookassa_networks: Annotated[
        str | None,
        _flag("YOOKASSA_NETWORKS", "Networks that YooKassa notifies from, if not those that it documents."),
    ] = None
    yookassa_url: Annotated[str | None, _flag("YOOKASSA_URL", "Where YooKassa is, for a fake in its place.")] = None
    bank_details: Annotated[
        str | None,
        _flag("BANK_DETAILS", "Where buyers send bank transfers, as it is shown to them. Turns bank transfers on."),
    ] = None
    bank_two_from: Annotated[
        str | None,
        _flag(
            "BANK_TWO_FROM",
            "From which sums two operators confirm a bank transfer, by currency in minor units: RUB=10000000,EUR=100000.",
        ),
    ] = None
    trusted_proxies: Annotated[
        str | None, _flag("TRUSTED_PROXIES", "Addresses whose X-Forwarded-For is believed, separated by commas.")
    ] = None
    rate_limits: Annotated[
        str | None, _flag("RATE_LIMITS", "1 or 0: whether sign-ins and letters are limited. 1; in the sandbox 0.")
    ] = None
    sign_up: Annotated[
        str | None, _flag("SIGN_UP", "1 or 0: whether anybody may make an account on the pages, by e-mail. 1.")
    ] = None
    max_body: Annotated[int | None, _flag("MAX_BODY", "The longest request body in bytes. 1048576.")] = None
    log_level: Annotated[str | None, _flag("LOG_LEVEL", "debug, info, warning or error.")] = None
    log_json: Annotated[bool | None, _flag("LOG_JSON", "Log lines as JSON.")] = None


_VARIABLES = {"seventeentrack_key": "17TRACK_KEY"}
"""Variables that are not called as their option: no name begins with a figure."""


def settings_from(options: ServingOptions | None = None, **flags: str | None) -> Settings:
    """The settings of the environment with what was typed on top; says how this process logs. Raises SettingsError."""
    typed = {**(vars(options) if options else {}), **flags}
    environment = dict(os.environ)
    for name, value in typed.items():
        if value is not None:
            environment[f"FAIRHOLD_{_VARIABLES.get(name, name.upper())}"] = (
                str(int(value)) if isinstance(value, bool) else str(value)
            )
    settings = read_settings(environment)
    configure_logs(settings)
    return settings
