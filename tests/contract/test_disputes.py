"""Rows of disputes in every store, compared with what a plain list of them says."""

import random
from collections import Counter
from dataclasses import dataclass

import pytest

from fairhold.domain.ids import ORDER_ID_LENGTH, OrderId
from fairhold.domain.instants import DAY, HOUR, Instant
from fairhold.engine.ports.disputes import (
    DURATION_BOUNDS,
    NO_DEADLINE,
    DisputeNumbers,
    DisputeQuery,
    DisputeRate,
    DisputeSort,
    DisputeTally,
    MediatorLoad,
    Place,
    SimilarQuery,
    StoredDispute,
    place_of,
)
from fairhold.engine.ports.store import Conflict, Reader, Store, Writer
from fairhold.store.dispute_asking import IN_WINDOW, WINDOWS
from tests.contract.rows import LANE, NOW, OTHER_LANE, batch, dispute, new_id, order

REASONS = ("damaged", "late", "not_as_described")
OUTCOMES = ("ruled_full", "ruled_split", "agreed")
RULINGS = OUTCOMES[:2]
MASKS = (1, 2, 3, 6, 8)
MANY = 2400


@dataclass
class Crowd:
    """Disputes of few people, many of one moment and of one sum."""

    rows: list[StoredDispute]

    def of(self, query: DisputeQuery) -> list[StoredDispute]:
        """What the query lists, were there no pages."""
        found = [
            row
            for row in self.rows
            if query.buyer in (None, row.buyer)
            and query.seller in (None, row.seller)
            and query.mediator in (None, row.mediator)
            and row.tabs & query.tab == query.tab
            and (query.sort is DisputeSort.NEWEST or (row.claimed and row.closed_at is None))
        ]
        return sorted(found, key=lambda row: place_of(row, query.sort), reverse=query.sort is not DisputeSort.DEADLINE)


def some(chance: random.Random, number: int) -> StoredDispute:
    """A dispute of any kind."""
    lane = chance.choice((LANE, OTHER_LANE))
    claimed = chance.random() < 0.6
    closed = chance.random() < 0.5
    opened_at = NOW + chance.randrange(40) * HOUR
    return dispute(
        new_id(1_700_000_000_000 + number % 700, lane),
        chance.choice((1, 1, 2, 11)),
        lane,
        buyer=chance.choice(("ann", "bob", "cy")),
        seller=chance.choice(("shop-7", "shop-8")),
        currency=chance.choice(("RUB", "RUB", "EUR")),
        reason=chance.choice(REASONS),
        state="closed" if closed else "open",
        tabs=chance.choice(MASKS),
        turn="" if closed else "mediator",
        deadline_at=None if closed or chance.random() < 0.1 else NOW + chance.randrange(60) * HOUR,
        amount=chance.choice((1_000, 5_000, chance.randrange(1, 9_000))),
        refund=chance.choice((None, 0, 500)),
        mediator=chance.choice((None, "mia", "max")) if claimed else None,
        claimed=int(claimed),
        opened_at=opened_at,
        updated_at=NOW + number,
        closed_at=opened_at + chance.choice((0, HOUR, 5 * HOUR, 30 * DAY, 300 * DAY)) if closed else None,
        outcome=chance.choice(RULINGS if claimed else OUTCOMES[2:]) if closed else None,
        seller_answered_at=chance.choice((None, NOW)),
    )


@pytest.fixture
def crowd(store: Store) -> Crowd:
    chance = random.Random(7)
    rows = [some(chance, number) for number in range(MANY)]
    for lane in (LANE, OTHER_LANE):
        with store.writer(lane) as writer:
            own = [row for row in rows if row.lane == lane]
            for start in range(0, len(own), 256):
                writer.write(batch(disputes=own[start : start + 256], lane=lane))
    return Crowd(rows)


QUERIES = (
    DisputeQuery(buyer="ann"),
    DisputeQuery(buyer="ann", tab=2),
    DisputeQuery(buyer="nobody"),
    DisputeQuery(seller="shop-7"),
    DisputeQuery(seller="shop-7", tab=8),
    DisputeQuery(seller="shop-7", tab=16),
    DisputeQuery(),
    DisputeQuery(tab=4),
    DisputeQuery(sort=DisputeSort.DEADLINE),
    DisputeQuery(sort=DisputeSort.DEADLINE, tab=1),
    DisputeQuery(sort=DisputeSort.AMOUNT),
    DisputeQuery(sort=DisputeSort.AMOUNT, tab=2),
    DisputeQuery(sort=DisputeSort.DEADLINE, mediator="mia"),
    DisputeQuery(sort=DisputeSort.AMOUNT, mediator="mia", tab=2),
)


def test_every_list_is_read_page_by_page_to_its_end_and_back(reader: Reader, crowd: Crowd) -> None:
    for query in QUERIES:
        every = crowd.of(query)
        asked = query._replace(limit=97)
        behind: Place | None = None
        read: list[StoredDispute] = []
        while page := reader.list_disputes(asked._replace(behind=behind)):
            assert len(page) <= 97
            read += page
            behind = place_of(page[-1], query.sort)
        assert read == every, query
        ahead: Place = (NO_DEADLINE, "\x7f") if query.sort is DisputeSort.DEADLINE else (0, "")
        read = []
        while page := reader.list_disputes(asked._replace(ahead=ahead)):
            read = page + read
            ahead = place_of(page[0], query.sort)
        assert read == every, query


def test_a_page_between_two_places_holds_what_lies_between(reader: Reader, crowd: Crowd) -> None:
    for query in QUERIES:
        every = crowd.of(query)
        if len(every) < 30:
            continue
        first, last = place_of(every[9], query.sort), place_of(every[25], query.sort)
        assert reader.list_disputes(query._replace(behind=first, ahead=last)) == every[10:25], query


@pytest.mark.parametrize(
    "query",
    [
        DisputeQuery(buyer="ann", seller="shop-7"),
        DisputeQuery(buyer="ann", sort=DisputeSort.AMOUNT),
        DisputeQuery(mediator="mia"),
    ],
)
def test_a_list_that_has_no_index_is_a_bug(reader: Reader, query: DisputeQuery) -> None:
    with pytest.raises(AssertionError):
        reader.list_disputes(query)


def test_tabs_are_counted_as_far_as_told(reader: Reader, crowd: Crowd) -> None:
    for query in QUERIES:
        every = crowd.of(query._replace(tab=0))
        right = Counter({0: len(every)})
        for row in every:
            right.update(bit for bit in (1, 2, 4, 8) if row.tabs & bit)
        for most in (5, 10_000):
            counts = reader.dispute_counts(query, most)
            assert counts == {bit: min(count, most) for bit, count in right.items()}, query


def test_a_dispute_is_found_by_its_id(reader: Reader, crowd: Crowd) -> None:
    for row in crowd.rows[::199]:
        assert reader.dispute(row.id) == row
    assert reader.dispute(f"{new_id()}-d1") is None


def test_the_disputes_of_two_people_are_listed_latest_first(reader: Reader, crowd: Crowd) -> None:
    right = [row for row in crowd.of(DisputeQuery(buyer="bob")) if row.seller == "shop-8"]
    assert reader.disputes_between("bob", "shop-8", 10) == right[:10]
    assert reader.disputes_between("bob", "shop-8", 10_000) == right
    assert reader.disputes_between("shop-8", "bob", 10) == []


def test_similar_rulings_are_the_nearest_by_amount(reader: Reader, crowd: Crowd) -> None:
    query = SimilarQuery("damaged", "RUB", 5_000, 2_500, 7_000, RULINGS, 40)
    found = reader.similar_rulings(query)
    fitting = [
        row
        for row in crowd.rows
        if (row.reason, row.currency, row.claimed) == ("damaged", "RUB", 1)
        and row.closed_at is not None
        and row.outcome in RULINGS
        and 2_500 <= row.amount <= 7_000
    ]
    fitting.sort(key=lambda row: (abs(row.amount - 5_000), -(row.closed_at or 0)))
    assert [(row.amount, row.closed_at) for row in found[:20]] == [(row.amount, row.closed_at) for row in fitting[:20]]
    assert [abs(row.amount - 5_000) for row in found] == [abs(row.amount - 5_000) for row in fitting[:40]]
    assert set(found) <= set(fitting)
    assert reader.similar_rulings(query._replace(outcomes=())) == []
    assert {row.outcome for row in reader.similar_rulings(query._replace(outcomes=RULINGS[:1]))} == {RULINGS[0]}


def test_a_mediator_s_load_is_open_claims_and_late_rulings(reader: Reader, crowd: Crowd) -> None:
    since = NOW + 20 * HOUR

    def load(of: str | None, most: int) -> MediatorLoad:
        own = [row for row in crowd.rows if row.claimed and row.mediator == of]
        ruled = sum(row.closed_at is not None and row.closed_at >= since and row.outcome in RULINGS for row in own)
        waiting = sum(row.closed_at is None for row in own)
        return MediatorLoad(of, min(most, waiting), min(most, ruled) if of else 0)

    for most in (30, 5_000):
        found = reader.mediator_load(RULINGS, Instant(since), most)
        assert found == [load("max", most), load("mia", most), load(None, most)]
    assert reader.mediator_load((), Instant(since), 9)[0].ruled == 0


def test_nobody_has_anything_to_do_where_there_is_no_dispute(reader: Reader) -> None:
    assert reader.mediator_load(RULINGS, Instant(0), 9) == [MediatorLoad(None, 0, 0)]
    assert reader.dispute_counts(DisputeQuery(), 9) == {0: 0}
    assert reader.dispute_numbers(None, Instant(5), Instant(9), 9) == DisputeNumbers(Instant(5), [])
    assert reader.dispute_rate(None, Instant(5), NOW, 0) == DisputeRate(0, 0, True)


def added_up(rows: list[StoredDispute]) -> dict[tuple[str, str, str, int], tuple[int, int, int]]:
    sums: dict[tuple[str, str, str, int], tuple[int, int, int]] = {}
    for row in rows:
        assert row.closed_at is not None
        took = sum(row.closed_at - row.opened_at > bound for bound in DURATION_BOUNDS)
        group = row.currency, row.reason, row.outcome or "", took
        before = sums.get(group, (0, 0, 0))
        sums[group] = before[0] + 1, before[1] + row.amount, before[2] + (row.refund or 0)
    return sums


def told(tallies: list[DisputeTally]) -> dict[tuple[str, str, str, int], tuple[int, int, int]]:
    assert len({tally[:4] for tally in tallies}) == len(tallies)
    return {tally[:4]: tally[4:] for tally in tallies}


@pytest.mark.parametrize("seller", [None, "shop-7"])
def test_numbers_add_up_what_was_closed_in_a_time(reader: Reader, crowd: Crowd, seller: str | None) -> None:
    since, until = Instant(NOW + 10 * HOUR), Instant(NOW + 30 * DAY + 20 * HOUR)
    closed = [
        row
        for row in crowd.rows
        if row.closed_at is not None and since <= row.closed_at < until and seller in (None, row.seller)
    ]
    found = reader.dispute_numbers(seller, since, until, 10_000)
    assert found.since == since
    assert told(found.tallies) == added_up(closed)
    assert len({tally.took for tally in found.tallies}) > 2


def test_numbers_of_more_than_is_added_up_say_from_when_on_they_are(store: Store, reader: Reader) -> None:
    rows = [
        dispute(new_id(lane=lane), lane=lane, closed_at=NOW + number, outcome="agreed", turn="", deadline_at=None)
        for number, lane in enumerate((LANE, LANE, LANE, LANE, OTHER_LANE, LANE, OTHER_LANE, LANE))
    ]
    for lane in (LANE, OTHER_LANE):
        with store.writer(lane) as writer:
            writer.write(batch(disputes=[row for row in rows if row.lane == lane], lane=lane))
    found = reader.dispute_numbers(None, Instant(NOW - 5), Instant(NOW + 99), 3)
    assert found.since > NOW
    assert told(found.tallies) == added_up([row for row in rows if (row.closed_at or 0) >= found.since])


def test_the_rate_is_of_all_orders_where_there_are_few(store: Store, reader: Reader) -> None:
    milliseconds = NOW // 1000
    for lane in (LANE, OTHER_LANE):
        with store.writer(lane) as writer:
            ids = [new_id(milliseconds + number * 1000, lane) for number in range(60)]
            sellers = ["shop-7" if number % 2 else "shop-8" for number in range(60)]
            rows = [
                order(one, lane=lane, seller=seller, tabs=4 if number % 10 == 0 else 1 << 3 + number % 3)
                for number, (one, seller) in enumerate(zip(ids, sellers, strict=True))
            ]
            disputes = [
                dispute(one, which, lane, seller=seller)
                for one, seller in zip(ids[5::6], sellers[5::6], strict=True)
                for which in (1, 2)
            ]
            writer.write(batch(*rows, expected=[0] * 60, disputes=disputes, lane=lane))
    since, until = Instant(NOW - HOUR), Instant(NOW + HOUR)
    assert reader.dispute_rate(None, since, until, 0) == DisputeRate(120, 20, True)
    assert reader.dispute_rate(None, since, until, 4) == DisputeRate(108, 20, True)
    assert reader.dispute_rate("shop-7", since, until, 4) == DisputeRate(60, 20, True)
    assert reader.dispute_rate("shop-8", since, until, 4) == DisputeRate(48, 0, True)
    half = Instant((milliseconds + 29_500) * 1000)
    assert reader.dispute_rate(None, since, half, 0) == DisputeRate(60, 10, True)
    assert reader.dispute_rate(None, half, until, 0) == DisputeRate(60, 10, True)
    assert reader.dispute_rate(None, until, since, 0) == DisputeRate(0, 0, True)


def test_the_rate_of_very_many_orders_is_that_of_a_sample_spread_over_the_time(writer: Writer, reader: Reader) -> None:
    milliseconds = NOW // 1000
    count = WINDOWS * IN_WINDOW * 2
    ids = [new_id(milliseconds + number) for number in range(count)]
    for start in range(0, count, 1000):
        own = ids[start : start + 1000]
        rows = [order(one, snapshot=b"x") for one in own]
        writer.write(batch(*rows, expected=[0] * len(own), disputes=[dispute(one) for one in own[::10]]))
    rate = reader.dispute_rate(None, NOW, Instant(NOW + count * 1000), 0)
    assert rate == DisputeRate(WINDOWS * IN_WINDOW, WINDOWS * IN_WINDOW // 10, False)


def test_a_dispute_is_written_again_with_all_that_may_change(writer: Writer, reader: Reader) -> None:
    first = dispute(new_id())
    writer.write(batch(disputes=[first, dispute(new_id())]))
    changed = first._replace(
        state="closed",
        tabs=8,
        turn="",
        deadline_at=None,
        amount=4_000,
        refund=1_000,
        mediator="mia",
        claimed=0,
        updated_at=NOW + 5,
        closed_at=NOW + 5,
        outcome="agreed",
        seller_answered_at=NOW + 2,
    )
    writer.write(batch(disputes=[changed]))
    assert reader.dispute(first.id) == changed
    assert len(reader.scan_disputes("", 10)) == 2
    assert [row.id for row in reader.list_disputes(DisputeQuery(sort=DisputeSort.DEADLINE))] != [first.id]


def test_a_batch_that_fails_writes_no_dispute(writer: Writer, reader: Reader) -> None:
    one = new_id()
    with pytest.raises(Conflict):
        writer.write(batch(order(one, 3), expected=[2], disputes=[dispute(one)]))
    assert reader.dispute(f"{one}-d1") is None


def test_a_dispute_of_another_lane_is_a_bug(writer: Writer) -> None:
    with pytest.raises(AssertionError):
        writer.write(batch(disputes=[dispute(new_id(lane=OTHER_LANE), lane=OTHER_LANE)]))


def test_disputes_are_scanned_by_id_over_all_lanes(reader: Reader, crowd: Crowd) -> None:
    read: list[StoredDispute] = []
    while page := reader.scan_disputes(read[-1].id if read else "", 500):
        read += page
    assert read == sorted(crowd.rows, key=lambda row: row.id)


def test_a_dispute_without_its_order_is_a_stray(writer: Writer, reader: Reader) -> None:
    one, lost = new_id(), new_id()
    writer.write(batch(order(one), disputes=[dispute(one), dispute(lost)]))
    assert reader.strays(9) == [("disputes", lost)]


def test_disputes_can_be_asked_about_in_one_moment(reader: Reader, crowd: Crowd) -> None:
    with reader.moment() as then:
        assert then.list_disputes(DisputeQuery(buyer="ann", limit=3)) == crowd.of(DisputeQuery(buyer="ann"))[:3]
        row = crowd.rows[0]
        assert then.dispute(row.id) == row
        assert OrderId(row.id[:ORDER_ID_LENGTH]) == row.order_id
