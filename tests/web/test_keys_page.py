"""The operator's page of keys: shown once, made once, and only after showing who asks."""

from __future__ import annotations

import re

import pytest

from fairhold.domain.actors import Role
from fairhold.web import sessions
from tests.web.conftest import Market, Visiting, Visitor, form_to
from tests.web.gates import House, heading, house, sign_in, with_second_step

__all__ = ["house"]


def shown(text: str) -> str:
    found = re.search(r'id="new-key">(fh_[\w-]+)<', text)
    assert found, heading(text)
    return found[1]


def test_a_key_is_made_once_however_often_the_form_is_sent_and_shown_this_once(
    market: Market, visiting: Visiting
) -> None:
    ops = visiting("ops", "en")
    form = form_to(ops.get("/operator/keys"), "/operator/keys")
    texts = [ops.send(form, role=["buyer", "seller"], scope="tracking", label="Shop <b>").text for _ in range(2)]
    key = shown(texts[0])
    assert shown(texts[1]) == key
    page = ops.get("/operator/keys")
    assert key not in page
    assert "Shop &lt;b&gt;" in page
    assert len(market.application.members.keys.all()) == 1


def test_a_key_is_replaced_and_revoked(market: Market, visiting: Visiting) -> None:
    ops = visiting("ops", "ru")
    shown(ops.send(form_to(ops.get("/operator/keys"), "/operator/keys"), role="buyer").text)
    page = ops.get("/operator/keys")
    shown(ops.send(form_to(page, "/rotation"), overlap="168").text)
    page = ops.get("/operator/keys")
    assert "заменён, действует до" in page
    while "/revocation" in page:
        page = ops.send(form_to(page, "/revocation")).text
    assert all(not market.application.members.keys.is_live(key) for key in market.application.members.keys.all())


def test_what_makes_no_key_is_told(visiting: Visiting) -> None:
    ops = visiting("ops", "en")
    form = form_to(ops.get("/operator/keys"), "/operator/keys")
    for fields in ({"label": "x"}, {"role": "system"}, {"role": "buyer", "label": "a\x00b"}):
        assert ops.send(form, **fields).status_code == 422
    token = dict(form.fields)["token"]
    assert ops.client.post("/operator/keys/none/rotation", data={"token": token}).status_code == 404
    assert ops.client.post("/operator/keys/none/revocation", data={"token": token}).status_code == 404
    assert visiting("ann").client.get("/operator/keys").status_code == 404


def test_an_operator_with_an_account_shows_once_more_who_they_are(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.sign_up()
    house.employ(Role.OPERATOR)
    visitor: Visitor = house.visitor()
    sign_in(visitor)
    with_second_step(visitor)
    form = form_to(visitor.get("/operator/keys"), "/operator/keys")
    real = sessions.now
    monkeypatch.setattr(sessions, "now", lambda: real() + 16 * 60_000_000)
    answer = visitor.send(form, role="buyer")
    assert heading(answer.text) == "Is it you?"
    assert house.application.members.keys.all() == []
    monkeypatch.setattr(sessions, "now", real)
    shown(visitor.send(form, role="buyer").text)
