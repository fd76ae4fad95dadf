"""A policy is data: it loads, or says which key is wrong; and no policy that loads holds money for ever."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import fairhold
from fairhold.domain import liveness
from fairhold.domain.deadlines import deadlines
from fairhold.domain.dispute import CLOSED_DISPUTES, DisputeState
from fairhold.domain.instants import DAY, HOUR, Instant
from fairhold.domain.order import Sums
from fairhold.domain.policy import Policy, read_policy, terms_of
from tests.builders import POLICY, T0, at, delivered, place, policy, shipped, start

PRESETS = sorted((Path(fairhold.__file__).parent / "policies").glob("*.toml"))


def keys(table: object) -> list[str]:
    read = read_policy(table)
    return [] if isinstance(read, Policy) else [problem.key for problem in read]


WRONG: list[tuple[dict[str, object], str]] = [
    ({}, "name"),
    ({"name": "Upper"}, "name"),
    ({"name": "a", "colour": 1}, "colour"),
    ({"name": "a", "receipt": {"window_day": 3}}, "receipt.window_day"),
    ({"name": "a", "receipt": {"window_days": "7"}}, "receipt.window_days"),
    ({"name": "a", "receipt": {"window_days": 0}}, "receipt.window_days"),
    ({"name": "a", "receipt": {"window_days": 401}}, "receipt.window_days"),
    ({"name": "a", "receipt": {"window_days": True}}, "receipt.window_days"),
    ({"name": "a", "receipt": {"window_days": 7.5}}, "receipt.window_days"),
    ({"name": "a", "receipt": {"window_days": 91}}, "receipt.window_days"),
    ({"name": "a", "receipt": {"category_window_days": {"toys": 3, "books": 0}}}, "receipt.category_window_days.books"),
    ({"name": "a", "receipt": {"category_window_days": {"": 3}}}, "receipt.category_window_days"),
    ({"name": "a", "commission": {"categories": {"books": 20_000}}, "version": 0}, "commission.categories.books"),
    ({"name": "a", "receipt": {"try_first_from": {"RUB": 0}}}, "receipt.try_first_from.RUB"),
    ({"name": "a", "providers": [{"name": "Upper"}]}, "providers[0].name"),
    ({"name": "a", "receipt": {"try_first_from": {"RUR": 5}}}, "receipt.try_first_from.RUR"),
    ({"name": "a", "receipt": {"settlement_delay_hours": -1}}, "receipt.settlement_delay_hours"),
    ({"name": "a", "receipt": {"settlement_delay_hours": 1, "buyer_undo_minutes": 61}}, "receipt.buyer_undo_minutes"),
    ({"name": "a", "protection": {"on_lapse": "keep"}}, "protection.on_lapse"),
    ({"name": "a", "protection": {"default_days": 14}}, "protection.default_days"),
    ({"name": "a", "protection": {"min_days": 90, "max_days": 15}}, "protection.default_days"),
    ({"name": "a", "shipping": {"deadline_days": 31}}, "shipping.deadline_days"),
    ({"name": "a", "commission": {"basis_points": 10_001}}, "commission.basis_points"),
    ({"name": "a", "providers": []}, "providers"),
    ({"name": "a", "providers": [{"name": "p"}, {"name": "p"}]}, "providers"),
    ({"name": "a", "reviews": {"languages": ["de"]}}, "reviews.languages[0]"),
    ({"name": "a", "receipt": []}, "receipt"),
    ({"name": "a", "version": 0}, "version"),
    ({"name": "a", "commission": {"fixed": {"RUB": 5, "RUR": 5}}}, "commission.fixed.RUR"),
    ({"name": "a", "commission": {"fixed": {"RUB": 5, "USD": -1}}}, "commission.fixed.USD"),
    ({"name": "a", "commission": {"fixed": {"RUB": 1.5}}}, "commission.fixed.RUB"),
    ({"name": "a", "commission": {"fixed": {"RUB": 1_000_000_001}}}, "commission.fixed.RUB"),
    ({"name": "a", "commission": {"fixed": 10}}, "commission.fixed"),
    ({"name": "a", "commission": {"category_fixed": {"books": {"XXX": 1}}}}, "commission.category_fixed.books.XXX"),
    (
        {"name": "a", "commission": {"category_fixed": {"toys": {"RUB": 1}, "books": {"RUB": 1, "USD": -1}}}},
        "commission.category_fixed.books.USD",
    ),
    ({"name": "a", "commission": {"category_fixed": {"books": 500}}}, "commission.category_fixed.books"),
    ({"name": "a", "commission": {"sellers": {"a seller": {}}}}, "commission.sellers"),
    ({"name": "a", "commission": {"sellers": {str(n): {} for n in range(1001)}}}, "commission.sellers"),
    (
        {"name": "a", "commission": {"sellers": {"fine": {}, "shop.7": {"basis_points": 10_001}}}},
        "commission.sellers.shop.7.basis_points",
    ),
    (
        {"name": "a", "commission": {"sellers": {"a": {}, "b": {"categories": {"": 1}}}}},
        "commission.sellers.b.categories",
    ),
    ({"name": "a", "commission": {"sellers": {"shop-7": {"rate": 1}}}}, "commission.sellers.shop-7.rate"),
    (
        {"name": "a", "commission": {"sellers": {"shop-7": {"fixed": {"RUR": 1}}}}},
        "commission.sellers.shop-7.fixed.RUR",
    ),
    (
        {"name": "a", "commission": {"sellers": {"a": {}, "b": {"category_fixed": {"c": {}, "d": {"RUB": -1}}}}}},
        "commission.sellers.b.category_fixed.d.RUB",
    ),
]


@pytest.mark.parametrize(("table", "key"), WRONG, ids=[key for _, key in WRONG])
def test_a_policy_that_is_wrong_names_the_key(table: dict[str, object], key: str) -> None:
    found = keys(table)
    assert found == [key] or (len(found) > 1 and key in found), found


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ({"name": "a", "colour": 1}, "there is no such option"),
        ({}, "is missing"),
        ({"name": "a", "protection": {"default_days": 14}}, "must lie between min_days and max_days"),
        ({"name": "a", "shipping": {"deadline_days": 31}}, "must not exceed deadline_max_days"),
        (
            {"name": "a", "receipt": {"window_days": 91}},
            "is longer than the longest protection, so it could never lapse",
        ),
        (
            {"name": "a", "receipt": {"settlement_delay_hours": 1, "buyer_undo_minutes": 61}},
            "outlasts settlement_delay_hours: the money would have left",
        ),
        (
            {"name": "a", "receipt": {"accident_freeze_hours": 11, "accident_answer_hours": 12}},
            "ends before accident_answer_hours: the answer would come too late",
        ),
        ({"name": "a", "receipt": {"try_first_from": {"RUR": 5}}}, "is not an ISO 4217 currency"),
        ({"name": "a", "providers": []}, "names no payment provider that the policy fits"),
        ({"name": "a", "providers": [{"name": "p"}, {"name": "p"}]}, "names a provider twice"),
        ({"name": "a", "version": 0}, "expected `int` >= 1"),
    ],
)
def test_whoever_edits_a_policy_is_told_what_is_wrong_in_a_sentence(table: dict[str, object], said: str) -> None:
    read = read_policy(table)
    assert not isinstance(read, Policy)
    assert [problem.message for problem in read] == [said]


@pytest.mark.parametrize(
    "table",
    [
        {"protection": {"min_days": 60}},
        {"protection": {"max_days": 60}},
        {"shipping": {"deadline_days": 30}},
        {"receipt": {"window_days": 90}},
        {"receipt": {"settlement_delay_hours": 1, "buyer_undo_minutes": 60}},
        {"receipt": {"accident_freeze_hours": 12, "accident_answer_hours": 12}},
        {"receipt": {"accident_freeze_hours": 0}},
    ],
)
def test_values_that_just_go_together_are_a_policy(table: dict[str, object]) -> None:
    assert isinstance(read_policy({"name": "a", **table}), Policy)


@pytest.mark.parametrize("table", [None, 1, [], "policy", {"name": 3}, {"name": None}])
def test_what_is_no_policy_at_all_is_refused_and_not_a_crash(table: object) -> None:
    assert keys(table)


def test_a_policy_of_nothing_but_a_name_is_the_sources_main_reading() -> None:
    assert read_policy({"name": "aliexpress"}) == POLICY
    terms = terms_of(POLICY, "RUB", shipping_days=None, protection_days=None)
    assert (terms.window, terms.protection) == (7 * DAY, 60 * DAY)
    assert (terms.settlement_delay, terms.undo_minimum) == (24 * HOUR, 72 * HOUR)
    assert (terms.commission, terms.extensions, terms.extension_max) == (500, 2, 30 * DAY)
    assert (terms.payment_deadline, terms.shipping_deadline) == (24 * HOUR, 7 * DAY)


def test_there_are_presets() -> None:
    assert {path.stem for path in PRESETS} >= {"aliexpress", "fair", "vinted", "sharetribe", "strict"}


@pytest.mark.parametrize("path", PRESETS, ids=lambda path: path.stem)
def test_a_preset_loads_under_its_own_name_and_ends_every_deal(path: Path) -> None:
    preset = read_policy(tomllib.loads(path.read_text(encoding="utf-8")))
    assert isinstance(preset, Policy), preset
    assert preset.name == path.stem
    assert preset.summary
    assert liveness.check(preset) == ()
    assert liveness.outlasted(preset) == ()


def test_the_default_preset_is_the_default_policy() -> None:
    preset = read_policy(tomllib.loads(next(path for path in PRESETS if path.stem == "aliexpress").read_text("utf-8")))
    assert isinstance(preset, Policy)
    chosen = terms_of(preset, "RUB", shipping_days=None, protection_days=None)
    usual = terms_of(POLICY, "RUB", shipping_days=None, protection_days=None)
    assert (chosen.window, chosen.protection, chosen.settlement_delay) == (
        usual.window,
        usual.protection,
        usual.settlement_delay,
    )
    assert (chosen.on_lapse, chosen.commission, chosen.buyer_undo) == ("pay", 500, 0)


# liveness


def test_the_longest_way_is_added_up_stretch_by_stretch() -> None:
    steps = {step.what: step.length for step in liveness.longest_path(POLICY)}
    assert steps == {
        "shipping deadline": 30 * DAY,
        "protection period": 90 * DAY,
        "2 extensions": 60 * DAY,
        "one return to the sender, shipping again and its protection": 95 * DAY,
        "one dispute with negotiation, ruling and appeal": 50 * DAY,
        "settlement delay": 24 * HOUR,
    }


def test_no_order_left_alone_outlives_the_longest_way() -> None:
    longest = sum(step.length for step in liveness.longest_path(POLICY))
    deal = start(place(shipping_days=30, protection_days=90)).pay().ship(when=at(days=29))
    deal = deal.extend(30, at(days=40)).extend(30, at(days=41)).confirm(deal.order.lines[0].id, when=at(days=178))
    assert deal.until(Instant(T0 + longest)).order.closed_at is not None


def test_a_provider_that_cannot_hold_so_long_is_named() -> None:
    short = policy(providers=[{"name": "stripe", "ceiling_days": 90}, {"name": "sandbox"}])  # type: ignore[arg-type]
    assert liveness.outlasted(short) == (("stripe", 90, 326),)


def test_a_policy_is_live_even_at_a_ceiling_below_its_terms() -> None:
    short = policy(providers=[{"name": "sandbox", "ceiling_days": 1}])  # type: ignore[arg-type]
    assert liveness.check(short) == ()
    assert start(place(policy=short)).pay().until(at(days=1)).order.money == Sums(paid=1900, refunded=1900)


@settings(max_examples=60)
@given(
    window=st.integers(1, 30),
    delay=st.integers(0, 200),
    lapse=st.sampled_from(["pay", "extend_once"]),
    ceiling=st.sampled_from([0, 1, 30, 400]),
    extensions=st.integers(0, 10),
)
def test_no_policy_that_loads_holds_money_for_ever(
    window: int, delay: int, lapse: str, ceiling: int, extensions: int
) -> None:
    chosen = policy(
        receipt={"window_days": window, "settlement_delay_hours": delay},
        protection={"on_lapse": lapse, "extensions": extensions},
        providers=[{"name": "sandbox", "ceiling_days": ceiling}],  # type: ignore[arg-type]
    )
    assert liveness.check(chosen) == ()


def test_liveness_notices_a_state_without_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        liveness, "deadlines", lambda order: tuple(due for due in deadlines(order) if due.kind != "protection")
    )
    assert [problem.message for problem in liveness.check(POLICY)] == [
        "an order that is shipped would hold its money for ever",
        "an order that is asked for an extension would hold its money for ever",
        "an order that is extended would hold its money for ever",
    ]


def test_liveness_looks_at_every_stage_that_holds_money(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(liveness, "deadlines", lambda order: ())
    found = [problem.message.removeprefix("an order that is ") for problem in liveness.check(POLICY)]
    assert [stage.removesuffix(" would hold its money for ever") for stage in found] == [
        "paid",
        "shipped",
        "asked for an extension",
        "extended",
        "delivered",
        "returned to the sender",
        "confirmed",
        "confirmed by accident",
        "in dispute",
        "under negotiation",
        "to be sent back",
        "being sent back",
        "to be sent again",
    ]


def test_liveness_looks_at_every_stage_of_a_dispute_that_no_mediator_has_to_end() -> None:
    stages = [stage.disputes[0].state for stage in liveness._stages(POLICY).values() if stage.disputes]
    mediators = {DisputeState.CLAIMED, DisputeState.RULED, DisputeState.APPEALED}
    assert set(stages) == set(DisputeState) - CLOSED_DISPUTES - mediators


def test_an_order_keeps_the_rules_it_was_placed_under() -> None:
    """An amendment of the policy is for orders to come."""
    assert delivered().order.terms == shipped().order.terms == start().order.terms
