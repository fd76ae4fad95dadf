"""Payouts on their way through trouble: one that cannot be moved holds up no other, and nobody is bothered for nothing."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from fairhold.domain.commands import ConfirmReceipt, Pay, ShipParcel
from fairhold.domain.instants import DAY, HOUR, Duration, Instant, after
from fairhold.domain.order import Order
from fairhold.domain.payout_rules import OwnRules
from fairhold.engine.outside.destinations import TryLater
from fairhold.engine.outside.payment_seen import No, PayoutSeen, State
from fairhold.engine.outside.payments import Answer, PayoutAsked, Refused
from fairhold.engine.payouts.making import PAGE, Gathered, PayoutMaker
from fairhold.engine.payouts.progress import MOST_FAILURES, name_of_try
from fairhold.engine.ports.payouts import Account, Part, PartStage, Payout, PayoutStage
from fairhold.store.notices import NoticeTables
from tests.builders import BUYER, SELLER
from tests.contract.rows import make, new_id
from tests.engine.market import Market

SHOP = Account(SELLER.id, "sandbox", "RUB")


@pytest.fixture
def market(tmp_path: Path) -> Iterator[Market]:
    market = Market(tmp_path / "payouts.db")
    yield market
    market.app.close()


def released(market: Market, method: str = "sandbox:ok") -> Order:
    order = market.tell(market.placed().id, Pay(method=method), BUYER)
    parcel = ShipParcel(carrier="post", tracking_number="FH-SLOW-1")
    order = market.tell(order.id, parcel, SELLER)
    lines = tuple(line.id for line in order.lines)
    order = market.tell(order.id, ConfirmReceipt(lines=lines, acknowledged=True), BUYER)
    market.advance(2 * DAY)
    return order


def pay_out(market: Market, occasion: str = "one") -> Payout:
    [payout] = market.app.payouts.payees.pay_out(SHOP, occasion, "operator:ops").payouts
    return payout


def stage(market: Market, payout: Payout) -> PayoutStage:
    found = market.app.payouts.rows.payout(payout.id)
    assert found is not None
    return found.stage


def test_a_payout_goes_its_way_in_the_sandbox(market: Market) -> None:
    released(market)
    payout = pay_out(market)
    assert stage(market, payout) is PayoutStage.ON_ITS_WAY
    market.advance(HOUR)
    assert stage(market, payout) is PayoutStage.DONE
    market.assert_clean()


def test_one_that_cannot_be_moved_holds_up_no_other(market: Market, monkeypatch: pytest.MonkeyPatch) -> None:
    provider = market.app.payouts.balances.provider("sandbox")
    assert provider is not None
    right, failed = provider.pay_out, list[str]()
    released(market)
    first = pay_out(market)

    def broken(asked: PayoutAsked, key: str) -> Answer:
        if asked.payout == first.id:
            failed.append(asked.payout)
            raise ZeroDivisionError
        return right(asked, key)

    with monkeypatch.context() as breaking:
        breaking.setattr(provider, "pay_out", broken)
        released(market)
        second = pay_out(market, "two")
        failed.clear()
        market.advance(HOUR)
        assert failed
        assert (stage(market, first), stage(market, second)) == (PayoutStage.TO_BANK, PayoutStage.DONE)
    market.advance(HOUR)
    assert stage(market, first) is PayoutStage.DONE
    market.assert_clean()


def test_however_many_wait_for_their_banks_the_next_has_its_turn(market: Market) -> None:
    rows = market.app.payouts.rows
    now = market.clock.now()
    for number in range(PAGE + 1):
        other = Account(f"other-{number}", "sandbox", "RUB")
        waiting = Payout(
            f"po_{number}", other, "acct", 1, PayoutStage.TO_BANK, now, "system", next_at=after(now, Duration(9 * DAY))
        )
        assert make(rows, waiting, [])
    released(market)
    payout = pay_out(market)
    market.advance(HOUR)
    assert stage(market, payout) is PayoutStage.DONE


def test_a_seller_who_cannot_be_paid_holds_up_no_other(market: Market, monkeypatch: pytest.MonkeyPatch) -> None:
    released(market)
    rows = market.app.payouts.rows
    [theirs] = rows.waiting(SHOP, 9)
    rows.keep_purses([theirs._replace(order=new_id(), seller="a-first")])
    for seller in ("a-first", SHOP.seller):
        market.app.payouts.payees.set(seller, "sandbox", None, OwnRules(schedule="daily"), "operator:ops")
    right = PayoutMaker.gather

    def broken(maker: PayoutMaker, account: Account, occasion: str, by: str, now: Instant) -> Gathered:
        if account.seller == "a-first":
            raise ZeroDivisionError
        return right(maker, account, occasion, by, now)

    monkeypatch.setattr(PayoutMaker, "gather", broken)
    market.advance(2 * DAY)
    [payout] = rows.list_payouts(SHOP.seller, (), None, 9)
    assert payout.stage is PayoutStage.DONE
    assert rows.list_payouts("a-first", (), None, 9) == []


def test_what_the_provider_cannot_say_yet_is_asked_again(market: Market, monkeypatch: pytest.MonkeyPatch) -> None:
    released(market)
    payout = pay_out(market)
    provider = market.app.payouts.balances.provider("sandbox")
    assert provider is not None
    answers: list[Answer | Exception] = [
        TryLater("not available yet"),
        Answer("p-1", State.PENDING),
        Answer("p-1", State.DONE),
    ]

    def asked(question: PayoutAsked, key: str) -> Answer:
        assert (question.payout, key) == (payout.id, payout.id)
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr(provider, "pay_out", asked)
    market.advance(HOUR)
    assert stage(market, payout) is PayoutStage.DONE
    assert answers == []


def test_a_bank_that_refuses_leaves_it_to_a_person_who_sends_it_again_under_another_name(
    market: Market, monkeypatch: pytest.MonkeyPatch
) -> None:
    released(market)
    payout = pay_out(market)
    provider, office = market.app.payouts.balances.provider("sandbox"), market.app.payouts
    assert provider is not None
    right, names = provider.pay_out, []

    def refuse(question: PayoutAsked, key: str) -> Answer:
        names.append(question.payout)
        if len(names) == 1:
            raise Refused(No.ACCOUNT_CLOSED, "closed")
        return right(question, key)

    monkeypatch.setattr(provider, "pay_out", refuse)
    market.advance(HOUR)
    assert stage(market, payout) is PayoutStage.PARKED
    payee = office.rows.payee(SELLER.id, "sandbox")
    assert payee is not None
    assert payee.parked_why == "account_closed"
    assert isinstance(office.payees.again(payout.id), Payout)
    market.advance(HOUR)
    assert stage(market, payout) is PayoutStage.DONE
    assert names[:2] == [payout.id, f"{payout.id}-2"]


def test_news_of_a_try_that_is_over_change_nothing(market: Market) -> None:
    released(market)
    payout = pay_out(market)
    market.advance(HOUR)
    progress, now = market.app.payouts.progress, market.clock.now()
    done = market.app.payouts.rows.payout(payout.id)
    assert done is not None
    for name, provider in ((f"{payout.id}-2", "sandbox"), (payout.id, "stripe"), ("po_nobody", "sandbox")):
        seen = PayoutSeen(name, "p-1", State.FAILED, payout.amount, "RUB", No.DECLINED)
        assert not progress.take_payout(provider, seen, now)
    assert market.app.payouts.rows.payout(payout.id) == done
    assert name_of_try(done) == payout.id
    back = PayoutSeen(payout.id, "p-1", State.FAILED, payout.amount, "RUB", No.ACCOUNT_CLOSED)
    assert progress.take_payout("sandbox", back, now)
    assert not progress.take_payout("sandbox", back, now)
    assert stage(market, payout) is PayoutStage.RETURNED


def test_three_failures_in_a_row_are_for_a_person_and_one_that_waiting_mends_is_not(market: Market) -> None:
    rows, progress = market.app.payouts.rows, market.app.payouts.progress
    market.app.payouts.balances.payee(SELLER.id, "sandbox", market.clock.now())
    order = released(market)
    for number in range(MOST_FAILURES):
        payee = rows.payee(SELLER.id, "sandbox")
        assert payee is not None
        assert payee.parked_at is None
        name = f"po_{number}"
        made = Payout(name, SHOP, SELLER.id, 100, PayoutStage.DONE, market.clock.now(), "system")
        make(rows, made, [Part(name, order.id, 100, PartStage.FAILED, "insufficient_balance")])
        progress.once(market.clock.now())
    payee = rows.payee(SELLER.id, "sandbox")
    assert payee is not None
    assert payee.parked_why == "insufficient_balance"


def test_a_payout_whose_orders_gave_to_another_ends_without_a_word(market: Market) -> None:
    order = released(market)
    rows = market.app.payouts.rows
    late = Payout("po_late", SHOP, SELLER.id, 100, PayoutStage.MADE, market.clock.now(), "operator:ops")
    pay_out(market)
    make(rows, late, [Part("po_late", order.id, order.total, PartStage.PLANNED)])
    market.advance(HOUR)
    found = rows.payout("po_late")
    assert found is not None
    assert (found.stage, found.why) == (PayoutStage.FAILED, "not_due")
    told = NoticeTables(market.app.store.tables()).notices(f"seller:{SELLER.id}", market.clock.now(), 50)
    assert [notice.topic for notice in told if notice.topic.startswith("payout")] == ["payout_sent"]
