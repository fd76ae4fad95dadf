"""Asking providers: in turn, within their limits, ever more rarely, and again after whatever goes wrong."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from fairhold.domain.commands import Pay, ShipParcel
from fairhold.domain.instants import DAY, HOUR, MINUTE, SECOND, Duration, Instant
from fairhold.domain.order import Checkpoint, Order, ParcelStatus, Shipment
from fairhold.engine.outside.destinations import TryLater
from fairhold.engine.outside.tracking import CarrierScan, News, Report, Wanted
from fairhold.engine.parcels.by_number import Parcels
from fairhold.engine.parcels.rounds import FIRST_LOOK, LEASE, Rounds
from fairhold.engine.parcels.schedule import next_look
from fairhold.engine.ports.parcels import Parcel, ParcelState
from fairhold.store.parcels import ParcelTables, TurnTables
from fairhold.wiring.tracking import assigned
from tests.builders import BUYER, PARCEL_1, SELLER, T0, at
from tests.engine.market import Market

S = ParcelStatus
A_SECOND = Duration(SECOND)
NUMBERS = ("RD025500807SE", "RA644000001RU", "LK123456785CN")


@dataclass
class Provider:
    """Notes what it is asked, and answers what a test put into `says`."""

    name: str = "17track"
    registers: bool = True
    pause: Duration = A_SECOND
    calls_a_day: int | None = None
    most: int = 40
    asked: list[tuple[str, list[str]]] = field(default_factory=list)
    says: Callable[[str, Sequence[Wanted]], Report] = lambda what, parcels: Report()

    def takes(self, wanted: Wanted) -> bool:
        return wanted.carrier != "unknown"

    def batch(self, due: int, calls_left: int | None, /) -> int:
        return min(due, self.most)

    def register(self, parcels: Sequence[Wanted], /) -> Report:
        return self._note("register", parcels)

    def ask(self, parcels: Sequence[Wanted]) -> Report:
        return self._note("ask", parcels)

    def collect(self, ticket: str, /) -> Report:
        return self._note(ticket, [])

    def close(self) -> None:
        """Nothing was opened."""

    def _note(self, what: str, parcels: Sequence[Wanted]) -> Report:
        self.asked.append((what, sorted(one.number for one in parcels)))
        return self.says(what, parcels)

    def take_asked(self) -> list[tuple[str, list[str]]]:
        asked, self.asked = self.asked, []
        return asked


class Place:
    """A market whose parcels are asked about at one provider."""

    def __init__(self, path: Path, *providers: Provider) -> None:
        self.market = Market(path)
        app = self.market.app
        self.rows = ParcelTables(app.store.tables())
        self.providers = providers
        self.parcels = Parcels(
            self.rows, app.engine, app.queries.order, app.clock, lambda parcel: assigned(parcel, self.providers)
        )
        app.tracking.parcels._assign = self.parcels.assigned
        self.rounds = self.another()

    def another(self) -> Rounds:
        """As another process, or this one after a crash."""
        app = self.market.app
        turns = TurnTables(app.store.tables())
        return Rounds(self.rows, turns, self.parcels, self.providers, app.clock, app.metrics, chance=lambda: 0.5)

    def ship(self, *numbers: str, carrier: str = "post") -> list[Order]:
        orders = []
        for number in numbers:
            order = self.market.placed()
            self.market.tell(order.id, Pay(method="sandbox:ok"), BUYER)
            orders.append(self.market.tell(order.id, ShipParcel(carrier=carrier, tracking_number=number), SELLER))
        self.hear()
        return orders

    def hear(self) -> None:
        while self.market.app.courier.once():
            continue

    def go(self, length: int) -> int:
        """Let so much time pass at once, then make the calls that are due."""
        self.market.clock.move_to(Instant(self.market.clock.now() + length))
        return self.rounds.once()

    def parcel(self, order: Order) -> Parcel:
        [found] = self.rows.of_shipments([order.shipments[0].id])
        return found

    def due_in(self, order: Order) -> int | None:
        due = self.parcel(order).due_at
        return None if due is None else due - self.market.clock.now()


@pytest.fixture
def provider() -> Provider:
    return Provider()


@pytest.fixture
def place(tmp_path: Path, provider: Provider) -> "Place":
    return Place(tmp_path / "m.db", provider)


def telling(*scans: tuple[ParcelStatus, Instant]) -> Callable[[str, Sequence[Wanted]], Report]:
    """It knows of these scans of whatever it is asked about."""
    told = tuple(CarrierScan(status, when, status.value) for status, when in scans)
    return lambda what, parcels: (
        Report(tuple(News(one.number, "", told) for one in parcels)) if what == "ask" else Report()
    )


def test_a_parcel_is_announced_then_asked_about_and_its_order_learns(place: Place, provider: Provider) -> None:
    [order] = place.ship(NUMBERS[0])
    provider.says = telling((S.IN_TRANSIT, at(minutes=5)))
    assert place.go(0) == 1
    assert place.go(SECOND) == 0, "nothing is due"
    assert place.go(FIRST_LOOK) == 1
    assert provider.take_asked() == [("register", [NUMBERS[0]]), ("ask", [NUMBERS[0]])]
    [scan] = place.market.now(order).shipments[0].checkpoints
    assert (scan.source, scan.code) == ("17track", "in_transit")
    assert place.due_in(order) == 4 * HOUR


def test_calls_keep_their_pause_and_their_batches(place: Place, provider: Provider) -> None:
    provider.most = 2
    place.ship(*NUMBERS)
    assert [place.go(0), place.go(SECOND // 2), place.go(SECOND // 2), place.go(SECOND)] == [2, 0, 1, 0]
    assert [len(numbers) for _, numbers in provider.asked] == [2, 1]


def test_two_processes_share_the_pause_and_the_parcels(place: Place, provider: Provider) -> None:
    provider.most = 2
    place.ship(*NUMBERS)
    other = place.another()
    assert (place.rounds.once(), other.once()) == (2, 0)
    place.market.clock.move_to(at(seconds=1))
    assert (other.once(), place.rounds.once()) == (1, 0)


def test_a_day_s_calls_are_used_up_and_come_back_at_moscow_s_midnight(place: Place, provider: Provider) -> None:
    provider.calls_a_day, provider.most = 2, 1
    place.ship(*NUMBERS)
    assert [place.go(SECOND) for _ in range(4)] == [1, 1, 0, 0]
    assert place.go(13 * HOUR) == 1, "T0 is 08:00 in UTC, 11:00 in Moscow"


def test_who_dies_after_a_call_asks_again_when_the_lease_ends(place: Place, provider: Provider) -> None:
    place.ship(NUMBERS[0])

    def dies(what: str, parcels: Sequence[Wanted]) -> Report:
        raise SystemExit

    provider.says = dies
    with pytest.raises(SystemExit):
        place.go(0)
    provider.says = telling()
    place.rounds = place.another()
    assert place.go(LEASE - 1) == 0
    assert place.go(1) == 1
    assert [what for what, _ in provider.asked] == ["register", "register"]


def test_a_provider_that_fails_is_left_alone_ever_longer_and_then_asked_again(place: Place, provider: Provider) -> None:
    [order] = place.ship(NUMBERS[0])

    def fails(what: str, parcels: Sequence[Wanted]) -> Report:
        raise TryLater("it answered 503")

    provider.says = fails
    pauses = []
    for _ in range(9):
        place.rounds.once()
        pauses.append(place.due_in(order))
        place.market.clock.move_to(Instant(place.market.clock.now() + (pauses[-1] or 0)))
    assert pauses[:3] == [45 * SECOND // 2, 45 * SECOND, 90 * SECOND]
    assert pauses[-1] == 45 * MINUTE
    assert (place.parcel(order).error, place.parcel(order).state) == ("it answered 503", ParcelState.NEW)
    provider.says = telling()
    place.rounds.once()
    assert place.parcel(order).error is None


def test_the_provider_s_own_word_about_waiting_is_kept(place: Place, provider: Provider) -> None:
    place.ship(*NUMBERS[:2])

    def busy(what: str, parcels: Sequence[Wanted]) -> Report:
        raise TryLater("too many calls", Duration(7 * MINUTE))

    provider.most, provider.says = 1, busy
    assert place.go(0) == 1
    provider.says = telling()
    assert place.go(7 * MINUTE - 1) == 0
    assert place.go(1) == 1


def test_what_is_refused_is_offered_a_week_and_shown_with_its_reason(place: Place, provider: Provider) -> None:
    [order] = place.ship(NUMBERS[0])
    provider.says = lambda what, parcels: Report(refused={one.number: "Carrier cannot be detected." for one in parcels})
    for _ in range(10):
        place.rounds.once()
        place.market.clock.move_to(Instant(place.market.clock.now() + DAY))
    assert len(provider.asked) == 7
    found = place.parcel(order)
    assert (found.state, found.due_at, found.error) == (ParcelState.REFUSED, None, "Carrier cannot be detected.")


def test_a_number_that_the_provider_forgot_is_announced_again(place: Place, provider: Provider) -> None:
    [order] = place.ship(NUMBERS[0])
    provider.says = lambda what, parcels: (
        Report(unknown=frozenset(one.number for one in parcels)) if what == "ask" else Report()
    )
    place.go(0)
    place.go(FIRST_LOOK)
    assert place.parcel(order).state is ParcelState.NEW
    place.go(SECOND)
    assert [what for what, _ in provider.asked] == ["register", "ask", "register"]


def test_a_ticket_is_fetched_when_it_is_ready_and_nobody_is_asked_about_meanwhile(
    place: Place, provider: Provider
) -> None:
    provider.registers = False
    orders = place.ship(*NUMBERS[:2])
    provider.says = lambda what, parcels: Report(ticket="t-1", ready=Duration(15 * MINUTE))
    assert place.go(0) == 2
    assert place.go(14 * MINUTE) == 0
    assert place.go(MINUTE) == 2, "not ready yet"
    told = tuple(News(number, "", (CarrierScan(S.IN_TRANSIT, at(), "1/1"),)) for number in NUMBERS[:2])
    provider.says = lambda what, parcels: Report(told)
    place.rounds = place.another()
    assert place.go(15 * MINUTE) == 2
    assert [what for what, _ in provider.asked] == ["ask", "t-1", "t-1"]
    assert all(place.market.now(order).shipments[0].checkpoints for order in orders)
    assert {place.parcel(order).ticket for order in orders} == {None}


def test_after_the_delivery_it_is_watched_for_three_days_and_then_no_more(place: Place, provider: Provider) -> None:
    [order] = place.ship(NUMBERS[0])
    provider.says = telling((S.DELIVERED, at(minutes=1)))
    place.go(0)
    place.go(FIRST_LOOK)
    place.hear()
    assert place.due_in(order) == 12 * HOUR
    for _ in range(12):
        place.go(12 * HOUR)
    assert place.parcel(order).state is ParcelState.FINISHED
    assert len(provider.asked) <= 9


def test_news_by_a_webhook_put_the_next_call_off(place: Place, provider: Provider) -> None:
    [order] = place.ship(NUMBERS[0])
    place.go(0)
    place.market.clock.move_to(at(minutes=10))
    place.parcels.take("17track", [News(NUMBERS[0], "", (CarrierScan(S.IN_TRANSIT, at(), "x"),))])
    place.hear()
    assert place.due_in(order) == 4 * HOUR


def test_parcels_of_a_provider_that_is_gone_go_to_another_one_and_magic_numbers_to_none(tmp_path: Path) -> None:
    before = Place(tmp_path / "m.db", Provider("aftership"))
    [order] = before.ship(NUMBERS[0])
    [magic] = before.ship("FH-SLOW-1")
    [strange] = before.ship("X-1", carrier="unknown")
    before.providers = (Provider("17track"),)
    before.rounds = before.another()
    assert before.go(HOUR) == 1
    assert [before.parcel(one).provider for one in (order, magic, strange)] == ["17track", "", ""]
    assert before.providers[0].asked == [("register", [NUMBERS[0]])]


def test_old_parcels_that_nobody_told_of_are_given_up(place: Place, provider: Provider) -> None:
    [order] = place.ship("X-1", carrier="unknown")
    place.go(119 * DAY)
    assert place.parcel(order).state is ParcelState.FOLLOWED
    place.go(2 * DAY)
    assert place.parcel(order).state is ParcelState.FINISHED


def test_the_thread_asks_by_itself_and_ends(place: Place, provider: Provider) -> None:
    place.rounds.start()
    order = place.ship(NUMBERS[0])[0]
    for _ in range(200):
        if place.parcel(order).state is ParcelState.FOLLOWED:
            break
        time.sleep(0.02)
    place.rounds.stop()
    assert place.parcel(order).state is ParcelState.FOLLOWED


def shipment(
    status: ParcelStatus = S.IN_TRANSIT, *, delivered_at: Instant | None = None, returned_at: Instant | None = None
) -> Shipment:
    return Shipment(
        id=PARCEL_1,
        carrier="post",
        tracking_number="1",
        shipped_at=T0,
        spans=(),
        status=status,
        checkpoints=(Checkpoint(status=status, at=T0, learned_at=at(days=1)),),
        delivered_at=delivered_at,
        returned_at=returned_at,
    )


@pytest.mark.parametrize(
    ("parcel", "days", "hours"),
    [
        (shipment(), 0, 4),
        (shipment(), 2, 8),
        (shipment(), 10, 12),
        (shipment(), 30, 24),
        (shipment(), 119, 48),
        (shipment(), 120, None),
        (shipment(S.OUT_FOR_DELIVERY), 40, 2),
        (shipment(S.AVAILABLE_FOR_PICKUP), 40, 4),
        (shipment(S.DELIVERED, delivered_at=T0), 3, 12),
        (shipment(S.DELIVERED, delivered_at=T0), 4, None),
        (shipment(S.RETURNED_TO_SENDER, returned_at=T0), 0, None),
    ],
)
def test_the_older_a_parcel_the_more_rarely_it_is_asked_about(parcel: Shipment, days: int, hours: int | None) -> None:
    now = at(days=days)
    assert next_look(parcel, now) == (None if hours is None else now + hours * HOUR)
