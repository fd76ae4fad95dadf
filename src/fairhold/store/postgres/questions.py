"""Every statement that only reads, by name. Columns stand in the order of the port's rows; `{lane}` is put in as a number."""
# ruff: noqa: S608 - statements are put together from the constants of this file only; values are always bound

from fairhold.store.postgres.statements import MESSAGE

BEGIN_MOMENT = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
# The moment is that of the first statement.
START_MOMENT = "SELECT 1"

LOAD_ORDER = "SELECT version, snapshot FROM orders WHERE lane = {lane} AND id = %s"
EVENTS = """
SELECT lane, order_id, seq, at, by, type, data, salt, commitment, written_at FROM events
WHERE lane = {lane} AND order_id = %s AND seq BETWEEN %s AND %s ORDER BY seq
"""
COMMITMENTS = """
SELECT commitment, CASE WHEN commitment IS NULL THEN data END FROM events
WHERE lane = {lane} AND order_id = %s AND seq <= %s ORDER BY seq
"""
FIRST_WRITTEN = """
SELECT written_at FROM events
WHERE lane = {lane} AND written_at >= %s AND written_at IS NOT NULL ORDER BY written_at LIMIT 1
"""
WRITTEN = """
SELECT written_at, order_id, seq FROM events
WHERE lane = {lane} AND written_at >= %s AND written_at < %s AND written_at IS NOT NULL ORDER BY written_at LIMIT %s
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
BALANCES = f"""
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
PROVIDER_TRANSFERS = f"""
SELECT {_TRANSFER} FROM transfers
WHERE ((debit >= 'provider:' AND debit < 'provider;') OR (credit >= 'provider:' AND credit < 'provider;'))
  AND (at, lane, order_id, seq, n) > (%s, %s, %s, %s, %s) AND at < %s
ORDER BY at, lane, order_id, seq, n LIMIT %s
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
PLACING_KEYS = """
SELECT lane, order_id, key, fingerprint, made, version, at FROM idempotency
WHERE lane = {lane} AND order_id = '' AND key = ANY(%s)
"""
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
UNION SELECT 'disputes', order_id FROM disputes AS stray
WHERE NOT EXISTS (SELECT FROM orders WHERE orders.lane = stray.lane AND orders.id = stray.order_id)
UNION SELECT 'reviews', order_id FROM reviews AS stray
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
