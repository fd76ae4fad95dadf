"""Payouts over HTTP, in the sandbox: what is due to sellers leaves, and what is in its way is said."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from fairhold.domain.instants import DAY, SECOND, Instant
from fairhold.domain.payout_sums import due
from fairhold.engine.audit.auditing import audit
from fairhold.wiring import Application
from tests.api.client import Client, Response
from tests.api.deals import Deal, advance, place

NET = 503_500
"""What the seller has of an order of 530,000 after 5 %."""
SELLER = "seller:shop-7:RUB"


def released(operator: Client, **given: object) -> Deal:
    """An order whose money is due to the seller."""
    deal = replace(place(operator, **given), seller=operator.by(f"seller:{given.get('seller', 'shop-7')}"))
    deal.deliver().confirm()
    advance(operator, days=2)
    assert deal.now["status"] == "completed"
    return deal


def balances(operator: Client) -> dict[str, int]:
    found = operator.get("/v1/ledger/accounts").json["items"]
    return {one["name"]: one["balance"]["amount"] for one in found if one["balance"]["amount"]}


def pay_out(operator: Client, **given: object) -> Response:
    return operator.post("/v1/payouts", {"seller": "shop-7"} | given)


@pytest.fixture(autouse=True)
def clean(application: Application) -> Iterator[None]:
    """After each story the books are in order."""
    yield
    application.advance(Instant(application.clock.now() + SECOND))
    assert list(audit(application.store)) == []


def test_in_the_sandbox_nothing_leaves_before_somebody_asks(operator: Client) -> None:
    released(operator)
    advance(operator, days=60)
    assert balances(operator)[SELLER] == NET
    [balance] = operator.by("seller:shop-7").get("/v1/sellers/shop-7/balance").json["items"]
    assert (balance["due"]["amount"], balance["payable"]["amount"], balance["schedule"]) == (NET, NET, "on_request")


def test_what_is_asked_for_leaves_and_stands_on_both_statements(operator: Client) -> None:
    first, second = released(operator), released(operator)
    answer = pay_out(operator)
    assert answer.status == 201
    [payout] = answer.json["items"]
    assert payout["amount"] == {"amount": 2 * NET, "currency": "RUB"}
    advance(operator, seconds=3600)
    assert SELLER not in balances(operator)
    assert balances(operator)["provider:sandbox:RUB"] == -2 * 26_500
    shop = operator.by("seller:shop-7")
    one = shop.get(f"/v1/payouts/{payout['id']}").json
    assert (one["stage"], one["arrived"]["amount"]) == ("done", 2 * NET)
    assert {(part["order"], part["amount"]["amount"], part["stage"]) for part in one["parts"]} == {
        (first.id, NET, "sent"),
        (second.id, NET, "sent"),
    }
    lines = shop.get("/v1/sellers/shop-7/statement").json["items"]
    assert [(line["paid_out"]["amount"], line["due"]["amount"], line["fee"]["amount"]) for line in lines] == [
        (NET, 0, 26_500)
    ] * 2
    assert shop.get("/v1/payouts").json["items"][0]["id"] == payout["id"]
    assert shop.get("/v1/sellers/shop-7/balance").json["items"] == []


def test_asked_twice_under_one_key_it_leaves_once_and_is_answered_alike(operator: Client) -> None:
    released(operator)
    first = operator.post("/v1/payouts", {"seller": "shop-7"}, idempotency="pay-1")
    advance(operator, seconds=3600)
    released(operator)
    again = operator.post("/v1/payouts", {"seller": "shop-7"}, idempotency="pay-1")
    assert (first.status, again.status) == (201, 201)
    assert [one["id"] for one in again.json["items"]] == [one["id"] for one in first.json["items"]]
    assert balances(operator)[SELLER] == NET
    assert operator.post("/v1/payouts", {"seller": "shop-8"}, idempotency="pay-1").code == "idempotency_key_reused"


def test_nothing_due_is_said_and_nobody_elses_money_leaves(operator: Client) -> None:
    assert pay_out(operator).code == "nothing_due"
    released(operator, seller="shop-9")
    assert pay_out(operator).code == "nothing_due"
    assert pay_out(operator, seller="shop-9", currency="EUR").code == "nothing_due"
    answer = pay_out(operator, currency="ZZZ")
    assert (answer.code, answer.field) == ("invalid_request", "currency")
    shop = operator.by("seller:shop-7")
    assert shop.get("/v1/sellers/shop-9/balance").code == "payee_not_found"
    assert shop.get("/v1/sellers/shop-9/statement").code == "payee_not_found"
    [other] = pay_out(operator, seller="shop-9").json["items"]
    assert shop.get(f"/v1/payouts/{other['id']}").code == "payout_not_found"
    assert shop.get("/v1/payouts").json["items"] == []
    assert shop.post("/v1/payouts", {"seller": "shop-7"}).status == 403


def test_a_seller_who_wants_it_daily_is_paid_at_midnight_and_once(operator: Client, application: Application) -> None:
    released(operator)
    answer = operator.post("/v1/payees/shop-7", {"provider": "sandbox", "schedule": "daily"})
    assert (answer.status, answer.json["schedule"], answer.json["account"]) == (200, "daily", "shop-7")
    day = application.clock.now() // DAY
    advance(operator, seconds=60)
    made_today = len(operator.get("/v1/payouts").json["items"])
    advance(operator, days=1)
    [payout] = operator.get("/v1/payouts").json["items"]
    assert payout["made_by"] == "system"
    assert made_today in (0, 1)
    released(operator)
    advance(operator, days=3)
    assert len(operator.get("/v1/payouts").json["items"]) == 2
    assert SELLER not in balances(operator)
    assert application.clock.now() // DAY > day


def test_less_than_the_minimum_waits_for_more(operator: Client) -> None:
    operator.post("/v1/payees/shop-7", {"provider": "sandbox", "schedule": "daily", "minimum": {"RUB": NET + 1}})
    released(operator)
    advance(operator, days=3)
    assert operator.get("/v1/payouts").json["items"] == []
    [balance] = operator.get("/v1/sellers/shop-7/balance").json["items"]
    assert (balance["hindrance"], balance["minimum"]["amount"]) == ("below_minimum", NET + 1)
    released(operator)
    advance(operator, days=1)
    [payout] = operator.get("/v1/payouts").json["items"]
    assert payout["arrived"]["amount"] == 2 * NET


def test_a_reserve_stays_until_its_days_are_over(operator: Client) -> None:
    terms = {"provider": "sandbox", "schedule": "daily", "reserve_basis_points": 1_000, "reserve_days": 10}
    operator.post("/v1/payees/shop-7", terms)
    released(operator)
    advance(operator, days=2)
    assert balances(operator)[SELLER] == 50_350
    [balance] = operator.get("/v1/sellers/shop-7/balance").json["items"]
    assert (balance["reserved"]["amount"], balance["hindrance"]) == (50_350, "reserved")
    assert pay_out(operator).code == "all_reserved"
    advance(operator, days=10)
    assert SELLER not in balances(operator)


def test_what_a_bank_took_after_the_payout_is_asked_back(operator: Client, application: Application) -> None:
    deal = released(operator)
    pay_out(operator)
    application.courier.once()
    body = {"order": deal.id, "amount": 530_000, "reason": "fraud"}
    assert operator.post("/v1/chargebacks", body).status == 200
    application.courier.once()
    assert balances(operator)[SELLER] == -NET
    assert pay_out(operator).code == "seller_owes"
    application.courier.once()
    # It lay on the seller's account there still.
    assert SELLER not in balances(operator)
    types = [event["type"] for event in operator.get(f"{deal.url}/events").json["items"]]
    assert types[-2:] == ["payout_asked_back", "payout_taken_back"]
    advance(operator, seconds=3600)
    assert [one["stage"] for one in operator.get("/v1/payouts").json["items"]] == ["failed"]


def test_what_has_gone_to_the_bank_is_kept_of_the_next_order(operator: Client) -> None:
    deal = released(operator)
    pay_out(operator)
    advance(operator, seconds=3600)
    body = {"order": deal.id, "amount": 530_000, "reason": "fraud"}
    assert operator.post("/v1/chargebacks", body).status == 200
    advance(operator, seconds=60)
    assert pay_out(operator).code == "seller_owes"
    advance(operator, seconds=3600)
    types = [event["type"] for event in operator.get(f"{deal.url}/events").json["items"]]
    assert types[-2:] == ["payout_asked_back", "payout_not_taken_back"]
    assert balances(operator)[SELLER] == -NET
    released(operator)
    assert SELLER not in balances(operator)
    assert pay_out(operator).code == "nothing_due"


def test_buyers_hear_nothing_of_what_the_seller_has(operator: Client) -> None:
    deal = released(operator)
    pay_out(operator)
    advance(operator, seconds=3600)
    seen = {
        who.split(":")[0]: [event["type"] for event in operator.by(who).get(f"{deal.url}/events").json["items"]]
        for who in ("buyer:ann", "seller:shop-7", "operator:ops")
    }
    assert "payout_sent" not in seen["buyer"]
    assert seen["seller"][-2:] == seen["operator"][-2:] == ["payout_started", "payout_sent"]


def test_a_payee_is_changed_by_the_operator_alone_and_only_sensibly(operator: Client) -> None:
    url = "/v1/payees/shop-7"
    assert operator.post(url, {"provider": "nobody"}).code == "unknown_provider"
    assert operator.post(url, {"provider": "sandbox", "schedule": "hourly"}).field == "schedule"
    assert operator.post(url, {"provider": "sandbox", "minimum": {"ZZZ": 1}}).field == "minimum"
    assert operator.post(url, {"provider": "sandbox", "reserve_basis_points": 10_001}).field == "reserve_basis_points"
    for number in (
        "4111 1111 1111 1111",
        "DE89 3704 0044 0532 0130 00",
        "40817810099910004312",
        "gb29nwbk60161331926819",
    ):
        answer = operator.post(url, {"provider": "sandbox", "account": number})
        assert (answer.code, answer.field) == ("account_number", "account")
    assert operator.by("seller:shop-7").post(url, {"provider": "sandbox"}).status == 403
    assert operator.get(url).json["items"] == []
    assert operator.post(f"{url}/resumption", {"provider": "sandbox"}).code == "payee_not_found"
    operator.post(url, {"provider": "sandbox", "account": "acct_1"})
    assert operator.post(f"{url}/resumption", {"provider": "sandbox"}).json["account"] == "acct_1"
    assert operator.by("operator:max").post(f"{url}/care", {"provider": "sandbox"}).json["care"] == "operator:max"
    assert operator.get("/v1/payees?parked=1").json["items"] == []
    assert [one["account"] for one in operator.get("/v1/payees").json["items"]] == ["acct_1"]


@pytest.mark.parametrize("name", ["shop%00", "shop%E2%80%AE7", "%20", "x" * 10_000, "shop%0A7"])
def test_whoever_nobody_can_be_called_is_no_payee(operator: Client, name: str) -> None:
    known = operator.get("/v1/payees").json["items"]
    for path, body in (
        (f"/v1/payees/{name}", {"provider": "sandbox", "account": "acct_1"}),
        (f"/v1/payees/{name}/onboarding", {"provider": "sandbox", "country": "DE", "return_url": "https://a.example/"}),
    ):
        answer = operator.post(path, body)
        assert (answer.status, answer.code, answer.field) == (422, "invalid_request", "seller"), path[:40]
    assert operator.get("/v1/payees").json["items"] == known


def test_what_is_left_out_of_the_terms_stays(operator: Client) -> None:
    operator.post("/v1/payees/shop-9", {"provider": "sandbox", "schedule": "weekly", "account": "acct_1"})
    operator.post("/v1/payees/shop-9", {"provider": "sandbox", "reserve_days": 9})
    found = operator.post("/v1/payees/shop-9", {"provider": "sandbox", "account": "acct_2"}).json
    assert (found["schedule"], found["reserve_days"], found["account"]) == ("weekly", 9, "acct_2")


def test_the_seller_is_told_once_of_all_orders_in_a_payout(operator: Client, application: Application) -> None:
    released(operator)
    released(operator)
    pay_out(operator)
    advance(operator, seconds=3600)
    told = [one for one in operator.by("seller:shop-7").get("/v1/inbox").json["items"] if one["topic"] == "payout_sent"]
    assert len(told) == 1


def test_many_orders_leave_page_by_page(
    operator: Client, application: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fairhold.engine.payouts.making.MOST_ORDERS", 2)
    for _ in range(5):
        place(operator).deliver().confirm()
    advance(operator, days=2)
    made = pay_out(operator).json["items"]
    assert [one["amount"]["amount"] // NET for one in made] == [2, 2, 1]
    advance(operator, seconds=3600)
    assert SELLER not in balances(operator)


def test_what_one_process_began_another_ends(operator: Client, application: Application) -> None:
    """A payout is written down before its orders are told: whoever comes next tells them."""
    deal = released(operator)
    office = application.payouts
    started = office.payees._maker.start
    office.payees._maker.start = lambda payout: payout  # type: ignore[method-assign]
    pay_out(operator)
    office.payees._maker.start = started  # type: ignore[method-assign]
    order = application.queries.order(deal.id)  # type: ignore[arg-type]  # it is one
    assert order is not None
    assert due(order) == NET
    advance(operator, seconds=3600)
    assert SELLER not in balances(operator)


def test_orders_of_before_there_were_payouts_are_due_too(operator: Client, application: Application) -> None:
    released(operator)
    application.store.tables().change(("DELETE FROM purses WHERE version > ?", (0,)))
    assert operator.get("/v1/sellers/shop-7/balance").json["items"] == []
    application.store.set_setting("purses_caught_up", "0")
    application.payouts.paymaster._catching_up._done = False
    advance(operator, seconds=3600)
    [balance] = operator.get("/v1/sellers/shop-7/balance").json["items"]
    assert balance["due"]["amount"] == NET
