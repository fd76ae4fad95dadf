"""Confirmations through the engine, in process, against pgbench's TPC-B on the same server in the same run.

    python -m benchmarks.in_process [--orders 20000] [--rounds 3] [--postgres 18] [--folder DIR]

The server is started for this and ends with it; its data lie in DIR, which must be on a disk that syncs. Each round runs
pgbench (scale 50, prepared, 64 clients) and then confirms orders that nobody confirmed before, each under a key of its
own, with 64, 128 and 256 commands under way. Every answer must be a success and the audit clean.
"""

import argparse
import asyncio
import os
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from fairhold.domain.actors import Actor
from fairhold.domain.commands import Command, ConfirmReceipt, Pay, ShipParcel
from fairhold.domain.ids import LineId, OrderId
from fairhold.engine.audit import audit
from fairhold.engine.envelope import Answer, Envelope
from fairhold.engine.logs import configure_logs
from fairhold.engine.settings import Settings
from fairhold.wiring import Application, build
from tests.builders import BUYER, SELLER
from tests.engine.market import placing
from tests.postgres import cluster

SERVER = """
listen_addresses = ''
max_connections = 200
shared_buffers = 1GB
max_wal_size = 8GB
log_min_messages = fatal
"""
SECONDS = 5
UNDER_WAY = (64, 128, 256)


async def tell(
    app: Application, steps: list[tuple[OrderId | None, Command, Actor]], width: int, name: str
) -> list[Answer]:
    """Give these commands with so many under way at any time."""
    waiting = iter(enumerate(steps))
    answers: list[Answer | None] = [None] * len(steps)

    async def person() -> None:
        for number, (order, command, actor) in waiting:
            answer = await app.engine.submit(Envelope(order, command, actor, f"{name}/{number}", b"x" * 32))
            assert isinstance(answer, Answer), answer
            answers[number] = answer

    await asyncio.gather(*(person() for _ in range(width)))
    return [answer for answer in answers if answer is not None]


def shipped(app: Application, count: int) -> list[tuple[OrderId, LineId]]:
    """So many orders on their way, and the first line of each."""
    placed = asyncio.run(tell(app, [(None, placing(), BUYER)] * count, 256, "place"))
    ids = [answer.order.id for answer in placed]
    asyncio.run(tell(app, [(one, Pay(method="sandbox:ok"), BUYER) for one in ids], 256, "pay"))
    parcel = ShipParcel(carrier="post", tracking_number="FH-DELIVERED-1")
    asyncio.run(tell(app, [(one, parcel, SELLER) for one in ids], 256, "ship"))
    return [(answer.order.id, answer.order.lines[0].id) for answer in placed]


def pgbench(programs: Path, place: Path, seconds: int, *, prepare: bool = False) -> float:
    """TPC-B transactions a second at 64 clients."""
    command: list[Path | str] = [programs / "pgbench", "-h", place, "-U", "fairhold", "postgres"]
    if prepare:
        subprocess.run([*command, "-i", "-s", "50", "-q"], check=True, capture_output=True)
        return 0
    more = ["-n", "-M", "prepared", "-c", "64", "-j", "2", "-T", str(seconds)]
    said = subprocess.run([*command, *more], check=True, capture_output=True, text=True).stdout
    found = re.search(r"tps = ([0-9.]+)", said)
    assert found is not None, said
    return float(found[1])


def server_seconds(place: Path) -> float:
    """Processor seconds that the server and its connections have used so far, those that are closed included."""
    postmaster = int((place / "data" / "postmaster.pid").read_text().split()[0])
    ticks = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            process, fields = int(stat.parent.name), stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if process == postmaster:
            ticks += sum(map(int, fields[11:15]))
        elif int(fields[1]) == postmaster:
            ticks += sum(map(int, fields[11:13]))
    return ticks / os.sysconf("SC_CLK_TCK")


class Cost:
    """What a piece of work takes: seconds by the clock, and processor time of the server and of who asks it."""

    def __init__(self, place: Path) -> None:
        self._place = place
        self._began = time.perf_counter(), server_seconds(place), self._own()

    @staticmethod
    def _own() -> float:
        own, children = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
        return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime

    def of_one(self, count: float) -> tuple[float, float, float]:
        """How many a second, and microseconds of the asking and of the server's processors for each."""
        clock, server, own = self._began
        took = time.perf_counter() - clock
        micro = 1e6 / count
        return count / took, (self._own() - own) * micro, (server_seconds(self._place) - server) * micro


def spread(values: list[float]) -> str:
    """The median, and from where to where."""
    return f"{statistics.median(values):.2f} ({min(values):.2f}–{max(values):.2f})"


def main() -> None:
    """Print a table of the rounds."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--orders", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--postgres", default="18")
    parser.add_argument("--folder")
    parser.add_argument("--sqlite", action="store_true")
    told = parser.parse_args()
    configure_logs(Settings(log_level="error"))
    folder = Path(tempfile.mkdtemp(prefix="fhbench", dir=told.folder))
    url = cluster.cluster(folder, told.postgres, os.getpid(), SERVER)
    programs, place = cluster.programs(told.postgres), folder / told.postgres
    pgbench(programs, place, 0, prepare=True)
    subprocess.run([programs / "createdb", "-h", place, "-U", "fairhold", "orders"], check=True)
    url = url.replace("/postgres?", "/orders?")
    app = build(Settings(database=f"sqlite:///{folder}/bench.db" if told.sqlite else url, sandbox=True))
    app.start(background=False)
    orders = shipped(app, told.orders)
    portion = told.orders // (told.rounds * len(UNDER_WAY))
    ratios: dict[int, list[float]] = {width: [] for width in UNDER_WAY}
    work: dict[int, list[float]] = {width: [] for width in UNDER_WAY}
    for round_ in range(told.rounds):
        cost = Cost(place)
        tps = pgbench(programs, place, SECONDS)
        theirs, asking, serving = cost.of_one(tps * SECONDS)
        print(
            f"{round_}  pgbench         {theirs:6.0f}/s  processor: {asking:4.0f} µs asking, {serving:4.0f} µs serving"
        )
        for width in UNDER_WAY:
            mine, orders = orders[:portion], orders[portion:]
            steps: list[tuple[OrderId | None, Command, Actor]] = [
                (one, ConfirmReceipt(lines=(line,), acknowledged=True), BUYER) for one, line in mine
            ]
            cost = Cost(place)
            asyncio.run(tell(app, steps, width, f"confirm/{round_}/{width}"))
            ours, ours_asking, ours_serving = cost.of_one(portion)
            ratios[width].append(ours / theirs)
            work[width].append((asking + serving) / (ours_asking + ours_serving))
            print(
                f"{round_}  {width:3} under way   {ours:6.0f}/s  processor: {ours_asking:4.0f} µs asking,"
                f" {ours_serving:4.0f} µs serving; {ours / theirs:.2f} of pgbench by the clock, {work[width][-1]:.2f} by work"
            )
    for width in UNDER_WAY:
        print(f"{width:3} under way, of pgbench: {spread(ratios[width])} by the clock, {spread(work[width])} by work")
    findings = audit(app.store)
    app.close()
    (place / "stop").touch()
    if findings:
        sys.exit(f"the audit found {findings[:3]}")


if __name__ == "__main__":
    main()
