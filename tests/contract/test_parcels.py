from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from fairhold.domain.ids import OrderId, ShipmentId
from fairhold.domain.instants import DAY, HOUR, MINUTE, SECOND, Instant
from fairhold.domain.order import ParcelStatus
from fairhold.engine.ports.parcels import EarlyScan, Parcel, ParcelRows, ParcelState, ProviderTurns, UnknownNumber
from fairhold.engine.ports.store import Store
from fairhold.store.parcels import ParcelTables, TurnTables
from tests.contract.rows import NOW

LEASE = MINUTE
NEW, FOLLOWED, REFUSED, FINISHED = ParcelState


@pytest.fixture
def rows(store: Store) -> ParcelRows:
    return ParcelTables(store.tables())


@pytest.fixture
def turns(store: Store) -> ProviderTurns:
    return TurnTables(store.tables())


def parcel(name: str = "s1", number: str = "RB1", **changes: object) -> Parcel:
    made = Parcel(
        ShipmentId(name),
        OrderId("o1"),
        number,
        f" {number}",
        "почта",
        "buyer:ann",
        Instant(NOW),
        "17track",
        NEW,
        Instant(NOW),
    )
    return made._replace(**changes)  # type: ignore[arg-type]


def scan(number: str = "RB9", at: int = NOW, **changes: object) -> EarlyScan:
    made = EarlyScan(number, "cdek", "webhook", ParcelStatus.IN_TRANSIT, Instant(at), Instant(NOW), "1", "Омск")
    return made._replace(**changes)  # type: ignore[arg-type]


def names(parcels: list[Parcel]) -> list[str]:
    return [found.shipment for found in parcels]


def test_a_parcel_is_kept_once_and_found_by_its_number(rows: ParcelRows) -> None:
    first, second = parcel(), parcel("s2", order=OrderId("o2"), addressee="buyer:bob", shipped_at=Instant(NOW - DAY))
    rows.register([first, second, parcel("s3", "RB3")])
    rows.register([first._replace(carrier="other", state=FINISHED)])
    rows.register([])
    assert rows.with_numbers(["RB1"]) == [second, first]
    assert names(rows.with_numbers(["RB3", "RB1", "nobody's"])) == ["s2", "s1", "s3"]
    assert rows.with_numbers([]) == []
    assert names(rows.of_shipments(["s3", "s1", "nobody's"])) == ["s1", "s3"]
    assert rows.of_shipments([]) == []


def test_what_is_due_is_counted_by_state(rows: ParcelRows) -> None:
    rows.register(
        [parcel("a"), parcel("b", state=FOLLOWED), parcel("c", state=FOLLOWED), parcel("d", due_at=Instant(NOW + 1))]
    )
    rows.register([parcel("e", provider=""), parcel("f", due_at=None), parcel("g", state=FINISHED)])
    assert rows.due("17track", Instant(NOW), 10) == {NEW: 1, FOLLOWED: 2}
    assert sum(rows.due("17track", Instant(NOW), 2).values()) == 2
    assert rows.due("aftership", Instant(NOW), 10) == {}


def test_what_is_claimed_is_nobody_elses_until_the_lease_ends(rows: ParcelRows) -> None:
    rows.register([parcel("a"), parcel("b"), parcel("c", due_at=Instant(NOW - 1)), parcel("d", state=FOLLOWED)])
    assert names(rows.claim("17track", NEW, Instant(NOW), LEASE, 2)) == ["a", "c"]
    assert names(rows.claim("17track", NEW, Instant(NOW), LEASE, 2)) == ["b"]
    assert names(rows.claim("17track", NEW, Instant(NOW), LEASE, 2)) == []
    assert names(rows.claim("17track", NEW, Instant(NOW + LEASE), LEASE, 9)) == ["a", "b", "c"]


def test_many_who_claim_at_once_never_take_the_same_parcel(rows: ParcelRows) -> None:
    rows.register([parcel(f"s{number}") for number in range(30)])
    with ThreadPoolExecutor(6) as threads:
        claims = list(threads.map(lambda _: rows.claim("17track", NEW, Instant(NOW), LEASE, 5), range(12)))
    taken = [found.shipment for claim in claims for found in claim]
    assert len(taken) == len(set(taken))
    assert len(taken) + len(rows.claim("17track", NEW, Instant(NOW), LEASE, 50)) == 30


def test_a_ticket_s_parcels_are_taken_together_and_by_nobody_who_asks_anew(rows: ParcelRows) -> None:
    rows.register([parcel("a"), parcel("b"), parcel("c"), parcel("d")])
    later = Instant(NOW + HOUR)
    waiting: dict[str, Any] = {"state": FOLLOWED, "due_at": Instant(NOW), "asked_at": Instant(NOW)}
    rows.settle([parcel(name, ticket="t1", **waiting) for name in ("a", "b")])
    rows.settle([parcel("c", ticket="t2", **{**waiting, "due_at": Instant(NOW - 1)}), parcel("d", **waiting)])
    assert names(rows.claim("17track", FOLLOWED, Instant(NOW), LEASE, 9)) == ["d"]
    assert names(rows.claim_ticket("17track", Instant(NOW), LEASE)) == ["c"]
    assert sorted(names(rows.claim_ticket("17track", Instant(NOW), LEASE))) == ["a", "b"]
    assert rows.claim_ticket("17track", Instant(NOW), LEASE) == []
    assert len(rows.claim_ticket("17track", later, LEASE)) in {1, 2}


def test_what_came_of_a_call_and_when_it_was_heard_of_are_written_apart(rows: ParcelRows) -> None:
    rows.register([parcel()])
    settled = parcel(state=REFUSED, due_at=None, attempts=3, asked_at=Instant(NOW + 1), error="no such carrier")
    rows.settle([settled, parcel("nobody's")])
    assert rows.with_numbers(["RB1"]) == [settled]
    heard = settled._replace(
        state=FOLLOWED, due_at=Instant(NOW + DAY), heard_at=Instant(NOW + 2), attempts=0, error=None
    )
    rows.heard([heard])
    rows.settle([heard._replace(heard_at=None, attempts=1)])
    assert rows.with_numbers(["RB1"]) == [heard._replace(attempts=1)]
    rows.settle([])
    rows.heard([])


def test_parcels_of_providers_that_are_gone_are_found(rows: ParcelRows) -> None:
    rows.register([parcel("a"), parcel("b", provider=""), parcel("c", provider=""), parcel("d", state=FINISHED)])
    assert names(rows.astray(["17track"], 1)) == ["b"]
    assert names(rows.astray(["aftership", "pochta-ru"], 9)) == ["a", "b", "c"]


def test_silent_parcels_are_open_ones_of_which_nobody_told_for_long(rows: ParcelRows) -> None:
    old = Instant(NOW - 5 * DAY)
    rows.register(
        [
            parcel("never", shipped_at=old),
            parcel("fresh"),
            parcel("lately", shipped_at=old, heard_at=Instant(NOW)),
            parcel("long", shipped_at=Instant(old - 1), heard_at=Instant(NOW - 4 * DAY)),
            parcel("done", shipped_at=old, state=FINISHED),
            parcel("refused", state=REFUSED),
        ]
    )
    since = Instant(NOW - 3 * DAY)
    assert names(rows.silent(since, since, 9)) == ["long", "never", "refused"]
    assert names(rows.silent(since, Instant(NOW - 5 * DAY), 9)) == ["never", "refused"]
    assert names(rows.silent(since, since, 1)) == ["long"]


def test_finished_parcels_are_forgotten_with_time(rows: ParcelRows) -> None:
    rows.register([parcel("done", state=FINISHED), parcel("open", state=FOLLOWED)])
    rows.forget_finished(Instant(NOW))
    assert names(rows.of_shipments(["done", "open"])) == ["done", "open"]
    rows.forget_finished(Instant(NOW + 1))
    assert names(rows.of_shipments(["done", "open"])) == ["open"]


def test_a_scan_without_a_parcel_is_kept_once_and_found_by_number(rows: ParcelRows) -> None:
    rows.keep_early([scan(), scan(at=NOW - 1), scan(note="repeated"), scan("RB8", status=ParcelStatus.DELIVERED)])
    rows.keep_early([scan(code="again")])
    rows.keep_early([])
    assert rows.early(["RB9"]) == [scan(at=NOW - 1), scan()]
    assert rows.early(["RB7"]) == rows.early([]) == []
    assert rows.unknown(9) == [
        UnknownNumber("RB8", "webhook", 1, Instant(NOW)),
        UnknownNumber("RB9", "webhook", 2, NOW),
    ]
    rows.register([parcel(number="RB9")])
    assert [found.number for found in rows.unknown(9)] == ["RB8"]
    rows.forget_early(Instant(NOW))
    assert len(rows.early(["RB9"])) == 2
    rows.forget_early(Instant(NOW + 1))
    assert rows.early(["RB9", "RB8"]) == []


def test_of_one_number_200_scans_are_kept(rows: ParcelRows) -> None:
    rows.keep_early([scan(at=NOW + n) for n in range(250)])
    assert len(rows.early(["RB9"])) == 200


def test_a_turn_is_taken_once_within_the_pause(turns: ProviderTurns) -> None:
    assert turns.take("17track", Instant(NOW), SECOND, 1, None)
    assert not turns.take("17track", Instant(NOW + SECOND - 1), SECOND, 1, None)
    assert turns.take("aftership", Instant(NOW), SECOND, 1, None)
    assert turns.take("17track", Instant(NOW + SECOND), SECOND, 1, None)
    assert turns.calls("17track", 1) == 2
    assert turns.calls("17track", 2) == turns.calls("nobody", 1) == 0


def test_a_day_has_so_many_turns_and_the_next_begins_anew(turns: ProviderTurns) -> None:
    taken = [turns.take("post", Instant(NOW + n * MINUTE), SECOND, 7, 3) for n in range(5)]
    assert taken == [True, True, True, False, False]
    assert turns.take("post", Instant(NOW + HOUR), SECOND, 8, 3)
    assert turns.calls("post", 8) == 1


def test_one_of_many_who_want_a_turn_at_once_gets_it(turns: ProviderTurns) -> None:
    with ThreadPoolExecutor(8) as threads:
        taken = list(threads.map(lambda _: turns.take("17track", Instant(NOW), SECOND, 1, None), range(16)))
    assert taken.count(True) == 1


def test_a_provider_that_wants_rest_is_left_alone(turns: ProviderTurns) -> None:
    turns.rest("17track", Instant(NOW + HOUR))
    turns.rest("17track", Instant(NOW + MINUTE))
    assert not turns.take("17track", Instant(NOW + HOUR - 1), SECOND, 1, None)
    assert turns.take("17track", Instant(NOW + HOUR), SECOND, 1, None)
    turns.rest("17track", Instant(NOW + DAY))
    assert not turns.take("17track", Instant(NOW + 2 * HOUR), SECOND, 1, None)
    assert turns.calls("17track", 1) == 1
