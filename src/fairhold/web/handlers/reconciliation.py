"""The operator's pages about reconciliation: what providers state beside what the books have, and the books as a file."""

from starlette.exceptions import HTTPException
from starlette.responses import Response, StreamingResponse

from fairhold.engine.books.export import Days, Format, begun
from fairhold.engine.books.reconciliation import NoRun, Ran
from fairhold.engine.ports.reconciliation import Day, Item
from fairhold.proof.heads import day_of
from fairhold.web.long_texts import read_text
from fairhold.web.views.onlooker import Onlooker
from fairhold.web.views.parts import Empty, Note, Tab
from fairhold.web.views.reconciliation import (
    FOLDER,
    account_card,
    day_row,
    item_page,
    item_row,
    turn_note,
)
from fairhold.web.visits import Visit
from fairhold.words.catalog import N_

PER_PAGE = 20
DAYS_ON_A_PAGE = 7
MOST_COUNTED = 99
NEWEST = 200
"""Days among which every account's newest is: all are compared in one run."""
LONGEST_REASON = 1000
_SAID = {
    "matched": (N_("Compared: everything matches."), "safe", "check"),
    "differs": (N_("Compared: there are differences."), "bad", "alert"),
    "unreachable": (N_("Not every provider could be asked; it is tried again by itself."), "bad", "alert"),
    "busy": (N_("Somebody else is comparing at this moment. Look again in a minute."), "", "clock"),
    "explained": (N_("Explained: the difference is closed."), "safe", "check"),
}


def _looker(visit: Visit) -> Onlooker:
    return Onlooker(visit.who(), visit.now, visit.reader, visit.site.directory)


def page(visit: Visit) -> Response:
    """Accounts, items and days."""
    return _page(visit, {})


def _page(visit: Visit, errors: dict[str, str], status: int = 200) -> Response:
    """The same; `errors` are of the days of which the books are wanted."""
    reconciler, looker = visit.site.reconciler, _looker(visit)
    is_open = visit.query("state", 10) != "closed"
    items = reconciler.rows.items(is_open=is_open, after=_after(visit.query("after", 100)), limit=PER_PAGE + 1)
    shown, last = items[:PER_PAGE], items[PER_PAGE - 1] if len(items) > PER_PAGE else None
    before = _before(visit.query("before", 100))
    days = reconciler.rows.days(before, DAYS_ON_A_PAGE + 1)
    earlier = days[DAYS_ON_A_PAGE - 1] if len(days) > DAYS_ON_A_PAGE else None
    turns = reconciler.rows.turns()
    newest = _newest(reconciler.rows.days(None, NEWEST))
    said = _SAID.get(visit.query("done", 20))
    notes = [] if said is None else [Note(visit.say(said[0]), "", said[1], said[2])]
    notes += [note for note in (turn_note(looker, turn) for turn in turns) if note is not None]
    return visit.show(
        "reconciliation.html",
        status,
        errors=errors,
        typed={name: visit.query(name, 40) for name in ("from", "to")},
        folder=FOLDER,
        notes=notes,
        tabs=_tabs(visit, is_open=is_open),
        is_open=is_open,
        rows=[item_row(looker, one) for one in shown],
        further=_further(last, is_open=is_open),
        nothing=_nothing(visit, is_open=is_open, compared=bool(days)),
        accounts=[account_card(looker, day) for _, day in sorted(newest.items())],
        days=[day_row(looker, day) for day in days[:DAYS_ON_A_PAGE]],
        earlier="" if earlier is None else f"{FOLDER}?before={earlier.day}/{earlier.provider}/{earlier.currency}#days",
        providers=[looker.provider(name) for name in sorted(reconciler.providers)],
    )


def _tabs(visit: Visit, *, is_open: bool) -> list[Tab]:
    count = sum(one.items for one in visit.site.reconciler.rows.open_by_provider().values())
    counted, more = min(count, MOST_COUNTED), count > MOST_COUNTED
    return [
        Tab(visit.say(N_("Open differences")), FOLDER, counted, is_open, turn=True, more=more),
        Tab(visit.say(N_("Closed differences")), f"{FOLDER}?state=closed", -1, not is_open),
    ]


def _nothing(visit: Visit, *, is_open: bool, compared: bool) -> Empty:
    if not is_open:
        text = N_("What was different and is no more, or was explained, is kept here.")
        return Empty("check", visit.say(N_("Nothing was closed yet")), visit.say(text))
    if compared:
        text = N_("Every movement that providers state is in the books, to the minor unit, and the other way round.")
        return Empty("shield", visit.say(N_("Everything matches")), visit.say(text))
    text = N_("Once a payment provider is connected, its statement is compared with the books every night.")
    return Empty("wallet", visit.say(N_("Nothing was compared yet")), visit.say(text))


def _after(text: str) -> tuple[int, str] | None:
    at, _, id_ = text.partition("/")
    return (int(at), id_) if at.isascii() and at.isdigit() and len(at) < 18 and id_ else None


def _before(text: str) -> tuple[int, str, str] | None:
    day, _, rest = text.partition("/")
    provider, _, currency = rest.partition("/")
    return (int(day), provider, currency) if day.isascii() and day.isdigit() and len(day) < 8 and currency else None


def _further(last: Item | None, *, is_open: bool) -> str:
    if last is None:
        return ""
    place = f"{last.seen_at if is_open else last.closed_at}/{last.id}"
    return f"{FOLDER}?state={'open' if is_open else 'closed'}&after={place}"


def run(visit: Visit) -> Response:
    """Compare now."""
    reconciler = visit.site.reconciler
    done = [reconciler.run(name) for name in sorted(reconciler.providers)]
    return visit.go(f"{FOLDER}?done={_came_of(done)}")


def _came_of(done: list[Ran | NoRun]) -> str:
    ran = [one for one in done if isinstance(one, Ran)]
    if any(one.error is not None for one in ran):
        return "unreachable"
    if any(one.items for one in ran):
        return "differs"
    return "matched" if len(ran) == len(done) else "busy"


def item(visit: Visit) -> Response:
    """One item."""
    return _item(visit, "", "")


def _item(visit: Visit, reason: str, error: str, status: int = 200) -> Response:
    found = visit.site.reconciler.rows.item(visit.request.path_params["difference"])
    if found is None:
        raise HTTPException(404)
    shown = item_page(_looker(visit), found)
    return visit.show("reconciliation_item.html", status, folder=FOLDER, page=shown, reason=reason, error=error)


def explain(visit: Visit) -> Response:
    """Close it with a reason."""
    rows, (reason, wrong) = visit.site.reconciler.rows, read_text(visit, "reason", LONGEST_REASON)
    if not reason:
        return _item(visit, "", visit.say(N_("Write why they differ, or what was done about it.")), 422)
    if wrong:
        return _item(visit, reason, wrong, 422)
    if not rows.explain(visit.request.path_params["difference"], str(visit.who()), reason, visit.now):
        return _item(visit, reason, visit.say(N_("It is closed already.")), 409)
    return visit.go(f"{FOLDER}?done=explained")


def books(visit: Visit) -> Response:
    """The books as a file."""
    known = {form.value: form for form in Format}
    form, exporter = known.get(visit.query("format", 20)), visit.site.exporter
    if form is None:
        raise HTTPException(404)
    days, errors = _days(visit)
    if errors:
        return _page(visit, errors, 422)
    # Once the first piece is there the books can be read: until then the answer can still say that they cannot.
    pieces = begun(exporter.pieces(form, days))
    named = f'attachment; filename="{exporter.name(form, days)}"'
    headers = {"content-disposition": named, "cache-control": "no-store"}
    return StreamingResponse(pieces, headers=headers, media_type=form.media_type)


def _days(visit: Visit) -> tuple[Days, dict[str, str]]:
    """Which days are asked for, and what is wrong by field."""
    asked = {name: visit.query(name, 40) for name in ("from", "to")}
    found = {name: day_of(text) for name, text in asked.items()}
    wrong = visit.say(N_("Write a day as 2026-05-19, or leave it empty."))
    errors = {name: wrong for name, text in asked.items() if text and found[name] is None}
    first, end = found["from"], found["to"]
    if first is not None and end is not None and end <= first:
        errors["to"] = visit.say(N_("It lies not behind the first day: it is the first one that is left out."))
    return Days(first, end), errors


def _newest(days: list[Day]) -> dict[tuple[str, str], Day]:
    """The newest day of each account."""
    return {(day.provider, day.currency): day for day in reversed(days)}
