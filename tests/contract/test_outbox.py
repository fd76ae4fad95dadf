from fairhold.domain.ids import OrderId
from fairhold.domain.instants import Instant
from fairhold.engine.ports.store import OutboxMessage, Reader, Store, Writer
from tests.contract.rows import LANE, NOW, OTHER_LANE, batch, message, new_id, order


def put(writer: Writer, *messages: OutboxMessage) -> None:
    ids = dict.fromkeys(OrderId(m.order_id) for m in messages)
    writer.write(batch(*(order(one) for one in ids), outbox=messages))


def test_messages_are_due_once_their_time_has_come_earliest_first(writer: Writer) -> None:
    a, b, c = new_id(), new_id(), new_id()
    late, now, future = message(a, not_before=NOW - 9), message(b, not_before=NOW), message(c, not_before=NOW + 1)
    put(writer, future, now, late)
    assert writer.due_messages(LANE, NOW, 10) == [late, now]
    assert writer.due_messages(LANE, NOW, 1) == [late]


def test_of_one_order_and_destination_only_the_first_is_due(writer: Writer) -> None:
    one = new_id()
    first, second, third = message(one, 1, 0), message(one, 1, 1, not_before=NOW - 50), message(one, 2, 0)
    put(writer, third, second, first)
    for head in (first, second, third):
        assert writer.due_messages(LANE, NOW, 10) == [head]
        writer.mark_messages([head._replace(state="done")])
    assert writer.due_messages(LANE, NOW, 10) == []


def test_a_head_that_must_wait_holds_back_those_behind_it(writer: Writer) -> None:
    one = new_id()
    put(writer, message(one, 1, not_before=NOW + 100), message(one, 2, not_before=NOW))
    assert writer.due_messages(LANE, NOW, 10) == []


def test_a_parked_head_holds_up_its_order_and_destination_and_nobody_else(writer: Writer) -> None:
    one, two = new_id(), new_id()
    stuck, behind = message(one, 1), message(one, 2)
    elsewhere, other_order = message(one, 3, destination="carrier"), message(two, 1)
    put(writer, stuck, behind, elsewhere, other_order)
    writer.mark_messages([stuck._replace(state="parked", error="refused by the provider")])
    assert writer.due_messages(LANE, NOW, 10) == [elsewhere, other_order]
    writer.mark_messages([stuck])
    assert stuck in writer.due_messages(LANE, NOW, 10)


def test_a_failed_attempt_is_kept_and_tried_again_later(writer: Writer, reader: Reader) -> None:
    one = new_id()
    put(writer, message(one))
    failed = message(one, not_before=NOW + 60)._replace(attempts=1, error="timeout: ё")
    writer.mark_messages([failed])
    assert writer.due_messages(LANE, NOW, 10) == []
    assert writer.due_messages(LANE, Instant(NOW + 60), 10) == [failed]
    assert reader.outbox(("waiting",), 10) == [failed]


def test_marking_changes_no_more_than_the_named_messages(writer: Writer, reader: Reader) -> None:
    one = new_id()
    first, second = message(one, 1), message(one, 2)
    put(writer, first, second)
    writer.mark_messages([])
    writer.mark_messages([first._replace(state="parked", payload=b"changed"), message(new_id(), state="parked")])
    assert reader.outbox(("parked",), 10) == [first._replace(state="parked")]
    assert reader.outbox(("waiting",), 10) == [second]


def test_what_is_done_stays_done(writer: Writer, reader: Reader) -> None:
    one = new_id()
    put(writer, message(one))
    writer.write(batch(outbox_done=[message(one)._replace(attempts=1)]))
    writer.mark_messages([message(one)._replace(attempts=9, error="too late")])
    writer.write(batch(outbox_done=[message(one)]))
    assert reader.outbox(("waiting", "parked", "done"), 10) == [message(one, state="done")._replace(attempts=1)]
    assert writer.due_messages(LANE, NOW, 10) == []


def test_a_batch_may_put_a_message_and_finish_the_one_that_caused_it(writer: Writer, reader: Reader) -> None:
    one = new_id()
    first, second = message(one, 1), message(one, 2)
    put(writer, first)
    writer.write(batch(order(one, 2), outbox=[second], outbox_done=[first]))
    assert writer.due_messages(LANE, NOW, 10) == [second]
    assert reader.outbox(("done",), 10) == [first._replace(state="done")]


def test_messages_are_listed_by_state_earliest_first(writer: Writer, reader: Reader) -> None:
    ids = [new_id() for _ in range(4)]
    messages = [message(one, not_before=NOW - i) for i, one in enumerate(ids)]
    put(writer, *messages)
    writer.mark_messages([messages[1]._replace(state="parked"), messages[2]._replace(state="done")])
    assert [m.order_id for m in reader.outbox(("waiting",), 10)] == [ids[3], ids[0]]
    assert [m.order_id for m in reader.outbox(("waiting", "parked"), 10)] == [ids[3], ids[1], ids[0]]
    assert [m.order_id for m in reader.outbox(("waiting", "parked", "done"), 2)] == [ids[3], ids[2]]
    assert reader.outbox((), 10) == []


def test_messages_of_another_lane_stay_there(store: Store, writer: Writer, reader: Reader) -> None:
    here, there = message(new_id()), message(new_id(lane=OTHER_LANE), lane=OTHER_LANE)
    put(writer, here)
    with store.writer(OTHER_LANE) as other:
        other.write(batch(outbox=[there], lane=OTHER_LANE))
        assert other.due_messages(OTHER_LANE, NOW, 10) == [there]
        other.mark_messages([there._replace(state="done")])
        assert other.due_messages(OTHER_LANE, NOW, 10) == []
    assert writer.due_messages(LANE, NOW, 10) == [here]
    assert len(reader.outbox(("waiting", "done"), 10)) == 2


def test_what_is_forgotten_is_gone_and_lets_the_next_one_go(writer: Writer, reader: Reader) -> None:
    one = new_id()
    first, second, other = message(one, 1), message(one, 2), message(new_id())
    put(writer, first, second, other)
    writer.forget_messages([first])
    writer.forget_messages([])
    assert sorted(writer.due_messages(LANE, NOW, 10)) == sorted([second, other])
    assert first not in reader.outbox(("waiting", "parked", "done"), 10)
