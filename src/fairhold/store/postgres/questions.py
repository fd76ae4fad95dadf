"""Every statement that only reads, by name. Columns stand in the order of the port's rows; `{lane}` is put in as a number."""
# ruff: noqa: S608 - statements are put together from the constants of this file only; values are always bound

from functools import cache

from fairhold.domain.ids import ALPHABET
from fairhold.engine.ports import ListQuery
from fairhold.store.postgres.arrays import storable
from fairhold.store.postgres.statements import MESSAGE

Values = dict[str, str | int]

BEGIN_MOMENT = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
# The moment is that of the first statement.
START_MOMENT = "SELECT 1"

LOAD_ORDER = "SELECT version, snapshot FROM orders WHERE lane = {lane} AND id = %s"
EVENTS = """
SELECT lane, order_id, seq, at, by, type, data FROM events WHERE lane = {lane} AND order_id = %s AND seq <= %s ORDER BY seq
"""

# The lanes that hold orders or balances, each found by one step into the index, however many rows there are.
_USED_LANES = """
WITH RECURSIVE of_orders (lane) AS (
    SELECT min(lane) FROM orders
    UNION ALL SELECT (SELECT min(lane) FROM orders WHERE lane > of_orders.lane) FROM of_orders WHERE lane IS NOT NULL
), of_balances (lane) AS (
    SELECT min(lane) FROM balances
    UNION ALL
    SELECT (SELECT min(lane) FROM balances WHERE lane > of_balances.lane) FROM of_balances WHERE lane IS NOT NULL
), used (lane) AS (SELECT lane FROM of_orders UNION SELECT lane FROM of_balances)
"""
USED_LANES = f"{_USED_LANES} SELECT lane FROM used WHERE lane IS NOT NULL ORDER BY lane"
# Lane by lane, each by a step into the index: `OFFSET 0` keeps the planner from joining them any other way.
BALANCE = f"""
{_USED_LANES} SELECT sum(found.balance)::bigint FROM (SELECT lane AS place FROM used) AS lanes
CROSS JOIN LATERAL (SELECT balance FROM balances WHERE lane = lanes.place AND account = %s OFFSET 0) AS found
"""
_BALANCES = f"""
{_USED_LANES} SELECT found.account, sum(found.balance)::bigint FROM (SELECT lane AS place FROM used) AS lanes
CROSS JOIN LATERAL (
    SELECT account, balance FROM balances
    WHERE lane = lanes.place AND account >= %(first)s AND account < %(last)s AND account > %(after)s
    ORDER BY account LIMIT %(limit)s
) AS found
GROUP BY found.account ORDER BY found.account LIMIT %(limit)s
"""
LANE_BALANCES = "SELECT account, balance FROM balances WHERE lane = {lane}"
_TRANSFER = "lane, order_id, seq, n, debit, credit, amount, at"
TRANSFERS = f"""
SELECT {_TRANSFER} FROM transfers WHERE (lane, order_id, seq, n) > (%s, %s, %s, %s)
ORDER BY lane, order_id, seq, n LIMIT %s
"""
TRANSFERS_OF_ORDER = f"""
SELECT {_TRANSFER} FROM transfers WHERE lane = {{lane}} AND order_id = %s AND (seq, n) > (%s, %s) ORDER BY seq, n LIMIT %s
"""
OVERDUE = f"""
{_USED_LANES} SELECT count(*), min(due.next_deadline_at) FROM (SELECT lane AS place FROM used) AS lanes
CROSS JOIN LATERAL (
    SELECT next_deadline_at FROM orders
    WHERE lane = lanes.place AND next_deadline_at <= %s AND next_deadline_at IS NOT NULL AND parked = 0 OFFSET 0
) AS due
"""
_ORDER = """lane, id, version, snapshot, buyer, seller, currency, status, tabs, total,
placed_at, updated_at, next_deadline_at, search, parked, closed_at"""
SCAN_ORDERS = f"""
{_USED_LANES} SELECT {_ORDER} FROM (SELECT lane AS place FROM used) AS lanes CROSS JOIN LATERAL (
    SELECT * FROM orders WHERE lane = lanes.place AND id > %(after)s ORDER BY id LIMIT %(limit)s
) AS found
ORDER BY id LIMIT %(limit)s
"""
PARKED_ORDERS = "SELECT id FROM orders WHERE parked = 1 ORDER BY id LIMIT %s"
SCAN_KEYS = """
SELECT lane, order_id, key, fingerprint, made, version, at FROM idempotency
WHERE (lane, order_id, key) > (%s, %s, %s) ORDER BY lane, order_id, key LIMIT %s
"""
STRAYS = """
SELECT 'events', order_id FROM events AS stray
WHERE NOT EXISTS (SELECT FROM orders WHERE orders.lane = stray.lane AND orders.id = stray.order_id)
UNION SELECT 'transfers', order_id FROM transfers AS stray
WHERE NOT EXISTS (SELECT FROM orders WHERE orders.lane = stray.lane AND orders.id = stray.order_id)
UNION SELECT 'outbox', order_id FROM outbox AS stray
WHERE NOT EXISTS (SELECT FROM orders WHERE orders.lane = stray.lane AND orders.id = stray.order_id)
UNION SELECT 'idempotency', coalesce(nullif(order_id, ''), made) FROM idempotency AS stray
WHERE NOT EXISTS (
    SELECT FROM orders WHERE orders.lane = stray.lane AND orders.id = coalesce(nullif(stray.order_id, ''), stray.made))
ORDER BY 1, 2 LIMIT %s
"""
_OPEN_MESSAGES = f"""
SELECT {MESSAGE} FROM outbox WHERE state <> 'done' AND state = %s ORDER BY not_before, order_id, seq, n LIMIT %s
"""
_DONE_MESSAGES = f"SELECT {MESSAGE} FROM outbox WHERE state = %s ORDER BY not_before, order_id, seq, n LIMIT %s"
MESSAGES = {"waiting": _OPEN_MESSAGES, "parked": _OPEN_MESSAGES, "done": _DONE_MESSAGES}


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
# `OFFSET 0` keeps these apart from the rest, so that each order is one step into the primary key.
_LIST = f"""
{_MASKS} SELECT shown.snapshot FROM ({_RUNS}) AS page
CROSS JOIN LATERAL (SELECT snapshot FROM orders WHERE lane = page.lane AND id = page.id OFFSET 0) AS shown
ORDER BY page.id {{order}}
"""
_SEARCH = f"""
{_MASKS} SELECT shown.snapshot FROM ({_RUNS}) AS page
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
    f"(strpos('{ALPHABET}', substr(id, {17 - power}, 1)) - 1) * {32**power}::bigint" for power in range(8)
)
_NUMBERED = f"""
SELECT snapshot FROM orders
WHERE (({_DIGITS}) %% 100000000) = %(number)s AND {{whose}} AND tabs & %(tab)s::bigint = %(tab)s
  AND {_BETWEEN}
ORDER BY id {{order}} LIMIT %(limit)s
"""

_BEFORE_ALL, _BEHIND_ALL, _EVERY = "", "\x7f", 2**62
_ALL = "tabs >= 0"


def list_orders(query: ListQuery) -> tuple[str, Values]:
    """The statement that answers `query`, and its values."""
    kind = "number" if query.number is not None else "search" if query.search else "list"
    whose, values = _person(query.buyer, query.seller)
    values |= {
        "tab": query.tab,
        "after": _BEFORE_ALL if query.after is None else storable(query.after),
        "before": _BEHIND_ALL if query.before is None else storable(query.before),
        "limit": query.limit,
    }
    if query.number is not None:
        values["number"] = query.number
    elif query.search:
        values |= {"search": storable(query.search.casefold()), "among": query.among}
    return _statement(kind, whose, "ASC" if query.after is not None else "DESC"), values


def count_tabs(buyer: str | None, seller: str | None, most: int | None) -> tuple[str, Values]:
    """The statement that counts orders by their mask of tabs, each up to `most`, and its values."""
    whose, values = _person(buyer, seller)
    return _COUNT.format(whose=whose), values | {"most": _EVERY if most is None else most}


def balances(prefix: str, after: str, limit: int | None) -> tuple[str, Values]:
    """The statement that answers the balances of the accounts that begin so, and its values."""
    values: Values = {"first": storable(prefix), "last": storable(prefix) + "\U0010ffff", "after": storable(after)}
    return _BALANCES, values | {"limit": _EVERY if limit is None else limit}


def _person(buyer: str | None, seller: str | None) -> tuple[str, Values]:
    if buyer is not None:
        assert seller is None, "a list is of one buyer or of one seller"
        return "buyer = %(person)s", {"person": storable(buyer)}
    if seller is not None:
        return "seller = %(person)s", {"person": storable(seller)}
    return _ALL, {}


@cache
def _statement(kind: str, whose: str, order: str) -> str:
    # What is looked through are the newest, whichever page is asked for.
    runs = ("id > ''", "DESC", "%(among)s") if kind == "search" else (_BETWEEN, order, "%(limit)s")
    where, of_runs, limit = runs
    if kind == "number" and whose == _ALL:
        whose = "TRUE"
    statement = {"list": _LIST, "search": _SEARCH, "number": _NUMBERED}[kind]
    return statement.format(whose=whose, where=where, of_runs=of_runs, limit=limit, order=order)
