"""The marketplace's own sign-in, as the engine asks for it (OpenID Connect Core 1.0, authorization code with PKCE)."""

from typing import NamedTuple, Protocol


class Request(NamedTuple):
    """What a sign-in begins with. `redirect` is where the browser comes back to; the others are chance, this once."""

    redirect: str
    state: str
    nonce: str
    verifier: str


class Claims(NamedTuple):
    """What the marketplace says of a person, checked. `person` is their id there; `email` only where it is confirmed."""

    issuer: str
    subject: str
    person: str
    name: str
    email: str | None


class ProviderAway(Exception):
    """It does not answer, or not as it should. Nothing is known of the person; they may try again."""


class ProviderRefused(Exception):
    """What came back does not hold: a code that it does not know, a token for somebody else. The message is for the log."""


class Provider(Protocol):
    """The marketplace's sign-in. Blocks for a bounded time; safe from any thread."""

    def address(self, request: Request) -> str:
        """Where the browser is sent. Raises ProviderAway."""
        ...

    def redeem(self, request: Request, code: str, issuer: str | None) -> Claims:
        """Who came back with this code. `issuer`: who the answer says it is from (RFC 9207), where it says so.

        Raises ProviderAway or ProviderRefused.
        """
        ...
