"""Operators hand in evidence against a chargeback from the page of its order."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import SimpleNamespace

import pytest

from fairhold.domain.commands import RecordChargeback, RecordChargebackOutcome
from fairhold.domain.instants import Instant, days
from fairhold.domain.order import Order
from fairhold.engine.outside.destinations import TryLater
from fairhold.engine.outside.payment_seen import No
from fairhold.engine.outside.payments import Answer, EvidenceAsked, Refused
from fairhold.engine.ports.contests import LONGEST_NOTE
from tests.web.conftest import OPS, Market, Visiting, form_to, forms
from tests.web.test_payouts import plain


@dataclass
class Bank:
    """Whoever holds the money takes evidence, or raises what it is told to."""

    terms: SimpleNamespace = field(default_factory=lambda: SimpleNamespace(contests=True))
    raises: list[Exception] = field(default_factory=list)
    asked: list[tuple[EvidenceAsked, str]] = field(default_factory=list)

    def contest(self, asked: EvidenceAsked, key: str) -> Answer:
        self.asked.append((asked, key))
        if self.raises:
            raise self.raises.pop(0)
        return Answer(asked.chargeback)


@pytest.fixture
def bank(market: Market, monkeypatch: pytest.MonkeyPatch) -> Bank:
    made = Bank()
    monkeypatch.setattr(market.application.contests, "_providers", {"sandbox": made})
    return made


def charged_back(market: Market, reference: str | None = "dp_1") -> Order:
    order = market.delivered()
    until = Instant(market.application.clock.now() + days(7))
    return market.do(order.id, RecordChargeback(amount=1_000, reference=reference, answer_by=until), OPS)


def page_of(order: Order, section: str = "operator") -> str:
    return f"/{section}/orders/{order.id}"


def ending(order: Order) -> str:
    return f"/chargebacks/{order.chargebacks[0].id}/evidence"


def test_it_is_handed_in_once_and_the_page_says_so(market: Market, visiting: Visiting, bank: Bank) -> None:
    order, ops = charged_back(market), visiting("ops", "en")
    page = ops.get(page_of(order))
    assert "It can be handed in once, until" in page
    form = form_to(page, ending(order))
    answer = ops.send(form, note="They thanked us.\r\nSee <b>.")
    assert "The evidence goes to the payment provider." in answer.text
    assert "on its way to the provider since" in answer.text
    assert ops.send(form, note="They thanked us.\nSee <b>.").status_code == 200
    other = ops.send(form, note="They thanked us <twice>.")
    assert other.status_code == 409
    assert "The evidence has been handed in already, with another note." in other.text
    assert 'Your text, which was not handed in: <span class="said">They thanked us &lt;twice&gt;.</span>' in other.text
    market.application.payouts.paymaster.once()
    page = ops.get(page_of(order))
    assert "The evidence was handed in:" in page
    assert "See &lt;b&gt;." in page
    assert not [one for one in forms(page) if one.action.endswith(ending(order))]
    [(asked, key)] = bank.asked
    assert asked.words["story"] == "They thanked us.\nSee <b>."
    assert key == f"contest-{order.chargebacks[0].id}-1"
    assert "Order placed" in asked.bundle.decode()
    # Whoever has the form still open asks nothing anew.
    assert ops.send(form).status_code == 409
    market.application.payouts.paymaster.once()
    assert len(bank.asked) == 1


def test_what_was_refused_is_said_and_can_be_handed_in_again(market: Market, visiting: Visiting, bank: Bank) -> None:
    order, ops = charged_back(market), visiting("ops", "ru")
    bank.raises += [TryLater("away"), Refused(No.BROKEN, "what?")]
    ops.send(form_to(ops.get(page_of(order)), ending(order)), note="Первый раз.")
    paymaster = market.application.payouts.paymaster
    paymaster.once()
    assert "Доказательства отправляются платёжному сервису" in ops.get(page_of(order))
    due = paymaster.next_due()
    assert due is not None
    paymaster.once(due)
    page = ops.get(page_of(order))
    assert "Платёжный сервис не принял доказательства. Платёжный сервис не принял запрос." in plain(page)
    form = form_to(page, ending(order))
    assert dict(form.fields)["note"] == "Первый раз."
    ops.send(form, note="Второй раз.")
    paymaster.once()
    assert "Доказательства поданы:" in ops.get(page_of(order))
    assert [key[-1] for _, key in bank.asked] == ["1", "1", "2"]


def test_a_note_that_is_too_long_or_unreadable_stays_and_is_said(
    market: Market, visiting: Visiting, bank: Bank
) -> None:
    order, ops = charged_back(market), visiting("ops", "en")
    form = form_to(ops.get(page_of(order)), ending(order))
    long = ops.send(form, note="x" * (LONGEST_NOTE + 1))
    assert (long.status_code, "At most 4000 characters." in plain(long.text)) == (422, True)
    assert "x" * LONGEST_NOTE in long.text
    unseen = ops.send(form, note="a\x07b")
    assert (unseen.status_code, "nobody can see" in unseen.text) == (422, True)
    market.application.payouts.paymaster.once()
    assert bank.asked == []
    # A text of so many characters fits, however the browser ends its lines.
    assert ops.send(form, note="y\r\n" * (LONGEST_NOTE // 2 - 1)).status_code == 200
    market.application.payouts.paymaster.once()
    assert len(bank.asked) == 1


def test_support_sees_how_it_stands_and_hands_in_nothing(market: Market, visiting: Visiting, bank: Bank) -> None:
    order, sam = charged_back(market), visiting("sam", "en")
    assert "Hand in evidence" not in sam.get(page_of(order, "support"))
    ops = visiting("ops", "en")
    form = form_to(ops.get(page_of(order)), ending(order))
    ops.send(form)
    market.application.payouts.paymaster.once()
    assert "The evidence was handed in:" in sam.get(page_of(order, "support"))


def test_nothing_is_offered_where_nothing_can_be_handed_in(market: Market, visiting: Visiting, bank: Bank) -> None:
    ops = visiting("ops", "en")
    assert "Hand in evidence" not in ops.get(page_of(charged_back(market, None)))
    ended = charged_back(market)
    form = form_to(ops.get(page_of(ended)), ending(ended))
    market.do(ended.id, RecordChargebackOutcome(chargeback=ended.chargebacks[0].id, won=True), OPS)
    assert "Hand in evidence" not in ops.get(page_of(ended))
    answer = ops.send(form, note="Too late.")
    assert answer.status_code == 409
    bank.terms.contests = False
    other = charged_back(market)
    assert "Hand in evidence" not in ops.get(page_of(other))
    answer = ops.send(form, to=f"{page_of(other)}{ending(other)}", note="Please.")
    assert (answer.status_code, "goes through its payment provider" in answer.text) == (409, True)
    assert ops.send(form, to=f"{page_of(other)}/chargebacks/{other.id}-c9/evidence").status_code == 404
