"""From what happened to an order to the notices about it: pure, so that hearing of the same again gives the same."""

import hashlib
from collections.abc import Iterable, Iterator

from fairhold.domain.actors import Role
from fairhold.domain.events import Event
from fairhold.domain.instants import Instant
from fairhold.domain.order import Order
from fairhold.engine.notices.facts import Facts, role_of
from fairhold.engine.notices.reviews import review_told
from fairhold.engine.notices.tellings import TELLINGS, Telling, Topic
from fairhold.engine.ports.notices import Kind, Notice, Stands, recipient_of


def notices_of(order: Order, events: Iterable[tuple[int, Event]]) -> list[Notice]:
    """What people are told because of these events, numbered as in the order's history."""
    return [notice for seq, event in events for notice in _of_event(order, seq, event)]


def _of_event(order: Order, seq: int, event: Event) -> Iterator[Notice]:
    for telling in TELLINGS[type(event)]:
        if telling.when(event):
            for role in telling.readers:
                if not (telling.spares and role is role_of(event.by)):
                    yield _notice(order, seq, event, telling, role)
    for told in review_told(order, event):
        person = recipient_of(told.reader, person_of(order, told.reader))
        yield Notice(
            key_of(told.once or f"{order.id}/{seq}/{told.topic}", person),
            person,
            told.topic,
            Kind.REVIEWS,
            order.id if told.named else None,
            told.at,
            about(order) | told.facts if told.named else told.facts,
        )


def _notice(order: Order, seq: int, event: Event, telling: Telling, role: Role) -> Notice:
    person = recipient_of(role, person_of(order, role))
    return Notice(
        key_of(f"{order.id}/{seq}/{telling.topic}", person),
        person,
        telling.topic,
        telling.kind,
        order.id,
        event.at,
        about(order) | telling.says(order, event, role),
        telling.stands(order, event, role),
    )


def person_of(order: Order, side: Role) -> str:
    """The id of the buyer or of the seller."""
    return order.buyer if side is Role.BUYER else order.seller


def about(order: Order) -> Facts:
    """What every notice says of its order: the first of its goods, how many others there are, and the currency."""
    return {"goods": order.lines[0].title, "others": len(order.lines) - 1, "currency": order.currency}


def key_of(what: str, recipient: str) -> str:
    """The key under which this person is told this, once. It does not tell what it was made from."""
    return hashlib.sha256(f"{what}/{recipient}".encode()).hexdigest()[:32]


def reminder_notice(
    order: Order, recipient: str, topic: Topic, kind: Kind, at: Instant, facts: Facts, stands: Stands | None
) -> Notice:
    """What somebody is reminded of: of the same deadline not twice with as many days left, and for a review once."""
    what = "once"
    if stands is not None and topic is not Topic.REVIEW_ASKED:
        what = f"{stands.because}/{stands.dispute}/{stands.at}/{facts.get('lead')}"
    return Notice(
        key_of(f"{order.id}/{topic}/{what}", recipient),
        recipient,
        topic,
        kind,
        order.id,
        at,
        about(order) | facts,
        stands,
    )
