"""«Complete this order at that time» by libraries with durable timers, against our sweeper, one process each.

procrastinate: a job an order, scheduled for the moment; one worker, 64 jobs at a time. DBOS: a workflow an order that
sleeps durably and then runs one step. Both keep their state in the same PostgreSQL; what they do when a timer fires is one
statement that sets the order's state and adds one event. Ours decides, releases the money, and writes the order, events,
transfers and balances. Scheduling is not counted; ours has none, a deadline being a column of the order.
"""

import time

from benchmarks import peers_environment
from benchmarks.bench import Bench
from benchmarks.report import Row
from benchmarks.sweep import by_sweepers

NAME = "timers"
LIBRARIES = {"procrastinate": "timers_procrastinate", "DBOS": "timers_dbos"}


def run(bench: Bench) -> None:
    """Rounds of all three."""
    count = bench.sizes.timers
    url = bench.postgres.new_database("timers")
    bench.loader(url, count).due(count)
    moment = time.time_ns() // 1000
    ours: list[float] = []
    theirs: dict[str, list[float]] = {name: [] for name in LIBRARIES}
    for number in range(min(3, bench.sizes.rounds)):
        for name, module in LIBRARIES.items():
            database = f"timers_of_{module}_{number}"
            bench.postgres.ask(f"CREATE DATABASE {database}")
            bench.postgres.calm()
            told = peers_environment.run_timers(module, bench.postgres.url(database), count)
            theirs[name].append(told.fired / told.seconds)
            bench.postgres.drop(bench.postgres.url(database))
        ours.append(by_sweepers(bench, url, moment, 1, count).per_second)
        told_ = ", ".join(f"{name} {figures[-1]:,.0f}/s" for name, figures in theirs.items())
        bench.say(f"  round {number + 1}: {told_}, ours {ours[-1]:,.0f}/s")
    bench.postgres.drop(url)
    for name, figures in theirs.items():
        what = f"sweep of {count:,} due orders, 1 process"
        bench.emit(Row(NAME, what, f"as many timers of {name}, 1 process", "a second", tuple(ours), tuple(figures)))
