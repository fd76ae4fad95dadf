"""An outage that the operator records gives people back the time in which they could not act."""

import pytest

from fairhold.domain import decide
from fairhold.domain.coming import Kind
from fairhold.domain.commands import RecordOutage
from fairhold.domain.deadlines import deadlines
from fairhold.domain.instants import HOUR, Instant
from fairhold.domain.reasons import Reason
from tests.builders import (
    BUYER,
    OPERATOR,
    Deal,
    all_confirmed,
    at,
    awaiting_payment,
    delivered,
    name_of,
    paid,
    partly_shipped,
    place,
    policy,
    returned_to_sender,
    shipped,
)

STATES = [
    (awaiting_payment(), at(hours=24), Kind.PAYMENT),
    (paid(), at(days=7, hours=1), Kind.SHIPPING),
    (shipped(), at(days=61), Kind.PROTECTION),
    (delivered(), at(days=18), Kind.CONFIRMATION_WINDOW),
    (returned_to_sender(), at(days=16), Kind.SHIPPING),
]


def outage(deal: Deal, start: Instant, end: Instant, now: Instant | None = None) -> Deal:
    return deal.do(RecordOutage(start=start, end=end), OPERATOR, end if now is None else now)


def first(deal: Deal) -> tuple[Kind, Instant]:
    deadline = deadlines(deal.order)[0]
    return deadline.kind, deadline.at


@pytest.mark.parametrize(("deal", "due", "kind"), STATES)
def test_a_deadline_of_a_person_within_the_outage_moves_by_its_length(deal: Deal, due: Instant, kind: Kind) -> None:
    moved = outage(deal, Instant(due - HOUR), Instant(due + 3 * HOUR))
    assert first(moved) == (kind, due + 4 * HOUR)


@pytest.mark.parametrize(("deal", "due", "kind"), STATES)
def test_a_deadline_at_the_very_edge_of_the_outage_moves_too(deal: Deal, due: Instant, kind: Kind) -> None:
    """One at its first instant moves to its end, and comes then: nobody lost a moment."""
    assert outage(deal, due, Instant(due + HOUR)).events[-1].at == due + HOUR
    assert first(outage(deal, Instant(due - HOUR), due)) == (kind, due + HOUR)


@pytest.mark.parametrize(("deal", "due", "kind"), STATES)
def test_a_deadline_outside_the_outage_stays(deal: Deal, due: Instant, kind: Kind) -> None:
    assert first(outage(deal, Instant(due - 3 * HOUR), Instant(due - 1))) == (kind, due)
    late = outage(deal, Instant(due + 1), Instant(due + HOUR))
    assert name_of(late.events[-1]) == "outage_recorded"
    assert late.events[-2].at == due, "what came due before the outage came due"


def test_money_that_is_on_its_way_to_the_seller_does_not_wait_for_the_outage() -> None:
    """Nobody had to act for it."""
    deal = outage(all_confirmed(), at(days=12, hours=20), at(days=13, hours=20))
    assert deal.order.money.released == 1805
    assert deal.events[-1].at == at(days=13)


def test_the_providers_ceiling_does_not_move() -> None:
    short = policy(providers=({"name": "sandbox", "ceiling_days": 20},))  # type: ignore[arg-type]
    deal = outage(shipped(place(policy=short)), at(days=20), at(days=21))
    assert deal.order.money.refunded == 1900


def test_an_outage_noted_twice_moves_nothing_twice() -> None:
    start, end = at(days=17), at(days=19)
    deal = outage(delivered(), start, end)
    assert deal.ask(RecordOutage(start=start, end=end), OPERATOR) == ()
    assert first(deal) == (Kind.CONFIRMATION_WINDOW, at(days=20))


@pytest.mark.parametrize(
    ("start", "end", "why"),
    [
        (at(days=2), at(days=1), Reason.OUTAGE_RUNS_BACKWARDS),
        (at(days=2), at(days=2), Reason.OUTAGE_RUNS_BACKWARDS),
        (at(days=11), Instant(at(days=12) + 1), Reason.OUTAGE_NOT_OVER),
        (at(days=400), at(days=401), Reason.OUTAGE_NOT_OVER),
    ],
)
def test_an_outage_that_makes_no_sense_is_refused(start: Instant, end: Instant, why: Reason) -> None:
    refusal = delivered().refused(RecordOutage(start=start, end=end), OPERATOR)
    assert (refusal.reason, refusal.field) == (why, "end")


def test_only_the_operator_notes_an_outage() -> None:
    command = RecordOutage(start=at(days=1), end=at(days=2))
    assert delivered().refused(command, BUYER).reason is Reason.NOT_ALLOWED


def test_what_nobody_noted_moves_nothing() -> None:
    """A late sweep is no outage."""
    assert decide.as_of(partly_shipped().order, at(days=300)) == decide.as_of(
        decide.as_of(partly_shipped().order, at(days=8)), at(days=300)
    )
