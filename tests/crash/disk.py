"""A disk that forgets: it knows what was synced, and at a power cut keeps of the rest only what chance leaves.

The model is the one that SQLite counts on (sqlite.org/atomiccommit.html): what was written since a file's last sync may
survive whole, in part, in any order, or not at all; a torn sector holds anything within the bytes that were written and
what it held outside of them; a file may have grown without what it grew by. A file's name is safe once the file was synced,
which is when SQLite syncs the folder too; until then a new file may be missing and a deleted one be back.
"""

import random
import threading
from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

SECTOR = 512


class PowerCut(OSError):
    """There is no power any more."""


class Write(NamedTuple):
    """Bytes that were handed to the disk."""

    offset: int
    data: bytes


class Truncate(NamedTuple):
    """A new length for the file."""

    size: int


@dataclass(eq=False)
class Inode:
    """A file: what is safe, and what has been done to it since, in order."""

    safe: bytearray = field(default_factory=bytearray)
    since: list[Write | Truncate] = field(default_factory=list)


class Disk:
    """The files of one folder. The power fails at operation number `cut_at` that changes something."""

    def __init__(self, files: dict[str, bytes], chance: random.Random, cut_at: int) -> None:
        self._chance = chance
        self._cut_at = cut_at
        self._now: dict[str, Inode | None] = {name: Inode(bytearray(data)) for name, data in files.items()}
        # By name: the file that surely bears it, and behind it what the name has meant since.
        self._named: dict[str, list[Inode | None]] = {name: [inode] for name, inode in self._now.items()}
        self._lock = threading.Lock()
        self.operations: Counter[str] = Counter()
        self.left: dict[str, bytes] | None = None
        """What is on the disk after the cut."""

    @property
    def dead(self) -> bool:
        """Whether the power has failed."""
        return self.left is not None

    def open(self, name: str) -> Inode:
        """The file of that name, made where there is none."""
        with self._lock:
            inode = self._now.get(name)
            if inode is None:
                self._power("create")
                inode = self._now[name] = Inode()
                self._named.setdefault(name, [None]).append(inode)
            return inode

    def write(self, inode: Inode, offset: int, data: bytes) -> None:
        """Hand bytes to the disk."""
        with self._lock:
            # What is under way when the power fails may be torn like everything else.
            if not self.dead:
                inode.since.append(Write(offset, data))
            self._power("write")

    def truncate(self, inode: Inode, size: int) -> None:
        """Set the length."""
        with self._lock:
            if not self.dead:
                inode.since.append(Truncate(size))
            self._power("truncate")

    def sync(self, name: str, inode: Inode) -> None:
        """From now on all of the file is safe, and its name."""
        with self._lock:
            self._power("sync")
            for change in inode.since:
                _apply(inode.safe, change)
            inode.since.clear()
            if self._now.get(name) is inode:
                self._named[name] = [inode]

    def delete(self, name: str, *, synced: bool) -> None:
        """Take the name away; with `synced`, for good."""
        with self._lock:
            self._power("delete")
            self._now[name] = None
            self._named[name] = [None] if synced else [*self._named.get(name, [None]), None]

    def cut(self) -> dict[str, bytes]:
        """Fail now, unless the power failed before; what is left."""
        with self._lock:
            if self.left is None:
                self._fail()
            assert self.left is not None
            return self.left

    def _power(self, operation: str) -> None:
        if not self.dead and self.operations.total() + 1 == self._cut_at:
            self._fail()
        if self.dead:
            raise PowerCut(operation)
        self.operations[operation] += 1

    def _fail(self) -> None:
        left: dict[str, bytes] = {}
        for name, meanings in self._named.items():
            inode = self._chance.choice(meanings)
            if inode is not None:
                left[name] = survivors(inode, self._chance)
        self.left = left


def survivors(inode: Inode, chance: random.Random) -> bytes:
    """What the file holds after a power cut."""
    held = bytearray(inode.safe)
    kept = chance.choice((0.0, 0.1, 0.5, 0.9, 1.0))
    torn = chance.choice((0.0, 0.0, 0.05, 0.5))
    # Many disks write in order, up to some point; many do not.
    last = chance.randrange(len(inode.since) + 1) if chance.random() < 0.4 else None
    for number, change in enumerate(inode.since):
        if last is not None and number > last:
            break
        if isinstance(change, Truncate):
            if last is not None or chance.random() < kept:
                _apply(held, change)
            continue
        for piece in _sectors(change):
            if chance.random() < torn:
                _apply(held, _torn(piece, chance))
            elif (last is not None and number < last) or chance.random() < kept:
                _apply(held, piece)
            elif chance.random() < 0.5 and piece.offset + len(piece.data) > len(held):
                held.extend(bytes(piece.offset + len(piece.data) - len(held)))
    return bytes(held)


def _sectors(write: Write) -> list[Write]:
    """The write, cut where sectors begin."""
    begin, end = write.offset, write.offset + len(write.data)
    cuts = [begin, *range((begin // SECTOR + 1) * SECTOR, end, SECTOR), end]
    return [Write(a, write.data[a - begin : b - begin]) for a, b in pairwise(cuts)]


def _torn(piece: Write, chance: random.Random) -> Write:
    """The beginning of a sector, or rubbish in place of it."""
    if chance.random() < 0.5:
        return Write(piece.offset, piece.data[: chance.randrange(len(piece.data) + 1)])
    return Write(piece.offset, chance.randbytes(len(piece.data)))


def _apply(held: bytearray, change: Write | Truncate) -> None:
    if isinstance(change, Truncate):
        if change.size < len(held):
            del held[change.size :]
        else:
            held.extend(bytes(change.size - len(held)))
        return
    end = change.offset + len(change.data)
    if end > len(held):
        held.extend(bytes(end - len(held)))
    held[change.offset : end] = change.data
