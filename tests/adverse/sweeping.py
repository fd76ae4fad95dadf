"""One of several processes that sweep the same orders: `python -m tests.adverse.sweeping DATABASE MOMENT`.

It says `ready`, waits for a line, sweeps as of MOMENT (microseconds) until nothing is due, and says how many orders moved on.
"""

import sys

from fairhold.domain.instants import Instant
from fairhold.engine.clock import VirtualClock
from fairhold.engine.settings import Settings
from fairhold.wiring import build


def main(database: str, moment: int) -> None:
    """Sweep until nothing is due."""
    app = build(Settings(database=database, sandbox=True), clock=VirtualClock(Instant(moment)))
    app.start(background=False)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    fired = 0
    while found := app.sweeper.once():
        fired += found
    sys.stdout.write(f"{fired}\n")
    sys.stdout.flush()
    app.close()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
