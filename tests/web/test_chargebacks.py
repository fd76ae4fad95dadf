"""What a bank took although it had gone back already: each side reads what that means for them."""

from __future__ import annotations

from fairhold.domain.actors import Actor
from fairhold.domain.commands import CancelOrder
from fairhold.web.people import Directory
from fairhold.web.views.disputes import chargeback_notes, chargeback_rows
from fairhold.web.views.funds import money_of
from fairhold.web.views.refunds import returned_refunds
from fairhold.web.views.sight import Sight
from fairhold.words.catalog import Language
from fairhold.words.reader import reader_of
from tests.builders import BUYER, OPERATOR, SELLER, SUPPORT, Deal, paid
from tests.states import refund_returned, refund_taken_by_bank


def sight(deal: Deal, actor: Actor) -> Sight:
    return Sight(deal.order, deal.now, actor, reader_of(Language.EN), Directory(), lambda image: image)


def refunded_and_taken() -> Deal:
    return paid().do(CancelOrder(), BUYER).charge_back(1900)


def test_the_buyer_is_asked_to_tell_their_bank() -> None:
    [note] = chargeback_notes(sight(refunded_and_taken(), BUYER))
    assert note.text.endswith("₽19 of it went back to you before: please tell your bank.")


def test_seller_and_staff_read_that_the_platform_bears_it() -> None:
    deal = refunded_and_taken()
    for told in (chargeback_notes(sight(deal, SELLER))[0].text, chargeback_rows(sight(deal, OPERATOR))[0].text):
        assert told.endswith("₽19.00 of it had gone back to the buyer before; the platform bears that.")


def test_the_sums_of_an_order_show_it_until_it_is_given_back() -> None:
    name = "Taken by the bank besides, after it had gone back"
    deal = refunded_and_taken()
    assert {one.name: one.sum for one in money_of(sight(deal, OPERATOR)).places}[name] == "₽19.00"
    won = deal.bank_says(won=True)
    assert name not in {one.name for one in money_of(sight(won, OPERATOR)).places}


def test_what_was_the_orders_is_told_without_it() -> None:
    [note] = chargeback_notes(sight(paid().charge_back(1900), BUYER))
    assert "before" not in note.text


def test_what_the_bank_has_is_not_offered_to_be_sent_again_and_the_reason_is_there() -> None:
    [row] = returned_refunds(sight(refund_returned(), OPERATOR))
    assert (row.again[-16:], row.elsewhere[-20:], row.why_not) == ("/refunds/1/again", "/refunds/1/elsewhere", "")
    taken = refund_taken_by_bank()
    seen = sight(taken, OPERATOR)
    [row] = returned_refunds(seen)
    assert (row.again, row.elsewhere) == ("", "")
    assert row.why_not.startswith("The buyer’s bank took this money itself.")
    # What calls are offered says the same.
    assert not seen.can("send_refund_again")
    assert not seen.can("record_refund_elsewhere")
    kept = sight(taken.bank_says(won=False), OPERATOR)
    [row] = returned_refunds(kept)
    assert row.again == ""
    assert row.elsewhere
    assert kept.can("record_refund_elsewhere")
    [row] = returned_refunds(sight(taken.bank_says(won=True), OPERATOR))
    assert row.again
    [row] = returned_refunds(sight(taken, SUPPORT))
    assert (row.again, row.elsewhere) == ("", "")
