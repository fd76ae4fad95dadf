"""The tables, as numbered migrations. What has been released is never edited: changes are further migrations.

Whatever belongs to an order has its lane first in its key, so that lanes can live in different databases. Tables are
STRICT: a sum that no longer fits 64 bits fails instead of turning into a float.

What a commit costs is the number of pages it touches, and a batch's orders lie far apart. So rows are appended
(tables with a rowid) and only the slim index of their key is written in the middle: in trees of whole rows (WITHOUT
ROWID) the same batches took half as long again. For the same reason an index holds a column that changes only where
it pays.
"""

from typing import NamedTuple


class Migration(NamedTuple):
    """A step from one version of the tables to the next; runs as one transaction."""

    number: int
    name: str
    statements: tuple[str, ...]


ORDERS = """
CREATE TABLE orders (
    lane INTEGER NOT NULL,
    id TEXT NOT NULL,
    version INTEGER NOT NULL CHECK (version > 0),
    buyer TEXT NOT NULL,
    seller TEXT NOT NULL,
    currency TEXT NOT NULL,
    status TEXT NOT NULL,
    tabs INTEGER NOT NULL,
    total INTEGER NOT NULL,
    placed_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    next_deadline_at INTEGER,
    closed_at INTEGER,
    parked INTEGER NOT NULL DEFAULT 0 CHECK (parked IN (0, 1)),
    has_keys INTEGER NOT NULL DEFAULT 1 CHECK (has_keys IN (0, 1)),
    search TEXT NOT NULL,
    snapshot BLOB NOT NULL,
    PRIMARY KEY (lane, id)
) STRICT
"""

EVENTS = """
CREATE TABLE events (
    lane INTEGER NOT NULL,
    order_id TEXT NOT NULL,
    seq INTEGER NOT NULL CHECK (seq > 0),
    at INTEGER NOT NULL,
    by TEXT NOT NULL,
    type TEXT NOT NULL,
    data BLOB NOT NULL,
    PRIMARY KEY (lane, order_id, seq)
) STRICT
"""

TRANSFERS = """
CREATE TABLE transfers (
    lane INTEGER NOT NULL,
    order_id TEXT NOT NULL,
    seq INTEGER NOT NULL,
    n INTEGER NOT NULL,
    debit TEXT NOT NULL,
    credit TEXT NOT NULL,
    amount INTEGER NOT NULL CHECK (amount > 0),
    at INTEGER NOT NULL,
    PRIMARY KEY (lane, order_id, seq, n)
) STRICT
"""

BALANCES = """
CREATE TABLE balances (
    lane INTEGER NOT NULL,
    account TEXT NOT NULL,
    balance INTEGER NOT NULL,
    PRIMARY KEY (lane, account)
) STRICT, WITHOUT ROWID
"""

OUTBOX = """
CREATE TABLE outbox (
    lane INTEGER NOT NULL,
    order_id TEXT NOT NULL,
    seq INTEGER NOT NULL,
    n INTEGER NOT NULL,
    destination TEXT NOT NULL,
    payload BLOB NOT NULL,
    not_before INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'parked', 'done')),
    attempts INTEGER NOT NULL,
    error TEXT
) STRICT
"""

IDEMPOTENCY = """
CREATE TABLE idempotency (
    lane INTEGER NOT NULL,
    order_id TEXT NOT NULL,
    key TEXT NOT NULL,
    fingerprint BLOB NOT NULL,
    made TEXT NOT NULL,
    version INTEGER NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (lane, order_id, key)
) STRICT
"""

META = "CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID"

SESSIONS = """
CREATE TABLE sessions (
    token_hash BLOB PRIMARY KEY,
    person TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    seen_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID
"""

API_KEYS = """
CREATE TABLE api_keys (
    id TEXT PRIMARY KEY,
    key_hash BLOB NOT NULL,
    label TEXT NOT NULL,
    roles TEXT NOT NULL,
    scopes TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    revoked_at INTEGER
) STRICT, WITHOUT ROWID
"""

INDEXES = (
    # Lists by person. A seller may have millions of orders: their tabs are counted from the index alone. A buyer has
    # hundreds, whose rows are soon counted; without `tabs` a change of state leaves this index as it is.
    "CREATE INDEX orders_by_buyer ON orders (buyer, id)",
    "CREATE INDEX orders_by_seller ON orders (seller, id, tabs)",
    # Lists over all lanes, by time of placing.
    "CREATE INDEX orders_by_id ON orders (id)",
    # The sweep and the nightly jobs: finished orders leave these indexes.
    "CREATE INDEX orders_due ON orders (lane, next_deadline_at, id) WHERE next_deadline_at IS NOT NULL AND parked = 0",
    "CREATE INDEX orders_parked ON orders (id) WHERE parked = 1",
    "CREATE INDEX orders_closed ON orders (lane, closed_at, id) WHERE closed_at IS NOT NULL AND has_keys = 1",
    # Only messages that are not done: which is which and who stands first; by time for the courier.
    "CREATE UNIQUE INDEX outbox_open ON outbox (lane, order_id, seq, n) WHERE state <> 'done'",
    "CREATE INDEX outbox_waiting ON outbox (lane, not_before, order_id, seq, n) WHERE state = 'waiting'",
    # A placing's key stands under no order: this finds it when its order is forgotten.
    "CREATE INDEX idempotency_made ON idempotency (lane, made) WHERE order_id = ''",
    "CREATE INDEX sessions_expiring ON sessions (expires_at)",
)

MIGRATIONS = (
    Migration(
        1,
        "the first tables",
        (ORDERS, EVENTS, TRANSFERS, BALANCES, OUTBOX, IDEMPOTENCY, META, SESSIONS, API_KEYS, *INDEXES),
    ),
)
