"""What a run found out: rows of ratios, printed as one table and kept as one line of JSON."""

import json
import statistics
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple


class Row(NamedTuple):
    """One line of the table: `ours` against `theirs`, measured in turn, one pair a round.

    The ratio is ours / theirs. Of rates the target is its least; of times, where `at_most` is said, its most. Without
    `theirs` there is no ratio.
    """

    case: str
    what: str
    against: str
    unit: str
    ours: tuple[float, ...]
    theirs: tuple[float, ...] = ()
    target: float | None = None
    at_most: bool = False
    note: str = ""

    @property
    def ratios(self) -> list[float]:
        """One a round."""
        return [mine / other for mine, other in zip(self.ours, self.theirs, strict=True)] if self.theirs else []

    @property
    def reached(self) -> bool | None:
        """Whether the median of the ratios is as good as it should be; None where nothing is asked."""
        if self.target is None or not self.theirs:
            return None
        median = statistics.median(self.ratios)
        return median <= self.target if self.at_most else median >= self.target


def spread(values: Sequence[float], form: str) -> str:
    """The median, and from where to where."""
    if not values:
        return ""
    middle = format(statistics.median(values), form)
    low, high = format(min(values), form), format(max(values), form)
    return middle if low == high else f"{middle} ({low}–{high})"


def figures(values: Sequence[float]) -> str:
    """The median of rates or times and their spread, with as many digits as say something."""
    middle = statistics.median(values) if values else 0.0
    return spread(values, ",.0f" if middle >= 100 else ",.1f" if middle >= 10 else ",.2f")


HEAD = ("", "what", "ratio", "wanted", "ours", "compared with", "theirs", "unit")


def cells(number: int, row: Row) -> tuple[str, ...]:
    """The row as the table shows it."""
    sign = "≤" if row.at_most else "≥"
    verdict = {None: "", True: " ✓", False: " ✗"}[row.reached]
    target = "" if row.target is None else f"{sign} {row.target:g}{verdict}"
    ours, theirs = figures(row.ours), figures(row.theirs)
    return (str(number), row.what, spread(row.ratios, ".2f"), target, ours, row.against, theirs, row.unit)


def table(rows: Sequence[Row]) -> str:
    """All rows as one Markdown table that reads well as plain text, too, and below it the remarks on them."""
    lines = [HEAD, *(cells(number, row) for number, row in enumerate(rows, start=1))]
    widths = [max(len(line[column]) for line in lines) for column in range(len(HEAD))]
    padded = [[text.ljust(width) for text, width in zip(line, widths, strict=True)] for line in lines]
    padded.insert(1, ["-" * width for width in widths])
    remarks = [f"{number}. {row.note}" for number, row in enumerate(rows, start=1) if row.note]
    return "\n".join([*(f"| {' | '.join(line)} |" for line in padded), "", *remarks])


def keep(folder: Path, kind: str, machine: dict[str, Any], sizes: dict[str, Any], rows: Sequence[Row]) -> Path:
    """Append the run to the file of its kind."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{kind}.jsonl"
    told = [{**row._asdict(), "ratios": row.ratios, "reached": row.reached} for row in rows]
    with path.open("a", encoding="utf-8") as out:
        out.write(json.dumps({"machine": machine, "sizes": sizes, "rows": told}, ensure_ascii=False) + "\n")
    return path
