"""The labelled texts: reviews as buyers write them, each with what should become of it, split once in two parts.

The labels say what a person who knows the rules would do. `work` is for finding out what the code does wrong; of `report` only
the figures are looked at. A text belongs to the one or the other for good, by its hash.
"""

import json
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import Literal

import msgspec

from fairhold.screening.findings import Kind, Screening, Verdict
from fairhold.screening.screen import screen

FILE = Path(__file__).with_name("labelled.jsonl")
PARTS: tuple[Literal["work", "report"], ...] = ("work", "report")


class Labelled(msgspec.Struct, frozen=True):
    """One text; `hard` marks a harmless one that looks like something else."""

    text: str
    verdict: Verdict
    kinds: tuple[Kind, ...] = ()
    hard: bool = False
    languages: tuple[str, ...] = ("ru", "en")

    @property
    def part(self) -> Literal["work", "report"]:
        return PARTS[sha256(self.text.encode()).digest()[0] % 2]

    def screened(self) -> Screening:
        return screen(self.text, self.languages)


class Figures(msgspec.Struct, frozen=True):
    """How well a part is told; positive is what is not clear."""

    texts: int
    positive: int
    found: int
    false: int
    confused: int
    """Held instead of refused, or the other way round."""
    other_kind: int
    """Stopped as it should be, for another reason than it should."""

    @property
    def precision(self) -> float:
        return self.found / (self.found + self.false)

    @property
    def recall(self) -> float:
        return self.found / self.positive


def read() -> list[Labelled]:
    lines = FILE.read_text(encoding="utf-8").splitlines()
    return [msgspec.convert(json.loads(line), Labelled) for line in lines]


def figures(texts: Sequence[Labelled]) -> Figures:
    found = false = confused = other_kind = 0
    for one in texts:
        screening = one.screened()
        if one.verdict is Verdict.CLEAR:
            false += screening.verdict is not Verdict.CLEAR
        elif screening.verdict is not Verdict.CLEAR:
            found += 1
            confused += screening.verdict is not one.verdict
            other_kind += not set(one.kinds) <= {finding.kind for finding in screening.findings}
    positive = sum(one.verdict is not Verdict.CLEAR for one in texts)
    return Figures(len(texts), positive, found, false, confused, other_kind)


def table() -> str:
    """The figures of both parts."""
    rows = ["part    texts  positive  found  false  precision  recall  held/refused confused  other kind"]
    for part in PARTS:
        of_part = figures([one for one in read() if one.part == part])
        rows.append(
            f"{part:<7} {of_part.texts:>5}  {of_part.positive:>8}  {of_part.found:>5}  {of_part.false:>5}"
            f"  {of_part.precision:>9.3f}  {of_part.recall:>6.3f}  {of_part.confused:>21}  {of_part.other_kind:>10}"
        )
    return "\n".join(rows)
