"""A process that sweeps, as a server does in the background: `python -m benchmarks.sweeping_process DATABASE MOMENT`.

It says `ready`, waits for a line, sweeps once as of MOMENT (microseconds), and says how many orders moved on.
"""

import json
import sys
import time

from benchmarks.processor import own_and_children
from fairhold.domain.instants import Instant
from fairhold.engine.installation.clock import VirtualClock
from fairhold.engine.installation.logs import configure_logs
from fairhold.engine.installation.settings import Settings
from fairhold.wiring import build


def main(database: str, moment: int) -> None:
    """Sweep once."""
    configure_logs(Settings(log_level="error"))
    app = build(Settings(database=database), clock=VirtualClock(Instant(moment)))
    app.start(background=False)
    print("ready", flush=True)
    sys.stdin.readline()
    began, own = time.perf_counter(), own_and_children()
    fired = app.sweeper.once()
    took, own = time.perf_counter() - began, own_and_children() - own
    print(json.dumps({"fired": fired, "seconds": took, "processor_seconds": own}), flush=True)
    # Its connections are counted while they are open.
    sys.stdin.readline()
    app.close()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
