"""An outage gives people back the time in which they could not act."""

from __future__ import annotations

from pathlib import Path

from fairhold.domain.actors import Actor, Role
from fairhold.domain.commands import NewLine, PlaceOrder
from fairhold.domain.ids import PersonId
from fairhold.domain.instants import HOUR, MINUTE, Instant
from fairhold.domain.money import Currency
from fairhold.engine.installation.clock import SystemClock, VirtualClock
from fairhold.engine.installation.settings import read_settings
from fairhold.engine.kernel.envelope import Answer, Envelope
from fairhold.wiring import build
from fairhold.words.dates import rfc3339
from tests.cli.conftest import Type

ANN = Actor(Role.BUYER, PersonId("ann"))


def placed_at(moment: Instant) -> Answer:
    """An order of that moment, in the working folder's database, left alone since."""
    application = build(read_settings({}), clock=VirtualClock(moment))
    application.start(background=False)
    try:
        policy = application.policies.get(None)
        assert policy is not None
        line = NewLine(sku="lamp", title="Lamp", quantity=1, unit_price=1000)
        seller = PersonId("shop-7")
        command = PlaceOrder(buyer=ANN.id, seller=seller, currency=Currency("RUB"), lines=(line,), policy=policy)
        outcome = application.engine.submit_waiting(Envelope(None, command, ANN))
    finally:
        application.close()
    assert isinstance(outcome, Answer)
    return outcome


def test_a_deadline_that_fell_into_the_outage_moves_by_its_length_and_only_once(folder: Path, typed: Type) -> None:
    now = SystemClock().now()
    placed = placed_at(Instant(now - 25 * HOUR))
    start, end = rfc3339(Instant(now - 3 * HOUR)), rfc3339(Instant(now - 30 * MINUTE))
    assert typed("outage", start, end, "--json").json == {"moved": 1, "untouched": 0, "failed": 0}
    assert typed("outage", start, end, "--json").json == {"moved": 0, "untouched": 1, "failed": 0}
    application = build(read_settings({}))
    try:
        order = application.queries.order(placed.order.id)
    finally:
        application.close()
    assert order is not None
    assert placed.order.payment_due is not None
    assert order.payment_due == placed.order.payment_due + 150 * MINUTE
    assert typed("audit").code == 0


def test_an_outage_that_is_not_over_runs_backwards_or_is_no_moment_is_refused(folder: Path, typed: Type) -> None:
    typed("migrate")
    later = rfc3339(Instant(SystemClock().now() + HOUR))
    for start, end, said in (
        ("2026-03-01T09:00:00Z", later, "future"),
        ("2026-03-01T09:00:00Z", "2026-03-01T08:00:00Z", "before it begins"),
        ("yesterday", later, "no moment: yesterday"),
    ):
        refused = typed("outage", start, end)
        assert (refused.code, said in refused.err) == (2, True), refused.err
