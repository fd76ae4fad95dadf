"""The talk in a dispute: what each side said and showed, with what happened in between, oldest first."""

from collections.abc import Iterable
from dataclasses import dataclass

from fairhold.domain.actors import Role
from fairhold.domain.dispute import Dispute
from fairhold.domain.dispute_events import DisputeRuled, MessageSent, OfferMade
from fairhold.domain.events import Event
from fairhold.web.views.sight import Sight
from fairhold.words.dates import to_the_second
from fairhold.words.history import tell
from fairhold.words.names import role_name

MOST_AT_ONCE = 30
"""So many entries are open to see; older ones unfold."""


@dataclass(frozen=True)
class Saying:
    """An entry: what happened (`event`), or what somebody said (`by`, `text`) and showed."""

    when: str
    at: str
    event: str = ""
    by: str = ""
    text: str = ""
    mine: bool = False
    photos: tuple[str, ...] = ()


@dataclass(frozen=True)
class Talk:
    """All of it: `older` is folded away."""

    older: tuple[Saying, ...]
    newer: tuple[Saying, ...]


def events_of(dispute: Dispute, history: Iterable[tuple[int, Event]]) -> tuple[Event, ...]:
    """The dispute's own part of the order's history."""
    return tuple(event for _, event in history if getattr(event, "dispute", None) == dispute.id)


def talk_of(sight: Sight, events: Iterable[Event]) -> Talk:
    """The talk as this person reads it."""
    found: list[Saying] = []
    for event in events:
        when, at = sight.moment(event.at), to_the_second(event.at)
        if not isinstance(event, MessageSent):
            found.append(Saying(when, at, event=tell(sight.order, event, sight.now, sight.reader).title))
        text = event.reasons if isinstance(event, DisputeRuled) else getattr(event, "text", None)
        photos = tuple(photo.id for photo in getattr(event, "evidence", ()))
        if text or photos:
            mine = event.by == str(sight.actor)
            found.append(Saying(when, at, by=speaker(sight, event.by), text=text or "", mine=mine, photos=photos))
    return Talk(tuple(found[:-MOST_AT_ONCE]), tuple(found[-MOST_AT_ONCE:]))


def speaker(sight: Sight, by: str) -> str:
    """Who said it: you, the other side by name, or staff by their office."""
    role = Role(by.partition(":")[0])
    if role in (Role.BUYER, Role.SELLER):
        return sight.who(role)
    return role_name(sight.reader.words, role)


def words_of_offer(events: Iterable[Event], number: int) -> str:
    """What was said with an offer."""
    return next(
        (event.text or "" for event in events if isinstance(event, OfferMade) and event.offer.number == number), ""
    )
