"""What of a seller's money leaves: never more than there is, and all that can."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from fairhold.domain.ids import OrderId
from fairhold.domain.instants import DAY, Instant
from fairhold.domain.payout_rules import (
    Measure,
    OwnRules,
    PayoutRules,
    PayoutTerms,
    Waiting,
    is_account_number,
    is_due_on,
    reserve,
    share_out,
    terms_for,
)

DUES = st.lists(st.integers(1, 10_000), max_size=20).map(
    lambda dues: [Waiting(OrderId(f"o-{number}"), due) for number, due in enumerate(dues)]
)
EPOCH = date(1970, 1, 1)


@given(st.integers(0, 200_000), DUES)
def test_in_parts_all_that_can_leave_leaves_the_first_first(payable: int, waiting: list[Waiting]) -> None:
    shares = share_out(payable, waiting, in_parts=True)
    assert sum(share.amount for share in shares) == min(payable, sum(one.due for one in waiting))
    assert [share.order for share in shares] == [one.order for one in waiting[: len(shares)]]
    assert all(0 < share.amount <= one.due for share, one in zip(shares, waiting, strict=False))
    assert all(share.amount == one.due for share, one in zip(shares[:-1], waiting, strict=False))


@given(st.integers(0, 200_000), DUES)
def test_where_an_order_leaves_whole_or_not_at_all_none_is_cut(payable: int, waiting: list[Waiting]) -> None:
    shares = share_out(payable, waiting, in_parts=False)
    dues = {one.order: one.due for one in waiting}
    assert all(share.amount == dues[share.order] for share in shares)
    left = payable - sum(share.amount for share in shares)
    assert left >= 0
    taken = {share.order for share in shares}
    assert all(due > left for order, due in dues.items() if order not in taken)


MEASURES = st.builds(Measure, step=st.sampled_from((1, 10, 100)), least=st.sampled_from((1, 50, 100, 450)))


@given(st.integers(0, 10**15), MEASURES)
def test_of_a_sum_as_much_is_passed_on_as_can_be(amount: int, measure: Measure) -> None:
    found = measure.of(amount)
    if found:
        assert found % measure.step == 0
        assert found >= measure.least
        assert 0 <= amount - found < measure.step
    else:
        assert amount < measure.smallest
    assert measure.of(measure.smallest) == measure.smallest
    assert measure.of(measure.smallest - 1) == 0


@given(st.integers(0, 200_000), DUES, MEASURES, st.booleans())
def test_every_share_and_all_together_are_sums_that_are_passed_on(
    payable: int, waiting: list[Waiting], measure: Measure, in_parts: bool
) -> None:
    shares = share_out(payable, waiting, in_parts=in_parts, measure=measure)
    dues = {one.order: one.due for one in waiting}
    assert all(share.amount == measure.of(share.amount) > 0 for share in shares)
    whole = [share.amount == measure.of(dues[share.order]) for share in shares]
    assert all(whole if not in_parts else whole[:-1])
    together = sum(share.amount for share in shares)
    assert together <= payable
    assert together == measure.of(together)
    if payable >= sum(measure.of(one.due) for one in waiting):
        assert together == sum(measure.of(one.due) for one in waiting)


@given(st.integers(0, 40_000))
def test_weeks_begin_on_mondays_and_months_on_the_first(day: int) -> None:
    told = EPOCH + timedelta(days=day)
    assert is_due_on("daily", day)
    assert is_due_on("weekly", day) is (told.weekday() == 0)
    assert is_due_on("monthly", day) is (told.day == 1)
    assert not is_due_on("on_request", day)


@given(st.integers(0, 10_000), st.integers(0, 10**13))
def test_a_reserve_is_a_part_of_what_was_released(points: int, released: int) -> None:
    kept = reserve(PayoutTerms("daily", 0, points, 30), released)
    assert 0 <= kept <= released
    assert abs(kept * 10_000 - points * released) <= 5_000


def test_names_that_providers_give_are_no_numbers() -> None:
    for name in (
        "acct_1OvA7xGm8f2Lk",
        "shop-7",
        "pt-2f0c1d5e-0015-5000-8000-1d2e",
        "41001234567",
        "sandbox:closed",
        "order 4111 1111 1111 1112",
    ):
        assert not is_account_number(name)


def test_numbers_of_cards_and_bank_accounts_are_known_however_they_are_written() -> None:
    for number in (
        "4111111111111111",
        "4111-1111-1111-1111",
        "4111.1111.1111.1111",
        "4111\u20131111\u20131111\u20131111",
        "\uff14\uff11\uff11\uff11 1111 1111 1111",
        "my card 4111 1111 1111 1111, please",
        "card:378282246310005",
        "DE89 3704 0044 0532 0130 00",
        "40817.810.0.1234567",
        "40817810\u00a0001234567890",
    ):
        assert is_account_number(number), number


def test_a_sellers_own_terms_come_before_the_policys() -> None:
    rules = PayoutRules(minimum={"RUB": 500}, reserve_basis_points=1_000, new_seller_days=90)
    first, new, old = Instant(0), Instant(10 * DAY), Instant(91 * DAY)
    none = OwnRules()
    assert terms_for(rules, none, "stripe", "RUB", first=first, now=new) == PayoutTerms("daily", 500, 1_000, 30)
    assert terms_for(rules, none, "stripe", "EUR", first=first, now=old) == PayoutTerms("daily", 0, 0, 0)
    assert terms_for(rules, none, "sandbox", "RUB", first=first, now=old).schedule == "on_request"
    own = OwnRules(schedule="weekly", minimum={}, reserve_basis_points=2_000, reserve_days=7)
    assert terms_for(rules, own, "sandbox", "RUB", first=first, now=old) == PayoutTerms("weekly", 0, 2_000, 7)
    assert terms_for(rules, OwnRules(reserve_basis_points=0), "stripe", "RUB", first=first, now=new).reserve_days == 0
