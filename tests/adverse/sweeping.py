"""One of several processes that sweep the same orders: `python -m tests.adverse.sweeping DATABASE MOMENT`.

It says `ready`, waits for a line, sweeps as of MOMENT (microseconds) until nothing is due, and says how often it had something
to do. Where another holds the lane for longer than one waits, it tries again, as a server in the background does.
"""

import sys

from fairhold.domain.instants import Instant
from fairhold.engine.installation.clock import VirtualClock
from fairhold.engine.installation.settings import Settings
from fairhold.engine.kernel.envelope import Unavailable
from fairhold.engine.ports.store import StoreUnavailable
from fairhold.wiring import build


def main(database: str, moment: int) -> None:
    """Sweep until nothing is due."""
    app = build(Settings(database=database, sandbox=True), clock=VirtualClock(Instant(moment)))
    app.start(background=False)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    rounds, busy = 0, True
    while busy:
        try:
            busy = bool(app.sweeper.once())
        except (StoreUnavailable, Unavailable):
            continue
        rounds += busy
    sys.stdout.write(f"{rounds}\n")
    sys.stdout.flush()
    app.close()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
