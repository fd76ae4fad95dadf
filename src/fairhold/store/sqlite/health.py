"""What `doctor` looks at: whether the file is sound and a commit durable, and how much room a disk should have."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

MEGABYTE = 1 << 20
LEAST_FREE = 256 * MEGABYTE
"""Below this much free space the database may soon be unable to grow."""

_FULL = 2


def problems(connection: sqlite3.Connection, path: Path) -> Iterator[str]:
    """Everything that is wrong with the database at `path`, as `connection` (a writing one) sees it."""
    for (finding,) in connection.execute("PRAGMA quick_check(20)").fetchall():
        if finding != "ok":
            yield f"The database {path} is damaged: {finding}. Restore a backup."
    mode = connection.execute("PRAGMA journal_mode").fetchone()[0]
    if mode != "wal":
        yield f"The database {path} keeps no write-ahead log (journal_mode is {mode}): the disk may not support it."
    level = connection.execute("PRAGMA synchronous").fetchone()[0]
    if level < _FULL:
        yield f"Commits to {path} are not synced to the disk (synchronous is {level}, not {_FULL}): a power cut loses orders."
