"""Every statement that writes or claims, by name. Columns stand in the order of the port's rows.

`{lane}` is put in as a number, not bound: so a statement's plan, prepared once, is made for the one partition that the
lane lies in, and no other is opened or locked. Statements of a batch take each column as one array.
"""
# ruff: noqa: S608 - statements are put together from the constants of this file only; values are always bound

# Transactions

BEGIN = "BEGIN"
COMMIT = "COMMIT"
ROLLBACK = "ROLLBACK"
LOCK_CLASS = 0x466169  # «Fai»
# Batches of one lane go one after the other, as they would at the rows of its balances: so no two of them can wait for
# each other. The lock ends with the transaction, whatever becomes of the process.
LOCK_LANE = f"SELECT pg_advisory_xact_lock({LOCK_CLASS}, {{lane}})"
# The same for a batch, whose updates must find their rows by `= ANY` in an index and then join them by hash: a plan that
# was made while the table was empty would otherwise compare each of the lane's rows with each of the batch's.
LOCK_AND_HASH = f"SELECT pg_advisory_xact_lock({LOCK_CLASS}, {{lane}}), set_config('enable_nestloop', 'off', true)"
LOCK_MIGRATIONS = f"SELECT pg_advisory_xact_lock({LOCK_CLASS}, -1)"

# Migrations and meta

HAS_TABLE = "SELECT to_regclass(%s) IS NOT NULL"
HAS_TABLES = "SELECT EXISTS (SELECT FROM pg_tables WHERE schemaname = current_schema())"
# Servers share a lock for as long as they write; whoever changes which lanes lie where must be alone with the data.
# Several installations may lie in schemas of one database.
LOCK_JOINING = f"SELECT pg_advisory_lock({LOCK_CLASS + 2}, hashtext(current_schema()))"
SERVE = f"SELECT pg_advisory_lock_shared({LOCK_CLASS + 3}, hashtext(current_schema()))"
BE_ALONE = f"SELECT pg_try_advisory_lock({LOCK_CLASS + 3}, hashtext(current_schema()))"

# Copies

IS_HOME = "SELECT EXISTS (SELECT FROM meta WHERE name = 'home')"
BEGIN_MOMENT = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
TABLES = """
SELECT relname FROM pg_class
WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition ORDER BY relname
"""
COLUMNS = """
SELECT attname FROM pg_attribute WHERE attrelid = to_regclass(%s) AND attnum > 0 AND NOT attisdropped ORDER BY attnum
"""
SIZE = "SELECT coalesce(sum(pg_table_size(relid)), 0)::bigint FROM pg_partition_tree(to_regclass(%s))"
COPY_OUT = "COPY (SELECT {columns} FROM {table}) TO STDOUT"
COPY_IN = "COPY {table} ({columns}) FROM STDIN"
COUNT = "SELECT count(*) FROM {}"
EMPTY = "TRUNCATE {}"

# Writing a batch

LOAD_ORDERS = "SELECT id, version, snapshot FROM orders WHERE lane = {lane} AND id = ANY(%s)"
VERSIONS = "SELECT id, version FROM orders WHERE lane = {lane} AND id = ANY(%s)"
LOAD_KEYS = """
SELECT stored.lane, stored.order_id, stored.key, fingerprint, made, version, at
FROM unnest(%s, %s) AS asked (order_id, key)
CROSS JOIN LATERAL (
    SELECT * FROM idempotency WHERE lane = {lane} AND order_id = asked.order_id AND key = asked.key OFFSET 0
) AS stored
"""
# Where a version is not as expected, the division fails and nothing behind it in the pipeline happens.
UPDATE_ORDERS = """
WITH changed AS (
    UPDATE orders SET version = new.version, snapshot = new.snapshot, status = new.status, tabs = new.tabs,
                      total = new.total, updated_at = new.updated_at, next_deadline_at = new.next_deadline_at,
                      search = new.search, parked = new.parked, closed_at = new.closed_at, has_keys = 1
    FROM unnest(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
        AS new (id, expected, version, snapshot, status, tabs, total, updated_at, next_deadline_at, search, parked,
                closed_at)
    WHERE orders.lane = {lane} AND orders.id = ANY(%s) AND orders.id = new.id AND orders.version = new.expected
    RETURNING 1
)
SELECT 1 / (count(*) = %s)::int FROM changed
"""
INSERT_ORDERS = """
INSERT INTO orders (lane, id, version, snapshot, buyer, seller, currency, status, tabs, total, placed_at, updated_at,
                    next_deadline_at, search, parked, closed_at)
SELECT {lane}, * FROM unnest(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
"""
INSERT_EVENTS = """
INSERT INTO events (lane, order_id, seq, at, by, type, data, salt, commitment, written_at)
SELECT {lane}, * FROM unnest(%s, %s, %s, %s, %s, %s, %s, %s, %s)
"""
INSERT_TRANSFERS = """
INSERT INTO transfers (lane, order_id, seq, n, debit, credit, amount, at)
SELECT {lane}, * FROM unnest(%s, %s, %s, %s, %s, %s, %s)
"""
CHANGE_BALANCES = """
INSERT INTO balances (lane, account, balance) SELECT {lane}, * FROM unnest(%s, %s)
ON CONFLICT (lane, account) DO UPDATE SET balance = balances.balance + excluded.balance
"""
INSERT_MESSAGES = """
INSERT INTO outbox (lane, order_id, seq, n, destination, payload, not_before, state, attempts, error)
SELECT {lane}, * FROM unnest(%s, %s, %s, %s, %s, %s, %s, %s, %s)
"""
FINISH_MESSAGES = """
UPDATE outbox SET state = 'done', attempts = new.attempts, error = new.error
FROM unnest(%s, %s, %s, %s, %s) AS new (order_id, seq, n, attempts, error)
WHERE outbox.lane = {lane} AND outbox.order_id = ANY(%s) AND state <> 'done'
  AND outbox.order_id = new.order_id AND outbox.seq = new.seq AND outbox.n = new.n
"""
INSERT_KEYS = """
INSERT INTO idempotency (lane, order_id, key, fingerprint, made, version, at)
SELECT {lane}, * FROM unnest(%s, %s, %s, %s, %s, %s)
"""

# The sweeper, the courier and the nightly jobs. What a process has claimed no other gets, until the claim is given back,
# or has grown old: its process may be dead. Claims are made one after the other within a lane.

LOCK_CLAIMS = f"SELECT pg_advisory_xact_lock({LOCK_CLASS + 1}, {{lane}})"
GIVE_BACK = "DELETE FROM claims WHERE lane = {lane} AND kind = %s AND (by = %s OR until < now())"
CLAIM = """
INSERT INTO claims (lane, kind, order_id, by, until)
SELECT DISTINCT {lane}, %s, claimed, %s, now() + make_interval(secs => %s) FROM unnest(%s) AS claimed
"""
_FREE = "NOT EXISTS (SELECT FROM claims WHERE claims.lane = {lane} AND claims.kind = %s AND claims.order_id = "
ANY_DUE_ORDER = """
SELECT FROM orders WHERE lane = {lane} AND next_deadline_at <= %s AND next_deadline_at IS NOT NULL AND parked = 0 LIMIT 1
"""
DUE_ORDERS = f"""
SELECT id FROM orders
WHERE lane = {{lane}} AND next_deadline_at <= %s AND next_deadline_at IS NOT NULL AND parked = 0 AND {_FREE}orders.id)
ORDER BY next_deadline_at, id LIMIT %s
"""
NEXT_DEADLINE = """
SELECT next_deadline_at FROM orders
WHERE lane = {lane} AND next_deadline_at IS NOT NULL AND parked = 0 ORDER BY next_deadline_at LIMIT 1
"""
PARK_ORDER = "UPDATE orders SET parked = 1 WHERE lane = {lane} AND id = %s"
PUT_OFF = "UPDATE orders SET next_deadline_at = %s WHERE lane = {lane} AND id = %s AND version = %s"
UNPARK_ORDERS = "UPDATE orders SET parked = 0 WHERE lane = {lane} AND parked = 1"
# A message is first in its row when no earlier one of the same order and destination is still open.
_FIRST = """
NOT EXISTS (
    SELECT FROM outbox AS earlier
    WHERE earlier.lane = {lane} AND earlier.order_id = message.order_id
      AND earlier.destination = message.destination AND earlier.state <> 'done'
      AND (earlier.seq, earlier.n) < (message.seq, message.n))
"""
MESSAGE = "lane, order_id, seq, n, destination, payload, not_before, state, attempts, error"
ANY_DUE_MESSAGE = "SELECT FROM outbox WHERE lane = {lane} AND state = 'waiting' AND not_before <= %s LIMIT 1"
DUE_MESSAGES = f"""
SELECT {MESSAGE} FROM outbox AS message
WHERE lane = {{lane}} AND state = 'waiting' AND not_before <= %s AND {_FREE}message.order_id) AND {_FIRST}
ORDER BY not_before, order_id, seq, n LIMIT %s
"""
NEXT_MESSAGE = f"""
SELECT not_before FROM outbox AS message
WHERE lane = {{lane}} AND state = 'waiting' AND {_FIRST} ORDER BY not_before LIMIT 1
"""
MARK_MESSAGES = """
UPDATE outbox SET state = new.state, attempts = new.attempts, not_before = new.not_before, error = new.error
FROM unnest(%s, %s, %s, %s, %s, %s, %s) AS new (order_id, seq, n, state, attempts, not_before, error)
WHERE outbox.lane = {lane} AND outbox.order_id = ANY(%s) AND outbox.state <> 'done'
  AND outbox.order_id = new.order_id AND outbox.seq = new.seq AND outbox.n = new.n
"""
FORGET_MESSAGES = """
DELETE FROM outbox USING unnest(%s, %s, %s) AS gone (order_id, seq, n)
WHERE outbox.lane = {lane} AND outbox.order_id = ANY(%s)
  AND outbox.order_id = gone.order_id AND outbox.seq = gone.seq AND outbox.n = gone.n
"""
CLOSED_WITH_KEYS = """
SELECT id FROM orders
WHERE lane = {lane} AND closed_at < %s AND closed_at IS NOT NULL AND has_keys = 1 ORDER BY closed_at, id LIMIT %s
"""
FORGET_KEYS_OF_ORDERS = "DELETE FROM idempotency WHERE lane = {lane} AND order_id = ANY(%s)"
FORGET_KEYS_OF_PLACING = "DELETE FROM idempotency WHERE lane = {lane} AND order_id = '' AND made = ANY(%s)"
KEYS_FORGOTTEN = "UPDATE orders SET has_keys = 0 WHERE lane = {lane} AND id = ANY(%s)"
