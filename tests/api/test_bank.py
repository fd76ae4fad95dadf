"""Paying by a bank transfer that operators see to, from the API to the ledger."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from fairhold.api.app import face
from fairhold.domain.instants import DAY, Instant
from fairhold.engine.audit.auditing import audit
from fairhold.engine.installation.payment_settings import PaymentSettings, read_payments
from fairhold.engine.installation.settings import Settings
from fairhold.wiring import Application, build
from tests.api.client import KEY, Client
from tests.api.deals import Deal, advance, place
from tests.databases import up_to_date

DETAILS = "Fairhold Ltd\nIBAN DE89 3704 0044 0532 0130 00"
TOTAL = 530_000


class Shop:
    """A marketplace whose buyers pay by transfers; the price of this order is below what two people are needed for."""

    def __init__(self, application: Application, client: Client) -> None:
        self.application = application
        self.client = client
        self.deal: Deal = place(client)
        self.ops, self.eve = client.by("operator:ops"), client.by("operator:eve")

    def start(self) -> "Shop":
        response = self.deal.buyer.post(f"{self.deal.url}/payment", {"method": "bank"})
        assert response.status == 200, response.body
        self.application.courier.once()
        return self

    def tasks(self, state: str = "open") -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.ops.get(f"/v1/bank/tasks?state={state}").json["items"]
        return found

    @property
    def task(self) -> str:
        [one] = self.tasks()
        return f"/v1/bank/tasks/{one['id']}"

    def came(self, amount: int = TOTAL) -> dict[str, Any]:
        return {"said": "came", "amount": amount, "reference": "line 7"}

    @property
    def balances(self) -> dict[str, int]:
        response = self.ops.get("/v1/ledger/accounts")
        return {one["name"]: one["balance"]["amount"] for one in response.json["items"] if one["balance"]["amount"]}


def _shop(tmp_path: Path, two_from: int) -> Iterator[Shop]:
    with asyncio.Runner() as runner:
        application = build(
            Settings(
                database=f"sqlite:///{up_to_date(tmp_path / 'test.db')}",
                secret="a-secret-of-the-tests",
                operator_key=KEY,
                sandbox=True,
                url="https://shop.example",
                payments=PaymentSettings(bank_details=DETAILS, bank_two_from={"RUB": two_from}),
            )
        )
        application.start(background=False)
        try:
            made = Shop(application, Client(face(application), runner).by("operator:ops"))
            yield made
            assert list(audit(application.store)) == []
            ends = Instant(application.clock.now() + DAY)
            lines = application.payments.providers["bank"].statement(Instant(0), ends)
            assert sum(line.amount for line in lines) == -made.balances.get("provider:bank:RUB", 0)
        finally:
            application.close()


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    yield from _shop(tmp_path, TOTAL + 1)


@pytest.fixture
def careful(tmp_path: Path) -> Iterator[Shop]:
    yield from _shop(tmp_path, TOTAL)


def test_an_order_is_paid_as_soon_as_an_operator_says_that_the_money_came(shop: Shop) -> None:
    shop.start()
    page = shop.deal.now["payment_page"]
    [task] = shop.tasks()
    assert page.startswith(f"https://shop.example/bank/{task['id']}/")
    assert (task["kind"], task["state"], task["order"]) == ("payment", "open", shop.deal.id)
    assert task["amount"] == {"amount": TOTAL, "currency": "RUB"}
    assert (task["two_people"], task["awaits_second"]) == (False, False)
    response = shop.ops.post(f"{shop.task}/words", shop.came())
    assert (response.status, response.json["state"]) == (200, "done")
    assert response.json["word"]["first_by"] == "operator:ops"
    assert shop.deal.now["status"] == "awaiting_shipment"
    assert shop.balances == {"held:RUB": TOTAL, "provider:bank:RUB": -TOTAL}
    assert shop.tasks() == []
    assert len(shop.tasks("done")) == 1


def test_a_large_sum_takes_two_operators_and_a_word_can_be_taken_back(careful: Shop) -> None:
    careful.start()
    task = careful.task
    first = careful.ops.post(f"{task}/words", careful.came())
    assert (first.json["awaits_second"], first.json["state"]) == (True, "open")
    assert (first.json["word"]["amount"]["amount"], first.json["word"]["reference"]) == (TOTAL, "line 7")
    # The second person learns who has looked and when, and not what they wrote.
    for seen in (careful.eve.get(task).json, careful.eve.get("/v1/bank/tasks").json["items"][0]):
        assert seen["word"] == {"said": "came", "first_by": "operator:ops", "first_at": first.json["word"]["first_at"]}
    assert careful.ops.get(task).json["word"] == first.json["word"]
    assert careful.deal.now["status"] == "awaiting_payment"
    other = careful.eve.post(f"{task}/words", careful.came(TOTAL - 1))
    assert (other.status, other.code) == (409, "bank_another_word")
    back = careful.eve.post(f"{task}/words/withdrawal", {})
    assert back.json.get("word") is None
    again = careful.eve.post(f"{task}/words/withdrawal", {})
    assert (again.status, again.json) == (200, back.json)
    careful.eve.post(f"{task}/words", careful.came())
    done = careful.ops.post(f"{task}/words", careful.came())
    assert (done.json["state"], done.json["word"]["second_by"]) == ("done", "operator:ops")
    assert (done.json["word"]["first_by"], done.json["word"]["reference"]) == ("operator:eve", "line 7")
    assert careful.deal.now["money"]["held"] == TOTAL
    late = careful.eve.post(f"{task}/words/withdrawal", {})
    assert (late.status, late.code) == (409, "bank_settled")


def test_nobody_says_anything_of_an_order_of_their_own(shop: Shop) -> None:
    shop.start()
    for person in ("ann", "shop-7"):
        response = shop.client.by(f"operator:{person}").post(f"{shop.task}/words", shop.came())
        assert (response.status, response.code) == (403, "bank_own_order"), response.body
    for role in ("support:sam", "mediator:mia"):
        assert shop.client.by(role).get("/v1/bank/tasks").status == 403
    assert shop.deal.now["status"] == "awaiting_payment"


def test_a_word_is_said_once_under_one_key(shop: Shop) -> None:
    shop.start()
    task = shop.task
    answers = [shop.ops.post(f"{task}/words", shop.came(), idempotency="k-1") for _ in range(3)]
    assert {one.status for one in answers} == {200}
    assert answers[0].json == answers[1].json == answers[2].json
    other = shop.ops.post(f"{task}/words", shop.came(1), idempotency="k-1")
    assert (other.status, other.code) == (422, "idempotency_key_reused")
    types = [event["type"] for event in shop.deal.buyer.get(f"{shop.deal.url}/events").json["items"]]
    assert types.count("payment_received") == 1


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"said": "sent", "reference": "7"}, "said"),
        ({"said": "gone"}, "said"),
        ({"said": "came", "amount": 0, "reference": "7"}, "amount"),
        ({"said": "came", "amount": -1, "reference": "7"}, "amount"),
        ({"said": "came", "amount": 5, "reference": "  "}, "reference"),
        ({"said": "came", "amount": 5, "reference": "a\nb"}, "reference"),
        ({"said": "not_done"}, "why"),
    ],
)
def test_what_cannot_be_said_is_refused_by_field_and_changes_nothing(
    shop: Shop, body: dict[str, Any], field: str
) -> None:
    shop.start()
    before = shop.tasks()
    response = shop.ops.post(f"{shop.task}/words", body)
    assert (response.status, response.field) == (422, field), response.body
    assert shop.tasks() == before
    assert shop.ops.post("/v1/bank/tasks/NONE/words", body).code == "bank_task_not_found"
    assert shop.ops.get("/v1/bank/tasks/NONE").status == 404


def test_another_sum_goes_back_and_is_sent_by_an_operator(shop: Shop) -> None:
    shop.start()
    shop.ops.post(f"{shop.task}/words", shop.came(1_000))
    assert shop.deal.now["status"] == "awaiting_payment"
    shop.application.courier.once()
    [refund] = shop.tasks()
    assert (refund["kind"], refund["amount"]["amount"]) == ("refund", 1_000)
    assert shop.balances == {"refunds:RUB": 1_000, "provider:bank:RUB": -1_000} or shop.balances
    sent = shop.ops.post(f"{shop.task}/words", {"said": "sent", "reference": "out 1"})
    assert sent.json["state"] == "done"
    assert shop.balances == {}


def test_money_that_comes_after_the_order_is_off_is_sent_back(shop: Shop) -> None:
    shop.start()
    task = shop.task
    assert shop.deal.buyer.post(f"{shop.deal.url}/cancellation", {}).status == 200
    shop.application.courier.once()
    [closed] = shop.tasks("ended")
    assert closed["state"] == "closed"
    done = shop.ops.post(f"{task}/words", shop.came())
    assert done.json["state"] == "done"
    shop.application.courier.once()
    [refund] = shop.tasks()
    assert refund["amount"]["amount"] == TOTAL
    shop.ops.post(f"/v1/bank/tasks/{refund['id']}/words", {"said": "sent", "reference": "out 1"})
    assert shop.balances == {}


def test_a_refund_that_the_bank_sends_back_is_seen_and_stays_with_people(shop: Shop) -> None:
    shop.start()
    shop.ops.post(f"{shop.task}/words", shop.came(1_000))
    shop.application.courier.once()
    refund = shop.task
    early = shop.ops.post(f"{refund}/return", {"amount": 1_000, "reference": "back 1"})
    assert (early.status, early.code) == (409, "bank_settled")
    shop.ops.post(f"{refund}/words", {"said": "sent", "reference": "out 1"})
    much = shop.ops.post(f"{refund}/return", {"amount": 1_001, "reference": "back 1"})
    assert (much.status, much.field) == (422, "amount")
    back = shop.ops.post(f"{refund}/return", {"amount": 1_000, "reference": "back 1"})
    assert (back.json["kind"], back.json["state"]) == ("return", "done")
    assert shop.ops.post(f"{refund}/return", {"amount": 1_000, "reference": "back 1"}).json == back.json
    # The order has heard of it: the buyer is to get it, and the account has it.
    assert shop.balances["refunds:RUB"] == 1_000
    shop.ops.post(f"/v1/bank/tasks/{back.json['id']}/words", {"said": "not_done", "why": "a slip"})
    lines = list(shop.application.payments.providers["bank"].statement(Instant(0), Instant(2**60)))
    assert sum(line.amount for line in lines) == 1_000


def test_a_payment_for_which_nobody_sends_money_ends_with_its_time(shop: Shop) -> None:
    shop.start()
    advance(shop.client, seconds=30 * 24 * 3600)
    assert shop.deal.now["status"] == "cancelled"
    assert [one["state"] for one in shop.tasks("ended")] == ["closed"]
    assert not shop.application.queries.outbox("parked")


def test_the_list_goes_on_page_by_page(shop: Shop) -> None:
    for _ in range(3):
        shop.deal = place(shop.client)
        shop.start()
    first = shop.ops.get("/v1/bank/tasks?limit=2").json
    rest = shop.ops.get(f"/v1/bank/tasks?limit=2&cursor={first['next']}").json
    assert rest["next"] is None
    assert len({one["id"] for one in first["items"] + rest["items"]}) == 3
    assert shop.ops.get(f"/v1/bank/tasks?state=done&cursor={first['next']}").code == "invalid_cursor"
    assert shop.ops.get("/v1/bank/tasks?state=all").field == "state"


def test_settings_say_whether_and_from_which_sum() -> None:
    told = read_payments(
        {"FAIRHOLD_BANK_DETAILS": "Fairhold Ltd \n IBAN DE89", "FAIRHOLD_BANK_TWO_FROM": "EUR=5,RUB=7"}
    )
    assert (told.bank_details, dict(told.bank_two_from)) == ("Fairhold Ltd\nIBAN DE89", {"EUR": 5, "RUB": 7})
    assert "Ltd" not in repr(told)
    assert read_payments({}).bank_two_from["RUB"] == 10_000_000
    for wrong in ("EUR", "EUR=-1", "XXQ=5", "EUR=1,EUR=2", "EUR=1.5"):
        with pytest.raises(ValueError, match="FAIRHOLD_BANK_TWO_FROM"):
            read_payments({"FAIRHOLD_BANK_TWO_FROM": wrong})
    for wrong in ("a" * 2001, "tab\tin it"):
        with pytest.raises(ValueError, match="FAIRHOLD_BANK_DETAILS"):
            read_payments({"FAIRHOLD_BANK_DETAILS": wrong})
