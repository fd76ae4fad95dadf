"""The operator's pages about the staff: an invitation by letter, roles given and taken, and never a house without an operator."""

from __future__ import annotations

import pytest

from fairhold.domain.actors import Role
from fairhold.web import sessions
from tests.web.conftest import Visiting, Visitor, form_to
from tests.web.gates import SECRET, House, heading, house, main, sign_in, with_second_step

__all__ = ["house"]
STAFF = "/operator/staff"


def operator(house: House, email: str = "ops@example.org") -> Visitor:
    """Somebody with an account, the operator's role and a second step, signed in."""
    house.sign_up(email, "Olga")
    house.employ(Role.OPERATOR, email=email)
    visitor = house.visitor()
    sign_in(visitor, email)
    with_second_step(visitor)
    house.letters()
    return visitor


def test_a_letter_invites_and_its_link_makes_an_account_with_these_roles(house: House) -> None:
    ops = operator(house)
    answer = ops.send(form_to(ops.get(STAFF), STAFF), email="mia@example.org", role=["mediator", "support"])
    assert "A letter is on its way to mia@example.org." in answer.text
    form = form_to(house.visitor().get(link := house.link()), "/sign-up/confirm")
    mia = house.visitor()
    mia.get(link)
    assert mia.send(form, name="Mia", password=SECRET).status_code == 200
    assert set(house.account("mia@example.org").roles) == {"mediator", "support"}
    page = main(ops.get(STAFF))
    assert "Mia" in page
    assert "no second step yet" in page
    assert "second step on" in page, "the operator's own"


def test_whoever_has_an_account_is_shown_with_their_roles_and_gets_no_letter(house: House) -> None:
    ops = operator(house)
    house.sign_up("ann@example.org")
    house.letters()
    answer = ops.send(form_to(ops.get(STAFF), STAFF), email="Ann@Example.org", role="support")
    assert answer.url.path == f"{STAFF}/{house.account().person}"
    assert "has an account already" in answer.text
    assert house.letters() == []
    assert house.account().roles == ("buyer",)


@pytest.mark.parametrize(
    ("fields", "told"),
    [({"email": "ann@example.org"}, "Choose at least one role."), ({"email": "ann@", "role": "support"}, "no e-mail")],
)
def test_what_invites_nobody_is_told_beside_its_field(house: House, fields: dict[str, str], told: str) -> None:
    ops = operator(house)
    answer = ops.send(form_to(ops.get(STAFF), STAFF), **fields)
    assert answer.status_code == 422
    assert told in answer.text
    assert fields["email"] in answer.text, "what was typed stays"
    assert house.letters() == []


def test_roles_are_given_and_taken_sessions_end_and_a_buyer_stays_one(house: House) -> None:
    ops = operator(house)
    ann = house.sign_up("ann@example.org")
    assert ann.client.get("/orders").status_code == 200
    there = f"{STAFF}/{house.account().person}"
    assert ops.send(form_to(ops.get(there), there), role=["support", "system", "made-up"]).status_code == 200
    assert set(house.account().roles) == {"buyer", "support"}
    assert ann.client.get("/orders", follow_redirects=False).status_code == 303, "signed out"
    ops.send(form_to(ops.get(there), there), role=[])
    assert house.account().roles == ("buyer",)
    assert "Анна" not in main(ops.get(STAFF))


def test_the_last_operator_stays_one(house: House) -> None:
    ops = operator(house)
    own = f"{STAFF}/{house.account('ops@example.org').person}"
    answer = ops.send(form_to(ops.get(own), own), role="support")
    assert answer.status_code == 422
    assert "This is the last operator." in answer.text
    house.sign_up("ann@example.org")
    house.employ(Role.OPERATOR)
    assert ops.send(form_to(ops.get(own), own), role="support").status_code == 200
    assert "operator" not in house.account("ops@example.org").roles


def test_whoever_lets_staff_in_shows_once_more_who_they_are(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    ops = operator(house)
    form = form_to(ops.get(STAFF), STAFF)
    real = sessions.now
    monkeypatch.setattr(sessions, "now", lambda: real() + 16 * 60_000_000)
    answer = ops.send(form, email="mia@example.org", role="support")
    assert heading(answer.text) == "Is it you?"
    assert house.letters() == []


def test_the_demos_operator_may_look_and_nobody_else(visiting: Visiting) -> None:
    assert "Invite somebody" in visiting("ops", "en").get(STAFF)
    assert visiting("sam", "en").client.get(STAFF).status_code == 404
