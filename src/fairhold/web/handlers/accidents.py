"""«I confirmed by accident»: what it would do, and saying so (S16)."""

import msgspec
from starlette.exceptions import HTTPException
from starlette.responses import Response

from fairhold.domain.reasons import Reason, Refusal
from fairhold.domain.support_commands import ReportAccident
from fairhold.web.handlers.buyer import show_order
from fairhold.web.handlers.receipts import chosen_lines, line_fields
from fairhold.web.long_texts import typed_text
from fairhold.web.views.accident import accident_page, too_late
from fairhold.web.visits import Visit, fresh_key, invalid, status_of


def page(visit: Visit) -> Response:
    """How long the money is here, and what support does; once it has left, the way to the bank."""
    return _show(visit)


def _show(visit: Visit, refusal: Refusal | None = None, status: int = 200) -> Response:
    found = visit.order()
    sight = visit.sight(found)
    outcome = visit.ask(found.id, ReportAccident(), dry_run=True)
    if isinstance(outcome, Refusal):
        late = too_late(sight) if outcome.reason is Reason.TOO_LATE_TO_UNDO else None
        if late is not None:
            return visit.show("accident_late.html", 200 if refusal is None else 409, page=late)
        if outcome.reason in (Reason.ACCIDENT_REPORTED, Reason.ACCIDENT_ANSWERED):
            return visit.go(f"{sight.url}/support")
        return show_order(visit, found, visit.refusal_note(outcome), status_of(outcome))
    note = None if refusal is None else visit.refusal_note(refusal)
    return visit.show(
        "accident.html",
        status,
        page=accident_page(sight, outcome.events),
        note=note,
        text=visit.field("text", 1100),
        key=fresh_key(),
    )


def report(visit: Visit) -> Response:
    """Say so. The same form sent twice says it once."""
    found = visit.order()
    chosen = chosen_lines(visit, visit.fields("line"))
    if visit.field("choice", 5) and not chosen:
        return _show(visit, Refusal(Reason.NOTHING_SELECTED, "lines"), 422)
    text = typed_text(visit, "text", 1100) or None
    command: ReportAccident | Refusal
    try:
        command = msgspec.convert({"lines": line_fields(chosen), "text": text}, ReportAccident)
    except msgspec.ValidationError:
        command = invalid("text")
    outcome = command if isinstance(command, Refusal) else visit.ask(found.id, command)
    if isinstance(outcome, Refusal):
        return _show(visit, outcome, status_of(outcome))
    return visit.go(f"/orders/{found.id}/support?done=reported")


def bundle(visit: Visit) -> Response:
    """The evidence bundle, as a file to take along."""
    found = visit.order()
    if visit.site.bundle is None:
        raise HTTPException(404)
    body, name = visit.site.bundle(found, visit.who(), visit.now, visit.reader)
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(body, media_type="application/zip", headers=headers)
