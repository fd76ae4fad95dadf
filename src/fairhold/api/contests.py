"""`/chargebacks/…/evidence`: what speaks against a chargeback is handed in through the payment provider."""

from fairhold.api.acting import Given
from fairhold.api.contest_bodies import Evidence
from fairhold.api.moments import moment
from fairhold.api.parts import Call, Parts
from fairhold.api.problems import Problem
from fairhold.api.shapes import Out
from fairhold.api.wire_contests import ContestOut
from fairhold.domain.reasons import Reason, Refusal
from fairhold.engine.payments.contests import Unasked
from fairhold.engine.ports.contests import Contest
from fairhold.words.dates import rfc3339
from fairhold.words.faults import Fault
from fairhold.words.lines import plain_lines

Answer = Out | Problem | Refusal

_UNASKED: dict[Unasked, Problem | Refusal] = {
    Unasked.NO_CHARGEBACK: Refusal(Reason.UNKNOWN_CHARGEBACK, "chargeback"),
    Unasked.ENDED: Refusal(Reason.CHARGEBACK_ENDED),
    Unasked.NOT_CONTESTED: Problem(Fault.EVIDENCE_NOT_TAKEN),
    Unasked.ANOTHER_NOTE: Problem(Fault.EVIDENCE_ASKED_BEFORE),
    Unasked.TOO_LATE: Problem(Fault.TOO_LATE_FOR_EVIDENCE),
}


def ask(parts: Parts, call: Call, given: Given[Evidence] | Problem) -> Answer:
    """An operator wants it handed in."""
    order = parts.order(call.actor, call.names["order"])
    if isinstance(order, Refusal):
        return order
    if isinstance(given, Problem):
        return given
    asked = parts.contests.ask(order, call.names["chargeback"], plain_lines(given.body.note).strip(), str(call.actor))
    return _UNASKED[asked] if isinstance(asked, Unasked) else _out(asked)


def one(parts: Parts, call: Call) -> Answer:
    """How it stands with it."""
    order = parts.order(call.actor, call.names["order"])
    if isinstance(order, Refusal):
        return order
    name = call.names["chargeback"]
    if all(one.id != name for one in order.chargebacks):
        return _UNASKED[Unasked.NO_CHARGEBACK]
    found = parts.contests.rows.contest(name)
    return Problem(Fault.EVIDENCE_NOT_ASKED) if found is None else _out(found)


def _out(contest: Contest) -> ContestOut:
    return ContestOut(
        chargeback=contest.chargeback,
        order=contest.order,
        provider=contest.provider,
        state=contest.state,
        asked_at=rfc3339(contest.asked_at),
        asked_by=contest.asked_by,
        tries=contest.tries,
        note=contest.note or None,
        done_at=moment(contest.done_at),
        why=contest.why or None,
    )
