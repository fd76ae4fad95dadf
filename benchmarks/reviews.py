"""A product's public page over HTTP under a steady load of confirmations: a fifth of all reviews are of that product.

The API and the page are asked as fast as they answer, while others confirm about a hundred orders a second. Two databases,
one small and one large, each with a server of its own, are asked at the same time, one connection each: whatever the machine
does meanwhile meets both. Before that everything is asked once.
"""

import json
import random
import shutil
import time
import urllib.request
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

import psycopg

from benchmarks.bench import ROOM_LEFT, Bench, Marketplace, Supply
from benchmarks.people import FAVOURITE, FAVOURITE_OF
from benchmarks.postgres import name_in
from benchmarks.report import Row
from benchmarks.serving import Server
from benchmarks.wrk import Load, Measured
from fairhold.api.cursors import Cursors
from fairhold.domain.review import MAX_RATING

NAME = "reviews"
WRITERS = 2
"""In each database."""
WRITES_A_SECOND = 55
MOST_SECONDS = 4
MOST_ROUNDS = 6
FAVOURITE_SHARE = 5
"""Every so many-th review is of one product."""
BYTES_AN_ORDER = 11_000
ON_A_PAGE = 20
LIMIT = f"&limit={ON_A_PAGE}"
ON_A_WEB_PAGE = 10
PLACES = 1_000
"""Different places in the list, asked round and round."""
TARGET = 1.2
SECRET = "0123456789abcdef"  # noqa: S105 - of servers that are gone with their data

API = f"/v1/sellers/{FAVOURITE_OF}/products/{FAVOURITE}/reviews"
PAGE = f"/sellers/{FAVOURITE_OF}/products/{FAVOURITE}"
FIRST_PAGES = {
    "newest": ("sort=newest", ""),
    "five stars": ("rating=5", "stars=5"),
    "one or two with a photo, worst first": (
        "rating=1,2&photo=1&sort=lowest",
        "stars=1&stars=2&photo=1&sort=worst",
    ),
    "Russian with a photo, best first": ("photo=1&language=ru&sort=highest", "photo=1&in=ru&sort=best"),
}
"""Filters, as the API and as the page are asked for them."""
DEEP = "deep in the list"
KINDS = 2 * (len(FIRST_PAGES) + 1)
DIRECTIONS = {"newest": ("NEWEST", "newest"), "highest": ("HIGHEST", "best"), "lowest": ("LOWEST", "worst")}
"""Sorts of the API, as its cursors and the pages call them."""


class Spot(NamedTuple):
    """Where a review stands in the lists."""

    stars: int
    left_at: int
    id: str


def run(bench: Bench) -> None:
    """Every kind of page from both sizes."""
    rounds, seconds = min(MOST_ROUNDS, 2 * bench.sizes.rounds), min(MOST_SECONDS, bench.sizes.seconds)
    with ExitStack() as servers:
        confirmed = WRITES_A_SECOND * (seconds + 1) * (rounds + 1) * KINDS
        places = [marketplace(bench, size, confirmed, servers) for size in bench.sizes.reviews]
        asked = [requests(place) for place in places]
        found: dict[str, list[list[Measured]]] = {what: [] for what in asked[0]}
        for number in range(rounds + 1):
            for what, measured in found.items():
                got = measure(places, [files[what] for files in asked], seconds)
                if number:
                    measured.append(got)
            bench.say(f"  round {number} of {rounds}" if number else "  everything was asked once")
        for place in places:
            bench.clean(place.url)
            place.supply.finish()
        for what, rounds_of in found.items():
            emit(bench, what, rounds_of, [place.size for place in places])


def measure(places: list[Marketplace], files: list[Path], seconds: int) -> list[Measured]:
    """Read from all of them for so long, while in each orders are confirmed."""
    writing = []
    for place in places:
        orders = place.supply.offer(WRITES_A_SECOND * (seconds + 1))
        arguments = orders, place.server.key, "0"
        writing.append(Load("confirm_slowly", place.server.url, WRITERS, seconds + 1, arguments))
    reading = [
        Load("read", place.server.url, 1, seconds, (str(file), place.server.key))
        for place, file in zip(places, files, strict=True)
    ]
    found = [load.result().assert_good() for load in reading]
    for place, load in zip(places, writing, strict=True):
        written = load.result().assert_good()
        place.supply.settle(written.sent, written.requests, WRITERS)
    return found


def emit(bench: Bench, what: str, rounds: list[list[Measured]], sizes: list[int]) -> None:
    """The rows of one kind of page."""
    small, large = sizes
    for name in ("p50", "p99"):
        theirs, ours = (tuple(getattr(got[which], name) / 1e3 for got in rounds) for which in (0, 1))
        told, against = f"{what}, {large:,} reviews, {name}", f"the same, {small:,} reviews"
        wanted = TARGET if name == "p99" else None
        bench.emit(Row(NAME, told, against, "ms", ours, theirs, wanted, at_most=True))


def marketplace(bench: Bench, asked: int, to_confirm: int, servers: ExitStack) -> Marketplace:
    """A database of that many reviewed orders, or of as many as the disk has room for, with a server on it."""
    room = shutil.disk_usage(bench.folder).free - ROOM_LEFT
    size = min(asked, max(1_000, room // BYTES_AN_ORDER))
    if size < asked:
        bench.say(f"  the disk has room for {size:,} reviews, not for {asked:,}")
    began = time.monotonic()
    url = bench.postgres.new_database("reviews")
    loader = bench.loader(url, size, reviewed=True)
    loader.history(size, favourite=FAVOURITE_SHARE)
    orders = loader.add("delivered", to_confirm)
    bytes_ = bench.postgres.ask("SELECT pg_database_size(current_database())", name_in(url))
    bench.say(f"  loaded {size:,} reviewed orders in {time.monotonic() - began:,.0f} s, {bytes_ / 1e9:.1f} GB")
    server = servers.enter_context(Server(url, FAIRHOLD_SECRET=SECRET))
    folder = bench.folder / name_in(url)
    folder.mkdir()
    return Marketplace(size, url, server, Supply(url, orders, folder))


def requests(place: Marketplace) -> dict[str, Path]:
    """Files of requests for wrk: path and person a line. All their pages are full."""
    spots = middle(place)
    lines = {}
    for face, (path, number) in {"API": (API, 0), "page": (PAGE, 1)}.items():
        for what, queries in FIRST_PAGES.items():
            lines[f"{face}: {what}"] = [f"{path}?{queries[number]}{LIMIT if face == 'API' else ''}"]
    lines[f"API: {DEEP}"] = [deep(spot, sort) for spot, sort in spots]
    lines[f"page: {DEEP}"] = [deep_page(spot, sort) for spot, sort in spots]
    files = {}
    for number, (what, asked) in enumerate(lines.items()):
        for path in (asked[0], asked[-1]):
            assert_full(place, path)
        files[what] = place.supply.file.with_name(f"read-{number}.txt")
        files[what].write_text("".join(f"{path} buyer:buyer-0000000\n" for path in asked))
    return files


def middle(place: Marketplace) -> list[tuple[Spot, str]]:
    """Reviews of the product from the middle of the list by age, and in which lists there are pages behind them."""
    with psycopg.connect(place.url) as connection:
        rows = connection.execute(
            "SELECT facet %% 1000 / 100, left_at, review_id FROM product_reviews"
            " WHERE product = %s AND shown = 1 AND facet < 1000 ORDER BY left_at, review_id",
            (f"{FAVOURITE_OF}/{FAVOURITE}",),
        ).fetchall()
    spots = [Spot(*row) for row in rows[len(rows) // 3 : 2 * len(rows) // 3]]
    chosen = random.Random(1).sample(spots, min(PLACES, len(spots)))  # noqa: S311 - nothing secret
    ends = {"newest": 0, "highest": 1, "lowest": MAX_RATING}
    return [(spot, sort) for spot in chosen for sort in DIRECTIONS if spot.stars != ends[sort]]


def deep(spot: Spot, sort: str) -> str:
    """The API's list behind that review."""
    kind = f"reviews/product:{FAVOURITE_OF}/{FAVOURITE}/{DIRECTIONS[sort][0]}"
    return f"{API}?sort={sort}{LIMIT}&cursor={Cursors(SECRET).write(kind, f'{spot.stars}~{spot.id}')}"


def deep_page(spot: Spot, sort: str) -> str:
    """The page behind that review."""
    return f"{PAGE}?sort={DIRECTIONS[sort][1]}&further={spot.stars}~{spot.left_at}~{spot.id}"


def assert_full(place: Marketplace, path: str) -> None:
    """The answer to that request has as many reviews as a page can have: otherwise sizes would not be comparable."""
    with urllib.request.urlopen(f"{place.server.url}{path}", timeout=30) as answer:  # noqa: S310 - our own server
        body = answer.read()
    if path.startswith(API):
        shown, wanted = len(json.loads(body)["items"]), ON_A_PAGE
    else:
        shown, wanted = body.count(b'<article class="review'), ON_A_WEB_PAGE
    assert shown == wanted, f"{path} shows {shown} reviews of {wanted} among {place.size:,}"
