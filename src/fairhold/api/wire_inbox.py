"""Inboxes and contacts in their shapes."""

from fairhold.api.shapes import At, Out
from fairhold.engine.ports.notices import Kind


class NoticeOut(Out, frozen=True):
    """Something that the caller was told. `title` and `text` are in the caller's language, with moments of `zone`.

    `read`: it was, or what it speaks of has passed. `path` is the page on which they see more and can act. `order` is missing
    where they may not know which it is (S32).
    """

    id: str
    topic: str
    kind: Kind
    title: str
    text: str
    at: At
    read: bool
    path: str
    goods: str | None = None
    order: str | None = None


class InboxOut(Out, frozen=True):
    """A page of an inbox, newest first. `unread` counts all of it, up to 100."""

    items: list[NoticeOut]
    next: str | None
    unread: int
    zone: str


class UnreadOut(Out, frozen=True):
    """How many are not read, up to 100."""

    unread: int


class LetterWishesOut(Out, frozen=True):
    """Of which kinds the caller wants no letters."""

    unwanted: list[Kind]


class ContactOut(Out, frozen=True):
    """Where somebody is written to. `refused_since`: since when the address's server takes nothing for it."""

    person: str
    language: str
    zone: str
    email: str | None = None
    name: str | None = None
    refused_since: At | None = None
