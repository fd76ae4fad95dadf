"""The search notices a broken rule: each of these bugs, planted alone in what `decide` does, is found by it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from fairhold.domain import (
    bank_money,
    conditions,
    deadlines,
    decide,
    deciding,
    evolve,
    firing,
    guards,
    restoring,
    settlement,
)
from fairhold.domain.bargaining import agreed
from fairhold.domain.coming import Because, Deadline
from fairhold.domain.commands import AcceptOffer, RuleOnDispute
from fairhold.domain.dispute import Dispute, DisputeState, Outcome
from fairhold.domain.dispute_events import DisputeAgreed, DisputeEscalated, DisputeSettled
from fairhold.domain.dispute_guards import (
    DISPUTE_GUARD,
    NOT_THE_SAME,
    OFFER_ON_THE_TABLE,
    OTHER_SIDES_OFFER,
    DisputeCondition,
)
from fairhold.domain.events import Event
from fairhold.domain.instants import Duration, Instant
from fairhold.domain.order import Order, PaymentState, Portion, PortionState
from fairhold.domain.rules import chargebacks, claims, disputes, receipt
from tests.search.explore import search
from tests.search.models import SMALL, begin

Patch = pytest.MonkeyPatch
replace = msgspec.structs.replace
TALK, BANK, TRAVEL, TWO_AND_BANK, CEILING = (
    next(model for model in SMALL if model.name == name)
    for name in (
        "every command of a dispute",
        "the bank",
        "goods that travel again",
        "two lines and the bank",
        "the provider's ceiling",
    )
)


def _without(patch: Patch, command: type[Any], condition: DisputeCondition) -> None:
    guard = DISPUTE_GUARD[command]
    kept = tuple(one for one in guard.conditions if one is not condition)
    patch.setitem(DISPUTE_GUARD, command, replace(guard, conditions=kept))


def a_replaced_offer_can_be_accepted(patch: Patch) -> None:
    patch.setattr(guards, "AcceptOffer", DisputeAgreed)


def a_lapsed_offer_can_be_accepted(patch: Patch) -> None:
    _without(patch, AcceptOffer, OFFER_ON_THE_TABLE)


def an_own_offer_can_be_accepted(patch: Patch) -> None:
    _without(patch, AcceptOffer, OTHER_SIDES_OFFER)


def whoever_ruled_decides_the_appeal_too(patch: Patch) -> None:
    _without(patch, RuleOnDispute, NOT_THE_SAME)


def silence_on_a_resend_waits_for_the_goods(patch: Patch) -> None:
    def granted(order: Order, dispute: Dispute, *, at: Instant) -> tuple[Event, ...]:
        return agreed(order, dispute, dispute.offers[-1], at=at, by="system", silence=True)

    patch.setattr(firing, "granted_by_silence", granted)


def what_is_in_dispute_can_be_confirmed(patch: Patch) -> None:
    def confirmable(order: Order, portion: Portion) -> bool:
        held = portion.state in (PortionState.HELD, PortionState.DISPUTED)
        return held and order.payment is PaymentState.RECEIVED

    patch.setattr(conditions, "confirmable", confirmable)
    patch.setattr(receipt, "confirmable", confirmable)


def a_refund_forgets_what_the_bank_gave(patch: Patch) -> None:
    real = settlement.split

    def split(order: Order, dispute: Dispute, decided: int, **more: Any) -> DisputeSettled:
        portions = tuple(replace(portion, charged=0) for portion in order.portions)
        return real(replace(order, portions=portions), dispute, decided, **more)

    patch.setattr(bank_money, "split", split)


def a_refund_forgets_what_the_bank_has_of_other_goods(patch: Patch) -> None:
    patch.setattr(bank_money, "moved", lambda order, targets, wanted, *, at, by: None)


def whoever_appeals_wins_by_running_out_the_clock(patch: Patch) -> None:
    real = deciding.decided_by

    def decided_by(dispute: Dispute, because: Because) -> int | None:
        last = because in (Because.UNDECIDED, Because.DISPUTE_PROVIDER_LIMIT)
        return dispute.amount if last else real(dispute, because)

    patch.setattr(firing, "decided_by", decided_by)


def a_withdrawal_gives_a_new_term(patch: Patch) -> None:
    def anew(order: Order, portion: Portion, span: Any, *, since: Instant, now: Instant, minimum: Duration) -> Any:
        return restoring.restoring(order, portion, span, since=since, now=now, minimum=order.terms.protection)

    patch.setattr(disputes, "restoring", anew)


def a_ruling_cannot_be_appealed_in_time(patch: Patch) -> None:
    patch.setattr(claims, "after", lambda start, length: start)


def what_was_not_sent_back_is_refunded(patch: Patch) -> None:
    real = firing._fire_in_dispute

    def fire(order: Order, dispute: Dispute, deadline: Deadline) -> tuple[Event, ...]:
        if deadline.because is Because.RETURN_AGREED:
            decided, outcome = dispute.amount, Outcome.NOT_SENT_BACK
            return bank_money.settled(order, dispute, decided, at=deadline.at, by="system", outcome=outcome)
        return real(order, dispute, deadline)

    patch.setattr(firing, "_fire_in_dispute", fire)


def an_agreement_leaves_the_claim_overdue(patch: Patch) -> None:
    real = evolve._STEPS[DisputeAgreed]

    def step(order: Order, event: DisputeAgreed) -> Order:
        before, after = order.dispute(event.dispute), real(order, event)
        assert before is not None
        changed = (replace(one, overdue=before.overdue) if one.id == before.id else one for one in after.disputes)
        return replace(after, disputes=tuple(changed))

    patch.setitem(evolve._STEPS, DisputeAgreed, step)


def contesting_a_return_leaves_the_agreed_offer_on_the_table(patch: Patch) -> None:
    real = evolve._STEPS[DisputeEscalated]

    def step(order: Order, event: DisputeEscalated) -> Order:
        before, after = order.dispute(event.dispute), real(order, event)
        assert before is not None
        changed = (replace(one, offers=before.offers) if one.id == before.id else one for one in after.disputes)
        return replace(after, disputes=tuple(changed))

    patch.setitem(evolve._STEPS, DisputeEscalated, step)


def nobody_waits_for_the_ruling(patch: Patch) -> None:
    real = deadlines._of_dispute

    def of_dispute(order: Order, dispute: Dispute) -> Any:
        return () if dispute.state is DisputeState.CLAIMED else real(order, dispute)

    patch.setattr(deadlines, "_of_dispute", of_dispute)


def the_command_wins_at_the_deadline(patch: Patch) -> None:
    real = decide._Course.take_due
    patch.setattr(decide._Course, "take_due", lambda course, now: real(course, Instant(now - 1)))


def what_the_bank_gives_back_is_the_sellers(patch: Patch) -> None:
    patch.setattr(chargebacks, "_owed_still", lambda portion, given: 0)


BUGS = (
    (a_replaced_offer_can_be_accepted, TALK),
    (a_lapsed_offer_can_be_accepted, TALK),
    (an_own_offer_can_be_accepted, TALK),
    (whoever_ruled_decides_the_appeal_too, TALK),
    (silence_on_a_resend_waits_for_the_goods, TALK),
    (what_is_in_dispute_can_be_confirmed, BANK),
    (a_refund_forgets_what_the_bank_gave, BANK),
    (a_refund_forgets_what_the_bank_has_of_other_goods, TWO_AND_BANK),
    (whoever_appeals_wins_by_running_out_the_clock, CEILING),
    (a_withdrawal_gives_a_new_term, TALK),
    (a_ruling_cannot_be_appealed_in_time, TALK),
    (what_was_not_sent_back_is_refunded, TALK),
    (an_agreement_leaves_the_claim_overdue, TALK),
    (contesting_a_return_leaves_the_agreed_offer_on_the_table, TRAVEL),
    (nobody_waits_for_the_ruling, TALK),
    (the_command_wins_at_the_deadline, TALK),
    (what_the_bank_gives_back_is_the_sellers, BANK),
)


@pytest.mark.slow
@pytest.mark.parametrize(("plant", "model"), BUGS, ids=lambda one: getattr(one, "__name__", None))
def test_a_planted_bug_is_found(plant: Callable[[Patch], None], model: Any, monkeypatch: Patch) -> None:
    model.limit(monkeypatch)
    plant(monkeypatch)
    with pytest.raises(AssertionError):
        search(model.explorer(), [begin(model)], most=2700)
