"""Deadlines, events, refusals and the consequence of confirming, in sentences."""

from __future__ import annotations

from typing import get_args

import pytest

from fairhold.domain.coming import Because, Effect
from fairhold.domain.commands import ConfirmReceipt
from fairhold.domain.deadlines import deadlines
from fairhold.domain.events import Event
from fairhold.domain.order import ParcelStatus, PortionState
from fairhold.domain.reasons import Reason, Refusal
from fairhold.domain.review import Criterion, ReviewStatus
from fairhold.domain.status import Status, Tab
from fairhold.words import deadlines as deadline_words
from fairhold.words import history, names
from fairhold.words import reviews as review_words
from fairhold.words.catalog import Language, words_of
from fairhold.words.consequence import consequence
from fairhold.words.deadlines import because, effect
from fairhold.words.history import tell
from fairhold.words.reader import reader_of
from fairhold.words.refusals import TEXTS, explain
from tests import builders as orders
from tests import states

READERS = {language: reader_of(language, "Europe/Moscow") for language in Language}
ALL = {**states.STATES, **states.REVIEW_STATES}
RU, EN = READERS[Language.RU], READERS[Language.EN]


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def test_every_reason_has_a_title_and_a_detail_in_both_languages() -> None:
    assert set(TEXTS) == set(Reason)
    for reason in Reason:
        english, russian = explain(EN.words, Refusal(reason)), explain(RU.words, Refusal(reason))
        assert english.title.endswith(".")
        assert english.detail
        assert english.title != russian.title
        assert english.detail != russian.detail


def test_a_broken_bound_is_named() -> None:
    refusal = Refusal(Reason.QUANTITY_TOO_LARGE, "lines[0].quantity", 2)
    assert explain(EN.words, refusal).detail.endswith("The bound is 2.")
    assert explain(RU.words, refusal).detail.endswith("Предел: 2.")


@pytest.mark.parametrize("state", ALL)
@pytest.mark.parametrize("language", list(Language))
def test_every_deadline_of_every_state_says_what_and_why(state: str, language: Language) -> None:
    deal, reader = ALL[state](), READERS[language]
    for deadline in deadlines(deal.order):
        assert effect(deal.order, deadline, reader)
        assert because(deadline, reader)
        assert "%(" not in effect(deal.order, deadline, reader)


@pytest.mark.parametrize("state", ALL)
@pytest.mark.parametrize("language", list(Language))
def test_every_event_of_every_state_is_told(state: str, language: Language) -> None:
    deal, reader = ALL[state](), READERS[language]
    for event in deal.events:
        told = tell(deal.order, event, deal.now, reader)
        assert told.title
        assert "%(" not in told.title + told.text


def test_no_kind_of_event_reason_effect_or_state_is_without_words() -> None:
    assert set(history._TELLERS) == set(get_args(Event))
    assert set(deadline_words._EFFECTS) == set(Effect)
    assert set(deadline_words._REASONS) == set(deadline_words._TITLES) == set(Because)
    assert set(names.STATUSES) == set(names.BUYER_STATUSES) == set(names.SELLER_STATUSES) == set(Status)
    assert set(names.PARCELS) == set(ParcelStatus)
    assert set(names.PORTIONS) == set(PortionState)
    assert set(review_words.REVIEW_STATUSES) == set(ReviewStatus)
    assert set(review_words.CRITERIA) == set(Criterion)
    assert set(names.BUYER_TABS) | set(names.SELLER_TABS) | set(names.STAFF_TABS) <= set(Tab)


def test_the_consequence_names_sums_and_dates_and_what_stays() -> None:
    deal = orders.delivered()
    events = deal.ask(
        ConfirmReceipt(lines=(orders.LINE_1, orders.part(orders.LINE_2, 1)), acknowledged=True), orders.BUYER
    )
    assert isinstance(events, tuple)
    after = deal.confirm(orders.LINE_1, orders.part(orders.LINE_2, 1)).order
    text = consequence(deal.order, after, events, deal.now, EN)
    assert plain(text.question) == "Confirm receipt of 2 items?"
    assert [(part.quantity, part.amount) for part in text.parts] == [(1, 1000), (1, 300)]
    assert text.total == "₽13"
    assert plain(text.release) == "₽13 goes to the seller."
    assert text.undo_until == orders.at(days=13)
    assert plain(text.stays) == "The rest (2 pcs.) stays protected: we hold ₽6 until 23 January, 11:00."


def test_where_money_leaves_at_once_nothing_is_said_of_undoing() -> None:
    policy = orders.policy(receipt={"settlement_delay_hours": 0, "buyer_undo_minutes": 0})
    deal = orders.delivered(orders.place(policy=policy))
    command = ConfirmReceipt(lines=(orders.LINE_1, orders.LINE_2), acknowledged=True)
    events = deal.ask(command, orders.BUYER)
    assert isinstance(events, tuple)
    text = consequence(deal.order, deal.do(command, orders.BUYER).order, events, deal.now, RU)
    assert text.undo == ""
    assert text.undo_until is None
    assert text.stays == ""
    assert plain(text.question) == "Подтвердить получение 4 товаров?"


def test_each_language_has_its_own_words_for_both_sides() -> None:
    words = words_of(Language.RU)
    assert names.status_name(words, Status.AWAITING_CONFIRMATION, orders.BUYER.role) == "Ваш ход: проверьте товары"
    assert (
        plain(names.status_name(words, Status.AWAITING_CONFIRMATION, orders.SELLER.role)) == "У покупателя на проверке"
    )
    assert names.status_name(words, Status.AWAITING_CONFIRMATION) == "Покупатель проверяет товары"


def test_what_silence_on_a_demand_does_names_what_was_demanded_and_not_all_that_is_disputed() -> None:
    part = orders.delivered().dispute(orders.LINE_1, amount=500)
    [demanded] = [found for found in deadlines(part.order) if found.because is Because.DEMANDED]
    assert effect(part.order, demanded, reader_of(Language.EN)) == "₽5 goes back to the buyer."


def test_reviews_are_told_with_their_stars_and_what_keeps_them_back() -> None:
    blind = states.blind()
    assert tell(blind.order, blind.events[-1], blind.now, EN) == (
        "The buyer’s review: 2 stars",
        "It is shown once both have written, or the time for reviews is over.",
    )
    held = states.held()
    assert plain(tell(held.order, held.events[-1], held.now, RU).text) == "Call me. Сначала его прочитает модератор."
    closed = states.good().until(orders.at(days=42))
    told = tell(closed.order, closed.events[-1], closed.now, RU)
    assert plain(told.text) == "Продавец не оставил отзыв; у покупателя автоматическая оценка: 4 звезды."


def test_one_star_two_and_five_are_counted_in_both_languages() -> None:
    assert [plain(review_words.stars(RU.words, count)) for count in (1, 2, 5)] == ["1 звезда", "2 звезды", "5 звёзд"]
    assert [plain(review_words.stars(EN.words, count)) for count in (1, 5)] == ["1 star", "5 stars"]
