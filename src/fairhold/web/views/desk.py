"""What staff see: an order whole, with every deadline, portion, scan and transfer."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from fairhold.domain.actors import Role
from fairhold.domain.conditions import undoable
from fairhold.domain.deadlines import deadlines
from fairhold.domain.events import Event
from fairhold.domain.ids import OrderId, PersonId, order_number
from fairhold.domain.instants import Instant, between
from fairhold.domain.order import ParcelStatus
from fairhold.domain.portions import left_of
from fairhold.engine.ports.movements import StoredTransfer
from fairhold.web.people import Directory
from fairhold.web.views.contests import NOTHING_CONTESTED, Contesting
from fairhold.web.views.disputes import ChargebackRow, DisputeRow, chargeback_rows, dispute_rows
from fairhold.web.views.funds import money_of
from fairhold.web.views.lines import lines_of
from fairhold.web.views.parcels import parcels_of
from fairhold.web.views.parts import Fact, LineView, Money, Note, ParcelView, Pill, Step
from fairhold.web.views.pills import pill_of
from fairhold.web.views.quantities import choices_of
from fairhold.web.views.receipts import Box
from fairhold.web.views.refunds import RefundRow, returned_refunds
from fairhold.web.views.sight import Sight
from fairhold.web.views.story import story_of
from fairhold.words import dates
from fairhold.words.catalog import N_
from fairhold.words.commission import of_order
from fairhold.words.deadlines import because, effect
from fairhold.words.money import money
from fairhold.words.names import parcel_name, pieces, role_name
from fairhold.words.reader import Reader


@dataclass(frozen=True)
class DeskRow:
    """An order in a list of staff."""

    number: str
    url: str
    placed: str
    buyer: str
    seller: str
    goods: str
    total: str
    pill: Pill
    next: str


def desk_row(sight: Sight) -> DeskRow:
    """The order as a row."""
    ahead = deadlines(sight.order)
    return DeskRow(
        number=sight.number,
        url=sight.url,
        placed=sight.moment(sight.order.placed_at),
        buyer=sight.buyer(),
        seller=sight.seller(),
        goods=sight.title(sight.order.lines[0]),
        total=sight.sum(sight.order.total),
        pill=pill_of(sight),
        next=sight.moment(ahead[0].at) if ahead else "",
    )


@dataclass(frozen=True)
class Due:
    """A deadline in a table."""

    when: str
    left: str
    owner: str
    amount: str
    effect: str
    because: str


@dataclass(frozen=True)
class TransferRow:
    """Money moved: from where to where."""

    when: str
    number: str
    url: str
    debit: str
    credit: str
    sum: str


@dataclass(frozen=True)
class DeskPage:
    """The whole order."""

    id: str
    number: str
    url: str
    pill: Pill
    note: Note | None
    facts: tuple[Fact, ...]
    dues: tuple[Due, ...]
    lines: tuple[LineView, ...]
    money: Money
    parcels: tuple[ParcelView, ...]
    story: tuple[Step, ...]
    disputes: tuple[DisputeRow, ...]
    chargebacks: tuple[ChargebackRow, ...]
    refunds: tuple[RefundRow, ...]
    transfers: tuple[TransferRow, ...]
    undo: tuple[Box, ...]
    undo_until: str
    undo_why_not: str
    scans: tuple[tuple[str, str], ...]
    may_cancel: bool


def desk_page(
    sight: Sight,
    history: Iterable[tuple[int, Event]],
    transfers: Iterable[StoredTransfer],
    note: Note | None,
    why_not: str,
    contesting: Contesting = NOTHING_CONTESTED,
) -> DeskPage:
    """The order as support and operators see it."""
    order = sight.order
    undo = _undo(sight)
    return DeskPage(
        id=order.id,
        number=sight.number,
        url=sight.url,
        pill=pill_of(sight),
        note=note,
        facts=_facts(sight),
        dues=_dues(sight),
        lines=lines_of(sight),
        money=money_of(sight),
        parcels=parcels_of(sight),
        story=story_of(sight, history, scans=True),
        disputes=dispute_rows(sight),
        chargebacks=chargeback_rows(sight, contesting),
        refunds=returned_refunds(sight),
        transfers=transfer_rows(transfers, sight.now, sight.reader, ""),
        undo=undo,
        undo_until=_undo_until(sight) if undo else "",
        undo_why_not="" if undo else why_not,
        scans=_scans(sight) if sight.can("record_checkpoint") else (),
        may_cancel=sight.can("cancel"),
    )


def _facts(sight: Sight) -> tuple[Fact, ...]:
    order, terms, reader = sight.order, sight.order.terms, sight.reader
    found = [
        Fact(sight.say(N_("Order id")), "", order.id),
        Fact(sight.say(N_("Buyer")), sight.buyer(), order.buyer),
        Fact(sight.say(N_("Seller")), sight.seller(), order.seller),
        Fact(
            sight.say(N_("Placed")),
            f"{dates.full_day(reader, order.placed_at)}, {dates.time_of_day(reader, order.placed_at)}",
        ),
    ]
    if order.destination is not None:
        parts = (order.destination.postcode, order.destination.town, order.destination.country)
        found.append(Fact(sight.say(N_("Goes to")), ", ".join(part for part in parts if part)))
    if order.reference:
        found.append(Fact(sight.say(N_("The marketplace's reference")), "", order.reference))
    found += [
        Fact(
            sight.say(N_("Policy")),
            sight.say(N_("%(name)s, version %(version)d"), name=terms.policy.name, version=terms.policy.version),
        ),
        Fact(sight.say(N_("Protection")), dates.whole_days(reader, terms.protection)),
        Fact(sight.say(N_("Time to check")), dates.whole_days(reader, terms.window)),
        Fact(sight.say(N_("Time for undoing")), dates.whole_days(reader, terms.settlement_delay)),
        Fact(sight.say(N_("Commission")), of_order(reader, order)),
        Fact(
            sight.say(N_("Extensions")),
            sight.say(N_("%(number)d of %(all)d"), number=order.extensions_granted, all=terms.extensions),
        ),
    ]
    return tuple(found)


def _dues(sight: Sight) -> tuple[Due, ...]:
    return tuple(
        Due(
            when=sight.moment(found.at),
            left=dates.remaining(sight.reader, between(sight.now, found.at)),
            owner=role_name(sight.reader.words, found.owner),
            amount=sight.sum(found.amount),
            effect=effect(sight.order, found, sight.reader),
            because=because(found, sight.reader),
        )
        for found in deadlines(sight.order)
    )


def _undo(sight: Sight) -> tuple[Box, ...]:
    order, boxes = sight.order, []
    action = sight.action("undo_receipt")
    if action is None or not action.available:
        return ()
    for line in order.lines:
        own = [
            found
            for found in order.portions
            if found.line == line.id and undoable(order, found, sight.actor, sight.now)
        ]
        most = sum(found.quantity for found in own)
        if most:
            worth = sight.sum(left_of(order, (found.span for found in own)))
            boxes.append(
                Box(
                    id=line.id,
                    title=sight.title(line),
                    thumb=sight.picture(line.image or ""),
                    quantity=f"{pieces(sight.reader.words, most)} · {worth}",
                    advice="",
                    most=most,
                    choices=choices_of(sight, most),
                    ticked=False,
                    chosen=most,
                )
            )
    return tuple(boxes)


def _undo_until(sight: Sight) -> str:
    ends = [
        found.settles_at
        for found in sight.order.portions
        if undoable(sight.order, found, sight.actor, sight.now) and found.settles_at
    ]
    return sight.moment(min(ends)) if ends else ""


def _scans(sight: Sight) -> tuple[tuple[str, str], ...]:
    return tuple(
        (status.value, parcel_name(sight.reader.words, status))
        for status in ParcelStatus
        if status is not ParcelStatus.PENDING
    )


def transfer_rows(
    transfers: Iterable[StoredTransfer], now: Instant, reader: Reader, folder: str
) -> tuple[TransferRow, ...]:
    """Transfers as rows; the currency is the last part of an account's name. `folder` links each to its order."""
    found = []
    for moved in transfers:
        currency = moved.debit.rpartition(":")[2]
        found.append(
            TransferRow(
                when=dates.moment(reader, Instant(moved.at), now),
                number=order_number(OrderId(moved.order_id)),
                url=f"{folder}/{moved.order_id}" if folder else "",
                debit=moved.debit,
                credit=moved.credit,
                sum=money(reader, moved.amount, currency, minor=True),
            )
        )
    return tuple(found)


@dataclass(frozen=True)
class Account:
    """A ledger account and its balance."""

    name: str
    meaning: str
    sum: str
    url: str


@dataclass(frozen=True)
class Book:
    """All accounts of a currency; `total` is their sum, which is zero."""

    currency: str
    accounts: tuple[Account, ...]
    total: str
    even: bool


_MEANINGS = {
    "provider": N_("What the payment provider holds for us"),
    "held": N_("Buyers' money under protection"),
    "settling": N_("Confirmed, waiting for the time to undo to pass"),
    "seller": N_("What the seller can have paid out"),
    "fees": N_("Commission earned"),
    "refunds": N_("On its way back to buyers"),
    "own": N_("The marketplace's own, for refunds it paid in other ways"),
}


def books_of(balances: dict[str, int], reader: Reader, names: Directory) -> tuple[Book, ...]:
    """The ledger, a table per currency."""
    by_currency: dict[str, list[tuple[str, int]]] = {}
    for name, held in balances.items():
        by_currency.setdefault(name.rpartition(":")[2], []).append((name, held))
    return tuple(_book(currency, found, reader, names) for currency, found in sorted(by_currency.items()))


def _book(currency: str, found: Sequence[tuple[str, int]], reader: Reader, names: Directory) -> Book:
    accounts = tuple(
        Account(
            name,
            _meaning(name, reader, names),
            money(reader, held, currency, minor=True),
            f"/operator/ledger/{name}",
        )
        for name, held in sorted(found)
    )
    total = sum(held for _, held in found)
    return Book(currency, accounts, money(reader, total, currency, minor=True), total == 0)


def _meaning(name: str, reader: Reader, names: Directory) -> str:
    kind, _, rest = name.partition(":")
    text = reader.words.gettext(_MEANINGS[kind]) if kind in _MEANINGS else ""
    if kind == "seller":
        seller = names.name(Role.SELLER, PersonId(rest.rpartition(":")[0]), reader.language)
        return f"{text}: {seller}"
    return text
