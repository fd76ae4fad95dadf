"""AfterShip: webhooks `tracking_update`, and trackings as its API answers them.

Tags and subtags are those of «Delivery Statuses» and «Delivery Sub-statuses»; providers add subtags without a new version, so one
that is not known has the meaning of its tag, and a tag that is not known says only that the parcel is on its way.
"""

import hmac
from base64 import b64encode
from hashlib import sha256
from typing import Annotated

import msgspec
from msgspec import Meta

from fairhold.domain.order import ParcelStatus
from fairhold.engine.outside.tracking import CarrierScan, News
from fairhold.gateways.answers import moment
from fairhold.gateways.carriers.scans import COMMON_WORDS, printable, read_json, read_part

SIGNATURE = "aftership-hmac-sha256"
"""The header that carries it: base64 of HMAC-SHA256 of the raw body under the webhook's secret."""

STATUSES = COMMON_WORDS | {
    "Pending": ParcelStatus.PENDING,
    "AttemptFail": ParcelStatus.ATTEMPT_FAILED,
}
RETURNED = "Exception_011"
"""The parcel is back with the sender: a return, not a delivery."""

MOST_CHECKPOINTS = 1000


class _Scan(msgspec.Struct, frozen=True):
    checkpoint_time: str
    tag: str
    subtag: str | None = None
    message: str | None = None
    location: str | None = None
    city: str | None = None


class _Tracking(msgspec.Struct, frozen=True):
    tracking_number: str
    slug: str
    tag: str
    checkpoints: Annotated[tuple[_Scan, ...], Meta(max_length=MOST_CHECKPOINTS)] = ()


class _Envelope(msgspec.Struct, frozen=True):
    event: str
    event_id: str
    msg: _Tracking


def is_signed(body: bytes, signature: str, secret: str) -> bool:
    """Whether AfterShip sent this body, byte for byte."""
    right = b64encode(hmac.digest(secret.encode(), body, sha256))
    return hmac.compare_digest(right, signature.encode())


def read_webhook(body: bytes) -> tuple[str, News]:
    """The event's id, under which it may be sent again, and what it tells.

    Raises:
        Unreadable: the body is not what AfterShip documents.

    """
    envelope = read_json(body, _Envelope)
    return envelope.event_id, _news(envelope.msg)


def read_tracking(tracking: object) -> News:
    """A tracking out of an answer of the API, already read as JSON.

    Raises:
        Unreadable: it is not what AfterShip documents.

    """
    return _news(read_part(tracking, _Tracking))


def _news(tracking: _Tracking) -> News:
    return News(tracking.tracking_number, tracking.slug, tuple(_scan(scan) for scan in tracking.checkpoints))


def _scan(scan: _Scan) -> CarrierScan:
    status = STATUSES.get(scan.tag, ParcelStatus.IN_TRANSIT)
    if scan.subtag == RETURNED:
        status = ParcelStatus.RETURNED_TO_SENDER
    place = printable(scan.location) or printable(scan.city)
    return CarrierScan(status, moment(scan.checkpoint_time), scan.subtag or scan.tag, place, printable(scan.message))
