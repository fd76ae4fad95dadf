"""The golden table of reviews: by command, role and state of a review, what happens."""

from fairhold.domain.commands import Command
from fairhold.domain.reasons import Refusal
from fairhold.domain.review import Part
from fairhold.domain.review_commands import ContestModeration, ReplyToReview
from fairhold.domain.review_guards import REVIEW_GUARDS
from tests.builders import ACTORS, OTHER_MEDIATOR, REVIEW_1, Deal, name_of, said_anew, said_of
from tests.golden.golden_table import REVIEWS, cells
from tests.states import REVIEW_STATES, decided

BODIES: dict[str, Command] = {
    "review": said_of(5),
    "revise_review four": said_anew(4),
    "revise_review one": said_anew(1),
    "reply_to_review": ReplyToReview(review=REVIEW_1, text="Thank you."),
    "moderate_review publish": decided("publish"),
    "moderate_review hide": decided("hide"),
    "moderate_review withdraw": decided("withdraw"),
    "moderate_review reply publish": decided("publish", "reply"),
    "moderate_review reply hide": decided("hide", "reply"),
    "contest_moderation": ContestModeration(review=REVIEW_1, text="It is true."),
    "contest_moderation reply": ContestModeration(review=REVIEW_1, text="It is true.", part=Part.REPLY),
}
WHO = {**ACTORS, "other_mediator": OTHER_MEDIATOR}


def wrong_cells() -> list[str]:
    """Every cell in which core and table differ."""
    deals: dict[str, Deal] = {}
    wrong = []
    for cell in cells(REVIEWS):
        deal = deals.get(cell.state) or deals.setdefault(cell.state, REVIEW_STATES[cell.state]())
        made = deal.ask(BODIES[cell.command], WHO[cell.role])
        found = f"!{made.reason.value}" if isinstance(made, Refusal) else "+".join(map(name_of, made))
        if found != cell.expected:
            wrong.append(f"{cell}: {found}, not {cell.expected}")
    return wrong


def test_the_core_does_with_reviews_what_the_golden_table_says() -> None:
    wrong = wrong_cells()
    assert not wrong, "\n" + "\n".join(wrong)


def test_the_golden_table_of_reviews_leaves_no_command_role_or_state_out() -> None:
    found = [(cell.command, cell.role, cell.state) for cell in cells(REVIEWS)]
    assert len(found) == len(set(found)), "a cell stands twice"
    assert set(found) == {(command, role, state) for command in BODIES for role in WHO for state in REVIEW_STATES}
    asked = {command.split()[0] for command in BODIES}
    assert asked == {"review", *(guard.command.NAME for guard in REVIEW_GUARDS)}
