"""Drawings made here: bars, and beside them the same as a table."""

from collections.abc import Iterable
from dataclasses import dataclass

from fairhold.words.money import percent
from fairhold.words.reader import Reader

ROW = 44
"""Pixels of a row in a chart: a line of text with a bar under it."""


@dataclass(frozen=True)
class Piece:
    """A part of a bar, in hundredths of the chart's width."""

    kind: str
    start: int
    width: int
    title: str


@dataclass(frozen=True)
class BarRow:
    """A bar with its name and figure; `top` is its place in the drawing, in pixels."""

    name: str
    figure: str
    pieces: tuple[Piece, ...]
    top: int


@dataclass(frozen=True)
class Legend:
    """What a colour stands for."""

    kind: str
    text: str


@dataclass(frozen=True)
class Chart:
    """A drawing and the same as a table: `head` names its columns."""

    id: str
    title: str
    text: str
    bars: tuple[BarRow, ...]
    height: int
    legend: tuple[Legend, ...]
    wide: bool
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def share_of(reader: Reader, part: int, whole: int, *, tenths: bool = False) -> str:
    """«12 %» or, with `tenths`, «12,5 %», rounded half up; a dash where there is nothing to take a share of."""
    if whole <= 0:
        return "—"
    step = 10 if tenths else 100
    return percent(reader, (part * 20_000 // step + whole) // (2 * whole) * step)


def stacked(parts: Iterable[tuple[str, int, str]], most: int) -> tuple[Piece, ...]:
    """The parts one behind the other, each ending where its running total ends: rounding never adds up."""
    found, start, total = [], 0, 0
    for kind, count, title in parts:
        total += count
        end = total * 100 // most if most else 0
        if count and end > start:
            found.append(Piece(kind, start, end - start, title))
            start = end
    return tuple(found)
