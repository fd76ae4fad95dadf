"""The PostgreSQL of a run: started for it, on a disk that syncs, with pgbench beside it, and gone with it."""

import os
import re
import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self

import psycopg

from benchmarks.processor import with_children
from fairhold.store import open_store
from tests.postgres import cluster

VERSION = "18"
SETTINGS = """
listen_addresses = ''
max_connections = 300
shared_buffers = 1GB
max_wal_size = 8GB
wal_level = minimal
max_wal_senders = 0
checkpoint_timeout = 15min
logging_collector = off
log_min_messages = fatal
log_min_error_statement = panic
"""
DURABLE = ("fsync", "synchronous_commit", "full_page_writes")
"""Settings that must be on: without them a commit costs nothing and a figure says nothing."""
IN_MEMORY = frozenset({"tmpfs", "ramfs", "devtmpfs"})


class NotOnDisk(Exception):
    """The folder lies in memory, where a sync costs nothing."""


class Speed(NamedTuple):
    """What pgbench measured: transactions a second, microseconds of its own and of the server's processors for each."""

    per_second: float
    client_us: float
    database_us: float


def file_system(folder: Path) -> str:
    """The kind of file system on which the folder lies."""
    best, kind = 0, "unknown"
    for line in Path("/proc/mounts").read_text().splitlines():
        _, mount, found, *_ = line.split()
        if folder.resolve().is_relative_to(mount) and len(mount) >= best:
            best, kind = len(mount), found
    return kind


class Postgres:
    """A server of this run's own. A `with` starts it and takes it and its data away."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        if file_system(folder) in IN_MEMORY:
            raise NotOnDisk(f"{folder} lies in memory; name a folder on a disk with --folder")
        self.folder = Path(tempfile.mkdtemp(prefix="fairhold-bench-", dir=folder))
        self.folder.chmod(0o755)
        self._url = cluster.cluster(self.folder, VERSION, os.getpid(), SETTINGS)
        self._place = self.folder / VERSION
        self._programs = cluster.programs(VERSION)
        self._names = 0
        for name in DURABLE:
            assert self.ask(f"SHOW {name}") == "on", f"{name} is off"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        (self._place / "stop").touch()
        deadline = time.monotonic() + 60
        while self._place.exists() and time.monotonic() < deadline:
            time.sleep(0.05)
        shutil.rmtree(self.folder, ignore_errors=True)

    def url(self, database: str) -> str:
        """The URL of a database."""
        return self._url.replace("/postgres?", f"/{database}?")

    def ask(self, statement: str, database: str = "postgres") -> Any:
        """The first value of a statement's answer; None where it has none."""
        with psycopg.connect(self.url(database), autocommit=True) as connection:
            cursor = connection.execute(statement.encode())
            row = cursor.fetchone() if cursor.description else None
        return row[0] if row else None

    def new_database(self, what: str, *, lanes: int = 1) -> str:
        """The URL of a new database with Fairhold's tables, made as `fairhold migrate` makes them.

        `lanes`: among how many new orders are divided, about one a server process.
        """
        self._names += 1
        name = f"{what}_{self._names}"
        self.ask(f"CREATE DATABASE {name}")
        store = open_store(self.url(name), placing_lanes=lanes)
        store.migrate()
        store.close()
        return self.url(name)

    def copy(self, url: str) -> str:
        """The URL of a copy of that database, to which nobody may be connected."""
        self._names += 1
        source = name_in(url)
        name = f"{source}_copy_{self._names}"
        self.ask(f"CREATE DATABASE {name} TEMPLATE {source} STRATEGY file_copy")
        return self.url(name)

    def drop(self, url: str) -> None:
        """Take a database away."""
        self.ask(f"DROP DATABASE {name_in(url)} WITH (FORCE)")

    def calm(self) -> None:
        """Write down what lies in memory, so that the next measurement does not pay for the one before."""
        self.ask("CHECKPOINT")

    def processor_seconds(self) -> float:
        """Processor seconds that the server and its connections have used so far, those that are closed included."""
        postmaster = int((self._place / "data" / "postmaster.pid").read_text().split()[0])
        return with_children(postmaster)

    def prepare_pgbench(self, scale: int) -> None:
        """Fill the tables of TPC-B."""
        self.ask("CREATE DATABASE pgbench")
        subprocess.run([*self._pgbench(), "-i", "-s", str(scale), "-q"], check=True, capture_output=True)

    def pgbench(self, clients: int, seconds: int) -> Speed:
        """TPC-B with prepared statements: `clients` connections, each one transaction after the other."""
        threads = min(clients, os.cpu_count() or 1)
        more = ["-n", "-M", "prepared", "-c", str(clients), "-j", str(threads), "-T", str(seconds)]
        database, before = self.processor_seconds(), os.times()
        said = subprocess.run([*self._pgbench(), *more], check=True, capture_output=True, text=True).stdout
        after = os.times()
        # Connections that have just ended are counted once they are gone.
        time.sleep(0.3)
        client = after.children_user + after.children_system - before.children_user - before.children_system
        tps, count = re.search(r"tps = ([0-9.]+)", said), re.search(r"actually processed: (\d+)", said)
        failed = re.search(r"failed transactions: (\d+)", said)
        assert tps is not None, said
        assert count is not None, said
        assert failed is not None, said
        assert failed[1] == "0", said
        micro = 1e6 / max(1, int(count[1]))
        return Speed(float(tps[1]), client * micro, (self.processor_seconds() - database) * micro)

    def _pgbench(self) -> list[Path | str]:
        return [self._programs / "pgbench", "-h", str(self._place), "-U", "fairhold", "pgbench"]

    def syncs_per_second(self, seconds: float = 1.0) -> float:
        """How many 8 kB writes a second the disk of the data makes durable, one after the other, by fdatasync."""
        probe = self.folder / "sync-probe"
        block, count = bytes(8192), 0
        descriptor = os.open(probe, os.O_WRONLY | os.O_CREAT)
        try:
            began = time.perf_counter()
            while time.perf_counter() < began + seconds:
                os.pwrite(descriptor, block, 0)
                os.fdatasync(descriptor)
                count += 1
            return count / (time.perf_counter() - began)
        finally:
            os.close(descriptor)
            probe.unlink()


def name_in(url: str) -> str:
    """The database that a URL of this server names."""
    return url.partition("postgresql:///")[2].partition("?")[0]
