"""Evidence against chargebacks, from the API to the provider's fake over HTTP: handed in once, whatever gets lost."""

from typing import Any, cast

import pytest

from fairhold.domain.commands import RecordChargeback
from fairhold.domain.ids import OrderId
from fairhold.domain.instants import MINUTE, SECOND
from fairhold.engine.outside.payments import Provider
from fairhold.engine.ports.contests import LONGEST_NOTE
from tests.api.deals import advance, place
from tests.api.test_payments import AtStripe, Shop, shop
from tests.api.test_payouts_at_providers import of_kind
from tests.fakes.stripe import server as stripe

__all__ = ["shop"]

STRIPE = pytest.mark.parametrize("shop", ["stripe"], indirect=True)
YOOKASSA = pytest.mark.parametrize("shop", ["yookassa"], indirect=True)


def disputed(shop: Shop, number: str = "RA123456789RU") -> str:
    """A parcel is delivered, and the buyer's bank takes the money back; the chargeback's id."""
    assert isinstance(shop.at, AtStripe)
    shop.start().pay().hear()
    shop.deal.ship(number).scan()
    shop.at.fake.people.dispute(shop.payment)
    shop.hear()
    return str(shop.client.get(shop.deal.url).json["chargebacks"][0]["id"])


def url(chargeback: str) -> str:
    return f"/v1/chargebacks/{chargeback}/evidence"


def at_stripe(shop: Shop) -> Any:
    assert isinstance(shop.at, AtStripe)
    [found] = of_kind(shop.at, "dispute")
    return found


def round_of(shop: Shop) -> None:
    """The paymaster's turn."""
    assert isinstance(shop.at, AtStripe)
    shop.at.fake.books.at = shop.application.clock.now() // SECOND
    shop.application.payouts.paymaster.once()


@STRIPE
def test_it_is_handed_in_once_with_the_parcel_the_goods_and_the_history(shop: Shop) -> None:
    chargeback = disputed(shop)
    answer = shop.client.get(url(chargeback))
    assert (answer.status, answer.code) == (404, "evidence_not_asked")
    asked = shop.client.post(url(chargeback), {"note": " The buyer thanked us.\nSee the history. "})
    assert (asked.status, asked.json["state"], asked.json["tries"]) == (200, "asked", 1)
    round_of(shop)
    round_of(shop)
    found = shop.client.get(url(chargeback)).json
    assert (found["state"], found["provider"], found["asked_by"]) == ("handed_in", "stripe", "operator:ops")
    assert found["done_at"] >= found["asked_at"]
    dispute = at_stripe(shop)
    assert dispute["evidence_details"]["submission_count"] == 1
    evidence = dispute["evidence"]
    assert evidence["shipping_tracking_number"] == "RA123456789RU"
    assert evidence["shipping_carrier"] == "Post"
    shipped_at = shop.deal.now["shipments"][0]["shipped_at"]
    assert evidence["shipping_date"] == shipped_at[:10]
    for line in shop.deal.now["lines"]:
        assert f"{line['quantity']} × {line['title']}" in evidence["product_description"]
    story = evidence["uncategorized_text"]
    assert story.startswith("The buyer thanked us.\nSee the history.\n\nOrder ")
    for told in ("Order placed", "Order paid", "Parcel shipped", "Parcel handed to the addressee"):
        assert told in story
    assert story.index("Order placed") < story.index("Parcel handed")
    # Asked again, it is what it was; other words do not reach the bank any more.
    again = shop.client.post(url(chargeback), {"note": "The buyer thanked us.\nSee the history."})
    assert (again.status, again.json) == (200, found)
    for note in ("Something else.", ""):
        other = shop.client.post(url(chargeback), {"note": note})
        assert (other.status, other.code) == (409, "evidence_asked_before")
    assert shop.client.get(url(chargeback)).json == found


@STRIPE
@pytest.mark.parametrize("fault", [*stripe.Fault])
def test_what_was_lost_on_the_way_is_asked_again_and_handed_in_once(shop: Shop, fault: stripe.Fault) -> None:
    chargeback = disputed(shop)
    assert shop.client.post(url(chargeback), {}).status == 200
    assert isinstance(shop.at, AtStripe)
    # Looking at the dispute works, and whatever the client tries again by itself does not.
    shop.at.fake.faults.extend([fault] * 6)
    round_of(shop)
    shop.at.fake.faults.clear()
    if fault is stripe.Fault.LOST:
        # Asked again at once, within the same turn.
        assert shop.client.get(url(chargeback)).json["state"] == "handed_in"
        assert at_stripe(shop)["evidence_details"]["submission_count"] == 1
        return
    assert shop.client.get(url(chargeback)).json["state"] == "asked"
    due = shop.application.payouts.paymaster.next_due()
    assert due is not None
    assert due > shop.application.clock.now()
    # Things go on meanwhile, and the words stay those of the moment when it was asked for.
    shop.deal.scan("in_transit")
    shop.at.fake.books.at = shop.application.clock.now() // SECOND + 3600
    advance(shop.client, seconds=3600)
    assert shop.client.get(url(chargeback)).json["state"] == "handed_in"
    assert at_stripe(shop)["evidence_details"]["submission_count"] == 1
    assert shop.application.payouts.paymaster.next_due() != due


@STRIPE
def test_however_long_the_provider_is_away_it_is_tried_before_the_bank_stops_listening(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    chargeback = disputed(shop)
    assert isinstance(shop.at, AtStripe)
    paymaster, clock = shop.application.payouts.paymaster, shop.application.clock
    order = shop.application.queries.order(OrderId(shop.deal.id))
    assert order is not None
    [found] = order.chargebacks
    assert found.answer_by is not None
    advance(shop.client, seconds=(found.answer_by - clock.now()) // SECOND - 20 * 3600)
    assert shop.client.post(url(chargeback), {}).status == 200
    shop.at.fake.faults.extend([stripe.Fault.BROKEN_BEFORE] * 10_000)
    tries: list[int] = []
    while clock.now() < found.answer_by and len(tries) < 100:
        round_of(shop)
        due = shop.application.contests.rows.next_due()
        assert due is not None
        tries.append(due)
        advance(shop.client, seconds=(due - clock.now()) // SECOND + 1)
    assert paymaster.next_due() is not None
    assert any(found.answer_by - 31 * MINUTE < at < found.answer_by for at in tries)
    # Away for good, it is asked no more once nobody listens.
    with monkeypatch.context() as without:
        without.delitem(cast("dict[str, Provider]", shop.application.payments.providers), "stripe")
        advance(shop.client, seconds=3600)
    assert shop.client.get(url(chargeback)).json["state"] == "refused"


@STRIPE
def test_a_bank_that_hears_no_more_is_not_asked(shop: Shop) -> None:
    chargeback = disputed(shop)
    advance(shop.client, days=11)
    answer = shop.client.post(url(chargeback), {})
    assert (answer.status, answer.code) == (409, "too_late_for_evidence")
    assert shop.client.get(url(chargeback)).code == "evidence_not_asked"


@STRIPE
def test_what_the_provider_refuses_is_said_and_may_be_asked_anew(shop: Shop) -> None:
    chargeback = disputed(shop)
    dispute = at_stripe(shop)
    dispute["evidence_details"]["past_due"] = True
    assert shop.client.post(url(chargeback), {"note": "First."}).status == 200
    round_of(shop)
    found = shop.client.get(url(chargeback)).json
    assert (found["state"], found["why"]) == ("refused", "too_late")
    dispute["evidence_details"]["past_due"] = False
    anew = shop.client.post(url(chargeback), {"note": "Second."}).json
    assert (anew["state"], anew["tries"], anew["note"], anew.get("why")) == ("asked", 2, "Second.", None)
    round_of(shop)
    assert shop.client.get(url(chargeback)).json["state"] == "handed_in"
    assert at_stripe(shop)["evidence"]["uncategorized_text"].startswith("Second.")


@STRIPE
def test_a_chargeback_that_has_ended_is_not_contested(shop: Shop) -> None:
    chargeback = disputed(shop)
    assert isinstance(shop.at, AtStripe)
    shop.at.fake.people.decide(at_stripe(shop)["id"], won=False)
    shop.hear()
    answer = shop.client.post(url(chargeback), {})
    assert (answer.status, answer.code) == (409, "chargeback_ended")


@STRIPE
def test_only_operators_ask_and_bad_requests_change_nothing(shop: Shop) -> None:
    chargeback = disputed(shop)
    for who in ("buyer:ann", "seller:shop-7", "support:sam", "mediator:mia"):
        assert shop.client.by(who).post(url(chargeback), {}).status == 403
        assert shop.client.by(who).get(url(chargeback)).status == 403
    for note in ("x" * (LONGEST_NOTE + 1), "a\x00b", 7):
        answer = shop.client.post(url(chargeback), {"note": note})
        assert (answer.status, answer.field) == (422, "note")
    for unknown in (f"{shop.deal.id}-c2", f"{shop.deal.id}-c", "nothing", "x-c1"):
        for answer in (shop.client.post(url(unknown), {}), shop.client.get(url(unknown))):
            assert answer.status == 404
    first = shop.client.post(url(chargeback), {}, idempotency="one")
    assert first.status == 200
    other = shop.client.post(url(chargeback), {"note": "Another."}, idempotency="one")
    assert (other.status, other.code) == (422, "idempotency_key_reused")


def recorded(shop: Shop, order: str, reference: str | None = "cb-1") -> str:
    """A chargeback that somebody else told of; its id."""
    command = RecordChargeback(amount=1_000, reference=reference)
    assert shop.application.payments._tell(shop.at.name, [(OrderId(order), command)]) == (1, 1)
    return str(shop.client.get(f"/v1/orders/{order}").json["chargebacks"][0]["id"])


def refused(shop: Shop, chargeback: str) -> None:
    answer = shop.client.post(url(chargeback), {})
    assert (answer.status, answer.code) == (409, "evidence_not_taken")
    # What only a test told of never happened at the provider.
    won = shop.client.post(f"/v1/chargebacks/{chargeback}/outcome", {"won": True})
    assert won.status == 200, won.body


@YOOKASSA
def test_yookassa_takes_no_evidence(shop: Shop) -> None:
    shop.start().pay().hear()
    refused(shop, recorded(shop, shop.deal.id))


@STRIPE
def test_the_sandbox_takes_none_even_beside_a_provider_that_does(shop: Shop) -> None:
    refused(shop, recorded(shop, place(shop.client).pay().id))


@STRIPE
def test_what_has_no_name_at_the_provider_cannot_be_contested(shop: Shop) -> None:
    shop.start().pay().hear()
    refused(shop, recorded(shop, shop.deal.id, None))
