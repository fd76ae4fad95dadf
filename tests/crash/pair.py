"""Two PostgreSQLs, one of which follows the other: the first is killed, the second takes its place, and a new one follows it."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import quote

import psycopg

from tests.crash.nursery import children, gone
from tests.postgres import cluster

PATIENCE_SECONDS = 180
SETTINGS = """
listen_addresses = ''
max_connections = 100
shared_buffers = 32MB
wal_keep_size = 64MB
max_wal_size = 512MB
autovacuum = off
logging_collector = off
log_min_messages = warning
"""
DATABASE = "shop"


class Pair:
    """`first` leads until it is lost; the servers know both, and ask for the one that can be written to."""

    def __init__(self, folder: Path, version: str, *, synchronous: bool) -> None:
        self._folder = folder
        self._synchronous = synchronous
        # PostgreSQL refuses to run as root.
        self._account = "nobody" if os.getuid() == 0 else None
        self._programs = cluster.programs(version)
        self._copy: Path | None = None
        if self._account:
            shutil.chown(folder, self._account)
            folder.chmod(0o755)
            if not self._programs.is_relative_to("/usr"):
                self._programs, self._copy = cluster.reachable(self._programs)
        self._places = [folder / "one", folder / "two"]
        self._processes: dict[Path, subprocess.Popen[bytes]] = {}
        self._leader, self._follower = self._places

    @property
    def url(self) -> str:
        """What an operator gives Fairhold: both, and whichever can be written to is the one."""
        places = ",".join(str(place) for place in self._places)
        return self._url(DATABASE, places) + "&target_session_attrs=read-write"

    def begin(self) -> None:
        """Make both."""
        self._leader.mkdir()
        self._own(self._leader)
        data = self._leader / "data"
        texts = ("-E", "UTF8", "--locale=C.UTF-8")
        self._run("initdb", "-D", str(data), "-U", "fairhold", "-A", "trust", "-N", *texts)
        with (data / "postgresql.conf").open("a") as settings:
            settings.write(SETTINGS)
        self._start(self._leader)
        self._ask(self._leader, f"CREATE DATABASE {DATABASE}")
        self.follow()

    def follow(self) -> None:
        """Have a new standby follow the leader, and commits wait for it where they are to."""
        shutil.rmtree(self._follower, ignore_errors=True)
        self._follower.mkdir()
        self._own(self._follower)
        to = ("-D", str(self._follower / "data"), "-R", "-X", "stream", "-c", "fast", "--no-sync")
        self._run("pg_basebackup", "-d", self._url("postgres", str(self._leader)), *to)
        self._start(self._follower)
        if self._synchronous:
            self._set(self._leader, "synchronous_standby_names", "*")
        wanted = "sync" if self._synchronous else "async"
        state = "SELECT state = 'streaming' AND sync_state = %s FROM pg_stat_replication"
        self._until(lambda: self._ask(self._leader, state, wanted) == [(True,)], "nobody follows")

    def part(self) -> None:
        """Cut the line between the two, as when a network fails shortly before a machine does."""
        self._set(self._follower, "primary_conninfo", "")
        followed = "SELECT count(*) FROM pg_stat_replication"
        self._until(lambda: self._ask(self._leader, followed) == [(0,)], "the line holds")

    def lose_leader(self) -> None:
        """Kill every process of the leader at once."""
        server = self._processes.pop(self._leader)
        # What is stopped starts no other process while they are counted.
        server.send_signal(signal.SIGSTOP)
        all_of_it = [*children(server.pid), server.pid]
        for process in all_of_it:
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        server.wait()
        gone(all_of_it)

    def promote(self) -> None:
        """The standby leads from now on, and waits for nobody until somebody follows."""
        self._set(self._follower, "synchronous_standby_names", "")
        self._run("pg_ctl", "promote", "-D", str(self._follower / "data"), "-w", "-t", str(PATIENCE_SECONDS))
        self._leader, self._follower = self._follower, self._leader

    def end(self) -> None:
        """Stop what runs, and take it away."""
        for server in self._processes.values():
            server.send_signal(signal.SIGQUIT)
        for server in self._processes.values():
            server.wait(PATIENCE_SECONDS)
        if self._copy is not None:
            shutil.rmtree(self._copy, ignore_errors=True)

    def _start(self, place: Path) -> None:
        own = ("-D", str(place / "data"), "-k", str(place))
        with (place / "log").open("ab") as log:
            server = subprocess.Popen(
                [self._programs / "postgres", *own], user=self._account, stdout=log, stderr=log, start_new_session=True
            )
        self._processes[place] = server
        ready = [str(self._programs / "pg_isready"), "-q", "-h", str(place)]
        self._until(lambda: subprocess.run(ready, check=False).returncode == 0, f"{place} does not start")

    def _run(self, program: str, *arguments: str) -> None:
        done = subprocess.run(
            [self._programs / program, *arguments], user=self._account, capture_output=True, check=False, cwd="/"
        )
        assert done.returncode == 0, (program, done.stdout, done.stderr)

    def _set(self, place: Path, name: str, value: str) -> None:
        self._ask(place, f"ALTER SYSTEM SET {name} = '{value}'")
        self._ask(place, "SELECT pg_reload_conf()")

    def _ask(self, place: Path, statement: str, *values: object) -> list[tuple[object, ...]]:
        with psycopg.connect(self._url("postgres", str(place)), autocommit=True) as connection:
            cursor = connection.execute(statement.encode(), values or None)
            return cursor.fetchall() if cursor.description else []

    def _own(self, place: Path) -> None:
        if self._account:
            shutil.chown(place, self._account)

    @staticmethod
    def _url(database: str, hosts: str) -> str:
        return f"postgresql:///{database}?host={quote(hosts, safe=',')}&user=fairhold"

    @staticmethod
    def _until(true: Callable[[], bool], why: str) -> None:
        until = time.monotonic() + PATIENCE_SECONDS
        while not true():
            assert time.monotonic() < until, why
            time.sleep(0.02)


@contextmanager
def pair(version: str, *, synchronous: bool) -> Iterator[Pair]:
    """Two that run for as long as the `with` lasts."""
    with tempfile.TemporaryDirectory(prefix="fhpair", dir=cluster.in_memory(), ignore_cleanup_errors=True) as folder:
        two = Pair(Path(folder), version, synchronous=synchronous)
        try:
            two.begin()
            yield two
        finally:
            two.end()
