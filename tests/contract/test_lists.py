import pytest

from fairhold.domain.ids import OrderId, order_id, order_number
from fairhold.engine.ports.list_query import ListQuery
from fairhold.engine.ports.store import Reader, Store, Writer
from tests.contract.rows import LANE, OTHER_LANE, batch, begin, new_id, order, place

OPEN, SHIPPED, CLOSED = 1, 2, 4


@pytest.fixture
def ids(writer: Writer) -> list[OrderId]:
    """Seven orders of ann, oldest first, written out of order, between orders of others."""
    ids = [new_id(1_700_000_000_000 + i * 10) for i in range(7)]
    others = [order(new_id(1_700_000_000_000 + i * 10 + 5), buyer="bob", seller="shop-8") for i in range(7)]
    place(writer, *(order(one) for one in (*ids[3:], *ids[:3])), *others)
    return ids


def listed(reader: Reader, **conditions: str | int | None) -> list[str]:
    return [snapshot.decode().split()[0] for snapshot in reader.list_orders(ListQuery(**conditions))]  # type: ignore[arg-type] # the test names them


def test_a_person_s_orders_are_listed_newest_first(reader: Reader, ids: list[OrderId]) -> None:
    assert listed(reader, buyer="ann") == ids[::-1]
    assert listed(reader, seller="shop-7") == ids[::-1]


def test_nobody_sees_another_s_orders(reader: Reader, ids: list[OrderId]) -> None:
    assert len(listed(reader, buyer="bob")) == 7
    assert listed(reader, buyer="carol") == []
    assert listed(reader, buyer="") == []
    assert listed(reader, seller="ann") == []
    assert listed(reader, buyer="ANN") == []


def test_staff_list_all_orders_by_leaving_the_person_out(reader: Reader, ids: list[OrderId]) -> None:
    found = listed(reader)
    assert len(found) == 14
    assert found == sorted(found, reverse=True)


def test_pages_follow_each_other_by_cursor(reader: Reader, ids: list[OrderId]) -> None:
    seen: list[str] = []
    before = None
    while page := listed(reader, buyer="ann", before=before, limit=3):
        assert len(page) <= 3
        seen += page
        before = page[-1]
    assert seen == ids[::-1]


def test_going_back_shows_the_nearest_newer_orders_newest_first(reader: Reader, ids: list[OrderId]) -> None:
    assert listed(reader, buyer="ann", after=ids[1], limit=3) == [ids[4], ids[3], ids[2]]
    assert listed(reader, buyer="ann", after=ids[4], limit=3) == [ids[6], ids[5]]
    assert listed(reader, buyer="ann", after=ids[6], limit=3) == []
    assert listed(reader, buyer="ann", after=ids[1], before=ids[4], limit=5) == [ids[3], ids[2]]


def test_a_cursor_need_not_be_an_order_that_exists(reader: Reader, ids: list[OrderId]) -> None:
    assert listed(reader, buyer="ann", before=new_id(1_700_000_000_015)) == [ids[1], ids[0]]
    assert listed(reader, buyer="ann", before="0") == []
    assert listed(reader, buyer="ann", before="zzzz'; --") == ids[::-1]


def test_an_order_placed_meanwhile_does_not_shift_the_pages(reader: Reader, writer: Writer, ids: list[OrderId]) -> None:
    first = listed(reader, buyer="ann", limit=3)
    place(writer, order(new_id(1_700_000_001_000)))
    assert listed(reader, buyer="ann", before=first[-1], limit=3) == ids[3:0:-1]


def test_lists_and_counts_run_over_all_lanes(store: Store, reader: Reader, writer: Writer, ids: list[OrderId]) -> None:
    between = new_id(1_700_000_000_035, OTHER_LANE)
    with store.writer(OTHER_LANE) as other:
        place(other, order(between, lane=OTHER_LANE))
    assert listed(reader, buyer="ann", limit=4) == [ids[6], ids[5], ids[4], between]
    assert listed(reader, buyer="ann", before=between, limit=1) == [ids[3]]
    assert between in listed(reader)
    assert reader.tab_counts("ann", None)[0] == 8


def test_tabs_are_listed_and_counted_by_their_bits(reader: Reader, writer: Writer) -> None:
    masks = [OPEN, OPEN | SHIPPED, SHIPPED, CLOSED, CLOSED, 0]
    ids = [new_id() for _ in masks]
    place(writer, *(order(one, tabs=mask) for one, mask in zip(ids, masks, strict=True)))
    place(writer, order(new_id(), tabs=CLOSED, buyer="bob", seller="shop-8"))
    assert listed(reader, buyer="ann", tab=SHIPPED) == [ids[2], ids[1]]
    assert listed(reader, seller="shop-7", tab=OPEN) == [ids[1], ids[0]]
    assert listed(reader, buyer="ann", tab=CLOSED, limit=1) == [ids[4]]
    assert listed(reader, buyer="ann", tab=8) == []
    assert reader.tab_counts("ann", None) == {0: 6, OPEN: 2, SHIPPED: 2, CLOSED: 2}
    assert reader.tab_counts(None, "shop-7") == {0: 6, OPEN: 2, SHIPPED: 2, CLOSED: 2}
    assert reader.tab_counts(None, None) == {0: 7, OPEN: 2, SHIPPED: 2, CLOSED: 3}
    assert reader.tab_counts("carol", None) == {0: 0}


def test_an_order_moves_from_tab_to_tab(reader: Reader, writer: Writer) -> None:
    one = new_id()
    place(writer, order(one, tabs=OPEN))
    writer.write(batch(order(one, 2, tabs=CLOSED)))
    assert listed(reader, buyer="ann", tab=OPEN) == []
    assert listed(reader, seller="shop-7", tab=CLOSED) == [one]
    assert reader.tab_counts(None, "shop-7") == {0: 1, CLOSED: 1}


SEARCHES = {
    "наушники": True,
    "НАУШНИКИ": True,
    "ушни": True,
    "strasse": True,
    "straße": True,
    "ёлка": True,
    "елка": False,
    "100%": True,
    "%": True,
    "10_%": False,
    "rb123456789cn": True,
    "\\": True,
    "'": True,
    "😀": True,
    "чайник": False,
    "": True,
}


@pytest.mark.parametrize(("text", "found"), SEARCHES.items())
def test_search_finds_text_of_any_script_regardless_of_case(
    reader: Reader, writer: Writer, text: str, found: bool
) -> None:
    one = new_id()
    words = "Наушники, Ёлка 100% Straße 'x' \\ RB123456789CN 😀"
    place(writer, order(one, search=words.casefold()), order(new_id(), buyer="bob", seller="shop-8", search="чайник"))
    assert listed(reader, buyer="ann", search=text) == ([one] if found else [])
    assert listed(reader, seller="shop-7", search=text) == ([one] if found else [])


def test_search_goes_with_tab_and_cursor(reader: Reader, writer: Writer) -> None:
    ids = [new_id() for _ in range(6)]
    place(writer, *(order(one, search=f"phone {i % 2}", tabs=1 << i % 3) for i, one in enumerate(ids)))
    assert listed(reader, buyer="ann", search="phone 1") == [ids[5], ids[3], ids[1]]
    assert listed(reader, buyer="ann", search="phone 1", before=ids[5], limit=1) == [ids[3]]
    assert listed(reader, buyer="ann", search="phone", tab=1) == [ids[3], ids[0]]


@pytest.mark.parametrize("tab", [0, 2])
def test_a_text_is_looked_for_among_the_newest_of_the_list_whatever_the_page(
    reader: Reader, writer: Writer, tab: int
) -> None:
    ids = [new_id() for _ in range(12)]
    place(writer, *(order(one, search="phone", tabs=2 if i % 2 else 3) for i, one in enumerate(ids)))
    people: tuple[dict[str, str | int], ...] = ({"buyer": "ann"}, {"seller": "shop-7"}, {})
    for person in people:
        asked: dict[str, str | int] = {**person, "tab": tab, "search": "phone", "among": 5}
        assert listed(reader, **asked) == ids[:6:-1]
        assert listed(reader, **asked, before=ids[9]) == ids[8:6:-1]
        assert listed(reader, **asked, after=ids[5], limit=2) == ids[8:6:-1]
        assert listed(reader, **asked, before=ids[7]) == []


def test_a_number_is_found_among_all_orders_of_the_list(store: Store, reader: Reader, writer: Writer) -> None:
    ids = [new_id(1_700_000_000_000 + i * 977) for i in range(300)]
    there = new_id(1_700_000_000_500, OTHER_LANE)
    begin(writer, *(order(one, tabs=1 + i % 2) for i, one in enumerate(ids)))
    with store.writer(OTHER_LANE) as other:
        begin(other, order(there, lane=OTHER_LANE, buyer="bob", seller="shop-8"))
    for i, one in ((0, ids[0]), (151, ids[151]), (299, ids[299])):
        number = int(order_number(one).replace("-", ""))
        of_it: tuple[dict[str, str | int], ...] = ({"buyer": "ann"}, {"seller": "shop-7"}, {}, {"tab": 1 + i % 2})
        of_others: tuple[dict[str, str | int], ...]
        of_others = ({"buyer": "bob"}, {"seller": "shop-8"}, {"tab": 4}, {"before": one}, {"after": one})
        for asked in of_it:
            assert listed(reader, **asked, number=number) == [one]
        for asked in of_others:
            assert listed(reader, **asked, number=number) == []
    number = int(order_number(there).replace("-", ""))
    assert listed(reader, number=number) == [there]
    assert listed(reader, buyer="ann", number=number) == []


def test_orders_with_the_same_number_are_all_found(reader: Reader, writer: Writer) -> None:
    low = order_id(1_700_000_000_000, 5_678, LANE)
    high = order_id(1_700_000_000_001, 5_678 + 50_000_000, LANE)
    assert order_number(low) == order_number(high) == "0001-1356"
    begin(writer, order(low), order(high))
    assert listed(reader, number=11_356) == [high, low]


def test_counting_ends_where_it_is_told_to(reader: Reader, writer: Writer) -> None:
    place(writer, *(order(new_id(), tabs=OPEN | SHIPPED if i < 4 else SHIPPED) for i in range(9)))
    place(writer, order(new_id(), tabs=CLOSED))
    people: tuple[tuple[str | None, str | None], ...] = (("ann", None), (None, "shop-7"), (None, None))
    for person in people:
        assert reader.tab_counts(*person, 20) == {0: 10, OPEN: 4, SHIPPED: 9, CLOSED: 1}
        assert reader.tab_counts(*person, 6) == {0: 6, OPEN: 4, SHIPPED: 6, CLOSED: 1}
        assert reader.tab_counts(*person, 4) == {0: 4, OPEN: 4, SHIPPED: 4, CLOSED: 1}
        assert reader.tab_counts(*person, 1) == {0: 1, OPEN: 1, SHIPPED: 1, CLOSED: 1}
        assert reader.tab_counts(*person) == {0: 10, OPEN: 4, SHIPPED: 9, CLOSED: 1}


def test_the_whole_snapshot_comes_back(reader: Reader, writer: Writer) -> None:
    large = bytes(range(256)) * 4000
    one = new_id()
    place(writer, order(one, snapshot=large))
    assert reader.list_orders(ListQuery(buyer="ann")) == [large]
    assert writer.load(LANE, [one])[one] == (1, large)
