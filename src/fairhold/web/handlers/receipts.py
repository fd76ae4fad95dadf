"""Confirming receipt: boxes, then sums and dates, then done (S9–S16)."""

from collections.abc import Iterable
from urllib.parse import urlencode

import msgspec
from starlette.responses import Response

from fairhold.domain.commands import ConfirmReceipt
from fairhold.domain.consequence import of_confirming
from fairhold.domain.events import Event, ReceiptConfirmed
from fairhold.domain.order import Order
from fairhold.domain.reasons import Reason, Refusal
from fairhold.web.handlers.buyer import show_order
from fairhold.web.handlers.reviews_drafts import begun
from fairhold.web.views.parts import Note
from fairhold.web.views.receipts import done, first_step, second_step
from fairhold.web.views.reviews_form import review_form
from fairhold.web.visits import Visit, fresh_key, invalid, status_of


def boxes(visit: Visit) -> Response:
    """The first step. Nothing is ticked."""
    found = visit.order()
    action = visit.sight(found).action("confirm_receipt")
    if action is not None and action.code is not None:
        refusal = Refusal(action.code)
        return show_order(visit, found, visit.refusal_note(refusal), status_of(refusal))
    return _first(visit, found)


def _first(
    visit: Visit, found: Order, note: Note | None = None, status: int = 200, ticked: dict[str, int] | None = None
) -> Response:
    sight = visit.sight(found)
    return visit.show(
        "receipt_boxes.html",
        status,
        page=first_step(sight, ticked),
        note=note,
        order_url=sight.url,
        number=sight.number,
    )


def chosen_lines(visit: Visit, values: list[str]) -> dict[str, int | None]:
    """Lines that were ticked, each with its quantity; none of it trusted."""
    parameters = visit.form if visit.request.method == "POST" else visit.request.query_params
    found: dict[str, int | None] = {}
    for line in values[:200]:
        text = parameters.get(f"quantity-{line}")
        found[line[:64]] = _units(text) if isinstance(text, str) else None
    return found


def _units(text: str) -> int:
    """The number that was written. What is none must not mean all: 0, which every command refuses."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def line_fields(chosen: dict[str, int | None]) -> list[object]:
    """The lines of a command, as the public contract has them."""
    return [line if quantity is None else {"id": line, "quantity": quantity} for line, quantity in chosen.items()]


def confirmation(chosen: dict[str, int | None]) -> ConfirmReceipt | Refusal:
    """The command that the choice means."""
    try:
        return msgspec.convert({"lines": line_fields(chosen), "acknowledged": True}, ConfirmReceipt)
    except msgspec.ValidationError:
        return invalid("lines")


def consequence(visit: Visit) -> Response:
    """The second step: what the ticked items mean in sums and dates. The engine is asked, and does nothing."""
    found = visit.order()
    chosen = chosen_lines(visit, visit.request.query_params.getlist("line"))
    command = confirmation(chosen)
    outcome = command if isinstance(command, Refusal) else visit.ask(found.id, command, dry_run=True)
    if isinstance(outcome, Refusal):
        return _refused(visit, outcome, chosen)
    sight = visit.sight(found)
    plan = None if isinstance(command, Refusal) else of_confirming(found, command.lines, visit.now)
    page = second_step(sight, outcome.order, outcome.events, None if isinstance(plan, Refusal) else plan)
    back = urlencode([("line", line) for line in chosen])
    return visit.show(
        "receipt_consequence.html",
        page=page,
        chosen=_shown(outcome.events),
        key=fresh_key(),
        order_url=sight.url,
        number=sight.number,
        back=f"{sight.url}/receipt?{back}",
    )


def _shown(events: Iterable[Event]) -> dict[str, int]:
    """How many units of which line the page speaks of: these are confirmed, though more may have been sent meanwhile."""
    found: dict[str, int] = {}
    for event in events:
        for span in event.spans if isinstance(event, ReceiptConfirmed) else ():
            found[span.line] = found.get(span.line, 0) + span.quantity
    return found


def confirm(visit: Visit) -> Response:
    """The deed. The same form sent twice does it once."""
    found = visit.order()
    chosen = chosen_lines(visit, visit.fields("line"))
    command = confirmation(chosen)
    outcome = command if isinstance(command, Refusal) else visit.ask(found.id, command)
    if isinstance(outcome, Refusal):
        return _refused(visit, outcome, chosen)
    return visit.go(f"/orders/{found.id}/receipt/done")


def _refused(visit: Visit, refusal: Refusal, chosen: dict[str, int | None]) -> Response:
    found, note = visit.order(), visit.refusal_note(refusal)
    sight = visit.sight(found)
    if refusal.reason in (Reason.NOT_FOUND, Reason.NOT_ALLOWED) or not sight.can("confirm_receipt"):
        return show_order(visit, found, note, status_of(refusal))
    ticked = {line: quantity or sight.to_confirm(line) for line, quantity in chosen.items()}  # type: ignore[arg-type]  # a line's name or no line's
    return _first(visit, found, note, status_of(refusal), ticked)


def confirmed(visit: Visit) -> Response:
    """Done: what was confirmed, until when support can undo it, what stays protected; and the review that opens now (S15)."""
    found = visit.order()
    sight = visit.sight(found)
    page = done(sight, visit.site.queries.history(found.id))
    review = review_form(sight, begun(visit, found)) if sight.can("review") else None
    return visit.show(
        "receipt_done.html", page=page, order_url=sight.url, number=sight.number, review=review, key=fresh_key()
    )
