"""The generated pages are what the code says today, and nothing in them lacks a word."""

import pytest

from fairhold.domain.coming import Because
from fairhold.domain.dispute import CLOSED_DISPUTES, DisputeState
from fairhold.domain.reasons import Reason
from fairhold.words.catalog import Language, words_of
from fairhold.words.faults import Fault
from fairhold.words.problems import TEXTS as FAULTS
from fairhold.words.refusals import TEXTS
from scripts import document
from scripts.reference import disputes as disputes_page
from scripts.reference import glossary
from scripts.reference.diagram import PLACES
from scripts.reference.dispute_walk import all_deadlines, dispute_walk
from scripts.reference.states import moving
from scripts.reference.walk import Node, walk


@pytest.mark.parametrize("name", document.PAGES)
def test_a_generated_page_is_up_to_date(name: str) -> None:
    written = (document.FOLDER / name).read_text(encoding="utf-8")
    assert written == document.PAGES[name](), "type: .venv/bin/python -m scripts.document"


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_has_words_in_both_languages_and_stands_in_the_table(reason: Reason) -> None:
    russian = words_of(Language.RU)
    for text in TEXTS[reason]:
        assert text.endswith(".")
        assert russian.gettext(text) != text, f"no Russian for {text!r}"
    assert f"| `{reason.value}` |" in (document.FOLDER / "reasons.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("fault", Fault)
def test_every_fault_has_words_in_both_languages(fault: Fault) -> None:
    russian = words_of(Language.RU)
    assert all(russian.gettext(text) != text for text in FAULTS[fault])


def test_the_glossary_names_every_command_deadline_and_state_in_both_languages() -> None:
    assert glossary.missing() == []


def test_the_walk_reaches_every_place_and_meets_every_kind_of_deadline() -> None:
    assert set(walk().orders) == set(Node)
    assert set(all_deadlines()) == set(Because)


def test_the_walk_of_disputes_reaches_every_state() -> None:
    assert set(dispute_walk().orders) == set(DisputeState)


def test_every_open_dispute_goes_on_by_itself_except_that_one_owed_a_ruling_alarms_the_operator() -> None:
    alone = {step.source for step in disputes_page.moving() if not step.who and not step.by_policy}
    asked = {DisputeState.CLAIMED, DisputeState.APPEALED}
    assert alone == set(DisputeState) - CLOSED_DISPUTES - asked
    again = {step.source for step in dispute_walk().steps.values() if step.what == "ruling"}
    assert asked <= again


def test_the_diagram_has_a_place_for_every_node_and_no_way_ends_outside_it() -> None:
    assert set(PLACES) == set(Node)
    assert {edge.source for edge in moving()} | {edge.target for edge in moving()} == set(Node)


def test_money_that_is_held_can_always_reach_somebody_without_anybody_acting() -> None:
    alone = {edge.source for edge in moving() if not edge.who}
    closed = {Node.COMPLETED, Node.REFUNDED, Node.CANCELLED}
    assert alone == set(Node) - closed
