"""Ruling: a sum and why, what that would mean to the last minor unit, and then the deed."""

from typing import NamedTuple

import msgspec
from starlette.responses import Response

from fairhold.domain.commands import RuleOnDispute
from fairhold.domain.dispute import Dispute
from fairhold.domain.dispute_events import DisputeRuled, DisputeSettled
from fairhold.domain.order import Order
from fairhold.domain.reasons import Reason, Refusal
from fairhold.engine.kernel.envelope import Answer
from fairhold.web.handlers.case_reading import in_conflict, show_case, why_not_rule
from fairhold.web.handlers.mediator import found_case, office_of
from fairhold.web.long_texts import typed_text
from fairhold.web.sums import read_sum
from fairhold.web.views.desk_reasons import canned_text
from fairhold.web.views.desk_ruling import Typed, outlook
from fairhold.web.views.parts import Step
from fairhold.web.views.sight import Sight
from fairhold.web.visits import Visit, fresh_key, status_of
from fairhold.words.catalog import N_
from fairhold.words.money import plain

MOST_REASONS = 4000


def sums(visit: Visit) -> Response:
    """The sums that `?refund=` would mean: the part of the case's page that changes while the slider moves."""
    order, dispute = found_case(visit)
    typed = _typed(visit, order, dispute, visit.query("refund", 40), "")
    seen = (
        outlook(visit.sight(order), dispute, typed.refund) if typed.refund is not None and not typed.wrong_sum else None
    )
    return visit.show("desk_sums.html", outlook=seen, wrong=typed.wrong_sum)


def begun(visit: Visit) -> Response:
    """The case with the form as far as the address says: `?refund=`. Also where a language switch comes back to."""
    order, dispute = found_case(visit)
    typed = _typed(visit, order, dispute, visit.query("refund", 40), "") if visit.query("refund", 40) else None
    return show_case(visit, office_of(visit), order, dispute, typed=typed)


def edit(visit: Visit) -> Response:
    """The case again with what was typed, and with a ready reason put in where one was chosen. Nothing is decided."""
    order, dispute = found_case(visit)
    reasons = _reasons(visit)
    if visit.field("insert", 5):
        chosen = canned_text(visit.field("canned", 40))
        reasons = f"{reasons}\n\n{chosen}".strip() if chosen and chosen not in reasons else reasons
    typed = _typed(visit, order, dispute, visit.field("refund", 40), reasons)
    return show_case(visit, office_of(visit), order, dispute, typed=typed)


class Reading(NamedTuple):
    """What the form asks for, or what is wrong with it."""

    typed: Typed
    command: RuleOnDispute | None


def _reasons(visit: Visit) -> str:
    return typed_text(visit, "reasons", 2 * MOST_REASONS)


def _typed(visit: Visit, order: Order, dispute: Dispute, value: str, reasons: str) -> Typed:
    refund = read_sum(value, order.currency) if value else None
    wrong = ""
    most = visit.sight(order).sum(dispute.amount)
    if value and refund is None:
        wrong = visit.say(N_("Write a sum between 0 and %(most)s."), most=most)
    elif refund is not None and refund > dispute.amount:
        wrong = visit.say(N_("The sum in dispute is %(most)s: no more than that can be given back."), most=most)
    return Typed(value, refund, reasons, wrong)


def _read(visit: Visit, order: Order, dispute: Dispute) -> Reading:
    """The form as a command; field by field, what is wrong."""
    value, reasons = visit.field("refund", 40), _reasons(visit)
    typed = _typed(visit, order, dispute, value, reasons)
    wrong_sum, wrong_reasons, command = typed.wrong_sum, "", None
    if not value:
        wrong_sum = visit.say(N_("Say how much goes back to the buyer; 0 is an answer too."))
    if not reasons:
        wrong_reasons = visit.say(N_("Say why: both sides read it."))
    elif len(reasons) > MOST_REASONS:
        wrong_reasons = visit.say(N_("At most %(most)d characters, please."), most=MOST_REASONS)
    if not wrong_sum and not wrong_reasons:
        try:
            fields = {"dispute": dispute.id, "refund": typed.refund, "reasons": reasons}
            command = msgspec.convert(fields, RuleOnDispute)
        except msgspec.ValidationError:
            wrong_reasons = visit.say(N_("There are signs in it that cannot be shown. Write it anew."))
    return Reading(Typed(value, typed.refund, reasons, wrong_sum, wrong_reasons), command)


def _again(visit: Visit, typed: Typed, refusal: Refusal | None = None) -> Response:
    order, dispute = found_case(visit)
    note = visit.refusal_note(refusal) if refusal else None
    return show_case(visit, office_of(visit), order, dispute, note, status_of(refusal) if refusal else 422, typed)


def consequence(visit: Visit) -> Response:
    """The second step: the sums and the time to appeal. The engine is asked, and does nothing."""
    order, dispute = found_case(visit)
    typed, command = _read(visit, order, dispute)
    why = why_not_rule(visit, order, dispute)
    if why is not None:
        return _again(visit, typed, Refusal(why))
    if command is None:
        return _again(visit, typed)
    outcome = visit.ask(order.id, command, dry_run=True)
    if isinstance(outcome, Refusal):
        return _again(visit, typed, outcome)
    sight = visit.sight(order)
    seen = outlook(sight, dispute, command.refund)
    return visit.show(
        "desk_consequence.html",
        url=office_of(visit).url(dispute.id),
        number=sight.number,
        final=any(isinstance(event, DisputeSettled) for event in outcome.events),
        question=sight.say(
            N_("Rule: %(refund)s to the buyer, %(net)s to the seller?"),
            refund=sight.sum(command.refund),
            net=seen.net,
        ),
        outlook=seen,
        steps_list=_steps(sight, outcome),
        refund=plain(command.refund, order.currency),
        reasons=command.reasons,
        key=fresh_key(),
    )


def _steps(sight: Sight, outcome: Answer) -> list[Step]:
    ruled = next(event for event in outcome.events if isinstance(event, DisputeRuled))
    now = Step(sight.say(N_("At once")), sight.say(N_("Both sides read the ruling and its reasons.")), "now")
    if ruled.effective_at == ruled.at:
        last = N_("It is a ruling on an appeal: the money goes at once, and nothing can be appealed any more.")
        return [now, Step(sight.say(N_("At once")), sight.say(last))]
    until = sight.moment(ruled.effective_at)
    return [
        now,
        Step(
            sight.say(N_("Until %(moment)s"), moment=until),
            sight.say(N_("Either side can appeal once. Then another mediator decides, not you.")),
        ),
        Step(until, sight.say(N_("If nobody has appealed, the money goes as ruled."))),
    ]


def rule(visit: Visit) -> Response:
    """The deed. The same form sent twice does it once."""
    order, dispute = found_case(visit)
    typed, command = _read(visit, order, dispute)
    if command is None:
        return _again(visit, typed)
    if in_conflict(visit, order):
        return _again(visit, typed, Refusal(Reason.CONFLICT_OF_INTEREST))
    outcome = visit.ask(order.id, command)
    if isinstance(outcome, Refusal):
        return _again(visit, typed, outcome)
    ended = outcome.order.dispute(dispute.id)
    done = "final" if ended is not None and not ended.is_open else "ruled"
    return visit.go(f"{office_of(visit).url(dispute.id)}?done={done}")
