"""Reconciliation's tables, as every store keeps them."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from fairhold.domain.instants import HOUR, Instant
from fairhold.engine.ports.reconciliation import Balances, Day, Item, OpenItems, ReconciliationRows, Result, Turn
from fairhold.engine.ports.store import Store
from fairhold.ledger.reconciling import Entry, What
from fairhold.store.reconciliation import ReconciliationTables
from tests.contract.rows import NOW

STRIPE, YOOKASSA = "stripe", "yookassa"
LEASE = Instant(NOW + HOUR)


@pytest.fixture
def rows(store: Store) -> ReconciliationRows:
    return ReconciliationTables(store.tables())


def day(number: int, provider: str = STRIPE, currency: str = "RUB", **facts: Any) -> Day:
    return Day(provider, currency, number, 1, 2, 30, 20, 300, 290, 4, 6, 1, Instant(NOW))._replace(**facts)


def entry(at: int = NOW, **facts: Any) -> Entry:
    return Entry("refund", ("re_1",), -500, 7, Instant(at), "line-1")._replace(**facts)


def item(id_: str = "diff-1", *, seen_at: int = NOW, **facts: Any) -> Item:
    seen = Instant(seen_at)
    made = Item(id_, STRIPE, "RUB", What.ONLY_STATED, "refund", "re_1", None, entry(), None, seen, seen)
    return made._replace(**facts)


def settle(rows: ReconciliationRows, result: Result, provider: str = STRIPE) -> None:
    assert rows.claim(provider, Instant(NOW), LEASE, only_due=False)
    assert rows.settle(Turn(provider, Instant(NOW + 5), Instant(0), 9, Instant(NOW)), LEASE, result)


def test_a_turn_is_taken_by_one_and_given_back_with_what_came_of_it(rows: ReconciliationRows) -> None:
    assert rows.turns() == []
    with ThreadPoolExecutor(8) as threads:
        taken = list(threads.map(lambda _: rows.claim(STRIPE, Instant(NOW), LEASE, only_due=True), range(16)))
    assert sum(taken) == 1
    rows.failed(STRIPE, Instant(LEASE + 1), Instant(NOW + 9), "somebody else's")
    assert not rows.claim(STRIPE, Instant(NOW), LEASE, only_due=False)
    rows.failed(STRIPE, LEASE, Instant(NOW + 9), "no answer")
    assert rows.turns() == [Turn(STRIPE, Instant(NOW + 9), Instant(0), None, None, 1, "no answer")]
    assert not rows.claim(STRIPE, Instant(NOW + 8), LEASE, only_due=True)
    assert rows.claim(STRIPE, Instant(NOW + 9), LEASE, only_due=True)
    turn = Turn(STRIPE, Instant(NOW + 99), Instant(0), 9, Instant(NOW))
    assert not rows.settle(turn, Instant(LEASE + 1), Result([day(1)], [item()], []))
    assert rows.days(None, 10) == []
    assert rows.settle(turn, LEASE, Result([day(1)], [], []))
    assert rows.turns() == [turn]
    # Whoever reads for long has it for longer, unless somebody followed.
    later, latest = Instant(LEASE + HOUR), Instant(LEASE + 2 * HOUR)
    assert rows.claim(STRIPE, Instant(NOW), LEASE, only_due=False)
    assert rows.renew(STRIPE, LEASE, later)
    assert not rows.renew(STRIPE, LEASE, latest)
    assert not rows.claim(STRIPE, LEASE, latest, only_due=False)
    assert rows.settle(turn, later, Result([], [], []))
    # Whoever died with a turn is followed by another.
    assert rows.claim(STRIPE, Instant(NOW), LEASE, only_due=False)
    assert rows.claim(STRIPE, LEASE, Instant(LEASE + HOUR), only_due=False)


def test_days_are_read_newest_first_and_written_again_as_they_are_now(rows: ReconciliationRows) -> None:
    days = [day(n, currency=currency) for n in (10, 11, 12) for currency in ("EUR", "RUB")]
    settle(rows, Result(days, [], []))
    settle(rows, Result([day(11, YOOKASSA)], [], []), YOOKASSA)
    newest = sorted([*days, day(11, YOOKASSA)], key=lambda one: (-one.day, one.provider, one.currency))
    assert rows.days(None, 100) == newest
    seen: list[Day] = []
    while page := rows.days((seen[-1].day, seen[-1].provider, seen[-1].currency) if seen else None, 2):
        seen += page
    assert seen == newest
    assert rows.days(None, 1, YOOKASSA) == [day(11, YOOKASSA)]
    assert (rows.first_day(STRIPE), rows.last_day(STRIPE), rows.first_day("nobody")) == (10, 12, None)
    assert rows.balances_before(STRIPE, 12) == {"EUR": Balances(300, 290), "RUB": Balances(300, 290)}
    assert rows.balances_before(STRIPE, 10) == {}
    settle(rows, Result([day(12, stated_balance=-7, ran_at=Instant(NOW + 1))], [], []))
    assert rows.balances_before(STRIPE, 13)["RUB"] == Balances(-7, 290)


def test_an_item_is_kept_as_it_was_found_and_closes_with_both_sides(rows: ReconciliationRows) -> None:
    found = item(order="some-order")
    settle(rows, Result([], [found], []))
    assert (rows.item("diff-1"), rows.item("diff-2")) == (found, None)
    later = found._replace(seen_at=Instant(NOW + 50), checked_at=Instant(NOW + 50))
    settle(rows, Result([], [later], []))
    assert rows.open_items(STRIPE) == [found._replace(checked_at=Instant(NOW + 50))]
    both = found._replace(booked=entry(NOW + 60, names=("a", "b"), mark="o/1"), closed_at=Instant(NOW + 70))
    settle(rows, Result([], [], [both]))
    assert rows.open_items(STRIPE) == []
    assert rows.items(is_open=False, after=None, limit=5) == [both]
    assert rows.remembered(STRIPE, Instant(NOW + 1), Instant(0)) == [both]
    assert rows.remembered(STRIPE, Instant(NOW + 61), Instant(0)) == []
    assert rows.remembered(STRIPE, Instant(NOW + 1), Instant(NOW + 71)) == []
    # Found once more, it is as old as the new finding.
    settle(rows, Result([], [later], []))
    assert [one.seen_at for one in rows.open_items(STRIPE)] == [NOW + 50]


def test_what_a_person_explained_stays_explained(rows: ReconciliationRows) -> None:
    settle(rows, Result([], [item()], []))
    assert not rows.explain("diff-2", "operator:ops", "why", Instant(NOW))
    assert rows.explain("diff-1", "operator:ops", "Оплачено вручную", Instant(NOW + 3))
    assert not rows.explain("diff-1", "operator:eve", "otherwise", Instant(NOW + 4))
    settle(rows, Result([], [item(seen_at=NOW + 9)], []))
    kept = rows.item("diff-1")
    assert kept is not None
    assert (kept.closed_at, kept.closed_by, kept.reason) == (NOW + 3, "operator:ops", "Оплачено вручную")
    assert rows.explained(STRIPE, ["diff-1", *(f"other-{n}" for n in range(900))]) == {"diff-1"}
    assert rows.explained(YOOKASSA, ["diff-1"]) == set()
    assert rows.remembered(STRIPE, Instant(NOW + 1), Instant(0)) == [kept]


def test_items_are_paged_by_age_and_counted(rows: ReconciliationRows) -> None:
    items = [item(f"diff-{n}", seen_at=NOW + n // 2) for n in range(7)]
    settle(rows, Result([], items, []))
    settle(rows, Result([], [item("other", provider=YOOKASSA, seen_at=NOW - 5)], []), YOOKASSA)
    assert rows.open_by_provider() == {STRIPE: OpenItems(7, Instant(NOW)), YOOKASSA: OpenItems(1, Instant(NOW - 5))}
    seen: list[Item] = []
    while page := rows.items(is_open=True, after=(seen[-1].seen_at, seen[-1].id) if seen else None, limit=2):
        seen += page
    assert [one.id for one in seen] == ["other", *(f"diff-{n}" for n in range(7))]
    settle(rows, Result([], [], [one._replace(closed_at=Instant(NOW + 9 + n)) for n, one in enumerate(items)]))
    closed: list[Item] = []
    while True:
        last = (closed[-1].closed_at or 0, closed[-1].id) if closed else None
        page = rows.items(is_open=False, after=last, limit=3)
        closed += page
        if not page:
            break
    assert [one.id for one in closed] == [f"diff-{n}" for n in range(6, -1, -1)]
