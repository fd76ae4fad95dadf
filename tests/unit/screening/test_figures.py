"""What the screening is worth: precision and recall over the labelled texts."""

import sys
from collections import Counter

import pytest

from fairhold.screening.findings import Kind, Verdict
from tests.unit.screening.labelled import PARTS, Labelled, figures, read, table

TEXTS = read()


def of_part(part: str) -> list[Labelled]:
    return [one for one in TEXTS if one.part == part]


def test_the_labelled_set_is_large_enough_and_honest() -> None:
    russian = sum(1 for one in TEXTS if any("а" <= letter <= "я" for letter in one.text.lower()))
    verdicts = Counter(one.verdict for one in TEXTS)
    assert len(TEXTS) == len({one.text for one in TEXTS}) >= 420
    assert 0.35 < russian / len(TEXTS) < 0.65
    assert verdicts[Verdict.CLEAR] * 2 >= len(TEXTS)
    assert sum(one.hard for one in TEXTS) >= 80
    assert all((one.verdict is Verdict.CLEAR) == (not one.kinds) for one in TEXTS)
    assert set(Kind) == {kind for one in TEXTS for kind in one.kinds}
    assert all(len(of_part(part)) >= 200 for part in PARTS)


def test_on_the_part_that_was_not_worked_on_precision_is_98_and_recall_95_of_a_hundred() -> None:
    sys.stdout.write(f"{table()}\n")
    report = figures(of_part("report"))
    assert report.precision >= 0.98
    assert report.recall >= 0.95


@pytest.mark.parametrize("part", PARTS)
def test_what_is_to_be_held_is_never_refused_and_what_is_to_be_refused_never_merely_held(part: str) -> None:
    assert figures(of_part(part)).confused == 0


def test_no_text_is_refused_for_its_language_that_is_not_clearly_another() -> None:
    wrongly = [
        one.text
        for one in TEXTS
        if Kind.LANGUAGE not in one.kinds and Kind.LANGUAGE in {finding.kind for finding in one.screened().findings}
    ]
    assert wrongly == []
