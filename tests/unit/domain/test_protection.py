"""More protection: by the seller, or asked by the buyer and answered (S3)."""

import pytest

from fairhold.domain.actors import Role
from fairhold.domain.commands import AnswerExtension, AskExtension, ExtendProtection
from fairhold.domain.deadlines import deadlines
from fairhold.domain.events import ProtectionExtended
from fairhold.domain.order import ExtensionRequest
from fairhold.domain.reasons import Reason, Refusal
from tests.builders import (
    BUYER,
    LINE_1,
    LINE_2,
    SELLER,
    Deal,
    at,
    delivered,
    extension_asked,
    extensions_used_up,
    length,
    one_line_confirmed,
    part,
    partly_shipped,
    place,
    policy,
    shipped,
)


def ends(deal: Deal) -> set[int | None]:
    return {portion.protection_ends for portion in deal.order.portions}


def test_the_seller_gives_more_time() -> None:
    assert ends(shipped().extend(10)) == {at(days=71)}


def test_the_buyer_asks_and_the_protection_goes_on_as_it_was_until_the_answer() -> None:
    deal = extension_asked()
    assert deal.order.extension_request == ExtensionRequest(length(days=10), at(days=4), Role.SELLER, at(days=7))
    assert ends(deal) == {at(days=61)}


def test_what_was_asked_for_is_what_is_granted() -> None:
    deal = extension_asked().do(AnswerExtension(granted=True), SELLER)
    granted = deal.events[-1]
    assert isinstance(granted, ProtectionExtended)
    assert granted.asked
    assert ends(deal) == {at(days=71)}
    assert (deal.order.extension_request, deal.order.extensions_granted) == (None, 1)


def test_after_a_no_the_buyer_may_ask_again() -> None:
    deal = extension_asked().do(AnswerExtension(granted=False), SELLER)
    assert ends(deal) == {at(days=61)}
    assert deal.do(AskExtension(days=5), BUYER).order.extension_request is not None


def test_a_seller_who_extends_by_themselves_has_answered() -> None:
    deal = extension_asked().extend(3)
    assert deal.order.extension_request is None
    assert ends(deal) == {at(days=64)}


@pytest.mark.parametrize("command", [ExtendProtection(days=31), AskExtension(days=31)])
def test_30_days_at_once_are_the_most(command: ExtendProtection | AskExtension) -> None:
    actor = SELLER if isinstance(command, ExtendProtection) else BUYER
    assert shipped().refused(command, actor) == Refusal(Reason.EXTENSION_TOO_LONG, "days", 30)


def test_twice_is_the_most_whoever_began_it() -> None:
    deal = extension_asked().do(AnswerExtension(granted=True), SELLER).extend(30)
    assert ends(deal) == {at(days=101)}
    assert deal.refused(ExtendProtection(days=1), SELLER).reason is Reason.EXTENSIONS_USED_UP
    assert deal.refused(AskExtension(days=1), BUYER).reason is Reason.EXTENSIONS_USED_UP


def test_a_policy_may_allow_no_extension_at_all() -> None:
    deal = shipped(place(policy=policy(protection={"extensions": 0})))
    assert deal.refused(ExtendProtection(days=1), SELLER).reason is Reason.EXTENSIONS_USED_UP


def test_an_extension_reaches_every_unit_under_way_and_no_other() -> None:
    deal = partly_shipped().extend(10)
    assert ends(deal) == {at(days=71), None}
    deal = one_line_confirmed().extend(10)
    confirmed = next(portion for portion in deal.order.portions if portion.line == LINE_1)
    assert confirmed.protection_ends == at(days=61)


def test_an_extension_lets_the_window_of_a_late_delivery_run_whole() -> None:
    """Protection of 15 days would cut the window of day 18 on day 16."""
    deal = delivered(place(protection_days=15)).extend(10)
    assert deadlines(deal.order)[0].at == at(days=18)


def test_an_extension_does_not_lengthen_the_window() -> None:
    """S4: seven days are seven days."""
    assert deadlines(delivered().extend(30).order)[0].at == at(days=18)


def test_units_sent_after_an_extension_have_the_usual_protection() -> None:
    deal = partly_shipped().extend(10).ship(part(LINE_2, 1), when=at(days=3))
    assert ends(deal) == {at(days=71), at(days=63), None}


def test_a_request_nobody_answers_ends_with_the_deal() -> None:
    deal = extension_asked().until(at(days=61))
    assert deal.order.closed_at == at(days=61)
    assert deal.refused(AnswerExtension(granted=True), SELLER).reason is not Reason.NOT_ALLOWED


def test_used_up_extensions_still_run_to_their_end() -> None:
    assert deadlines(extensions_used_up().order)[0].at == at(days=81)
