"""Passkeys: to sign in with alone, or as the second step; and answers that must not count."""

from __future__ import annotations

import re
from html import unescape

import httpx2
import pytest

from fairhold.domain.actors import Role
from tests.web.authenticator import PRESENT, Authenticator
from tests.web.conftest import Form, Visitor, form_to, forms
from tests.web.gates import URL, House, heading, house, sign_in

__all__ = ["house"]
HOST = "safe.example"


def device(**more: object) -> Authenticator:
    return Authenticator(**({"origin": URL, "host": HOST} | more))  # type: ignore[arg-type]  # a test says what is wrong


def asked(page: str, ending: str) -> tuple[Form, str]:
    """The form that brings a passkey, and what it asks the browser."""
    for attributes in re.findall(r"<form\b([^>]*data-passkey[^>]*)>", page):
        action = re.search(r'action="([^"]*)"', attributes)
        options = re.search(r'data-options="([^"]*)"', attributes)
        if action and options and action[1].endswith(ending):
            [form] = [f for f in forms(page) if f.action == action[1] and "credential" in dict(f.fields)]
            return form, unescape(options[1])
    raise AssertionError(f"no passkey is asked for: {heading(page)}")


def add(visitor: Visitor, own: Authenticator, name: str = "Phone") -> httpx2.Response:
    form, options = asked(visitor.get("/account/second-step"), "/passkeys")
    return visitor.send(form, credential=own.create(options), passkey_name=name)


def enter(visitor: Visitor, own: Authenticator, **more: str) -> httpx2.Response:
    form, options = asked(visitor.get("/sign-in"), "/sign-in/passkey")
    return visitor.send(form, credential=own.get(options), **more)


def test_a_passkey_signs_in_alone_and_is_both_factors_for_staff(house: House) -> None:
    visitor, own = house.sign_up(), device()
    answer = add(visitor, own)
    assert heading(answer.text) == "Your recovery codes"
    assert "Phone" in visitor.get("/account/second-step")
    house.employ(Role.OPERATOR)
    other = house.visitor()
    assert enter(other, own).url.path == "/operator"
    assert "by passkey" in other.get("/account")


def test_a_passkey_is_the_second_step_after_a_password(house: House) -> None:
    visitor, own = house.sign_up(), device(flags=PRESENT)
    add(visitor, own)
    other = house.visitor()
    page = sign_in(other)
    assert heading(page.text) == "Second step"
    form, options = asked(page.text, "/sign-in/second-step")
    assert other.send(form, credential=own.get(options)).url.path == "/orders"


def test_without_a_finger_or_a_pin_a_passkey_alone_lets_nobody_in(house: House) -> None:
    visitor, own = house.sign_up(), device(flags=PRESENT)
    add(visitor, own)
    other = house.visitor()
    assert enter(other, own).status_code == 422
    assert other.client.get("/orders", follow_redirects=False).status_code == 303


def test_an_answer_counts_once(house: House) -> None:
    visitor, own = house.sign_up(), device()
    add(visitor, own)
    form, options = asked(house.visitor().get("/sign-in"), "/sign-in/passkey")
    answer = own.get(options)
    assert house.visitor().send(form, credential=answer).url.path == "/orders"
    assert house.visitor().send(form, credential=answer).status_code == 422


def test_a_copied_passkey_is_noticed_by_its_counter(house: House) -> None:
    visitor, own = house.sign_up(), device()
    add(visitor, own)
    assert enter(house.visitor(), own).status_code == 200
    own.uses = 0
    assert enter(house.visitor(), own).status_code == 422


@pytest.mark.parametrize(
    "wrong",
    [{"origin": "https://evil.example"}, {"origin": "http://safe.example"}, {"host": "evil.example"}, {"flags": 0}],
)
def test_what_was_shown_to_another_site_does_not_count_here(house: House, wrong: dict[str, object]) -> None:
    visitor, own = house.sign_up(), device()
    for name, value in wrong.items():
        setattr(own, name, value)
    assert add(visitor, own).status_code == 422
    own = device()
    add(visitor, own)
    for name, value in wrong.items():
        setattr(own, name, value)
    assert enter(house.visitor(), own).status_code == 422


def test_a_challenge_is_for_one_person_and_one_purpose(house: House) -> None:
    ann, eve = house.sign_up(), house.sign_up("eve@example.org", "Eve")
    own, theirs = device(), device()
    add(ann, own)
    add(eve, theirs)
    second = house.visitor()
    form, options = asked(sign_in(second).text, "/sign-in/second-step")
    assert second.send(form, credential=theirs.get(options)).status_code == 422, (
        "eve's passkey is not ann's second step"
    )
    creation, asked_of_ann = asked(ann.get("/account/second-step"), "/passkeys")
    challenge = dict(creation.fields)["challenge"]
    mine, _ = asked(eve.get("/account/second-step"), "/passkeys")
    assert eve.send(mine, credential=device().create(asked_of_ann), challenge=challenge).status_code == 422
    login, _ = asked(house.visitor().get("/sign-in"), "/sign-in/passkey")
    assert house.visitor().send(login, credential=own.get(asked_of_ann), challenge=challenge).status_code == 422


def test_a_credential_that_somebody_has_cannot_be_added_by_another(house: House) -> None:
    ann, eve, own = house.sign_up(), house.sign_up("eve@example.org", "Eve"), device()
    add(ann, own)
    assert add(eve, own).status_code == 422
    assert enter(house.visitor(), own).status_code == 200


NO_ANSWERS = (
    "", "{", "[]", "1", '{"id": 5}', '{"id": "а"}', '{"id": "a\\u0000"}', '{"id":"x","rawId":"x"}', "x" * 9000, "[" * 5000,
    '{"id":"x","a":' + "[" * 5000,
)  # fmt: skip


@pytest.mark.parametrize("answer", NO_ANSWERS)
def test_what_is_no_answer_is_refused(house: House, answer: str) -> None:
    visitor = house.sign_up()
    form, _ = asked(house.visitor().get("/sign-in"), "/sign-in/passkey")
    assert house.visitor().send(form, credential=answer).status_code == 422
    form, _ = asked(visitor.get("/account/second-step"), "/passkeys")
    assert visitor.send(form, credential=answer).status_code == 422
    assert visitor.send(form, credential=answer, challenge="x" * 50).status_code == 422


def test_a_passkey_of_nobody_and_a_removed_one_let_nobody_in(house: House) -> None:
    visitor, own = house.sign_up(), device()
    assert enter(house.visitor(), own).status_code == 422
    add(visitor, own)
    add(visitor, device(), "Second")
    page = visitor.get("/account/second-step")
    visitor.send(form_to(page, "/passkeys/removal"))
    assert enter(house.visitor(), own).status_code == 422
    assert "Second" in visitor.get("/account/second-step")
    assert heading(sign_in(house.visitor()).text) == "Second step"
    visitor.send(form_to(visitor.get("/account/second-step"), "/passkeys/removal"))
    assert sign_in(house.visitor()).url.path == "/orders"


def test_a_passkey_shows_who_one_is_before_what_matters(house: House) -> None:
    visitor, own = house.sign_up(), device()
    add(visitor, own)
    form, options = asked(visitor.get("/account/proof?next=/account/password"), "/account/proof")
    answer = visitor.send(form, credential=own.get(options))
    assert str(answer.url) == f"{URL}/account/password"


def test_there_is_an_end_to_passkeys_and_names_are_one_line(house: House) -> None:
    visitor = house.sign_up()
    for number in range(10):
        assert add(visitor, device(), f"Key\u202e {number}\n<b>").status_code == 200
    assert add(visitor, device()).status_code == 422
    page = visitor.get("/account/second-step")
    assert "Key 0 &lt;b&gt;" in page
    assert "\u202e" not in page
