"""What is offered can be done, and what is not is refused for the reason that is shown: of an order, its disputes and reviews."""

from __future__ import annotations

from fairhold.domain import decide, guards
from fairhold.domain.actors import SYSTEM, Actor
from fairhold.domain.dispute import Dispute
from fairhold.domain.ids import OrderId
from fairhold.domain.instants import Instant
from fairhold.domain.order import Order
from fairhold.domain.reasons import Reason, Refusal
from fairhold.domain.review import Review
from tests.builders import fresh_id
from tests.property import bodies


def fresh_for(order: Order | None) -> OrderId:
    """An id that no review of the order has."""
    return fresh_id(1 + (0 if order is None else len(order.reviews)))


def check_actions(order: Order, actor: Actor, now: Instant) -> None:
    """Each action that is available has a body that succeeds; each other one is refused with exactly its code."""
    shown = {action.name: action for action in guards.actions(order, actor, now)}
    for name, sensible in {**bodies.SENSIBLE, **bodies.UNSHOWN}.items():
        answers = [decide.decide(order, command, actor, now, fresh_for(order)) for command in sensible(order, now)]
        reasons = {answer.reason if isinstance(answer, Refusal) else None for answer in answers}
        if name not in shown:
            if name in bodies.SENSIBLE or actor is not SYSTEM:
                missing = Reason.NOT_FOUND if not guards.is_party(order, actor) else Reason.NOT_ALLOWED
                if not (name == "record_checkpoint" and actor is SYSTEM):
                    assert reasons == {missing}, f"{actor} is not offered {name}, and yet: {reasons}"
        elif shown[name].available:
            assert None in reasons, f"{actor} is offered {name} and every body is refused: {reasons}"
            assert shown[name].code is None
        else:
            assert reasons == {shown[name].code}, f"{actor}, {name}: {reasons}, not {shown[name].code}"
    for dispute in order.disputes:
        check_dispute_actions(order, dispute, actor, now)
    for review in order.reviews:
        check_review_actions(order, review, actor, now)
    for line, offered in guards.line_actions(order, actor, now).items():
        for action in offered:
            answer = decide.decide(order, bodies.FOR_LINE[action.name](line), actor, now)
            found = answer.reason if isinstance(answer, Refusal) else None
            assert found == action.code, f"{actor}, {action.name} of {line}: {found}, not {action.code}"
            assert action.available == (found is None)


def check_review_actions(order: Order, review: Review, actor: Actor, now: Instant) -> None:
    """The same of a review."""
    shown = {action.name: action for action in guards.review_actions(order, review, actor, now)}
    found: dict[str, set[Reason | None]] = {}
    for ask in bodies.of_review(review):
        if ask.actor == actor and ask.usual:
            answer = decide.decide(order, ask.command, actor, now)
            found.setdefault(ask.command.NAME, set()).add(answer.reason if isinstance(answer, Refusal) else None)
    for name, reasons in found.items():
        if name not in shown:
            assert reasons <= {Reason.NOT_ALLOWED, Reason.UNKNOWN_REVIEW}, f"{actor} is not offered {name}: {reasons}"
        elif shown[name].available:
            assert None in reasons, f"{actor} is offered {name} and every body is refused: {reasons}"
        else:
            assert reasons == {shown[name].code}, f"{actor}, {name}: {reasons}, not {shown[name].code}"


def check_dispute_actions(order: Order, dispute: Dispute, actor: Actor, now: Instant) -> None:
    """The same in a dispute; one about next to nothing leaves no two sums to offer."""
    shown = {action.name: action for action in guards.dispute_actions(order, dispute, actor)}
    found: dict[str, set[Reason | None]] = {}
    for ask in bodies.in_dispute(dispute):
        if ask.actor == actor and ask.usual:
            answer = decide.decide(order, ask.command, actor, now)
            found.setdefault(ask.command.NAME, set()).add(answer.reason if isinstance(answer, Refusal) else None)
    for name, reasons in found.items():
        if not guards.is_party(order, actor):
            assert reasons == {Reason.NOT_FOUND}
        elif not shown[name].available:
            assert reasons == {shown[name].code}, f"{actor}, {name}: {reasons}, not {shown[name].code}"
        elif dispute.amount > 1:
            assert None in reasons, f"{actor} is offered {name} and every body is refused: {reasons}"
