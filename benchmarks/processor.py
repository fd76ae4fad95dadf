"""Processor time: what a piece of work costs, whoever else uses the machine at the time."""

import os
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")


def with_children(process: int) -> float:
    """Processor seconds of a process and all below it so far, those of children that have ended included."""
    found: dict[int, tuple[int, int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            number, fields = int(stat.parent.name), stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        found[number] = int(fields[1]), sum(map(int, fields[11:15]))
    wanted, ticks = {process}, 0
    while wanted:
        ticks += sum(found[number][1] for number in wanted if number in found)
        wanted = {number for number, (parent, _) in found.items() if parent in wanted}
    return ticks / TICK


def own_and_children() -> float:
    """Processor seconds of this process and of its children that have ended."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def resident_megabytes(process: int) -> float:
    """The memory that a process and all below it hold now, in MB; what they share is counted once for each."""
    total = 0
    wanted = {process}
    parents: dict[int, int] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parents[int(stat.parent.name)] = int(stat.read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
    while wanted:
        for number in wanted:
            try:
                status = (Path("/proc") / str(number) / "status").read_text()
            except OSError:
                continue
            total += next((int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS")), 0)
        wanted = {number for number, parent in parents.items() if parent in wanted}
    return total / 1024
