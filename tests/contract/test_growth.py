"""Lists, counts and look-ups read as much among 120,000 orders as among 12,000."""

import re
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import pytest

from fairhold.engine.ports.list_query import ListQuery
from fairhold.store.asking import asked as asked_of
from fairhold.store.asking import balances_asked, person
from fairhold.store.postgres import lists as postgres_lists
from fairhold.store.postgres import questions
from fairhold.store.postgres.connections import READING, WRITING
from fairhold.store.postgres.statements import ANY_DUE_ORDER, NEXT_DEADLINE
from fairhold.store.reading import Lists
from fairhold.store.sqlite import lists as sqlite_lists
from tests.contract import crowd
from tests.contract.measuring import Prepared, grown, steps

FEW, MANY = 12_000, 120_000
IN_THE_MIDDLE = "0" * 12 + "17700000"

LISTS = {
    "a buyer's": ListQuery(buyer="buyer-9"),
    "a buyer's tab": ListQuery(buyer="buyer-9", tab=crowd.COMPLETED),
    "a buyer's empty tab": ListQuery(buyer="buyer-9", tab=crowd.TO_SHIP),
    "a big seller's": ListQuery(seller=crowd.BIG),
    "a big seller's page in the middle": ListQuery(seller=crowd.BIG, before=IN_THE_MIDDLE),
    "a big seller's page before": ListQuery(seller=crowd.BIG, after=IN_THE_MIDDLE),
    "a big seller's tab with three early orders": ListQuery(seller=crowd.BIG, tab=crowd.TO_SHIP),
    "a big seller's empty tab": ListQuery(seller=crowd.BIG, tab=crowd.NONE),
    "a big seller's finished orders": ListQuery(seller=crowd.BIG, tab=crowd.COMPLETED),
    "a big seller's refunded orders": ListQuery(seller=crowd.BIG, tab=crowd.REFUNDED),
    "a big seller's orders under way": ListQuery(seller=crowd.BIG, tab=crowd.SHIPPED),
    "a big seller's search": ListQuery(seller=crowd.BIG, search="lamp 7"),
    "a big seller's search for nothing": ListQuery(seller=crowd.BIG, search="nothing"),
    "all": ListQuery(),
    "all of a tab with three early orders": ListQuery(tab=crowd.TO_SHIP),
    "all of an empty tab": ListQuery(tab=crowd.NONE),
    "all finished orders": ListQuery(tab=crowd.COMPLETED, before=IN_THE_MIDDLE),
    "a search in all for nothing": ListQuery(search="nothing"),
    "a number among all": ListQuery(number=7),
    "a number among a big seller's": ListQuery(seller=crowd.BIG, number=7),
}
COUNTS = {
    "counts of a buyer": ("buyer-9", None),
    "counts of a big seller": (None, crowd.BIG),
    "counts of all": (None, None),
}


def of_lists(of: Lists) -> dict[str, tuple[str, dict[str, str | int]]]:
    """Those statements of a store, each with its values."""
    asked = {}
    for name, query in LISTS.items():
        kind, whose, values = asked_of(query)
        asked[name] = of.list_orders(kind, whose, query.tab, "DESC" if query.after is None else "ASC"), values
    for name, (buyer, seller) in COUNTS.items():
        whose, values = person(buyer, seller)
        asked[name] = of.count_tabs(whose), values | {"most": 1001}
    return asked


def test_in_sqlite_no_list_takes_more_steps_among_ten_times_the_orders(sqlite_file: Path) -> None:
    asked = of_lists(sqlite_lists)
    with closing(sqlite3.connect(sqlite_file)) as connection, connection:
        connection.execute(crowd.for_sqlite(1, FEW))
    few = steps(sqlite_file, asked)
    with closing(sqlite3.connect(sqlite_file)) as connection, connection:
        connection.execute(crowd.for_sqlite(FEW + 1, MANY))
    grown(few, steps(sqlite_file, asked))


ASKED = of_lists(postgres_lists)
MORE: dict[str, tuple[str, Mapping[str, Any]]] = {
    "a page of the audit": (questions.SCAN_ORDERS, {"after": "", "limit": 100}),
    "a balance": (questions.BALANCE.replace("%s", "%(account)s"), {"account": "held:RUB"}),
    "a seller's balances": (questions.BALANCES, balances_asked("seller:big:", "", None)),
    "the lanes": (questions.USED_LANES, {}),
    "how far behind the sweep is": (questions.OVERDUE.replace("%s", "%(now)s"), {"now": 5}),
    "what waits for a person": (questions.PARKED_ORDERS.replace("%s", "%(limit)s"), {"limit": 5}),
}
SWEEPS: dict[str, tuple[str, Mapping[str, Any]]] = {
    "whether something is due": (ANY_DUE_ORDER.replace("{lane}", "0").replace("%s", "%(now)s"), {"now": 900_100}),
    "when something is due": (NEXT_DEADLINE.replace("{lane}", "0"), {}),
}


@pytest.mark.postgres
def test_in_postgresql_no_list_touches_more_pages_among_ten_times_the_orders(url: str) -> None:
    readers, writers = Prepared(url, READING, ASKED | MORE), Prepared(url, WRITING, SWEEPS)
    pages = []
    with closing(readers.connection), closing(writers.connection), psycopg.connect(url, autocommit=True) as filling:
        for first, last in ((1, FEW), (FEW + 1, MANY)):
            filling.execute(crowd.for_postgres(first, last).encode())
            pages.append({name: asked.pages(name) for asked in (readers, writers) for name in asked.names()})
    grown(*pages)


@pytest.mark.postgres
def test_in_postgresql_no_list_scans_or_sorts_a_table_whenever_it_was_planned(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as filling:
        for fill in ("", crowd.for_postgres(1, 300), crowd.for_postgres(301, 9000), "ANALYZE orders"):
            filling.execute(fill.encode())
            readers, writers = Prepared(url, READING, ASKED | MORE), Prepared(url, WRITING, SWEEPS)
            with closing(readers.connection), closing(writers.connection):
                for asked in (readers, writers):
                    for name in asked.names():
                        plan = asked.plan(name)
                        assert "Index" in plan, (name, plan)
                        assert not re.search("Seq Scan|Bitmap|(Hash|Merge) Join", plan), (name, plan)
