"""Tokens by which one press in a mail program turns off letters of one kind (RFC 8058): nobody signs in for that.

A token does nothing else, never expires, and can only turn off what is not about money. So a letter that is forwarded
does no harm.
"""

import base64
import hashlib
import hmac
from binascii import Error
from typing import NamedTuple

from fairhold.engine.ports.notices import ABOUT_MONEY, Kind

FOLDER = "/unsubscribe"
"""Where the addresses lead to."""
_SIGNATURE = 16
_LONGEST = 400


class Unwanted(NamedTuple):
    """Whose letters of which kind."""

    person: str
    kind: Kind


class Unsubscribing:
    """Makes and reads the tokens of one installation."""

    def __init__(self, secret: str) -> None:
        self._key = hashlib.sha256(b"fairhold unsubscribe\n" + secret.encode()).digest()

    def path(self, person: str, kind: Kind) -> str:
        """The path at which letters of this kind to this person are turned off."""
        assert kind not in ABOUT_MONEY, "letters about money cannot be turned off"
        payload = f"{kind.value}\n{person}".encode()
        return f"{FOLDER}/{base64.urlsafe_b64encode(self._signature(payload) + payload).decode().rstrip('=')}"

    def read(self, token: str) -> Unwanted | None:
        """What the last part of a path is for, or None where we never made it."""
        if not token.isascii() or len(token) > _LONGEST:
            return None
        try:
            raw = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
        except (Error, ValueError):
            return None
        signature, payload = raw[:_SIGNATURE], raw[_SIGNATURE:]
        if not hmac.compare_digest(signature, self._signature(payload)):
            return None
        kind, _, person = payload.decode().partition("\n")
        return Unwanted(person, Kind(kind))

    def _signature(self, payload: bytes) -> bytes:
        return hmac.digest(self._key, payload, "sha256")[:_SIGNATURE]
