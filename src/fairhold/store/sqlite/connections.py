"""Opening connections: the settings that make a commit durable and reading fast, and a pool for readers."""

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Protocol

from fairhold.store.sqlite import statements
from fairhold.store.sqlite.faults import explained

PATIENCE_SECONDS = 5.0
"""How long a connection waits for another process's lock before it gives up."""

_KEPT_STATEMENTS = 256

DURABLE_PRAGMAS = (
    "PRAGMA journal_mode = WAL",
    # In WAL, NORMAL would sync at checkpoints only and lose acknowledged commits at a power cut.
    "PRAGMA synchronous = FULL",
    # Also empty the drive's own cache where that is a separate request (macOS).
    "PRAGMA fullfsync = ON",
    "PRAGMA temp_store = MEMORY",
    # Debian builds SQLite to overwrite what is deleted; do so only where it costs no further write.
    "PRAGMA secure_delete = FAST",
)
ORDER_PRAGMAS = (
    *DURABLE_PRAGMAS,
    "PRAGMA cache_size = -65536",
    # A checkpoint rewrites each page once, however often the log has it: rarer ones write less.
    "PRAGMA wal_autocheckpoint = 8000",
    "PRAGMA journal_size_limit = 67108864",
)
# Only connections that write orders move the log into the file, one at a time: up to 3.51.2, SQLite could lose a
# commit when one connection moved the log while another began it anew (sqlite.org/wal.html, the WAL-reset bug).
SMALL_PRAGMAS = (*DURABLE_PRAGMAS, "PRAGMA wal_autocheckpoint = 0")
READING_PRAGMAS = ("PRAGMA query_only = ON", "PRAGMA cache_size = -8192", "PRAGMA temp_store = MEMORY")


def open_for_orders(path: Path, patience: float = PATIENCE_SECONDS) -> sqlite3.Connection:
    """A connection that writes batches, each on the disk once committed; makes the file where there is none.

    Only its owner may read a file that is made here: it holds people's orders, the hashes of their sessions and keys, and
    the secret. SQLite gives its log the same permissions.
    """
    # Only a file that is not there yet is opened: closing it would drop every POSIX lock that connections of this
    # process hold on it, and the next process to leave would take the log away from under them (sqlite.org/howtocorrupt.html).
    with suppress(OSError):  # SQLite says in words why it cannot
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
    return _open(path, "rwc", ORDER_PRAGMAS, patience)


def open_for_small_tables(path: Path, patience: float = PATIENCE_SECONDS) -> sqlite3.Connection:
    """A connection that writes settings, sessions and keys, each on the disk once committed; the file must exist."""
    return _open(path, "rw", SMALL_PRAGMAS, patience)


def open_reading(path: Path, patience: float = PATIENCE_SECONDS) -> sqlite3.Connection:
    """A connection that only reads; the file must exist."""
    return _open(path, "rw", READING_PRAGMAS, patience)


def _open(path: Path, mode: str, pragmas: tuple[str, ...], patience: float) -> sqlite3.Connection:
    with explained(path):
        connection = sqlite3.connect(
            f"{path.absolute().as_uri()}?mode={mode}",
            timeout=patience,
            isolation_level=None,
            check_same_thread=False,
            cached_statements=_KEPT_STATEMENTS,
            uri=True,
        )
        try:
            for pragma in pragmas:
                connection.execute(pragma).fetchall()
        except BaseException:
            connection.close()
            raise
    return connection


@contextmanager
def transaction(connection: sqlite3.Connection, path: Path) -> Iterator[None]:
    """All that happens inside is committed together, durably, or not at all. Raises Conflict or StoreUnavailable."""
    with explained(path):
        connection.execute(statements.BEGIN_WRITING)
        try:
            yield
            connection.execute(statements.COMMIT)
        except BaseException:
            # Some failures, such as a full disk, have already ended the transaction.
            if connection.in_transaction:
                connection.execute(statements.ROLLBACK)
            raise


class Source(Protocol):
    """Where a reader takes a connection for the length of one answer."""

    def lend(self) -> sqlite3.Connection:
        """A connection that no other thread uses until it is taken back."""
        ...

    def take_back(self, connection: sqlite3.Connection) -> None:
        """The answer is read."""
        ...

    def close(self) -> None:
        """Nobody reads here any more."""
        ...


class Pool:
    """Reading connections: as many as there were threads reading at the same time, each used by one at a time."""

    def __init__(self, path: Path, patience: float) -> None:
        self._path = path
        self._patience = patience
        self._idle: list[sqlite3.Connection] = []
        self._closed = False
        self._lock = threading.Lock()

    def lend(self) -> sqlite3.Connection:
        """An idle connection, or a new one."""
        with self._lock:
            if self._closed:
                raise RuntimeError("the reader is closed")
            if self._idle:
                return self._idle.pop()
        return open_reading(self._path, self._patience)

    def take_back(self, connection: sqlite3.Connection) -> None:
        """Keep the connection for the next who reads."""
        with self._lock:
            if not self._closed:
                self._idle.append(connection)
                return
        connection.close()

    def close(self) -> None:
        """Close the idle ones now and the others as they come back."""
        with self._lock:
            self._closed = True
            idle, self._idle = self._idle, []
        for connection in idle:
            connection.close()


class Held:
    """One connection in one reading transaction; threads that share it take turns."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._ended = False
        self._turn = threading.Lock()

    def lend(self) -> sqlite3.Connection:
        """The connection, once nobody else reads from it."""
        self._turn.acquire()
        if self._ended:
            self._turn.release()
            raise RuntimeError("this moment is over")
        return self._connection

    def take_back(self, connection: sqlite3.Connection) -> None:
        """Let the next thread read."""
        assert connection is self._connection
        self._turn.release()

    def close(self) -> None:
        """The moment is over; the connection itself belongs to the pool."""
        with self._turn:
            self._ended = True
