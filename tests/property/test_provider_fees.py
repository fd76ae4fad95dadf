"""The payment provider's fee where the seller bears it, whatever becomes of the order: exact, and never a debt."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from fairhold.domain.actors import SYSTEM
from fairhold.domain.commission import of_the_providers_fee
from fairhold.domain.dispute_events import DisputeSettled
from fairhold.domain.events import Event, PortionsReleased
from fairhold.domain.evolve import evolve
from fairhold.domain.ids import LineId
from fairhold.domain.money import Currency
from fairhold.domain.order import Order, PortionState
from fairhold.domain.settlement import borne_taken, sellers_part
from fairhold.ledger import accounts
from fairhold.ledger.posting import post
from tests.builders import PARCEL_1, Deal, at, new_line, part, place, policy, scan, start

CURRENCIES = ("JPY", "RUB", "KWD")
RATES = st.one_of(st.sampled_from([0, 333, 500, 5000, 9999, 10_000]), st.integers(0, 10_000))
PRICES = st.one_of(st.integers(1, 12), st.sampled_from([333, 1000, 99_999]))
FIXED = st.one_of(st.integers(0, 12), st.sampled_from([0, 0, 100, 1000]))
FEES = st.one_of(st.integers(0, 12), st.sampled_from([29, 333, 10**6]))


@given(fee=FEES, whole=st.integers(0, 2000), first=st.booleans(), data=st.data())
def test_no_step_costs_more_than_it_brings_nor_brings_more_than_it_cost(
    fee: int, whole: int, first: bool, data: st.DataObject
) -> None:
    before = data.draw(st.integers(0, whole))
    after = data.draw(st.integers(before, whole))
    costs = [of_the_providers_fee(fee, kept, whole, first=first) for kept in (before, after)]
    assert 0 <= costs[1] - costs[0] <= after - before
    assert of_the_providers_fee(fee, whole, whole, first=first) == min(fee, whole)
    assert of_the_providers_fee(fee, 0, whole, first=first) == 0


@st.composite
def delivered_orders(draw: st.DrawFn) -> Deal:
    """Up to three lines of up to four pieces, paid through a provider and in the buyer's hands."""
    currency = draw(st.sampled_from(CURRENCIES))
    categories = st.sampled_from([None, "books", "toys"])
    lines = draw(st.lists(st.tuples(PRICES, st.integers(1, 4), categories), min_size=1, max_size=3))
    charged = {
        "basis_points": draw(RATES),
        "categories": {"books": draw(RATES)},
        "fixed": {currency: draw(FIXED)},
        "provider_fees": "seller",
        "provider_fees_on_refund": draw(st.sampled_from(["marketplace", "seller"])),
    }
    command = place(
        currency=Currency(currency),
        policy=policy(commission=charged, receipt={"settlement_delay_hours": 0}),
        lines=tuple(new_line(price, quantity, category=category) for price, quantity, category in lines),
        shipping=draw(st.sampled_from([0, 0, 1, 100])),
    )
    deal = start(command).begin_paying(when=at(hours=1)).page(when=at(hours=2))
    deal = deal.money_comes(fee=draw(FEES), when=at(hours=2))
    deal = deal.ship(*(line.id for line in deal.order.lines), when=at(days=1))
    return deal.do(scan("delivered", at(days=10), PARCEL_1), SYSTEM, at(days=10))


def borne_by_rights(order: Order) -> int:
    """The rule, reckoned from what lies where and with fractions."""
    fee = order.attempts[0].fee
    had = {line.id: 0 for line in order.lines}
    for portion in order.portions:
        had[portion.line] += sellers_part(portion)
    kept = stays(order, had)
    if order.terms.provider_fees_on_refund == "seller":
        return min(fee, kept)
    everything = stays(order, {line.id: line.total for line in order.lines})
    return round(Fraction(min(fee, everything) * kept, everything)) if everything else 0


def stays(order: Order, had: dict[LineId, int]) -> int:
    """What stays with the seller, after the commission, of so much of each line."""
    together: dict[int, int] = {}
    found = 0
    for line in order.lines:
        rate, fixed = order.terms.commission_for(line.category), order.terms.fixed_for(line.category)
        if not fixed:
            together[rate] = together.get(rate, 0) + had[line.id]
            continue
        left, most = (gross - round(Fraction(rate * gross, 10_000)) for gross in (had[line.id], line.total))
        found += left - (round(Fraction(min(fixed, most) * left, most)) if most else 0)
    return found + sum(gross - round(Fraction(rate * gross, 10_000)) for rate, gross in together.items())


def check(deal: Deal) -> None:
    """By rights, to the minor unit; nothing that was released or settled cost more than it brought; and the books say so."""
    order = deal.order
    assert borne_taken(order) == borne_by_rights(order)
    for event in deal.events:
        if isinstance(event, PortionsReleased | DisputeSettled):
            assert 0 <= event.fee <= event.gross
    money = order.money
    assert money.released >= 0
    assert money.paid == money.held + money.settling + money.released + money.fee + money.refunded + money.charged_back
    balances = booked(deal.events)
    assert sum(balances.values()) == 0
    assert balances.get(accounts.fees(order.currency), 0) == money.fee
    assert balances.get(accounts.seller(order.seller, order.currency), 0) == money.released


def booked(events: tuple[Event, ...]) -> dict[str, int]:
    """What stands on each account after these events of one order."""
    balances: dict[str, int] = {}
    order: Order | None = None
    for event in events:
        before, order = order, evolve(order, event)
        for transfer in post(before, event, order):
            balances[transfer.debit] = balances.get(transfer.debit, 0) - transfer.amount
            balances[transfer.credit] = balances.get(transfer.credit, 0) + transfer.amount
    return balances


def at_once(deal: Deal) -> Deal:
    return deal.confirm(*(line.id for line in deal.order.lines), when=at(days=12))


@settings(deadline=None)
@given(deal=delivered_orders(), data=st.data())
def test_many_small_releases_cost_what_one_large_one_does(deal: Deal, data: st.DataObject) -> None:
    large, small = at_once(deal), deal
    pieces = [line.id for line in deal.order.lines for _ in range(line.quantity)]
    for minute, name in enumerate(data.draw(st.permutations(pieces))):
        small = small.confirm(part(name, 1), when=at(days=12, minutes=minute))
        check(small)
    check(large)
    assert small.order.money == large.order.money


@settings(deadline=None)
@given(deal=delivered_orders(), data=st.data())
def test_what_the_bank_takes_and_gives_back_in_between_costs_nothing(deal: Deal, data: st.DataObject) -> None:
    large = at_once(deal).order
    for minute, line in enumerate(deal.order.lines):
        if left := sum(portion.left for portion in deal.order.portions):
            deal = deal.charge_back(data.draw(st.integers(1, left)))
            check(deal)
            if data.draw(st.booleans()):
                deal = deal.bank_says(won=True, name=deal.order.chargebacks[-1].id)
        deal = deal.confirm(line.id, when=at(days=12, minutes=minute))
        check(deal)
    for chargeback in deal.order.chargebacks:
        if chargeback.state == "open":
            deal = deal.bank_says(won=True, name=chargeback.id)
            check(deal)
    assert deal.order.money == large.money


@settings(deadline=None)
@given(deal=delivered_orders(), data=st.data())
def test_whether_the_refund_or_the_release_comes_first_the_seller_bears_the_same(
    deal: Deal, data: st.DataObject
) -> None:
    """One line is in dispute and split; the others are confirmed before it is ruled on, or after."""
    name, *others = (line.id for line in deal.order.lines)
    worth = sum(portion.amount for portion in deal.order.portions if portion.line == name)
    refund = data.draw(st.integers(0, worth))
    disputed = deal.dispute(name, when=at(days=11)).escalate(when=at(days=11, hours=1))
    early = disputed.confirm(*others, when=at(days=12)) if others else disputed
    early = early.rule(refund, at(days=13)).until(at(days=90))
    late = disputed.rule(refund, at(days=12)).until(at(days=90))
    for ended in (early, late):
        check(ended)
        assert not any(portion.state in (PortionState.HELD, PortionState.DISPUTED) for portion in ended.order.portions)
    assert early.order.money == late.order.money
    fee = deal.order.attempts[0].fee
    if deal.order.terms.provider_fees_on_refund == "seller" and early.order.money.released:
        assert borne_taken(early.order) == fee
    if refund == early.order.total:
        assert borne_taken(early.order) == early.order.money.fee == 0
