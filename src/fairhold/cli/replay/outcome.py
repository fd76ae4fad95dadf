"""What protection would have done: counted from the histories that the engine wrote, not from what was sent to it."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import msgspec

from fairhold.cli.replay.rows import Row, Skipped
from fairhold.domain.events import Cause, Event, OrderCancelled, PaymentReceived, PortionsRefunded, PortionsReleased
from fairhold.domain.instants import DAY, Duration


class HeldDays(msgspec.Struct, frozen=True):
    """Days from payment to the end of the hold; None where nothing was ever held."""

    median: float | None
    p95: float | None


class SkippedLine(msgspec.Struct, frozen=True):
    """A line that was not replayed, and why."""

    line: int
    why: str


class Report(msgspec.Struct, frozen=True, omit_defaults=True):
    """The report, as `--json` prints it. `audit` is `clean` or the list of findings.

    `refunded_by_ceiling` appears only where a payment provider could not hold the money for as long as history took.
    """

    orders: int
    replayed: int
    skipped: tuple[SkippedLine, ...]
    completed_by_window: int
    completed_by_protection: int
    refunded_not_shipped: int
    cancelled_unpaid: int
    cancelled: int
    delivered_late: int
    held_days: HeldDays
    audit: str | tuple[str, ...]
    refunded_by_ceiling: int = 0


class Run(NamedTuple):
    """A replay that is over: the report, every account's balance, and how many seconds it took."""

    report: Report
    balances: Mapping[str, int]
    seconds: float


ENDS: dict[Cause, str] = {
    Cause.CONFIRMATION_WINDOW: "completed_by_window",
    Cause.PROTECTION: "completed_by_protection",
    Cause.NOT_SHIPPED: "refunded_not_shipped",
    Cause.CANCELLED: "cancelled",
    Cause.PROVIDER_CEILING: "refunded_by_ceiling",
}


class Tally:
    """Counts how orders ended and for how long their money was held."""

    def __init__(self) -> None:
        self.ends: Counter[str] = Counter()
        self.held: list[Duration] = []

    def add(self, history: Iterable[Event]) -> None:
        """Count one order by its whole history."""
        paid_at = None
        for event in history:
            if isinstance(event, PaymentReceived):
                paid_at = event.at
            elif isinstance(event, OrderCancelled):
                self.ends["cancelled_unpaid" if event.lapsed else "cancelled"] += 1
            elif isinstance(event, PortionsReleased | PortionsRefunded) and paid_at is not None:
                self.ends[ENDS[event.cause]] += 1
                self.held.append(Duration(event.at - paid_at))


def report_of(skipped: Sequence[Skipped], replayed: Sequence[Row], tally: Tally, audit: Sequence[str]) -> Report:
    """Everything together."""
    late = sum(_is_late(row) for row in replayed)
    held = sorted(tally.held)
    return Report(
        orders=len(replayed) + len(skipped),
        replayed=len(replayed),
        skipped=tuple(SkippedLine(line, why) for line, why in sorted(skipped)),
        completed_by_window=tally.ends["completed_by_window"],
        completed_by_protection=tally.ends["completed_by_protection"],
        refunded_not_shipped=tally.ends["refunded_not_shipped"],
        cancelled_unpaid=tally.ends["cancelled_unpaid"],
        cancelled=tally.ends["cancelled"],
        delivered_late=late,
        held_days=HeldDays(_days(quantile(held, 0.5)), _days(quantile(held, 0.95))),
        audit=tuple(audit) or "clean",
        refunded_by_ceiling=tally.ends["refunded_by_ceiling"],
    )


def _is_late(row: Row) -> bool:
    delivered, promised = row.moments.delivered, row.moments.promised
    return delivered is not None and promised is not None and delivered > promised


def quantile(ordered: Sequence[int], share: float) -> float | None:
    """The value below which `share` of `ordered` lies, between two of them by straight line (Hyndman and Fan's type 7)."""
    if not ordered:
        return None
    place = (len(ordered) - 1) * share
    below, above = math.floor(place), math.ceil(place)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)


def _days(length: float | None) -> float | None:
    return None if length is None else round(length / DAY, 2)
