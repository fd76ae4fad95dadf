"""Each statement that writes orders names one lane, whatever divides the tables by it; those that do not are known reads."""

import re
from contextlib import closing
from itertools import product

import psycopg
import pytest
from psycopg import errors

from fairhold.engine.ports.disputes import DisputeSort
from fairhold.engine.ports.store import Conflict
from fairhold.store import migrations, open_store, reports
from fairhold.store.asking import Kind, Whose
from fairhold.store.dispute_asking import Of
from fairhold.store.postgres import disputes, lists, questions, reviews, statements
from fairhold.store.postgres.faults import explained

OF_ORDERS = (
    r"\b(orders|events|transfers|balances|outbox|idempotency|disputes|claims"
    r"|reviews|product_reviews|review_reports|review_figures)\b"
)
OVER_ALL_LANES = {
    "USED_LANES",
    "BALANCES",
    "BALANCE",
    "PROVIDER_TRANSFERS",
    "TRANSFERS",
    "OVERDUE",
    "SCAN_ORDERS",
    "PARKED_ORDERS",
    "SCAN_KEYS",
    "STRAYS",
}
"""Lists, sums and the audit: reads, which no command waits for."""


def named(module: object) -> dict[str, str]:
    """The statements of a module on tables of orders, without parts of statements."""
    return {
        name: text
        for name, text in vars(module).items()
        if isinstance(text, str) and re.fullmatch(r"[A-Z][A-Z_]+", name) and re.search(OF_ORDERS, text)
    }


DISPUTES_OF_ALL_LANES = {
    "SCAN_DISPUTES",
    "BETWEEN",
    "SIMILAR_BELOW",
    "SIMILAR_ABOVE",
    "OPEN_BY_MEDIATOR",
    "OPEN_OF_NOBODY",
    "RULED_BY_MEDIATOR",
}
REVIEWS_OF_ALL_LANES = {
    "QUEUE",
    "QUEUE_LENGTH",
    "REVIEWS_BY",
    "FIGURE",
    "FIGURE_BY_DAY",
    "PRODUCTS",
    "SCAN_REVIEWS",
    "SCAN_PRODUCT_REVIEWS",
}
WRITTEN = {
    "WRITE_DISPUTES": disputes.WRITE_DISPUTES,
    "WRITE_REVIEWS": reviews.WRITE_REVIEWS,
    "WRITE_PRODUCT_REVIEWS": reviews.WRITE_PRODUCT_REVIEWS,
    "CHANGE_FIGURES": reviews.CHANGE_FIGURES,
    "ADD_REPORT": reports.ADD_REPORT,
    "COUNT_REPORT": reports.COUNT_REPORT,
}


@pytest.mark.parametrize(("name", "text"), (named(statements) | WRITTEN).items())
def test_a_statement_that_writes_or_claims_names_its_lane_for_each_table(name: str, text: str) -> None:
    named_tables = len(re.findall(rf"(?:FROM|UPDATE|INTO) {OF_ORDERS}", text))
    inserted = len(re.findall(r"SELECT (?:DISTINCT )?\{lane\}", text))
    filtered = len(re.findall(r"lane = \{lane\}", text))
    assert named_tables >= 1
    assert inserted + filtered >= named_tables, text


def test_a_statement_without_a_lane_is_a_read_over_all() -> None:
    without = {name for name, text in named(questions).items() if "{lane}" not in text}
    assert without == OVER_ALL_LANES
    assert not any(re.search(r"\b(INSERT|UPDATE|DELETE)\b", text) for text in named(questions).values())
    for kind, whose in product(Kind, Whose):
        assert not re.search(r"\b(INSERT|UPDATE|DELETE)\b", lists.list_orders(kind, whose, 1, "DESC"))


def test_what_is_asked_about_disputes_writes_nothing_and_names_a_lane_or_is_a_known_read_over_all() -> None:
    asked = {name: text for name, text in named(disputes).items() if name not in WRITTEN}
    assert {name for name, text in asked.items() if "{lane}" not in text} == DISPUTES_OF_ALL_LANES
    made = [
        make(of) for make in (disputes.count_tabs, disputes.closed, disputes.placed, disputes.disputed) for of in Of
    ]
    listed = [(of, DisputeSort.NEWEST) for of in (Of.BUYER, Of.SELLER, Of.ALL)]
    listed += list(product((Of.MEDIATOR, Of.QUEUE), (DisputeSort.DEADLINE, DisputeSort.AMOUNT)))
    made += [disputes.list_disputes(of, sort, "ASC") for of, sort in listed]
    assert not any(re.search(r"\b(INSERT|UPDATE|DELETE)\b", text) for text in (*asked.values(), *made))


def test_what_is_asked_about_reviews_writes_nothing_and_names_a_lane_or_is_a_known_read_over_all() -> None:
    asked = {name: text for name, text in named(reviews).items() if name not in WRITTEN}
    assert {name for name, text in asked.items() if "{lane}" not in text} == REVIEWS_OF_ALL_LANES
    made = [
        make(order)
        for make in (reviews.list_reviews, reviews.list_product_reviews, reviews.list_by_author)
        for order in ("ASC", "DESC")
    ]
    assert not any(re.search(r"\b(INSERT|UPDATE|DELETE)\b", text) for text in (*asked.values(), *made))


@pytest.mark.postgres
def test_disputes_and_reviews_are_divided_as_orders_were_whatever_the_setting_says_when_they_come(
    postgres: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as before:
        before.setattr(migrations, "REVISIONS", migrations.REVISIONS[:2])
        with closing(open_store(postgres, partitions=3)) as old:
            old.migrate()
    with closing(open_store(postgres)) as new:
        new.migrate()
    with psycopg.connect(postgres) as connection:
        counted = "SELECT inhparent::regclass::text, count(*) FROM pg_inherits GROUP BY 1"
        parts: dict[str, int] = dict(connection.execute(counted).fetchall())
    later = ("disputes", "reviews", "product_reviews", "review_reports", "review_figures")
    assert {parts[table] for table in (*later, "orders")} == {3}


def test_citus_s_way_to_say_that_a_row_exists_is_a_conflict() -> None:
    with pytest.raises(Conflict), explained("orders"):
        raise errors.InternalError_('duplicate key value violates unique constraint "orders_pkey_102008"')
    with pytest.raises(errors.InternalError_), explained("orders"):
        raise errors.InternalError_("cache lookup failed")
