"""Contested chargebacks, as every store keeps them."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from fairhold.domain.instants import Instant
from fairhold.engine.ports.contests import Contest, ContestState
from fairhold.engine.ports.store import Store
from fairhold.store.contests import ContestTables
from tests.contract.rows import NOW


@pytest.fixture
def rows(store: Store) -> ContestTables:
    return ContestTables(store.tables())


def contest(number: int = 1, order: str = "o-1", **columns: object) -> Contest:
    row = Contest(f"{order}-c{number}", order, f"dp_{number}", "stripe", NOW, "operator:ops", "Как есть.", next_at=NOW)
    return row._replace(**columns)  # type: ignore[arg-type]  # as the test says


def test_the_first_that_was_asked_is_kept(rows: ContestTables) -> None:
    first = contest()
    assert rows.ask(first) == first
    assert rows.ask(contest(note="Another.")) == first == rows.contest("o-1-c1")
    assert rows.contest("o-1-c2") is None


def test_an_orders_are_listed_by_chargeback(rows: ContestTables) -> None:
    for one in (contest(2), contest(1), contest(1, "o-2")):
        rows.ask(one)
    assert rows.of_order("o-1") == [contest(1), contest(2)]


def test_what_is_due_comes_the_longest_due_first_and_what_has_ended_not_at_all(rows: ContestTables) -> None:
    assert rows.next_due() is None
    later = contest(1, next_at=Instant(NOW + 10))
    soon, ended = contest(2, next_at=Instant(NOW + 5)), contest(3, state=ContestState.HANDED_IN, next_at=None)
    for one in (later, soon, ended):
        rows.ask(one)
    assert rows.next_due() == NOW + 5
    assert rows.due(Instant(NOW + 4), 9) == []
    assert rows.due(Instant(NOW + 10), 9) == [soon, later]
    assert rows.due(Instant(NOW + 10), 1) == [soon]


def test_of_many_who_ask_anew_one_does(rows: ContestTables) -> None:
    refused = rows.ask(contest(state=ContestState.REFUSED, why="broken", next_at=None, done_at=NOW))
    anew = [contest(tries=2, note=f"by {number}") for number in range(8)]
    with ThreadPoolExecutor(8) as pool:
        moved = list(pool.map(lambda one: rows.move(refused, one), anew))
    assert moved.count(True) == 1
    assert rows.contest(refused.chargeback) == anew[moved.index(True)]
