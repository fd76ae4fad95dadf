"""An authenticator without a phone: makes passkeys (ES256, no attestation) and answers with them, well or badly."""

from __future__ import annotations

import hashlib
import json
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

PRESENT, VERIFIED, ATTESTED = 1, 4, 64


def text(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def data(said: str) -> bytes:
    return urlsafe_b64decode(said + "=" * (-len(said) % 4))


def _bytes(value: bytes) -> bytes:
    """A byte string in CBOR."""
    size = len(value)
    return (bytes([0x40 + size]) if size < 24 else bytes([0x58, size])) + value


@dataclass
class Authenticator:
    """One passkey on one device."""

    origin: str
    host: str
    flags: int = PRESENT | VERIFIED
    uses: int = 0
    id: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    def create(self, options: str) -> str:
        """The answer to a request for a new passkey."""
        asked = json.loads(options)
        numbers = self.key.public_key().public_numbers()
        x, y = (_bytes(number.to_bytes(32, "big")) for number in (numbers.x, numbers.y))
        cose = b"\xa5\x01\x02\x03\x26\x20\x01\x21" + x + b"\x22" + y
        attested = bytes(16) + len(self.id).to_bytes(2, "big") + self.id + cose
        shown = self._shown(ATTESTED) + attested
        size = bytes([0x58, len(shown)]) if len(shown) < 256 else b"\x59" + len(shown).to_bytes(2, "big")
        attestation = b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData" + size + shown
        said = self._said("webauthn.create", asked)
        return self._answer({"clientDataJSON": text(said), "attestationObject": text(attestation)})

    def get(self, options: str) -> str:
        """The answer to a request for a passkey that is there."""
        self.uses += 1
        said, shown = self._said("webauthn.get", json.loads(options)), self._shown()
        signature = self.key.sign(shown + hashlib.sha256(said).digest(), ec.ECDSA(SHA256()))
        response = {"clientDataJSON": text(said), "authenticatorData": text(shown), "signature": text(signature)}
        return self._answer(response)

    def _said(self, kind: str, asked: dict[str, Any]) -> bytes:
        return json.dumps({"type": kind, "challenge": asked["challenge"], "origin": self.origin}).encode()

    def _shown(self, more: int = 0) -> bytes:
        return hashlib.sha256(self.host.encode()).digest() + bytes([self.flags | more]) + self.uses.to_bytes(4, "big")

    def _answer(self, response: dict[str, str]) -> str:
        return json.dumps({"id": text(self.id), "rawId": text(self.id), "type": "public-key", "response": response})
