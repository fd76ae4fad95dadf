"""«My parcel is late»: the seller answers in time, or support does, or the operator; nothing but an answer changes anything."""

import pytest

from fairhold.domain.actors import Actor, Role
from fairhold.domain.coming import Effect, Kind
from fairhold.domain.commands import AnswerExtension, AskExtension, RecordOutage
from fairhold.domain.deadlines import deadlines
from fairhold.domain.evolve import fold
from fairhold.domain.instants import Instant
from fairhold.domain.reasons import Reason
from tests.builders import (
    BUYER,
    LINE_1,
    LINE_2,
    OPERATOR,
    SELLER,
    SUPPORT,
    Deal,
    at,
    delivered,
    extension_asked,
    length,
    name_of,
    place,
    policy,
    shipped,
)
from tests.states import request_with_operator, request_with_support

YES = AnswerExtension(granted=True)


def answers_due(deal: Deal) -> list[tuple[Instant, Role, Effect]]:
    return [
        (deadline.at, deadline.owner, deadline.effect)
        for deadline in deadlines(deal.order)
        if deadline.kind is Kind.EXTENSION_ANSWER
    ]


def test_the_seller_has_the_policy_s_time_to_answer() -> None:
    assert answers_due(extension_asked()) == [(at(days=7), Role.SELLER, Effect.HAND_ON)]


@pytest.mark.parametrize("days", [1, 2, 3, 4])
def test_the_policy_says_how_long_that_is(days: int) -> None:
    deal = shipped(place(policy=policy(protection={"extension_answer_days": days})))
    asked = deal.do(AskExtension(days=10), BUYER)
    assert answers_due(asked) == [(at(days=3 + days), Role.SELLER, Effect.HAND_ON)]
    passed_on = asked.until(at(days=3 + days))
    assert answers_due(passed_on) == [(at(days=3 + 2 * days), Role.SUPPORT, Effect.HAND_ON)]


def test_what_the_seller_did_not_answer_is_support_s_and_then_the_operator_s() -> None:
    assert answers_due(request_with_support()) == [(at(days=10), Role.SUPPORT, Effect.HAND_ON)]
    assert answers_due(request_with_operator()) == []
    request = request_with_operator().order.extension_request
    assert request is not None
    assert (request.owner, request.due) == (Role.OPERATOR, None)


def test_silence_grants_nothing() -> None:
    deal = extension_asked().until(at(days=20))
    assert {portion.protection_ends for portion in deal.order.portions} == {at(days=61)}


@pytest.mark.parametrize(
    ("deal", "who"),
    [
        (extension_asked(), [SELLER]),
        (request_with_support(), [SELLER, SUPPORT]),
        (request_with_operator(), [SELLER, SUPPORT, OPERATOR]),
    ],
)
def test_whose_answer_it_was_may_still_answer(deal: Deal, who: list[Actor]) -> None:
    for actor in (SELLER, SUPPORT, OPERATOR):
        if actor in who:
            granted = deal.do(YES, actor)
            assert {one.protection_ends for one in granted.order.portions} == {at(days=71)}
            assert granted.order.extension_request is None
        else:
            assert deal.refused(YES, actor).reason is Reason.NOT_ALLOWED


def test_support_grants_within_the_policy_s_bounds() -> None:
    deal = request_with_support().do(YES, SUPPORT).do(AskExtension(days=30), BUYER).until(at(days=12))
    deal = deal.do(YES, SUPPORT)
    assert deal.order.extensions_granted == deal.order.terms.extensions == 2
    assert deal.refused(AskExtension(days=1), BUYER).reason is Reason.EXTENSIONS_USED_UP


def test_a_request_ends_where_nothing_is_protected_any_more() -> None:
    for ended in (
        request_with_support().confirm(LINE_1, LINE_2),
        request_with_support().dispute(LINE_1, LINE_2),
        extension_asked().until(at(days=61)),
    ):
        assert ended.order.extension_request is None
        assert not answers_due(ended)


def test_a_request_goes_on_for_what_is_protected_still() -> None:
    assert answers_due(request_with_support().confirm(LINE_1)) == [(at(days=10), Role.SUPPORT, Effect.HAND_ON)]


def test_an_outage_gives_the_seller_the_time_that_it_took() -> None:
    outage = RecordOutage(start=at(days=6), end=at(days=8))
    assert answers_due(extension_asked().do(outage, OPERATOR, at(days=8))) == [
        (at(days=9), Role.SELLER, Effect.HAND_ON)
    ]


def test_a_request_from_before_answers_had_a_time_waits_for_the_seller_as_it_did() -> None:
    asked = extension_asked()
    old = tuple(
        type(event)(at=event.at, by=event.by, length=length(days=10)) if name_of(event) == "extension_asked" else event  # type: ignore[call-arg]
        for event in asked.events
    )
    deal = Deal(fold(old), old, asked.now)
    assert not answers_due(deal)
    assert deal.confirm(LINE_1, LINE_2).order.extension_request is not None
    assert deal.refused(YES, SUPPORT).reason is Reason.NOT_ALLOWED
    assert deal.do(YES, SELLER).order.extension_request is None


def test_a_request_is_answered_after_delivery_too() -> None:
    deal = delivered().do(AskExtension(days=10), BUYER).until(at(days=15))
    assert deal.do(YES, SUPPORT).order.extensions_granted == 1
