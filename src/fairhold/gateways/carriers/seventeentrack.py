"""17TRACK: pushes `TRACKING_UPDATED` and `TRACKING_STOPPED`, and answers of `gettrackinfo` (v2.2 and v2.4).

What a scan means stands in its sub-status, where there is one (v2.4), else in its stage, which most scans of v2.2 lack; the
newest one has the status of the whole parcel instead. Sub-statuses are added without a new version: the part before `_` is what
counts, but for a parcel that is back with its sender.
"""

import hmac
from collections.abc import Iterator
from hashlib import sha256
from typing import Annotated

import msgspec
from msgspec import Meta

from fairhold.domain.order import ParcelStatus
from fairhold.engine.outside.tracking import CarrierScan, News
from fairhold.gateways.answers import moment
from fairhold.gateways.carriers.scans import COMMON_WORDS, printable, read_json, read_part

SIGNATURE = "sign"
"""The header that carries it: SHA-256, in hexadecimal, of the raw body, a slash and the API key."""

STATUSES = COMMON_WORDS | {
    "NotFound": ParcelStatus.PENDING,
    "DeliveryFailure": ParcelStatus.ATTEMPT_FAILED,
    # Stages that are no statuses.
    "PickedUp": ParcelStatus.IN_TRANSIT,
    "Departure": ParcelStatus.IN_TRANSIT,
    "Arrival": ParcelStatus.IN_TRANSIT,
    "Returning": ParcelStatus.EXCEPTION,
    "Returned": ParcelStatus.RETURNED_TO_SENDER,
}
RETURNED = "Exception_Returned"

MOST_PROVIDERS = 10
MOST_EVENTS = 1000


class _Raw(msgspec.Struct, frozen=True):
    date: str | None = None
    time: str | None = None
    timezone: str | None = None


class _Event(msgspec.Struct, frozen=True):
    time_utc: str | None = None
    time_iso: str | None = None
    time_raw: _Raw | None = None
    description: str | None = None
    location: str | None = None
    stage: str | None = None
    sub_status: str | None = None


class _Status(msgspec.Struct, frozen=True):
    status: str
    sub_status: str | None = None


class _Provider(msgspec.Struct, frozen=True):
    events: Annotated[tuple[_Event, ...], Meta(max_length=MOST_EVENTS)] = ()


class _Travel(msgspec.Struct, frozen=True):
    providers: Annotated[tuple[_Provider, ...], Meta(max_length=MOST_PROVIDERS)] = ()


class _Info(msgspec.Struct, frozen=True):
    latest_status: _Status
    latest_event: _Event | None = None
    tracking: _Travel = _Travel()


class _Item(msgspec.Struct, frozen=True):
    number: str
    carrier: int | str
    track_info: _Info | None = None


class _Push(msgspec.Struct, frozen=True):
    event: str
    data: _Item


def is_signed(body: bytes, signature: str, key: str) -> bool:
    """Whether whoever knows the API key sent this body, byte for byte."""
    right = sha256(body + b"/" + key.encode()).hexdigest().encode()
    return hmac.compare_digest(right, signature.lower().encode())


def read_push(body: bytes) -> News:
    """What a push tells: nothing new where 17TRACK only stops to follow the number, which is no state of a parcel.

    Raises:
        Unreadable: the body is not what 17TRACK documents.

    """
    return _news(read_json(body, _Push).data)


def read_item(item: object) -> News:
    """One of the accepted items of `gettrackinfo`, already read as JSON.

    Raises:
        Unreadable: it is not what 17TRACK documents.

    """
    return _news(read_part(item, _Item))


def _news(item: _Item) -> News:
    scans = () if item.track_info is None else tuple(_scans(item.track_info))
    return News(item.number, str(item.carrier), tuple(dict.fromkeys(scans)))


def _scans(info: _Info) -> Iterator[CarrierScan]:
    """Every event; the newest, which is told twice, once."""
    newest = info.latest_event
    told = [event for provider in info.tracking.providers for event in provider.events]
    if newest is not None and not any(_is_same(event, newest) for event in told):
        told.insert(0, newest)
    for event in told:
        at = _moment(event)
        if at is None:
            continue
        code = event.sub_status or event.stage
        if newest is not None and _is_same(event, newest) and event.sub_status is None:
            code = info.latest_status.sub_status or info.latest_status.status
        status = _meaning(code)
        yield CarrierScan(status, moment(at), code or "", printable(event.location), printable(event.description))


def _is_same(one: _Event, other: _Event) -> bool:
    return (_moment(one), one.description) == (_moment(other), other.description)


def _meaning(code: str | None) -> ParcelStatus:
    if code is None:
        return ParcelStatus.IN_TRANSIT
    if code == RETURNED:
        return ParcelStatus.RETURNED_TO_SENDER
    return STATUSES.get(code.partition("_")[0], ParcelStatus.IN_TRANSIT)


def _moment(event: _Event) -> str | None:
    if event.time_utc or event.time_iso:
        return event.time_utc or event.time_iso
    raw = event.time_raw
    if raw is None or not raw.date:
        return None
    return f"{raw.date}T{raw.time or '00:00:00'}{raw.timezone or ''}"
