"""Questions about disputes read as much among 120,000 of them as among 12,000."""

import re
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import pytest

from fairhold.engine.ports.disputes import DisputeQuery, DisputeSort
from fairhold.store.dispute_asking import Of, asked, reads_down, whose
from fairhold.store.dispute_reading import Disputes
from fairhold.store.postgres import disputes as postgres_disputes
from fairhold.store.postgres.connections import READING
from fairhold.store.sqlite import disputes as sqlite_disputes
from tests.contract import crowd
from tests.contract.measuring import Prepared, grown, steps

FEW, MANY = 12_000, 120_000
IN_THE_MIDDLE = 6_000, ""
PLACES = {DisputeSort.DEADLINE: (500_000, ""), DisputeSort.AMOUNT: (2_500, "")}

LISTS = {
    "a buyer's": DisputeQuery(buyer="buyer-9"),
    "a buyer's tab": DisputeQuery(buyer="buyer-9", tab=64),
    "a big seller's": DisputeQuery(seller=crowd.BIG),
    "a big seller's page in the middle": DisputeQuery(seller=crowd.BIG, behind=IN_THE_MIDDLE),
    "a big seller's page before": DisputeQuery(seller=crowd.BIG, ahead=IN_THE_MIDDLE),
    "a big seller's tab with three disputes": DisputeQuery(seller=crowd.BIG, tab=crowd.RARE),
    "a big seller's empty tab": DisputeQuery(seller=crowd.BIG, tab=256),
    "all": DisputeQuery(),
    "all of a tab with three disputes": DisputeQuery(tab=crowd.RARE),
    "all closed": DisputeQuery(tab=64, behind=IN_THE_MIDDLE),
}
for sort in (DisputeSort.DEADLINE, DisputeSort.AMOUNT):
    LISTS |= {
        f"the queue by {sort.name}": DisputeQuery(sort=sort),
        f"the queue by {sort.name}, the next page": DisputeQuery(sort=sort, behind=PLACES[sort]),
        f"the queue by {sort.name}, back": DisputeQuery(sort=sort, ahead=PLACES[sort]),
        f"the queue's tab by {sort.name}": DisputeQuery(sort=sort, tab=2),
        f"the queue's tab with three by {sort.name}": DisputeQuery(sort=sort, tab=crowd.RARE),
        f"a mediator's by {sort.name}": DisputeQuery(sort=sort, mediator="mediator-0"),
    }
COUNTS = ("a buyer's", "a big seller's", "all", "the queue by DEADLINE", "a mediator's by DEADLINE")
SIMILAR = {"reason": "damaged", "currency": "RUB", "outcome": "ruled", "amount": 2_000, "low": 1, "high": 4_000}
SPAN = {"since": 0, "until": 10**9, "most": 1_000}
WINDOW = {"after": "0" * 16, "before": "0" * 12 + "2e00", "unpaid": 2, "limit": 200}


def of_disputes(of: Disputes) -> dict[str, tuple[str, dict[str, Any]]]:
    """Those statements of a store, each with its values."""
    found: dict[str, tuple[str, dict[str, Any]]] = {}
    for name, page in LISTS.items():
        query = page._replace(limit=11)
        order = "DESC" if reads_down(query) else "ASC"
        found[name] = of.list_disputes(whose(query)[0], query.sort, order), dict(asked(query))
    for name in COUNTS:
        person, values = whose(LISTS[name])
        found[f"counts of {name}"] = of.count_tabs(person), values | {"most": 200}
    found["between two"] = of.BETWEEN, {"buyer": "buyer-9", "seller": crowd.BIG, "limit": 20}
    found["similar, smaller"] = of.SIMILAR_BELOW, SIMILAR | {"limit": 20}
    found["similar, larger"] = of.SIMILAR_ABOVE, SIMILAR | {"limit": 20}
    found["who has how many"] = of.OPEN_BY_MEDIATOR, {"most": 200}
    found["how many nobody has"] = of.OPEN_OF_NOBODY, {"most": 200}
    found["who ruled on how many"] = of.RULED_BY_MEDIATOR, {"outcome": "ruled", "since": 5, "most": 200}
    for name, seller in (("all", {}), ("a big seller's", {"person": crowd.BIG})):
        person = Of.SELLER if seller else Of.ALL
        found[f"what was closed of {name}"] = of.closed(person), SPAN | seller
        found[f"a window of {name} orders"] = of.placed(person), WINDOW | seller
        found[f"a window of {name} disputes"] = of.disputed(person), WINDOW | {"before": "0" * 12 + "0190"} | seller
    found["a page of the audit"] = of.SCAN_DISPUTES, {"after": "0" * 12 + "0190", "limit": 100}
    return found


def test_in_sqlite_nothing_about_disputes_takes_more_steps_among_ten_times_as_many(sqlite_file: Path) -> None:
    statements = of_disputes(sqlite_disputes)
    taken = []
    for first, last in ((1, FEW), (FEW + 1, MANY)):
        with closing(sqlite3.connect(sqlite_file)) as connection, connection:
            connection.execute(crowd.for_sqlite(first, last))
            connection.execute(crowd.disputes_for_sqlite(first, last))
        taken.append(steps(sqlite_file, statements))
    grown(*taken)


def test_the_crowd_is_large_enough_to_show_what_grows(sqlite_file: Path) -> None:
    with closing(sqlite3.connect(sqlite_file)) as connection, connection:
        connection.execute(crowd.for_sqlite(1, FEW))
        connection.execute(crowd.disputes_for_sqlite(1, FEW))
        for name, (statement, values) in of_disputes(sqlite_disputes).items():
            if "empty" not in name:
                assert any(any(row) for row in connection.execute(statement, values)), name


@pytest.mark.postgres
def test_in_postgresql_nothing_about_disputes_touches_more_pages_among_ten_times_as_many(url: str) -> None:
    reading = Prepared(url, READING, of_disputes(postgres_disputes))
    pages = []
    with closing(reading.connection), psycopg.connect(url, autocommit=True) as filling:
        for first, last in ((1, FEW), (FEW + 1, MANY)):
            filling.execute(crowd.for_postgres(first, last).encode())
            filling.execute(crowd.disputes_for_postgres(first, last).encode())
            pages.append({name: reading.pages(name) for name in reading.names()})
    grown(*pages)


@pytest.mark.postgres
def test_in_postgresql_nothing_about_disputes_scans_or_joins_tables_whenever_it_was_planned(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as filling:
        for fill in (
            "",
            crowd.disputes_for_postgres(1, 300),
            crowd.disputes_for_postgres(301, 9000),
            "ANALYZE disputes",
        ):
            filling.execute(fill.encode())
            reading = Prepared(url, READING, of_disputes(postgres_disputes))
            with closing(reading.connection):
                for name in reading.names():
                    plan = reading.plan(name)
                    assert "Index" in plan, (name, plan)
                    assert not re.search("Seq Scan|Bitmap|(Hash|Merge) Join", plan), (name, plan)
