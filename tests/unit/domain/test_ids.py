"""Names of orders, lines and parcels."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairhold.domain.ids import (
    CHANCE_BITS,
    MAX_LANE,
    ORDER_ID_LENGTH,
    Lane,
    is_order_id,
    lane_of,
    line_id,
    order_id,
    order_number,
    shipment_id,
    tag_of,
)
from tests.builders import ID, LINE_1, OTHER_ID

MILLISECONDS = st.integers(0, (1 << 44) - 1)
CHANCE = st.integers(0, (1 << CHANCE_BITS) - 1)
LANES = st.integers(0, MAX_LANE)


@given(MILLISECONDS, CHANCE, LANES)
def test_an_order_id_has_its_form_and_carries_its_lane(milliseconds: int, chance: int, lane: int) -> None:
    name = order_id(milliseconds, chance, Lane(lane))
    assert len(name) == ORDER_ID_LENGTH
    assert is_order_id(name)
    assert lane_of(name) == lane
    assert len(order_number(name)) == 9
    assert order_number(name)[4] == "-"


@given(MILLISECONDS, MILLISECONDS, CHANCE, CHANCE, LANES, LANES)
def test_order_ids_sort_by_time(early: int, late: int, one: int, other: int, lane_1: int, lane_2: int) -> None:
    if early < late:
        assert order_id(early, one, Lane(lane_1)) < order_id(late, other, Lane(lane_2))


@pytest.mark.parametrize(
    "text", ["", "0" * 19, "0" * 21, "O" * 20, "i" + "0" * 19, "0" * 16 + "zzzz", " " * 20, "é" * 20]
)
def test_what_is_no_order_id_is_not_taken_for_one(text: str) -> None:
    assert not is_order_id(text)


@pytest.mark.parametrize(
    ("ms", "chance", "lane"), [(-1, 0, 0), (1 << 44, 0, 0), (0, 1 << 40, 0), (0, -1, 0), (0, 0, 32768)]
)
def test_an_order_id_out_of_its_bits_is_a_bug(ms: int, chance: int, lane: int) -> None:
    with pytest.raises(ValueError, match="order id takes"):
        order_id(ms, chance, Lane(lane))


def test_lines_and_parcels_are_named_after_their_order() -> None:
    assert line_id(ID, 2) == f"{tag_of(ID)}-2"
    assert shipment_id(ID, 1) == f"{tag_of(ID)}-s1"
    assert line_id(OTHER_ID, 1) != LINE_1
