"""Secrets of webhooks, and what is signed with them: Standard Webhooks, version 1 (standardwebhooks.com)."""

import base64
import hmac
import os
from collections.abc import Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

PREFIX = "whsec_"
SECRET_BYTES = 32
_NONCE_BYTES = 12
_PURPOSE = b"fairhold webhook secrets v1"


class Safe:
    """Keeps secrets that have to be read again: AES-256-GCM under a key that HKDF-SHA-256 derives from the installation's.

    Each is bound to its endpoint: a row that was copied to another cannot be opened there.
    """

    def __init__(self, secret: str) -> None:
        key = HKDF(algorithm=SHA256(), length=32, salt=None, info=_PURPOSE).derive(secret.encode())
        self._cipher = AESGCM(key)

    def seal(self, endpoint: str, secret: bytes) -> bytes:
        """What is stored."""
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, secret, endpoint.encode())

    def open(self, endpoint: str, sealed: bytes) -> bytes | None:
        """The secret again; None where it was sealed under another secret of the installation."""
        try:
            return self._cipher.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], endpoint.encode())
        except (InvalidTag, ValueError):
            return None


def new_secret() -> bytes:
    """A secret that nobody can guess."""
    return os.urandom(SECRET_BYTES)


def shown(secret: bytes) -> str:
    """The secret as receivers are given it."""
    return PREFIX + base64.b64encode(secret).decode()


def signed_headers(id: str, seconds: int, body: bytes, secrets: Sequence[bytes]) -> dict[str, str]:
    """The three headers of Standard Webhooks: one signature for each secret, the newest first.

    `seconds` is the moment of the attempt, by the machine's clock: receivers refuse what is some minutes old.
    """
    content = f"{id}.{seconds}.".encode() + body
    signatures = (base64.b64encode(hmac.digest(secret, content, "sha256")).decode() for secret in secrets)
    return {
        "webhook-id": id,
        "webhook-timestamp": str(seconds),
        "webhook-signature": " ".join(f"v1,{signature}" for signature in signatures),
    }
