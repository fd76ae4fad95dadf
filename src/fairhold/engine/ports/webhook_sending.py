"""Whoever sends webhooks to the world outside, as the engine asks for it."""

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple, Protocol


class Trouble(StrEnum):
    """Why an attempt failed."""

    NO_ADDRESS = "no_address"
    """The name has no address."""
    PRIVATE_ADDRESS = "private_address"
    """The name leads into a network that is nobody's business: it was not called."""
    NO_CONNECTION = "no_connection"
    NO_TRUST = "no_trust"
    """The certificate does not fit, or the encryption could not be agreed on."""
    TOO_SLOW = "too_slow"
    CLOSED_EARLY = "closed_early"
    UNREADABLE = "unreadable"
    """What came back is no HTTP."""
    REDIRECTED = "redirected"
    """It answered 3xx, which is not followed."""
    STATUS = "status"
    """It answered something other than 2xx."""
    UNUSABLE_URL = "unusable_url"
    NO_SECRET = "no_secret"  # noqa: S105 - a reason, not a secret
    """The signing secret cannot be read: the installation's own secret is another one now."""


class Answered(NamedTuple):
    """What came of an attempt: no trouble, or which. `response` is the beginning of the body, as text.

    `retry_after`: seconds for which the receiver asks to be left alone.
    """

    trouble: Trouble | None
    status: int | None = None
    response: str = ""
    retry_after: int | None = None


class UnusableUrl(StrEnum):
    """Why nothing can be sent to a URL."""

    MALFORMED = "malformed"
    NOT_HTTPS = "not_https"
    WITH_PASSWORD = "with_password"  # noqa: S105 - a reason, not a password
    WITH_FRAGMENT = "with_fragment"
    PORT = "port"
    PRIVATE = "private"
    TOO_LONG = "too_long"


class Sender(Protocol):
    """Sends requests to the world outside, and to nowhere else."""

    def judge(self, url: str) -> UnusableUrl | None:
        """Why nothing can be sent there, as far as the text alone tells."""
        ...

    def send(self, url: str, headers: Mapping[str, str], body: bytes) -> Answered:
        """POST this once. Blocks for some seconds at most; raises nothing for what the other side does."""
        ...
