import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from fairhold.domain.ids import OrderId
from fairhold.domain.instants import Instant
from fairhold.engine.ports.list_query import ListQuery
from fairhold.engine.ports.movements import StoredTransfer
from fairhold.engine.ports.store import Conflict, Reader, Store, Writer
from tests.contract.rows import LANE, OTHER_LANE, batch, event, key, message, new_id, order, place, transfer


def test_history_is_read_from_the_first_event_up_to_a_version(reader: Reader, writer: Writer) -> None:
    one, two = new_id(), new_id()
    events = [event(one, seq) for seq in range(1, 6)]
    writer.write(batch(order(one, 3), expected=[0], events=[*events[2::-1], event(two, 1)]))
    writer.write(batch(order(one, 5), expected=[3], events=events[3:]))
    assert reader.events(one) == events
    assert reader.events(one, 3) == events[:3]
    assert reader.events(one, 0) == []
    assert reader.events(one, 99) == events
    assert reader.events(one, 4, 2) == events[1:4]
    assert reader.events(one, first=5) == events[4:]
    assert reader.events(two) == [event(two, 1)]


def test_transfers_are_read_page_by_page_in_the_order_of_their_keys(store: Store, writer: Writer) -> None:
    reader = store.reader()
    one, two, there = new_id(), new_id(), new_id(lane=OTHER_LANE)
    of_one = [transfer(one, 1, 0), transfer(one, 1, 1), transfer(one, 2, 0)]
    of_two = [transfer(two, 1, 0)]
    writer.write(batch(transfers=[*of_two, *of_one]))
    with store.writer(OTHER_LANE) as other:
        other.write(batch(transfers=[transfer(there, 1, lane=OTHER_LANE)], lane=OTHER_LANE))
    every = [*of_one, *of_two, transfer(there, 1, lane=OTHER_LANE)]
    seen, after = [], None
    while page := reader.transfers(None, after, 2):
        assert len(page) <= 2
        seen += page
        after = (page[-1].lane, page[-1].order_id, page[-1].seq, page[-1].n)
    assert seen == every


def test_transfers_from_and_to_providers_are_read_by_time(store: Store, writer: Writer) -> None:
    reader = store.reader()
    one, two, there = new_id(), new_id(), new_id(lane=OTHER_LANE)
    rows = [
        transfer(one, 1, 0)._replace(debit="provider:stripe:RUB", credit="held:RUB", at=30),
        transfer(one, 1, 1)._replace(debit="costs:RUB", credit="provider:stripe:RUB", at=30),
        transfer(two, 5, 0)._replace(debit="refunds:RUB", credit="provider:yookassa:RUB", at=20),
        transfer(two, 6, 0)._replace(debit="provider:stripe:RUB", credit="held:RUB", at=50),
    ]
    inside = [
        transfer(two, 4, 0)._replace(debit="held:RUB", credit="settling:RUB", at=20),
        transfer(two, 4, 1)._replace(debit="held:RUB", credit="seller:provider:x:RUB", at=21),
    ]
    writer.write(batch(transfers=[*rows, *inside]))
    elsewhere = transfer(there, 1, lane=OTHER_LANE)._replace(debit="provider:stripe:EUR", credit="held:EUR", at=30)
    with store.writer(OTHER_LANE) as other:
        other.write(batch(transfers=[elsewhere], lane=OTHER_LANE))
    every = [rows[2], rows[0], rows[1], elsewhere, rows[3]]

    def read(first: int, last: int, limit: int) -> list[StoredTransfer]:
        seen: list[StoredTransfer] = []
        after = None
        while page := reader.provider_transfers(Instant(first), Instant(last), after, limit):
            assert len(page) <= limit
            seen += page
            after = (page[-1].at, page[-1].lane, page[-1].order_id, page[-1].seq, page[-1].n)
        return seen

    for limit in (1, 2, 100):
        assert read(0, 100, limit) == every
        assert read(20, 50, limit) == every[:-1]
        assert read(21, 51, limit) == every[1:]
    assert read(31, 50, 10) == []


def test_transfers_of_one_order_are_its_own(reader: Reader, writer: Writer) -> None:
    one, two, three = new_id(), new_id(), new_id()
    rows = {id_: [transfer(id_, 1, 0), transfer(id_, 1, 1), transfer(id_, 2, 0)] for id_ in (one, two, three)}
    writer.write(batch(transfers=[row for of_one in rows.values() for row in of_one]))
    assert reader.transfers(two, None, 10) == rows[two]
    assert reader.transfers(two, (LANE, two, 1, 0), 1) == rows[two][1:2]
    assert reader.transfers(two, (LANE, two, 2, 0), 10) == []
    assert reader.transfers(two, (LANE, one, 9, 9), 10) == rows[two]
    assert reader.transfers(two, (LANE, three, 0, 0), 10) == []
    assert reader.transfers(new_id(), None, 10) == []


def test_all_orders_are_scanned_by_id_over_all_lanes(store: Store, writer: Writer) -> None:
    reader = store.reader()
    rows = [order(new_id(1_700_000_000_000 + i), tabs=i, parked=i == 2) for i in range(0, 10, 2)]
    there = order(new_id(1_700_000_000_005, OTHER_LANE), lane=OTHER_LANE, closed_at=5)
    place(writer, *rows[::-1])
    with store.writer(OTHER_LANE) as other:
        place(other, there)
    seen, after = [], None
    while page := reader.scan_orders(after, 4):
        seen += page
        after = page[-1].id
    assert seen == [*rows[:3], there, *rows[3:]]


def test_balances_are_read_by_how_their_names_begin_and_page_by_page(store: Store, writer: Writer) -> None:
    reader = store.reader()
    names = ["fees:RUB", "held:RUB", "seller:ё:RUB", "seller:shop:EUR", "seller:shop:RUB", "seller:shop-7:RUB"]
    names.sort()
    writer.write(batch(balances=[(name, 1) for name in names]))
    with store.writer(OTHER_LANE) as other:
        other.write(batch(balances=[(name, 10) for name in names[::2]], lane=OTHER_LANE))
    every = {name: 1 if position % 2 else 11 for position, name in enumerate(names)}
    assert reader.balances() == every
    assert reader.balances("seller:shop:") == {name: every[name] for name in ("seller:shop:EUR", "seller:shop:RUB")}
    assert reader.balances("seller:ё:") == {"seller:ё:RUB": every["seller:ё:RUB"]}
    assert reader.balances("nobody") == {}
    after, seen = "", []
    while page := reader.balances("", after, 2):
        assert len(page) <= 2
        assert page == {name: every[name] for name in page}
        seen += sorted(page)
        after = seen[-1]
    assert seen == names
    assert list(reader.balances("seller:", "seller:shop-7:RUB", 1)) == ["seller:shop:EUR"]


def test_strays_are_rows_whose_order_does_not_exist(store: Store, reader: Reader, writer: Writer) -> None:
    one, lost = new_id(), new_id()
    place(writer, order(one))
    assert reader.strays(10) == []
    writer.write(batch(events=[event(one, 1)], transfers=[transfer(one, 1)], outbox=[message(one)]))
    writer.write(batch(keys=[key(one, "a"), key("", "b", made=one)]))
    assert reader.strays(10) == []
    writer.write(
        batch(
            events=[event(lost, 1), event(lost, 2)],
            transfers=[transfer(lost, 1)],
            outbox=[message(lost)],
            keys=[key("", "lost", made=lost)],
        )
    )
    every = [("events", lost), ("idempotency", lost), ("outbox", lost), ("transfers", lost)]
    assert reader.strays(10) == every
    assert reader.strays(2) == every[:2]


def test_the_used_lanes_hold_an_order_or_a_balance(store: Store, reader: Reader, writer: Writer) -> None:
    assert reader.used_lanes() == []
    with store.writer(OTHER_LANE) as other:
        other.write(batch(balances=[("fees:RUB", 1)], lane=OTHER_LANE))
    assert reader.used_lanes() == [OTHER_LANE]
    place(writer, order(new_id()))
    assert reader.used_lanes() == [LANE, OTHER_LANE]


def test_a_reader_sees_what_was_written_at_once_and_nothing_that_failed(reader: Reader, writer: Writer) -> None:
    one, two = new_id(), new_id()
    place(writer, order(one))
    assert reader.order(one) is not None
    with pytest.raises(Conflict):
        place(writer, order(two), order(one))
    assert reader.order(two) is None


def test_one_moment_shows_one_state_while_writing_goes_on(reader: Reader, writer: Writer) -> None:
    one, two = new_id(), new_id()
    place(writer, order(one))
    with reader.moment() as then:
        writer.write(batch(order(one, 2), order(two), balances=[("fees:RUB", 1)]))
        assert then.order(one) == (1, f"{one} v1".encode())
        assert then.order(two) is None
        assert then.balances() == {}
        assert len(then.list_orders(ListQuery())) == 1
        assert reader.order(two) is not None
    with reader.moment() as now:
        assert now.order(two) is not None


def test_a_moment_ends_with_its_block_even_after_an_error(reader: Reader, writer: Writer) -> None:
    one = new_id()
    with pytest.raises(ZeroDivisionError), reader.moment() as then:
        raise ZeroDivisionError
    with pytest.raises(RuntimeError):
        then.order(one)
    place(writer, order(one))
    assert reader.order(one) is not None


def test_whoever_reads_while_batches_are_written_sees_whole_batches(reader: Reader, writer: Writer) -> None:
    one = new_id()
    place(writer, order(one))
    writer.write(batch(events=[event(one, 1)]))
    done = threading.Event()

    def watch() -> int:
        looks = 0
        while not done.is_set():
            with reader.moment() as now:
                found = now.order(one)
                assert found is not None
                assert found[0] == len(now.events(one)) == 1 + len(now.transfers(one, None, 100))
                assert now.balances().get("fees:RUB", 0) == found[0] - 1
            looks += 1
        return looks

    with ThreadPoolExecutor(3) as threads:
        watching = [threads.submit(watch) for _ in range(3)]
        for version in range(2, 60):
            rows = {"events": [event(one, version)], "transfers": [transfer(one, version)]}
            writer.write(batch(order(one, version), balances=[("fees:RUB", 1)], **rows))  # type: ignore[arg-type] # rows by name
        done.set()
        assert all(watcher.result(timeout=30) for watcher in watching)


def test_a_reader_serves_many_threads_at_once(reader: Reader, writer: Writer) -> None:
    ids = [new_id() for _ in range(20)]
    place(writer, *(order(one) for one in ids))

    def read(one: OrderId) -> bool:
        return all(reader.order(one) == (1, f"{one} v1".encode()) for _ in range(20))

    with ThreadPoolExecutor(8) as threads:
        assert all(threads.map(read, ids * 4))
