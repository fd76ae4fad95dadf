"""Whole lives of orders over HTTP, and confirmations by hundreds in one request to `/v1/commands`.

A life is five requests: placed, paid, shipped, reported delivered, confirmed; whichever connection is free takes the next
step of whichever order waits for one. It is compared with transactions of pgbench, of which one is a single request.
"""

import time
from datetime import UTC, datetime

import psycopg

from benchmarks import wrk
from benchmarks.bench import Bench, Supply
from benchmarks.report import Row
from benchmarks.serving import Server

NAME = "life"
CONNECTIONS = 64
BATCHES = {100: 8, 1000: 2}
"""Commands in a request, and on how many connections such requests are sent."""
LONG_ENOUGH = {100: 3, 1000: 8}
"""Seconds: a request of a thousand commands may take one or more by itself."""


def run(bench: Bench) -> None:
    """Lives, then batches; pgbench in each round."""
    sizes = bench.sizes
    seconds = {size: max(least, sizes.seconds) for size, least in LONG_ENOUGH.items()}
    needed = sum(
        (sizes.rounds * seconds[size] + 1) * sizes.most_a_second + (sizes.rounds + 1) * size * connections
        for size, connections in BATCHES.items()
    )
    url = bench.postgres.new_database("life")
    loader = bench.loader(url, sizes.history)
    loader.history(sizes.history)
    bench.say(f"  loading {sizes.history + needed:,} orders")
    supply = Supply(url, loader.add("delivered", needed), bench.folder)
    theirs: list[float] = []
    lives_: list[float] = []
    commands: dict[int, list[float]] = {size: [] for size in BATCHES}
    with Server(url) as server:
        lives(bench, url, server, "warm", 1)
        for number in range(sizes.rounds):
            bench.postgres.calm()
            theirs.append(bench.pgbench(CONNECTIONS).per_second)
            bench.postgres.calm()
            lives_.append(lives(bench, url, server, f"life-{number}", sizes.seconds))
            for size, figures in commands.items():
                bench.postgres.calm()
                figures.append(batches(supply, server, size, seconds[size], sizes.most_a_second))
            told = ", ".join(f"{figures[-1]:,.0f} commands/s by {size}" for size, figures in commands.items())
            bench.say(f"  round {number + 1}: pgbench {theirs[-1]:,.0f}/s, {lives_[-1]:,.0f} lives/s, {told}")
    supply.finish()
    bench.clean(url)
    bench.postgres.drop(url)
    against = f"pgbench TPC-B, {CONNECTIONS} clients"
    what = f"whole lives of orders over HTTP (5 requests each), {CONNECTIONS} connections"
    bench.emit(Row(NAME, what, against, "orders a second", tuple(lives_), tuple(theirs)))
    for size, figures in commands.items():
        what = f"confirm by POST /v1/commands, {size} in a request, {BATCHES[size]} connections"
        bench.emit(Row(NAME, what, against, "commands a second", tuple(figures), tuple(theirs)))


def lives(bench: Bench, url: str, server: Server, word: str, seconds: int) -> float:
    """Lives a second; the database holds as many confirmed orders as were lived, give or take what was under way."""
    before = confirmed(url, word)
    moment = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    got = wrk.load("life", server.url, CONNECTIONS, seconds, server.key, moment, word).assert_good()
    time.sleep(0.5)
    lived = confirmed(url, word) - before
    assert got.completed <= lived <= got.completed + CONNECTIONS, f"{got.completed} lives, {lived} in the database"
    assert got.sent - got.requests <= CONNECTIONS, f"{got.sent} sent, {got.requests} answered"
    return got.completed * 1e6 / got.microseconds


def confirmed(url: str, word: str) -> int:
    """How many orders were confirmed under keys of that word."""
    with psycopg.connect(url) as connection:
        found = connection.execute("SELECT count(*) FROM idempotency WHERE key = %s", (f"{word}-4",)).fetchall()
    return int(found[0][0])


def batches(supply: Supply, server: Server, size: int, seconds: int, most_a_second: int) -> float:
    """Commands a second, so many in a request."""
    connections = BATCHES[size]
    file = supply.offer(most_a_second * seconds + size * connections)
    got = wrk.load("confirm", server.url, connections, seconds, file, server.key, str(size)).assert_good()
    supply.settle(got.sent * size, got.requests * size, connections * size, pause=2.0)
    return got.per_second * size
