"""Every statement that the SQLite store runs, by name. Columns stand in the order of the port's rows."""
# ruff: noqa: S608 - statements are put together from the constants of this file only; values are always bound

# Migrations and meta

HAS_TABLE = "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?"
HAS_TABLES = "SELECT 1 FROM sqlite_schema WHERE type = 'table' LIMIT 1"
TABLES = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY name"
COUNT = 'SELECT count(*) FROM "{}"'
MIGRATIONS_DONE = "SELECT number FROM migrations"
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
INSERT_EVENT = """
INSERT INTO events (lane, order_id, seq, at, by, type, data, salt, commitment, written_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
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
PUT_OFF = "UPDATE orders SET next_deadline_at = ? WHERE lane = ? AND id = ? AND version = ?"
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
FORGET_MESSAGE = "DELETE FROM outbox WHERE lane = ? AND order_id = ? AND seq = ? AND n = ?"
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
SELECT lane, order_id, seq, at, by, type, data, salt, commitment, written_at FROM events
WHERE lane = ? AND order_id = ? AND seq BETWEEN ? AND ? ORDER BY seq
"""
COMMITMENTS = """
SELECT commitment, CASE WHEN commitment IS NULL THEN data END FROM events
WHERE lane = ? AND order_id = ? AND seq <= ? ORDER BY seq
"""
FIRST_WRITTEN = """
SELECT written_at FROM events INDEXED BY events_written
WHERE lane = ? AND written_at >= ? AND written_at IS NOT NULL ORDER BY written_at LIMIT 1
"""
WRITTEN = """
SELECT written_at, order_id, seq FROM events INDEXED BY events_written
WHERE lane = ? AND written_at >= ? AND written_at < ? AND written_at IS NOT NULL ORDER BY written_at LIMIT ?
"""
BALANCES = f"""
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
PROVIDER_TRANSFERS = f"""
SELECT {_TRANSFER} FROM transfers INDEXED BY transfers_of_providers
WHERE ((debit >= 'provider:' AND debit < 'provider;') OR (credit >= 'provider:' AND credit < 'provider;'))
  AND (at, lane, order_id, seq, n) > (?, ?, ?, ?, ?) AND at < ?
ORDER BY at, lane, order_id, seq, n LIMIT ?
"""
OVERDUE = f"""
{_USED_LANES} SELECT count(*), min(next_deadline_at) FROM orders INDEXED BY orders_due
WHERE lane IN (SELECT lane FROM used) AND next_deadline_at <= ? AND next_deadline_at IS NOT NULL AND parked = 0
"""
_ORDER = """lane, id, version, snapshot, buyer, seller, currency, status, tabs, total,
placed_at, updated_at, next_deadline_at, search, parked, closed_at"""
SCAN_ORDERS = f"SELECT {_ORDER} FROM orders INDEXED BY orders_by_id WHERE id > :after ORDER BY id LIMIT :limit"
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
UNION SELECT 'disputes', order_id FROM disputes AS row
WHERE NOT EXISTS (SELECT 1 FROM orders WHERE orders.lane = row.lane AND orders.id = row.order_id)
UNION SELECT 'reviews', order_id FROM reviews AS row
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
