"""The statements about reviews: writing them with their orders, lists, the moderators' queue, sums."""
# ruff: noqa: S608 - statements are put together from the constants of this file only; values are always bound

from collections.abc import Sequence
from functools import cache
from typing import Any

from fairhold.domain.reputation import ALL_DAYS, Tally
from fairhold.engine.ports.reviews import KEPT, StoredProductReview, StoredReport, StoredReview
from fairhold.store.postgres.arrays import ints, original, texts
from fairhold.store.review_asking import Run, columns_of

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


def _arrays(count: int) -> str:
    return f"unnest({', '.join(['%s'] * count)})"


WRITE_REVIEWS = f"""
INSERT INTO reviews ({_COLUMNS}) SELECT {{lane}}, * FROM {_arrays(len(StoredReview._fields) - 1)}
ON CONFLICT (lane, id) DO UPDATE SET {_anew("reviews", _CHANGING, KEPT)}
"""
WRITE_PRODUCT_REVIEWS = f"""
INSERT INTO product_reviews ({_PRODUCT_COLUMNS}) SELECT {{lane}}, * FROM {_arrays(len(StoredProductReview._fields) - 1)}
ON CONFLICT (lane, review_id, line_id) DO UPDATE SET {_anew("product_reviews", _PRODUCT_CHANGING, ["text"])}
"""
_ADDED_TO = ", ".join(f"{name} = review_figures.{name} + excluded.{name}" for name in Tally._fields)
CHANGE_FIGURES = f"""
INSERT INTO review_figures (lane, name, day, {_SUMS}) SELECT {{lane}}, * FROM {_arrays(2 + len(Tally._fields))}
ON CONFLICT (lane, name, day) DO UPDATE SET {_ADDED_TO}
"""

REVIEW = f"SELECT {_COLUMNS} FROM reviews WHERE lane = {{lane}} AND id = %s"

# Each statement says of rows what holds for all of them and stands in the condition of one index: so it is planned with
# that index, whenever the plan is made.

_BY = {name: f"left_at <> -{number}" for number, name in enumerate(["subject", "author", "counted", "waiting"], 1)}

# Lists are put together from one run of an index a facet. Of each the first few rows are looked at, and then as many as a
# page has of those runs alone whose first few all belong on it: at most a page by so many. Rows of the page alone are read,
# each by its primary key; `OFFSET 0` keeps what stands in brackets apart from the rest.

_FEW = 4
_RUNS = """
unnest(%(facets)s::bigint[], %(ranks)s::bigint[], %(lows)s::bigint[], %(low_ids)s::text[], %(highs)s::bigint[],
       %(high_ids)s::text[]) AS runs (run, rank, low, low_id, high, high_id)
"""
_IN_RUN = """
SELECT {{key}}, left_at, {{id}} AS place FROM {{table}}
WHERE {{whose}} = %(of)s AND facet = {runs}.run AND shown = 1 AND {{by}}
  AND (left_at, {{id}}) > ({low}) AND (left_at, {{id}}) < ({high})
ORDER BY left_at {{order}}, {{id}} {{order}} LIMIT {limit}
"""
_FIRST_FEW = _IN_RUN.format(runs="runs", low="runs.low, runs.low_id", high="runs.high, runs.high_id", limit=_FEW)
_THE_REST = _IN_RUN.format(runs="few", low="{low}", high="{high}", limit="%(limit)s")
_BEST = "ORDER BY rank {of_ranks}, left_at {order}, place {order} LIMIT %(limit)s"
_PAGE = f"""
WITH best AS (
    SELECT * FROM {_RUNS} CROSS JOIN LATERAL ({_FIRST_FEW}) AS found {_BEST}
), few AS (
    SELECT *, row_number() OVER (PARTITION BY run ORDER BY left_at {{order}}, place {{order}}) AS nth FROM best
)
SELECT rank, {{key}}, left_at, place FROM best
UNION ALL
SELECT few.rank, found.* FROM few CROSS JOIN LATERAL ({_THE_REST}) AS found WHERE few.nth = {_FEW}
{_BEST}
"""
_IN_ORDER = "ORDER BY page.rank {of_ranks}, page.left_at {order}, page.place {order}"
_LIST = f"""
SELECT {", ".join(f"shown.{name}" for name in StoredReview._fields)} FROM ({_PAGE}) AS page
CROSS JOIN LATERAL (SELECT * FROM reviews WHERE lane = page.lane AND id = page.place OFFSET 0) AS shown
{_IN_ORDER}
"""
_LIST_OF_PRODUCT = f"""
SELECT {", ".join(f"own.{name}" for name in StoredProductReview._fields)},
       {", ".join(f"whole.{name}" for name in StoredReview._fields)} FROM ({_PAGE}) AS page
CROSS JOIN LATERAL (
    SELECT * FROM product_reviews WHERE lane = page.lane AND review_id = page.place AND line_id = page.line_id OFFSET 0
) AS own
CROSS JOIN LATERAL (SELECT * FROM reviews WHERE lane = page.lane AND id = page.place OFFSET 0) AS whole
{_IN_ORDER}
"""
_BY_AUTHOR = f"""
SELECT {_COLUMNS} FROM reviews
WHERE author = %(author)s AND {_BY["author"]}
  AND (left_at, id) > (%(low)s::bigint, %(low_id)s) AND (left_at, id) < (%(high)s::bigint, %(high_id)s)
ORDER BY left_at {{order}}, id {{order}} LIMIT %(limit)s
"""

# People's and moderators' questions

_WAITING = f"(awaits = 1 OR reports > 0) AND {_BY['waiting']}"
QUEUE = f"""
SELECT {_COLUMNS} FROM reviews WHERE {_WAITING} AND (changed_at, id) > (%(behind)s::bigint, %(behind_id)s)
ORDER BY changed_at, id LIMIT %(limit)s
"""
QUEUE_LENGTH = f"SELECT count(*) FROM (SELECT FROM reviews WHERE {_WAITING} LIMIT %(most)s) AS each"
REVIEWS_BY = f"""
SELECT count(*) FROM (
    SELECT FROM reviews WHERE author = %(author)s AND shown = 1 AND automatic = 0 AND {_BY["counted"]} LIMIT %(most)s
) AS each
"""
REPORTS = f"""
SELECT {", ".join(StoredReport._fields)} FROM review_reports WHERE lane = {{lane}} AND review_id = %s
ORDER BY at DESC, reporter DESC LIMIT %s
"""

# Sums. The lanes that have any, and a seller's products, are each found by one step into an index.

_LANES = """
WITH RECURSIVE lanes (lane) AS (
    SELECT min(lane) FROM {table}
    UNION ALL SELECT (SELECT min(lane) FROM {table} WHERE lane > lanes.lane) FROM lanes WHERE lane IS NOT NULL
)
"""
_OF_FIGURES = _LANES.format(table="review_figures")
_ADDED = ", ".join(f"sum(found.{name})::bigint" for name in Tally._fields)
FIGURE = f"""
{_OF_FIGURES} SELECT {_ADDED} FROM (SELECT lane AS place FROM lanes) AS each CROSS JOIN LATERAL (
    SELECT * FROM review_figures WHERE lane = each.place AND name = %(name)s AND day = {ALL_DAYS} OFFSET 0
) AS found
"""
FIGURE_BY_DAY = f"""
{_OF_FIGURES} SELECT found.day, {_ADDED} FROM (SELECT lane AS place FROM lanes) AS each CROSS JOIN LATERAL (
    SELECT * FROM review_figures WHERE lane = each.place AND name = %(name)s AND day >= %(since)s OFFSET 0
) AS found
GROUP BY found.day ORDER BY found.day
"""
LANE_FIGURES = f"""
SELECT name, day, {_SUMS} FROM review_figures WHERE lane = {{lane}} AND (name, day) > (%s, %s::int)
ORDER BY name, day LIMIT %s
"""
_NEXT_PRODUCT = "SELECT product FROM product_reviews WHERE shown = 1 AND product < %(last)s AND product > {} {}"
_FIRST_OF_THEM = "ORDER BY product LIMIT 1"
PRODUCTS = f"""
WITH RECURSIVE products (product) AS (
    ({_NEXT_PRODUCT.format("%(first)s", _FIRST_OF_THEM)})
    UNION ALL
    SELECT ({_NEXT_PRODUCT.format("products.product", _FIRST_OF_THEM)}) FROM products WHERE product IS NOT NULL
)
SELECT product FROM (SELECT product FROM products LIMIT %(limit)s) AS named WHERE product IS NOT NULL
"""

# The audit

SCAN_REVIEWS = f"""
{_LANES.format(table="reviews")} SELECT {_COLUMNS} FROM (SELECT lane AS place FROM lanes) AS each CROSS JOIN LATERAL (
    SELECT * FROM reviews WHERE lane = each.place AND id > %(after)s ORDER BY id LIMIT %(limit)s
) AS found
ORDER BY id LIMIT %(limit)s
"""
SCAN_PRODUCT_REVIEWS = f"""
{_LANES.format(table="product_reviews")} SELECT {_PRODUCT_COLUMNS} FROM (SELECT lane AS place FROM lanes) AS each
CROSS JOIN LATERAL (
    SELECT * FROM product_reviews WHERE lane = each.place AND (review_id, line_id) > (%(after)s, %(after_line)s)
    ORDER BY review_id, line_id LIMIT %(limit)s
) AS found
ORDER BY review_id, line_id LIMIT %(limit)s
"""


@cache
def list_reviews(order: str) -> str:
    """The statement that lists what is said about somebody, read DESC as it is answered or ASC from its far side."""
    return _listed(_LIST, order, table="reviews", key="lane", whose="subject", id="id", by=_BY["subject"])


@cache
def list_product_reviews(order: str) -> str:
    """The same of a product."""
    key = "lane, line_id"
    return _listed(
        _LIST_OF_PRODUCT, order, table="product_reviews", key=key, whose="product", id="review_id", by="TRUE"
    )


def _listed(statement: str, order: str, **names: str) -> str:
    if order == "DESC":
        return statement.format(
            order=order, of_ranks="ASC", low="few.low, few.low_id", high="few.left_at, few.place", **names
        )
    return statement.format(
        order=order, of_ranks="DESC", low="few.left_at, few.place", high="few.high, few.high_id", **names
    )


@cache
def list_by_author(order: str) -> str:
    """The statement that lists what somebody wrote."""
    return _BY_AUTHOR.format(order=order)


def bound(runs: Sequence[Run]) -> dict[str, Any]:
    """The runs of a list as its statement takes them."""
    return {name: (texts if name.endswith("_ids") else ints)(values) for name, values in columns_of(runs).items()}


def restored(row: Sequence[Any]) -> Sequence[Any]:
    """A row as it was written, whatever characters its texts have."""
    return [original(value) if isinstance(value, str) else value for value in row]
