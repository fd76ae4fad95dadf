"""Webhooks of Stripe's found in public, of several versions: read, or refused with words."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from fairhold.domain.instants import SECOND, Instant
from fairhold.engine.outside.destinations import TryLater, Unreadable
from fairhold.engine.outside.payment_seen import (
    Bank,
    ChargebackSeen,
    Paid,
    PaymentSeen,
    State,
    TransferSeen,
)
from tests.fakes.stripe.server import SECRET, signature
from tests.gateways.fakes.served import Answer, Asked, Mood, served
from tests.gateways.payments.stripe_house import hanging_up

NOW = Instant(1_780_000_000 * SECOND)


@dataclass
class Canned:
    """A Stripe that knows a single object, and shows it whatever it is asked."""

    thing: dict[str, Any]
    mood: Mood = Mood.WELL
    asked: list[Asked] = field(default_factory=list)

    def answer(self, asked: Asked) -> Answer:
        return Answer(json.dumps(self.thing).encode())


def told_by(path: Path, **changed: object) -> tuple[object, ...]:
    """What an event found in public tells, where Stripe still shows its object as it was."""
    found = json.loads(path.read_bytes())
    thing = {**found["data"]["object"], **changed}
    body = path.read_bytes()
    headers = {"stripe-signature": signature(body, SECRET, NOW // SECOND)}
    with served(Canned(thing)) as url, hanging_up(url) as stripe:
        stripe._livemode = found["livemode"]
        return stripe.read(headers, body, "", NOW)


OURS = {"order": "o-1", "attempt": "2", "number": "3"}


@pytest.mark.shared
def test_a_payment_of_2020_is_read(shared: Path) -> None:
    path = shared / "data" / "payments" / "stripe" / "payment_intent.succeeded.json"
    assert told_by(path) == ()
    [seen] = told_by(path, metadata=OURS)
    assert isinstance(seen, PaymentSeen)
    assert (seen.order, seen.attempt, seen.state, seen.amount, seen.currency) == ("o-1", 2, State.DONE, 2000, "USD")
    assert seen.paid.payment.startswith("pi_")
    assert seen.paid.charge.startswith("ch_")


@pytest.mark.shared
def test_a_transfer_of_2016_is_read(shared: Path) -> None:
    path = shared / "data" / "payments" / "stripe" / "transfer.created.json"
    thing = json.loads(path.read_bytes())["data"]["object"]
    assert told_by(path) == ()
    [seen] = told_by(path, metadata=OURS)
    assert seen == TransferSeen("o-1", 3, thing["id"], thing["amount"], 0, thing["currency"].upper())


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "banks"),
    [
        ("created_inquiry", [(Bank.ASKS, 0)]),
        ("funds_withdrawn", [(Bank.TOOK, 1500)]),
        ("funds_reinstated", [(Bank.TOOK, 1500), (Bank.GAVE_BACK, -1500)]),
        ("closed_won", [(Bank.TOOK, 1500), (Bank.WON, 0)]),
    ],
)
def test_disputes_tell_what_the_bank_has_done(shared: Path, name: str, banks: list[tuple[Bank, int]]) -> None:
    path = shared / "data" / "payments" / "stripe" / f"charge.dispute.{name}.json"
    assert told_by(path) == ()
    intent = {
        "id": "pi_1",
        "amount": 1000,
        "amount_received": 1000,
        "amount_capturable": 0,
        "currency": "usd",
        "status": "succeeded",
        "metadata": OURS,
    }
    seen = told_by(path, payment_intent=intent)
    thing = json.loads(path.read_bytes())["data"]["object"]
    assert all(isinstance(one, ChargebackSeen) for one in seen)
    assert [(one.bank, one.fee) for one in seen if isinstance(one, ChargebackSeen)] == banks
    for one in seen:
        assert isinstance(one, ChargebackSeen)
        assert (one.order, one.chargeback, one.amount) == ("o-1", thing["id"], thing["amount"])
        assert one.paid == Paid("pi_1", thing["charge"])
        assert one.reason == thing["reason"]


@pytest.mark.shared
def test_every_old_event_that_lacks_what_money_depends_on_is_refused_with_words(shared: Path) -> None:
    paths = sorted((shared / "data" / "payments" / "stripe").glob("*.json"))
    assert len(paths) == 6
    for path in paths:
        for lacking in ("amount", "currency"):
            with pytest.raises((Unreadable, TryLater)) as caught:
                told_by(path, metadata=OURS, **{lacking: None})
            assert lacking in str(caught.value) or "Expected" in str(caught.value)
