"""The statements of lists: page by page, by tab, by what somebody searches for, and how many there are."""
# ruff: noqa: S608 - statements are put together from the constants of this file only; values are always bound

from functools import cache

from fairhold.domain.ids import ALPHABET
from fairhold.store.asking import Kind, Whose

# Lists. An order stands in each under the mask of its tabs, so a list is put together from as many runs of an index as
# there are masks: a dozen, found by one step into the index each. Whoever asks for one tab, or for few orders of many,
# therefore reads a page from each run and no more, however many orders lie between. `{whose}` is `seller = …` or its like.
# `tabs >= 0` holds for every order; only who says so gets the index of everybody's orders, so that no plan ever looks for
# one person's in it.

_BETWEEN = "id > %(after)s AND id < %(before)s"
_MASKS = """
WITH RECURSIVE masks (tabs) AS (
    (SELECT tabs FROM orders WHERE {whose} ORDER BY tabs LIMIT 1)
    UNION ALL
    SELECT (SELECT tabs FROM orders WHERE {whose} AND tabs > masks.tabs ORDER BY tabs LIMIT 1)
    FROM masks WHERE tabs IS NOT NULL
)
"""
_RUNS = """
SELECT found.lane, found.id
FROM masks CROSS JOIN LATERAL (
    SELECT lane, id FROM orders WHERE {whose} AND tabs = masks.tabs AND {where} ORDER BY id {of_runs} LIMIT {limit}
) AS found
WHERE masks.tabs & %(tab)s::bigint = %(tab)s
ORDER BY found.id {of_runs} LIMIT {limit}
"""
# `OFFSET 0` keeps what stands in brackets apart from the rest, so that each order is one step into its index.
_LIST = f"""
{_MASKS} SELECT page.id, shown.snapshot FROM ({_RUNS}) AS page
CROSS JOIN LATERAL (SELECT snapshot FROM orders WHERE lane = page.lane AND id = page.id OFFSET 0) AS shown
ORDER BY page.id {{order}}
"""
_SEARCH = f"""
{_MASKS} SELECT page.id, shown.snapshot FROM ({_RUNS}) AS page
CROSS JOIN LATERAL (SELECT snapshot, search FROM orders WHERE lane = page.lane AND id = page.id OFFSET 0) AS shown
WHERE page.id > %(after)s AND page.id < %(before)s AND strpos(shown.search, %(search)s) > 0
ORDER BY page.id {{order}} LIMIT %(limit)s
"""
_COUNT = f"""
{_MASKS} SELECT masks.tabs, counted.orders
FROM masks CROSS JOIN LATERAL (
    SELECT count(*) AS orders FROM (SELECT FROM orders WHERE {{whose}} AND tabs = masks.tabs LIMIT %(most)s) AS each
) AS counted
WHERE masks.tabs IS NOT NULL
"""
_DIGITS = " + ".join(
    f"(strpos('{ALPHABET}', substr(order_id, {17 - power}, 1)) - 1) * {32**power}::bigint" for power in range(8)
)
_NUMBERED = f"""
SELECT id, snapshot FROM (
    SELECT found.id, buyer, seller, tabs, snapshot FROM (
        SELECT lane, order_id FROM events WHERE (({_DIGITS}) %% 100000000) = %(number)s AND seq = 1 OFFSET 0
    ) AS placed
    CROSS JOIN LATERAL (SELECT * FROM orders WHERE lane = placed.lane AND id = placed.order_id OFFSET 0) AS found
    OFFSET 0
) AS numbered
WHERE {{whose}} AND tabs & %(tab)s::bigint = %(tab)s AND {_BETWEEN}
ORDER BY id {{order}} LIMIT %(limit)s
"""
_WHOSE = {Whose.BUYER: "buyer = %(person)s", Whose.SELLER: "seller = %(person)s", Whose.ALL: "tabs >= 0"}


@cache
def list_orders(kind: Kind, whose: Whose, tab: int, order: str) -> str:
    """The statement of such a list; `order` is ASC or DESC."""
    # What is looked through are the newest, whichever page is asked for.
    runs = ("id > ''", "DESC", "%(among)s") if kind is Kind.SEARCH else (_BETWEEN, order, "%(limit)s")
    where, of_runs, limit = runs
    statement = {Kind.PAGE: _LIST, Kind.SEARCH: _SEARCH, Kind.NUMBER: _NUMBERED}[kind]
    return statement.format(whose=_WHOSE[whose], where=where, of_runs=of_runs, limit=limit, order=order)


@cache
def count_tabs(whose: Whose) -> str:
    """The statement that counts orders by their mask of tabs."""
    return _COUNT.format(whose=_WHOSE[whose])
