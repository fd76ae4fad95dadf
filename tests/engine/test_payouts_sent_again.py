"""A payout that the bank sent back is sent again: all of it that lies on the account, and nothing that is another payout's."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from fairhold.domain.commands import RecordChargeback
from fairhold.domain.instants import HOUR, MINUTE
from fairhold.engine.outside.payment_seen import No, PayoutSeen, State
from fairhold.engine.payouts.progress import name_of_try
from fairhold.engine.ports.payouts import Payout, PayoutStage
from tests.builders import OPERATOR, SELLER
from tests.engine.market import Market
from tests.engine.test_payout_progress import SHOP, pay_out, released


@pytest.fixture
def market(tmp_path: Path) -> Iterator[Market]:
    market = Market(tmp_path / "again.db")
    yield market
    market.assert_clean()
    market.app.close()


def found(market: Market, payout: Payout) -> Payout:
    known = market.app.payouts.rows.payout(payout.id)
    assert known is not None
    return known


def test_what_was_taken_back_out_of_another_payouts_money_is_not_missing_of_this_one(market: Market) -> None:
    office = market.app.payouts
    order = released(market)
    first = pay_out(market)
    market.advance(HOUR)
    released(market)
    second = pay_out(market, "two")
    market.app.courier.once()
    market.tell(order.id, RecordChargeback(amount=1_000, reason="fraud"), OPERATOR)
    market.app.courier.once()
    owed = -office.payees.standing(SHOP).owed.due
    office.payees.pay_out(SHOP, "three", str(OPERATOR))
    market.advance(HOUR)
    assert owed > 0
    assert found(market, second).stage is PayoutStage.DONE
    assert found(market, second).arrived == second.amount - owed
    back = PayoutSeen(name_of_try(first), "p-1", State.RETURNED, first.amount, "RUB", No.ACCOUNT_CLOSED)
    assert office.progress.take_payout("sandbox", back, market.clock.now())
    # What the bank sent back is on the account again.
    market.app.store.tables().change(
        (
            "UPDATE sandbox_entries SET failed_at = ? WHERE kind = 'payout' AND amount = ?",
            (market.clock.now(), first.amount),
        )
    )
    office.payees.resume(SELLER.id, "sandbox", str(OPERATOR))
    office.payees.again(first.id)
    market.advance(3 * MINUTE)
    market.advance(HOUR)
    assert found(market, first).stage is PayoutStage.DONE
    assert found(market, first).arrived == first.amount
    assert office.rows.lying(first._replace(id="none")) == 0
