"""SQLite's files on a disk that forgets: what a program sees is a real file, what would survive a power cut is `Disk`'s.

apsw brings an SQLite of its own, and a way to write what SQLite calls a VFS in Python. Reading, locking and the shared
memory of the write-ahead log are left to the ordinary one.
"""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

import apsw

from tests.crash.disk import Disk, Inode, PowerCut

NAME = "forgetful"
T = TypeVar("T")


class Forgetful(apsw.VFS):
    """The file system. Everything in `folder` lies on `disk`."""

    def __init__(self, folder: Path, disk: Disk) -> None:
        self._folder = str(folder)
        self.disk = disk
        super().__init__(NAME, "")

    def xOpen(self, name: str | apsw.URIFilename | None, flags: list[int]) -> apsw.VFSFile:  # noqa: N802 - SQLite's name
        """Open a file of the database; anything else, such as a temporary one, is nobody's to lose."""
        path = name.filename() if isinstance(name, apsw.URIFilename) else name
        if path is None or not path.startswith(self._folder):
            return apsw.VFSFile("", name, flags)
        return _File(name, path, flags, self.disk)

    def xDelete(self, path: str, syncdir: bool) -> None:  # noqa: N802
        """Take a file away."""
        # SQLite does not ask whether that worked, and apsw would print what was raised.
        with suppress(PowerCut):
            self.disk.delete(Path(path).name, synced=syncdir)
            super().xDelete(path, syncdir)

    def excepthook(self, *_: object) -> bool:
        """Nobody needs to hear that the power failed."""
        return True


class _File(apsw.VFSFile):
    def __init__(self, name: str | apsw.URIFilename | None, path: str, flags: list[int], disk: Disk) -> None:
        self._name = Path(path).name
        self._disk = disk
        self._inode: Inode = _powered(lambda: disk.open(self._name))
        super().__init__("", name, flags)

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802
        _powered(lambda: self._disk.write(self._inode, offset, bytes(data)))
        super().xWrite(data, offset)

    def xTruncate(self, newsize: int) -> None:  # noqa: N802
        _powered(lambda: self._disk.truncate(self._inode, newsize))
        super().xTruncate(newsize)

    def xSync(self, flags: int) -> None:  # noqa: N802
        _powered(lambda: self._disk.sync(self._name, self._inode))

    def excepthook(self, *_: object) -> bool:
        return True


def _powered(work: Callable[[], T]) -> T:
    """What the disk says, or the error that SQLite has for one that says nothing."""
    try:
        return work()
    except PowerCut as error:
        failed: Any = apsw.IOError(str(error))
        failed.result = failed.extendedresult = apsw.SQLITE_IOERR
        raise failed from error
