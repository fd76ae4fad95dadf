"""The chat with support on either side of a deal: what was said, and what is written."""

from starlette.responses import Response

from fairhold.domain.instants import MINUTE
from fairhold.domain.order import Order
from fairhold.domain.reasons import Refusal
from fairhold.engine.support.desk import TooManyMessages
from fairhold.web.handlers.disputes import Errors, read_words, statement
from fairhold.web.views.chats import chat_page
from fairhold.web.views.parts import Note
from fairhold.web.visits import Visit, fresh_key, status_of
from fairhold.words.catalog import N_

_SAID = {
    "said": (N_("Sent."), N_("Support answers here; you are told when they do.")),
    "reported": (N_("Support knows."), N_("They answer here; until then nothing more has to be done.")),
}


def page(visit: Visit) -> Response:
    """The conversation; whoever it belongs to has then read it."""
    return show_chat(visit, visit.order())


def show_chat(
    visit: Visit,
    found: Order,
    note: Note | None = None,
    status: int = 200,
    errors: Errors | None = None,
    photos: tuple[str, ...] = (),
) -> Response:
    """The conversation, with what was typed where that was not taken."""
    said = _SAID.get(visit.query("done", 20)) if note is None and status == 200 else None
    if said:
        note = Note(visit.say(said[0]), visit.say(said[1]), "safe", "ok")
    chat = visit.site.support.chat(found.id, str(visit.who()))
    if chat.case is not None and visit.request.method == "GET":
        visit.site.support.note_seen(chat.case)
    return visit.show(
        "chat.html",
        status,
        page=chat_page(visit.sight(found), chat, note),
        errors=errors or {},
        text=statement(visit) if errors else "",
        photos=photos,
        key=fresh_key(),
    )


def say(visit: Visit) -> Response:
    """A message with photos. The same form sent twice is written once."""
    found, actor = visit.order(), visit.who()
    words = read_words(visit, found, needed=True)
    if words.errors or words.text is None:
        return show_chat(visit, found, None, 422, words.errors, words.photos)
    said = visit.site.support.say(
        found,
        str(actor),
        actor,
        words.text,
        photos=[photo.id for photo in words.evidence],
        key=visit.field("key", 100) or fresh_key(),
    )
    if isinstance(said, Refusal):
        return show_chat(visit, found, visit.refusal_note(said), status_of(said))
    if isinstance(said, TooManyMessages):
        return show_chat(visit, found, None, 429, {"text": too_many(visit, said)}, words.photos)
    return visit.go(f"{visit.sight(found).url}/support?done=said#end")


def too_many(visit: Visit, full: TooManyMessages) -> str:
    """Why no more is taken, and when it is."""
    minutes = max(1, -(-full.wait // MINUTE))
    return visit.reader.words.ngettext(
        "You have written a lot within an hour. The next message is taken in %(num)d minute.",
        "You have written a lot within an hour. The next message is taken in %(num)d minutes.",
        minutes,
    )
