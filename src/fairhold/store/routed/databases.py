"""One of the databases: what it is called, and whether it answers just now."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager

import structlog
from psycopg import InterfaceError, OperationalError

from fairhold.engine.ports.store import StoreUnavailable
from fairhold.store.postgres.connections import READING
from fairhold.store.postgres.store import PostgresStore

_log = structlog.get_logger("fairhold.store")

PROBE_SECONDS = 1.0
"""How often a database that did not answer is asked again."""


class Away(StoreUnavailable):
    """The database does not answer at all. What it would say of itself is not known."""


class Database:
    """A database that is left alone while it does not answer.

    Whoever asks a machine that is gone waits for seconds, and all lanes of a process are written by one thread. So after
    one failure everybody is told at once, until a thread of this object has had an answer again.
    """

    def __init__(self, name: str, store: PostgresStore) -> None:
        self.name = name
        self.store = store
        self._trouble: str | None = None
        self._lock = threading.Lock()
        self._closed = threading.Event()

    @contextmanager
    def asked(self) -> Iterator[None]:
        """What happens inside asks the database. Raises Away, at once where it is known not to answer."""
        if self._trouble is not None:
            raise Away(self._trouble)
        try:
            yield
        except StoreUnavailable as error:
            if is_lost(error):
                self._note(str(error))
                raise Away(str(error)) from error.__cause__
            raise

    def answers(self) -> bool:
        """Whether it answers now; at once where it is known not to."""
        try:
            with self.asked():
                self.store.setting("lanes")
        except Away:
            return False
        return True

    def _note(self, trouble: str) -> None:
        with self._lock:
            if self._trouble is not None or self._closed.is_set():
                return
            self._trouble = trouble
            threading.Thread(target=self._probe, name="fairhold-probe", daemon=True).start()

    def _probe(self) -> None:
        told = False
        while not self._answers():
            if not told:
                _log.error("database does not answer; the others go on", database=self.name, error=self._trouble)
                told = True
            if self._closed.wait(PROBE_SECONDS):
                return
        with self._lock:
            self._trouble = None
        if told:
            _log.warning("database answers again", database=self.name)

    def _answers(self) -> bool:
        try:
            with closing(self.store.address.open(READING)):
                return True
        except StoreUnavailable as error:
            self._trouble = str(error)
            return False

    def close(self) -> None:
        """Ask no more, and close its connections."""
        self._closed.set()
        self.store.close()


def is_lost(error: StoreUnavailable) -> bool:
    """Whether the database could not be reached at all; a full disk, a locked table or a missing one is another matter."""
    cause = error.__cause__
    if not isinstance(cause, OperationalError | InterfaceError):
        return False
    return cause.sqlstate is None or cause.sqlstate.startswith(("08", "57P"))


def named(stores: Sequence[PostgresStore]) -> tuple[Database, ...]:
    """The databases of these stores; those that cannot be told apart by name are numbered."""
    names = [store.name for store in stores]
    return tuple(
        Database(name if names.count(name) == 1 else f"{name} (number {number} in the list)", store)
        for number, (name, store) in enumerate(zip(names, stores, strict=True), 1)
    )
