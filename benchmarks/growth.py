"""Whether commands stay fast as the database grows: receipt over HTTP from two sizes of database, in turn.

In each round both servers confirm the same number of orders at 64 connections. Those orders are of the last days, spread
over all people; what makes the large database large are years of finished ones.
"""

from benchmarks import wrk
from benchmarks.bench import Bench, Marketplace
from benchmarks.report import Row

NAME = "growth"
CONNECTIONS = 64
TARGET = 0.8
MOST = 10_000
"""Confirmations of one measurement, at most."""


def run(bench: Bench) -> None:
    """Rounds of both."""
    small, large = (bench.marketplace(size) for size in bench.sizes.growth)
    count = min(MOST, *(place.supply.left // (bench.sizes.rounds + 1) for place in (small, large)))
    ours: list[float] = []
    theirs: list[float] = []
    for place in (small, large):
        measure(place, count)
    for number in range(bench.sizes.rounds):
        for place, figures in ((small, theirs), (large, ours)):
            bench.postgres.calm()
            figures.append(measure(place, count))
        bench.say(f"  round {number + 1}: {theirs[-1]:,.0f}/s of {small.size:,}, {ours[-1]:,.0f}/s of {large.size:,}")
    for place in (small, large):
        bench.clean(place.url)
    bench.emit(
        Row(
            NAME,
            f"POST receipt over HTTP, {large.size:,} orders in the database, {CONNECTIONS} connections",
            f"the same, {small.size:,} orders",
            "a second",
            tuple(ours),
            tuple(theirs),
            TARGET,
            note=f"{count:,} confirmations a measurement",
        )
    )


def measure(place: Marketplace, count: int) -> float:
    """Confirmations a second, until there are no more to confirm."""
    file = place.supply.offer(count)
    got = wrk.load("confirm", place.server.url, CONNECTIONS, 600, file, place.server.key, "0")
    got.assert_good(to_the_end=True)
    place.supply.settle(got.sent, got.requests, CONNECTIONS)
    return got.per_second
