"""Lives of a database on a disk that forgets: commands are given, the power fails, and what is left is looked at."""

import asyncio
import gc
import logging
import random
import shutil
import sqlite3
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from unittest import mock

import structlog
from argon2 import PasswordHasher

from fairhold.domain.ids import OrderId
from fairhold.engine.accounts import passwords
from fairhold.engine.audit.auditing import audit
from fairhold.engine.installation.settings import Settings
from fairhold.engine.kernel.envelope import Answer, Unavailable
from fairhold.engine.ports.store import StoreUnavailable
from fairhold.wiring import Application, build
from tests.crash.by_apsw import connecting
from tests.crash.disk import Disk
from tests.crash.forgetful import NAME, Forgetful
from tests.crash.promises import Acknowledged, broken, resolved
from tests.crash.victim import envelope, steps
from tests.databases import up_to_date
from tests.postgres.cluster import in_memory

DATABASE = "shop.db"
WORKERS = 4
ORDERS = 3
"""How many each worker lives through, unless the power fails before."""
CUTS_A_LIFE = 6
LONGEST = 700
"""More operations than a life between two cuts has: some cuts come after everything was closed."""


@dataclass
class Round:
    """What was promised between two cuts: commands on orders, and rows of small tables, which are written by themselves."""

    name: str
    acknowledged: list[Acknowledged] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)


@dataclass
class Seen:
    """What became of it."""

    lives: int = 0
    cuts: int = 0
    acknowledged: int = 0
    orders: int = 0
    operations: Counter[str] = field(default_factory=Counter)
    broken_cuts: int = 0

    def __str__(self) -> str:
        done = ", ".join(f"{count} {name}s" for name, count in sorted(self.operations.items()))
        return (
            f"{self.cuts} power cuts, {self.acknowledged} commands acknowledged, {self.orders} orders looked at"
            f" ({done}): {self.broken_cuts} cuts broke a promise"
        )


@contextmanager
def quietly() -> Iterator[None]:
    """Without what servers say while they die, and without the work of hashing passwords that nobody has."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    try:
        with mock.patch.object(passwords, "PARAMETERS", quick):
            yield
    finally:
        structlog.reset_defaults()


def lives(seed: str, cuts: int, seen: Seen, pragmas: dict[str, str | int]) -> Iterator[list[str]]:
    """So many power cuts, in lives of a few each; after each life, what broke a promise in it.

    The same seed gives the same commands, the same cuts and the same dice; how threads take turns is the machine's affair.
    """
    with quietly():
        while seen.cuts < cuts:
            name = f"{seed}/{seen.lives}"
            seen.lives += 1
            yield life(random.Random(name), name, min(CUTS_A_LIFE, cuts - seen.cuts), seen, pragmas)


def life(chance: random.Random, name: str, cuts: int, seen: Seen, pragmas: dict[str, str | int]) -> list[str]:
    """A database from its first order to its last power cut, or to the first that breaks a promise: what it broke."""
    with tempfile.TemporaryDirectory(prefix="fhcut", dir=in_memory()) as folder:
        left = {DATABASE: up_to_date(Path(folder) / "empty.db").read_bytes()}
        rounds: list[Round] = []
        for number in range(cuts):
            live, dead = Path(folder) / f"live{number}", Path(folder) / f"dead{number}"
            # Few cuts would meet a checkpoint if the log were moved as rarely as in production.
            often = {"wal_autocheckpoint": chance.choice((8000, 8000, 16, 60, 200)), **pragmas}
            disk = Disk(left, chance, _moment(chance))
            rounds.append(Round(f"{name.replace('/', '-')}-{number}"))
            used_until_cut(_laid(live, left, chance), disk, rounds[-1], often)
            left = disk.cut()
            seen.cuts += 1
            seen.acknowledged += len(rounds[-1].acknowledged) + len(rounds[-1].kept)
            seen.operations.update(disk.operations)
            wrong = looked_at(_laid(dead, left, chance), rounds, seen, last=number == cuts - 1)
            shutil.rmtree(live)
            shutil.rmtree(dead)
            if wrong:
                seen.broken_cuts += 1
                return [f"{name}, cut {number}: {what}" for what in wrong]
    return []


def _moment(chance: random.Random) -> int:
    """Often anywhere, now and then at once: while the log of the last cut is being read."""
    return chance.randint(1, LONGEST) if chance.random() < 0.9 else chance.randint(1, 30)


def _laid(folder: Path, files: dict[str, bytes], chance: random.Random) -> Path:
    """A folder with these files, as a machine that starts again finds them."""
    folder.mkdir()
    for name, data in files.items():
        (folder / name).write_bytes(data)
    if chance.random() < 0.3:
        # Nobody syncs the index of the log, and nobody may believe it after a cut.
        (folder / f"{DATABASE}-shm").write_bytes(chance.randbytes(32_768))
    return folder / DATABASE


def used_until_cut(database: Path, disk: Disk, round_: Round, pragmas: dict[str, str | int]) -> None:
    """Let a marketplace work on that disk until the power fails or all is done."""
    vfs = Forgetful(database.parent, disk)
    app: Application | None = None
    try:
        with connecting(NAME, **pragmas):
            try:
                app = build(Settings(database=f"sqlite:///{database}", sandbox=True))
                app.start()
                asyncio.run(_work(app, disk, round_))
            finally:
                if app is not None:
                    app.close()
    except (StoreUnavailable, sqlite3.OperationalError):
        if not disk.dead:
            raise
    finally:
        if app is None:
            # What was half put together still has the files open, and must not outlive the file system.
            gc.collect()
        vfs.unregister()


async def _work(app: Application, disk: Disk, round_: Round) -> None:
    await asyncio.gather(_keep(app, round_), *(_live(app, disk, round_, number) for number in range(WORKERS)))


async def _live(app: Application, disk: Disk, round_: Round, number: int) -> None:
    """Give the commands of one worker."""
    for count in range(ORDERS):
        order: OrderId | None = None
        for step in steps(number, count):
            key = f"{round_.name}/{number}/{count}/{step}"
            try:
                answer = await app.engine.submit(envelope(key, step, order))
            except Unavailable:
                if not disk.dead:
                    raise
                return
            assert isinstance(answer, Answer), answer
            order = answer.order.id
            round_.acknowledged.append(Acknowledged(key, order, answer.order.version))


async def _keep(app: Application, round_: Round) -> None:
    """Write to a small table while orders are written."""
    for number in range(ORDERS):
        name = f"{round_.name}/{number}"
        await asyncio.to_thread(app.store.keep_setting, name, "kept")
        round_.kept.append(name)


def looked_at(database: Path, rounds: list[Round], seen: Seen, *, last: bool) -> list[str]:
    """What is wrong with a database that a power cut has left, as the standard library's SQLite finds it."""
    try:
        with closing(sqlite3.connect(database)) as connection:
            found = [text for (text,) in connection.execute("PRAGMA integrity_check") if text != "ok"]
        if found:
            return found
        app = build(Settings(database=f"sqlite:///{database}", sandbox=True))
    except (StoreUnavailable, sqlite3.DatabaseError) as error:
        return [f"it does not open: {error}"]
    with closing(app):
        found = [str(finding) for finding in audit(app.store)]
        app.start(background=False)
        for round_ in rounds:
            found += broken(app, round_.acknowledged)
            found += [f"the setting {name} is gone" for name in round_.kept if app.store.setting(name) != "kept"]
        if found:
            return found
        resolved(app, rounds[-1].name, rounds[-1].acknowledged, WORKERS)
        if last:
            found = [str(finding) for finding in audit(app.store)]
            seen.orders += sum(1 for _ in app.queries.every_order())
        return found
