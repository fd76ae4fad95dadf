"""Crashes by the hundred: `python -m tests.crash cuts`, `kills`, `failovers` or `telling`; each prints its
figures and fails with them.

`make test` and `make slow` run shares of them. What was measured, and with which of these commands, stands in
docs/reliability.md.
"""

import argparse
import itertools
import secrets
import signal
import sys
import time
from contextlib import ExitStack

from tests.crash import failovers, kills, power, telling
from tests.crash.nursery import Nursery

STORES = ("sqlite", "postgres")
A_DATABASE = 5
"""Kills of the servers of one database: an audit of more orders would take most of the time."""


def main() -> int:
    """Run what the command line names; 1 where a promise was broken, or where a control did not fail."""
    parser = argparse.ArgumentParser(prog="python -m tests.crash", description=__doc__)
    parser.add_argument("--seed", default=secrets.token_hex(4), help="where to begin; printed")
    kinds = parser.add_subparsers(dest="kind", required=True)
    cuts = kinds.add_parser("cuts", help="power cuts on SQLite")
    cuts.add_argument("--cuts", type=int, default=5000)
    cuts.add_argument("--control", action="store_true", help="with synchronous=NORMAL, which must break promises")
    killed = kinds.add_parser("kills", help="kill -9 of servers over HTTP")
    killed.add_argument("--kills", type=int, default=200)
    killed.add_argument("--commands", type=int, default=100_000, help="at least so many are acknowledged")
    killed.add_argument("--store", choices=STORES, default="sqlite")
    lost = kinds.add_parser("failovers", help="loss of the leading PostgreSQL")
    lost.add_argument("--failovers", type=int, default=20)
    lost.add_argument("--commands", type=int, default=500, help="about so many between two")
    lost.add_argument("--postgres", default="18", help="its version")
    lost.add_argument("--control", action="store_true", help="with an asynchronous standby, which must lose something")
    told = kinds.add_parser("telling", help="kill -9 while webhooks, letters and carriers' answers are under way")
    told.add_argument("--kills", type=int, default=200)
    told.add_argument("--store", choices=STORES, default="sqlite")
    kinds.add_parser("all", help="each of them as it stands in docs/reliability.md, controls and both stores included")
    asked = parser.parse_args()
    print(f"seed {asked.seed}", flush=True)
    # Servers and clusters are taken along by whoever ends this.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    match asked.kind:
        case "all":
            return everything(asked.seed)
        case "cuts":
            return cut_power(asked.cuts, asked.seed, control=asked.control)
        case "kills":
            return kill_servers(asked.kills, asked.commands, asked.seed, asked.store)
        case "telling":
            return kill_tellers(asked.kills, asked.seed, asked.store)
        case _:
            return lose_leaders(asked.failovers, asked.commands, asked.seed, asked.postgres, control=asked.control)


def everything(seed: str) -> int:
    """All kinds, one after the other: 1 where any of them found something."""
    found = [
        cut_power(5000, seed, control=False),
        cut_power(50, seed, control=True),
        *(kill_servers(200, 100_000, seed, store) for store in STORES),
        *(kill_tellers(100, seed, store) for store in STORES),
        lose_leaders(20, 500, seed, "18", control=False),
        lose_leaders(3, 500, seed, "18", control=True),
    ]
    return max(found)


def kill_servers(wanted: int, commands: int, seed: str, store: str) -> int:
    """Kill servers so often and until so many commands were acknowledged."""
    seen, began = kills.Seen(), time.monotonic()
    with ExitStack() as running:
        nursery = running.enter_context(Nursery())
        make = kills.sqlite if store == "sqlite" else running.enter_context(kills.postgres("18"))
        for number in itertools.count():
            if (seen.kills.total() >= wanted and seen.acknowledged >= commands) or seen.wrong:
                break
            workers = 1 if store == "sqlite" else 1 + number % 2
            each = max(20, commands // wanted)
            kills.rounds(nursery, make, f"{seed}-{number}", A_DATABASE, each, seen, workers=workers)
            print(f"{time.monotonic() - began:.0f} s, {store}: {seen}", flush=True)
    for wrong in seen.wrong[:20]:
        print(wrong)
    return int(bool(seen.wrong))


def kill_tellers(wanted: int, seed: str, store: str) -> int:
    """Kill servers so often while they tell the world outside."""
    seen, began = telling.Seen(), time.monotonic()
    with ExitStack() as running:
        nursery = running.enter_context(Nursery())
        make = kills.sqlite if store == "sqlite" else running.enter_context(kills.postgres("18"))
        for number in itertools.count():
            left = wanted - seen.struck.total()
            if left <= 0 or seen.wrong:
                break
            telling.tell(nursery, make, f"{seed}-{number}", min(A_DATABASE, left), 2 * A_DATABASE, seen)
            print(f"{time.monotonic() - began:.0f} s, {store}: {seen}", flush=True)
    for wrong in seen.wrong[:20]:
        print(wrong)
    return int(bool(seen.wrong))


def lose_leaders(wanted: int, commands: int, seed: str, version: str, *, control: bool) -> int:
    """Lose the leading PostgreSQL so often, on a pair of five failovers each; the control must lose commands, too."""
    seen, began = failovers.Seen(), time.monotonic()
    with Nursery() as nursery:
        for number in itertools.count():
            left = wanted - seen.failovers
            if left <= 0 or seen.wrong or (seen.lost and not control):
                break
            name = f"{seed}-{number}"
            failovers.failovers(nursery, version, name, min(5, left), commands, seen, synchronous=not control)
            print(f"{time.monotonic() - began:.0f} s, PostgreSQL {version}: {seen}", flush=True)
    for wrong in [*seen.lost[:5], *seen.wrong[:20]]:
        print(wrong)
    return int(bool(seen.wrong) or bool(seen.lost) != control)


def cut_power(cuts: int, seed: str, *, control: bool) -> int:
    """Cut the power so often; the control must lose something."""
    seen, began, told = power.Seen(), time.monotonic(), 0.0
    for number, cut in enumerate(power.lives(seed, cuts, seen, {"synchronous": "NORMAL"} if control else {})):
        for wrong in cut[:3]:
            print(wrong, flush=True)
        if time.monotonic() - told > 60:
            told = time.monotonic()
            print(f"{told - began:.0f} s, life {number}: {seen}", flush=True)
    print(f"{time.monotonic() - began:.0f} s: {seen}")
    return int(bool(seen.broken_cuts) != control)


if __name__ == "__main__":
    sys.exit(main())
