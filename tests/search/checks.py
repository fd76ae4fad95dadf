"""What must be true of every state and of every step between two: said anew, from DOMAIN, not from the code."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from fairhold.domain import guards
from fairhold.domain.actors import Actor, Role
from fairhold.domain.commands import Command, DisputeCommand
from fairhold.domain.deadlines import deadlines, next_deadline
from fairhold.domain.decide import Happened
from fairhold.domain.dispute import ChargebackState, Dispute, DisputeReason, DisputeState, Outcome
from fairhold.domain.dispute_events import (
    ChargebackMoved,
    ChargebackReceived,
    ChargebackWon,
    DisputeAgreed,
    DisputeOpened,
    DisputeRuled,
    DisputeSettled,
    DisputeWithdrawn,
    ReplacementShipped,
)
from fairhold.domain.events import Event, OutageRecorded
from fairhold.domain.instants import Instant
from fairhold.domain.order import OPEN_STATES, Order, Portion, PortionState
from fairhold.domain.reasons import Reason
from fairhold.domain.review_commands import ReviewCommand
from fairhold.domain.status import Status, ceiling_of, headline, tabs
from fairhold.ledger import accounts, balances, posting
from tests.search import review_checks as reviews
from tests.search import support_checks as support
from tests.search.bodies import Ask

STAFF_OWES = (DisputeState.CLAIMED, DisputeState.APPEALED)


def check_step(before: Order, happened: Sequence[Happened], now: Instant, *, since: Instant) -> None:
    """Events in order, each dated between the last moment and now; money where it was, unless the event says so."""
    for event, after in happened:
        if not isinstance(event, OutageRecorded):
            assert since <= event.at <= now, f"{event} is dated out of turn"
            since = event.at
        _check_books(before, event, after)
        _check_disputed(before, event, after)
        _check_no_double_refund(before, event, after)
        _check_rules(before, event)
        reviews.check_step(before, event, after)
        support.check_step(before, event, after)
        before = after


def _check_books(before: Order, event: Event, after: Order) -> None:
    """What is booked is what the order says has moved."""
    was, now, currency = before.money, after.money, after.currency
    found = {name: change for name, change in balances.changes(posting.post(before, event, after)).items() if change}
    unpaid = _unpaid(after) - _unpaid(before)
    expected = {
        accounts.held(currency): now.held - was.held,
        accounts.settling(currency): now.settling - was.settling,
        accounts.seller(after.seller, currency): now.released - was.released,
        accounts.fees(currency): now.fee - was.fee,
        accounts.refunds(currency): unpaid,
        accounts.losses(currency): _lost(before) - _lost(after),
    }
    expected[accounts.provider("sandbox", currency)] = -sum(expected.values())
    assert found == {name: change for name, change in expected.items() if change}, f"{event} is booked as {found}"


def _unpaid(order: Order) -> int:
    return sum(refund.amount for refund in order.refunds if refund.paid_at is None)


def _lost(order: Order) -> int:
    return sum(one.beyond for one in order.chargebacks if one.state is not ChargebackState.WON)


def _disputed(order: Order) -> dict[str, list[Portion]]:
    found: dict[str, list[Portion]] = {}
    for portion in order.portions:
        if portion.state is PortionState.DISPUTED:
            found.setdefault(portion.dispute or "", []).append(portion)
    return found


_ENDS = (DisputeSettled, DisputeWithdrawn, ReplacementShipped)
_BANK = (ChargebackReceived, ChargebackMoved, ChargebackWon)


def _check_disputed(before: Order, event: Event, after: Order) -> None:
    """Disputed money does not move, except by the end of its own dispute or by the bank."""
    if isinstance(event, _BANK):
        return
    was, now = _disputed(before), _disputed(after)
    if isinstance(event, _ENDS):
        assert was.pop(event.dispute, None) is not None, f"{event} ends what was not in dispute"
    if isinstance(event, DisputeOpened):
        assert event.dispute in now, f"{event} disputes nothing"
        del now[event.dispute]
    assert was == now, f"{event} touched what is in dispute"


def _check_no_double_refund(before: Order, event: Event, after: Order) -> None:
    """What we give the buyer of some goods never exceeds what is theirs of them, less what their bank gave them."""
    if after.money.refunded > before.money.refunded and not isinstance(event, ChargebackWon):
        idle = sum(_not_the_buyers(portion) for portion in after.portions)
        assert not idle, f"{event} refunded the buyer, who has {idle} from their bank that nobody counted"
    had = {portion.span: portion.returned for portion in before.portions}
    for portion in after.portions:
        assert portion.returned + portion.charged <= portion.amount, f"{event} gave the buyer more than there was"
        if portion.returned > had.get(portion.span, 0):
            assert portion.returned + portion.charged <= portion.owed, f"{event} refunded what the bank gave back"


def _not_the_buyers(portion: Portion) -> int:
    """What the bank gave the buyer for these goods that was not, or not yet, decided to be theirs."""
    return max(0, portion.charged - max(0, portion.owed - portion.returned))


def _check_rules(before: Order, event: Event) -> None:
    """What of DOMAIN an event alone can break."""
    match event:
        case DisputeSettled():
            _check_settled(before, event)
        case DisputeAgreed():
            assert not (event.silence and event.offer.resend), "silence on a resend is a full refund"
            about = before.dispute(event.dispute)
            assert about is not None
            theirs = about.contested or about.reason is DisputeReason.RETURNED_PARCEL
            assert not (theirs and event.offer.return_goods), "the buyer is to send back what the seller has"
        case DisputeRuled():
            dispute = before.dispute(event.dispute)
            assert dispute is not None
            person = event.by.partition(":")[2]
            assert person not in {ruling.by for ruling in dispute.rulings}, "one person ruled twice"
            assert person not in (before.buyer, before.seller), "a party ruled"
            assert dispute.rulings or event.effective_at > event.at, "there was no time to appeal"
        case DisputeWithdrawn():
            _check_withdrawn(before, event)
        case _:
            pass


def _check_withdrawn(before: Order, event: DisputeWithdrawn) -> None:
    """The time that was left comes back, none more of it, within what the provider's ceiling leaves."""
    dispute = before.dispute(event.dispute)
    assert dispute is not None
    ceiling = ceiling_of(before)
    for portion, restored in zip(_disputed(before)[dispute.id], event.restored, strict=True):
        assert portion.protection_ends is not None
        left = max(0, portion.protection_ends - dispute.opened_at)
        ends = event.at + left if ceiling is None else max(event.at, min(event.at + left, ceiling))
        assert restored.protection_ends == ends, "the protection that was left runs on"


def _check_settled(before: Order, event: DisputeSettled) -> None:
    dispute = before.dispute(event.dispute)
    assert dispute is not None
    expected = _deciding(dispute, event)
    assert event.decided == expected, f"{event} was to decide {expected}"
    portions = _disputed(before)[dispute.id]
    by_bank = sum(portion.charged for portion in portions)
    assert event.refund == max(0, expected - by_bank), "the buyer gets what was decided, less what their bank gave them"
    assert event.refund + event.gross + by_bank == dispute.amount, "a split adds up to what was in dispute"
    assert (sum(event.shares), sum(event.owed)) == (event.refund, expected), "and so do its parts"


def _deciding(dispute: Dispute, event: DisputeSettled) -> int:
    newest = dispute.offers[-1] if dispute.offers else None
    match event.outcome:
        case Outcome.AGREED:
            assert newest is not None
            assert not newest.lapsed, "a lapsed offer was accepted"
            assert not event.by.startswith(newest.by.value), "somebody accepted their own offer"
            return newest.refund
        case Outcome.SILENCE:
            assert newest is not None
            assert dispute.state is DisputeState.AWAITING_ANSWER, "silence after an answer"
            return dispute.amount if newest.resend else newest.refund
        case Outcome.RULED if dispute.state is DisputeState.RULED:
            return dispute.rulings[-1].refund
        case Outcome.RULED:
            assert dispute.state is DisputeState.RULED, "a ruling under appeal was carried out"
        case Outcome.RETURNED:
            assert dispute.agreed is not None
            assert dispute.state is DisputeState.RETURNING, "nothing was on its way back"
            return dispute.agreed.refund
        case Outcome.NOT_SENT_BACK:
            assert dispute.state is DisputeState.RETURN_DUE, "nothing was to be sent back"
            return 0
        case Outcome.NOT_RESENT:
            assert dispute.state is DisputeState.RESEND_DUE, "nothing was to be sent again"
        case _ if dispute.state is DisputeState.APPEALED:
            return dispute.rulings[-1].refund
        case _:
            pass
    return dispute.amount


def check_state(order: Order, now: Instant) -> None:
    """An order on which everything due by `now` has happened."""
    _check_sums(order)
    _check_deadlines(order, now)
    reviews.check_state(order)
    support.check_state(order)
    assert headline(order).value in {tab.value for tab in tabs(order)}, "it stands in no tab of its own name"
    assert (headline(order) is Status.IN_DISPUTE) == bool(_disputed(order)), "it is called what it is not"


def _check_sums(order: Order) -> None:
    sums = {"held": 0, "settling": 0, "the seller's": 0, "refunded": 0, "charged back": 0}
    units = {line.id: line.quantity for line in order.lines}
    for portion in order.portions:
        units[portion.line] -= portion.quantity
        assert min(portion.charged, portion.owed, portion.returned, portion.left) >= 0, f"{portion} is below nothing"
        sums["charged back"] += portion.charged
        sums["refunded"] += portion.returned
        match portion.state:
            case PortionState.HELD | PortionState.DISPUTED:
                sums["held"] += portion.left
            case PortionState.CONFIRMED:
                sums["settling"] += portion.left
            case PortionState.SETTLED | PortionState.REFUNDED:
                sums["the seller's"] += portion.left - portion.returned
                assert portion.owed <= portion.returned + portion.charged, (
                    f"the buyer lacks what is theirs of {portion}"
                )
            case _:
                pass
    assert not any(units.values()), "a unit is in two portions, or in none"
    money = order.money
    said = (money.held, money.settling, money.released + money.fee, money.refunded, money.charged_back)
    assert not money.paid or tuple(sums.values()) == said, f"the portions say {sums}, the order {money}"


def _check_deadlines(order: Order, now: Instant) -> None:
    coming = deadlines(order)
    assert next_deadline(order) == (coming[0].at if coming else None), "the column and the deadlines differ"
    assert all(deadline.at > now for deadline in coming), f"something was due already: {coming}"
    for portion in order.portions:
        if portion.state in OPEN_STATES:
            waits = [deadline for deadline in coming if portion.span in deadline.spans]
            assert bool(waits), f"{portion} has no deadline"
    for dispute in order.disputes:
        about = [deadline for deadline in coming if deadline.dispute == dispute.id]
        assert bool(about) == dispute.is_open, f"{dispute} has no owner and no deadline, or is over and has one"
        assert dispute.is_open == (dispute.id in _disputed(order)), f"{dispute} is about nothing"
    for one in order.chargebacks:
        waited = any(deadline.chargeback == one.id for deadline in coming)
        assert waited == (one.state is ChargebackState.OPEN), f"nobody waits for the bank's word on {one}"


def check_actions(
    order: Order, now: Instant, answers: list[tuple[Ask, Reason | None]], actors: Iterable[Actor]
) -> None:
    """What is offered can be done, and what is not is refused for the reason shown."""
    for actor in actors:
        found: dict[tuple[str, str], set[Reason | None]] = {}
        loose: set[tuple[str, str]] = set()
        for (command, asker, usual), reason in answers:
            if asker == actor:
                name = (command.NAME, _about(command))
                if usual:
                    found.setdefault(name, set()).add(reason)
                elif reason is None:
                    loose.add(name)
        shown = {(action.name, ""): action for action in guards.actions(order, actor, now)}
        for dispute in order.disputes:
            offered = guards.dispute_actions(order, dispute, actor)
            shown |= {(action.name, dispute.id): action for action in offered}
        for review in order.reviews:
            of_it = guards.review_actions(order, review, actor, now)
            shown |= {(action.name, review.id): action for action in of_it}
        for name, reasons in found.items():
            action = shown.get(name)
            if action is None:
                missing = {Reason.NOT_ALLOWED, Reason.UNKNOWN_REVIEW}
                assert reasons <= missing or actor.role is Role.SYSTEM, f"{actor} is not offered {name}"
            elif action.available:
                assert None in reasons, f"{actor} is offered {name} and refused: {reasons}"
            else:
                assert reasons == {action.code}, f"{actor}, {name}: {reasons}, not {action.code}"
        for name in loose:
            offered_so = (name in shown and shown[name].available) or name[0] in _OF_REPLIES
            assert offered_so or actor.role is Role.SYSTEM, f"{actor} did what was not offered: {name}"


_OF_REPLIES = ("moderate_review", "contest_moderation")
"""What can be done to an answer, which has no buttons of its own, too."""


def _about(command: Command) -> str:
    if isinstance(command, DisputeCommand):
        return command.dispute
    return command.review if isinstance(command, ReviewCommand) else ""


def check_lines(order: Order, now: Instant, actor: Actor, answers: dict[tuple[str, str], Reason | None]) -> None:
    """The same, line by line."""
    for line, offered in guards.line_actions(order, actor, now).items():
        for action in offered:
            if (action.name, line) in answers:
                found = answers[action.name, line]
                assert found == action.code, f"{actor}, {action.name} of {line}: {found}, not {action.code}"


def holds_nothing(order: Order) -> bool:
    """Whether nobody waits for money any more."""
    return not (order.money.held or order.money.settling or any(dispute.is_open for dispute in order.disputes))


def staff_owes(order: Order) -> bool:
    """Whether a mediator or the operator owes an answer, which has a deadline (`check_state`)."""
    return any(dispute.state in STAFF_OWES for dispute in order.disputes)
