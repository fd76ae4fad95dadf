"""What docs/security.md says is proved by tests that exist, and every item stands in it once."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
PAGE = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
PROVED, _, NOT_COVERED = PAGE.partition("\n## Not covered, and why\n")
ITEM = re.compile(r"\d{1,2}\.\d{1,2}\.\d{1,2}")


def rows(text: str) -> list[list[str]]:
    """The rows of the tables in it that begin with an item."""
    found = []
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("|") and ITEM.match(cells[0]):
            found.append(cells)
    return found


@cache
def names_in(path: Path) -> frozenset[str]:
    """The names of a file's tests."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return frozenset(
        node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    )


@pytest.mark.parametrize("row", rows(PROVED), ids=lambda row: row[0])
def test_every_item_names_a_test_that_exists(row: list[str]) -> None:
    _, what, proof = row
    assert what
    named = re.findall(r"`([^`]+)`", proof)
    assert named
    for name in named:
        path, _, test = name.partition("::")
        assert (ROOT / path).is_file(), path
        assert not test or test in names_in(ROOT / path), name


def test_whatever_is_not_covered_has_a_reason() -> None:
    for items, why in rows(NOT_COVERED):
        assert len(why) > 30, items


def test_no_item_is_both_proved_and_not_covered_and_their_order_is_the_standard_s() -> None:
    """3.4.3 is in both: its third level asks for more."""
    proved = {item for row in rows(PROVED) for item in ITEM.findall(row[0])}
    missing = {item for row in rows(NOT_COVERED) for item in ITEM.findall(row[0])}
    assert proved & missing <= {"3.4.3"}
    for table in re.split(r"\n#{2,3} ", PROVED):
        numbers = [tuple(map(int, ITEM.findall(row[0])[0].split("."))) for row in rows(table)]
        assert numbers == sorted(numbers)
