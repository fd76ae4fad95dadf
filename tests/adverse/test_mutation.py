"""Mutation testing itself: it finds what can be wrong, plants it, and tells which faults the tests did not notice."""

import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from scripts.mutation.faults import Fault, all_faults, faults_of, planted

ROOT = Path(__file__).resolve().parents[2]
MONEY = ROOT / "src" / "fairhold" / "domain" / "money.py"


@cache
def every_fault() -> list[Fault]:
    return all_faults()


def test_every_fault_of_the_rules_and_the_books_can_be_compiled() -> None:
    faults = every_fault()
    assert len(faults) > 4_000
    for fault in faults[::499]:
        compile(planted(fault), fault.file, "exec")


def test_a_fault_changes_one_place_and_leaves_the_lines_where_they_are() -> None:
    for fault in faults_of(MONEY):
        sound = planted(fault._replace(number=-1))
        assert [node.lineno for node in planted(fault).body] == [node.lineno for node in sound.body]


def test_each_kind_of_fault_is_found() -> None:
    kinds = {fault.what for fault in every_fault()}
    wanted = {"Lt -> LtE", "Is -> IsNot", "and -> or", "Add -> Sub", "True -> False", "1 -> 2", "returns None"}
    wanted |= {"condition negated", "filter dropped", "statement left out", "case without its guard"}
    assert wanted <= kinds
    assert any(kind.startswith("without case ") for kind in kinds)
    assert any(kind.startswith("without the entry ") for kind in kinds)


def test_nothing_is_planted_in_assertions_and_docstrings() -> None:
    text = MONEY.read_text(encoding="utf-8").splitlines()
    assert not [fault for fault in faults_of(MONEY) if text[fault.line - 1].lstrip().startswith(("assert", '"""'))]


@pytest.mark.slow
def test_a_sample_is_planted_and_the_verdicts_are_told() -> None:
    tests = ["tests/unit/domain/test_money.py", "tests/unit/domain/test_sums.py"]
    run = subprocess.run(
        [
            sys.executable,
            "-m",
            "scripts.mutation",
            "--only",
            "src/fairhold/domain/money.py",
            "--sample",
            "8",
            "--seed",
            "1",
            "--tests",
            *tests,
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    told = re.search(r"^8 of \d+ faults planted in \d+ s: (\d+) killed", run.stdout, re.MULTILINE)
    assert told, run.stdout + run.stderr
    assert int(told[1]) >= 4, run.stdout


def test_a_fault_is_named_by_its_place_and_what_it_is() -> None:
    fault = Fault("src/x.py", 3, 12, (12, 12), "f", "Lt -> LtE")
    assert fault.name == "src/x.py:12 #3 Lt -> LtE"
