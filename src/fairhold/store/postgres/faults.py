"""What PostgreSQL's errors mean to the engine: a conflict, an unusable database, or a bug of ours that stays what it is."""

from collections.abc import Iterator
from contextlib import contextmanager

from psycopg import Error, InterfaceError, OperationalError, errors

from fairhold.engine.ports.store import Conflict, StoreUnavailable

_CONFLICTS = (errors.UniqueViolation, errors.DeadlockDetected, errors.SerializationFailure)
_NOT_MIGRATED = (errors.UndefinedTable, errors.UndefinedColumn, errors.UndefinedFunction)
_MEANINGS: tuple[tuple[type[Error], str], ...] = (
    (errors.DiskFull, "cannot grow: its disk is full"),
    (errors.LockNotAvailable, "is in use: another process has kept a row or a table locked for too long"),
    (errors.IdleInTransactionSessionTimeout, "has given up what this process, which stood still, had begun"),
    (errors.QueryCanceled, "took too long, or somebody cancelled what it did"),
    (errors.ReadOnlySqlTransaction, "may not be written to: it is a standby, or set to read only"),
    (errors.InsufficientPrivilege, "may not be used by this role"),
    (errors.DataCorrupted, "is damaged: stop everything that uses it and restore a backup"),
    (errors.IndexCorrupted, "is damaged: stop everything that uses it and restore a backup"),
    (OperationalError, "cannot be reached"),
    (InterfaceError, "cannot be reached"),
)


@contextmanager
def explained(name: str) -> Iterator[None]:
    """Turn errors about the database `name` into Conflict or StoreUnavailable; what is a bug passes."""
    try:
        yield
    except Error as error:
        meant = _meaning(name, error)
        if meant is None:
            raise
        raise meant from error


def _meaning(name: str, error: Error) -> Exception | None:
    said = " ".join(str(error).split())
    # Citus tells of a row that exists already as an internal error.
    if isinstance(error, _CONFLICTS) or (isinstance(error, errors.InternalError_) and "duplicate key value" in said):
        return Conflict(said)
    if isinstance(error, _NOT_MIGRATED):
        return StoreUnavailable(
            f"The database {name} has no tables for this version of Fairhold: run `fairhold migrate`."
        )
    for kind, meaning in _MEANINGS:
        if isinstance(error, kind):
            return StoreUnavailable(f"The database {name} {meaning} ({said}).")
    return None
