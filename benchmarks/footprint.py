"""What a server takes: seconds until it answers, and memory when idle and after work."""

from benchmarks import wrk
from benchmarks.bench import Bench, Supply
from benchmarks.report import Row
from benchmarks.serving import Server

NAME = "footprint"
CONNECTIONS = 64


def run(bench: Bench) -> None:
    """Start it, look, make it work, look again."""
    sizes = bench.sizes
    url = bench.postgres.new_database("footprint")
    loader = bench.loader(url, sizes.history)
    loader.history(sizes.history)
    supply = Supply(url, loader.add("delivered", sizes.most_a_second * sizes.seconds * sizes.rounds), bench.folder)
    started, idle, after = [], [], []
    for _ in range(sizes.rounds):
        with Server(url) as server:
            started.append(server.seconds_to_start)
            idle.append(server.resident_megabytes())
            file = supply.offer(sizes.most_a_second * sizes.seconds)
            got = wrk.load("confirm", server.url, CONNECTIONS, sizes.seconds, file, server.key, "0").assert_good()
            after.append(server.resident_megabytes())
            supply.settle(got.sent, got.requests, CONNECTIONS)
    bench.clean(url)
    bench.postgres.drop(url)
    what = "from `fairhold serve` to 200 from /health, PostgreSQL, one worker"
    bench.emit(Row(NAME, what, "", "s", tuple(started)))
    bench.emit(Row(NAME, "memory of that server, idle (RSS)", "", "MB", tuple(idle)))
    what = f"memory of that server after {sizes.seconds} s of receipts at {CONNECTIONS} connections (RSS)"
    bench.emit(Row(NAME, what, "", "MB", tuple(after)))
