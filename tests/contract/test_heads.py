"""Commitments are kept beside events, found by when they were written; daily heads and their leaves are kept once."""

import pytest

from fairhold.domain.ids import Lane, OrderId
from fairhold.domain.instants import DAY, Instant
from fairhold.engine.ports.heads import DailyHead, Heads, Leaf
from fairhold.engine.ports.store import Reader, Store, StoredEvent, Writer
from fairhold.proof.chain import NO_SALT, commitment
from tests.contract.rows import LANE, NOW, OTHER_LANE, batch, event, new_id, order


@pytest.fixture
def heads(store: Store) -> Heads:
    return store.heads()


def committed(id: OrderId, seq: int, written_at: int, lane: Lane = LANE) -> StoredEvent:
    plain = event(id, seq, lane)
    salt = bytes([seq]) * 16
    return plain._replace(salt=salt, commitment=commitment(salt, plain.data), written_at=written_at)


def head(day: int, **more: int) -> DailyHead:
    return DailyHead(day, bytes(32), b"\x01" * 32, more.get("orders", 1), b"\x00\xff" * 26, b"k" * 32, b"s" * 64, NOW)


def test_an_event_comes_back_with_its_salt_and_commitment_or_without(writer: Writer, reader: Reader) -> None:
    one = new_id()
    events = [event(one, 1), committed(one, 2, NOW), committed(one, 3, NOW)._replace(salt=None)]
    writer.write(batch(order(one, 3), expected=[0], events=events))
    assert reader.events(one) == events
    assert events[0].committed == commitment(NO_SALT, events[0].data)
    assert reader.commitments(one, 9) == [row.committed for row in events]
    assert reader.commitments(one, 2) == [row.committed for row in events[:2]]
    assert reader.commitments(new_id(), 9) == []


def test_a_lane_s_events_are_found_by_when_they_were_written(store: Store, writer: Writer, reader: Reader) -> None:
    first, second, third, other = new_id(), new_id(), new_id(), new_id(lane=OTHER_LANE)
    for id_, at in ((first, NOW), (second, NOW + 5), (third, NOW + DAY)):
        writer.write(batch(order(id_, 2), expected=[0], events=[committed(id_, 1, at), committed(id_, 2, at + 2)]))
    writer.write(batch(order(old := new_id()), events=[event(old, 1)]))
    with store.writer(OTHER_LANE) as elsewhere:
        rows = [committed(other, 1, NOW + 1, OTHER_LANE)]
        elsewhere.write(batch(order(other, lane=OTHER_LANE), events=rows, lane=OTHER_LANE))
    assert reader.first_written(LANE, Instant(0)) == NOW
    assert reader.first_written(LANE, Instant(NOW + 3)) == NOW + 5
    assert reader.first_written(LANE, Instant(NOW + 2 * DAY)) is None
    assert reader.first_written(Lane(1), Instant(0)) is None
    tomorrow = Instant(NOW + DAY)
    everything = [(NOW, first, 1), (NOW + 2, first, 2), (NOW + 5, second, 1), (NOW + 7, second, 2)]
    assert reader.written(LANE, Instant(0), tomorrow, 10) == everything
    assert reader.written(LANE, Instant(NOW + 2), Instant(NOW + 7), 10) == everything[1:3]
    assert reader.written(LANE, Instant(0), tomorrow, 3) == everything[:3]
    assert reader.written(OTHER_LANE, Instant(0), tomorrow, 10) == [(NOW + 1, other, 1)]


def test_leaves_are_kept_once_and_found_by_day_and_by_order(heads: Heads) -> None:
    ids = sorted(new_id() for _ in range(120))
    leaves = [Leaf(7, one, 3, bytes([n]) * 32) for n, one in enumerate(ids)]
    heads.add_leaves(leaves)
    heads.add_leaves([leaf._replace(seq=9) for leaf in leaves[:60]])
    heads.add_leaves([Leaf(8, ids[0], 4, b"x" * 32)])
    heads.add_leaves([])
    assert heads.leaves(7, "", 200) == leaves
    assert heads.leaves(7, ids[30], 40) == leaves[30:70]
    assert heads.leaves_of(ids[0], ids[1]) == [leaves[0], Leaf(8, ids[0], 4, b"x" * 32), leaves[1]]
    assert heads.leaves(9, "", 5) == []


def test_the_first_head_of_a_day_stays_and_the_newest_are_listed_first(heads: Heads) -> None:
    assert heads.heads(None, 5) == []
    for day in (3, 5, 4):
        heads.add_head(head(day))
    heads.add_head(head(4, orders=9))
    assert heads.head(4) == head(4)
    assert heads.head(6) is None
    assert heads.heads(None, 2) == [head(5), head(4)]
    assert heads.heads(4, 5) == [head(3)]
