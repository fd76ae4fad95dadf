"""A conversation with support as its person and the staff read it."""

from collections.abc import Iterable
from dataclasses import dataclass

from fairhold.domain.actors import Role
from fairhold.engine.ports.support import Message
from fairhold.engine.support.desk import Chat
from fairhold.web.views.parts import Link, Note, Pill
from fairhold.web.views.sight import Sight
from fairhold.web.views.talk import MOST_AT_ONCE, Saying
from fairhold.words.catalog import N_
from fairhold.words.dates import to_the_second
from fairhold.words.names import role_name
from fairhold.words.support import note_text


@dataclass(frozen=True)
class Entry:
    """A message with its number: pages that follow the conversation know by it what they have."""

    number: int
    saying: Saying


@dataclass(frozen=True)
class ChatPage:
    """The conversation. `stream` is where its going on is told, `last` the newest number that the page has."""

    number: str
    url: str
    order_url: str
    title: str
    lead: str
    pill: Pill | None
    older: tuple[Entry, ...]
    newer: tuple[Entry, ...]
    last: int
    stream: str
    note: Note | None
    links: tuple[Link, ...]
    photos: bool


def entries_of(sight: Sight, messages: Iterable[Message]) -> tuple[Entry, ...]:
    """What was said and what happened, each under its number."""
    return tuple(Entry(one.number, saying_of(sight, one)) for one in messages)


def saying_of(sight: Sight, message: Message) -> Saying:
    """One of them."""
    return Saying(
        when=sight.moment(message.at),
        at=to_the_second(message.at),
        event=note_text(message, sight.now, sight.reader),
        by=_speaker(sight, message.by) if message.text else "",
        text=message.text,
        mine=message.by == str(sight.actor),
        photos=message.photos,
    )


def _speaker(sight: Sight, by: str) -> str:
    role = Role(by.partition(":")[0])
    if by == str(sight.actor):
        return sight.say(N_("You"))
    if role is Role.BUYER:
        return sight.buyer()
    return sight.seller() if role is Role.SELLER else role_name(sight.reader.words, role)


def chat_page(sight: Sight, chat: Chat, note: Note | None) -> ChatPage:
    """The conversation of whoever looks, about their order."""
    entries = entries_of(sight, chat.messages)
    url = f"{sight.url}/support"
    links = []
    if sight.can("report_accident"):
        links.append(Link(sight.say(N_("I confirmed by accident…")), f"{sight.url}/accident"))
    return ChatPage(
        number=sight.number,
        url=url,
        order_url=sight.url,
        title=sight.say(N_("Chat with support")),
        lead=sight.say(N_("Support sees the whole order. The other side does not see this chat.")),
        pill=_pill(sight, chat),
        older=entries[:-MOST_AT_ONCE],
        newer=entries[-MOST_AT_ONCE:],
        last=entries[-1].number if entries else 0,
        stream=f"{url}/stream",
        note=note,
        links=tuple(links),
        photos=True,
    )


def _pill(sight: Sight, chat: Chat) -> Pill | None:
    if chat.case is None:
        return None
    if chat.case.waiting_since is not None:
        return Pill(sight.say(N_("Support is to answer")), "clock")
    return Pill(sight.say(N_("Support has answered")), "ok", "safe") if chat.case.answered else None
