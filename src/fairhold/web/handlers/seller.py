"""The seller's orders and money: shipping, more time, the forecast."""

import msgspec
from starlette.responses import Response

from fairhold.domain.commands import AnswerExtension, Command, ExtendProtection, ShipParcel
from fairhold.domain.order import Order
from fairhold.domain.reasons import Refusal
from fairhold.domain.status import Tab
from fairhold.web.handlers import cancelling
from fairhold.web.handlers.buyer import days_of
from fairhold.web.handlers.lists import listing
from fairhold.web.handlers.parcel_fields import Doubt, kept_fields, parcel_fields
from fairhold.web.handlers.receipts import chosen_lines, line_fields
from fairhold.web.handlers.reviews_reading import beside_order
from fairhold.web.handlers.seller_payouts import balances, cashier_of
from fairhold.web.views.forecast import forecasts
from fairhold.web.views.orders import extension_of, order_page
from fairhold.web.views.parts import Note
from fairhold.web.views.payouts import payout_row
from fairhold.web.views.sandbox import hint_of
from fairhold.web.views.selling import ShipPage, coming_of, row_of, ship_page, stats_of
from fairhold.web.visits import Visit, invalid, status_of
from fairhold.words.catalog import N_
from fairhold.words.names import SELLER_TABS

MOST_COUNTED = 1000
SHOWN_LATELY = 5
"""Payouts on the page of the money; the others have a page of their own."""
_OPEN_TABS = (Tab.AWAITING_SHIPMENT, Tab.SHIPPED, Tab.IN_DISPUTE, Tab.SETTLING)


def _open_orders(visit: Visit) -> tuple[Order, ...]:
    """The seller's orders that hold money, out of which sums and forecast are counted: the newest of each tab."""
    found: dict[str, Order] = {}
    for tab in _OPEN_TABS:
        older = None
        while len(found) < MOST_COUNTED:
            page = visit.site.queries.list_orders(seller=visit.who().id, tab=tab, older_than=older, limit=200)
            found |= {order.id: order for order in page.items}
            older = page.older
            if older is None:
                break
    return tuple(found.values())


def _balances(visit: Visit) -> dict[str, int]:
    prefix = f"seller:{visit.who().id}:"
    return {name.removeprefix(prefix): held for name, held in visit.site.queries.balances(prefix).items()}


def orders(visit: Visit) -> Response:
    """The seller's orders, with the money at the head."""
    found = listing(visit, "/selling", SELLER_TABS)
    rows = [row_of(visit.sight(order)) for order in found.orders]
    stats = stats_of(_open_orders(visit), _balances(visit), visit.reader)
    return visit.show("selling.html", list=found, rows=rows, stats=stats)


def money(visit: Visit) -> Response:
    """What is there and when more comes."""
    open_orders, seller = _open_orders(visit), visit.who().id
    latest = visit.site.payouts.rows.list_payouts(seller, (), None, SHOWN_LATELY)
    return visit.show(
        "selling_money.html",
        balances=balances(visit),
        payouts=[payout_row(cashier_of(visit), one) for one in latest],
        stats=coming_of(open_orders, visit.reader),
        forecasts=forecasts(open_orders, visit.now, visit.reader),
    )


def order(visit: Visit) -> Response:
    """The order as its seller sees it."""
    found = visit.order()
    visit.has_seen(found)
    return show_order(visit, found)


_SAID = {
    "shipped": (N_("The parcel is recorded."), N_("The buyer sees its tracking number. Protection has begun.")),
    "extended": (N_("Protection is extended."), N_("The buyer sees the new date.")),
    "declined": (N_("Declined."), N_("Protection runs as before.")),
    "cancelled": (N_("The order is cancelled."), N_("What the buyer paid goes back.")),
}


def show_order(visit: Visit, found: Order, note: Note | None = None, status: int = 200) -> Response:
    """The order page, with what just happened where something did."""
    said = _SAID.get(visit.query("done", 20)) if note is None else None
    if said:
        note = Note(visit.say(said[0]), visit.say(said[1]), "safe", "ok")
    history = visit.site.queries.history(found.id)
    page = order_page(visit.sight(found), history, note, beside_order(visit, found, history))
    hint = hint_of(visit.sight(found)) if visit.site.sandbox else ""
    return visit.show("order.html", status, page=page, hint=hint)


def give(visit: Visit, found: Order, command: Command | Refusal, done: str) -> Response:
    """Put a command and show the order: with `done` where it happened, with the refusal where it did not."""
    outcome = command if isinstance(command, Refusal) else visit.ask(found.id, command)
    if isinstance(outcome, Refusal):
        return show_order(visit, visit.order(), visit.refusal_note(outcome), status_of(outcome))
    return visit.go(f"/selling/orders/{found.id}?done={done}")


def ship_form(visit: Visit) -> Response:
    """The form of a parcel."""
    found = visit.order()
    action = visit.sight(found).action("ship")
    if action is not None and action.code is not None:
        refusal = Refusal(action.code)
        return show_order(visit, found, visit.refusal_note(refusal), status_of(refusal))
    return _ship_page(visit, ship_page(visit.sight(found)))


def ship(visit: Visit) -> Response:
    """Record the parcel; what was wrong stands beside its field, and what was typed stays."""
    found = visit.order()
    chosen = chosen_lines(visit, visit.fields("line"))
    parcel = parcel_fields(visit)
    errors = dict(parcel.errors)
    if not chosen:
        errors["line"] = visit.say(N_("Tick what is in the parcel."))
    outcome: object = None
    if not errors and parcel.doubt is None:
        command = _parcel(parcel.carrier, parcel.number, chosen)
        outcome = command if isinstance(command, Refusal) else visit.ask(found.id, command)
        if not isinstance(outcome, Refusal):
            return visit.go(f"/selling/orders/{found.id}?done=shipped")
    note = visit.refusal_note(outcome) if isinstance(outcome, Refusal) else None
    found = visit.order()
    if note is not None and not visit.sight(found).can("ship"):
        return show_order(visit, found, note, 409)
    status = status_of(outcome) if isinstance(outcome, Refusal) else 422
    return _ship_page(visit, ship_page(visit.sight(found), chosen), status, errors, parcel.doubt, note)


def _ship_page(
    visit: Visit,
    page: ShipPage,
    status: int = 200,
    errors: dict[str, str] | None = None,
    doubt: Doubt | None = None,
    note: Note | None = None,
) -> Response:
    kept = kept_fields(visit)
    numbers = visit.site.tracking_numbers
    return visit.show(
        "ship.html", status, page=page, errors=errors or {}, kept=kept, doubt=doubt, note=note, numbers=numbers
    )


def _parcel(carrier: str, number: str, chosen: dict[str, int | None]) -> ShipParcel | Refusal:
    lines = line_fields(chosen)
    try:
        return msgspec.convert({"carrier": carrier, "tracking_number": number, "lines": lines}, ShipParcel)
    except msgspec.ValidationError:
        return invalid("tracking_number")


def extension_page(visit: Visit) -> Response:
    """Give more time, or answer the buyer who asks for it."""
    found = visit.order()
    sight = visit.sight(found)
    action = sight.action("extend_protection")
    if action is not None and action.code is not None:
        refusal = Refusal(action.code)
        return show_order(visit, found, visit.refusal_note(refusal), status_of(refusal))
    return visit.show("extension.html", page=extension_of(sight), note=None)


def extend(visit: Visit) -> Response:
    """Give the buyer more days."""
    return give(visit, visit.order(), days_of(visit, ExtendProtection), "extended")


def answer_extension(visit: Visit) -> Response:
    """Grant what was asked for, or decline."""
    granted = visit.field("granted", 5) == "yes"
    return give(visit, visit.order(), AnswerExtension(granted=granted), "extended" if granted else "declined")


cancel_page = cancelling.page_of(show_order)
cancel = cancelling.done_by(give)
