"""No statement of the SQLite store reads more than it answers: each finds its rows by an index and in their order."""

import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from types import ModuleType

import pytest

from fairhold.engine.ports.disputes import DisputeSort
from fairhold.engine.ports.list_query import ListQuery
from fairhold.store import access, heads, reports
from fairhold.store.asking import asked, person
from fairhold.store.dispute_asking import Of
from fairhold.store.sqlite import disputes, lists, reviews
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
    values = dict.fromkeys(re.findall(r":(\w+)", statement), 1) or [1] * statement.count("?")
    rows = connection.execute(f"EXPLAIN QUERY PLAN {statement}", values).fetchall()
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
        "PUT_OFF",
        "DUE_MESSAGES",
        "NEXT_MESSAGE",
        "CLOSED_WITH_KEYS",
        "FORGET_KEYS_OF_ORDER",
        "FORGET_KEY_OF_PLACING",
        "KEYS_FORGOTTEN",
        "EVENTS",
        "COMMITMENTS",
        "FIRST_WRITTEN",
        "WRITTEN",
        "LANE_BALANCES",
        "TRANSFERS",
        "TRANSFERS_OF_ORDER",
        "PROVIDER_TRANSFERS",
        "SCAN_KEYS",
        "SCAN_ORDERS",
    )
}
QUICK |= {
    name: getattr(access, name)
    for name in ("GET_SETTING", "GET_SESSION", "END_SESSION", "FORGET_EXPIRED_SESSIONS", "REVOKE_API_KEY")
}
QUICK |= {name: getattr(reviews, name) for name in ("REVIEW", "REPORTS", "LANE_FIGURES", "QUEUE")}
QUICK |= {
    name: getattr(reports, name).replace("{lane}", "0") for name in ("ADD_REPORT", "COUNT_REPORT", "REPORTS_SINCE")
}
QUICK |= {name: getattr(heads, name) for name in ("LEAVES", "LEAVES_OF", "HEAD", "HEADS")}


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
    "a seller's search in a tab, back": ListQuery(seller="shop-7", search="x", tab=2, after="x"),
    "all": ListQuery(),
    "all, the next page": ListQuery(before="x"),
    "all, the page before": ListQuery(after="x"),
    "all of a tab": ListQuery(tab=2),
    "all of a tab, the page before": ListQuery(tab=2, after="x"),
    "a search in all": ListQuery(search="x"),
    "a search in all of a tab": ListQuery(search="x", tab=2),
    "a number among a buyer's": ListQuery(buyer="ann", number=7),
    "a number among a seller's": ListQuery(seller="shop-7", number=7, before="x"),
    "a number among all": ListQuery(number=7, tab=2),
}


def index_of(query: ListQuery) -> str:
    """The step by which the orders of that list are found."""
    if query.number is not None:
        return "INDEX events_by_number (<expr>=?"
    if query.buyer is not None:
        return "INDEX orders_by_buyer (buyer=?"
    if query.seller is not None:
        return "COVERING INDEX orders_of_seller (seller=? AND tabs=?"
    return "COVERING INDEX orders_by_tab (tabs=?" if query.tab else "INDEX orders_by_id (id>?"


@pytest.mark.parametrize("name", LISTS)
def test_a_list_steps_into_its_index_and_scans_no_table(connection: sqlite3.Connection, name: str) -> None:
    kind, whose, values = asked(LISTS[name])
    statement = lists.list_orders(kind, whose, LISTS[name].tab, "DESC" if LISTS[name].after is None else "ASC")
    found = [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {statement}", values)]
    assert [step for step in found if step.startswith("SEARCH") and index_of(LISTS[name]) in step], found
    assert not [step for step in found if step.startswith(("SCAN orders", "SCAN found"))], found


@pytest.mark.parametrize("of", [(None, "shop-7"), (None, None), ("ann", None)])
def test_counting_tabs_reads_nothing_but_an_index(
    connection: sqlite3.Connection, of: tuple[str | None, str | None]
) -> None:
    whose, values = person(*of)
    explain = f"EXPLAIN QUERY PLAN {lists.count_tabs(whose)}"
    found = "\n".join(row[3] for row in connection.execute(explain, values | {"most": 1001}))
    if of[0]:
        assert "SEARCH orders USING INDEX orders_by_buyer (buyer=?)" in found
    else:
        assert "USING COVERING INDEX orders_" in found
        assert "TEMP B-TREE" not in found
        assert "SCAN orders" not in found


@pytest.mark.parametrize("statement", [sql.BALANCE, sql.BALANCES, sql.OVERDUE, sql.USED_LANES])
def test_questions_over_all_lanes_step_from_lane_to_lane(connection: sqlite3.Connection, statement: str) -> None:
    found = plan(connection, statement)
    assert "SCAN orders" not in found
    assert "SCAN balances" not in found


def test_open_messages_and_parked_orders_are_found_among_themselves(connection: sqlite3.Connection) -> None:
    assert "outbox_open" in plan(connection, sql.MESSAGES["waiting"])
    assert "outbox_open" in plan(connection, sql.MESSAGES["parked"])
    assert "orders_parked" in plan(connection, sql.PARKED_ORDERS)


QUEUE = (DisputeSort.DEADLINE, DisputeSort.AMOUNT)
DISPUTES = {
    "a dispute": disputes.DISPUTE,
    "a page of the audit": disputes.SCAN_DISPUTES,
    "between two people": disputes.BETWEEN,
    "similar below": disputes.SIMILAR_BELOW,
    "similar above": disputes.SIMILAR_ABOVE,
    "of nobody": disputes.OPEN_OF_NOBODY,
    "one seller's, by id": disputes.disputed(Of.SELLER),
    "all by id": disputes.disputed(Of.ALL),
}


@pytest.mark.parametrize("name", DISPUTES)
def test_a_question_about_disputes_steps_into_an_index_and_sorts_nothing(
    connection: sqlite3.Connection, name: str
) -> None:
    found = plan(connection, DISPUTES[name])
    assert "SEARCH disputes USING" in found
    assert "SCAN disputes" not in found
    assert "TEMP B-TREE FOR ORDER BY" not in found


LISTED = [(of, DisputeSort.NEWEST) for of in (Of.BUYER, Of.SELLER, Of.ALL)]
LISTED += [(of, sort) for of in (Of.MEDIATOR, Of.QUEUE) for sort in QUEUE]


@pytest.mark.parametrize(("of", "sort"), LISTED)
@pytest.mark.parametrize("order", ["ASC", "DESC"])
def test_a_run_of_disputes_is_read_from_its_index_between_two_places(
    connection: sqlite3.Connection, of: Of, sort: DisputeSort, order: str
) -> None:
    steps = plan(connection, disputes.list_disputes(of, sort, order)).splitlines()
    assert [step for step in steps if step.startswith("SEARCH disputes") and ",id)>(?,?) AND (" in step], steps
    assert not [step for step in steps if step.startswith(("SCAN disputes", "SCAN found"))], steps
    # What the runs gave is sorted, and nothing in them.
    assert sum("TEMP B-TREE" in step for step in steps) == 1, steps


@pytest.mark.parametrize("of", [Of.ALL, Of.SELLER])
def test_numbers_are_made_of_an_index_alone(connection: sqlite3.Connection, of: Of) -> None:
    assert "SEARCH disputes USING COVERING INDEX disputes_closed" in plan(connection, disputes.closed(of))
    assert "SEARCH orders USING COVERING INDEX orders_" in plan(connection, disputes.placed(of))


@pytest.mark.parametrize("order", ["ASC", "DESC"])
@pytest.mark.parametrize(
    ("make", "table", "whose", "id"),
    [
        (reviews.list_reviews, "reviews", "subject", "id"),
        (reviews.list_product_reviews, "product_reviews", "product", "review_id"),
    ],
)
def test_a_run_of_reviews_is_read_from_its_index_alone(
    connection: sqlite3.Connection, make: Callable[[str], str], table: str, whose: str, id: str, order: str
) -> None:
    found = plan(connection, make(order))
    step = (
        f"SEARCH {table} USING COVERING INDEX {table}_of_{whose} ({whose}=? AND facet=? AND (left_at,{id})>(?,?) AND ("
    )
    assert step in found, found
    assert not re.search(rf"SCAN ({table}|found|own)\b", found), found
    # The page is sorted, what is shown is sorted as it is found, and nothing in a run.
    assert found.count("TEMP B-TREE") <= 2, found


@pytest.mark.parametrize("order", ["ASC", "DESC"])
def test_what_somebody_wrote_is_read_between_two_places(connection: sqlite3.Connection, order: str) -> None:
    found = plan(connection, reviews.list_by_author(order))
    assert "INDEX reviews_of_author (author=? AND (left_at,id)>(?,?) AND (left_at,id)<(?,?))" in found
    assert "TEMP B-TREE" not in found


def test_reviews_are_counted_among_themselves(connection: sqlite3.Connection) -> None:
    assert "INDEX reviews_waiting" in plan(connection, reviews.QUEUE_LENGTH)
    assert "SEARCH reviews USING COVERING INDEX reviews_counted (author=?" in plan(connection, reviews.REVIEWS_BY)


@pytest.mark.parametrize(
    "statement",
    [reviews.FIGURE, reviews.FIGURE_BY_DAY, reviews.PRODUCTS, reviews.SCAN_REVIEWS, reviews.SCAN_PRODUCT_REVIEWS],
)
def test_sums_and_scans_of_reviews_step_from_one_to_the_next(connection: sqlite3.Connection, statement: str) -> None:
    assert not re.search(r"SCAN (review|product_review|found|one)", plan(connection, statement))


@pytest.mark.parametrize("module", [sql, disputes, reviews, lists])
def test_no_statement_skips_rows_by_counting_them(module: ModuleType) -> None:
    assert "OFFSET" not in Path(module.__file__ or "").read_text(encoding="utf-8").upper()
