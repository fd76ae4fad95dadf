"""What orders and disputes in JSON have in common: contents, deadlines, actions."""

from functools import cache

from fairhold.api.shapes import ActionOut
from fairhold.api.wire import ContentOut, DeadlineOut
from fairhold.domain.coming import Deadline
from fairhold.domain.guards import Action
from fairhold.domain.order import Order
from fairhold.domain.spans import Span
from fairhold.words import deadlines as sentences
from fairhold.words.dates import rfc3339
from fairhold.words.reader import Reader


@cache
def _action(action: Action) -> ActionOut:
    return ActionOut(action.name, action.available, action.code)


def actions_out(found: tuple[Action, ...]) -> list[ActionOut]:
    """What the caller may do."""
    return [_action(action) for action in found]


def contents(spans: tuple[Span, ...]) -> list[ContentOut]:
    """How much of each line these units are, each line once."""
    found: dict[str, int] = {}
    for span in spans:
        found[span.line] = found.get(span.line, 0) + span.quantity
    return [ContentOut(line, quantity) for line, quantity in found.items()]


def deadline_out(order: Order, deadline: Deadline, reader: Reader) -> DeadlineOut:
    """What comes, until when, and what would stop it."""
    return DeadlineOut(
        kind=deadline.kind,
        at=rfc3339(deadline.at),
        lines=list(deadline.lines),
        owner=deadline.owner,
        effect=sentences.effect(order, deadline, reader),
        because=sentences.because(deadline, reader),
        stopped_by=deadline.stopped_by,
        amount=deadline.amount,
        dispute=deadline.dispute,
    )
