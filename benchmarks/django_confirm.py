"""The same confirmation written with Django's ORM behind gunicorn, against ours, at the same connections in turn.

The Django view (`peers/shop`) does what a careful author would: one transaction that locks the order, reads its lines and
the idempotency key, checks buyer, state and window, writes line, order, event, ledger transfer and key, and answers with
the whole order as JSON. It keeps no balances, reads API keys once a process, has no middleware, and its orders and events
are smaller than ours: all of that is in its favour. gunicorn runs two processes of 16 threads; each thread keeps its
connection (psycopg 3, prepared statements). PostgreSQL is the same, and so is wrk. Ours is `fairhold serve` as it comes.
"""

import os
import secrets
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from benchmarks import peers_environment, wrk
from benchmarks.bench import Bench, Supply
from benchmarks.patterns import Loaded
from benchmarks.processor import with_children
from benchmarks.report import Row
from benchmarks.serving import Server

NAME = "django"
CONNECTIONS = 64
WORKERS, THREADS = 2, 16
MOST_A_SECOND = 2_500


def run(bench: Bench) -> None:
    """Rounds of both."""
    sizes = bench.sizes
    url = bench.postgres.new_database("django_ours")
    orders = bench.loader(url, sizes.history).add("delivered", sizes.most_a_second * (sizes.seconds * sizes.rounds + 1))
    supply = Supply(url, orders, bench.folder)
    theirs_url = bench.postgres.url("django_theirs")
    bench.postgres.ask("CREATE DATABASE django_theirs")
    count = MOST_A_SECOND * (sizes.seconds * sizes.rounds + 1)
    ours: list[float] = []
    theirs: list[float] = []
    with shop(theirs_url, count) as (address, key, process), Server(url) as server:
        shop_orders = Shop(theirs_url, count, bench)
        shop_orders.confirm(address, key, 1)
        measure(supply, server, sizes.most_a_second, 1)
        work = 0.0, 0
        for number in range(sizes.rounds):
            bench.postgres.calm()
            before = with_children(process)
            speed, requests = shop_orders.confirm(address, key, sizes.seconds)
            theirs.append(speed)
            work = work[0] + with_children(process) - before, work[1] + requests
            bench.postgres.calm()
            ours.append(measure(supply, server, sizes.most_a_second, sizes.seconds))
            bench.say(f"  round {number + 1}: Django {theirs[-1]:,.0f}/s, ours {ours[-1]:,.0f}/s")
    supply.finish()
    bench.clean(url)
    bench.postgres.drop(url)
    bench.postgres.drop(theirs_url)
    bench.emit(
        Row(
            NAME,
            f"POST receipt over HTTP, {CONNECTIONS} connections, 1 worker",
            f"the same in Django ORM, gunicorn with {WORKERS} processes of {THREADS} threads",
            "a second",
            tuple(ours),
            tuple(theirs),
            note=f"Django's processes take {1e6 * work[0] / work[1]:,.0f} µs a request",
        )
    )


def measure(supply: Supply, server: Server, most: int, seconds: int) -> float:
    """Our confirmations a second."""
    file = supply.offer(most * seconds)
    got = wrk.load("confirm", server.url, CONNECTIONS, seconds, file, server.key, "0").assert_good()
    supply.settle(got.sent, got.requests, CONNECTIONS)
    return got.per_second


class Shop:
    """The orders of the Django shop; those that were confirmed are not offered again."""

    def __init__(self, url: str, count: int, bench: Bench) -> None:
        self._url = url
        self._file = bench.folder / "shop.txt"
        self._orders = [Loaded(f"{number:020d}", "", f"buyer-{number % 1000}", "") for number in range(1, count + 1)]
        self._confirmed = 0

    def confirm(self, address: str, key: str, seconds: int) -> tuple[float, int]:
        """Confirmations a second, and how many; the database holds as many."""
        offered = self._orders[: MOST_A_SECOND * seconds]
        self._file.write_text("".join(f"{one.id} {one.id}-1 {one.buyer}\n" for one in offered))
        got = wrk.load("confirm", address, CONNECTIONS, seconds, str(self._file), key, "0").assert_good()
        self._orders = self._orders[got.sent :]
        # What was under way is still being written, until for a while nothing changes.
        found, last = self._count(), -1
        while found != last:
            time.sleep(1.0)
            found, last = self._count(), found
        assert got.requests <= found - self._confirmed <= got.sent, f"{got.requests} answered, {found} confirmed"
        self._confirmed = found
        return got.per_second, got.requests

    def _count(self) -> int:
        with psycopg.connect(self._url) as connection:
            statement = "SELECT count(*) FROM shop_event WHERE type = 'receipt_confirmed'"
            return int(connection.execute(statement).fetchall()[0][0])


@contextmanager
def shop(url: str, count: int) -> Iterator[tuple[str, str, int]]:
    """The Django shop with so many orders, served: its address, its API key, and its process."""
    parts = dict(pair.split("=", 1) for pair in peers_environment.plain(url).split())
    environment = peers_environment.variables(
        DJANGO_SETTINGS_MODULE="benchmarks.peers.shop.settings",
        SHOP_DATABASE=parts["dbname"],
        SHOP_HOST=parts["host"].strip("'"),
    )
    key = secrets.token_urlsafe(32)
    python = peers_environment.PROGRAMS / "python"
    subprocess.run([python, "-m", "benchmarks.peers.shop.fill", str(count), key], env=environment, check=True)
    with socket.create_server(("127.0.0.1", 0)) as free:
        place = f"127.0.0.1:{free.getsockname()[1]}"
    arguments = ["-w", str(WORKERS), "-k", "gthread", "--threads", str(THREADS), "--keep-alive", "60"]
    command: list[str | Path] = [peers_environment.PROGRAMS / "gunicorn", "benchmarks.peers.shop.wsgi", "-b", place]
    server = subprocess.Popen([*command, *arguments, "--log-level", "warning", "--no-control-socket"], env=environment)
    try:
        await_answer(f"http://{place}")
        yield f"http://{place}", key, server.pid
    finally:
        os.kill(server.pid, signal.SIGTERM)
        server.wait(30)


def await_answer(address: str) -> None:
    """Wait until something answers there, if only that there is no such page."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            urllib.request.urlopen(address, timeout=5).close()  # noqa: S310 - our own server
        except urllib.error.HTTPError:
            return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.05)
    raise AssertionError("gunicorn does not answer")
