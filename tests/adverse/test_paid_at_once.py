"""Two payments of one order, told of by many at once, while it is called off and its time runs out: each counts once."""

import random
import secrets
from functools import partial
from pathlib import Path

import pytest

from fairhold.domain.actors import SYSTEM, Actor
from fairhold.domain.commands import ApplyDeadlines, CancelOrder, Command
from fairhold.domain.events import PaymentReceived
from fairhold.domain.instants import DAY, HOUR, MINUTE
from fairhold.domain.order import Order, PaymentState
from fairhold.domain.payment import AttemptState, ProviderNames
from fairhold.domain.payment_commands import RecordPayment, RecordPaymentFailure, RecordPaymentPage, StartPayment
from fairhold.domain.payment_events import PaymentReturned
from fairhold.engine.audit.auditing import audit
from fairhold.engine.audit.findings import Kind
from fairhold.gateways.sandbox_payments import SandboxPayments
from tests.adverse.test_same_instant import at_once, markets, move
from tests.builders import BUYER
from tests.engine.market import Market, placing

__all__ = ["markets"]

ROUNDS = 12


class Pages(SandboxPayments):
    """A provider on whose pages people pay; what came of it is told by the test."""

    name = "payments:pages"
    pages = True

    def judge(self, method: str, amount: int, currency: str) -> None:
        return None


def with_two_pages(market: Market) -> Order:
    order = market.tell(None, placing(), BUYER)
    for number in (1, 2):
        market.tell(order.id, StartPayment(method="pages:card"), BUYER)
        page = RecordPaymentPage(
            attempt=number, names=ProviderNames(payment=f"p{number}"), page=f"https://pay.example/{number}"
        )
        market.tell(order.id, page, SYSTEM)
    return order


@pytest.mark.parametrize("late", [0, DAY + HOUR // 2, DAY + HOUR - MINUTE, DAY + 2 * HOUR])
def test_each_payment_counts_once_whoever_is_first(markets: tuple[Market, Market], late: int) -> None:
    seed = secrets.token_hex(4)
    chance = random.Random(seed)
    for market in set(markets):
        outside = market.app.engine._outside
        outside.payments[Pages.name] = Pages()
        outside._destinations[Pages.name] = Pages()
    for _ in range(ROUNDS):
        order = with_two_pages(markets[0])
        total = markets[0].now(order).total
        move(markets, late)
        asks: list[tuple[Command, Actor]] = [
            *((taken(number, total), SYSTEM) for number in (1, 2) for _ in range(6)),
            (CancelOrder(), BUYER),
            (ApplyDeadlines(), SYSTEM),
            (RecordPaymentFailure(attempt=2, why="expired"), SYSTEM),
            (StartPayment(method="pages:card"), BUYER),
        ]
        chance.shuffle(asks)
        at_once(*(partial(chance.choice(markets).ask, order.id, command, actor) for command, actor in asks))
        after = markets[1].now(order)
        events = markets[0].events(after)
        booked = [event.attempt for event in events if isinstance(event, PaymentReceived | PaymentReturned)]
        assert sorted(booked) == [1, 2], seed
        assert after.money.paid == 2 * total, seed
        paid = [attempt.number for attempt in after.attempts if attempt.state is AttemptState.PAID]
        assert len(paid) == (after.payment is PaymentState.RECEIVED), seed
        assert after.money.held + after.money.refunded == 2 * total, seed
    markets[0].assert_clean()


def taken(number: int, amount: int) -> RecordPayment:
    names = ProviderNames(payment=f"p{number}", charge=f"c{number}")
    return RecordPayment(
        provider="pages", attempt=number, amount=amount, currency=placing().currency, names=names, fee=3
    )


def test_the_audit_finds_a_payment_that_is_to_go_back_and_that_nobody_sends_back(tmp_path: Path) -> None:
    market = Market(tmp_path / "returned.db")
    outside = market.app.engine._outside
    outside.payments[Pages.name] = Pages()
    order = with_two_pages(market)
    market.tell(order.id, CancelOrder(), BUYER)
    market.tell(order.id, taken(1, order.total), SYSTEM)
    market.assert_clean()
    market.app.store.tables().change(("DELETE FROM outbox WHERE destination = 'payments:pages'", ()))
    assert [finding.kind for finding in audit(market.app.store)] == [Kind.MESSAGE_LOST]
    market.app.close()
