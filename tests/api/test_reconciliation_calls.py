"""The calls about reconciliation: runs, open items, explanations; for the operator alone."""

import pytest

from fairhold.domain.instants import DAY, HOUR
from fairhold.engine.outside.payment_seen import Line, LineKind
from fairhold.proof.heads import day_text
from tests.api.client import Client, Response
from tests.api.test_payments import Shop, shop
from tests.api.test_reconciliation import Mended, later

__all__ = ["shop"]

RUNS, ITEMS = "/v1/reconciliation/runs", "/v1/reconciliation/items"


def mended(shop: Shop) -> Mended:
    """The statement as the calls see it, to be altered."""
    found = Mended(shop.application.payments.providers[shop.at.name])
    shop.application.reconciler.providers = {shop.at.name: found}  # type: ignore[dict-item]  # it states, which is all
    return found


def run(shop: Shop, **body: str) -> Response:
    response = shop.client.post(RUNS, body)
    assert response.status == 200, response.body
    return response


def one_item(shop: Shop) -> str:
    """An open item's id: a refund that nobody booked."""
    statement, at = mended(shop), shop.application.clock.now()
    strange = Line("line-1", LineKind.REFUND, -700, 0, "RUB", at, "refund-1")
    statement.change = lambda lines: [*lines, strange]
    later(shop, 3 * HOUR)
    assert run(shop).json["items"][0]["state"] == "differs"
    [item] = shop.client.get(ITEMS).json["items"]
    return str(item["id"])


def test_a_run_answers_with_its_day_and_is_listed(shop: Shop) -> None:
    shop.start().pay().hear()
    later(shop, 3 * HOUR)
    [ran] = run(shop).json["items"]
    assert (ran["provider"], ran["state"], ran["items"]) == (shop.at.name, "matched", 0)
    [day] = ran["days"]
    assert day["stated_balance"] == day["booked_balance"]
    assert day["stated_balance"]["amount"] == shop.stated
    listed = shop.client.get(f"{RUNS}?limit=1").json
    assert listed["items"] == [day]
    [turn] = listed["providers"]
    assert (turn["provider"], turn["failures"]) == (shop.at.name, 0)
    further = shop.client.get(f"{RUNS}?limit=2&cursor={listed['next']}").json["items"]
    assert all(one["day"] < day["day"] for one in further)
    assert shop.client.get(f"{RUNS}?provider=nobody").json["items"] == []


def test_an_item_ages_and_a_person_closes_it_with_a_reason(shop: Shop) -> None:
    id_ = one_item(shop)
    later(shop, 4 * DAY)
    [item] = shop.client.get(f"{ITEMS}?state=open").json["items"]
    assert (item["what"], item["line"], item["reference"]) == ("only_stated", "refund", "refund-1")
    assert (item["age_days"], item["difference"]["amount"]) == (4, -700)
    assert item["stated"]["amount"] == {"amount": -700, "currency": "RUB"}
    url = f"{ITEMS}/{id_}/explanation"
    first = shop.client.post(url, {"reason": " Paid back by hand. "}, idempotency="k-1")
    assert (first.status, first.json["reason"]) == (200, "Paid back by hand.")
    assert first.json["explained_by"] == "operator:ops"
    assert shop.client.post(url, {"reason": " Paid back by hand. "}, idempotency="k-1").body == first.body
    other = shop.client.post(url, {"reason": "Otherwise."}, idempotency="k-1")
    assert (other.status, other.code) == (422, "idempotency_key_reused")
    again = shop.client.post(url, {"reason": "Otherwise."})
    assert (again.status, again.code) == (409, "difference_closed")
    run(shop)
    assert shop.client.get(ITEMS).json["items"] == []
    [closed] = shop.client.get(f"{ITEMS}?state=closed").json["items"]
    assert (closed["id"], closed["reason"]) == (id_, "Paid back by hand.")
    day = shop.client.get(f"{RUNS}?limit=1").json["items"][0]
    assert (day["state"], day["explained"]["amount"], day["open"]["amount"]) == ("matched", -700, 0)


def test_figures_and_pages_of_items(shop: Shop) -> None:
    statement, at = mended(shop), shop.application.clock.now()
    strange = [Line(f"l-{n}", LineKind.OTHER, 100 + n, 0, "RUB", at, f"o-{n}") for n in range(5)]
    statement.change = lambda lines: [*lines, *strange]
    later(shop, 3 * HOUR)
    shop.application.reconciling.worker.once()
    run(shop)
    later(shop, 2 * DAY)
    shop.application.reconciling.worker.once()
    text = shop.application.metrics.text().decode()
    assert f'fairhold_reconciliation_items{{provider="{shop.at.name}"}} 5.0' in text
    seconds = float(text.partition(f'oldest_seconds{{provider="{shop.at.name}"}} ')[2].split()[0])
    assert 2 * 86_400 <= seconds < 2 * 86_400 + 600
    for state in ("open", "closed"):
        if state == "closed":
            statement.change = list
            run(shop)
        ids: list[str] = []
        url = f"{ITEMS}?state={state}&limit=2"
        while True:
            page = shop.client.get(url).json
            ids += [one["id"] for one in page["items"]]
            if page["next"] is None:
                break
            url = f"{ITEMS}?state={state}&limit=2&cursor={page['next']}"
        assert len(ids) == len(set(ids)) == 5


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"provider": "nobody"}, "provider"),
        ({"day": "yesterday"}, "day"),
        ({"day": "2020-01-01"}, "day"),
        ({"day": "2999-01-01"}, "day"),
        ({"days": 3}, "days"),
    ],
)
def test_what_cannot_be_compared_is_refused_by_name(shop: Shop, body: dict[str, str], field: str) -> None:
    response = shop.client.post(RUNS, body)
    assert (response.status, response.field) == (422, field)
    assert shop.client.get(RUNS).json["items"] == []


def test_an_explanation_needs_a_reason_and_an_item(shop: Shop) -> None:
    url = f"{ITEMS}/{one_item(shop)}/explanation"
    for body in ({}, {"reason": ""}, {"reason": "  "}, {"reason": "x" * 1001}, {"reason": "a\u0000"}):
        response = shop.client.post(url, body)
        assert (response.status, response.field) == (422, "reason")
    done = shop.client.post(url, {"reason": "Fee.\r\nInvoice 118.\r"})
    assert (done.status, done.json["reason"]) == (200, "Fee.\nInvoice 118.")
    missing = shop.client.post(f"{ITEMS}/diff-none/explanation", {"reason": "Because."})
    assert (missing.status, missing.code) == (404, "difference_not_found")


def test_two_runs_at_once_are_one(shop: Shop) -> None:
    now = shop.application.clock.now()
    rows = shop.application.reconciler.rows
    assert rows.claim(shop.at.name, now, now + HOUR, only_due=False)  # type: ignore[arg-type]  # an instant all the same
    assert run(shop).json["items"] == [
        {"provider": shop.at.name, "day": day_text(now // DAY), "state": "busy"},
    ]


def test_reconciliation_is_the_operators(operator: Client) -> None:
    for role in ("buyer:ann", "seller:shop-7", "support:sam", "mediator:mia"):
        client = operator.by(role)
        assert {client.get(RUNS).status, client.get(ITEMS).status, client.post(RUNS, {}).status} == {403}
    assert operator.post(RUNS, {}).json == {"items": []}
