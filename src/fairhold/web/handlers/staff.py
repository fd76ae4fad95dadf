"""Support and operators: find an order, see it whole, undo a confirmation; the ledger; the sandbox's clock and carrier."""

from contextlib import suppress

import msgspec
from starlette.exceptions import HTTPException
from starlette.responses import Response

from fairhold.domain.actors import Role
from fairhold.domain.commands import Command, RecordCheckpoint, UndoReceipt
from fairhold.domain.ids import ShipmentId
from fairhold.domain.instants import DAY, HOUR, Instant
from fairhold.domain.order import Order, ParcelStatus
from fairhold.domain.reasons import Refusal
from fairhold.engine.background import CannotAdvance
from fairhold.web.handlers import cancelling
from fairhold.web.handlers.lists import listing
from fairhold.web.handlers.receipts import chosen_lines, line_fields
from fairhold.web.views.clock import clock_page
from fairhold.web.views.contests import contesting_of
from fairhold.web.views.desk import books_of, desk_page, desk_row, transfer_rows
from fairhold.web.views.parts import Note
from fairhold.web.visits import Visit, invalid, status_of
from fairhold.words.catalog import N_
from fairhold.words.names import STAFF_TABS
from fairhold.words.refusals import refusal_text


def orders(visit: Visit) -> Response:
    """Every order, by tab and search."""
    path = "/operator" if visit.who().role is Role.OPERATOR else "/support"
    found = listing(visit, path, STAFF_TABS)
    rows = [desk_row(visit.sight(order)) for order in found.orders]
    return visit.show("desk_orders.html", list=found, rows=rows, path=path)


def order(visit: Visit) -> Response:
    """One order, whole."""
    return show_order(visit, visit.order())


_SAID = {
    "undone": (N_("The confirmation is undone."), N_("The money is protected again, and the buyer's time runs on.")),
    "scanned": (N_("The scan is recorded."), ""),
    "cancelled": (N_("The order is cancelled."), N_("What the buyer paid goes back.")),
    "again": (N_("The refund is sent again."), N_("The history says when the payment provider has carried it out.")),
    "evidence": (N_("The evidence goes to the payment provider."), N_("What came of it stands beside the chargeback.")),
    "elsewhere": (N_("The refund is recorded as paid in another way."), N_("Nothing more of it is sent.")),
}


def show_order(
    visit: Visit, found: Order, note: Note | None = None, status: int = 200, typed: tuple[str, str, str] | None = None
) -> Response:
    """The whole order, with what just happened where something did, or with what was `typed` against a chargeback."""
    said = _SAID.get(visit.query("done", 20)) if note is None and typed is None else None
    if said:
        note = Note(visit.say(said[0]), visit.say(said[1]) if said[1] else "", "safe", "ok")
    sight, queries = visit.sight(found), visit.site.queries
    action = sight.action("undo_receipt")
    why_not = refusal_text(visit.reader.words, action.code).title if action and action.code else ""
    contesting = contesting_of(visit.site.contests, found, visit.now)
    if typed is not None:
        contesting = contesting._replace(typed=typed)
    history, moved = queries.history(found.id), queries.transfers(order=found.id)
    page = desk_page(sight, history, moved, note, why_not, contesting)
    return visit.show("desk_order.html", status, page=page, sandbox=visit.site.sandbox)


def give(visit: Visit, found: Order, command: Command | Refusal, done: str) -> Response:
    """Give the command, and show the order as it then is, or with the refusal."""
    outcome = command if isinstance(command, Refusal) else visit.ask(found.id, command)
    if isinstance(outcome, Refusal):
        return show_order(visit, visit.order(), visit.refusal_note(outcome), status_of(outcome))
    return visit.go(f"{visit.sight(found).url}?done={done}")


def undo(visit: Visit) -> Response:
    """Take an accidental confirmation back (S16)."""
    chosen = chosen_lines(visit, visit.fields("line"))
    command: UndoReceipt | Refusal
    try:
        command = msgspec.convert({"lines": line_fields(chosen), "why": visit.field("why", 1000)}, UndoReceipt)
    except msgspec.ValidationError:
        command = invalid("why")
    return give(visit, visit.order(), command, "undone")


cancel_page = cancelling.page_of(show_order)
cancel = cancelling.done_by(give)


def scan(visit: Visit) -> Response:
    """Report a checkpoint as a carrier would; in the sandbox, dated now."""
    found = visit.order()
    known = {status.value: status for status in ParcelStatus}
    status = known.get(visit.field("status", 40))
    command: RecordCheckpoint | Refusal = invalid("status")
    if status is not None:
        command = RecordCheckpoint(
            shipment=ShipmentId(visit.request.path_params["shipment"]),
            status=status,
            at=visit.site.queries.now(),
            place=visit.field("place", 200) or None,
        )
    return give(visit, found, command, "scanned")


def ledger(visit: Visit) -> Response:
    """Every account; the balances of each currency add up to zero."""
    books = books_of(visit.site.queries.balances(), visit.reader, visit.site.directory)
    return visit.show("ledger.html", books=books)


def account(visit: Visit) -> Response:
    """What moved through one account, newest first."""
    name, queries = visit.request.path_params["account"], visit.site.queries
    held = queries.balance(name)
    if held is None:
        raise HTTPException(404)
    books = books_of({name: held}, visit.reader, visit.site.directory)
    moved, complete = queries.moved_through(name)
    rows = transfer_rows(moved, visit.now, visit.reader, "/operator/orders")
    return visit.show("ledger_account.html", account=books[0].accounts[0], rows=rows, complete=complete)


STEPS = {"hour": HOUR, "day": DAY, "week": 7 * DAY}


def clock(visit: Visit) -> Response:
    """The test clock, and what comes next."""
    if visit.site.clock is None:
        raise HTTPException(404)
    return visit.show(
        "clock.html", page=clock_page(visit.site.queries.every_order(), visit.now, visit.reader), note=None
    )


def advance(visit: Visit) -> Response:
    """Move the test clock on, by a step or to the next deadline of any order."""
    if visit.site.clock is None:
        raise HTTPException(404)
    step, now = visit.field("step", 20), visit.site.queries.now()
    to: Instant | None
    if step in STEPS:
        to = Instant(now + STEPS[step])
    elif step == "next":
        to = clock_page(visit.site.queries.every_order(), now, visit.reader).next_at
    else:
        raise HTTPException(404)
    # Somebody else may have moved it further meanwhile: the page shows what time it is then.
    with suppress(CannotAdvance):
        if to is not None:
            visit.site.clock.advance(to)
    return visit.go("/operator/clock")
