"""Offers in a dispute: a form with bounds, a look at both sides' sums, and then the offer (S18)."""

from typing import NamedTuple

from starlette.responses import Response

from fairhold.domain.actors import Role
from fairhold.domain.commands import MakeOffer
from fairhold.domain.dispute import Dispute
from fairhold.domain.order import Order
from fairhold.domain.reasons import Reason, Refusal
from fairhold.web.handlers.disputes import (
    Errors,
    dispute_of,
    give,
    read_statement,
    refused,
    show_question,
    statement,
    why_not,
)
from fairhold.web.sums import read_sum
from fairhold.web.views.dispute_offers import KINDS, NONE, RESEND, RETURN, offer_page, offering
from fairhold.web.visits import Visit
from fairhold.words.catalog import N_
from fairhold.words.refusals import explain


class Written(NamedTuple):
    """An offer as it was written; none of it is trusted."""

    kind: str
    amount: str
    text: str


def _written(visit: Visit) -> Written:
    if visit.request.method == "POST":
        return Written(visit.field("kind", 20), visit.field("amount", 40), statement(visit))
    return Written(visit.query("kind", 20), visit.query("amount", 40), "")


def form(visit: Visit) -> Response:
    """The form, empty or with what was typed before."""
    found = visit.order()
    dispute = dispute_of(visit, found)
    refusal = why_not(visit, found, dispute, "make_offer")
    return refused(visit, refusal) if refusal else _form(visit, found, dispute, _written(visit))


def _form(visit: Visit, found: Order, dispute: Dispute, written: Written, errors: Errors | None = None) -> Response:
    amount = read_sum(written.amount, found.currency)
    page = offer_page(visit.sight(found), dispute, written.kind, written.amount, amount, written.text)
    return visit.show("dispute_offer.html", 422 if errors else 200, page=page, errors=errors or {})


def _read(visit: Visit, found: Order, dispute: Dispute) -> tuple[MakeOffer | None, Errors]:
    """The command that the form means, or what is wrong in it."""
    written, role = _written(visit), visit.who().role
    if written.kind not in KINDS or (written.kind in (NONE, RESEND) and role is not Role.SELLER):
        return None, {"kind": visit.say(N_("Choose what you offer."))}
    text, errors = read_statement(visit, needed=False)
    amount = 0
    if written.kind not in (NONE, RESEND):
        amount, wrong = _amount(visit, found, dispute, written.amount)
        errors |= wrong
    if errors:
        return None, errors
    back, again = written.kind == RETURN, written.kind == RESEND
    return MakeOffer(dispute=dispute.id, refund=amount, return_goods=back, resend=again, text=text), {}


def _amount(visit: Visit, found: Order, dispute: Dispute, text: str) -> tuple[int, Errors]:
    amount = read_sum(text, found.currency)
    if amount is None:
        return 0, {"amount": visit.say(N_("Write a sum, such as 600 or 600.50."))}
    if amount == 0:
        return 0, {"amount": visit.say(N_("Write a sum above zero."))}
    if amount > dispute.amount:
        most = visit.sight(found).sum(dispute.amount)
        return 0, {"amount": visit.say(N_("The dispute is about %(most)s: no more can come back."), most=most)}
    return amount, {}


_AT_THE_SUM = frozenset({Reason.SAME_OFFER, Reason.REFUND_ABOVE_WHAT_IS_LEFT, Reason.NOTHING_DEMANDED})


def check(visit: Visit) -> Response:
    """Both sides' sums, and what comes next. Nothing is offered yet."""
    found = visit.order()
    dispute = dispute_of(visit, found)
    refusal = why_not(visit, found, dispute, "make_offer")
    if refusal is not None:
        return refused(visit, refusal)
    command, errors = _read(visit, found, dispute)
    if command is None:
        return _form(visit, found, dispute, _written(visit), errors)
    outcome = visit.ask(found.id, command, dry_run=True)
    if isinstance(outcome, Refusal):
        return _not_taken(visit, outcome)
    fields = tuple(zip(Written._fields, _written(visit), strict=True))
    return show_question(visit, offering(visit.sight(found), dispute, outcome.events, fields))


def _not_taken(visit: Visit, refusal: Refusal) -> Response:
    if refusal.reason not in _AT_THE_SUM:
        return refused(visit, refusal)
    found = visit.order()
    title, detail = explain(visit.reader.words, Refusal(refusal.reason))
    return _form(visit, found, dispute_of(visit, found), _written(visit), {"amount": f"{title} {detail}"})


def make(visit: Visit) -> Response:
    """The offer. The same form sent twice makes one."""
    found = visit.order()
    dispute = dispute_of(visit, found)
    command, errors = _read(visit, found, dispute)
    if command is None:
        refusal = why_not(visit, found, dispute, "make_offer")
        return refused(visit, refusal) if refusal else _form(visit, found, dispute, _written(visit), errors)
    return give(visit, found, command, "offered")
