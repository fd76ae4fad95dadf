"""Claims: what becomes of a dispute that the two sides do not settle (S19): a mediator, a ruling, one appeal."""

from fairhold.domain.actors import Actor
from fairhold.domain.bank_money import settled
from fairhold.domain.bargaining import ruling_due
from fairhold.domain.commands import AppealRuling, EscalateDispute, RuleOnDispute, TakeClaim
from fairhold.domain.dispute import DisputeState, Outcome
from fairhold.domain.dispute_events import ClaimTaken, DisputeEscalated, DisputeRuled, RulingAppealed
from fairhold.domain.dispute_guards import guarded, room_for
from fairhold.domain.events import Event
from fairhold.domain.instants import Instant, after
from fairhold.domain.order import Order
from fairhold.domain.reasons import Reason, Refusal

Decision = tuple[Event, ...] | Refusal


def escalate_dispute(order: Order, command: EscalateDispute, actor: Actor, now: Instant) -> Decision:
    """A mediator is asked; until the ruling the two can still agree."""
    due = ruling_due(order, now)
    return (
        DisputeEscalated(at=now, by=str(actor), dispute=guarded(order, command.dispute).id, due=due, text=command.text),
    )


def take_claim(order: Order, command: TakeClaim, actor: Actor, now: Instant) -> Decision:
    """The case has a reader; taking it twice changes nothing."""
    dispute = guarded(order, command.dispute)
    if dispute.mediator == actor.id:
        return ()
    return (ClaimTaken(at=now, by=str(actor), dispute=dispute.id),)


def rule_on_dispute(order: Order, command: RuleOnDispute, actor: Actor, now: Instant) -> Decision:
    """Any split of the disputed sum, with reasons. A first ruling waits for an appeal, a second one stands at once."""
    dispute = guarded(order, command.dispute)
    if command.refund > dispute.amount:
        return Refusal(Reason.REFUND_ABOVE_WHAT_IS_LEFT, "refund", dispute.amount)
    final = dispute.state is DisputeState.APPEALED
    effective_at = now if final else after(now, order.terms.disputes.appeal)
    ruled = DisputeRuled(
        at=now,
        by=str(actor),
        dispute=dispute.id,
        refund=command.refund,
        effective_at=effective_at,
        reasons=command.reasons,
    )
    if not final:
        return (ruled,)
    return (ruled, *settled(order, dispute, command.refund, at=now, by=str(actor), outcome=Outcome.RULED))


def appeal_ruling(order: Order, command: AppealRuling, actor: Actor, now: Instant) -> Decision:
    """Once, before the money leaves; whoever ruled first does not rule again."""
    dispute = guarded(order, command.dispute)
    refusal = room_for(dispute, command.evidence)
    if refusal is not None:
        return refusal
    return (
        RulingAppealed(
            at=now,
            by=str(actor),
            dispute=dispute.id,
            side=actor.role,
            due=ruling_due(order, now),
            text=command.text,
            evidence=command.evidence,
        ),
    )
