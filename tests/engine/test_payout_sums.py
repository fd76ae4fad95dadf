"""Sums that a provider cannot pass on: what can leave does, the rest stays due, and nobody's payouts stop for it."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import msgspec
import pytest

from fairhold.domain.commands import ConfirmReceipt, Pay, PlaceOrder, RecordChargeback, ShipParcel
from fairhold.domain.instants import DAY, HOUR
from fairhold.domain.money import Currency
from fairhold.domain.order import Order
from fairhold.domain.payout_rules import OwnRules
from fairhold.domain.payout_sums import due
from fairhold.engine.outside.payments import Answer, PayoutAsked, Provider, TakingBackAsked, Terms, TransferAsked
from fairhold.engine.payouts import making as payout_making
from fairhold.engine.payouts.balances import Hindrance, Standing
from fairhold.engine.payouts.making import Gathered
from fairhold.engine.ports.payouts import Account, PayoutStage
from fairhold.gateways.payments.stripe.sums import to_stripe
from fairhold.gateways.payments.stripe.terms import HOLDS, terms_of
from fairhold.gateways.payments.yookassa.provider import YooKassa
from tests.builders import BUYER, OPERATOR, POLICY, SELLER, new_line
from tests.engine.market import Market

STRIPE = terms_of(HOLDS)._replace(needs_account=False)
YOOKASSA = YooKassa(("100500", "test_key")).terms._replace(needs_account=False)
Asked = TransferAsked | PayoutAsked | TakingBackAsked


class Left(NamedTuple):
    """What was sold, what of it is the seller's less five per cent, and what of that leaves."""

    currency: str
    total: int
    net: int
    leaves: int


@pytest.fixture
def market(tmp_path: Path) -> Iterator[Market]:
    market = Market(tmp_path / "payouts.db")
    yield market
    market.app.close()


def the_provider(market: Market, terms: Terms, patched: pytest.MonkeyPatch) -> list[Asked]:
    """The sandbox's own, with what another can do; what it is asked for is noted, and refused where Stripe would."""
    provider = market.app.payouts.balances.provider("sandbox")
    assert provider is not None
    right: Provider = provider
    transfer, pay_out, take_back = right.transfer, right.pay_out, right.take_back
    asked: list[Asked] = []

    def passed_on(question: TransferAsked, key: str) -> Answer:
        asked.append(question)
        to_stripe(question.amount, question.currency)
        return transfer(question, key)

    def paid_out(question: PayoutAsked, key: str) -> Answer:
        asked.append(question)
        to_stripe(question.amount, question.currency, payout=True)
        return pay_out(question, key)

    def taken_back(question: TakingBackAsked, key: str) -> Answer:
        asked.append(question)
        to_stripe(question.amount, question.currency)
        return take_back(question, key)

    patched.setattr(provider, "terms", terms)
    patched.setattr(provider, "take_back", taken_back)
    patched.setattr(provider, "transfer", passed_on)
    patched.setattr(provider, "pay_out", paid_out)
    return asked


def released(market: Market, currency: str, total: int) -> Order:
    placing = PlaceOrder(
        buyer=BUYER.id, seller=SELLER.id, currency=Currency(currency), lines=(new_line(total),), policy=POLICY
    )
    order = market.tell(None, placing, BUYER)
    order = market.tell(order.id, Pay(method="sandbox:ok"), BUYER)
    order = market.tell(order.id, ShipParcel(carrier="post", tracking_number="FH-SLOW-1"), SELLER)
    order = market.tell(order.id, ConfirmReceipt(lines=(order.lines[0].id,), acknowledged=True), BUYER)
    market.advance(2 * DAY)
    return market.now(order)


def pay_out(market: Market, currency: str, occasion: str = "one") -> Gathered:
    return market.app.payouts.payees.pay_out(Account(SELLER.id, "sandbox", currency), occasion, "operator:ops")


def standing(market: Market, currency: str) -> Standing:
    return market.app.payouts.payees.standing(Account(SELLER.id, "sandbox", currency))


@pytest.mark.parametrize(
    "sold",
    [
        Left("HUF", 99_900, 94_905, 94_900),
        Left("KWD", 12_340, 11_723, 11_720),
        Left("JPY", 1_234, 1_172, 1_172),
        Left("EUR", 1_234, 1_172, 1_172),
    ],
    ids=lambda sold: sold.currency,
)
def test_what_stripe_can_write_arrives_and_the_rest_stays_due(
    market: Market, monkeypatch: pytest.MonkeyPatch, sold: Left
) -> None:
    asked = the_provider(market, STRIPE, monkeypatch)
    orders = [released(market, sold.currency, sold.total) for _ in range(2)]
    before = standing(market, sold.currency)
    assert (before.owed.due, before.payable, before.hindrance) == (2 * sold.net, 2 * sold.leaves, None)
    [payout] = pay_out(market, sold.currency).payouts
    assert payout.amount == 2 * sold.leaves
    market.advance(HOUR)
    found = market.app.payouts.rows.payout(payout.id)
    assert found is not None
    assert (found.stage, found.arrived) == (PayoutStage.DONE, 2 * sold.leaves)
    assert {one.amount for one in asked if isinstance(one, TransferAsked)} == {sold.leaves}
    rest = sold.net - sold.leaves
    assert [due(market.now(order)) for order in orders] == [rest, rest]
    after = standing(market, sold.currency)
    assert (after.owed.due, after.payable) == (2 * rest, 0)
    assert after.hindrance is (Hindrance.TOO_SMALL if rest else Hindrance.NOTHING_DUE)
    assert after.payee.parked_at is None
    assert pay_out(market, sold.currency, "two") == Gathered((), after.hindrance)
    market.assert_clean()


def test_what_is_less_than_the_smallest_transfer_is_not_asked_for(
    market: Market, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = the_provider(market, YOOKASSA, monkeypatch)
    small = released(market, "RUB", 53)
    assert due(small) == 50
    seen = standing(market, "RUB")
    assert (seen.owed.due, seen.payable, seen.hindrance) == (50, 0, Hindrance.TOO_SMALL)
    assert pay_out(market, "RUB") == Gathered((), Hindrance.TOO_SMALL)
    large = released(market, "RUB", 105)
    assert standing(market, "RUB").payable == 100
    [payout] = pay_out(market, "RUB", "two").payouts
    market.advance(HOUR)
    assert [(one.order, one.amount) for one in asked if isinstance(one, TransferAsked)] == [(large.id, 100)]
    found = market.app.payouts.rows.payout(payout.id)
    assert found is not None
    assert found.stage is PayoutStage.DONE
    assert standing(market, "RUB").payee.failures == 0
    assert (due(market.now(small)), due(market.now(large))) == (50, 0)


def test_orders_of_which_only_a_rest_is_left_take_no_others_place(
    market: Market, monkeypatch: pytest.MonkeyPatch
) -> None:
    the_provider(market, STRIPE, monkeypatch)
    monkeypatch.setattr(payout_making, "MOST_ORDERS", 2)
    for _ in range(2):
        released(market, "HUF", 99_900)
    assert len(pay_out(market, "HUF").payouts) == 1
    market.advance(HOUR)
    newest = released(market, "HUF", 99_900)
    [payout] = pay_out(market, "HUF", "two").payouts
    assert [part.order for part in market.app.payouts.rows.parts(payout.id, "", 9)] == [newest.id]


def test_the_minimum_that_was_agreed_is_compared_with_what_can_leave(
    market: Market, monkeypatch: pytest.MonkeyPatch
) -> None:
    the_provider(market, STRIPE, monkeypatch)
    released(market, "HUF", 99_900)
    office = market.app.payouts
    own = standing(market, "HUF").payee.own
    office.rows.agree(SELLER.id, "sandbox", _with_minimum(own, {"HUF": 94_905}))
    assert standing(market, "HUF").hindrance is Hindrance.BELOW_MINIMUM
    office.rows.agree(SELLER.id, "sandbox", _with_minimum(own, {"HUF": 94_900}))
    assert standing(market, "HUF").hindrance is None


def test_what_is_asked_back_can_be_written_too(market: Market, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = the_provider(market, STRIPE, monkeypatch)
    order = released(market, "KWD", 12_340)
    pay_out(market, "KWD")
    market.advance(HOUR)
    market.tell(order.id, RecordChargeback(amount=5_000), OPERATOR)
    market.advance(HOUR)
    owes = -standing(market, "KWD").owed.due
    assert owes % 10
    pay_out(market, "KWD", "two")
    market.advance(HOUR)
    assert [one.amount for one in asked if isinstance(one, TakingBackAsked)] == [owes - owes % 10]


def _with_minimum(own: OwnRules, minimum: dict[str, int]) -> OwnRules:
    return msgspec.structs.replace(own, minimum=minimum)


def test_an_order_of_which_something_is_held_waits_where_its_money_is_passed_on_once(
    market: Market, monkeypatch: pytest.MonkeyPatch
) -> None:
    the_provider(market, YOOKASSA, monkeypatch)
    lines = (new_line(70_000), new_line(30_000))
    placing = PlaceOrder(buyer=BUYER.id, seller=SELLER.id, currency=Currency("RUB"), lines=lines, policy=POLICY)
    order = market.tell(None, placing, BUYER)
    order = market.tell(order.id, Pay(method="sandbox:ok"), BUYER)
    order = market.tell(order.id, ShipParcel(carrier="post", tracking_number="FH-SLOW-1"), SELLER)
    market.tell(order.id, ConfirmReceipt(lines=(order.lines[0].id,), acknowledged=True), BUYER)
    market.advance(2 * DAY)
    seen = standing(market, "RUB")
    assert (seen.owed.due, seen.payable, seen.hindrance) == (66_500, 0, Hindrance.STILL_HELD)
    assert pay_out(market, "RUB") == Gathered((), Hindrance.STILL_HELD)
    released(market, "RUB", 10_000)
    assert standing(market, "RUB").payable == 9_500
    [payout] = pay_out(market, "RUB", "two").payouts
    assert payout.amount == 9_500
    market.tell(order.id, ConfirmReceipt(lines=(order.lines[1].id,), acknowledged=True), BUYER)
    market.advance(2 * DAY)
    assert standing(market, "RUB").payable == 95_000
    market.assert_clean()
