"""Payouts asked for by many at once, while banks take money back and payouts of the day are made: each sum leaves once."""

import random
import secrets
from collections.abc import Callable
from functools import partial

from fairhold.domain.commands import ConfirmReceipt, RecordChargeback
from fairhold.domain.instants import DAY, HOUR, Instant
from fairhold.domain.order import Order
from fairhold.domain.payout import PayoutState
from fairhold.domain.payout_rules import OwnRules
from fairhold.domain.payout_sums import due, passed_on
from fairhold.domain.reasons import Refusal
from fairhold.engine.kernel.envelope import Outcome
from fairhold.engine.ports.payouts import OPEN_STAGES, Account, Made, Part, PartStage, Payout, PayoutStage
from tests.adverse.test_same_instant import at_once, markets, move
from tests.builders import BUYER, OPERATOR, SELLER
from tests.contract.rows import make
from tests.engine.market import Market

__all__ = ["markets"]

ROUNDS = 4
ORDERS = 6
SHOP = Account(SELLER.id, "sandbox", "RUB")


def released(market: Market) -> Order:
    """An order whose money is due to the seller."""
    order = market.shipped()
    lines = tuple(line.id for line in order.lines)
    return market.tell(order.id, ConfirmReceipt(lines=lines, acknowledged=True), BUYER)


def settled(both: tuple[Market, Market]) -> None:
    """Everything is said, heard and done."""
    for _ in range(6):
        move(both, 2 * HOUR)
        for market in set(both):
            market.app.sweeper.once()
            market.app.courier.once()
            market.app.payouts.paymaster.once()
            market.app.courier.once()


def test_each_sum_leaves_once_whoever_asks(markets: tuple[Market, Market]) -> None:
    seed = secrets.token_hex(4)
    chance = random.Random(seed)
    orders: list[Order] = []
    for number in range(ROUNDS):
        orders += [released(markets[0]) for _ in range(ORDERS)]
        settled(markets)
        settled(markets) if number else move(markets, 2 * DAY)
        settled(markets)
        works: list[Callable[[], Outcome]] = [
            partial(pay_out, chance.choice(markets), f"round {number}, {asked}") for asked in range(8)
        ]
        works += [partial(take, markets[0], order) for order in chance.sample(orders, 3)]
        works += [partial(run, market) for market in markets]
        chance.shuffle(works)
        at_once(*works)
        settled(markets)
        for order in orders:
            now = markets[1].now(order)
            started = sum(part.amount for part in now.payouts if part.state is not PayoutState.FAILED)
            assert started - sum(part.taken_back for part in now.payouts) == passed_on(now), seed
            assert due(now) == now.money.released - passed_on(now), seed
            assert passed_on(now) <= now.money.released + now.money.charged_back, seed
        balance = markets[0].app.queries.balance(f"seller:{SELLER.id}:RUB")
        assert balance == sum(due(markets[1].now(order)) for order in orders), seed
        assert markets[0].app.queries.balance("payouts:RUB") in (0, None), seed
    rows = markets[0].app.payouts.rows
    assert rows.list_payouts(None, OPEN_STAGES, None, 100) == [], seed
    made = rows.list_payouts(SELLER.id, (PayoutStage.DONE,), None, 500)
    assert made, seed
    arrived = sum(payout.arrived for payout in made)
    left = [part for order in orders for part in markets[1].now(order).payouts if part.reference]
    # What was taken back before a payout had gathered its parts has not arrived.
    assert sum(part.left for part in left) <= arrived <= sum(part.amount for part in left), seed
    assert rows.payees(parked=True, after=None, limit=9) == [], seed
    markets[0].assert_clean()


def pay_out(market: Market, occasion: str) -> Outcome:
    market.app.payouts.payees.pay_out(SHOP, occasion, str(OPERATOR))
    return Refusal  # type: ignore[return-value]  # nobody looks at it


def take(market: Market, order: Order) -> Outcome:
    return market.ask(order.id, RecordChargeback(amount=chance_sum(order), reason="fraud"), OPERATOR)


def chance_sum(order: Order) -> int:
    return random.Random(order.id).choice((100, 700, 2500))


def run(market: Market) -> Outcome:
    market.app.payouts.paymaster.once(Instant(market.clock.now()))
    return Refusal  # type: ignore[return-value]  # nobody looks at it


def test_a_reserve_stays_whole_however_many_ask_at_once(markets: tuple[Market, Market]) -> None:
    office = markets[0].app.payouts
    office.payees.set(SELLER.id, "sandbox", None, OwnRules(reserve_basis_points=5_000, reserve_days=30), str(OPERATOR))
    for number in range(ROUNDS):
        for _ in range(3):
            released(markets[0])
        settled(markets)
        move(markets, 2 * DAY)
        settled(markets)
        at_once(*(partial(pay_out, markets[asked % 2], f"reserve {number}, {asked}") for asked in range(6)))
        settled(markets)
        seen = office.payees.standing(SHOP)
        assert seen.reserved > 0
        assert (seen.owed.due, seen.payable) == (seen.reserved, 0)
    lately = office.rows.released_lately(SHOP, Instant(0))
    paid = sum(one.arrived for one in office.rows.list_payouts(SELLER.id, (PayoutStage.DONE,), None, 100))
    assert paid == lately - office.payees.standing(SHOP).reserved


def test_what_was_planned_by_whoever_ended_before_telling_the_orders_is_not_planned_again(
    markets: tuple[Market, Market],
) -> None:
    first, second = (market.app.payouts for market in markets)
    for _ in range(3):
        released(markets[0])
    settled(markets)
    move(markets, 2 * DAY)
    settled(markets)
    owed = first.payees.standing(SHOP).owed.due
    second.payees.set(SELLER.id, "sandbox", None, OwnRules(reserve_basis_points=5_000, reserve_days=30), str(OPERATOR))
    waiting = first.rows.waiting(SHOP, 9)
    planned = [Part("po_ended", purse.order, purse.due, PartStage.PLANNED) for purse in waiting[:1]]
    ended = Payout("po_ended", SHOP, SELLER.id, planned[0].amount, PayoutStage.MADE, markets[0].clock.now(), "system")
    assert make(first.rows, ended, planned) is Made.NOW
    gathered = second.payees.pay_out(SHOP, "another", str(OPERATOR))
    settled(markets)
    assert sum(one.amount for one in gathered.payouts) + ended.amount == owed - first.payees.standing(SHOP).reserved
    assert first.payees.standing(SHOP).owed.due == first.payees.standing(SHOP).reserved
    markets[0].assert_clean()
