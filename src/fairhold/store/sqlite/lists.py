"""The statements of lists: page by page, by tab, by what somebody searches for, and how many there are."""
# ruff: noqa: S608 - statements are put together from the constants of this file only; values are always bound

from functools import cache

from fairhold.domain.ids import ALPHABET
from fairhold.store.asking import Kind, Whose

# Lists. A seller's orders, and everybody's, stand in their index under the mask of their tabs; so a list is put together
# from as many runs of the index as there are masks: a dozen, found by one step each. Whoever asks for one tab, or for
# few orders of many, reads a page from each run and no more, however many orders lie between. A buyer's few hundred
# orders, and everybody's newest, are simply walked. `{whose}` is `seller = …` or its like.

_BETWEEN = "id > :after AND id < :before"
_WALKED = f"""
SELECT id, snapshot FROM orders INDEXED BY {{index}} WHERE {{whose}} AND tabs & :tab = :tab AND {_BETWEEN}
ORDER BY id {{order}} LIMIT :limit
"""
_WALKED_FOR = f"""
SELECT id, snapshot FROM (
    SELECT id, search, snapshot FROM orders INDEXED BY {{index}} WHERE {{whose}} AND tabs & :tab = :tab AND id > ''
    ORDER BY id DESC LIMIT :among
) WHERE {_BETWEEN} AND instr(search, :search) ORDER BY id {{order}} LIMIT :limit
"""
_MASKS = """
WITH RECURSIVE masks (tabs) AS (
    SELECT min(tabs) FROM orders INDEXED BY {index} WHERE {whose}
    UNION ALL
    SELECT (SELECT min(tabs) FROM orders INDEXED BY {index} WHERE {whose} AND tabs > masks.tabs)
    FROM masks WHERE tabs IS NOT NULL
)
"""
# Indexes alone say which orders are on the page: of the table itself only their rows are read.
_RUNS = """
SELECT found.id, found.rowid AS place FROM masks CROSS JOIN orders AS found INDEXED BY orders_by_id ON found.id IN (
    SELECT id FROM orders INDEXED BY {index} WHERE {whose} AND tabs = masks.tabs AND {where}
    ORDER BY id {of_runs} LIMIT {limit}
)
WHERE masks.tabs & :tab = :tab ORDER BY found.id {of_runs} LIMIT {limit}
"""
_MERGED = f"""
{_MASKS} SELECT page.id, snapshot FROM ({_RUNS}) AS page CROSS JOIN orders ON orders.rowid = page.place
ORDER BY page.id {{order}}
"""
_MERGED_FOR = f"""
{_MASKS} SELECT page.id, snapshot FROM ({_RUNS}) AS page CROSS JOIN orders ON orders.rowid = page.place
WHERE page.id > :after AND page.id < :before AND instr(search, :search) ORDER BY page.id {{order}} LIMIT :limit
"""
_COUNTED = f"""
{_MASKS} SELECT tabs, (
    SELECT count(*) FROM (SELECT 1 FROM orders INDEXED BY {{index}} WHERE {{whose}} AND tabs = masks.tabs LIMIT :most)
) FROM masks WHERE tabs IS NOT NULL
"""
_COUNTED_OF_BUYER = "SELECT tabs, count(*) FROM orders INDEXED BY orders_by_buyer WHERE buyer = :person GROUP BY tabs"
_DIGITS = " + ".join(
    f"(instr('{ALPHABET}', substr(order_id, {17 - power}, 1)) - 1) * {32**power}" for power in range(8)
)
_NUMBERED = f"""
SELECT id, snapshot FROM events INDEXED BY events_by_number
CROSS JOIN orders ON orders.lane = events.lane AND orders.id = events.order_id
WHERE (({_DIGITS}) % 100000000) = :number AND seq = 1 AND {{whose}} AND tabs & :tab = :tab AND {_BETWEEN}
ORDER BY id {{order}} LIMIT :limit
"""
_WHOSE = {Whose.BUYER: "buyer = :person", Whose.SELLER: "seller = :person", Whose.ALL: "TRUE"}
_INDEXES = {Whose.BUYER: "orders_by_buyer", Whose.SELLER: "orders_of_seller", Whose.ALL: "orders_by_tab"}


@cache
def list_orders(kind: Kind, whose: Whose, tab: int, order: str) -> str:
    """The statement of such a list; `order` is ASC or DESC."""
    index = "orders_by_id" if whose is Whose.ALL and not tab else _INDEXES[whose]
    walked = index in ("orders_by_buyer", "orders_by_id")
    statement = {
        Kind.PAGE: _WALKED if walked else _MERGED,
        Kind.SEARCH: _WALKED_FOR if walked else _MERGED_FOR,
        Kind.NUMBER: _NUMBERED,
    }[kind]
    # What is looked through are the newest, whichever page is asked for.
    runs = ("id > ''", "DESC", ":among") if kind is Kind.SEARCH else (_BETWEEN, order, ":limit")
    where, of_runs, limit = runs
    return statement.format(index=index, whose=_WHOSE[whose], where=where, of_runs=of_runs, limit=limit, order=order)


@cache
def count_tabs(whose: Whose) -> str:
    """The statement that counts orders by their mask of tabs."""
    statement = _COUNTED_OF_BUYER if whose is Whose.BUYER else _COUNTED
    return statement.format(index=_INDEXES[whose], whose=_WHOSE[whose])
