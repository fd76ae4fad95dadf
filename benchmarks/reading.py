"""Reading over HTTP under a steady load of confirmations, from databases of very different sizes.

Two connections read as fast as they are answered, while four others confirm about a hundred orders a second: the page of
some order, a buyer's orders, and the orders of a seller who has a tenth of all. Each size has its own server; in each
round they are read one after the other. Before that everything is asked once, which is a row of its own: what lies years
back comes from the disk then.
"""

from pathlib import Path

import psycopg

from benchmarks import wrk
from benchmarks.bench import Bench, Marketplace
from benchmarks.report import Row
from benchmarks.wrk import Load, Measured

NAME = "reading"
READERS = 2
WRITERS = 4
MOST_SECONDS = 4
MOST_ROUNDS = 3
WRITES_A_SECOND = 110
ASKED = 2_000
"""Different requests, asked round and round."""
TARGET = 1.5

ORDER, BUYER, SELLER = "the data of an order page", "My orders of a buyer", "the orders of a seller with a tenth of all"
FIRST = ", asked for the first time"
TO_ASK_ALL = {ORDER: 5, BUYER: 25, SELLER: 2}
"""Seconds in which each of the requests is asked once."""


def run(bench: Bench) -> None:
    """Every kind of reading from every size."""
    places = [bench.marketplace(size) for size in bench.sizes.reading]
    rounds, seconds = min(MOST_ROUNDS, bench.sizes.rounds), min(MOST_SECONDS, bench.sizes.seconds)
    found: dict[tuple[str, int], list[Measured]] = {}
    files = {place.size: requests(place, bench.folder) for place in places}
    for place in places:
        for what, file in files[place.size].items():
            length = min(TO_ASK_ALL[what], bench.sizes.seconds * rounds)
            got = wrk.load("read", place.server.url, READERS, length, str(file), place.server.key)
            found[what + FIRST, place.size] = [got.assert_good()]
    for number in range(rounds):
        for what in (ORDER, BUYER, SELLER):
            # Each in turn is the first: a machine that is given the processor in portions slows down the later ones.
            first = number % len(places)
            for place in (*places[first:], *places[:first]):
                got = measure(place, files[place.size][what], seconds)
                found.setdefault((what, place.size), []).append(got)
        bench.say(f"  round {number + 1} of {rounds}")
    for place in places:
        bench.clean(place.url)
    smallest, *larger = [place.size for place in places]
    for what in (BUYER + FIRST, ORDER, BUYER, SELLER):
        for size in larger:
            emit(bench, what, size, smallest, found, largest=size == larger[-1])


def emit(
    bench: Bench,
    what: str,
    size: int,
    smallest: int,
    found: dict[tuple[str, int], list[Measured]],
    *,
    largest: bool,
) -> None:
    """The rows of one kind of reading at one size."""
    for name in ("p50", "p99"):
        ours = tuple(getattr(got, name) / 1e3 for got in found[what, size])
        theirs = tuple(getattr(got, name) / 1e3 for got in found[what, smallest])
        wanted = TARGET if name == "p99" and what in (BUYER, SELLER) and largest else None
        told = f"{what}, {size:,} orders, {name}"
        bench.emit(Row(NAME, told, f"the same, {smallest:,} orders", "ms", ours, theirs, wanted, at_most=True))


def measure(place: Marketplace, file: Path, seconds: int) -> Measured:
    """Read for so long while orders are confirmed."""
    orders = place.supply.offer(WRITES_A_SECOND * (seconds + 1))
    writing = Load("confirm_slowly", place.server.url, WRITERS, seconds + 1, (orders, place.server.key, "0"))
    got = wrk.load("read", place.server.url, READERS, seconds, str(file), place.server.key)
    written = writing.result().assert_good()
    place.supply.settle(written.sent, written.requests, WRITERS)
    return got.assert_good()


def requests(place: Marketplace, folder: Path) -> dict[str, Path]:
    """Files of requests for wrk: path and person a line."""
    with psycopg.connect(place.url) as connection:
        share = min(100.0, 300.0 * ASKED / place.size)
        some = connection.execute(
            "SELECT id, buyer FROM orders TABLESAMPLE SYSTEM (%s) ORDER BY random() LIMIT %s", (share, ASKED)
        ).fetchall()
    lines = {
        ORDER: [f"/v1/orders/{order} buyer:{buyer}" for order, buyer in some],
        BUYER: [f"/v1/orders?role=buyer buyer:{buyer}" for _, buyer in some],
        SELLER: ["/v1/orders?role=seller seller:seller-00000"],
    }
    files = {}
    for number, (what, asked) in enumerate(lines.items()):
        files[what] = folder / f"read-{place.size}-{number}.txt"
        files[what].write_text("\n".join(asked) + "\n")
    return files
