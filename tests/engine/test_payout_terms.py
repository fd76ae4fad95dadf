"""What is kept back of what sellers are due, who is new, and how often it is asked back what they owe."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from fairhold.domain.commands import RecordChargeback
from fairhold.domain.instants import DAY, HOUR, Instant
from fairhold.domain.order import Order
from fairhold.domain.payout import PayoutState
from fairhold.domain.payout_rules import OwnRules
from fairhold.engine.outside.payment_seen import No
from fairhold.engine.outside.payments import Answer, Refused, TakingBackAsked
from fairhold.engine.payouts.balances import Hindrance
from fairhold.engine.payouts.making import Gathered
from fairhold.engine.ports.payouts import Account, Purse
from tests.builders import OPERATOR, SELLER
from tests.engine.market import Market
from tests.engine.test_payout_progress import SHOP, released

BY = str(OPERATOR)


@pytest.fixture
def market(tmp_path: Path) -> Iterator[Market]:
    market = Market(tmp_path / "terms.db")
    yield market
    market.app.close()


def test_a_reserve_is_a_share_of_all_that_was_released_lately_paid_out_or_not(market: Market) -> None:
    office = market.app.payouts
    office.payees.set(SELLER.id, "sandbox", None, OwnRules(reserve_basis_points=1_000, reserve_days=10), BY)
    for _ in range(2):
        released(market)
    due = office.payees.standing(SHOP).owed.due
    first = office.payees.pay_out(SHOP, "one", BY)
    assert sum(payout.amount for payout in first.payouts) == due - due // 10
    market.advance(DAY)
    again = office.payees.standing(SHOP)
    assert (again.owed.due, again.reserved, again.payable) == (due // 10, due // 10, 0)
    market.advance(10 * DAY)
    assert office.payees.standing(SHOP).payable == due // 10


def test_a_seller_is_new_from_their_first_money_and_not_from_when_they_were_met(market: Market) -> None:
    office = market.app.payouts
    office.payees.set(SELLER.id, "sandbox", None, OwnRules(schedule="weekly"), BY)
    assert office.rows.payees_of(SELLER.id)[0].since is None
    market.advance(400 * DAY)
    released(market)
    first = office.payees.standing(SHOP).owed.first
    assert first is not None
    assert office.rows.payees_of(SELLER.id)[0].since == first
    released(market)
    office.payees.standing(SHOP)
    assert office.rows.payees_of(SELLER.id)[0].since == first


def test_what_is_owed_is_asked_back_once_a_day_by_however_many_processes(
    market: Market, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = market.app.payouts
    office.payees.set(SELLER.id, "sandbox", None, OwnRules(schedule="daily"), BY)
    order = released(market)
    office.payees.pay_out(SHOP, "one", BY)
    market.advance(HOUR)
    provider = office.balances.provider("sandbox")
    assert provider is not None

    def poor(asked: TakingBackAsked, key: str) -> Answer:
        raise Refused(No.INSUFFICIENT_BALANCE, "nothing there")

    monkeypatch.setattr(provider, "take_back", poor)
    market.tell(order.id, RecordChargeback(amount=500, reason="fraud"), OPERATOR)
    for _ in range(3):
        # Another process, which does not know what this one did today, or may have begun at the same moment.
        monkeypatch.setattr(office.paymaster, "_last_run", lambda: 0)
        office.paymaster.once(Instant(market.clock.now()))
        market.app.courier.once()
    assert asks(market, order) == 1
    market.advance(DAY)
    office.paymaster.once(Instant(market.clock.now()))
    market.app.courier.once()
    assert asks(market, order) == 2


def asks(market: Market, order: Order) -> int:
    found = market.app.queries.order(order.id)
    assert found is not None
    [part] = [part for part in found.payouts if part.state is PayoutState.SENT]
    return part.asks


def test_an_account_of_nobody_stands_at_nothing(market: Market) -> None:
    standing = market.app.payouts.payees.standing(Account("nobody", "sandbox", "RUB"))
    assert (standing.owed.due, standing.payable) == (0, 0)


def test_whoever_looked_before_another_made_a_payout_looks_again(
    market: Market, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = market.app.payouts
    office.payees.set(SELLER.id, "sandbox", None, OwnRules(reserve_basis_points=5_000, reserve_days=10), BY)
    for _ in range(4):
        released(market)
    right, faster = office.rows.waiting, ["one"]

    def slow(account: Account, limit: int, least: int = 1, *, whole: bool = False) -> list[Purse]:
        found = right(account, limit, least, whole=whole)
        if faster:
            assert office.payees.pay_out(SHOP, faster.pop(), BY).payouts
        return found

    monkeypatch.setattr(office.rows, "waiting", slow)
    assert office.payees.pay_out(SHOP, "two", BY) == Gathered((), Hindrance.RESERVED)
    left = office.payees.standing(SHOP)
    assert left.owed.due == left.reserved
