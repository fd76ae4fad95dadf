"""Cursors of lists: opaque text that says where a page ended, signed so that nobody counts on what is inside."""

import base64
import hashlib
import hmac
from binascii import Error

_SIGNATURE = 9


class Cursors:
    """Writes and reads cursors of one installation; a cursor belongs to one list (`kind`)."""

    def __init__(self, secret: str) -> None:
        self._key = hashlib.sha256(b"fairhold cursor\n" + secret.encode()).digest()

    def write(self, kind: str, position: str) -> str:
        """The cursor for `position` of the list `kind`."""
        payload = position.encode()
        return base64.urlsafe_b64encode(self._signature(kind, payload) + payload).decode().rstrip("=")

    def read(self, kind: str, cursor: str) -> str | None:
        """The position, or None where the cursor is not one that this list gave."""
        if not cursor.isascii() or len(cursor) > 200:
            return None
        try:
            raw = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        except (Error, ValueError):
            return None
        signature, payload = raw[:_SIGNATURE], raw[_SIGNATURE:]
        if not hmac.compare_digest(signature, self._signature(kind, payload)):
            return None
        # The last character of base64 has spare bits: only the text as it was written counts.
        return payload.decode() if self.write(kind, payload.decode()) == cursor else None

    def _signature(self, kind: str, payload: bytes) -> bytes:
        return hmac.digest(self._key, kind.encode() + b"\n" + payload, "sha256")[:_SIGNATURE]
