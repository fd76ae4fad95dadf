"""Ids grow, never repeat, and a key always leads to the same lane."""

from fairhold.domain.ids import CHANCE_BITS, Lane, is_order_id, lane_of
from fairhold.domain.instants import Instant
from fairhold.engine.kernel import minting
from fairhold.engine.kernel.minting import Mint, placing_lane
from tests.builders import T0


def test_ids_made_in_one_millisecond_grow_and_never_repeat() -> None:
    mint = Mint()
    made = [mint.order_id(T0, Lane(3)) for _ in range(5000)]
    assert made == sorted(made)
    assert len(set(made)) == len(made)
    assert all(is_order_id(order) and lane_of(order) == 3 for order in made)


def test_a_clock_that_stands_or_goes_back_makes_no_older_ids() -> None:
    mint = Mint()
    first = mint.order_id(T0, Lane(0))
    assert mint.order_id(Instant(T0 - 5_000_000), Lane(0)) > first


def test_when_a_millisecond_is_used_up_the_next_one_begins() -> None:
    mint = Mint()
    mint.order_id(T0, Lane(0))
    mint._chance = (1 << CHANCE_BITS) - 1
    full = mint.order_id(T0, Lane(0))
    assert mint.order_id(T0, Lane(0)) > full


def test_a_key_always_leads_to_the_same_lane_and_keys_spread() -> None:
    lanes = [Lane(lane) for lane in range(8)]
    assert placing_lane("key", lanes) == placing_lane("key", lanes)
    assert {placing_lane(f"key-{n}", lanes) for n in range(200)} == set(lanes)
    assert placing_lane("\ud800", lanes) in lanes
    assert {placing_lane(None, lanes) for _ in range(500)} == set(lanes)
    assert minting.placing_lane("anything", [Lane(5)]) == 5
