"""What matters is asked for once more who one is, and nothing that was typed is lost on the way."""

from __future__ import annotations

from typing import Any

import pytest

from fairhold.domain.actors import Role
from fairhold.domain.payout_rules import OwnRules
from fairhold.web.views.payouts import OPERATING
from tests.web.conftest import Form, Visitor, form_to
from tests.web.gates import SECRET, House, heading, house, sign_in
from tests.web.test_account import add_app, later

__all__ = ["house", "later"]


def operator(house: House) -> Visitor:
    """An operator with an account and a second step, who has just shown who they are."""
    house.sign_up()
    house.employ(Role.OPERATOR)
    visitor = house.visitor()
    sign_in(visitor)
    add_app(visitor)
    return visitor


def test_the_operator_shows_who_they_are_anew_before_saying_where_everything_is_sent(house: House, later: Any) -> None:
    visitor = operator(house)
    form = form_to(visitor.get("/operator/webhooks/new"), "/operator/webhooks")
    later(16)
    visitor.get("/operator/webhooks")
    answer = visitor.client.get("/operator/webhooks/new", follow_redirects=False)
    assert answer.headers["location"].startswith("/account/proof?next=%2Foperator%2Fwebhooks")
    asked = visitor.send(form, url="https://elsewhere.example/hook", description="Ours <here>").text
    assert heading(asked) == "Is it you?"
    assert visitor.send(form_to(asked, "/operator/webhooks"), password="wrong").status_code == 422
    assert not house.application.webhooks.all()
    # The form is there again with what was typed, to be looked at and sent.
    again = visitor.send(form_to(asked, "/operator/webhooks"), password=SECRET).text
    assert "Nothing was sent yet: look, and send it now." in again
    assert not house.application.webhooks.all()
    form = form_to(again, "/operator/webhooks")
    assert dict(form.fields)["description"] == "Ours <here>"
    assert visitor.send(form).status_code == 200
    [made] = house.application.webhooks.all()
    assert (made.url, made.description) == ("https://elsewhere.example/hook", "Ours <here>")


def test_a_sellers_terms_stay_typed_while_the_operator_shows_who_they_are(house: House, later: Any) -> None:
    visitor = operator(house)
    rows = house.application.payouts.rows
    house.application.payouts.payees.set("shop-7", "stripe", "acct_1", OwnRules(), "operator:ops")
    address = f"{OPERATING}/sellers/shop-7"
    form = form_to(visitor.get(f"{address}/terms?provider=stripe"), "/terms")
    later(16)
    asked = visitor.send(form, account="acct_2", share="12.5", currency=["EUR", "JPY"], minimum=["5", "700"]).text
    again = visitor.send(form_to(asked, "/terms"), password=SECRET).text
    form = form_to(again, "/terms")
    assert (dict(form.fields)["account"], dict(form.fields)["share"]) == ("acct_2", "12.5")
    known = rows.payee("shop-7", "stripe")
    assert known is not None
    assert known.account == "acct_1"
    visitor.send(form)
    known = rows.payee("shop-7", "stripe")
    assert known is not None
    assert (known.account, known.own.reserve_basis_points) == ("acct_2", 1250)
    assert known.own.minimum == {"EUR": 500, "JPY": 700}
    # Where nothing is typed one comes back to where one pressed.
    form = Form(f"{address}/payout", "post", [*form.fields[:1], ("provider", "stripe"), ("currency", "EUR")])
    later(32)
    answer = visitor.send(form)
    assert answer.url.path == "/account/proof"
    back = visitor.send(form_to(answer.text, "/account/proof"), password=SECRET)
    assert str(back.url).endswith(f"{address}/payout/consequence?provider=stripe&currency=EUR")


@pytest.mark.parametrize(
    "path", ["bank/NO-SUCH/words", "orders/none/refunds/1/again", "orders/none/refunds/1/elsewhere"]
)
def test_money_that_is_seen_to_by_hand_takes_a_proof(house: House, later: Any, path: str) -> None:
    visitor = operator(house)
    token = form_to(visitor.get("/account"), "/account/name").fields[0]
    assert visitor.send(Form(f"/operator/{path}", "post", [token])).status_code == 404
    later(16)
    asked = visitor.send(Form(f"/operator/{path}", "post", [token]))
    assert (asked.status_code, heading(asked.text)) == (200, "Is it you?")


def test_an_invitation_and_a_key_stay_typed_too(house: House, later: Any) -> None:
    visitor = operator(house)
    invitation = form_to(visitor.get("/operator/staff"), "/operator/staff")
    key = form_to(visitor.get("/operator/keys"), "/operator/keys")
    later(16)
    asked = visitor.send(invitation, email="mia@example.org", role=["mediator", "support"]).text
    assert heading(asked) == "Is it you?"
    house.letters()
    again = form_to(visitor.send(form_to(asked, "/operator/staff"), password=SECRET).text, "/operator/staff")
    assert house.letters() == []
    assert ("email", "mia@example.org") in again.fields
    assert {value for name, value in again.fields if name == "role"} == {"mediator", "support"}
    assert "A letter is on its way to mia@example.org." in visitor.send(again).text
    later(16)
    key.fields[0] = again.fields[0]
    asked = visitor.send(key, label="Our shop", role="buyer", scope="bank").text
    again = form_to(visitor.send(form_to(asked, "/operator/keys"), password=SECRET).text, "/operator/keys")
    assert {("label", "Our shop"), ("role", "buyer"), ("scope", "bank")} <= set(again.fields)
    assert visitor.send(again).status_code == 200
    assert [row.label for row in house.application.members.keys.all()] == ["Our shop"]
