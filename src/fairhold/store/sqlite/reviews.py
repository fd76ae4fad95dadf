"""The statements about reviews: writing them with their orders, lists, the moderators' queue, sums."""
# ruff: noqa: S608 - statements are put together from the constants of this file only; values are always bound

import json
from collections.abc import Sequence
from functools import cache
from typing import Any

from fairhold.domain.reputation import ALL_DAYS, Tally
from fairhold.engine.ports.reviews import KEPT, StoredProductReview, StoredReport, StoredReview
from fairhold.store.review_asking import Run

_COLUMNS = ", ".join(StoredReview._fields)
_CHANGING = """
status shown awaits facet rating accuracy communication speed language photos anonymous version revised_at reply_version
reply_at reply_status changed_at pictures
"""
_PRODUCT_COLUMNS = ", ".join(StoredProductReview._fields)
_PRODUCT_CHANGING = "shown facet rating pictures"
_SUMS = ", ".join(Tally._fields)


def _anew(table: str, changing: str, kept: Sequence[str]) -> str:
    given = [f"{name} = excluded.{name}" for name in changing.split()]
    return ", ".join([*given, *(f"{name} = coalesce(excluded.{name}, {table}.{name})" for name in kept)])


WRITE_REVIEW = f"""
INSERT INTO reviews ({_COLUMNS}) VALUES ({", ".join("?" * len(StoredReview._fields))})
ON CONFLICT (lane, id) DO UPDATE SET {_anew("reviews", _CHANGING, KEPT)}
"""
WRITE_PRODUCT_REVIEW = f"""
INSERT INTO product_reviews ({_PRODUCT_COLUMNS}) VALUES ({", ".join("?" * len(StoredProductReview._fields))})
ON CONFLICT (lane, review_id, line_id) DO UPDATE SET {_anew("product_reviews", _PRODUCT_CHANGING, ["text"])}
"""
CHANGE_FIGURE = f"""
INSERT INTO review_figures (lane, name, day, {_SUMS}) VALUES (?, ?, ?, {", ".join("?" * len(Tally._fields))})
ON CONFLICT (lane, name, day) DO UPDATE SET {", ".join(f"{name} = {name} + excluded.{name}" for name in Tally._fields)}
"""

REVIEW = f"SELECT {_COLUMNS} FROM reviews WHERE lane = ? AND id = ?"

# Lists are put together from one run of an index a facet. The index alone says which rows are on the page: of each run it
# gives as many as a page has, handed on as JSON, since SQLite joins no subquery that depends on what stands before it.

_RUNS = """
WITH runs AS (
    SELECT json_extract(value, '$[0]') AS facet, json_extract(value, '$[1]') AS rank,
           json_extract(value, '$[2]') AS low, json_extract(value, '$[3]') AS low_id,
           json_extract(value, '$[4]') AS high, json_extract(value, '$[5]') AS high_id
    FROM json_each(:runs)
), page AS (
    SELECT rank, json_extract(value, '$[0]') AS place, json_extract(value, '$[1]') AS left_at,
           json_extract(value, '$[2]') AS id
    FROM runs CROSS JOIN json_each((
        SELECT json_group_array(json_array(place, left_at, {id})) FROM (
            SELECT rowid AS place, left_at, {id} FROM {table} INDEXED BY {index}
            WHERE {whose} = :of AND facet = runs.facet AND shown = 1
              AND (left_at, {id}) > (runs.low, runs.low_id) AND (left_at, {id}) < (runs.high, runs.high_id)
            ORDER BY left_at {order}, {id} {order} LIMIT :limit
        )
    ))
    ORDER BY rank {of_ranks}, 3 {order}, 4 {order} LIMIT :limit
)
"""
_IN_ORDER = "ORDER BY page.rank {of_ranks}, page.left_at {order}, page.id {order}"
_LIST = f"""
{_RUNS} SELECT {", ".join(f"found.{name}" for name in StoredReview._fields)}
FROM page CROSS JOIN reviews AS found ON found.rowid = page.place {_IN_ORDER}
"""
_LIST_OF_PRODUCT = f"""
{_RUNS} SELECT {", ".join(f"own.{name}" for name in StoredProductReview._fields)},
               {", ".join(f"found.{name}" for name in StoredReview._fields)}
FROM page CROSS JOIN product_reviews AS own ON own.rowid = page.place
CROSS JOIN reviews AS found ON found.lane = own.lane AND found.id = own.review_id {_IN_ORDER}
"""
_BY_AUTHOR = f"""
SELECT {_COLUMNS} FROM reviews INDEXED BY reviews_of_author
WHERE author = :author AND (left_at, id) > (:low, :low_id) AND (left_at, id) < (:high, :high_id)
ORDER BY left_at {{order}}, id {{order}} LIMIT :limit
"""

# People's and moderators' questions

_WAITING = "(awaits = 1 OR reports > 0)"
QUEUE = f"""
SELECT {_COLUMNS} FROM reviews INDEXED BY reviews_waiting
WHERE {_WAITING} AND (changed_at, id) > (:behind, :behind_id) ORDER BY changed_at, id LIMIT :limit
"""
QUEUE_LENGTH = f"""
SELECT count(*) FROM (SELECT 1 FROM reviews INDEXED BY reviews_waiting WHERE {_WAITING} LIMIT :most)
"""
REVIEWS_BY = """
SELECT count(*) FROM (
    SELECT 1 FROM reviews INDEXED BY reviews_counted WHERE author = :author AND shown = 1 AND automatic = 0 LIMIT :most)
"""
REPORTS = f"""
SELECT {", ".join(StoredReport._fields)} FROM review_reports INDEXED BY review_reports_of_review
WHERE lane = ? AND review_id = ? ORDER BY at DESC, reporter DESC LIMIT ?
"""

# Sums. The lanes that have any, and a seller's products, are each found by one step into an index.

_LANES = """
WITH RECURSIVE lanes (lane) AS (
    SELECT min(lane) FROM {table}
    UNION ALL SELECT (SELECT min(lane) FROM {table} WHERE lane > lanes.lane) FROM lanes WHERE lane IS NOT NULL
)
"""
_OF_FIGURES = _LANES.format(table="review_figures")
_ADDED = ", ".join(f"sum({name})" for name in Tally._fields)
FIGURE = f"""
{_OF_FIGURES} SELECT {_ADDED} FROM review_figures
WHERE lane IN (SELECT lane FROM lanes) AND name = :name AND day = {ALL_DAYS}
"""
FIGURE_BY_DAY = f"""
{_OF_FIGURES} SELECT day, {_ADDED} FROM review_figures
WHERE lane IN (SELECT lane FROM lanes) AND name = :name AND day >= :since GROUP BY day ORDER BY day
"""
LANE_FIGURES = f"""
SELECT name, day, {_SUMS} FROM review_figures WHERE lane = ? AND (name, day) > (?, ?) ORDER BY name, day LIMIT ?
"""
_NEXT_PRODUCT = """
SELECT min(product) FROM product_reviews INDEXED BY product_reviews_of_product WHERE shown = 1 AND product < :last
"""
PRODUCTS = f"""
WITH RECURSIVE products (product) AS (
    {_NEXT_PRODUCT} AND product > :first
    UNION ALL
    SELECT ({_NEXT_PRODUCT} AND product > products.product) FROM products WHERE product IS NOT NULL LIMIT :limit
)
SELECT product FROM products WHERE product IS NOT NULL
"""

# The audit

SCAN_REVIEWS = f"""
{_LANES.format(table="reviews")} SELECT {", ".join(f"found.{name}" for name in StoredReview._fields)}
FROM lanes CROSS JOIN reviews AS found ON found.rowid IN (
    SELECT rowid FROM reviews AS one WHERE one.lane = lanes.lane AND id > :after ORDER BY id LIMIT :limit
)
ORDER BY found.id LIMIT :limit
"""
SCAN_PRODUCT_REVIEWS = f"""
{_LANES.format(table="product_reviews")} SELECT {", ".join(f"found.{name}" for name in StoredProductReview._fields)}
FROM lanes CROSS JOIN product_reviews AS found ON found.rowid IN (
    SELECT rowid FROM product_reviews AS one
    WHERE one.lane = lanes.lane AND (review_id, line_id) > (:after, :after_line) ORDER BY review_id, line_id LIMIT :limit
)
ORDER BY found.review_id, found.line_id LIMIT :limit
"""


@cache
def list_reviews(order: str) -> str:
    """The statement that lists what is said about somebody, read DESC as it is answered or ASC from its far side."""
    return _listed(_LIST, order, table="reviews", index="reviews_of_subject", whose="subject", id="id")


@cache
def list_product_reviews(order: str) -> str:
    """The same of a product."""
    index = "product_reviews_of_product"
    return _listed(_LIST_OF_PRODUCT, order, table="product_reviews", index=index, whose="product", id="review_id")


def _listed(statement: str, order: str, **names: str) -> str:
    return statement.format(order=order, of_ranks="ASC" if order == "DESC" else "DESC", **names)


@cache
def list_by_author(order: str) -> str:
    """The statement that lists what somebody wrote."""
    return _BY_AUTHOR.format(order=order)


def bound(runs: Sequence[Run]) -> dict[str, Any]:
    """The runs of a list as its statement takes them."""
    return {"runs": json.dumps(runs)}


def restored(row: Sequence[Any]) -> Sequence[Any]:
    """A row as it was written: here it is kept so."""
    return row
