"""The support desk's pages: the queue with whose turn it is and since when, and a conversation with the order beside it."""

from dataclasses import dataclass

from fairhold.domain.actors import Actor, Role
from fairhold.domain.conditions import awaiting_support
from fairhold.domain.ids import PersonId, order_number
from fairhold.domain.instants import Instant, between
from fairhold.engine.ports.support import Case
from fairhold.engine.support.desk import Chat
from fairhold.web.views.chats import Entry, entries_of
from fairhold.web.views.funds import money_of
from fairhold.web.views.lines import picture_of
from fairhold.web.views.onlooker import Onlooker
from fairhold.web.views.parcels import parcels_of
from fairhold.web.views.parts import Link, Money, Note, ParcelView, Pill
from fairhold.web.views.pills import pill_of
from fairhold.web.views.sight import Sight
from fairhold.web.views.support_folders import CHAT_FOLDERS, ORDER_FOLDERS
from fairhold.web.views.talk import MOST_AT_ONCE
from fairhold.words import dates
from fairhold.words.catalog import N_
from fairhold.words.names import role_name


@dataclass(frozen=True)
class CaseRow:
    """A conversation in the queue. `due` and `left` say until when an answer is owed, `kind` colours them."""

    number: str
    url: str
    person: str
    role: str
    pills: tuple[Pill, ...]
    since: str
    waits: str
    due: str
    left: str
    kind: str
    claimed: str
    mine: bool


class Counter(Onlooker):
    """Whoever answers, looking at the queue."""

    def called(self, actor: str) -> str:
        """The name of a stored actor."""
        role, _, who = actor.partition(":")
        return self.names.name(Role(role), PersonId(who), self.reader.language)

    def row(self, case: Case) -> CaseRow:
        """The conversation as a row."""
        side = Role(case.person.partition(":")[0])
        since, due = case.waiting_since, _due(case)
        left = None if due is None else due - self.now
        return CaseRow(
            number=order_number(case.order),
            url=chat_url(self.actor, case.order, side),
            person=self.called(case.person),
            role=role_name(self.reader.words, side),
            pills=self._pills(case),
            since="" if since is None else self.moment(since),
            waits="" if since is None else dates.length(self.reader, between(since, max(since, self.now))),
            due="" if due is None else self.moment(due),
            left="" if left is None or left <= 0 else dates.length(self.reader, between(self.now, Instant(due or 0))),
            kind="bad" if case.overdue or (left is not None and left <= 0) else "turn" if due is not None else "",
            claimed=self.called(case.claimed_by) if case.claimed_by else "",
            mine=case.claimed_by == str(self.actor),
        )

    def _pills(self, case: Case) -> tuple[Pill, ...]:
        found = []
        if case.overdue:
            found.append(Pill(self.say(N_("Overdue")), "alert", "bad"))
        if case.accident_since is not None:
            found.append(Pill(self.say(N_("Confirmed by accident")), "alert", "bad"))
        if case.request_since is not None:
            found.append(Pill(self.say(N_("More time asked")), "clock", "turn"))
        if case.asked_since is not None:
            found.append(Pill(self.say(N_("A question")), "chat", "turn"))
        return tuple(found) or (Pill(self.say(N_("Answered")), "ok", "safe"),)


def _due(case: Case) -> Instant | None:
    """By when an answer is owed; once that is past, when the money leaves."""
    if case.accident_since is not None:
        return case.leaves_at if case.overdue else case.accident_due
    return case.request_due if case.request_since is not None else None


def chat_url(actor: Actor, order: str, side: Role) -> str:
    """The page on which staff answer this side."""
    return f"{ORDER_FOLDERS[actor.role]}/{order}/chat/{side.value}"


@dataclass(frozen=True)
class Item:
    """Goods that the buyer says were confirmed by accident."""

    id: str
    title: str
    thumb: str
    quantity: int
    sum: str


@dataclass(frozen=True)
class Deciding:
    """What support is to decide: an accident's `items`, or a request; `until` is when that ends by itself."""

    title: str
    text: str
    items: tuple[Item, ...] = ()
    can_undo: bool = False
    can_decline: bool = False
    can_answer: bool = False


@dataclass(frozen=True)
class DeskChat:
    """A conversation as staff see it, with what they have to know of the order."""

    number: str
    url: str
    order_url: str
    folder: str
    title: str
    lead: str
    pill: Pill
    older: tuple[Entry, ...]
    newer: tuple[Entry, ...]
    last: int
    stream: str
    note: Note | None
    claimed: str
    mine: bool
    exists: bool
    deciding: tuple[Deciding, ...]
    money: Money
    parcels: tuple[ParcelView, ...]
    other: Link


def desk_chat(sight: Sight, chat: Chat, side: Role, note: Note | None) -> DeskChat:
    """The page of one side's conversation."""
    counter = Counter(sight.actor, sight.now, sight.reader, sight.names)
    case, url = chat.case, chat_url(sight.actor, sight.order.id, side)
    entries = entries_of(sight, chat.messages)
    name = sight.buyer() if side is Role.BUYER else sight.seller()
    other = Role.SELLER if side is Role.BUYER else Role.BUYER
    return DeskChat(
        number=sight.number,
        url=url,
        order_url=sight.url,
        folder=CHAT_FOLDERS[sight.actor.role],
        title=name,
        lead=f"{role_name(sight.reader.words, side)} · {sight.say(N_('Order %(number)s'), number=sight.number)}",
        pill=pill_of(sight),
        older=entries[:-MOST_AT_ONCE],
        newer=entries[-MOST_AT_ONCE:],
        last=entries[-1].number if entries else 0,
        stream=f"{url}/stream",
        note=note,
        claimed=counter.called(case.claimed_by) if case is not None and case.claimed_by else "",
        mine=case is not None and case.claimed_by == str(sight.actor),
        exists=case is not None,
        deciding=tuple(one for one in (_accident(sight), _request(sight)) if one) if side is Role.BUYER else (),
        money=money_of(sight),
        parcels=parcels_of(sight),
        other=Link(
            sight.say(N_("Chat with the buyer") if other is Role.BUYER else N_("Chat with the seller")),
            chat_url(sight.actor, sight.order.id, other),
        ),
    )


def _accident(sight: Sight) -> Deciding | None:
    order = sight.order
    waiting = [one for one in order.portions if awaiting_support(one)]
    if order.accident is None or not waiting:
        return None
    leaves = min(one.settles_at for one in waiting if one.settles_at is not None)
    late = N_("The answer was due by %(due)s. The money leaves %(leaves)s.")
    text = late if order.accident.overdue else N_("Answer by %(due)s. The money leaves %(leaves)s.")
    items = tuple(
        Item(
            line.id,
            sight.title(line),
            picture_of(sight, line),
            sum(one.quantity for one in waiting if one.line == line.id),
            sight.sum(sum(one.left for one in waiting if one.line == line.id)),
        )
        for line in order.lines
        if any(one.line == line.id for one in waiting)
    )
    return Deciding(
        sight.say(N_("Confirmed by accident, says the buyer")),
        sight.say(text, due=sight.moment(order.accident.due), leaves=sight.when(leaves)),
        items,
        can_undo=sight.can("undo_receipt"),
        can_decline=sight.can("decline_accident"),
    )


def _request(sight: Sight) -> Deciding | None:
    request = sight.order.extension_request
    if request is None or request.owner in (None, Role.SELLER):
        return None
    text = N_(
        "The seller has not answered. Protection would run %(length)s longer; without an answer it runs as before."
    )
    return Deciding(
        sight.say(N_("The buyer asks for more time")),
        sight.say(text, length=dates.whole_days(sight.reader, request.length)),
        can_answer=sight.can("answer_extension"),
    )
