"""A refund that came back: why, in the reader's language, and that the money is not with the buyer."""

from __future__ import annotations

from collections.abc import Callable
from html import unescape

import pytest

from fairhold.domain.actors import SYSTEM, Actor
from fairhold.domain.commands import CancelOrder
from fairhold.domain.refund_commands import RecordRefundReturned, SendRefundAgain
from fairhold.domain.status import Status, headline
from fairhold.engine.outside.payment_seen import No
from fairhold.web.people import Directory
from fairhold.web.views.cards import card_of
from fairhold.web.views.funds import money_of
from fairhold.web.views.lines import lines_of
from fairhold.web.views.pills import pill_of
from fairhold.web.views.refunds import elsewhere_deed, refund_notes, returned_refunds, sending_deed
from fairhold.web.views.sight import Sight
from fairhold.web.views.steps import steps_of
from fairhold.words.astray import headline_name
from fairhold.words.catalog import Language, words_of
from fairhold.words.reader import reader_of
from fairhold.words.refunds import WHYS, why_returned
from fairhold.words.timeline import timeline
from tests.builders import BUYER, LINE_1, LINE_2, OPERATOR, SELLER, Deal, at, delivered
from tests.states import (
    came_too_late,
    refund_failed,
    refund_on_its_way,
    refund_paid,
    refund_paid_elsewhere,
    refund_returned,
    refund_returned_again,
    refund_sent_again,
    refund_taken_by_bank,
)
from tests.web.conftest import ANN, Market, Visitor

Visiting = Callable[..., Visitor]


def came_back(why: str) -> Deal:
    return refund_paid().do(RecordRefundReturned(number=1, reference="re_1", why=why), SYSTEM)


def seen(deal: Deal, actor: Actor, language: Language = Language.EN) -> Sight:
    return Sight(deal.order, deal.now, actor, reader_of(language), Directory(), lambda image: image)


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("why", No)
def test_why_it_came_back_is_said_in_the_readers_language(why: No, language: Language) -> None:
    deal = came_back(why.value)
    sight = seen(deal, OPERATOR, language)
    said = words_of(language).gettext(WHYS[why])
    assert said != WHYS[why] or language is Language.EN
    [row] = returned_refunds(sight)
    assert (row.why, row.word) == (said, "")
    for deed in (sending_deed(sight, deal.order.refunds[0]), elsewhere_deed(sight, deal.order.refunds[0], "cash 7")):
        assert said in [fact.value for fact in deed.facts]
        assert why.value not in [fact.code for fact in deed.facts]


def test_a_word_that_we_do_not_know_is_shown_as_the_provider_said_it() -> None:
    deal = came_back("wrong_moon_phase")
    sight = seen(deal, OPERATOR)
    [row] = returned_refunds(sight)
    assert (row.why, row.word) == ("", "wrong_moon_phase")
    facts = {fact.name: fact.code for fact in sending_deed(sight, deal.order.refunds[0]).facts}
    assert facts["The payment provider’s word"] == "wrong_moon_phase"
    assert why_returned(words_of(Language.RU), "wrong_moon_phase") == ""


@pytest.mark.parametrize("language", Language)
def test_the_operators_page_says_it_in_words(market: Market, visiting: Visiting, language: Language) -> None:
    order = market.paid()
    order = market.do(order.id, CancelOrder(), ANN)
    market.do(order.id, RecordRefundReturned(number=1, reference="re_1", why="account_closed"), SYSTEM)
    ops = visiting("ops", language.value)
    for page in (f"/operator/orders/{order.id}", f"/operator/orders/{order.id}/refunds/1/again"):
        shown = unescape(ops.get(page))
        assert words_of(language).gettext(WHYS["account_closed"]) in shown
        assert "account_closed" not in shown


def plain(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def partly_released() -> Deal:
    """The first line's money went to the seller; the second line's did not reach the buyer."""
    deal = delivered().dispute(LINE_2).accept(SELLER).confirm(LINE_1)
    return deal.until(at(days=20)).refund_paid().refund_returns()


@pytest.mark.parametrize(
    ("make", "role", "en", "ru", "kind"),
    [
        (refund_returned, BUYER, "Refund came back: we are on it", "Возврат не дошёл: разбираемся", "bad"),
        (refund_failed, BUYER, "Refund came back: we are on it", "Возврат не дошёл: разбираемся", "bad"),
        (refund_returned_again, BUYER, "Refund came back: we are on it", "Возврат не дошёл: разбираемся", "bad"),
        (refund_sent_again, BUYER, "Refund sent to you again", "Возврат отправлен вам ещё раз", ""),
        (refund_returned, SELLER, "Refund did not reach the buyer", "Возврат не дошёл до покупателя", ""),
        (refund_sent_again, SELLER, "Refund sent to the buyer again", "Возврат отправлен покупателю ещё раз", ""),
        (refund_returned, OPERATOR, "Refund came back", "Возврат пришёл назад", "bad"),
        (refund_sent_again, OPERATOR, "Refund sent again", "Возврат отправлен ещё раз", ""),
        *(
            (settled, BUYER, "Money returned to you", "Деньги вернулись к вам", "safe")
            for settled in (refund_on_its_way, refund_paid, refund_paid_elsewhere, refund_taken_by_bank)
        ),
        (refund_paid_elsewhere, OPERATOR, "Money returned to the buyer", "Деньги вернулись покупателю", ""),
    ],
)
def test_the_headline_says_that_the_money_is_back_only_when_it_is(
    make: Callable[[], Deal], role: Actor, en: str, ru: str, kind: str
) -> None:
    deal = make()
    assert headline(deal.order) is Status.REFUNDED, "what the API says stays"
    for language, expected in ((Language.EN, en), (Language.RU, ru)):
        pill = pill_of(seen(deal, role, language))
        assert (plain(pill.text), pill.kind) == (expected, kind)


def told(deal: Deal, who: Actor, language: Language = Language.EN) -> tuple[str, str]:
    """What comes next on the order's page, and the sentence of its card in lists."""
    sight = seen(deal, who, language)
    steps = [f"{step.when}: {step.text}" for step in steps_of(sight)]
    return plain(" | ".join(steps)), plain(card_of(sight).text)


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("make", [refund_returned, refund_failed, refund_sent_again])
def test_what_comes_next_does_not_say_that_it_is_all_over(make: Callable[[], Deal], language: Language) -> None:
    for who in (BUYER, SELLER):
        shown = " ".join(told(make(), who, language))
        for wrong in ("Nothing else will happen", "returned", "Больше ничего", "вернулись", "вернули"):
            assert wrong not in shown


def test_the_buyer_reads_what_is_done_about_it() -> None:
    steps, card = told(refund_returned(), BUYER)
    assert steps.startswith("Now it is our turn: We send ₽19 to you again or pay it in another way.")
    assert card == "₽19 did not reach you. We send it again or pay it in another way."
    steps, card = told(refund_returned(), BUYER, Language.RU)
    assert steps.startswith("Сейчас ход за нами: Мы отправим вам 19 ₽ ещё раз или выплатим иначе.")
    assert card == "19 ₽ не дошли до вас. Отправим ещё раз или выплатим иначе."
    steps, card = told(refund_sent_again(), BUYER)
    assert steps.startswith("The refund is sent again: ₽19 is on its way to you once more.")
    assert card == "₽19 is on its way to you once more."
    assert told(refund_sent_again().refund_paid(2), BUYER)[1] == "We returned ₽19 to you."
    assert told(refund_paid_elsewhere(), BUYER)[1] == "We returned ₽19 to you."


@pytest.mark.parametrize(
    ("make", "who", "returned", "besides"),
    [
        (refund_paid, BUYER, "₽19", {}),
        (refund_returned, BUYER, "₽0", {"Did not reach you, still yours": ("₽19", "held")}),
        (refund_returned, SELLER, "₽0", {"Did not reach the buyer, still theirs": ("₽19", "held")}),
        (refund_sent_again, BUYER, "₽0", {"Sent to you again": ("₽19", "buyer")}),
        (refund_sent_again, OPERATOR, "₽0", {"Sent to the buyer again": ("₽19", "buyer")}),
    ],
)
def test_what_did_not_arrive_is_not_counted_as_returned(
    make: Callable[[], Deal], who: Actor, returned: str, besides: dict[str, tuple[str, str]]
) -> None:
    money = money_of(seen(make(), who))
    found = {place.name: (place.sum.removesuffix(".00"), place.kind) for place in money.places}
    assert found.pop("Returned to you" if who is BUYER else "Returned to the buyer")[0] == returned
    assert {name: found[name] for name in besides} == besides
    kinds = {kind for _, kind in besides.values()} or {"buyer"}
    assert [(share.kind, share.width) for share in money.shares] == [(kind, 100) for kind in kinds]


def test_what_a_bank_took_itself_is_not_promised_once_more() -> None:
    [note] = refund_notes(seen(refund_taken_by_bank(), BUYER))
    assert note.text == "Your bank took this money itself. As long as it has it we do not send it again."
    [note] = refund_notes(seen(refund_returned(), BUYER))
    assert "send it again" in note.text


@pytest.mark.parametrize("language", Language)
def test_the_page_for_a_bank_says_it_too(language: Language) -> None:
    words, order = words_of(language), refund_returned().order
    assert headline_name(words, order) == words.gettext("Refund came back")
    page = timeline(order, (), (), "operator:ops", "key", refund_returned().now, reader_of(language)).decode()
    assert words.gettext("Refund came back") in unescape(page)
    assert words.gettext("Did not reach the buyer, still theirs") in unescape(page)
    assert words.gettext("Returned to the buyer") not in unescape(page)


def test_of_an_order_that_was_settled_both_ways_only_the_buyers_part_is_told_anew() -> None:
    deal = partly_released()
    assert headline(deal.order) is Status.COMPLETED
    assert pill_of(seen(deal, BUYER)).text == "Refund came back: we are on it"
    assert (pill_of(seen(deal, SELLER)).text, pill_of(seen(deal, SELLER)).kind) == ("Completed", "safe")
    steps, card = told(deal, BUYER)
    assert "We send ₽9 to you again" in steps
    assert "₽10 went to the seller. Protection has ended." in steps
    assert card == "₽9 did not reach you. We send it again or pay it in another way."
    states = [state.text for line in lines_of(seen(deal, BUYER)) for state in line.states]
    assert states == ["money with the seller", "refund came back"]
    again = deal.do(SendRefundAgain(number=1), OPERATOR).refund_paid(2)
    assert pill_of(seen(again, BUYER)).text == "Completed"
    assert told(again, BUYER)[1] == "₽10 went to the seller, ₽9 came back to you."


def test_money_that_came_too_late_and_did_not_go_back_is_told_as_well() -> None:
    deal = came_too_late().refund_returns()
    assert pill_of(seen(deal, BUYER)).text == "Refund came back: we are on it"
    assert told(deal, BUYER)[1] == "₽19 did not reach you. We send it again or pay it in another way."


def test_what_is_still_open_comes_before_a_refund_that_came_back() -> None:
    deal = delivered().dispute(LINE_2).accept(SELLER).refund_paid().refund_returns()
    assert pill_of(seen(deal, BUYER)).text == "Your turn: check the goods"
    assert [note.kind for note in refund_notes(seen(deal, BUYER))] == ["bad"]


@pytest.mark.parametrize(
    ("language", "buyer", "seller", "staff"),
    [
        ("en", "Refund came back: we are on it", "Refund did not reach the buyer", "Refund came back"),
        ("ru", "Возврат не дошёл: разбираемся", "Возврат не дошёл до покупателя", "Возврат пришёл назад"),
    ],
)
def test_lists_and_pages_of_each_side_say_it(
    market: Market, visiting: Visiting, language: str, buyer: str, seller: str, staff: str
) -> None:
    order = market.do(market.paid().id, CancelOrder(), ANN)
    market.do(order.id, RecordRefundReturned(number=1, reference="re_1", why="declined"), SYSTEM)
    for person, pages, said in (
        ("ann", ("/orders?status=closed", f"/orders/{order.id}"), buyer),
        ("nick", ("/selling?status=closed", f"/selling/orders/{order.id}"), seller),
        ("ops", ("/operator?status=refund_returned", f"/operator/orders/{order.id}"), staff),
    ):
        visitor = visiting(person, language)
        for url in pages:
            page = plain(unescape(visitor.get(url)))
            assert said in page, url
            for wrong in ("Money returned to", "Деньги вернулись к", "Деньги вернулись покупателю"):
                assert wrong not in page, url
