"""Providers that call us: each with its own signature, and one form for all others, signed as Standard Webhooks are.

A body is read only once its signature was found good.
"""

import hmac
import time
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping, Sequence
from hashlib import sha256

from fairhold.engine.outside.tracking import CarrierScan, CarrierWord, News
from fairhold.engine.parcels.by_number import WEBHOOK
from fairhold.gateways.answers import moment
from fairhold.gateways.carriers import aftership, seventeentrack
from fairhold.gateways.carriers.scans import printable, read_json

TOLERANCE = 300
"""Seconds by which the moment of a message may be off (Standard Webhooks)."""
_PREFIX = "whsec_"


class SeventeenTrackCalls:
    """Pushes of 17TRACK, signed with the API key."""

    name = "17track"

    def __init__(self, key: str) -> None:
        self._key = key

    def is_signed(self, headers: Mapping[str, str], body: bytes) -> bool:
        """Whether 17TRACK sent this body."""
        return seventeentrack.is_signed(body, headers.get(seventeentrack.SIGNATURE, ""), self._key)

    def read(self, body: bytes) -> tuple[News, ...]:
        """What it tells."""
        return (seventeentrack.read_push(body),)


class AfterShipCalls:
    """Webhooks of AfterShip, signed with the webhook's secret."""

    name = "aftership"

    def __init__(self, secret: str) -> None:
        self._secret = secret

    def is_signed(self, headers: Mapping[str, str], body: bytes) -> bool:
        """Whether AfterShip sent this body."""
        return aftership.is_signed(body, headers.get(aftership.SIGNATURE, ""), self._secret)

    def read(self, body: bytes) -> tuple[News, ...]:
        """What it tells."""
        return (aftership.read_webhook(body)[1],)


class SignedCalls:
    """Messages of any other carrier in our own vocabulary; of several secrets each is good, so that they can be changed."""

    name = WEBHOOK

    def __init__(self, secrets: Sequence[str], *, now: Callable[[], float] = time.time) -> None:
        self._secrets = tuple(secret_bytes(secret) for secret in secrets)
        self._now = now

    def is_signed(self, headers: Mapping[str, str], body: bytes) -> bool:
        """Whether whoever knows a secret sent this body within the last minutes."""
        name, sent, signatures = (headers.get(f"webhook-{part}", "") for part in ("id", "timestamp", "signature"))
        if not name or not sent.isascii() or not sent.isdigit() or len(sent) > 12:
            return False
        if abs(int(sent) - self._now()) > TOLERANCE:
            return False
        signed = f"{name}.{sent}.".encode("latin-1") + body
        right = [b"v1," + b64encode(hmac.digest(secret, signed, sha256)) for secret in self._secrets]
        given = [signature.encode("latin-1") for signature in signatures.split(" ")]
        # Every pair is compared, so that the time tells nothing of how many fit.
        return sum(hmac.compare_digest(one, other) for one in right for other in given) > 0

    def read(self, body: bytes) -> tuple[News, ...]:
        """What it tells."""
        said = read_json(body, CarrierWord)
        scans = tuple(
            CarrierScan(scan.status, moment(scan.at), scan.code or "", printable(scan.place), printable(scan.note))
            for scan in said.checkpoints
        )
        return (News(said.tracking_number, said.carrier or "", scans),)


def secret_bytes(secret: str) -> bytes:
    """The key that a secret such as `whsec_…` stands for. Raises ValueError where it stands for none of at least 16 bytes."""
    text = secret.removeprefix(_PREFIX).rstrip("=")
    try:
        found = b64decode(text + "=" * (-len(text) % 4), validate=True)
    except ValueError:
        raise ValueError("a secret is whsec_ and then base64") from None
    if len(found) < 16:
        raise ValueError("a secret of fewer than 16 bytes")
    return found
