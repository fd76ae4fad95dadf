"""Opening a dispute, step by step: which items, what happened, what is wanted, text and photos, what comes next (S17)."""

from collections.abc import Callable
from enum import IntEnum

from starlette.responses import Response

from fairhold.domain.commands import MAX_PHOTOS, OpenDispute
from fairhold.domain.dispute import DisputeReason
from fairhold.domain.dispute_events import DisputeOpened
from fairhold.domain.order import Order
from fairhold.domain.reasons import Reason, Refusal
from fairhold.domain.rules.disputes import open_dispute
from fairhold.web.drafts import MOST_TEXT, PART, WISHES, Draft, draft_of
from fairhold.web.handlers.buyer import show_order
from fairhold.web.handlers.evidence import attached, newly_sent
from fairhold.web.sums import read_sum
from fairhold.web.views.dispute_opening import check_page, demand_page, details_page, items_page, reason_page
from fairhold.web.visits import Visit, fresh_key, status_of
from fairhold.words.catalog import N_
from fairhold.words.refusals import explain

_ANY = DisputeReason.DAMAGED
"""Stands for a reason that is still to come: with it no date matters."""
_OF_A_STEP = frozenset(
    {
        Reason.NOTHING_SELECTED,
        Reason.UNKNOWN_LINE,
        Reason.DUPLICATE_LINE,
        Reason.QUANTITY_TOO_LARGE,
        Reason.NOT_LATE_YET,
        Reason.DEMAND_ABOVE_DISPUTED,
        Reason.NOTHING_DEMANDED,
        Reason.LINE_IN_DISPUTE,
        Reason.ALREADY_CONFIRMED,
    }
)
"""Refusals that a step of the guide can tell at its own field."""

Errors = dict[str, str]
"""What is wrong, by the field at fault."""


class Step(IntEnum):
    """The steps, in their order."""

    ITEMS = 1
    REASON = 2
    DEMAND = 3
    DETAILS = 4
    CHECK = 5


def _why_not(visit: Visit, found: Order) -> Response | None:
    """The order page, with the reason, where no dispute can be opened now."""
    action = visit.sight(found).action("open_dispute")
    if action is None or action.code is None:
        return None
    refusal = Refusal(action.code)
    return show_order(visit, found, visit.refusal_note(refusal), status_of(refusal))


def _page(step: Step) -> Callable[[Visit], Response]:
    def page(visit: Visit) -> Response:
        found = visit.order()
        return _why_not(visit, found) or _guide(visit, found, step)

    page.__doc__ = f"The step {step.name.lower()}, or the first before it that is not right yet."
    return page


items, reason, demand, details, check = (_page(step) for step in Step)


def _guide(visit: Visit, found: Order, wanted: Step) -> Response:
    draft = draft_of(visit)
    draft, fault = _with_files(visit, draft)
    if fault:
        return _show(visit, found, Step.DETAILS, draft, {"photos": fault})
    for step in tuple(Step)[: wanted - 1]:
        errors = _CHECKS[step](visit, found, draft)
        if errors:
            return _show(visit, found, step, draft, errors)
    return _show(visit, found, wanted, draft)


def _with_files(visit: Visit, draft: Draft) -> tuple[Draft, str]:
    """The draft with the photos that just came, without one that was taken out; and what was wrong with a file."""
    draft = draft.without_photo(visit.field("remove", 64))
    sent = newly_sent(visit, MAX_PHOTOS - min(len(draft.photos), MAX_PHOTOS))
    return (draft, sent) if isinstance(sent, str) else (draft.with_photos(*sent), "")


def _items(visit: Visit, found: Order, draft: Draft) -> Errors:
    if not draft.lines:
        return {"line": visit.say(N_("Nothing is ticked yet. Tick what the dispute is about."))}
    return _refused(visit, found, draft.command(), "line")


def _reason(visit: Visit, found: Order, draft: Draft) -> Errors:
    given = draft.reason_given()
    if given is None:
        return {"reason": visit.say(N_("Choose what happened."))}
    return _refused(visit, found, draft.command(reason=given), "reason")


def _demand(visit: Visit, found: Order, draft: Draft) -> Errors:
    if draft.wish not in WISHES:
        return {"wish": visit.say(N_("Choose what you would like."))}
    if draft.wish == PART and read_sum(draft.amount, found.currency) is None:
        return {"amount": visit.say(N_("Write a sum, such as 600 or 600.50."))}
    whole = _opened(visit, found, draft.command())
    asked = draft.demand(found.currency)
    if isinstance(whole, DisputeOpened) and asked is not None and asked.amount is not None:
        if asked.amount == 0:
            return {"amount": visit.say(N_("Write a sum above zero."))}
        if asked.amount > whole.amount:
            most = visit.sight(found).sum(whole.amount)
            return {"amount": visit.say(N_("These items cost %(most)s: no more can come back."), most=most)}
    return _refused(visit, found, draft.command(reason=draft.reason_given() or _ANY, demand=asked), "wish")


def _details(visit: Visit, found: Order, draft: Draft) -> Errors:
    if not draft.text:
        return {"text": visit.say(N_("Write in a few words what is wrong."))}
    if len(draft.text) > MOST_TEXT:
        return {"text": visit.say(N_("At most %(most)d characters, please."), most=MOST_TEXT)}
    if isinstance(draft.command(text=draft.text), Refusal):
        return {"text": visit.say(N_("There are signs in it that cannot be shown. Write it anew."))}
    if len(draft.photos) > MAX_PHOTOS:
        return {"photos": visit.say(N_("At most %(most)d photos at once."), most=MAX_PHOTOS)}
    if attached(visit, found.id, draft.photos) is None:
        return {"photos": visit.say(N_("One of the photos is gone. Take it out and add it again."))}
    return {}


_CHECKS: dict[Step, Callable[[Visit, Order, Draft], Errors]] = {
    Step.ITEMS: _items,
    Step.REASON: _reason,
    Step.DEMAND: _demand,
    Step.DETAILS: _details,
}


def _opened(visit: Visit, found: Order, command: OpenDispute | Refusal) -> DisputeOpened | Refusal:
    """What the rules would say to the command, were it given now."""
    if isinstance(command, Refusal):
        return command
    outcome = open_dispute(found, command, visit.who(), visit.now)
    if isinstance(outcome, Refusal):
        return outcome
    [event] = outcome
    assert isinstance(event, DisputeOpened)
    return event


def _refused(visit: Visit, found: Order, command: OpenDispute | Refusal, field: str) -> Errors:
    outcome = _opened(visit, found, command)
    if not isinstance(outcome, Refusal):
        return {}
    title, detail = explain(visit.reader.words, outcome)
    return {field: f"{title} {detail}"}


def _show(visit: Visit, found: Order, step: Step, draft: Draft, errors: Errors | None = None) -> Response:
    sight = visit.sight(found)
    page: object
    match step:
        case Step.ITEMS:
            page = items_page(sight, draft)
        case Step.REASON:
            page = reason_page(sight, draft)
        case Step.DEMAND:
            page = demand_page(sight, draft)
        case Step.DETAILS:
            page = details_page(sight, draft)
        case Step.CHECK:
            given = draft.command(reason=draft.reason_given() or _ANY, demand=draft.demand(found.currency))
            ahead = _opened(visit, found, given)
            assert isinstance(ahead, DisputeOpened), "the steps before have been looked at"
            page = check_page(sight, draft, ahead)
    return visit.show(
        f"dispute_{step.name.lower()}.html",
        422 if errors else 200,
        page=page,
        errors=errors or {},
        url=f"{sight.url}/dispute",
        order_url=sight.url,
        number=sight.number,
        key=fresh_key(),
    )


def open_it(visit: Visit) -> Response:
    """The deed. The same form sent twice opens one dispute."""
    found, draft = visit.order(), draft_of(visit)
    evidence = attached(visit, found.id, draft.photos)
    given, asked = draft.reason_given(), draft.demand(found.currency)
    if evidence is None or given is None or asked is None or not draft.text:
        return _why_not(visit, found) or _guide(visit, found, Step.CHECK)
    command = draft.command(reason=given, demand=asked, text=draft.text, evidence=evidence)
    outcome = command if isinstance(command, Refusal) else visit.ask(found.id, command)
    if not isinstance(outcome, Refusal):
        dispute = outcome.order.disputes[-1]
        return visit.go(f"{visit.sight(outcome.order).dispute_url(dispute)}?done=opened")
    found = visit.order()
    if outcome.reason in _OF_A_STEP and visit.sight(found).can("open_dispute"):
        return _guide(visit, found, Step.CHECK)
    return show_order(visit, found, visit.refusal_note(outcome), status_of(outcome))
