"""The store's own statements, run by apsw instead of the standard library's sqlite3.

The two modules speak to the same C interface and differ in manners; what the store uses of sqlite3's is little: `connect`,
`execute`, `executemany`, `fetchone`, `fetchall`, `rowcount`, `in_transaction`, `close`, and errors with a code. An answer
is read whole when its statement is run.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from types import SimpleNamespace
from typing import Any
from unittest import mock

import apsw

from fairhold.store.sqlite import connections

_FLAGS = apsw.SQLITE_OPEN_READWRITE | apsw.SQLITE_OPEN_CREATE | apsw.SQLITE_OPEN_URI
Values = Sequence[Any] | Mapping[str, Any]


class Rows:
    """What a statement answered."""

    def __init__(self, rows: list[Any], changed: int) -> None:
        self._rows = iter(rows)
        self.rowcount = changed

    def fetchone(self) -> Any:
        return next(self._rows, None)

    def fetchall(self) -> list[Any]:
        return list(self._rows)

    def __iter__(self) -> Iterator[Any]:
        return self._rows


class Connection:
    """A connection as the store knows it."""

    def __init__(self, uri: str, vfs: str, patience: float, kept: int) -> None:
        with _translated():
            self._apsw = apsw.Connection(uri, flags=_FLAGS, vfs=vfs, statementcachesize=kept)
            self._apsw.set_busy_timeout(int(patience * 1000))

    @property
    def in_transaction(self) -> bool:
        return self._apsw.in_transaction

    def execute(self, statement: str, values: Values = ()) -> Rows:
        before = self._apsw.total_changes()
        with _translated():
            rows = self._apsw.execute(statement, values).fetchall()
        return Rows(rows, self._apsw.total_changes() - before)

    def executemany(self, statement: str, many: Iterable[Values]) -> Rows:
        before = self._apsw.total_changes()
        with _translated():
            self._apsw.executemany(statement, many).fetchall()
        return Rows([], self._apsw.total_changes() - before)

    def close(self) -> None:
        # sqlite3 says nothing where the log could not be moved on leaving, either: it is read by the next who opens.
        with suppress(apsw.Error):
            self._apsw.close()


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except apsw.Error as error:
        constraint = isinstance(error, apsw.ConstraintError)
        same = sqlite3.IntegrityError(str(error)) if constraint else sqlite3.OperationalError(str(error))
        same.sqlite_errorcode = getattr(error, "extendedresult", apsw.SQLITE_ERROR)
        raise same from error


@contextmanager
def connecting(vfs: str, **pragmas: str | int) -> Iterator[None]:
    """Have every connection that the store opens be one of apsw's, on that file system.

    `pragmas` replace the store's own settings of these names, for controls and for a log that is moved more often.
    """

    def connect(where: str, *, timeout: float, cached_statements: int, **_: object) -> Connection:
        return Connection(where, vfs, timeout, cached_statements)

    with ExitStack() as patched:
        patched.enter_context(mock.patch.object(connections, "sqlite3", SimpleNamespace(connect=connect)))
        for name in ("ORDER_PRAGMAS", "SMALL_PRAGMAS"):
            settings = _with(getattr(connections, name), pragmas)
            patched.enter_context(mock.patch.object(connections, name, settings))
        yield


def _with(settings: tuple[str, ...], pragmas: Mapping[str, str | int]) -> tuple[str, ...]:
    """Each named pragma, where it is set, set to this value."""
    found = []
    for setting in settings:
        name = setting.split()[1]
        # What must never move the log goes on not moving it.
        found.append(f"PRAGMA {name} = {pragmas[name]}" if name in pragmas and not setting.endswith("= 0") else setting)
    return tuple(found)
