"""What must be true of requests to support: said anew, from DOMAIN, not from the code."""

from __future__ import annotations

from fairhold.domain.accident import AccidentState
from fairhold.domain.actors import Role
from fairhold.domain.coming import Kind
from fairhold.domain.deadlines import deadlines
from fairhold.domain.events import Event, ExtensionAsked, ReceiptUndone
from fairhold.domain.order import Order, Portion, PortionState
from fairhold.domain.status import ceiling_of, is_sent
from fairhold.domain.support_events import AccidentDeclined, AccidentOverdue, AccidentReported, ExtensionPassedOn


def check_step(before: Order, event: Event, after: Order) -> None:
    """What one event may do: a report and its answer move no money, and keep it here no longer than the policy says."""
    match event:
        case AccidentReported():
            _check_reported(before, event, after)
        case AccidentDeclined():
            _check_declined(before, event, after)
        case AccidentOverdue():
            assert before.accident is not None, "nothing was reported"
            assert not before.accident.overdue, "it is overdue twice"
            assert event.at == before.accident.due
        case ReceiptUndone():
            for portion in after.portions:
                clean = portion.accident is None and portion.kept_since is None
                assert clean or portion.state is not PortionState.HELD, "what is held again is still reported"
        case ExtensionAsked():
            assert event.due == event.at + before.terms.extension_answer
        case ExtensionPassedOn():
            _check_passed_on(before, event)
        case _:
            pass


def _check_reported(before: Order, event: AccidentReported, after: Order) -> None:
    assert event.by.startswith("buyer:"), "only the buyer confirmed"
    assert before.money == after.money
    most, ceiling = event.at + before.terms.accident_freeze, ceiling_of(before)
    was = {unit: portion for portion in before.portions for unit in _units(portion)}
    told = {(span.line, unit) for span in event.spans for unit in range(span.start, span.start + span.quantity)}
    leaving = []
    for portion in after.portions:
        for unit in _units(portion):
            old = was[unit]
            if unit not in told:
                same = (old.settles_at, old.accident) == (portion.settles_at, portion.accident)
                assert same, f"{event} touched what was not named"
                continue
            assert old.state is PortionState.CONFIRMED, "nothing was confirmed there"
            assert old.accident is None, "it was reported twice"
            assert portion.accident is AccidentState.REPORTED
            assert old.settles_at is not None
            assert portion.settles_at is not None
            kept = most if ceiling is None else min(most, ceiling)
            assert portion.settles_at == max(old.settles_at, kept), "the money is kept as long as the policy says"
            leaving.append(portion.settles_at)
    assert event.at < event.due <= min(leaving), "support is to answer while the money is here"
    assert event.due <= event.at + before.terms.accident_answer


def _check_declined(before: Order, event: AccidentDeclined, after: Order) -> None:
    assert event.by.partition(":")[0] in ("support", "operator")
    assert before.money == after.money
    for portion, then in zip(before.portions, after.portions, strict=True):
        if portion.accident is AccidentState.REPORTED and portion.state is PortionState.CONFIRMED:
            without = portion.kept_since if portion.kept_since is not None else portion.settles_at
            assert without is not None
            assert then.settles_at == max(event.at, without), "the money leaves when it would have"
            assert then.accident is AccidentState.DECLINED
        else:
            assert portion == then, f"{event} touched what was not reported"


def _check_passed_on(before: Order, event: ExtensionPassedOn) -> None:
    request = before.extension_request
    assert request is not None, "nothing was asked for"
    assert event.at == request.due
    following = {Role.SELLER: Role.SUPPORT, Role.SUPPORT: Role.OPERATOR}
    assert request.owner is not None
    assert event.to is following[request.owner], "it goes from the seller to support, and from there to the operator"


def _units(portion: Portion) -> list[tuple[str, int]]:
    return [(portion.line, unit) for unit in range(portion.start, portion.start + portion.quantity)]


def check_state(order: Order) -> None:
    """Whoever asked has somebody who owes an answer, by a stated moment."""
    waiting = [
        portion
        for portion in order.portions
        if portion.state is PortionState.CONFIRMED and portion.accident is AccidentState.REPORTED
    ]
    assert (order.accident is not None) == bool(waiting), (
        "support is asked about nothing, or not about what was reported"
    )
    coming = deadlines(order)
    if order.accident is not None:
        about = [one for one in coming if one.kind in (Kind.ACCIDENT, Kind.SETTLEMENT)]
        owners = {one.owner for one in about if one.owner in (Role.SUPPORT, Role.OPERATOR)}
        assert (Role.OPERATOR if order.accident.overdue else Role.SUPPORT) in owners, "nobody owes the answer"
    for portion in order.portions:
        assert portion.kept_since is None or portion in waiting, "money is kept that nobody asked for"
    request = order.extension_request
    if request is not None:
        sent = [one for one in order.portions if one.state is PortionState.HELD and is_sent(order, one)]
        assert bool(sent), "more time is asked for what nobody protects"
        about = [one for one in coming if one.kind is Kind.EXTENSION_ANSWER]
        assert [one.owner for one in about] == [one for one in (request.owner,) if one is not Role.OPERATOR]
