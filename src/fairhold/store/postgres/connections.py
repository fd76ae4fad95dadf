"""Opening connections: the settings that make a commit durable and plans steady, and a small pool for readers."""

import threading
from typing import Any, Protocol

import psycopg
from psycopg.conninfo import conninfo_to_dict
from psycopg.rows import TupleRow

from fairhold.engine.ports.store import StoreUnavailable
from fairhold.store.postgres import arrays
from fairhold.store.postgres.faults import explained
from fairhold.store.reading import Values

Connection = psycopg.Connection[TupleRow]

PATIENCE_SECONDS = 10
READERS = 8
"""Reading connections of a reader; whoever finds them all in use waits for one."""

_COMMON = (
    "SET application_name = 'fairhold'",
    "SET client_encoding = 'UTF8'",
    f"SET lock_timeout = '{PATIENCE_SECONDS}s'",
    # A process that stalls in the middle of a transaction must not hold up the others for ever.
    f"SET idle_in_transaction_session_timeout = '{PATIENCE_SECONDS}s'",
    "SET jit = off",
)
# A batch of eight took the server half a millisecond longer where it was planned anew for its values. Citus cannot do
# with such plans.
_PLAN_ONCE = """
DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_extension WHERE extname = 'citus') THEN
    PERFORM set_config('plan_cache_mode', 'force_generic_plan', false);
END IF; END $$
"""
# Every statement of a writer looks rows up by their keys. A plan that was made while a table was empty would read all of
# it ever after; so plans without the index are ruled out.
WRITING = (
    *_COMMON,
    "SET synchronous_commit = on",
    "SET enable_seqscan = off",
    "SET enable_mergejoin = off",
    # «Is anything due?» is answered by the first entry; a bitmap would gather all that are.
    "SET enable_bitmapscan = off",
    _PLAN_ONCE,
)
# Whoever migrates loads Alembic meanwhile, which takes a busy machine its time, and nobody is served before it is done.
MIGRATING = (*WRITING, "SET idle_in_transaction_session_timeout = 0")
# A list steps into an index for each of its runs. The plan is made once a connection, whatever the values, and must be
# right for the table as it will be when it has grown.
READING = (
    *(setting for setting in _COMMON if "idle_in" not in setting),
    "SET default_transaction_read_only = on",
    _PLAN_ONCE,
    "SET enable_seqscan = off",
    "SET enable_bitmapscan = off",
)

COPYING = (
    *(setting for setting in _COMMON if "idle_in" not in setting),
    "SET synchronous_commit = on",
)
"""For whoever copies a whole database, or loads one: a transaction waits for the other databases of the installation."""

arrays.register()


class Address:
    """Where a database is, and what to call it before people: without its password."""

    def __init__(self, url: str) -> None:
        self.url = url
        parts = conninfo_to_dict(url)
        host = parts.get("host") or "localhost"
        port = f":{parts['port']}" if parts.get("port") else ""
        self.name = f"{parts.get('dbname') or parts.get('user') or 'postgres'} on {host}{port}"

    def open(self, settings: tuple[str, ...]) -> Connection:
        """A new connection; each statement is a transaction of its own unless one is begun. Raises StoreUnavailable."""
        with explained(self.name):
            connection = psycopg.connect(
                self.url,
                autocommit=True,
                prepare_threshold=0,
                connect_timeout=PATIENCE_SECONDS,
                keepalives_idle=30,
                tcp_user_timeout=PATIENCE_SECONDS * 1000,
            )
            try:
                connection.prepared_max = 1000
                connection.pgconn.exec_("; ".join(settings).encode())
            except BaseException:
                connection.close()
                raise
        return connection


class Source(Protocol):
    """Where a reader takes a connection for the length of one answer."""

    def lend(self) -> Connection:
        """A connection that no other thread uses until it is taken back."""
        ...

    def take_back(self, connection: Connection) -> None:
        """The answer is read."""
        ...

    def close(self) -> None:
        """Nobody reads here any more."""
        ...


class Pool:
    """Reading connections: as many as there were threads reading at the same time, and never more than a few."""

    def __init__(self, address: Address, settings: tuple[str, ...] = READING, size: int = READERS) -> None:
        self._address = address
        self._settings = settings
        self._idle: list[Connection] = []
        self._closed = False
        self._lock = threading.Lock()
        self._free = threading.BoundedSemaphore(size)

    def lend(self) -> Connection:
        """An idle connection, or a new one. Raises StoreUnavailable."""
        if not self._free.acquire(timeout=PATIENCE_SECONDS):
            raise StoreUnavailable(f"The database {self._address.name} is in use: too many read from it at once.")
        try:
            with self._lock:
                if self._closed:
                    raise RuntimeError("the reader is closed")
                while self._idle:
                    connection = self._idle.pop()
                    if not connection.closed:
                        return connection
            return self._address.open(self._settings)
        except BaseException:
            self._free.release()
            raise

    def take_back(self, connection: Connection) -> None:
        """Keep the connection for the next who reads, if it is still good."""
        sound = not connection.closed and connection.info.transaction_status == psycopg.pq.TransactionStatus.IDLE
        dropped: list[Connection] = [] if sound else [connection]
        with self._lock:
            if connection.closed or connection.broken:
                # Whatever cut this one has most likely cut those that lie idle, too.
                dropped, self._idle = [*dropped, *self._idle], []
            elif sound and self._closed:
                dropped.append(connection)
            elif sound:
                self._idle.append(connection)
        for each in dropped:
            each.close()
        self._free.release()

    def close(self) -> None:
        """Close the idle ones now and the others as they come back."""
        with self._lock:
            self._closed = True
            idle, self._idle = self._idle, []
        for connection in idle:
            connection.close()


class Held:
    """One connection in one reading transaction; threads that share it take turns."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._ended = False
        self._turn = threading.Lock()

    def lend(self) -> Connection:
        """The connection, once nobody else reads from it."""
        self._turn.acquire()
        if self._ended:
            self._turn.release()
            raise RuntimeError("this moment is over")
        return self._connection

    def take_back(self, connection: Connection) -> None:
        """Let the next thread read."""
        assert connection is self._connection
        self._turn.release()

    def close(self) -> None:
        """The moment is over; the connection itself belongs to the pool."""
        with self._turn:
            self._ended = True


def rows(connection: Connection, statement: str, values: Values = ()) -> list[Any]:
    """All rows of the statement's answer; it is prepared once a connection and then only run."""
    return connection.execute(statement.encode(), values, binary=True).fetchall()
