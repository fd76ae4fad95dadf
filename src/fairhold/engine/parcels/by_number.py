"""Parcels by their numbers: who has them, what is told of them, and what the orders learn of it."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from typing import NamedTuple

import structlog

from fairhold.domain.actors import SYSTEM, Actor, Role
from fairhold.domain.commands import Command, RecordCheckpoint, ReportSharedNumber
from fairhold.domain.dispute_events import ReplacementShipped, ReturnShipped
from fairhold.domain.events import CheckpointRecorded, ParcelShipped
from fairhold.domain.ids import OrderId
from fairhold.domain.instants import DAY
from fairhold.domain.order import Order, Shipment
from fairhold.domain.tracking_numbers import compared
from fairhold.engine.installation.clock import Clock
from fairhold.engine.kernel.core import Engine
from fairhold.engine.kernel.envelope import Envelope, Faulty, Unavailable
from fairhold.engine.kernel.news import Turn
from fairhold.engine.outside.tracking import CarrierScan, News
from fairhold.engine.parcels.schedule import next_look
from fairhold.engine.ports.parcels import EarlyScan, Parcel, ParcelRows, ParcelState

_log = structlog.get_logger("fairhold.tracking")

ANOTHER_PARCELS = 30 * DAY
"""A scan so long before the order was placed is of another parcel: carriers give numbers out again."""
SAME_TIME = 365 * DAY
"""Two parcels with one number that were shipped further apart are two: S10 lets numbers return after a year."""

LONGEST_WORD = 64
"""Characters of a number, a carrier's name, a code."""

WEBHOOK = "webhook"
"""The source of scans that a carrier sends us by itself, in our own vocabulary."""

_OfParcel = ParcelShipped | ReturnShipped | ReplacementShipped | CheckpointRecorded
_SHIPPED = (ParcelShipped, ReturnShipped, ReplacementShipped)


class Taken(NamedTuple):
    """How many parcels a message was about, and how many of its scans were new to their orders."""

    parcels: int
    scans: int


class Parcels:
    """Listens to what is shipped, and tells orders what providers say of their parcels. Safe from any thread.

    `assign` says who is asked about a parcel, and what it has to be told first.
    """

    def __init__(
        self,
        rows: ParcelRows,
        engine: Engine,
        orders: Callable[[OrderId], Order | None],
        clock: Clock,
        assign: Callable[[Parcel], Parcel] = lambda parcel: parcel,
    ) -> None:
        self._rows = rows
        self._engine = engine
        self._orders = orders
        self._clock = clock
        self._assign = assign
        self.on_parcel: Callable[[], None] = lambda: None
        """Called when there is a parcel to ask about."""

    def hear(self, turns: Sequence[Turn]) -> None:
        """Keep the parcels that were shipped and when they were last told of; tell their orders what is known already."""
        made = [self._parcel(turn.order, one) for turn in turns for one in _named(turn, _SHIPPED)]
        if made:
            self._rows.register(made)
            self._tell_what_is_known(made)
        told: dict[str, Shipment] = {one.id: one for turn in turns for one in _named(turn, (CheckpointRecorded,))}
        if told:
            self._note_heard(told)

    def _tell_what_is_known(self, made: Sequence[Parcel]) -> None:
        self._tell_early(made)
        self._tell_shared({parcel.number for parcel in made})
        if any(parcel.due_at is not None for parcel in made):
            self.on_parcel()

    def take(self, source: str, news: Sequence[News]) -> Taken:
        """Tell the orders of these parcels what is new; scans of numbers that are nobody's are kept. Blocks.

        Taking the same again changes nothing. Raises Overloaded, Unavailable and StoreUnavailable.
        """
        by_number = _by_number(news)
        meant = self._meant(source, by_number)
        missing = {number: one for number, one in by_number.items() if number not in {one.number for one in meant}}
        if self._keep_early(source, missing):
            # Whoever was registered meanwhile had looked for these scans before they were kept.
            meant += self._meant(source, missing)
        scans = self._tell([(parcel, source, by_number[parcel.number].scans) for parcel in meant])
        return Taken(len(meant), scans)

    def _meant(self, source: str, by_number: Mapping[str, News]) -> list[Parcel]:
        found = self._rows.with_numbers(list(by_number))
        return [parcel for parcel in found if _is_meant(parcel, source, by_number[parcel.number])]

    def assigned(self, parcel: Parcel) -> Parcel:
        """The parcel, with who is asked about it as things are now."""
        return self._assign(parcel)

    def shipment(self, parcel: Parcel) -> Shipment | None:
        """The parcel as its order has it now."""
        order = self._orders(parcel.order)
        return None if order is None else order.shipment(parcel.shipment)

    def _parcel(self, order: Order, shipment: Shipment) -> Parcel:
        to_buyer = shipment.returns is None
        addressee = Actor(Role.BUYER, order.buyer) if to_buyer else Actor(Role.SELLER, order.seller)
        return self._assign(
            Parcel(
                shipment.id,
                order.id,
                compared(shipment.tracking_number),
                shipment.tracking_number,
                shipment.carrier,
                str(addressee),
                shipment.shipped_at,
            )
        )

    def _keep_early(self, source: str, by_number: Mapping[str, News]) -> bool:
        """Keep the scans of numbers that are nobody's yet, where there are any."""
        now = self._clock.now()
        early = [
            EarlyScan(number, one.carrier, source, scan.status, scan.at, now, scan.code, scan.place, scan.note)
            for number, one in by_number.items()
            for scan in one.scans
        ]
        if early:
            _log.info("news of numbers that no parcel has", source=source, numbers=len({scan.number for scan in early}))
            self._rows.keep_early(early)
        return bool(early)

    def _tell_early(self, parcels: Iterable[Parcel]) -> None:
        by_number = {parcel.number: parcel for parcel in parcels}
        told: dict[tuple[str, str, str], list[CarrierScan]] = {}
        for scan in self._rows.early(list(by_number)):
            kept = CarrierScan(scan.status, scan.at, scan.code, scan.place, scan.note)
            told.setdefault((scan.number, scan.source, scan.carrier), []).append(kept)
        for (number, source, carrier), scans in told.items():
            self.take(source, [News(number, carrier, tuple(scans))])

    def _tell(self, told: Sequence[tuple[Parcel, str, Sequence[CarrierScan]]]) -> int:
        envelopes = []
        for parcel, source, scans in told:
            order = self._orders(parcel.order)
            shipment = None if order is None else order.shipment(parcel.shipment)
            if order is None or shipment is None:
                continue
            known = {(scan.status, scan.at) for scan in shipment.checkpoints}
            oldest = _begins(order, shipment)
            fresh = [scan for scan in scans if scan.at >= oldest and (scan.status, scan.at) not in known]
            envelopes += [_envelope(parcel, source, scan) for scan in sorted(fresh, key=lambda scan: scan.at)]
        self._submit(envelopes)
        return len(envelopes)

    def _tell_shared(self, numbers: set[str]) -> None:
        """Tell orders whose policy weighs deliveries that other buyers' orders have the same number."""
        to_buyers = [parcel for parcel in self._rows.with_numbers(sorted(numbers)) if _is_to_buyer(parcel)]
        envelopes = []
        for parcel in to_buyers:
            others = {other.order for other in to_buyers if _is_other_buyers(parcel, other)}
            order = self._orders(parcel.order) if others else None
            if order is not None and order.terms.delivery_evidence and order.closed_at is None:
                command = ReportSharedNumber(shipment=parcel.shipment, orders=len(others))
                envelopes.append(Envelope(parcel.order, command, SYSTEM, source="tracking"))
        self._submit(envelopes)

    def _submit(self, envelopes: Sequence[Envelope]) -> None:
        for outcome in self._engine.submit_many_waiting(envelopes):
            if isinstance(outcome, Unavailable):
                raise outcome
            if isinstance(outcome, Faulty):
                # The log has the cause; telling it again would end the same.
                _log.error("a scan could not be noted", error=str(outcome))

    def _note_heard(self, told: Mapping[str, Shipment]) -> None:
        now = self._clock.now()
        heard = []
        for parcel in self._rows.of_shipments(list(told)):
            look = next_look(told[parcel.shipment], now)
            state = ParcelState.FOLLOWED if parcel.state is ParcelState.REFUSED else parcel.state
            state = ParcelState.FINISHED if look is None else state
            # Whoever waits for a ticket, or was not told of the parcel yet, goes on as before.
            waits = parcel.ticket is not None or parcel.state is ParcelState.NEW or not parcel.provider
            due = parcel.due_at if waits and look is not None else look
            heard.append(parcel._replace(state=state, due_at=due, heard_at=now))
        self._rows.heard(heard)


def _named(turn: Turn, kinds: tuple[type[_OfParcel], ...]) -> Iterator[Shipment]:
    """The parcels that events of these kinds name, each once."""
    names = dict.fromkeys(event.shipment for _, event in turn.events if isinstance(event, kinds))
    return (one for one in turn.order.shipments if one.id in names)


def _by_number(news: Iterable[News]) -> dict[str, News]:
    """The news by number as it is compared, in words that can be stored; what can be no number is left out."""
    found: dict[str, News] = {}
    for one in news:
        number = compared(one.number)
        if not number.isprintable() or not 0 < len(number) <= LONGEST_WORD:
            continue
        scans = tuple(scan._replace(code=_word(scan.code)) for scan in one.scans)
        before = found.get(number)
        found[number] = News(number, _word(one.carrier), scans if before is None else (*before.scans, *scans))
    return found


def _word(text: str) -> str:
    return "".join(letter for letter in text if letter.isprintable())[:LONGEST_WORD]


def _is_meant(parcel: Parcel, source: str, news: News) -> bool:
    """Whether the news are of this parcel: a carrier that names itself speaks of its own numbers only."""
    return source != WEBHOOK or not news.carrier or news.carrier.casefold() == parcel.carrier.casefold()


def _begins(order: Order, shipment: Shipment) -> int:
    """Since when scans of its number are this parcel's.

    Goods that came back may be shipped again under the same number, and a buyer may send them back under it: what was told
    of the way before is not told of this one. One parcel may as well be written down twice, a line at a time.
    """
    number = compared(shipment.tracking_number)
    before = [
        one
        for one in order.shipments
        if one.shipped_at < shipment.shipped_at and compared(one.tracking_number) == number
    ]
    if before and (shipment.returns is not None or any(one.returned_at is not None for one in before)):
        return shipment.shipped_at
    return order.placed_at - ANOTHER_PARCELS


def _is_to_buyer(parcel: Parcel) -> bool:
    return parcel.addressee.startswith(f"{Role.BUYER.value}:")


def _is_other_buyers(parcel: Parcel, other: Parcel) -> bool:
    return other.addressee != parcel.addressee and abs(other.shipped_at - parcel.shipped_at) < SAME_TIME


def _envelope(parcel: Parcel, source: str, scan: CarrierScan) -> Envelope:
    command: Command = RecordCheckpoint(
        shipment=parcel.shipment,
        status=scan.status,
        at=scan.at,
        place=scan.place,
        note=scan.note,
        code=scan.code or None,
        source=source,
    )
    print_ = sha256(f"{parcel.shipment}\n{scan.status}\n{scan.at}".encode()).digest()
    return Envelope(parcel.order, command, SYSTEM, f"scan-{print_.hex()[:32]}", print_, source="tracking")
