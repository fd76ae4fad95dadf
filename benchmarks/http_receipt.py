"""Confirming receipt over HTTP: every request an order of its own, under a key of its own, with a hashed API key.

`fairhold serve` runs in the sandbox on PostgreSQL; `POST /v1/orders/{id}/receipt` confirms one of two lines of a delivered
order whose window runs, and answers with the whole order. wrk keeps its connections open. In each round pgbench's TPC-B
and each server are measured one after the other with the same number of clients; a ratio belongs to one round.
"""

from contextlib import ExitStack
from typing import NamedTuple

from benchmarks import wrk
from benchmarks.bench import Bench, Supply
from benchmarks.postgres import Speed
from benchmarks.report import Row
from benchmarks.serving import NotAvailable, Server

NAME = "http"
TARGETS = {8: 0.6, 64: 1.5, 128: 2.0}
MOST_ON_ONE = 1_500
"""More a second than one connection is thought to bring: so many orders are loaded for each."""


class Place(NamedTuple):
    """A server and the orders in its database."""

    workers: int
    url: str
    server: Server
    supply: Supply


class Figure(NamedTuple):
    """One measurement: answers a second, latencies, and microseconds of processor time for each answer."""

    per_second: float
    p50: int
    p99: int
    server_us: float
    database_us: float
    client_us: float


def run(bench: Bench) -> None:
    """Measure each number of connections in turn."""
    sizes = bench.sizes
    needed = sum((sizes.rounds * sizes.seconds + 1) * expected(bench, connections) for connections in sizes.connections)
    with ExitStack() as closing:
        places = []
        for workers in (1, 2):
            url = bench.postgres.new_database("receipt")
            try:
                Server(url, workers=workers).finish()
            except NotAvailable as refusal:
                bench.emit(missing(workers, str(refusal)))
                continue
            bench.say(f"  loading {sizes.history + needed:,} orders for {workers_of(workers)}")
            loader = bench.loader(url, sizes.history)
            loader.history(sizes.history)
            orders = loader.add("delivered", needed)
            server = closing.enter_context(Server(url, workers=workers))
            places.append(Place(workers, url, server, Supply(url, orders, bench.folder)))
        for connections in sizes.connections:
            compare(bench, places, connections)
    for place in places:
        place.supply.finish()
        bench.clean(place.url)
        bench.postgres.drop(place.url)


def expected(bench: Bench, connections: int) -> int:
    """How many orders a second one measurement may need."""
    return min(bench.sizes.most_a_second, MOST_ON_ONE * connections)


def compare(bench: Bench, places: list[Place], connections: int) -> None:
    """Rounds of pgbench and of each server; a row for each."""
    theirs: list[Speed] = []
    ours: dict[int, list[Figure]] = {place.workers: [] for place in places}
    for place in places:
        measure(bench, place, connections, 1)
    for number in range(bench.sizes.rounds):
        bench.postgres.calm()
        theirs.append(bench.pgbench(connections))
        bench.say(f"  {connections} connections, round {number + 1}: pgbench {theirs[-1].per_second:,.0f}/s")
        for place in places:
            bench.postgres.calm()
            figure = measure(bench, place, connections, bench.sizes.seconds)
            ours[place.workers].append(figure)
            bench.say(
                f"    {workers_of(place.workers)} {figure.per_second:,.0f}/s, "
                f"{figure.per_second / theirs[-1].per_second:.2f} of pgbench"
            )
    for place in places:
        emit(bench, connections, place.workers, ours[place.workers], theirs)


def measure(bench: Bench, place: Place, connections: int, seconds: int) -> Figure:
    """One measurement, with its proof that what was acknowledged was done."""
    file = place.supply.offer(expected(bench, connections) * seconds)
    database, server = bench.postgres.processor_seconds(), place.server.processor_seconds()
    got = wrk.load("confirm", place.server.url, connections, seconds, file, place.server.key, "0").assert_good()
    database, server = bench.postgres.processor_seconds() - database, place.server.processor_seconds() - server
    place.supply.settle(got.sent, got.requests, connections)
    micro = 1e6 / got.requests
    return Figure(got.per_second, got.p50, got.p99, server * micro, database * micro, got.client_seconds * micro)


def emit(bench: Bench, connections: int, workers: int, ours: list[Figure], theirs: list[Speed]) -> None:
    """The row of one number of connections and workers."""
    cost = f"processor for each: server {middle([one.server_us for one in ours])} µs"
    cost += f", database {middle([one.database_us for one in ours])} µs, client {middle([one.client_us for one in ours])} µs"
    cost += f"; pgbench: client {middle([one.client_us for one in theirs])} µs"
    cost += f", database {middle([one.database_us for one in theirs])} µs"
    latency = f"p50 {middle([one.p50 for one in ours])} µs, p99 {middle([one.p99 for one in ours])} µs"
    bench.emit(
        Row(
            NAME,
            f"POST receipt over HTTP, {connections} connections, {workers_of(workers)}",
            f"pgbench TPC-B, {connections} clients",
            "a second",
            tuple(one.per_second for one in ours),
            tuple(one.per_second for one in theirs),
            TARGETS.get(connections),
            note=f"{latency}; {cost}",
        )
    )


def middle(values: list[float] | list[int]) -> str:
    """The median, as a whole number."""
    return f"{sorted(values)[len(values) // 2]:,.0f}"


def workers_of(count: int) -> str:
    """Such as «2 workers»."""
    return f"{count} worker{'s' if count > 1 else ''}"


def missing(workers: int, why: str) -> Row:
    """The row of what could not be measured."""
    return Row(
        NAME,
        f"POST receipt over HTTP, {workers_of(workers)}",
        "pgbench TPC-B",
        "a second",
        (),
        note=f"not available: {why}",
    )
