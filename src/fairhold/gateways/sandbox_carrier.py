"""A carrier that exists in the sandbox only: magic tracking numbers play a parcel's life by themselves.

A number counts as magic by how it begins, upper or lower case; what follows is free (`FH-DELIVERED-0001`). Times count from
shipping. A hand-over names no town, which could be another than the order's. Other numbers get no scans: report them with
`POST …/checkpoints`.

| begins with | what the parcel does |
|---|---|
| `FH-FAST` | in transit after 1 minute, delivered after 5 |
| `FH-DELIVERED` | the usual way; delivered after 3 days |
| `FH-PICKUP` | waits at a pick-up point from day 3, handed out on day 5 |
| `FH-SLOW` | weeks without a word; delivered after 45 days, past any usual promise |
| `FH-ATTEMPT` | nobody at home on day 3, delivered on day 4 |
| `FH-RETURNED` | nobody at home, not fetched, back at its sender on day 14 |
| `FH-UNSEEN` | delivered after 3 days, and nobody saw it on the way: weakly proved, where the policy weighs deliveries |
| `FH-LOST` | in transit, then silence; the carrier gives up on day 40 |
| `FH-REPEATED` | as delivered, with every scan told twice and «delivered» once more a day later |
| `FH-OUTOFORDER` | «delivered» is told first, the scans before it hours later |
| `FH-CORRECTED` | «delivered» on day 3 was a mistake, taken back on day 4; delivered on day 6 |
"""

from typing import NamedTuple

import msgspec

from fairhold.domain.commands import Command, RecordCheckpoint
from fairhold.domain.ids import ShipmentId
from fairhold.domain.instants import DAY, HOUR, MINUTE, Duration, Instant, after
from fairhold.domain.order import ParcelStatus
from fairhold.engine.kernel.codec import encode
from fairhold.engine.outside.destinations import Letter
from fairhold.engine.ports.store import OutboxMessage


class Scan(NamedTuple):
    """One scan of a plan: `happens` and `learned` count from shipping; learned at once where not given."""

    status: ParcelStatus
    happens: int
    place: str | None = None
    note: str | None = None
    learned: int | None = None


_S = ParcelStatus
_FROM, _HUB, _TOWN = "Sender's town, post office", "Sorting centre", "Addressee's town, delivery office"

_SETTING_OUT = (
    Scan(_S.INFO_RECEIVED, 10 * MINUTE, note="The sender announced the parcel"),
    Scan(_S.IN_TRANSIT, 8 * HOUR, _FROM, "Accepted"),
    Scan(_S.IN_TRANSIT, 30 * HOUR, _HUB, "Left the sorting centre"),
)
_HANDED_OVER = "Handed to the addressee"
_DELIVERED = (
    *_SETTING_OUT,
    Scan(_S.OUT_FOR_DELIVERY, 68 * HOUR, _TOWN, "With the courier"),
    Scan(_S.DELIVERED, 3 * DAY, note=_HANDED_OVER),
)

PLANS: dict[str, tuple[Scan, ...]] = {
    "FH-FAST": (
        Scan(_S.IN_TRANSIT, MINUTE, _FROM, "Accepted"),
        Scan(_S.DELIVERED, 5 * MINUTE, note=_HANDED_OVER),
    ),
    "FH-DELIVERED": _DELIVERED,
    "FH-PICKUP": (
        *_SETTING_OUT,
        Scan(_S.AVAILABLE_FOR_PICKUP, 3 * DAY, _TOWN, "Waits at the pick-up point"),
        Scan(_S.DELIVERED, 5 * DAY, note=_HANDED_OVER),
    ),
    "FH-SLOW": (
        *_SETTING_OUT,
        Scan(_S.IN_TRANSIT, 20 * DAY, "Customs", "Waits for clearance"),
        Scan(_S.IN_TRANSIT, 41 * DAY, _HUB, "Arrived at the sorting centre"),
        Scan(_S.DELIVERED, 45 * DAY, note=_HANDED_OVER),
    ),
    "FH-ATTEMPT": (
        *_SETTING_OUT,
        Scan(_S.ATTEMPT_FAILED, 3 * DAY, _TOWN, "Nobody was at home"),
        Scan(_S.DELIVERED, 4 * DAY, note=_HANDED_OVER),
    ),
    "FH-RETURNED": (
        *_SETTING_OUT,
        Scan(_S.ATTEMPT_FAILED, 3 * DAY, _TOWN, "Nobody was at home"),
        Scan(_S.AVAILABLE_FOR_PICKUP, 4 * DAY, _TOWN, "Waits at the post office"),
        Scan(_S.EXCEPTION, 9 * DAY, _TOWN, "Not fetched, goes back"),
        Scan(_S.RETURNED_TO_SENDER, 14 * DAY, _FROM, "Handed to the sender"),
    ),
    "FH-UNSEEN": (
        Scan(_S.INFO_RECEIVED, 10 * MINUTE, note="The sender announced the parcel"),
        Scan(_S.DELIVERED, 3 * DAY, note=_HANDED_OVER),
    ),
    "FH-LOST": (
        *_SETTING_OUT,
        Scan(_S.EXPIRED, 40 * DAY, note="No news for 38 days"),
    ),
    "FH-REPEATED": (
        *(scan for scan in _DELIVERED for _ in range(2)),
        Scan(_S.DELIVERED, 4 * DAY, note=_HANDED_OVER),
    ),
    "FH-OUTOFORDER": (
        Scan(_S.DELIVERED, 66 * HOUR, note=_HANDED_OVER, learned=68 * HOUR),
        Scan(_S.IN_TRANSIT, 8 * HOUR, _FROM, "Accepted", learned=72 * HOUR),
        Scan(_S.OUT_FOR_DELIVERY, 60 * HOUR, _TOWN, "With the courier", learned=74 * HOUR),
    ),
    "FH-CORRECTED": (
        *_DELIVERED,
        Scan(_S.EXCEPTION, 4 * DAY, _TOWN, "«Delivered» was a mistake: another parcel"),
        Scan(_S.DELIVERED, 6 * DAY, note=_HANDED_OVER),
    ),
}
"""What each kind of magic number does, scan by scan."""


class ScanDue(msgspec.Struct, frozen=True, tag="scan"):
    """A scan to be reported, with its own time."""

    shipment: ShipmentId
    status: ParcelStatus
    at: Instant
    place: str | None = None
    note: str | None = None


_decode = msgspec.json.Decoder(ScanDue).decode


def plan_of(tracking_number: str) -> tuple[Scan, ...]:
    """The scans that a tracking number stands for; none where it is not magic."""
    number = tracking_number.upper()
    return next((scans for prefix, scans in PLANS.items() if number.startswith(prefix)), ())


class SandboxCarrier:
    """Reports on parcels as their tracking numbers say."""

    name = "carrier:sandbox"

    def letters(self, shipment: str, tracking_number: str, shipped_at: Instant) -> tuple[Letter, ...]:
        """One letter to itself per scan, each for the moment at which the scan is learned of; a thread per parcel."""
        address = f"{self.name}/{shipment}"
        return tuple(
            Letter(
                address,
                encode(_due(ShipmentId(shipment), scan, shipped_at)),
                after(shipped_at, Duration(scan.happens if scan.learned is None else scan.learned)),
            )
            for scan in plan_of(tracking_number)
        )

    def deliver(self, message: OutboxMessage) -> tuple[Command, ...]:
        """Report the scan."""
        scan = _decode(message.payload)
        return (
            RecordCheckpoint(
                shipment=scan.shipment,
                status=scan.status,
                at=scan.at,
                place=scan.place,
                note=scan.note,
                source="sandbox",
            ),
        )


def _due(shipment: ShipmentId, scan: Scan, shipped_at: Instant) -> ScanDue:
    return ScanDue(shipment, scan.status, after(shipped_at, Duration(scan.happens)), scan.place, scan.note)
