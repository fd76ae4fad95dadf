"""What docs/reliability.md says is proved by tests and programs that exist."""

from __future__ import annotations

import re

import pytest

from tests.docs.test_security import ROOT, names_in

PAGE = (ROOT / "docs" / "reliability.md").read_text(encoding="utf-8")
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
NAMED = sorted(set(re.findall(r"`((?:tests|scripts|benchmarks|src)/[^`\s]+)`", PAGE)))
TARGETS = sorted(set(re.findall(r"`make ([a-z]+)", PAGE)))


def promises() -> list[list[str]]:
    """The rows of its tables of promises, whose second column is what proves each."""
    rows, proving = [], False
    for line in PAGE.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if not line.startswith("|"):
            proving = False
        elif cells[1:2] == ["proved by"]:
            proving = True
        elif proving and not set(line) <= set("|-: "):
            rows.append(cells)
    return rows


def test_every_test_and_program_that_it_names_exists() -> None:
    lost = []
    for name in NAMED:
        path, _, test = name.partition("::")
        if not (ROOT / path).exists() or (test and test not in names_in(ROOT / path)):
            lost.append(name)
    assert lost == []


def test_every_promise_in_a_table_names_what_proves_it() -> None:
    assert [row for row in promises() if not re.search(r"`(tests|scripts)/[^`]+`", row[1])] == []


@pytest.mark.parametrize("part", PAGE.split("\n## ")[2:], ids=lambda part: part.partition("\n")[0])
def test_every_part_says_how_it_is_tested_and_what_was_measured(part: str) -> None:
    assert re.search(r"^### How .* (is|are) tested$", part, re.MULTILINE)
    assert re.search(r"^### Figures of ", part, re.MULTILINE)


def test_every_target_of_make_that_it_names_exists() -> None:
    assert [target for target in TARGETS if not re.search(rf"^{target}:", MAKEFILE, re.MULTILINE)] == []
