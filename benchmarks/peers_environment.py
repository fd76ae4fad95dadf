"""The environment of what Fairhold is measured against: `.venv-bench`, made by `python3 scripts/setup.py bench`."""

import json
import os
import subprocess
from pathlib import Path
from typing import NamedTuple

from psycopg.conninfo import conninfo_to_dict, make_conninfo

ROOT = Path(__file__).resolve().parent.parent
PROGRAMS = ROOT / ".venv-bench" / "bin"


class Fired(NamedTuple):
    """What a program with timers says at its end."""

    fired: int
    seconds: float


def ready() -> bool:
    """Whether it is there."""
    return (PROGRAMS / "gunicorn").exists()


def variables(**more: str) -> dict[str, str]:
    """The environment variables of a program in it."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("FAIRHOLD_", "PYTHON"))}
    return {**kept, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1", **more}


def run_timers(module: str, url: str, count: int) -> Fired:
    """Run a program of `benchmarks.peers` that fires so many timers in the empty database at `url`."""
    command: list[str | Path] = [PROGRAMS / "python", "-m", f"benchmarks.peers.{module}", plain(url), str(count)]
    done = subprocess.run(command, env=variables(), capture_output=True, text=True, check=False)
    assert not done.returncode, f"{module} failed:\n{done.stderr[-3000:]}"
    told = Fired(**json.loads(done.stdout.splitlines()[-1]))
    assert told.fired == count, f"{module} fired {told.fired} of {count}"
    return told


def plain(url: str) -> str:
    """The URL as `host=… user=… dbname=…`."""
    parts = conninfo_to_dict(url)
    return make_conninfo(**{name: str(parts[name]) for name in ("host", "user", "dbname")})
