"""Notices as the inbox shows them, the kinds of letters to choose from, and what waits in the header."""

from collections.abc import Sequence
from dataclasses import dataclass

from fairhold.domain.actors import Actor
from fairhold.domain.instants import Instant
from fairhold.engine.ports.notices import ABOUT_MONEY, Kind, Notice, waits
from fairhold.words import dates
from fairhold.words.notices.kinds import ABOUT, KINDS
from fairhold.words.notices.telling import tell_notice
from fairhold.words.notices.ways import INBOXES, way_on
from fairhold.words.reader import Reader

MOST_UNREAD = 100
"""How many unread notices are counted: beyond it, the header says that there are more."""


@dataclass(frozen=True)
class Bell:
    """The way to the inbox in the header of every page: how many notices wait there, in figures and in words."""

    url: str
    count: int
    more: bool
    text: str


@dataclass(frozen=True)
class NoticeView:
    """A notice in the list."""

    key: str
    title: str
    text: str
    about: str
    when: str
    at: str
    url: str
    unread: bool


@dataclass(frozen=True)
class KindView:
    """A kind of letters: `always` of those that come whatever was chosen."""

    name: str
    title: str
    about: str
    always: bool
    wanted: bool


def bell_of(reader: Reader, actor: Actor, unread: int) -> Bell | None:
    """What the header shows to this person, if they have an inbox."""
    url = INBOXES.get(actor.role)
    if url is None:
        return None
    count = min(unread, MOST_UNREAD - 1)
    words = reader.words
    text = (
        words.ngettext("Notices: %(num)d unread", "Notices: %(num)d unread", count)
        if count
        else words.gettext("Notices")
    )
    return Bell(url, count, unread >= MOST_UNREAD, text)


def notice_views(reader: Reader, notices: Sequence[Notice], now: Instant) -> tuple[NoticeView, ...]:
    """The notices of a page."""
    found = []
    for notice in notices:
        said = tell_notice(notice, reader, now)
        found.append(
            NoticeView(
                key=notice.key,
                title=said.title,
                text=said.text,
                about=said.goods,
                when=dates.moment(reader, notice.at, now),
                at=dates.to_the_second(notice.at),
                url=way_on(notice).path,
                unread=waits(notice, now),
            )
        )
    return tuple(found)


def kind_views(reader: Reader, unwanted: frozenset[Kind]) -> tuple[KindView, ...]:
    """The kinds of letters as they are chosen."""
    say = reader.words.gettext
    return tuple(
        KindView(kind.value, say(title), say(ABOUT[kind]), kind in ABOUT_MONEY, kind not in unwanted)
        for kind, title in KINDS.items()
    )
