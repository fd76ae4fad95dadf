"""Every statement that the SQLite store runs, by name. Columns stand in the order of the port's rows."""
# ruff: noqa: S608 - statements are put together from the constants of this file only; values are always bound

from functools import cache

from fairhold.domain.ids import ALPHABET
from fairhold.engine.ports import ListQuery

# Migrations and meta

HAS_TABLE = "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?"
HAS_TABLES = "SELECT 1 FROM sqlite_schema WHERE type = 'table' LIMIT 1"
MIGRATIONS_DONE = "SELECT number FROM migrations"
GET_SETTING = "SELECT value FROM meta WHERE name = ?"
SET_SETTING = "INSERT INTO meta (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value"
BEGIN_WRITING = "BEGIN IMMEDIATE"
BEGIN_READING = "BEGIN DEFERRED"
START_MOMENT = "SELECT count(*) FROM sqlite_schema"
COMMIT = "COMMIT"
ROLLBACK = "ROLLBACK"

# Writing a batch

LOAD_ORDER = "SELECT version, snapshot FROM orders WHERE lane = ? AND id = ?"
LOAD_ORDERS = """
SELECT id, version, snapshot FROM orders WHERE lane = ? AND id IN (SELECT value FROM json_each(?))
"""
LOAD_KEY = """
SELECT lane, order_id, key, fingerprint, made, version, at FROM idempotency WHERE lane = ? AND order_id = ? AND key = ?
"""
INSERT_ORDER = """
INSERT INTO orders (lane, id, version, snapshot, buyer, seller, currency, status, tabs, total,
                    placed_at, updated_at, next_deadline_at, search, parked, closed_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
UPDATE_ORDER = """
UPDATE orders SET version = ?, snapshot = ?, status = ?, tabs = ?, total = ?, updated_at = ?, next_deadline_at = ?,
                  search = ?, parked = ?, closed_at = ?, has_keys = 1
WHERE lane = ? AND id = ? AND version = ?
"""
INSERT_EVENT = "INSERT INTO events (lane, order_id, seq, at, by, type, data) VALUES (?, ?, ?, ?, ?, ?, ?)"
INSERT_TRANSFER = """
INSERT INTO transfers (lane, order_id, seq, n, debit, credit, amount, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
"""
CHANGE_BALANCE = """
INSERT INTO balances (lane, account, balance) VALUES (?, ?, ?)
ON CONFLICT (lane, account) DO UPDATE SET balance = balance + excluded.balance
"""
INSERT_MESSAGE = """
INSERT INTO outbox (lane, order_id, seq, n, destination, payload, not_before, state, attempts, error)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
FINISH_MESSAGE = """
UPDATE outbox SET state = 'done', attempts = ?, error = ?
WHERE lane = ? AND order_id = ? AND seq = ? AND n = ? AND state <> 'done'
"""
INSERT_KEY = """
INSERT INTO idempotency (lane, order_id, key, fingerprint, made, version, at) VALUES (?, ?, ?, ?, ?, ?, ?)
"""

# The sweeper, the courier and the nightly jobs

DUE_ORDERS = """
SELECT id FROM orders INDEXED BY orders_due
WHERE lane = ? AND next_deadline_at <= ? AND next_deadline_at IS NOT NULL AND parked = 0
ORDER BY next_deadline_at, id LIMIT ?
"""
NEXT_DEADLINE = """
SELECT next_deadline_at FROM orders INDEXED BY orders_due
WHERE lane = ? AND next_deadline_at IS NOT NULL AND parked = 0 ORDER BY next_deadline_at LIMIT 1
"""
PARK_ORDER = "UPDATE orders SET parked = 1 WHERE lane = ? AND id = ?"
UNPARK_ORDERS = "UPDATE orders INDEXED BY orders_parked SET parked = 0 WHERE parked = 1 AND lane = ?"
# A message is first in its row when no earlier one of the same order and destination is still open.
_FIRST = """
NOT EXISTS (
    SELECT 1 FROM outbox AS earlier INDEXED BY outbox_open
    WHERE earlier.lane = message.lane AND earlier.order_id = message.order_id
      AND earlier.destination = message.destination AND earlier.state <> 'done'
      AND (earlier.seq, earlier.n) < (message.seq, message.n))
"""
_MESSAGE = "lane, order_id, seq, n, destination, payload, not_before, state, attempts, error"
DUE_MESSAGES = f"""
SELECT {_MESSAGE} FROM outbox AS message INDEXED BY outbox_waiting
WHERE lane = ? AND state = 'waiting' AND not_before <= ? AND {_FIRST}
ORDER BY not_before, order_id, seq, n LIMIT ?
"""
NEXT_MESSAGE = f"""
SELECT not_before FROM outbox AS message INDEXED BY outbox_waiting
WHERE lane = ? AND state = 'waiting' AND {_FIRST} ORDER BY not_before LIMIT 1
"""
MARK_MESSAGE = """
UPDATE outbox SET state = ?, attempts = ?, not_before = ?, error = ?
WHERE lane = ? AND order_id = ? AND seq = ? AND n = ? AND state <> 'done'
"""
CLOSED_WITH_KEYS = """
SELECT id FROM orders INDEXED BY orders_closed
WHERE lane = ? AND closed_at < ? AND closed_at IS NOT NULL AND has_keys = 1 ORDER BY closed_at, id LIMIT ?
"""
FORGET_KEYS_OF_ORDER = "DELETE FROM idempotency WHERE lane = ? AND order_id = ?"
FORGET_KEY_OF_PLACING = "DELETE FROM idempotency WHERE lane = ? AND order_id = '' AND made = ?"
KEYS_FORGOTTEN = "UPDATE orders SET has_keys = 0 WHERE lane = ? AND id = ?"

# Reading

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
EVENTS = """
SELECT lane, order_id, seq, at, by, type, data FROM events WHERE lane = ? AND order_id = ? AND seq <= ? ORDER BY seq
"""
_BALANCES = f"""
{_USED_LANES} SELECT account, sum(balance) FROM used CROSS JOIN balances ON (balances.lane, account) IN (
    SELECT lane, account FROM balances AS one
    WHERE one.lane = used.lane AND account >= :first AND account < :last AND account > :after
    ORDER BY account LIMIT :limit
)
GROUP BY account ORDER BY account LIMIT :limit
"""
BALANCE = f"{_USED_LANES} SELECT sum(balance) FROM balances WHERE lane IN (SELECT lane FROM used) AND account = ?"
LANE_BALANCES = "SELECT account, balance FROM balances WHERE lane = ?"
_TRANSFER = "lane, order_id, seq, n, debit, credit, amount, at"
TRANSFERS = f"""
SELECT {_TRANSFER} FROM transfers WHERE (lane, order_id, seq, n) > (?, ?, ?, ?) ORDER BY lane, order_id, seq, n LIMIT ?
"""
TRANSFERS_OF_ORDER = f"""
SELECT {_TRANSFER} FROM transfers WHERE lane = ? AND order_id = ? AND (seq, n) > (?, ?) ORDER BY seq, n LIMIT ?
"""
OVERDUE = f"""
{_USED_LANES} SELECT count(*), min(next_deadline_at) FROM orders INDEXED BY orders_due
WHERE lane IN (SELECT lane FROM used) AND next_deadline_at <= ? AND next_deadline_at IS NOT NULL AND parked = 0
"""
_ORDER = """lane, id, version, snapshot, buyer, seller, currency, status, tabs, total,
placed_at, updated_at, next_deadline_at, search, parked, closed_at"""
SCAN_ORDERS = f"SELECT {_ORDER} FROM orders INDEXED BY orders_by_id WHERE id > ? ORDER BY id LIMIT ?"
PARKED_ORDERS = "SELECT id FROM orders WHERE parked = 1 ORDER BY id LIMIT ?"
SCAN_KEYS = """
SELECT lane, order_id, key, fingerprint, made, version, at FROM idempotency
WHERE (lane, order_id, key) > (?, ?, ?) ORDER BY lane, order_id, key LIMIT ?
"""
STRAYS = """
SELECT 'events', order_id FROM events AS row
WHERE NOT EXISTS (SELECT 1 FROM orders WHERE orders.lane = row.lane AND orders.id = row.order_id)
UNION SELECT 'transfers', order_id FROM transfers AS row
WHERE NOT EXISTS (SELECT 1 FROM orders WHERE orders.lane = row.lane AND orders.id = row.order_id)
UNION SELECT 'outbox', order_id FROM outbox AS row
WHERE NOT EXISTS (SELECT 1 FROM orders WHERE orders.lane = row.lane AND orders.id = row.order_id)
UNION SELECT 'idempotency', coalesce(nullif(order_id, ''), made) FROM idempotency AS row
WHERE NOT EXISTS (
    SELECT 1 FROM orders WHERE orders.lane = row.lane AND orders.id = coalesce(nullif(row.order_id, ''), row.made))
ORDER BY 1, 2 LIMIT ?
"""
_OPEN_MESSAGES = f"""
SELECT {_MESSAGE} FROM outbox INDEXED BY outbox_open WHERE state <> 'done' AND state = ?
ORDER BY not_before, order_id, seq, n LIMIT ?
"""
_DONE_MESSAGES = f"SELECT {_MESSAGE} FROM outbox WHERE state = ? ORDER BY not_before, order_id, seq, n LIMIT ?"
MESSAGES = {"waiting": _OPEN_MESSAGES, "parked": _OPEN_MESSAGES, "done": _DONE_MESSAGES}

# Sessions and keys

FORGET_EXPIRED_SESSIONS = "DELETE FROM sessions WHERE expires_at <= ?"
ADD_SESSION = """
INSERT INTO sessions (token_hash, person, created_at, seen_at, expires_at) VALUES (?, ?, ?, ?, ?)
"""
GET_SESSION = "SELECT token_hash, person, created_at, seen_at, expires_at FROM sessions WHERE token_hash = ?"
END_SESSION = "DELETE FROM sessions WHERE token_hash = ?"
ADD_API_KEY = """
INSERT INTO api_keys (id, key_hash, label, roles, scopes, created_at, revoked_at) VALUES (?, ?, ?, ?, ?, ?, ?)
"""
API_KEYS = """
SELECT id, key_hash, label, roles, scopes, created_at, revoked_at FROM api_keys ORDER BY created_at, id
"""
REVOKE_API_KEY = "UPDATE api_keys SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL"


# Lists. A seller's orders, and everybody's, stand in their index under the mask of their tabs; so a list is put together
# from as many runs of the index as there are masks: a dozen, found by one step each. Whoever asks for one tab, or for
# few orders of many, reads a page from each run and no more, however many orders lie between. A buyer's few hundred
# orders, and everybody's newest, are simply walked. `{whose}` is `seller = …` or its like.

_BETWEEN = "id > :after AND id < :before"
_WALKED = f"""
SELECT snapshot FROM orders INDEXED BY {{index}} WHERE {{whose}} AND tabs & :tab = :tab AND {_BETWEEN}
ORDER BY id {{order}} LIMIT :limit
"""
_WALKED_FOR = f"""
SELECT snapshot FROM (
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
{_MASKS} SELECT snapshot FROM ({_RUNS}) AS page CROSS JOIN orders ON orders.rowid = page.place
ORDER BY page.id {{order}}
"""
_MERGED_FOR = f"""
{_MASKS} SELECT snapshot FROM ({_RUNS}) AS page CROSS JOIN orders ON orders.rowid = page.place
WHERE page.id > :after AND page.id < :before AND instr(search, :search) ORDER BY page.id {{order}} LIMIT :limit
"""
_COUNTED = f"""
{_MASKS} SELECT tabs, (
    SELECT count(*) FROM (SELECT 1 FROM orders INDEXED BY {{index}} WHERE {{whose}} AND tabs = masks.tabs LIMIT :most)
) FROM masks WHERE tabs IS NOT NULL
"""
_COUNTED_OF_BUYER = "SELECT tabs, count(*) FROM orders INDEXED BY orders_by_buyer WHERE buyer = :person GROUP BY tabs"
_DIGITS = " + ".join(f"(instr('{ALPHABET}', substr(id, {17 - power}, 1)) - 1) * {32**power}" for power in range(8))
_NUMBERED = f"""
SELECT snapshot FROM orders INDEXED BY orders_by_number
WHERE (({_DIGITS}) % 100000000) = :number AND {{whose}} AND tabs & :tab = :tab AND {_BETWEEN}
ORDER BY id {{order}} LIMIT :limit
"""

_BEFORE_ALL, _BEHIND_ALL, _EVERY = "", "\x7f", 2**62
Named = dict[str, str | int]


def list_orders(query: ListQuery) -> tuple[str, Named]:
    """The statement that answers `query`, and its values."""
    index, whose, values = _person(query.buyer, query.seller)
    if query.buyer is None and query.seller is None and not query.tab:
        index = "orders_by_id"
    values |= {
        "tab": query.tab,
        "after": _BEFORE_ALL if query.after is None else query.after,
        "before": _BEHIND_ALL if query.before is None else query.before,
        "limit": query.limit,
    }
    kind = "list"
    if query.number is not None:
        kind = "number"
        values["number"] = query.number
    elif query.search:
        kind = "search"
        values |= {"search": query.search.casefold(), "among": query.among}
    return _statement(kind, index, whose, "ASC" if query.after is not None else "DESC"), values


def count_tabs(buyer: str | None, seller: str | None, most: int | None) -> tuple[str, Named]:
    """The statement that counts orders by their mask of tabs, each up to `most`, and its values."""
    index, whose, values = _person(buyer, seller)
    if buyer is not None:
        return _COUNTED_OF_BUYER, values
    return _COUNTED.format(index=index, whose=whose), values | {"most": _EVERY if most is None else most}


def balances(prefix: str, after: str, limit: int | None) -> tuple[str, Named]:
    """The statement that answers the balances of the accounts that begin so, and its values."""
    values: Named = {"first": prefix, "last": f"{prefix}\U0010ffff", "after": after}
    return _BALANCES, values | {"limit": _EVERY if limit is None else limit}


def _person(buyer: str | None, seller: str | None) -> tuple[str, str, Named]:
    if buyer is not None:
        assert seller is None, "a list is of one buyer or of one seller"
        return "orders_by_buyer", "buyer = :person", {"person": buyer}
    if seller is not None:
        return "orders_of_seller", "seller = :person", {"person": seller}
    return "orders_by_tab", "TRUE", {}


@cache
def _statement(kind: str, index: str, whose: str, order: str) -> str:
    walked = index in ("orders_by_buyer", "orders_by_id")
    statement = {
        "list": _WALKED if walked else _MERGED,
        "search": _WALKED_FOR if walked else _MERGED_FOR,
        "number": _NUMBERED,
    }[kind]
    # What is looked through are the newest, whichever page is asked for.
    runs = ("id > ''", "DESC", ":among") if kind == "search" else (_BETWEEN, order, ":limit")
    where, of_runs, limit = runs
    return statement.format(index=index, whose=whose, where=where, of_runs=of_runs, limit=limit, order=order)
