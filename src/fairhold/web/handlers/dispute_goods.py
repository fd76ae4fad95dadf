"""Goods on the move in a dispute: sent back, looked at, sent again; and a parcel that came back by itself."""

from collections.abc import Callable

import msgspec
from starlette.responses import Response

from fairhold.domain.commands import ContestReturnedParcel, ReceiveReturn, ShipReplacement, ShipReturn
from fairhold.domain.dispute import Dispute
from fairhold.domain.order import Order
from fairhold.domain.reasons import Refusal
from fairhold.web.handlers.disputes import (
    Errors,
    dispute_of,
    give,
    put_with_photos,
    question_page,
    read_words,
    refused,
    show_question,
    why_not,
)
from fairhold.web.handlers.parcel_fields import LONGEST, Doubt, kept_fields, parcel_fields
from fairhold.web.handlers.seller import show_order
from fairhold.web.sums import read_sum
from fairhold.web.views.dispute_goods import parcel_page
from fairhold.web.views.dispute_questions import Question, contesting, not_as_it_should, taking_back
from fairhold.web.visits import Visit, invalid, status_of
from fairhold.words.catalog import N_

_PARCELS: dict[str, type[ShipReturn] | type[ShipReplacement]] = {
    ShipReturn.NAME: ShipReturn,
    ShipReplacement.NAME: ShipReplacement,
}


def _parcel_form(name: str) -> Callable[[Visit], Response]:
    def form(visit: Visit) -> Response:
        found = visit.order()
        dispute = dispute_of(visit, found)
        refusal = why_not(visit, found, dispute, name)
        return refused(visit, refusal) if refusal else _form(visit, found, dispute, name)

    return form


def _form(
    visit: Visit, found: Order, dispute: Dispute, name: str, errors: Errors | None = None, doubt: Doubt | None = None
) -> Response:
    kept = kept_fields(visit) | {"postage": visit.field("postage", LONGEST)}
    page = parcel_page(visit.sight(found), dispute, back=name == ShipReturn.NAME)
    numbers = visit.site.tracking_numbers
    status = 422 if errors or doubt else 200
    return visit.show(
        "dispute_parcel.html", status, page=page, errors=errors or {}, kept=kept, doubt=doubt, numbers=numbers
    )


def _recorded(name: str, done: str) -> Callable[[Visit], Response]:
    def record(visit: Visit) -> Response:
        found = visit.order()
        dispute = dispute_of(visit, found)
        parcel = parcel_fields(visit)
        errors: Errors = dict(parcel.errors)
        fields: dict[str, object] = {
            "dispute": dispute.id,
            "carrier": parcel.carrier,
            "tracking_number": parcel.number,
        }
        postage = visit.field("postage", 40) if name == ShipReturn.NAME else ""
        if postage:
            fields["postage"], wrong = _postage(visit, found, dispute, postage)
            errors |= wrong
        if errors or parcel.doubt is not None:
            refusal = why_not(visit, found, dispute, name)
            return refused(visit, refusal) if refusal else _form(visit, found, dispute, name, errors, parcel.doubt)
        try:
            command = msgspec.convert(fields, _PARCELS[name])
        except msgspec.ValidationError:
            unreadable = {"tracking_number": visit.say(N_("At most 64 characters, and only such as can be printed."))}
            return _form(visit, found, dispute, name, unreadable)
        return give(visit, found, command, done)

    return record


def _postage(visit: Visit, found: Order, dispute: Dispute, text: str) -> tuple[int, Errors]:
    """What sending back cost, or what is wrong with the sum."""
    amount = read_sum(text, found.currency)
    if amount is None:
        return 0, {"postage": visit.say(N_("Write a sum, such as 600 or 600.50."))}
    if amount > dispute.amount:
        most = visit.sight(found).sum(dispute.amount)
        return 0, {"postage": visit.say(N_("The dispute is about %(most)s: no more can come back."), most=most)}
    return amount, {}


return_form, send_back = _parcel_form(ShipReturn.NAME), _recorded(ShipReturn.NAME, "sent_back")
resend_form, send_again = _parcel_form(ShipReplacement.NAME), _recorded(ShipReplacement.NAME, "resent")


def _looking(visit: Visit, found: Order, dispute: Dispute) -> Question:
    """Both ways are pages of their own: money moves on one of them."""
    sight = visit.sight(found)
    wrong = visit.query("wrong", 5) or visit.field("accepted", 5) == "no"
    return not_as_it_should(sight, dispute) if wrong else taking_back(sight, dispute)


look_page = question_page("receive_return", _looking)


def looked(visit: Visit) -> Response:
    """The goods came back as they should, or not: then a mediator decides."""
    if visit.field("accepted", 5) == "no":
        return put_with_photos(
            visit, "receive_return", _looking, ReceiveReturn, "contested", needed=True, accepted=False
        )
    found = visit.order()
    dispute = dispute_of(visit, found)
    if visit.field("accepted", 5) != "yes":
        return refused(visit, invalid("accepted"))
    return give(visit, found, ReceiveReturn(dispute=dispute.id, accepted=True), "taken")


def contest_page(visit: Visit) -> Response:
    """Contest that a parcel which came back is simply refunded."""
    found = visit.order()
    return _not_contestable(visit, found) or show_question(visit, contesting(visit.sight(found)))


def _not_contestable(visit: Visit, found: Order) -> Response | None:
    action = visit.sight(found).action("contest_returned_parcel")
    if action is None or action.code is None:
        return None
    refusal = Refusal(action.code)
    return show_order(visit, found, visit.refusal_note(refusal), status_of(refusal))


def contest(visit: Visit) -> Response:
    """Ask a mediator about the parcel that came back."""
    found = visit.order()
    words = read_words(visit, found, needed=True)
    if words.errors or words.text is None:
        again = _not_contestable(visit, found)
        return again or show_question(visit, contesting(visit.sight(found)), 422, words.errors, words.photos)
    outcome = visit.ask(found.id, ContestReturnedParcel(text=words.text, evidence=words.evidence))
    if isinstance(outcome, Refusal):
        return show_order(visit, visit.order(), visit.refusal_note(outcome), status_of(outcome))
    return visit.go(f"{visit.sight(outcome.order).dispute_url(outcome.order.disputes[-1])}?done=contested")
