"""`/inbox` and `/people/{person}/contact`: what people were told, which letters they want, and where these go."""

import re
from zoneinfo import ZoneInfo, available_timezones

from fairhold.api.acting import Given
from fairhold.api.inbox_bodies import LetterWishes, NewContact
from fairhold.api.inbox_bodies import Reading as ReadNotices
from fairhold.api.moments import moment
from fairhold.api.parameters import ON_A_PAGE
from fairhold.api.parts import Call, Parts
from fairhold.api.problems import Problem
from fairhold.api.shapes import Out
from fairhold.api.wire_inbox import ContactOut, InboxOut, LetterWishesOut, NoticeOut, UnreadOut
from fairhold.domain.commands import PERSON_PATTERN
from fairhold.domain.instants import Instant
from fairhold.domain.reasons import Reason, Refusal
from fairhold.engine.ports.contacts import Contact
from fairhold.engine.ports.mail_addresses import read_address
from fairhold.engine.ports.notices import Kind, Notice, Place, waits
from fairhold.words.dates import rfc3339
from fairhold.words.faults import Fault
from fairhold.words.notices.telling import tell_notice
from fairhold.words.notices.ways import way_on
from fairhold.words.reader import Reader

MOST_UNREAD = 100
_PERSON = re.compile(PERSON_PATTERN, re.ASCII)

Answer = Out | Problem | Refusal


def inbox(parts: Parts, call: Call) -> Answer:
    """What the caller was told, newest first."""
    recipient, behind = str(call.actor), None
    kind = f"inbox/{recipient}"
    if "cursor" in call.query:
        position = parts.cursors.read(kind, call.query["cursor"])
        if position is None:
            return Problem(Fault.INVALID_CURSOR, "cursor")
        at, _, key = position.partition(" ")
        behind = Place(Instant(int(at)), key)
    limit, now = call.query.get("limit", ON_A_PAGE), parts.queries.now()
    found = parts.messages.inbox.notices(recipient, now, limit + 1, behind)
    last = found[limit - 1] if len(found) > limit else None
    contact = parts.messages.contacts.contact(call.actor.id)
    reader = call.reader if contact is None else Reader(call.reader.words, ZoneInfo(contact.zone))
    return InboxOut(
        items=[_out(notice, reader, now) for notice in found[:limit]],
        next=None if last is None else parts.cursors.write(kind, f"{last.at} {last.key}"),
        unread=parts.messages.inbox.unread(recipient, now, MOST_UNREAD),
        zone=reader.zone.key,
    )


def read(parts: Parts, call: Call, given: Given[ReadNotices] | Problem) -> Answer:
    """Mark notices as read; those that are not the caller's stay as they are."""
    if isinstance(given, Problem):
        return given
    recipient, now, keys = str(call.actor), parts.queries.now(), given.body.notices
    if keys is None:
        parts.messages.inbox.read_all(recipient, now)
    elif wrong := _unprintable(keys):
        return Problem(Fault.INVALID_VALUE, wrong, "characters")
    else:
        parts.messages.inbox.read(recipient, keys, now)
    return UnreadOut(parts.messages.inbox.unread(recipient, now, MOST_UNREAD))


def _unprintable(keys: tuple[str, ...]) -> str | None:
    return next((f"notices[{number}]" for number, key in enumerate(keys) if not key.isprintable()), None)


def wishes(parts: Parts, call: Call) -> Answer:
    """Of which kinds the caller wants no letters."""
    return LetterWishesOut(sorted(parts.messages.wishes.unwanted([call.actor.id]).get(call.actor.id, ())))


def wish(parts: Parts, call: Call, given: Given[LetterWishes] | Problem) -> Answer:
    """Say of which kinds no letters are wanted."""
    if isinstance(given, Problem):
        return given
    parts.messages.wishes.set_unwanted(call.actor.id, frozenset(map(Kind, given.body.unwanted)))
    return wishes(parts, call)


def contact(parts: Parts, call: Call) -> Answer:
    """Where somebody is written to."""
    person = call.names["person"]
    # A name that nobody can have is not asked for: PostgreSQL takes no NUL.
    found = parts.messages.contacts.contact(person) if _PERSON.fullmatch(person) else None
    return Refusal(Reason.NOT_FOUND) if found is None else _contact_out(parts, found)


def set_contact(parts: Parts, call: Call, given: Given[NewContact] | Problem) -> Answer:
    """Say where somebody is written to, in the place of what was known."""
    person = call.names["person"]
    if not _PERSON.fullmatch(person):
        return Refusal(Reason.NOT_FOUND)
    if isinstance(given, Problem):
        return given
    said = given.body
    email = None if said.email is None else read_address(said.email)
    if said.email is not None and email is None:
        return Problem(Fault.INVALID_VALUE, "email", "address")
    if said.zone not in available_timezones():
        return Problem(Fault.INVALID_VALUE, "zone", "zone")
    made = Contact(person, email, said.language, said.zone, said.name)
    parts.messages.contacts.set_contact(made)
    return _contact_out(parts, made)


def _contact_out(parts: Parts, found: Contact) -> ContactOut:
    refused = None if found.email is None else parts.messages.contacts.refused_since(found.email)
    return ContactOut(found.person, found.language, found.zone, found.email, found.name, moment(refused))


def _out(notice: Notice, reader: Reader, now: Instant) -> NoticeOut:
    said = tell_notice(notice, reader, now)
    return NoticeOut(
        id=notice.key,
        topic=notice.topic,
        kind=notice.kind,
        title=said.title,
        text=said.text,
        at=rfc3339(notice.at),
        read=not waits(notice, now),
        path=way_on(notice).path,
        goods=said.goods or None,
        order=notice.order,
    )
