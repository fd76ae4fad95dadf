"""The buyer's orders: the list, the order, paying, cancelling, asking for more time."""

from typing import Literal

import msgspec
from starlette.responses import Response

from fairhold.domain.commands import AskExtension, Command, Pay
from fairhold.domain.order import Order
from fairhold.domain.payment_commands import StartPayment
from fairhold.domain.reasons import Reason, Refusal
from fairhold.web.handlers import cancelling
from fairhold.web.handlers.lists import listing
from fairhold.web.handlers.reviews_reading import beside_order
from fairhold.web.views.cards import card_of, one_main
from fairhold.web.views.orders import extension_of, order_page
from fairhold.web.views.parts import Note
from fairhold.web.views.paying import paying_page, ways
from fairhold.web.views.sandbox import hint_of
from fairhold.web.visits import Visit, invalid, status_of
from fairhold.words.catalog import N_, Language
from fairhold.words.names import BUYER_TABS

METHODS = ("sandbox:ok", "sandbox:declined")


def orders(visit: Visit) -> Response:
    """My orders."""
    found = listing(visit, "/orders", BUYER_TABS)
    cards = one_main([card_of(visit.sight(order)) for order in found.orders])
    return visit.show("orders.html", list=found, cards=cards)


def order(visit: Visit) -> Response:
    """The order page."""
    found = visit.order()
    visit.has_seen(found)
    return show_order(visit, found)


def show_order(visit: Visit, found: Order, note: Note | None = None, status: int = 200) -> Response:
    """The order page, with what just happened where something did."""
    said = _SAID.get(visit.query("done", 20)) if note is None else None
    if said:
        note = Note(visit.say(said[0]), visit.say(said[1]), "safe", "ok")
    history = visit.site.queries.history(found.id)
    page = order_page(visit.sight(found), history, note, beside_order(visit, found, history))
    hint = hint_of(visit.sight(found)) if visit.site.sandbox else ""
    sight = visit.sight(found)
    ways_to_pay = ways(sight, visit.site.providers) if page.may_pay else ()
    return visit.show("order.html", status, page=page, hint=hint, ways=ways_to_pay, test_cards=visit.site.sandbox)


_SAID = {
    "placed": (N_("The order is placed."), N_("Pay for it below. Until you do, no money moves.")),
    "paid": (N_("Paid."), N_("The money is with us, protected. The seller has been told to ship.")),
    "cancelled": (N_("The order is cancelled."), N_("If you had paid, all of it comes back to you.")),
    "asked": (N_("Asked."), N_("The seller will answer. Until then protection runs as before.")),
}


def give(visit: Visit, found: Order, command: Command | Refusal, done: str) -> Response:
    """Put a command and show the order: with `done` where it happened, with the refusal where it did not."""
    outcome = command if isinstance(command, Refusal) else visit.ask(found.id, command)
    if isinstance(outcome, Refusal):
        return show_order(visit, visit.order(), visit.refusal_note(outcome), status_of(outcome))
    return visit.go(f"/orders/{found.id}?done={done}")


def pay(visit: Visit) -> Response:
    """Pay the whole order: in the sandbox at once, through a provider on its page."""
    found, method = visit.order(), visit.field("method", 64)
    if method in visit.site.providers:
        language: Literal["ru", "en"] = "ru" if visit.reader.language is Language.RU else "en"
        outcome = visit.ask(found.id, StartPayment(method=method, language=language))
        if isinstance(outcome, Refusal):
            return show_order(visit, visit.order(), visit.refusal_note(outcome), status_of(outcome))
        return visit.go(f"/orders/{found.id}/payment")
    known = visit.site.sandbox and method in METHODS
    return give(visit, found, Pay(method=method) if known else invalid("method"), "paid")


def paying(visit: Visit) -> Response:
    """Between our page and the provider's: on to where the buyer pays, as soon as there is such a page."""
    found = visit.order()
    page = paying_page(visit.sight(found))
    return visit.go(f"/orders/{found.id}") if page is None else visit.show("paying.html", page=page)


cancel_page = cancelling.page_of(show_order)
cancel = cancelling.done_by(give)


def extension_page(visit: Visit) -> Response:
    """Ask the seller for more time."""
    found = visit.order()
    sight = visit.sight(found)
    action = sight.action("ask_extension")
    if action is not None and action.code not in (None, Reason.EXTENSION_ALREADY_ASKED):
        refusal = Refusal(action.code)
        return show_order(visit, found, visit.refusal_note(refusal), status_of(refusal))
    return visit.show("extension.html", page=extension_of(sight), note=None)


def ask_extension(visit: Visit) -> Response:
    """Put the question to the seller."""
    command = days_of(visit, AskExtension)
    return give(visit, visit.order(), command, "asked")


def days_of(visit: Visit, kind: type[Command]) -> Command | Refusal:
    """A command with a number of days out of the form."""
    text = visit.field("days", 10)
    if not text.isascii() or not text.isdigit():
        return invalid("days")
    try:
        return msgspec.convert({"days": int(text)}, kind)
    except msgspec.ValidationError:
        return invalid("days")
