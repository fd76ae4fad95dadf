from fairhold.domain.instants import DAY, Instant
from fairhold.engine.ports.store import Reader, Store, Writer
from tests.contract.rows import LANE, NOW, OTHER_LANE, batch, key, new_id, order

LONG_AGO = Instant(NOW - 400 * DAY)


def test_keys_are_found_by_order_and_text(writer: Writer) -> None:
    one, two = new_id(), new_id()
    kept = [key(one, "a", version=3), key(one, "b"), key(two, "a"), key("", "a", made=one)]
    writer.write(batch(keys=kept))
    asked = [(one, "a"), (two, "a"), (two, "b"), ("", "a"), ("", "c")]
    found = writer.load_keys(LANE, [one, two, ""], asked)
    assert found == {(one, "a"): kept[0], (two, "a"): kept[2], ("", "a"): kept[3]}
    assert writer.load_keys(LANE, [], []) == {}


def test_orders_and_keys_are_fetched_together(writer: Writer) -> None:
    one, two = new_id(), new_id()
    kept = [key(one, "a", version=3), key("", "b", made=two)]
    writer.write(batch(order(one), order(two), keys=kept))
    for orders in ([], [one], [one, two]):
        for asked in ([], [(one, "a")], [(one, "a"), ("", "b"), (two, "c")]):
            both = writer.load(LANE, orders), writer.load_keys(LANE, [one, two, ""], asked)
            assert writer.fetch(LANE, orders, asked) == both
            assert len(both[0]) == len(orders)


def test_keys_differ_by_every_character(writer: Writer) -> None:
    one = new_id()
    texts = ["a", "A", "a ", "ä", "a\u0308", "😀", "%", "'", "x" * 255]
    writer.write(batch(keys=[key(one, text, version=i) for i, text in enumerate(texts)]))
    found = writer.load_keys(LANE, [one], [(one, text) for text in texts])
    assert [found[one, text].version for text in texts] == list(range(len(texts)))


def test_keys_of_orders_closed_long_ago_are_forgotten_and_no_others(writer: Writer, reader: Reader) -> None:
    old, recent, open_ = new_id(), new_id(), new_id()
    writer.write(
        batch(
            order(old, closed_at=LONG_AGO - 1),
            order(recent, closed_at=LONG_AGO),
            order(open_),
            keys=[
                *(key(one, text) for one in (old, recent, open_) for text in "ab"),
                *(key("", f"placed {one}", made=one) for one in (old, recent, open_)),
            ],
        )
    )
    assert writer.forget_keys(LANE, LONG_AGO, 100) == 1
    left = reader.scan_keys(None, 100)
    assert {stored.order_id or stored.made for stored in left} == {recent, open_}
    assert len(left) == 6
    assert writer.load_keys(LANE, [old, ""], [(old, "a"), ("", f"placed {old}")]) == {}


def test_forgetting_goes_on_where_it_stopped_and_comes_to_an_end(writer: Writer, reader: Reader) -> None:
    ids = [new_id() for _ in range(5)]
    writer.write(
        batch(*(order(one, closed_at=i) for i, one in enumerate(ids)), keys=[key(ids[0], "a"), key(ids[4], "a")])
    )
    assert writer.forget_keys(LANE, LONG_AGO, 2) == 2
    assert [stored.order_id for stored in reader.scan_keys(None, 10)] == [ids[4]]
    assert writer.forget_keys(LANE, LONG_AGO, 2) == 2
    assert writer.forget_keys(LANE, LONG_AGO, 2) == 1
    assert writer.forget_keys(LANE, LONG_AGO, 2) == 0
    assert reader.scan_keys(None, 10) == []
    assert {version for version, _ in writer.load(LANE, ids).values()} == {1}


def test_a_key_that_came_after_the_forgetting_is_forgotten_in_its_turn(writer: Writer, reader: Reader) -> None:
    one = new_id()
    writer.write(batch(order(one, closed_at=1), keys=[key(one, "a")]))
    assert writer.forget_keys(LANE, LONG_AGO, 10) == 1
    writer.write(batch(order(one, 2, closed_at=1), keys=[key(one, "b")]))
    assert writer.forget_keys(LANE, LONG_AGO, 10) == 1
    assert reader.scan_keys(None, 10) == []


def test_an_order_that_opened_again_keeps_its_keys(writer: Writer, reader: Reader) -> None:
    one = new_id()
    writer.write(batch(order(one, closed_at=1), keys=[key(one, "a")]))
    writer.write(batch(order(one, 2)))
    assert writer.forget_keys(LANE, LONG_AGO, 10) == 0
    assert len(reader.scan_keys(None, 10)) == 1


def test_another_lane_keeps_its_keys(store: Store, writer: Writer, reader: Reader) -> None:
    there = new_id(lane=OTHER_LANE)
    with store.writer(OTHER_LANE) as other:
        other.write(
            batch(order(there, closed_at=1, lane=OTHER_LANE), keys=[key(there, "a", lane=OTHER_LANE)], lane=OTHER_LANE)
        )
    assert writer.forget_keys(LANE, LONG_AGO, 10) == 0
    assert len(reader.scan_keys(None, 10)) == 1


def test_keys_are_scanned_page_by_page(store: Store, writer: Writer, reader: Reader) -> None:
    one, two = sorted((new_id(), new_id()))
    writer.write(batch(keys=[key(two, "a"), key(one, "b"), key("", "z", made=one), key(one, "a")]))
    with store.writer(OTHER_LANE) as other:
        other.write(batch(keys=[key("", "a", lane=OTHER_LANE)], lane=OTHER_LANE))
    places = [(0, "", "z"), (0, one, "a"), (0, one, "b"), (0, two, "a"), (OTHER_LANE, "", "a")]
    seen, after = [], None
    while page := reader.scan_keys(after, 2):
        assert len(page) <= 2
        seen += [(k.lane, k.order_id, k.key) for k in page]
        after = seen[-1]
    assert seen == places
