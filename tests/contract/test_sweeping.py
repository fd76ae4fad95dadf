from fairhold.domain.instants import Instant
from fairhold.engine.ports.store import Reader, Store, Writer
from tests.contract.rows import LANE, NOW, OTHER_LANE, batch, message, new_id, order, place


def at(seconds: int) -> Instant:
    return Instant(NOW + seconds * 1_000_000)


def test_due_orders_are_those_whose_deadline_has_come_most_overdue_first(writer: Writer) -> None:
    late, later, exact, future, never = (new_id() for _ in range(5))
    place(
        writer,
        order(later, next_deadline_at=at(-10)),
        order(late, next_deadline_at=at(-20)),
        order(future, next_deadline_at=NOW + 1),
        order(exact, next_deadline_at=NOW),
        order(never, next_deadline_at=None),
    )
    assert writer.due_orders(LANE, NOW, 10) == [late, later, exact]


def test_due_orders_of_one_moment_come_by_id(writer: Writer) -> None:
    ids = [new_id() for _ in range(5)]
    place(writer, *(order(one, next_deadline_at=NOW) for one in reversed(ids)))
    assert writer.due_orders(LANE, NOW, 10) == ids


def test_no_more_due_orders_than_asked_for(writer: Writer) -> None:
    ids = [new_id() for _ in range(5)]
    place(writer, *(order(one, next_deadline_at=at(-9 + i)) for i, one in enumerate(ids)))
    assert writer.due_orders(LANE, NOW, 2) == ids[:2]
    assert writer.due_orders(LANE, NOW, 2, skip=ids[:2]) == ids[2:4]
    assert writer.due_orders(LANE, NOW, 10, skip=[*ids[1:], new_id()]) == ids[:1]


def test_writing_an_order_moves_or_ends_its_deadline(writer: Writer) -> None:
    one = new_id()
    place(writer, order(one, next_deadline_at=NOW))
    writer.write(batch(order(one, 2, next_deadline_at=at(60))))
    assert writer.due_orders(LANE, NOW, 10) == []
    assert writer.due_orders(LANE, at(60), 10) == [one]
    writer.write(batch(order(one, 3)))
    assert writer.due_orders(LANE, at(10**6), 10) == []


def test_a_deadline_is_put_off_where_the_order_still_has_that_version(
    store: Store, writer: Writer, reader: Reader
) -> None:
    one, there = new_id(), new_id(lane=OTHER_LANE)
    before = order(one, 2, next_deadline_at=NOW)
    writer.write(batch(before, expected=[0]))
    for version in (1, 3):
        writer.put_off(LANE, one, version, at(60))
    writer.put_off(LANE, new_id(), 2, at(60))
    assert writer.due_orders(LANE, NOW, 10) == [one]
    for moved in (at(60), None, at(5)):
        writer.put_off(LANE, one, 2, moved)
        assert reader.scan_orders(None, 10) == [before._replace(next_deadline_at=moved)]
        assert writer.next_wake(LANE) == moved
    assert writer.due_orders(LANE, NOW, 10) == []
    assert writer.due_orders(LANE, at(5), 10) == [one]
    with store.writer(OTHER_LANE) as other:
        place(other, order(there, lane=OTHER_LANE, next_deadline_at=NOW))
        other.put_off(OTHER_LANE, there, 1, at(9))
        assert other.next_wake(OTHER_LANE) == at(9)


def test_a_parked_order_stays_parked_when_its_deadline_is_put_off(writer: Writer, reader: Reader) -> None:
    one = new_id()
    place(writer, order(one, next_deadline_at=NOW))
    writer.park_order(LANE, one)
    writer.put_off(LANE, one, 1, at(-5))
    assert writer.due_orders(LANE, NOW, 10) == []
    assert reader.parked_orders(10) == [one]


def test_a_parked_order_is_out_of_the_sweep_until_it_is_written_again(writer: Writer, reader: Reader) -> None:
    parked, other = new_id(), new_id()
    place(writer, order(parked, next_deadline_at=at(-5)), order(other, next_deadline_at=NOW))
    writer.park_order(LANE, parked)
    assert writer.due_orders(LANE, NOW, 10) == [other]
    assert writer.next_wake(LANE) == NOW
    assert reader.overdue(at(1)) == (1, NOW)
    assert reader.parked_orders(10) == [parked]
    assert reader.scan_orders(None, 1)[0].parked is True
    assert writer.load(LANE, [parked])[parked][0] == 1
    writer.write(batch(order(parked, 2, next_deadline_at=at(-5))))
    assert writer.due_orders(LANE, NOW, 10) == [parked, other]
    assert reader.parked_orders(10) == []


def test_parked_orders_of_a_lane_go_back_into_the_sweep_together(store: Store, writer: Writer, reader: Reader) -> None:
    ids, there = [new_id() for _ in range(3)], new_id(lane=OTHER_LANE)
    place(writer, *(order(one, next_deadline_at=NOW, parked=one != ids[1]) for one in ids))
    with store.writer(OTHER_LANE) as other:
        place(other, order(there, lane=OTHER_LANE, next_deadline_at=NOW, parked=True))
    assert writer.unpark_orders(LANE) == 2
    assert writer.due_orders(LANE, NOW, 10) == ids
    assert reader.parked_orders(10) == [there]
    assert writer.unpark_orders(LANE) == 0


def test_an_order_can_be_written_parked(writer: Writer, reader: Reader) -> None:
    ids = [new_id() for _ in range(3)]
    place(writer, *(order(one, next_deadline_at=NOW, parked=True) for one in ids))
    assert writer.due_orders(LANE, NOW, 10) == []
    assert reader.parked_orders(2) == ids[:2]


def test_due_orders_of_another_lane_stay_there(store: Store, writer: Writer, reader: Reader) -> None:
    here, there = new_id(), new_id(lane=OTHER_LANE)
    place(writer, order(here, next_deadline_at=NOW))
    with store.writer(OTHER_LANE) as other:
        place(other, order(there, lane=OTHER_LANE, next_deadline_at=at(-3)))
        assert other.due_orders(OTHER_LANE, NOW, 10) == [there]
        assert other.next_wake(OTHER_LANE) == at(-3)
    assert writer.due_orders(LANE, NOW, 10) == [here]
    assert writer.next_wake(LANE) == NOW
    assert reader.overdue(NOW) == (2, at(-3))


def test_nothing_is_overdue_in_an_empty_store(writer: Writer, reader: Reader) -> None:
    assert reader.overdue(NOW) == (0, None)
    assert writer.next_wake(LANE) is None
    place(writer, order(new_id(), next_deadline_at=at(1)), order(new_id()))
    assert reader.overdue(NOW) == (0, None)


def test_the_next_wake_is_the_earlier_of_deadline_and_message(writer: Writer) -> None:
    one, two = new_id(), new_id()
    writer.write(batch(order(one), order(two, next_deadline_at=at(20)), outbox=[message(one, not_before=at(30))]))
    assert writer.next_wake(LANE) == at(20)
    writer.write(batch(order(two, 2), outbox=[message(two, 2, not_before=at(10))]))
    assert writer.next_wake(LANE) == at(10)


def test_a_message_that_waits_behind_another_wakes_nobody(writer: Writer) -> None:
    one = new_id()
    first, second = message(one, 1, not_before=at(60)), message(one, 2, not_before=at(-60))
    writer.write(batch(order(one), outbox=[first, second]))
    assert writer.next_wake(LANE) == at(60)
    writer.mark_messages([first._replace(state="parked")])
    assert writer.next_wake(LANE) is None
    writer.mark_messages([first._replace(state="done")])
    assert writer.next_wake(LANE) == at(-60)
