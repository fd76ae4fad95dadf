"""The report of a replay for people: policies side by side, then the lines that were left out."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from fairhold.cli.replay.outcome import Run
from fairhold.cli.terminal import say
from fairhold.ledger.balances import unbalanced


class _Line(NamedTuple):
    """A line of the report; one that is not `always` there is left out where it says 0 for every policy."""

    label: str
    value: Callable[[Run], str]
    always: bool = True


def _days(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f}"


def _ledger(run: Run) -> str:
    return "not balanced" if unbalanced(dict(run.balances)) else "balanced"


def _audit(run: Run) -> str:
    return "clean" if run.report.audit == "clean" else f"{len(run.report.audit)} findings"


_LINES = (
    _Line("Orders in the file", lambda run: str(run.report.orders)),
    _Line("Replayed", lambda run: str(run.report.replayed)),
    _Line("Skipped", lambda run: str(len(run.report.skipped))),
    _Line("", lambda run: ""),
    _Line("Completed by the confirmation window", lambda run: str(run.report.completed_by_window)),
    _Line("Completed by the protection timer", lambda run: str(run.report.completed_by_protection)),
    _Line("Refunded, not shipped in time", lambda run: str(run.report.refunded_not_shipped)),
    _Line("Refunded at the provider's ceiling", lambda run: str(run.report.refunded_by_ceiling), always=False),
    _Line("Cancelled after payment", lambda run: str(run.report.cancelled)),
    _Line("Cancelled, never paid", lambda run: str(run.report.cancelled_unpaid)),
    _Line("", lambda run: ""),
    _Line("Delivered past the promised date", lambda run: str(run.report.delivered_late)),
    _Line("Days held, median", lambda run: _days(run.report.held_days.median)),
    _Line("Days held, 95th percentile", lambda run: _days(run.report.held_days.p95)),
    _Line("", lambda run: ""),
    _Line("Ledger", _ledger),
    _Line("Audit", _audit),
    _Line("Seconds", lambda run: f"{run.seconds:.1f}"),
)


def show(runs: Mapping[str, Run], kept: str | None) -> None:
    """Print the report; `kept` is the database in which the orders now are, if they were kept."""
    width = max(len(line.label) for line in _LINES) + 2
    columns = [max(len(name), 10) + 2 for name in runs]
    say(" " * width + _row(runs, columns), style="bold")
    for line in _LINES:
        values = [line.value(run) for run in runs.values()]
        if line.always or set(values) != {"0"}:
            say((line.label.ljust(width) + _row(values, columns)).rstrip())
    first = next(iter(runs.values()))
    if first.report.skipped:
        say("\nSkipped, because they contradict themselves:", style="bold")
        for skipped in first.report.skipped:
            say(f"  line {skipped.line}: {skipped.why}")
    for name, run in runs.items():
        if run.report.audit != "clean":
            say(f"\nThe audit of {name} found:", style="bold")
            for finding in run.report.audit:
                say(f"  {finding}")
    if kept is not None:
        say(f"\nThe orders are in {kept}.")


def _row(values: Mapping[str, Run] | list[str], columns: list[int]) -> str:
    return "".join(value.rjust(column) for value, column in zip(values, columns, strict=True))
