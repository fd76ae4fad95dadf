"""The calls on inboxes and contacts: the fifth part of the table of routes."""

from fairhold.api import inbox
from fairhold.api.inbox_bodies import LetterWishes, NewContact, Reading
from fairhold.api.parameters import CURSOR, LIMIT
from fairhold.api.rows import Route, change, read
from fairhold.api.wire_inbox import ContactOut, InboxOut, LetterWishesOut, UnreadOut
from fairhold.domain.actors import PEOPLE, Role

SCOPE = "people"
"""The scope that looking at contacts and setting them takes: they are personal data."""

_OPERATOR = frozenset({Role.OPERATOR})

INBOX_ROUTES: tuple[Route, ...] = (
    read(
        "/inbox",
        "listNotices",
        "What the caller was told about their orders, newest first, with how much of it they have not read. An inbox belongs to"
        " a person in one role.",
        inbox.inbox,
        InboxOut,
        PEOPLE,
        LIMIT,
        CURSOR,
    ),
    change(
        "/inbox/read",
        "readNotices",
        "Mark notices as read: those named, or all that are there. What is not the caller's, or not there, is passed over.",
        Reading,
        inbox.read,
        UnreadOut,
        PEOPLE,
    ),
    read(
        "/inbox/letters",
        "getLetterWishes",
        "Of which kinds the caller wants no letters.",
        inbox.wishes,
        LetterWishesOut,
        PEOPLE,
    ),
    change(
        "/inbox/letters",
        "setLetterWishes",
        "Say of which kinds no letters are wanted. The inbox has all the same, and letters about money and disputes come anyway.",
        LetterWishes,
        inbox.wish,
        LetterWishesOut,
        PEOPLE,
    ),
    read(
        "/people/{person}/contact",
        "getContact",
        "Where a person is written to.",
        inbox.contact,
        ContactOut,
        _OPERATOR,
    )._replace(scope=SCOPE),
    change(
        "/people/{person}/contact",
        "setContact",
        "Say where a person is written to, in the place of what was known. `{person}` is their id without a role.",
        NewContact,
        inbox.set_contact,
        ContactOut,
        _OPERATOR,
    )._replace(scope=SCOPE, method="PUT"),
)
