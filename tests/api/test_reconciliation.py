"""Reconciliation at Stripe's and YooKassa's fakes, over HTTP: what statement and books differ in becomes an open item."""

import time
from collections.abc import Callable, Iterator
from typing import Any, cast

import pytest

from fairhold.domain.instants import DAY, HOUR, SECOND, Instant
from fairhold.engine.books.reconciliation import NoRun, Ran, Reconciler
from fairhold.engine.outside.destinations import TryLater
from fairhold.engine.outside.payment_seen import Line, LineKind
from fairhold.engine.outside.payments import Provider
from fairhold.engine.ports.reconciliation import Item
from fairhold.ledger.reconciling import What
from tests.api.deals import advance, place
from tests.api.test_payments import AtStripe, AtYooKassa, Shop, shop
from tests.api.test_payments_in_any_order import SEED, Story

__all__ = ["shop"]


class Mended:
    """A provider whose statement somebody has been at."""

    def __init__(self, provider: Provider) -> None:
        self.name = provider.name
        self.change: Callable[[list[Line]], list[Line]] = list
        self.asked: list[tuple[Instant, Instant]] = []
        self._provider = provider

    def statement(self, first: Instant, last: Instant) -> Iterator[Line]:
        self.asked.append((first, last))
        wide = list(self._provider.statement(Instant(max(0, first - 2 * DAY)), Instant(last + 12 * DAY)))
        return iter([line for line in self.change(wide) if first <= line.at < last])


class Office:
    """Whoever compares, with a statement that can be altered."""

    def __init__(self, shop: Shop) -> None:
        self.shop = shop
        application = shop.application
        self.provider = Mended(application.payments.providers[shop.at.name])
        providers = cast("dict[str, Provider]", {shop.at.name: self.provider})
        self.reconciler = Reconciler(
            application.reconciler.rows, application.store.reader(), providers, application.clock
        )

    def run(self, day: int | None = None) -> Ran:
        ran = self.reconciler.run(self.shop.at.name, day)
        assert isinstance(ran, Ran), ran
        return ran

    @property
    def open(self) -> list[Item]:
        return self.reconciler.rows.open_items(self.shop.at.name)

    @property
    def closed(self) -> list[Item]:
        return self.reconciler.rows.items(is_open=False, after=None, limit=100)

    def paid(self) -> str:
        """An order that is paid, and long enough ago; what the provider calls its payment."""
        self.shop.deal = place(self.shop.client)
        self.shop.start().pay().hear()
        later(self.shop, 3 * HOUR)
        return self.shop.payment


def later(shop: Shop, time: int) -> None:
    advance(shop.client, seconds=time // SECOND)
    now = shop.application.clock.now()
    if isinstance(shop.at, AtStripe):
        shop.at.fake.books.at = now // SECOND
    if isinstance(shop.at, AtYooKassa):
        shop.at.fake.books.now = now


def test_after_any_story_nothing_is_found(shop: Shop) -> None:
    story = Story(shop, f"reconciled/{SEED}")
    office = Office(shop)
    for _ in range(3):
        for _ in range(8):
            story.chance.choice((story.another_order, story.wants_to_pay, story.pays_on_any_page, story.tells))()
        story.play()
        later(shop, 2 * HOUR)
        ran = office.run()
        assert ran.error is None, SEED
        assert office.open == [], SEED
        for day in office.reconciler.rows.days(None, 100):
            assert (day.open, day.explained) == (0, 0), (SEED, day)


def gone(reference: str) -> Callable[[list[Line]], list[Line]]:
    return lambda lines: [line for line in lines if line.reference != reference]


def line_of(office: Office) -> Line:
    """The line of the newest payment."""
    order = office.shop.application.queries.order(cast("Any", office.shop.deal.id))
    assert order is not None
    names = order.attempts[-1].names
    now = office.shop.application.clock.now()
    lines = office.provider.statement(Instant(now - 20 * DAY), Instant(now + 1))
    return next(line for line in lines if line.about in (names.payment, names.charge))


def altered(office: Office, what: What) -> Callable[[list[Line]], list[Line]]:
    """The statement with one thing wrong about the newest payment."""
    one = line_of(office)
    others = gone(one.reference)
    match what:
        case What.ONLY_BOOKED:
            return others
        case What.ONLY_STATED:
            strange = one._replace(reference="strange", about="nobody-knows", amount=12_345, fee=45)
            return lambda lines: [*lines, strange]
        case What.STATED_TWICE:
            return lambda lines: [*lines, one._replace(reference="again")]
        case What.AMOUNT_DIFFERS:
            return lambda lines: [*others(lines), one._replace(amount=one.amount - 1)]
        case _:
            return lambda lines: [*others(lines), one._replace(fee=one.fee + 7)]


SUMS: dict[What, Callable[[Line], int]] = {
    What.ONLY_BOOKED: lambda line: -(line.amount - line.fee),
    What.ONLY_STATED: lambda line: 12_300,
    What.STATED_TWICE: lambda line: line.amount - line.fee,
    What.AMOUNT_DIFFERS: lambda line: -1,
    What.FEE_DIFFERS: lambda line: -7,
}


@pytest.mark.parametrize("what", list(SUMS))
def test_a_statement_that_was_altered_is_an_open_item_and_closes_by_itself_when_it_is_mended(
    shop: Shop, what: What
) -> None:
    office = Office(shop)
    office.paid()
    assert office.run().items == 0
    line = line_of(office)
    office.provider.change = altered(office, what)
    ran = office.run()
    [item] = office.open
    assert (ran.items, item.what, item.kind, item.currency) == (1, what, LineKind.PAYMENT, "RUB")
    assert item.net == SUMS[what](line)
    assert item.order == (None if what is What.ONLY_STATED else shop.deal.id)
    day = next(one for one in ran.days if one.currency == "RUB")
    assert (day.open, day.difference, day.explained, day.on_the_way) == (item.net, item.net, 0, 0)
    # A day later it is the same item, a day old.
    later(shop, DAY)
    office.run()
    [again] = office.open
    assert (again.id, again.seen_at) == (item.id, item.seen_at)
    assert again.checked_at > item.checked_at
    office.provider.change = list
    office.run()
    assert office.open == []
    [closed] = office.closed
    assert (closed.id, closed.closed_by, closed.reason) == (item.id, None, None)
    assert all(one.difference == 0 for one in office.reconciler.rows.days(None, 100) if one.day >= day.day)


def test_what_came_a_moment_ago_is_no_difference_yet(shop: Shop) -> None:
    office = Office(shop)
    shop.start().pay()
    later(shop, 10 * 60 * SECOND)
    assert office.run().items == 0
    [day] = office.run().days[-1:] or [None]
    assert day is None or day.difference == day.on_the_way


def test_what_was_booked_late_closes_its_item_and_stays_closed(shop: Shop) -> None:
    """The provider had it ten days before we heard; no run finds the booking alone afterwards."""
    office = Office(shop)
    office.paid()
    provider, now = shop.application.payments.providers[shop.at.name], shop.application.clock.now()
    early = line_of(office)
    office.provider.change = lambda lines: [
        line._replace(at=Instant(now - 10 * DAY)) if line.reference == early.reference else line for line in lines
    ]
    assert provider.name == office.provider.name
    assert office.run().items == 0
    [late] = office.closed
    assert late.stated is not None
    assert late.booked is not None
    for _ in range(20):
        later(shop, DAY)
        assert office.run().items == 0
        assert all(day.explained == 0 for day in office.reconciler.rows.days(None, 100))
    assert len(office.closed) == 1


def test_an_item_that_is_older_than_any_span_is_closed_by_what_is_booked_then(shop: Shop) -> None:
    office = Office(shop)
    strange = Line("line-9", LineKind.REFUND, -700, 0, "RUB", shop.application.clock.now(), "refund-9")
    office.provider.change = lambda lines: [*lines, strange]
    later(shop, 3 * HOUR)
    office.run()
    [item] = office.open
    for _ in range(3):
        later(shop, 25 * DAY)
        office.run()
        [still] = office.open
        assert (still.id, still.stated) == (item.id, item.stated)
    first, last = office.provider.asked[-1]
    assert last - first < 60 * DAY
    assert office.reconciler.rows.explain(item.id, "operator:ops", "known", shop.application.clock.now())
    office.run()
    assert office.open == []
    [day] = office.run().days
    assert (day.difference, day.explained) == (-700, -700)


def test_who_cannot_be_asked_is_asked_again_and_the_run_says_so(shop: Shop) -> None:
    office = Office(shop)
    office.paid()

    def fail(lines: list[Line]) -> list[Line]:
        raise TryLater("no answer in time")

    office.provider.change = fail
    assert office.run().error == "no answer in time"
    [turn] = office.reconciler.rows.turns()
    assert (turn.failures, turn.error, turn.asked_at) == (1, "no answer in time", None)
    assert turn.next_at > shop.application.clock.now()
    assert office.reconciler.once() == 0
    office.provider.change = list
    later(shop, HOUR)
    assert office.reconciler.once() == 1
    [turn] = office.reconciler.rows.turns()
    assert (turn.failures, turn.error) == (0, None)
    assert turn.asked_at is not None


def test_a_process_that_ends_reads_no_statement_to_its_end(shop: Shop) -> None:
    office = Office(shop)
    office.paid()
    office.reconciler.halt()
    assert office.run().error == "stopped before the statement was read to its end"
    other = Office(shop)
    assert other.run().error is None


def test_who_reads_a_long_statement_keeps_the_turn_and_who_lost_it_writes_nothing(shop: Shop) -> None:
    office = Office(shop)
    office.paid()
    rows, clock = office.reconciler.rows, shop.application.clock

    def slow(lines: list[Line]) -> list[Line]:
        later(shop, HOUR)
        return lines

    office.provider.change = slow
    assert office.run().error is None, "nobody else asked for the turn meanwhile"

    def robbed(lines: list[Line]) -> list[Line]:
        later(shop, HOUR)
        assert rows.claim(shop.at.name, clock.now(), Instant(clock.now() + HOUR), only_due=False)
        return lines

    office.provider.change = robbed
    assert office.reconciler.run(shop.at.name) is NoRun.BUSY


def test_the_worker_compares_in_a_thread_of_its_own_and_ends(shop: Shop) -> None:
    shop.start().pay().hear()
    later(shop, DAY)
    worker, rows = shop.application.reconciling.worker, shop.application.reconciler.rows
    worker.start()
    ends = time.monotonic() + 120
    while time.monotonic() < ends and not any(turn.asked_at for turn in rows.turns()):
        time.sleep(0.02)
    worker.stop()
    assert [turn.failures for turn in rows.turns()] == [0]
    assert rows.days(None, 5)


def test_each_day_is_compared_once_by_itself_and_missed_days_are_made_up_for(shop: Shop) -> None:
    office = Office(shop)
    office.paid()
    while office.reconciler.once():
        pass
    asked = len(office.provider.asked)
    assert office.reconciler.once() == 0
    later(shop, 5 * DAY)
    office.paid()
    assert office.reconciler.once() == 1
    assert office.reconciler.once() == 0
    assert len(office.provider.asked) == asked + 1
    days = [day.day for day in office.reconciler.rows.days(None, 100)]
    assert days == list(range(days[0], days[-1] - 1, -1))
