"""Questions about reviews read as much among 120,000 of them as among 12,000."""

import re
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import pytest

from fairhold.engine.ports.reviews import ReviewPlace, ReviewQuery, ReviewSort, facets
from fairhold.store.postgres import reviews as postgres_reviews
from fairhold.store.postgres.connections import READING, WRITING
from fairhold.store.reports import ADD_REPORT, COUNT_REPORT, REPORTS_SINCE
from fairhold.store.review_asking import Run, by_author, columns_of, reads_down, runs_of
from fairhold.store.review_reading import Reviews
from fairhold.store.sqlite import reviews as sqlite_reviews
from tests.contract import crowd
from tests.contract.conftest import PARTITIONS
from tests.contract.measuring import Prepared, grown, steps

FEW, MANY = 12_000, 120_000
IN_THE_MIDDLE = ReviewPlace(3, 6_020, "")
Bound = Callable[[Sequence[Run]], Mapping[str, Any]]

SORTS = {
    f"{name} {sort.name}": query._replace(sort=sort)
    for sort in ReviewSort
    for name, query in {
        "the first page": ReviewQuery(facets=facets()),
        "a page in the middle": ReviewQuery(facets=facets(), behind=IN_THE_MIDDLE),
        "a page before": ReviewQuery(facets=facets(), ahead=IN_THE_MIDDLE),
        "good ones with a photo": ReviewQuery(facets=facets(ratings=(4, 5), with_photo=True)),
        "in English": ReviewQuery(facets=facets(language="en")),
    }.items()
}
AUTHORS = {"an author's": ReviewQuery(author="buyer:buyer-9")}
AUTHORS["an author's next page"] = AUTHORS["an author's"]._replace(behind=IN_THE_MIDDLE)
AUTHORS["an author's page before"] = AUTHORS["an author's"]._replace(ahead=ReviewPlace(0, 300, ""))


def put(statement: str, mark: str, named: str, **values: Any) -> tuple[str, dict[str, Any]]:
    """A statement whose values are told by place, with these by name, in lane 0."""
    for name in values:
        statement = statement.replace(mark, named.format(name), 1)
    return statement.replace("{lane}", "0"), values


def of_reviews(of: Reviews, bound: Bound) -> dict[str, tuple[str, Mapping[str, Any]]]:
    """Those statements of a store, each with its values."""
    found: dict[str, tuple[str, Mapping[str, Any]]] = {}
    for name, page in SORTS.items():
        query = page._replace(limit=21)
        order = "DESC" if reads_down(query) else "ASC"
        runs = {**bound(runs_of(query)), "limit": query.limit}
        found[f"{name} of a big seller"] = of.list_reviews(order), {**runs, "of": "seller:big"}
        found[f"{name} of a small seller"] = of.list_reviews(order), {**runs, "of": "seller:shop-150"}
        found[f"{name} of a lamp"] = of.list_product_reviews(order), {**runs, "of": "big/lamp"}
    for name, query in AUTHORS.items():
        found[name] = of.list_by_author("DESC" if reads_down(query) else "ASC"), by_author(query)
    found["the queue"] = of.QUEUE, {"behind": -1, "behind_id": "", "limit": 20}
    found["the queue's next page"] = of.QUEUE, {"behind": 6_000, "behind_id": "", "limit": 20}
    found["how long the queue is"] = of.QUEUE_LENGTH, {"most": 100}
    found["how many somebody wrote"] = of.REVIEWS_BY, {"author": "buyer:buyer-9", "most": 50}
    found["a figure"] = of.FIGURE, {"name": "seller:big"}
    found["a figure by day"] = of.FIGURE_BY_DAY, {"name": "seller:big", "since": 200}
    found["products"] = of.PRODUCTS, {"first": "many/", "last": "many0", "limit": 20}
    found["a page of the audit"] = of.SCAN_REVIEWS, {"after": "0" * 12 + "0190", "limit": 100}
    found["a page of the audit of products"] = (
        of.SCAN_PRODUCT_REVIEWS,
        {"after": "0" * 12 + "0190", "after_line": "", "limit": 100},
    )
    return found


def in_a_lane(of: Reviews, mark: str, named: str, lane: Mapping[str, int]) -> dict[str, tuple[str, Mapping[str, Any]]]:
    """Those that are asked in one lane, or by place."""
    return {
        "a review": put(of.REVIEW, mark, named, **lane, id="0" * 14 + "140000"),
        "reports": put(of.REPORTS, mark, named, **lane, review=crowd.REPORTED, limit=20),
        "a lane's figures": put(of.LANE_FIGURES, mark, named, **lane, name="seller:c", day=0, limit=100),
        "how many somebody reported": put(
            REPORTS_SINCE.replace("?", mark), mark, named, reporter="buyer:buyer-9", since=0
        ),
    }


SQLITE = of_reviews(sqlite_reviews, sqlite_reviews.bound) | in_a_lane(sqlite_reviews, "?", ":{}", {"lane": 0})
POSTGRES = of_reviews(postgres_reviews, columns_of) | in_a_lane(postgres_reviews, "%s", "%({})s", {})
TELLING = {
    "telling": put(
        ADD_REPORT.replace("?", "%s"), "%s", "%({})s", reporter="b", reason="r", text="t", at=5, id="0" * 14 + "140000"
    ),
    "counting": put(COUNT_REPORT.replace("?", "%s"), "%s", "%({})s", id="0" * 14 + "140000"),
}


def test_in_sqlite_nothing_about_reviews_takes_more_steps_among_ten_times_as_many(sqlite_file: Path) -> None:
    taken = []
    for first, last in ((1, FEW), (FEW + 1, MANY)):
        with closing(sqlite3.connect(sqlite_file)) as connection, connection:
            for statement in crowd.reviews_for_sqlite(first, last):
                connection.execute(statement)
        taken.append(steps(sqlite_file, SQLITE))
    grown(*taken)


def test_the_crowd_is_large_enough_to_show_what_grows(sqlite_file: Path) -> None:
    with closing(sqlite3.connect(sqlite_file)) as connection, connection:
        for statement in crowd.reviews_for_sqlite(1, FEW):
            connection.execute(statement)
        for name, (statement, values) in SQLITE.items():
            found = connection.execute(statement, values).fetchall()
            assert any(any(row) for row in found), name
            if "big" in name or "lamp" in name:
                assert len(found) == 21, name


@pytest.mark.postgres
def test_in_postgresql_nothing_about_reviews_touches_more_pages_among_ten_times_as_many(url: str) -> None:
    readers, writers = Prepared(url, READING, POSTGRES), Prepared(url, WRITING, TELLING)
    pages = []
    with closing(readers.connection), closing(writers.connection), psycopg.connect(url, autocommit=True) as filling:
        for first, last in ((1, FEW), (FEW + 1, MANY)):
            for statement in crowd.reviews_for_postgres(first, last):
                filling.execute(statement.encode())
            pages.append({name: asked.pages(name) for asked in (readers, writers) for name in asked.names()})
    # A run a facet, in each part that the tables may be divided into.
    grown(*pages, runs=len(facets()) * PARTITIONS)


@pytest.mark.postgres
def test_in_postgresql_nothing_about_reviews_scans_or_joins_tables_whenever_it_was_planned(url: str) -> None:
    fills = [
        [],
        crowd.reviews_for_postgres(1, 300),
        crowd.reviews_for_postgres(301, 9000),
        ["ANALYZE reviews, product_reviews, review_reports, review_figures"],
    ]
    with psycopg.connect(url, autocommit=True) as filling:
        for fill in fills:
            for statement in fill:
                filling.execute(statement.encode())
            readers, writers = Prepared(url, READING, POSTGRES), Prepared(url, WRITING, TELLING)
            with closing(readers.connection), closing(writers.connection):
                for asked in (readers, writers):
                    for name in asked.names():
                        plan = asked.plan(name)
                        assert "Index" in plan, (name, plan)
                        assert not re.search("Seq Scan|Bitmap|(Hash|Merge) Join", plan), (name, plan)
