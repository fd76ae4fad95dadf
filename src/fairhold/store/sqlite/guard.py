"""One process writes orders to a file: a lock beside the database tells the second one so, and dies with its process."""

import fcntl
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from fairhold.engine.ports.store import StoreUnavailable


class Guard:
    """The right of one store to write the database at `path`; other stores, in this process or another, are refused."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = path.with_name(f"{path.name}.lock")
        self._holders = 0
        self._descriptor = -1
        self._lock = threading.Lock()

    @contextmanager
    def held(self) -> Iterator[None]:
        """Nobody else writes while this lasts; one store may hold it several times. Raises StoreUnavailable."""
        with self._lock:
            if not self._holders:
                self._descriptor = self._seize()
            self._holders += 1
        try:
            yield
        finally:
            with self._lock:
                self._holders -= 1
                if not self._holders:
                    os.close(self._descriptor)

    def _seize(self) -> int:
        try:
            descriptor = os.open(self._file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        except OSError as error:
            raise StoreUnavailable(
                f"The database {self._path} cannot be opened for writing: {self._file} could not be made"
                f" ({error.strerror})."
            ) from error
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            os.ftruncate(descriptor, 0)
            os.write(descriptor, f"{os.getpid()}\n".encode())
        except BlockingIOError:
            holder = os.read(descriptor, 32).decode(errors="replace").strip()
            os.close(descriptor)
            raise StoreUnavailable(
                f"The database {self._path} is being served by another process{f' ({holder})' if holder else ''}."
                " SQLite takes one at a time: stop that one first, or use PostgreSQL for several."
            ) from None
        except OSError as error:
            os.close(descriptor)
            raise StoreUnavailable(
                f"The database {self._path} cannot be locked ({error.strerror}): does it lie on a network drive?"
            ) from error
        return descriptor
