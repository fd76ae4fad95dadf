"""Webhooks as the operator reads them: the endpoints, one of them with its log, and one delivery with every attempt."""

import json
from dataclasses import dataclass
from urllib.parse import urlsplit

from fairhold.domain.ids import OrderId, order_number
from fairhold.domain.instants import Instant
from fairhold.engine.ports.webhooks import Attempt, Delivery, DeliveryState, Endpoint, OffBecause
from fairhold.engine.webhooks.endpoints import MOST_COUNTED, Listed, Whole
from fairhold.engine.webhooks.event_types import ALL_TYPES, TEST
from fairhold.web.views.onlooker import Onlooker
from fairhold.web.views.parts import Note, Pill
from fairhold.web.views.sight import STAFF_PATHS
from fairhold.words.catalog import N_
from fairhold.words.webhooks import GROUPS, OFF, STATES, TROUBLES, TYPE_TEXTS

FOLDER = "/operator/webhooks"
_TEST_TEXT = N_("A test.")
_STATE_LOOKS: dict[DeliveryState, tuple[str, str]] = {
    DeliveryState.WAITING: ("clock", "turn"),
    DeliveryState.DELIVERED: ("check", "safe"),
    DeliveryState.FAILED: ("alert", "bad"),
    DeliveryState.MISSED: ("alert", "bad"),
}


@dataclass(frozen=True)
class EndpointRow:
    """An endpoint in the list."""

    url: str
    name: str
    address: str
    pill: Pill
    takes: str
    waiting: str
    failed: str


@dataclass(frozen=True)
class EndpointPage:
    """One endpoint. `added` and the like are moments in words; `types` are empty where it takes all."""

    url: str
    name: str
    address: str
    pill: Pill
    on: bool
    note: Note | None
    takes: str
    types: tuple[str, ...]
    added: str
    secret_since: str
    previous_until: str
    waiting: str
    failed: str
    has_failed: bool


@dataclass(frozen=True)
class DeliveryRow:
    """A delivery in the log; `order` is its number, nothing for a test."""

    url: str
    when: str
    type: str
    text: str
    order: str
    order_url: str
    pill: Pill
    last: str


@dataclass(frozen=True)
class AttemptRow:
    """One attempt: what came of it in words, and how the answer began."""

    number: int
    when: str
    took: str
    came: str
    response: str


@dataclass(frozen=True)
class DeliveryPage:
    """One delivery, whole."""

    row: DeliveryRow
    id: str
    next: str
    attempts: tuple[AttemptRow, ...]
    payload: str


@dataclass(frozen=True)
class TypeGroup:
    """Types that belong together, each with its text and whether it is ticked."""

    name: str
    types: tuple[tuple[str, str, bool], ...]


def endpoint_url(endpoint: str) -> str:
    """The page of an endpoint."""
    return f"{FOLDER}/{endpoint}"


def name_of(endpoint: Endpoint) -> str:
    """What people call it: its description, or else whose server it is."""
    return endpoint.description or urlsplit(endpoint.url).netloc


def endpoint_row(looker: Onlooker, endpoint: Endpoint, undelivered: tuple[int, int]) -> EndpointRow:
    """The endpoint in the list."""
    waiting, failed = (_counted(count) for count in undelivered)
    return EndpointRow(
        endpoint_url(endpoint.id),
        name_of(endpoint),
        endpoint.url,
        _pill(looker, endpoint),
        _takes(looker, endpoint),
        waiting,
        failed,
    )


def endpoint_page(looker: Onlooker, endpoint: Endpoint, undelivered: tuple[int, int]) -> EndpointPage:
    """The endpoint by itself."""
    waiting, failed = undelivered
    overlaps = endpoint.previous_until is not None and looker.now < endpoint.previous_until
    return EndpointPage(
        url=endpoint_url(endpoint.id),
        name=name_of(endpoint),
        address=endpoint.url,
        pill=_pill(looker, endpoint),
        on=endpoint.on,
        note=trouble_note(looker, endpoint),
        takes=_takes(looker, endpoint),
        types=endpoint.types,
        added=looker.moment(endpoint.created_at),
        secret_since=looker.moment(endpoint.secret_at),
        previous_until=looker.moment(endpoint.previous_until or 0) if overlaps else "",
        waiting=_counted(waiting),
        failed=_counted(failed),
        has_failed=failed > 0,
    )


def trouble_note(looker: Onlooker, endpoint: Endpoint) -> Note | None:
    """Why nothing arrives there, where that is so."""
    if endpoint.off_because is OffBecause.OPERATOR:
        text = N_("What happens meanwhile is written down for 30 days and can be sent once it is on again.")
        return Note(looker.say(OFF[endpoint.off_because]), looker.say(text), "", "info")
    if endpoint.off_because is not None:
        text = N_("Mend the server, send a test, turn it on, and then send again what it missed.")
        return Note(looker.say(OFF[endpoint.off_because]), looker.say(text), "bad", "alert")
    if endpoint.failing_since is not None:
        title = N_("Every attempt since %(moment)s has failed.")
        text = N_("Each message is tried for three days. After five days without a success it is turned off.")
        return Note(looker.say(title, moment=looker.moment(endpoint.failing_since)), looker.say(text), "turn", "alert")
    return None


def delivery_row(looker: Onlooker, listed: Listed) -> DeliveryRow:
    """A delivery in the log."""
    delivery = listed.delivery
    return _row(looker, delivery, listed.last)


def delivery_page(looker: Onlooker, whole: Whole) -> DeliveryPage:
    """A delivery by itself."""
    delivery, attempts = whole.delivery, whole.attempts
    waiting = delivery.state is DeliveryState.WAITING
    return DeliveryPage(
        row=_row(looker, delivery, attempts[-1] if attempts else None),
        id=delivery.message,
        next=looker.moment(delivery.due_at) if waiting else "",
        attempts=tuple(_attempt(looker, attempt) for attempt in reversed(attempts)),
        payload=json.dumps(json.loads(whole.message.payload), ensure_ascii=False, indent=2),
    )


def type_groups(looker: Onlooker, ticked: tuple[str, ...]) -> tuple[TypeGroup, ...]:
    """All types to choose from."""
    return tuple(
        TypeGroup(
            looker.say(name),
            tuple(
                (kind, looker.say(TYPE_TEXTS[kind]), kind in ticked)
                for kind in ALL_TYPES
                if kind.startswith(f"{group}.")
            ),
        )
        for group, name in GROUPS.items()
    )


def came_of(looker: Onlooker, attempt: Attempt) -> str:
    """What came of an attempt, in words: «Ответ 200», «Ответ 500», «Нет ответа 15 секунд.»."""
    if attempt.status is not None:
        return looker.say(N_("Answer %(status)d"), status=attempt.status)
    return "" if attempt.trouble is None else looker.say(TROUBLES[attempt.trouble])


def _row(looker: Onlooker, delivery: Delivery, last: Attempt | None) -> DeliveryRow:
    sign, kind = _STATE_LOOKS[delivery.state]
    text = _TEST_TEXT if delivery.type == TEST else TYPE_TEXTS.get(delivery.type, delivery.type)
    order = delivery.order
    return DeliveryRow(
        url=f"{endpoint_url(delivery.endpoint)}/deliveries/{delivery.message}",
        when=looker.moment(delivery.at),
        type=delivery.type,
        text=looker.say(text),
        order=order_number(OrderId(order)) if order else "",
        order_url=f"{STAFF_PATHS[looker.actor.role]}/{order}" if order else "",
        pill=Pill(looker.say(STATES[delivery.state]), sign, kind),
        last="" if last is None else came_of(looker, last),
    )


def _attempt(looker: Onlooker, attempt: Attempt) -> AttemptRow:
    return AttemptRow(
        number=attempt.n,
        when=looker.moment(Instant(attempt.at)),
        took=looker.say(N_("%(number)d ms"), number=attempt.milliseconds),
        came=came_of(looker, attempt),
        response=attempt.response,
    )


def _pill(looker: Onlooker, endpoint: Endpoint) -> Pill:
    if endpoint.off_because is OffBecause.OPERATOR:
        return Pill(looker.say(N_("Off")), "cross")
    if not endpoint.on:
        return Pill(looker.say(N_("Turned off")), "alert", "bad")
    if endpoint.failing_since is not None:
        return Pill(looker.say(N_("Fails")), "alert", "turn")
    return Pill(looker.say(N_("On")), "check", "safe")


def _takes(looker: Onlooker, endpoint: Endpoint) -> str:
    if not endpoint.types:
        return looker.say(N_("Everything"))
    return looker.say(N_("%(number)d of %(all)d kinds"), number=len(endpoint.types), all=len(ALL_TYPES))


def _counted(count: int) -> str:
    return f"{count}+" if count >= MOST_COUNTED else str(count)
