"""Secrets of webhooks, and what is signed with them: Standard Webhooks, version 1 (standardwebhooks.com)."""

import base64
import hmac
import os
from collections.abc import Sequence

PREFIX = "whsec_"
SECRET_BYTES = 32
PURPOSE = "webhook secrets"
"""What they are sealed for where they are kept, each about its endpoint: a copy in another row does not open."""


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
