"""Several statements in one journey, straight on libpq: each prepared once a connection and then only run.

A batch is a dozen statements, whose values are packed already. A cursor would look at each value for its type and at each
statement for its placeholders, batch after batch, and take longer over that than the server over the work.
"""

import re
import select
from collections.abc import Sequence
from itertools import count
from struct import Struct
from typing import Any, Final

from psycopg import OperationalError, errors, pq
from psycopg.adapt import Transformer

from fairhold.store.postgres.arrays import Packed
from fairhold.store.postgres.connections import Connection

Statement = tuple[str, tuple[Any, ...]]

_PLACE = re.compile("%s")
_INT8, _UNKNOWN = 20, 0
_TEXT, _BINARY = pq.Format.TEXT, pq.Format.BINARY
_INT: Final = Struct("!q").pack
_FAILED: Final = pq.ExecStatus.FATAL_ERROR
_ABORTED: Final = pq.ExecStatus.PIPELINE_ABORTED
_SYNCED: Final = pq.ExecStatus.PIPELINE_SYNC


class Pipeline:
    """One connection's way to run statements. Where one fails, none behind it is run, and its error is raised."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self._pg = connection.pgconn
        self._prepared: dict[str, bytes] = {}
        self._names = count(1)
        self._transformer = Transformer(connection)
        self._readable = select.poll()
        self._readable.register(self._pg.socket, select.POLLIN)
        self._either = select.poll()
        self._either.register(self._pg.socket, select.POLLIN | select.POLLOUT)

    def run(self, statements: Sequence[Statement]) -> list[pq.abc.PGresult]:
        """The statements' results, in order. Raises psycopg's error of the first that failed."""
        new: dict[str, bytes] = {}
        # For each result that will come, the statement whose preparing it tells of; None for one that was run.
        coming: list[str | None] = []
        pg = self._pg
        answered = False
        pg.enter_pipeline_mode()
        try:
            for statement, values in statements:
                name = self._prepared.get(statement) or new.get(statement)
                if name is None:
                    new[statement] = name = b"fairhold_%d" % next(self._names)
                    pg.send_prepare(name, _numbered(statement), [_oid(value) for value in values])
                    coming.append(statement)
                pg.send_query_prepared(
                    name, [_bytes(value) for value in values], [_format(value) for value in values], _BINARY
                )
                coming.append(None)
            pg.pipeline_sync()
            found, failure = self._results(coming, new)
            answered = True
        finally:
            if answered:
                pg.exit_pipeline_mode()
            else:
                # Nobody knows any more what the server would answer next.
                self.connection.close()
        if failure is not None:
            raise failure
        return found

    def _results(
        self, coming: Sequence[str | None], new: dict[str, bytes]
    ) -> tuple[list[pq.abc.PGresult], errors.Error | None]:
        self._send()
        found: list[pq.abc.PGresult] = []
        failure: errors.Error | None = None
        for statement in coming:
            result = self._next()
            if result is None:
                raise OperationalError("the server answered fewer statements than it was given")
            ended = self._next()
            assert ended is None, "each statement has one result"
            if result.status == _FAILED:
                failure = failure or self._error(result)
            elif result.status != _ABORTED and statement is not None:
                self._prepared[statement] = new[statement]
            elif statement is None:
                found.append(result)
        synced = self._next()
        if synced is None or synced.status != _SYNCED:
            raise failure or OperationalError("the server answered more statements than it was given")
        return found, failure

    def _error(self, result: pq.abc.PGresult) -> errors.Error:
        if self._pg.status != pq.ConnStatus.OK:
            return OperationalError(self._pg.get_error_message())
        return errors.error_from_result(result, encoding=self.connection.info.encoding)

    def _send(self) -> None:
        """Hand everything to the kernel, reading meanwhile: the server stops listening while nobody takes its answers."""
        pg = self._pg
        while pg.flush():
            for _, event in self._either.poll():
                if event & ~select.POLLOUT:
                    pg.consume_input()

    def _next(self) -> pq.abc.PGresult | None:
        pg = self._pg
        while pg.is_busy():
            self._readable.poll()
            pg.consume_input()
        return pg.get_result()

    def rows(self, result: pq.abc.PGresult) -> list[Any]:
        """The rows of a result."""
        self._transformer.set_pgresult(result)
        return self._transformer.load_rows(0, result.ntuples, tuple)


def _numbered(statement: str) -> bytes:
    """The statement with `$1`, `$2`… for its places."""
    numbers = count(1)
    return _PLACE.sub(lambda _: f"${next(numbers)}", statement).encode()


def _oid(value: Any) -> int:
    if isinstance(value, Packed):
        return value.OID
    return _INT8 if isinstance(value, int) else _UNKNOWN


def _bytes(value: Any) -> bytes | None:
    if value is None:
        return None
    if isinstance(value, Packed):
        return value.data
    return _INT(value) if isinstance(value, int) else value.encode()


def _format(value: Any) -> pq.Format:
    return _TEXT if isinstance(value, str) else _BINARY
