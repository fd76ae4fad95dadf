"""Whether commands stay fast as the database grows: receipt over HTTP from two sizes of database, in turn.

In each round both servers confirm orders at 64 connections for the same time. Those orders are of the last days, spread
over all people; what makes the large database large are years of finished ones.
"""

from benchmarks import wrk
from benchmarks.bench import Bench, Marketplace
from benchmarks.report import Row

NAME = "growth"
CONNECTIONS = 64
TARGET = 0.8
ROOM = 1.25
"""How much faster than at first a server may turn out to be before its orders run out."""


def run(bench: Bench) -> None:
    """Rounds of both."""
    small, large = (bench.marketplace(size) for size in bench.sizes.growth)
    ours: list[float] = []
    theirs: list[float] = []
    # How long, and how often, the orders of both will last.
    fastest = ROOM * max(1.0, *(measure(place, 1) for place in (small, large)))
    seconds = min(place.supply.left for place in (small, large)) / fastest
    length = max(1, min(bench.sizes.seconds, int(seconds / bench.sizes.rounds)))
    rounds = min(bench.sizes.rounds, int(seconds / length))
    assert rounds, "there are too few orders to work on for even a second"
    for number in range(rounds):
        for place, figures in ((small, theirs), (large, ours)):
            bench.postgres.calm()
            figures.append(measure(place, length))
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
            note=f"{length} s a measurement",
        )
    )


def measure(place: Marketplace, seconds: int) -> float:
    """Confirmations a second."""
    file = place.supply.offer(place.supply.left)
    got = wrk.load("confirm", place.server.url, CONNECTIONS, seconds, file, place.server.key, "0")
    got.assert_good(at_least=0)
    place.supply.settle(got.sent, got.requests, CONNECTIONS)
    return got.per_second
