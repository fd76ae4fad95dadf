"""No statement of the SQLite store reads more than it answers: each finds its rows by an index and in their order."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from fairhold.engine.ports import ListQuery
from fairhold.store.sqlite import statements as sql
from fairhold.store.sqlite.connections import open_for_orders
from fairhold.store.sqlite.store import SqliteStore


@pytest.fixture(scope="module")
def connection(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    path: Path = tmp_path_factory.mktemp("plans") / "plans.db"
    SqliteStore(path).migrate()
    with closing(open_for_orders(path)) as connection:
        yield connection


def plan(connection: sqlite3.Connection, statement: str) -> str:
    rows = connection.execute(f"EXPLAIN QUERY PLAN {statement}", [1] * statement.count("?")).fetchall()
    return "\n".join(row[3] for row in rows)


QUICK = {
    name: getattr(sql, name)
    for name in (
        "LOAD_ORDER",
        "LOAD_KEY",
        "UPDATE_ORDER",
        "FINISH_MESSAGE",
        "MARK_MESSAGE",
        "DUE_ORDERS",
        "NEXT_DEADLINE",
        "PARK_ORDER",
        "DUE_MESSAGES",
        "NEXT_MESSAGE",
        "CLOSED_WITH_KEYS",
        "FORGET_KEYS_OF_ORDER",
        "FORGET_KEY_OF_PLACING",
        "KEYS_FORGOTTEN",
        "EVENTS",
        "LANE_BALANCES",
        "TRANSFERS",
        "TRANSFERS_OF_ORDER",
        "SCAN_KEYS",
        "SCAN_ORDERS",
        "GET_SETTING",
        "GET_SESSION",
        "END_SESSION",
        "FORGET_EXPIRED_SESSIONS",
        "REVOKE_API_KEY",
    )
}


@pytest.mark.parametrize("name", QUICK)
def test_a_statement_steps_into_an_index_and_sorts_nothing(connection: sqlite3.Connection, name: str) -> None:
    found = plan(connection, QUICK[name])
    assert "SEARCH" in found
    assert "SCAN" not in found
    assert "TEMP B-TREE" not in found


def test_a_batch_s_orders_are_loaded_each_by_a_step_into_the_index(connection: sqlite3.Connection) -> None:
    assert "SEARCH orders USING INDEX sqlite_autoindex_orders_1 (lane=? AND id=?)" in plan(connection, sql.LOAD_ORDERS)


LISTS = {
    "a buyer's": ListQuery(buyer="ann"),
    "a buyer's next page": ListQuery(buyer="ann", before="x"),
    "a buyer's page before": ListQuery(buyer="ann", after="x"),
    "a buyer's tab": ListQuery(buyer="ann", tab=2, before="x"),
    "a buyer's search": ListQuery(buyer="ann", search="x", before="x"),
    "a seller's": ListQuery(seller="shop-7"),
    "a seller's tab": ListQuery(seller="shop-7", tab=2, before="x"),
    "a seller's search": ListQuery(seller="shop-7", search="x"),
}


@pytest.mark.parametrize("name", LISTS)
def test_a_person_s_list_reads_that_person_s_orders_in_their_order(connection: sqlite3.Connection, name: str) -> None:
    statement, _ = sql.list_orders(LISTS[name])
    found = plan(connection, statement)
    index = "orders_by_buyer (buyer=?" if LISTS[name].buyer else "orders_by_seller (seller=?"
    assert f"SEARCH orders USING INDEX {index}" in found
    assert "TEMP B-TREE" not in found


def test_staff_s_list_reads_no_more_than_a_page(connection: sqlite3.Connection) -> None:
    for query in (ListQuery(), ListQuery(before="x"), ListQuery(after="x")):
        found = plan(connection, sql.list_orders(query)[0])
        assert "orders_by_id" in found
        assert "TEMP B-TREE" not in found


def test_tabs_are_counted_among_one_person_s_orders(connection: sqlite3.Connection) -> None:
    assert "COVERING INDEX orders_by_seller (seller=?)" in plan(connection, sql.count_tabs(None, "shop-7")[0])
    assert "INDEX orders_by_buyer (buyer=?)" in plan(connection, sql.count_tabs("ann", None)[0])


@pytest.mark.parametrize("statement", [sql.BALANCE, sql.OVERDUE, sql.USED_LANES])
def test_questions_over_all_lanes_step_from_lane_to_lane(connection: sqlite3.Connection, statement: str) -> None:
    found = plan(connection, statement)
    assert "SCAN orders" not in found
    assert "SCAN balances" not in found


def test_open_messages_and_parked_orders_are_found_among_themselves(connection: sqlite3.Connection) -> None:
    assert "outbox_open" in plan(connection, sql.MESSAGES["waiting"])
    assert "outbox_open" in plan(connection, sql.MESSAGES["parked"])
    assert "orders_parked" in plan(connection, sql.PARKED_ORDERS)


def test_no_statement_skips_rows_by_counting_them() -> None:
    assert "OFFSET" not in Path(sql.__file__).read_text(encoding="utf-8").upper()
