"""The support desk: who waits, and answering them."""

import re
from urllib.parse import urlencode

import msgspec
from starlette.exceptions import HTTPException
from starlette.responses import Response

from fairhold.access import may_see_chat
from fairhold.domain.actors import Role
from fairhold.domain.commands import AnswerExtension, Command, UndoReceipt
from fairhold.domain.conditions import awaiting_support
from fairhold.domain.order import Order
from fairhold.domain.reasons import Refusal
from fairhold.domain.support_commands import DeclineAccident
from fairhold.engine.ports.support import Counts, Position, Shelf
from fairhold.engine.support.desk import TooManyMessages, buyer_of, seller_of
from fairhold.web.handlers.chats import too_many
from fairhold.web.handlers.disputes import Errors, read_statement, statement
from fairhold.web.long_texts import typed_text
from fairhold.web.views.parts import Empty, Link, Note, Tab
from fairhold.web.views.support_desk import Counter, chat_url, desk_chat
from fairhold.web.views.support_folders import CHAT_FOLDERS
from fairhold.web.visits import Visit, fresh_key, invalid, status_of
from fairhold.words.catalog import N_
from fairhold.words.support import SHELVES

PER_PAGE = 30
SIDES = {"buyer": Role.BUYER, "seller": Role.SELLER}
_SAID = {
    "said": (N_("Sent."), ""),
    "taken": (N_("You see to this chat."), ""),
    "left": (N_("This chat is nobody's now."), ""),
    "undone": (N_("The confirmation is undone."), N_("The money is protected again, and the buyer's time runs on.")),
    "declined": (N_("Declined."), N_("The buyer reads the reasons in this chat.")),
    "answered": (N_("Answered."), N_("Both sides are told.")),
}


def queue(visit: Visit) -> Response:
    """Confirmations by accident first, then who waits longest."""
    folder = CHAT_FOLDERS[visit.who().role]
    shelf = next((one for one in Shelf if one.value == visit.query("tab", 20)), Shelf.WAITING)
    page = visit.site.support.page(shelf, visit.who(), PER_PAGE, _position(visit.query("behind", 200)))
    counts = visit.site.support.counts(visit.who())
    counter = Counter(visit.who(), visit.now, visit.reader, visit.site.directory)
    further = "" if page.last is None else "/".join(map(str, page.last))
    return visit.show(
        "support_queue.html",
        tabs=[_tab(visit, folder, one, counts, current=one is shelf) for one in SHELVES],
        rows=[counter.row(case) for case in page.items],
        nothing=None if page.items else _empty(visit, shelf, folder),
        further=f"{folder}?{urlencode({'tab': shelf.value, 'behind': further})}" if further else "",
    )


def _tab(visit: Visit, folder: str, shelf: Shelf, counts: Counts, *, current: bool) -> Tab:
    counted = {
        Shelf.WAITING: counts.waiting,
        Shelf.ACCIDENTS: counts.accidents,
        Shelf.REQUESTS: counts.requests,
        Shelf.MINE: counts.mine,
    }
    text, turn = visit.say(SHELVES[shelf]), shelf is not Shelf.MINE
    return Tab(text, f"{folder}?tab={shelf.value}", counted.get(shelf, -1), current, turn and shelf in counted)


_PLACE = re.compile(r"(\d{1,2})/(-?\d{1,18})/([0-9a-z]{1,40})/([^\x00-\x1f/]{1,100})", re.ASCII)


def _position(text: str) -> Position | None:
    found = _PLACE.fullmatch(text)
    return None if found is None else Position(int(found[1]), int(found[2]), found[3], found[4])


def _empty(visit: Visit, shelf: Shelf, folder: str) -> Empty:
    if shelf is Shelf.ALL:
        return Empty("chat", visit.say(N_("Nobody has written yet")), visit.say(N_("Chats appear here by themselves.")))
    link = Link(visit.say(N_("All chats")), f"{folder}?tab=all")
    title = N_("Nobody waits") if shelf in (Shelf.WAITING, Shelf.ACCIDENTS, Shelf.REQUESTS) else N_("Nothing here")
    return Empty("ok", visit.say(title), visit.say(N_("Everything here has been answered.")), link)


def _found(visit: Visit) -> tuple[Order, Role, str]:
    """The order, the side and whose conversation it is. Raises 404 where this member of staff may not see it."""
    found, side = visit.order(), SIDES.get(visit.request.path_params["side"])
    if side is None:
        raise HTTPException(404)
    person = buyer_of(found) if side is Role.BUYER else seller_of(found)
    if not may_see_chat(visit.who(), found, person):
        raise HTTPException(404)
    return found, side, person


def whose(visit: Visit, order: Order) -> str:
    """Whose conversation the address names."""
    return _found(visit)[2]


def page(visit: Visit) -> Response:
    """One side's conversation with the order beside it."""
    return show_chat(visit)


def show_chat(visit: Visit, note: Note | None = None, status: int = 200, errors: Errors | None = None) -> Response:
    """The same, with what was typed where that was not taken."""
    found, side, person = _found(visit)
    said = _SAID.get(visit.query("done", 20)) if note is None and status == 200 else None
    if said:
        note = Note(visit.say(said[0]), visit.say(said[1]) if said[1] else "", "safe", "ok")
    view = desk_chat(visit.sight(found), visit.site.support.chat(found.id, person), side, note)
    return visit.show(
        "support_chat.html",
        status,
        page=view,
        errors=errors or {},
        text=statement(visit) if errors else "",
        why=visit.field("why", 1100) if status != 200 else "",
    )


def say(visit: Visit) -> Response:
    """An answer; whoever answers first sees to it."""
    found, _, person = _found(visit)
    text, errors = read_statement(visit, needed=True)
    if errors or text is None:
        return show_chat(visit, None, 422, errors)
    said = visit.site.support.say(found, person, visit.who(), text, key=visit.field("key", 100) or fresh_key())
    if isinstance(said, Refusal):
        return show_chat(visit, visit.refusal_note(said), status_of(said))
    if isinstance(said, TooManyMessages):
        return show_chat(visit, None, 429, {"text": too_many(visit, said)})
    return _back(visit, "said")


def _back(visit: Visit, done: str) -> Response:
    found, side, _ = _found(visit)
    return visit.go(f"{chat_url(visit.who(), found.id, side)}?done={done}#end")


def take(visit: Visit) -> Response:
    """See to it."""
    found, _, person = _found(visit)
    visit.site.support.take(found.id, person, visit.who())
    return _back(visit, "taken")


def leave(visit: Visit) -> Response:
    """Leave it to whoever takes it next."""
    found, _, person = _found(visit)
    visit.site.support.leave(found.id, person, visit.who())
    return _back(visit, "left")


def _give(visit: Visit, command: Command | Refusal, done: str) -> Response:
    found, _, _ = _found(visit)
    outcome = command if isinstance(command, Refusal) else visit.ask(found.id, command)
    if isinstance(outcome, Refusal):
        return show_chat(visit, visit.refusal_note(outcome), status_of(outcome))
    return _back(visit, done)


def undo(visit: Visit) -> Response:
    """Take the confirmation of everything that was reported back (S16)."""
    found, _, _ = _found(visit)
    counts: dict[str, int] = {}
    for one in found.portions:
        if awaiting_support(one):
            counts[one.line] = counts.get(one.line, 0) + one.quantity
    lines = [{"id": line, "quantity": count} for line, count in counts.items()]
    return _give(visit, _read(UndoReceipt, {"lines": lines, "why": _why(visit)}), "undone")


def decline(visit: Visit) -> Response:
    """Say no, with reasons that the buyer reads (S16)."""
    return _give(visit, _read(DeclineAccident, {"reasons": _why(visit)}), "declined")


def answer(visit: Visit) -> Response:
    """More time, or none, in the seller's place (S3)."""
    return _give(visit, AnswerExtension(granted=visit.field("granted", 5) == "yes"), "answered")


def _why(visit: Visit) -> str:
    return typed_text(visit, "why", 1100)


def _read(kind: type[Command], fields: dict[str, object]) -> Command | Refusal:
    try:
        return msgspec.convert(fields, kind)
    except msgspec.ValidationError:
        return invalid("why")
