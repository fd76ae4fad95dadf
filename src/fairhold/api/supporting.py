"""Calls to support: people write, staff answer, and nobody but these two reads it."""

from fairhold.access import SUPPORTING, may_see_chat
from fairhold.api.acting import Given
from fairhold.api.http import idempotency_key
from fairhold.api.moments import moment
from fairhold.api.parameters import ON_A_PAGE
from fairhold.api.parts import Call, Parts
from fairhold.api.problems import Problem
from fairhold.api.readings import Reading
from fairhold.api.support_bodies import Claiming, Writing
from fairhold.api.wire_support import AccidentOut, CaseList, CaseOut, ChatMessage, ChatOut, RequestOut
from fairhold.domain.ids import OrderId
from fairhold.domain.instants import SECOND, Instant
from fairhold.domain.order import Order
from fairhold.domain.reasons import Reason, Refusal
from fairhold.engine.intake.photos import UnknownPhoto
from fairhold.engine.ports.support import Case, Message, Position, Shelf
from fairhold.engine.support.desk import Chat, TooManyMessages, buyer_of, seller_of
from fairhold.words.dates import rfc3339
from fairhold.words.faults import Fault
from fairhold.words.reader import Reader
from fairhold.words.support import note_text

_CURSOR = "support/{}"


def _seen(parts: Parts, call: Call, side: str | None) -> tuple[Order, str] | Refusal:
    """The order, and whose conversation is meant: one's own, for staff the side's, the buyer's where none is named."""
    order = parts.order(call.actor, call.names["order"])
    if isinstance(order, Refusal):
        return order
    of_side = seller_of if side == "seller" else buyer_of
    person = of_side(order) if call.actor.role in SUPPORTING else str(call.actor)
    return (order, person) if may_see_chat(call.actor, order, person) else Refusal(Reason.NOT_FOUND)


def read_chat(parts: Parts, call: Call) -> Reading:
    """The conversation; empty where nobody has written yet."""
    seen = _seen(parts, call, call.query.get("side"))
    if isinstance(seen, Refusal):
        return seen
    order, person = seen
    return _chat_out(parts, call, order.id, person, parts.support.chat(order.id, person, call.query.get("after", 0)))


def write(parts: Parts, call: Call, given: Given[Writing] | Problem) -> Reading:
    """Write to support, or as support; the answer is the conversation's newest messages."""
    side = given.body.side if isinstance(given, Given) else None
    seen = _seen(parts, call, side)
    if isinstance(seen, Refusal):
        return seen
    if isinstance(given, Problem):
        return given
    order, person = seen
    dry_run = call.query.get("dry_run", False)
    key = idempotency_key(given.key) if not dry_run or given.key else "dry run"
    if isinstance(key, Problem):
        return key
    body, staff = given.body, call.actor.role in SUPPORTING
    if body.side is not None and not staff:
        return Refusal(Reason.INVALID, "side")
    if body.photos and staff:
        return Refusal(Reason.PHOTO_NOT_YOURS, "photos[0]")
    photos = () if not body.photos else parts.photos.attach(body.photos, call.actor, order.id)
    if isinstance(photos, UnknownPhoto):
        return Refusal(Reason.PHOTO_NOT_YOURS, f"photos[{body.photos.index(photos.id)}]")
    shown = [photo.id for photo in photos]
    said = parts.support.say(order, person, call.actor, body.text, photos=shown, key=key, dry_run=dry_run)
    if isinstance(said, Refusal):
        return said
    if isinstance(said, TooManyMessages):
        seconds = max(1, -(-said.wait // SECOND))
        return Problem(Fault.TOO_MANY_MESSAGES, headers=((b"retry-after", str(seconds).encode()),))
    return _chat_out(parts, call, order.id, person, parts.support.chat(order.id, person))


def claim(parts: Parts, call: Call, given: Given[Claiming] | Problem) -> Reading:
    """See to a conversation, or to none of it any more."""
    seen = _seen(parts, call, given.body.side if isinstance(given, Given) else None)
    if isinstance(seen, Refusal):
        return seen
    if isinstance(given, Problem):
        return given
    order, person = seen
    if not call.query.get("dry_run", False):
        change = parts.support.take if given.body.claimed else parts.support.leave
        change(order.id, person, call.actor)
    return _chat_out(parts, call, order.id, person, parts.support.chat(order.id, person))


def queue(parts: Parts, call: Call) -> Reading:
    """The staff's queue by tab."""
    shelf = call.query.get("tab", Shelf.WAITING)
    after = None
    if "cursor" in call.query:
        after = _position(parts.cursors.read(_CURSOR.format(shelf), call.query["cursor"]))
        if after is None:
            return Problem(Fault.INVALID_CURSOR, "cursor")
    limit = call.query.get("limit", ON_A_PAGE)
    page = parts.support.page(shelf, call.actor, limit, after)
    further = None if page.last is None else parts.cursors.write(_CURSOR.format(shelf), "/".join(map(str, page.last)))
    counts = parts.support.counts(call.actor)
    return CaseList(items=[_case_out(case) for case in page.items], next=further, counts=counts._asdict())


def _position(text: str | None) -> Position | None:
    if text is None:
        return None
    place, rank, order, person = text.split("/", 3)
    return Position(int(place), int(rank), order, person)


def _chat_out(parts: Parts, call: Call, order: OrderId, person: str, chat: Chat) -> ChatOut:
    now = parts.queries.now()
    case = CaseOut(order, person, None, 0, None) if chat.case is None else _case_out(chat.case)
    return ChatOut(case=case, items=[_message_out(one, now, call.reader) for one in chat.messages])


def _message_out(message: Message, now: Instant, reader: Reader) -> ChatMessage:
    return ChatMessage(
        number=message.number,
        at=rfc3339(message.at),
        by=message.by,
        text=message.text,
        photos=list(message.photos),
        note=message.note,
        title=note_text(message, now, reader) or None,
    )


def _case_out(case: Case) -> CaseOut:
    accident = request = None
    if case.accident_since is not None and case.accident_due is not None:
        accident = AccidentOut(rfc3339(case.accident_since), rfc3339(case.accident_due), moment(case.leaves_at))
    if case.request_since is not None:
        request = RequestOut(rfc3339(case.request_since), moment(case.request_due))
    side = case.person.partition(":")[0]
    return CaseOut(
        order=case.order,
        person=case.person,
        turn="support" if case.waiting_since is not None else side if case.answered else None,
        messages=case.messages,
        changed_at=rfc3339(case.changed_at),
        waiting_since=moment(case.waiting_since),
        claimed_by=case.claimed_by,
        accident=accident,
        request=request,
        overdue=case.overdue,
    )
