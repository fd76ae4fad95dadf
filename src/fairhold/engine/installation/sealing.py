"""Secrets that must be read again, and tokens that carry what they say: sealed with the installation's secret.

AES-256-GCM (NIST SP 800-38D) under keys that HKDF-SHA-256 (RFC 5869) derives, one for each purpose, so that what was
sealed for one opens for no other.
"""

import json
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from fairhold.domain.instants import Instant

_NONCE_BYTES = 12
_LONGEST_TOKEN = 3000


class Seal:
    """Seals and opens for one purpose."""

    def __init__(self, secret: str, purpose: str) -> None:
        info = f"fairhold seal {purpose} v1".encode()
        self._key = AESGCM(HKDF(algorithm=SHA256(), length=32, salt=None, info=info).derive(secret.encode()))

    def seal(self, plain: bytes, about: str = "") -> bytes:
        """`plain`, readable again only with the same `about`, such as whose it is."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return nonce + self._key.encrypt(nonce, plain, about.encode())

    def open(self, sealed: bytes, about: str = "") -> bytes | None:
        """What was sealed; None where it was not sealed here, or has been touched."""
        try:
            return self._key.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], about.encode())
        except (InvalidTag, ValueError):
            return None

    def token(self, said: Mapping[str, object], until: Instant) -> str:
        """A token for addresses and forms that says this until then."""
        plain = json.dumps({"said": dict(said), "until": until}, ensure_ascii=False)
        return urlsafe_b64encode(self.seal(plain.encode())).rstrip(b"=").decode()

    def read(self, token: str, now: Instant) -> dict[str, Any] | None:
        """What a token says; None where it was not made here, or its time is over."""
        if len(token) > _LONGEST_TOKEN or not token.isascii():
            return None
        try:
            plain = self.open(urlsafe_b64decode(token + "=" * (-len(token) % 4)))
        except ValueError:
            return None
        if plain is None:
            return None
        read = json.loads(plain)
        said: dict[str, Any] = read["said"]
        return said if read["until"] > now else None
