"""Which tracking services an installation uses, from its environment variables. All of them are optional."""

from collections.abc import Mapping

import msgspec

VARIABLES = (
    "FAIRHOLD_17TRACK_KEY",
    "FAIRHOLD_AFTERSHIP_KEY",
    "FAIRHOLD_AFTERSHIP_WEBHOOK_SECRET",
    "FAIRHOLD_POCHTA_LOGIN",
    "FAIRHOLD_POCHTA_PASSWORD",
    "FAIRHOLD_POCHTA_CALLS_A_DAY",
    "FAIRHOLD_CARRIER_WEBHOOK_SECRET",
)


class TrackingSettings(msgspec.Struct, frozen=True, kw_only=True):
    """Keys of services; where one is missing, that service is neither asked nor listened to.

    `webhook_secrets` are those with which carriers sign what they send in our own vocabulary: several while one is changed.
    """

    seventeentrack_key: str | None = None
    aftership_key: str | None = None
    aftership_webhook_secret: str | None = None
    pochta_login: str | None = None
    pochta_password: str | None = None
    pochta_calls_a_day: int = 100
    webhook_secrets: tuple[str, ...] = ()

    def __repr__(self) -> str:
        """Which services there are, and none of their keys."""
        given = [name for name in self.__struct_fields__ if getattr(self, name)]
        return f"TrackingSettings({', '.join(given)})"


def read_tracking(environment: Mapping[str, str]) -> TrackingSettings:
    """The services of `environment`. Raises ValueError as (variable, what is wrong with it)."""

    def secret(variable: str) -> str | None:
        text = environment.get(variable) or None
        if text is not None and (not text.isprintable() or text != text.strip()):
            raise ValueError(variable, "must be one line without blanks around it")
        return text

    def token(variable: str) -> str | None:
        text = secret(variable)
        if text is not None and (not text.isascii() or " " in text):
            raise ValueError(variable, "must be ASCII characters without spaces")
        return text

    login, password = secret("FAIRHOLD_POCHTA_LOGIN"), secret("FAIRHOLD_POCHTA_PASSWORD")
    if (login is None) != (password is None):
        missing = "FAIRHOLD_POCHTA_LOGIN" if login is None else "FAIRHOLD_POCHTA_PASSWORD"
        raise ValueError(missing, "is missing: the Post wants both a login and a password")
    return TrackingSettings(
        seventeentrack_key=token("FAIRHOLD_17TRACK_KEY"),
        aftership_key=token("FAIRHOLD_AFTERSHIP_KEY"),
        aftership_webhook_secret=token("FAIRHOLD_AFTERSHIP_WEBHOOK_SECRET"),
        pochta_login=login,
        pochta_password=password,
        pochta_calls_a_day=_calls(environment.get("FAIRHOLD_POCHTA_CALLS_A_DAY") or "100"),
        webhook_secrets=tuple(environment.get("FAIRHOLD_CARRIER_WEBHOOK_SECRET", "").split()),
    )


def _calls(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 7 or not int(text):
        raise ValueError("FAIRHOLD_POCHTA_CALLS_A_DAY", f"must be a whole number from 1 to 9999999, not {text!r}")
    return int(text)
