"""Lists of disputes by cursor, counts, what stands beside a case, and numbers, as the faces ask for them."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from fairhold.domain.instants import DAY, HOUR, Instant
from fairhold.engine.installation.clock import VirtualClock
from fairhold.engine.ports.disputes import DURATION_BOUNDS, DisputeQuery, DisputeSort, MediatorLoad, StoredDispute
from fairhold.engine.reading.disputes import COUNTED, DisputeQueries, Settled, within
from fairhold.store import open_store
from tests.contract.rows import LANE, NOW, batch, dispute, new_id

QUEUE = DisputeQuery(sort=DisputeSort.DEADLINE, limit=3)


class Desk:
    """Disputes in a file, and the questions about them."""

    def __init__(self, path: Path) -> None:
        self.store = open_store(f"sqlite:///{path}")
        self.store.migrate()
        self.ask = DisputeQueries(self.store.reader(), VirtualClock(Instant(NOW)))

    def write(self, *rows: StoredDispute) -> None:
        with self.store.writer(LANE) as writer:
            writer.write(batch(disputes=rows))


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(tmp_path / "desk.db")
    yield desk
    desk.store.close()


@pytest.mark.parametrize("sort", DisputeSort)
def test_pages_lead_through_the_list_and_back(desk: Desk, sort: DisputeSort) -> None:
    rows = [
        dispute(new_id(), opened_at=NOW - number, deadline_at=NOW + number, amount=900 - number) for number in range(7)
    ]
    desk.write(*rows[::-1])
    query = DisputeQuery(sort=sort, limit=3)
    first = desk.ask.list_disputes(query)
    assert (list(first.items), first.back) == (rows[:3], None)
    second = desk.ask.list_disputes(query, further=first.further)
    assert list(second.items) == rows[3:6]
    third = desk.ask.list_disputes(query, further=second.further)
    assert (list(third.items), third.further) == (rows[6:], None)
    back = desk.ask.list_disputes(query, back=third.back)
    assert back == second
    top = desk.ask.list_disputes(query, back=back.back)
    assert (top.items, top.back, top.further) == (first.items, None, first.further)


@pytest.mark.parametrize("cursor", ["", "x", "7", "~", "7~", "-7~a", "7~A", "9" * 19 + "~zzz", "7~" + "a" * 99])
def test_a_cursor_of_somebody_s_making_harms_nothing(desk: Desk, cursor: str) -> None:
    desk.write(dispute(new_id()))
    assert len(desk.ask.list_disputes(QUEUE, further=cursor).items) <= 1
    assert len(desk.ask.list_disputes(QUEUE, back=cursor).items) <= 1


@pytest.mark.parametrize("name", ["", "x", "-d1", "é" * 20, "z" * 20 + "-d1", "0" * 20 + "-d99", "0" * 20])
def test_what_is_no_dispute_is_not_found(desk: Desk, name: str) -> None:
    assert desk.ask.dispute(name) is None


def test_counting_ends_and_says_so(desk: Desk) -> None:
    desk.write(*(dispute(new_id(), tabs=2 if number else 3) for number in range(COUNTED + 5)))
    counts = desk.ask.counts(QUEUE)
    assert counts.numbers == {0: COUNTED, 1: 1, 2: COUNTED}
    assert counts.at_least == {0, 2}


def test_similar_rulings_leave_out_the_case_itself_and_other_sizes(desk: Desk) -> None:
    def ruled(amount: int) -> StoredDispute:
        return dispute(new_id(), amount=amount, closed_at=NOW, outcome="ruled", turn="", deadline_at=None)

    case, near, far, tiny, huge = ruled(1000), ruled(1100), ruled(2000), ruled(499), ruled(2001)
    desk.write(case, near, far, tiny, huge)
    assert desk.ask.similar(case, ("ruled",)) == [near, far]
    assert desk.ask.similar(case, ("ruled",), limit=1) == [near]
    assert desk.ask.similar(case, ("agreed",)) == []
    assert len(desk.ask.between("ann", "shop-7", 3)) == 3


def test_a_mediator_s_load_is_open_claims_and_the_rulings_of_thirty_days(desk: Desk) -> None:
    ended: dict[str, Any] = {"outcome": "ruled", "mediator": "mia", "turn": "", "deadline_at": None}
    desk.write(
        dispute(new_id()),
        dispute(new_id(), mediator="max"),
        dispute(new_id(), closed_at=NOW - 29 * DAY, **ended),
        dispute(new_id(), closed_at=NOW - 31 * DAY, **ended),
    )
    assert desk.ask.load(("ruled",)) == [MediatorLoad("max", 1, 0), MediatorLoad("mia", 0, 1), MediatorLoad(None, 1, 0)]


def test_numbers_put_together_how_long_the_same_ending_took(desk: Desk) -> None:
    def closed(hours: int, **columns: Any) -> StoredDispute:
        ended: dict[str, Any] = {"outcome": "agreed", "turn": "", "deadline_at": None, "refund": 100}
        return dispute(new_id(), opened_at=NOW - hours * HOUR, closed_at=NOW, **(ended | columns))

    desk.write(closed(1), closed(5), closed(5, seller="shop-8"), closed(10_000), closed(2, reason="late", refund=None))
    found = desk.ask.numbers(Instant(NOW), Instant(NOW + 1), 0)
    took = [0] * 14
    took[0], took[3], took[13] = 1, 2, 1
    late = [0, 1, *[0] * 12]
    assert found.settled == (
        Settled("RUB", "damaged", "agreed", 4, 20_000, 400, tuple(took)),
        Settled("RUB", "late", "agreed", 1, 5_000, 0, tuple(late)),
    )
    assert (found.since, found.whole, found.rate.orders) == (NOW, True, 0)
    [of_one] = desk.ask.numbers(Instant(NOW), Instant(NOW + 1), 0, "shop-8").settled
    assert of_one.disputes == 1
    assert desk.ask.numbers(Instant(NOW + 1), Instant(NOW + 9), 0).settled == ()


def test_how_long_it_takes_is_told_by_the_share_that_was_settled() -> None:
    took = [0] * 14
    assert within(took, 50) is None
    took[0], took[3], took[13] = 50, 40, 10
    assert within(took, 50) == DURATION_BOUNDS[0] == HOUR
    assert within(took, 51) == within(took, 90) == 8 * HOUR
    assert within(took, 91) is None
