"""What a figure depends on: the machine, what else ran on it, and the versions."""

import os
import platform
import re
import sqlite3
import subprocess
import time
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from benchmarks.postgres import Postgres, file_system

PACKAGES = ("uvicorn", "starlette", "msgspec", "psycopg", "uvloop")


def facts(postgres: Postgres) -> dict[str, Any]:
    """The machine as it is when the run begins."""
    root = Path(__file__).resolve().parent.parent
    commit = subprocess.run(
        ["git", "-c", "safe.directory=*", "rev-parse", "--short", "HEAD"],  # noqa: S607
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    ).stdout.strip()
    return {
        "began": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": commit,
        "cores": len(os.sched_getaffinity(0)),
        "processor": processor(),
        "memory_gb": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30),
        "system": f"{platform.system()} {platform.release()}",
        "disk": file_system(postgres.folder),
        "syncs_per_second": postgres.syncs_per_second(),
        "python": platform.python_version(),
        "postgres": str(postgres.ask("SHOW server_version")),
        "durable": "fsync, synchronous_commit and full_page_writes are on",
        "sqlite": sqlite3.sqlite_version,
        "packages": {name: version(name) for name in PACKAGES},
        "load_at_start": os.getloadavg(),
        "stolen_at_start": stolen_seconds(),
        "clock_at_start": time.monotonic(),
    }


def finish(facts: dict[str, Any], postgres: Postgres) -> dict[str, Any]:
    """The facts once more, with what the machine did meanwhile."""
    minutes = (time.monotonic() - facts.pop("clock_at_start")) / 60
    stolen = stolen_seconds() - facts.pop("stolen_at_start")
    return {
        **facts,
        "load_at_end": os.getloadavg(),
        "syncs_per_second_at_end": postgres.syncs_per_second(),
        "minutes": round(minutes, 1),
        "stolen_processor_seconds": round(stolen, 1),
    }


def told(facts: dict[str, Any]) -> str:
    """The facts in a few lines for people."""
    first, last = facts["load_at_start"], facts.get("load_at_end", facts["load_at_start"])
    packages = ", ".join(f"{name} {number}" for name, number in facts["packages"].items())
    return (
        f"{facts['cores']} cores of {facts['processor']}, {facts['memory_gb']} GB, {facts['system']};"
        f" load average {first[0]:.1f} at the start, {last[0]:.1f} at the end,"
        f" {facts.get('stolen_processor_seconds', 0)} s stolen by other machines\n"
        f"disk: {facts['disk']}, {facts['syncs_per_second']:,.0f} fdatasync/s at the start,"
        f" {facts.get('syncs_per_second_at_end', 0):,.0f} at the end; {facts['durable']}\n"
        f"PostgreSQL {facts['postgres']}, SQLite {facts['sqlite']}, Python {facts['python']}, {packages};"
        f" commit {facts['commit']}, {facts['began']}, {facts.get('minutes', 0)} minutes"
    )


def processor() -> str:
    """The processor's name."""
    found = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    return found[1].strip() if found else platform.machine()


def stolen_seconds() -> float:
    """Processor seconds that the host gave to other machines while this one wanted them."""
    fields = Path("/proc/stat").read_text().splitlines()[0].split()
    return int(fields[8]) / os.sysconf("SC_CLK_TCK")
