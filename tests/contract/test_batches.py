from collections.abc import Callable

import pytest

from fairhold.domain.ids import Lane, OrderId
from fairhold.engine.ports.store import Batch, Conflict, Reader, Store, Writer
from tests.contract.rows import (
    LANE,
    NOW,
    OTHER_LANE,
    batch,
    event,
    key,
    message,
    new_id,
    order,
    place,
    transfer,
)


def full_batch(id: OrderId, version: int = 1) -> Batch:
    return batch(
        order(id, version),
        events=[event(id, version)],
        transfers=[transfer(id, version)],
        balances=[("held:RUB", -100), ("seller:shop-7:RUB", 100)],
        outbox=[message(id, version)],
        keys=[key(id, f"key-{version}", version=version)],
    )


def everything(store: Store, writer: Writer) -> object:
    reader = store.reader()
    return (
        reader.scan_orders(None, 100),
        [reader.events(OrderId(row.id)) for row in reader.scan_orders(None, 100)],
        reader.transfers(None, None, 100),
        reader.balances(),
        reader.outbox(("waiting", "parked", "done"), 100),
        reader.scan_keys(None, 100),
        reader.strays(100),
        writer.due_messages(LANE, NOW, 100),
    )


def test_a_new_order_is_loaded_as_it_was_written(writer: Writer, reader: Reader) -> None:
    one = new_id()
    place(writer, order(one, 3, snapshot=b"\x00\xff bytes, not text"))
    assert writer.load(LANE, [one]) == {one: (3, b"\x00\xff bytes, not text")}
    assert reader.order(one) == (3, b"\x00\xff bytes, not text")


def test_orders_that_do_not_exist_are_left_out(writer: Writer, reader: Reader) -> None:
    there, missing = new_id(), new_id()
    place(writer, order(there))
    assert set(writer.load(LANE, [missing, there])) == {there}
    assert writer.load(LANE, []) == {}
    assert reader.order(missing) is None
    assert reader.events(missing) == []


def test_a_batch_writes_into_every_table(store: Store, writer: Writer, reader: Reader) -> None:
    one = new_id()
    written = full_batch(one)
    writer.write(written)
    assert reader.scan_orders(None, 10) == list(written.orders)
    assert reader.events(one) == list(written.events)
    assert reader.transfers(one, None, 10) == list(written.transfers)
    assert reader.balances() == dict(written.balances)
    assert reader.outbox(("waiting",), 10) == list(written.outbox)
    assert writer.load_keys(LANE, [one], [(one, "key-1")]) == {(one, "key-1"): written.keys[0]}


def test_a_second_batch_goes_on_from_the_first(writer: Writer, reader: Reader) -> None:
    one = new_id()
    writer.write(full_batch(one, 1))
    writer.write(full_batch(one, 2))
    assert writer.load(LANE, [one])[one][0] == 2
    assert [stored.seq for stored in reader.events(one)] == [1, 2]
    assert reader.balances() == {"held:RUB": -200, "seller:shop-7:RUB": 200}


def test_every_column_that_may_change_changes(writer: Writer, reader: Reader) -> None:
    one = new_id()
    place(writer, order(one, next_deadline_at=NOW, search="old", parked=True))
    changed = order(one, 4, status="completed", tabs=64, search="new", closed_at=NOW)._replace(
        total=7, updated_at=NOW + 9
    )
    writer.write(batch(changed, expected=[1]))
    assert reader.scan_orders(None, 10) == [changed]


def test_new_and_changed_orders_share_a_batch(writer: Writer) -> None:
    old, new = new_id(), new_id()
    place(writer, order(old))
    writer.write(batch(order(new, 1), order(old, 5), expected=[0, 1], events=[event(new, 1), event(old, 5)]))
    assert {one: version for one, (version, _) in writer.load(LANE, [old, new]).items()} == {old: 5, new: 1}


def test_a_batch_without_orders_may_finish_messages_alone(writer: Writer, reader: Reader) -> None:
    one = new_id()
    writer.write(batch(order(one), outbox=[message(one)]))
    writer.write(batch(outbox_done=[message(one)._replace(attempts=2)]))
    assert reader.outbox(("done",), 10) == [message(one, state="done")._replace(attempts=2)]


def test_an_empty_batch_changes_nothing(store: Store, writer: Writer) -> None:
    writer.write(full_batch(new_id()))
    before = everything(store, writer)
    writer.write(batch())
    assert everything(store, writer) == before


CONFLICTS: dict[str, Callable[[OrderId, OrderId], Batch]] = {
    "an order that has gone on": lambda one, two: batch(order(two), order(one, 3), expected=[0, 1]),
    "an order that is older than expected": lambda one, two: batch(order(two), order(one, 10), expected=[0, 9]),
    "an order that is there already": lambda one, two: batch(order(two), order(one, 1), expected=[0, 0]),
    "an order that is not there": lambda one, two: batch(order(one, 3), order(two, 2), expected=[2, 1]),
    "an event that is there already": lambda one, two: full_batch(two)._replace(events=[event(two, 1), event(one, 2)]),
    "a transfer that is there already": lambda one, two: full_batch(two)._replace(
        transfers=[transfer(two, 1), transfer(one, 2)]
    ),
    "a message that is there already": lambda one, two: full_batch(two)._replace(outbox=[message(two), message(one)]),
    "a key that is there already": lambda one, two: full_batch(two)._replace(keys=[key(two, "k"), key(one, "key-1")]),
    "a key that stands twice in the batch": lambda one, two: full_batch(two)._replace(
        keys=[key(two, "k"), key(two, "k")]
    ),
}


@pytest.mark.parametrize("conflict", CONFLICTS)
def test_a_conflict_leaves_nothing_behind(store: Store, writer: Writer, conflict: str) -> None:
    one, two = new_id(), new_id()
    writer.write(full_batch(one, 1))
    writer.write(full_batch(one, 2))
    before = everything(store, writer)
    with pytest.raises(Conflict):
        writer.write(CONFLICTS[conflict](one, two))
    assert everything(store, writer) == before
    assert writer.load(LANE, [two]) == {}


def test_after_a_conflict_the_next_batch_is_written(writer: Writer) -> None:
    one = new_id()
    place(writer, order(one))
    with pytest.raises(Conflict):
        place(writer, order(one))
    writer.write(full_batch(one, 2))
    assert writer.load(LANE, [one])[one][0] == 2


def test_a_row_that_the_tables_forbid_is_a_bug_and_leaves_nothing_behind(store: Store, writer: Writer) -> None:
    one = new_id()
    before = everything(store, writer)
    with pytest.raises(Exception, match="amount") as raised:
        writer.write(full_batch(one)._replace(transfers=[transfer(one, 1, amount=0)]))
    assert not isinstance(raised.value, Conflict)
    assert everything(store, writer) == before


def test_a_batch_of_two_lanes_is_a_bug(writer: Writer) -> None:
    with pytest.raises(AssertionError):
        writer.write(batch(order(new_id(lane=OTHER_LANE), lane=OTHER_LANE), lane=LANE))


def test_balances_add_up_over_batches_and_lanes(store: Store, writer: Writer, reader: Reader) -> None:
    writer.write(batch(balances=[("fees:RUB", 5), ("held:RUB", -5)]))
    writer.write(batch(balances=[("fees:RUB", 2)]))
    with store.writer(OTHER_LANE) as other:
        other.write(batch(balances=[("fees:RUB", 100)], lane=OTHER_LANE))
    assert reader.balances() == {"fees:RUB": 107, "held:RUB": -5}
    assert reader.balance("fees:RUB") == 107
    assert reader.balance("held:RUB") == -5
    assert reader.balance("seller:nobody:RUB") is None
    assert reader.lane_balances(LANE) == {"fees:RUB": 7, "held:RUB": -5}
    assert reader.lane_balances(OTHER_LANE) == {"fees:RUB": 100}


def test_a_balance_that_came_back_to_nothing_is_zero_and_not_unknown(writer: Writer, reader: Reader) -> None:
    writer.write(batch(balances=[("fees:RUB", 5)]))
    writer.write(batch(balances=[("fees:RUB", -5)]))
    assert reader.balance("fees:RUB") == 0


def test_a_balance_beyond_64_bits_fails_and_is_never_rounded(writer: Writer, reader: Reader) -> None:
    writer.write(batch(balances=[("held:RUB", 2**63 - 1)]))
    with pytest.raises(Exception, match=r"(?i)balance|range|overflow"):
        writer.write(batch(balances=[("held:RUB", 1)]))
    assert reader.balance("held:RUB") == 2**63 - 1


def test_256_orders_are_one_batch(writer: Writer, reader: Reader) -> None:
    ids = [new_id() for _ in range(256)]
    place(writer, *(order(one) for one in ids))
    writer.write(batch(*(order(one, 2) for one in ids), events=[event(one, 2) for one in ids]))
    assert {version for version, _ in writer.load(LANE, ids).values()} == {2}
    with pytest.raises(Conflict):
        writer.write(batch(*(order(one, 3) for one in ids), expected=[2] * 255 + [1]))
    assert {version for version, _ in writer.load(LANE, ids).values()} == {2}


def test_lanes_do_not_see_each_other(store: Store, writer: Writer, reader: Reader) -> None:
    here, there = new_id(), new_id(lane=OTHER_LANE)
    place(writer, order(here))
    with store.writer(OTHER_LANE) as other:
        place(other, order(there, lane=OTHER_LANE))
        assert other.load(OTHER_LANE, [here, there]).keys() == {there}
    assert writer.load(LANE, [here, there]).keys() == {here}
    assert reader.order(there) is not None
    assert reader.used_lanes() == [LANE, OTHER_LANE]


def test_the_same_key_and_account_may_stand_in_two_lanes(store: Store, writer: Writer) -> None:
    writer.write(batch(keys=[key("", "k", made="a")], balances=[("fees:RUB", 1)]))
    with store.writer(OTHER_LANE) as other:
        other.write(batch(keys=[key("", "k", made="b", lane=OTHER_LANE)], balances=[("fees:RUB", 1)], lane=OTHER_LANE))
        assert other.load_keys(OTHER_LANE, [""], [("", "k")])["", "k"].made == "b"
    assert writer.load_keys(LANE, [""], [("", "k")])["", "k"].made == "a"


def test_two_writers_of_one_lane_cannot_both_have_the_last_word(store: Store, writer: Writer) -> None:
    one = new_id()
    place(writer, order(one))
    with store.writer(LANE) as rival:
        rival.write(full_batch(one, 2))
        with pytest.raises(Conflict):
            writer.write(full_batch(one, 2))
    assert writer.load(LANE, [one])[one][0] == 2


def test_text_of_every_script_comes_back_as_it_was(writer: Writer, reader: Reader) -> None:
    one = new_id()
    buyer, seller, search = "Анна ё 😀", "shop'; DROP TABLE orders;--", "наушники\x00 ß"
    place(writer, order(one, buyer=buyer, seller=seller, search=search))
    stored = reader.scan_orders(None, 1)[0]
    assert (stored.buyer, stored.seller, stored.search) == (buyer, seller, search)


def test_a_lane_may_be_the_highest_there_is(store: Store, highest_lane: Lane) -> None:
    lane = highest_lane
    assert lane == 32767
    one = new_id(lane=lane)
    with store.writer(lane) as writer:
        place(writer, order(one, lane=lane))
    assert store.reader().order(one) is not None
