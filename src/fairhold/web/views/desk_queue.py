"""The queue of claims: rows with who has which and how long is left, and how much each mediator has to do."""

from collections.abc import Iterable
from dataclasses import dataclass

from fairhold.domain.actors import Role
from fairhold.domain.dispute import DisputeState
from fairhold.domain.dispute_status import DISPUTE_TAB_BITS, DisputeTab
from fairhold.domain.instants import DAY, Duration, Instant, between
from fairhold.engine.ports.disputes import MediatorLoad, StoredDispute
from fairhold.web.views.office import Office
from fairhold.web.views.parts import Pill
from fairhold.words import dates
from fairhold.words.catalog import N_

SOON = Duration(2 * DAY)
"""With less than this left, a claim is marked."""

_MEDIATORS_TURN = (DisputeState.CLAIMED, DisputeState.APPEALED)


@dataclass(frozen=True)
class CaseRow:
    """A dispute in the staff's list. `left` is coloured by `kind`: `bad` where it is late, `turn` where it soon will be."""

    number: str
    url: str
    reason: str
    sum: str
    buyer: str
    seller: str
    pill: Pill
    due: str
    left: str
    kind: str
    mediator: str
    mine: bool


def case_row(office: Office, row: StoredDispute) -> CaseRow:
    """The dispute as a row."""
    due, left, kind = _due(office, row)
    return CaseRow(
        number=office.number(row),
        url=office.url(row.id),
        reason=office.reason(row),
        sum=office.sum(row.amount, row.currency),
        buyer=office.buyer(row.buyer),
        seller=office.seller(row.seller),
        pill=_pill(office, row),
        due=due,
        left=left,
        kind=kind,
        mediator=office.mediator(row.mediator) if row.mediator else "",
        mine=row.mediator == office.actor.id,
    )


def _pill(office: Office, row: StoredDispute) -> Pill:
    if row.closed_at is not None:
        decided = office.decided(row)
        return Pill(f"{office.state(row)}: {decided}" if decided else office.state(row), "ok")
    overdue = bool(row.tabs & DISPUTE_TAB_BITS[DisputeTab.OVERDUE])
    icon = "scales" if row.claimed else "chat"
    if overdue:
        return Pill(office.say(N_("The ruling is overdue")), "alert", "bad")
    return Pill(office.state(row), icon, "turn" if row.state in _MEDIATORS_TURN else "")


def _due(office: Office, row: StoredDispute) -> tuple[str, str, str]:
    if row.closed_at is not None:
        return office.moment(row.closed_at), "", ""
    if row.deadline_at is None:
        return "", "", ""
    left = row.deadline_at - office.now
    if left <= 0:
        return office.moment(row.deadline_at), office.say(N_("the time is over")), "bad"
    shown = dates.remaining(office.reader, between(office.now, Instant(row.deadline_at)))
    kind = "turn" if left < SOON and row.state in _MEDIATORS_TURN else ""
    return office.moment(row.deadline_at), shown, kind


@dataclass(frozen=True)
class LoadRow:
    """How many claims a mediator has open and has ruled on lately; `share` of the most that anybody has, in per cent."""

    name: str
    open: int
    ruled: int
    share: int
    mine: bool = False


@dataclass(frozen=True)
class Workload:
    """Who has how much to do, and how many claims wait for somebody to take them."""

    rows: tuple[LoadRow, ...]
    waiting: int


def workload_of(office: Office, loads: Iterable[MediatorLoad]) -> Workload:
    """The mediators that the directory knows and those who have anything, the busiest first."""
    known: dict[str, MediatorLoad] = {
        actor.id: MediatorLoad(actor.id, 0, 0)
        for person in office.names
        for actor in person.actors
        if actor.role is Role.MEDIATOR
    }
    waiting = 0
    for load in loads:
        if load.mediator is None:
            waiting = load.open
        else:
            known[load.mediator] = load
    most = max((load.open for load in known.values()), default=0) or 1
    found = sorted(known.items(), key=lambda one: (-one[1].open, -one[1].ruled, one[0]))
    rows = tuple(
        LoadRow(office.mediator(who), load.open, load.ruled, load.open * 100 // most, who == office.actor.id)
        for who, load in found
    )
    return Workload(rows, waiting)
