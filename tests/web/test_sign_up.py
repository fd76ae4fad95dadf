"""Getting an account and getting in: what works, and what is tried by those who should not."""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor

import pytest
from starlette.testclient import TestClient

from fairhold.domain.actors import Role
from fairhold.web.sessions import COOKIE, SECURE_COOKIE
from tests.web.conftest import form_to
from tests.web.gates import SECRET, URL, House, heading, house, main, sign_in

__all__ = ["house"]


def test_somebody_makes_an_account_by_a_letter_and_is_let_in(house: House) -> None:
    visitor = house.sign_up()
    assert "Анна" in visitor.get("/orders")
    account = house.account()
    assert (account.email, account.roles, account.language) == ("ann@example.org", ("buyer",), "en")
    contact = house.application.contacts.contact(account.person)
    assert contact is not None
    assert (contact.email, contact.name, contact.language) == ("ann@example.org", "Анна", "en")
    answer = sign_in(house.visitor("ru"))
    assert answer.url.path == "/orders"


def test_whoever_sells_says_so_and_has_both_sides(house: House) -> None:
    visitor = house.sign_up(sells="yes")
    assert house.account().roles == ("buyer", "seller")
    visitor.get("/selling")


def test_an_address_with_and_one_without_an_account_look_the_same(house: House) -> None:
    house.sign_up()
    for page, known, unknown in (
        ("/sign-up", "account_exists", "account_welcome"),
        ("/forgotten", "account_reset", "account_nobody"),
    ):
        said = []
        for email, template in (("ANN@example.org", known), ("bob@example.org", unknown)):
            visitor = house.visitor()
            answer = visitor.send(form_to(visitor.get(page), page), email=email)
            said.append((answer.status_code, main(answer.text).replace(email, "…")))
            [letter] = house.letters()
            assert letter["template"] == template
            assert str(letter["to"]).lower() == email.lower()
        assert said[0] == said[1]
    wrong = []
    for email, password in (
        ("ann@example.org", "not the password"),
        ("bob@example.org", SECRET),
        ("no address", SECRET),
    ):
        answer = sign_in(house.visitor(), email, password)
        wrong.append((answer.status_code, main(answer.text).replace(email, "…")))
        assert "fairhold_session" not in str(answer.headers)
    assert wrong[0] == wrong[1] == wrong[2]
    assert wrong[0][0] == 422


def test_a_stranger_who_knows_the_address_alone_never_chooses_the_password(house: House) -> None:
    """Whoever signs up first with another's address gets nothing by it: the password is chosen behind the letter's link."""
    eve = house.visitor()
    page = eve.get("/sign-up")
    eve.send(form_to(page, "/sign-up"), email="ann@example.org", password="eve's password", name="Eve")
    house.link()
    assert house.application.members.accounts.by_email("ann@example.org") is None


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"password": "short"}, "too short"),
        ({"password": "password123"}, "thieves"),
        ({"password": "aaaaaaaaaaaa"}, "thieves"),
        ({"password": "x" * 201}, "too long"),
        ({"password": "Ann Example"}, "own name"),
        ({"password": "ann@example.org"}, "own name"),
        ({"name": "\u202eevil"}, "in one line"),
        ({"name": " "}, "in one line"),
        ({"name": "a\x00b"}, "in one line"),
        ({"password": "zero\x00byte!"}, "too long"),
    ],
)
def test_a_bad_name_or_password_is_told_beside_its_field_and_the_link_still_works(
    house: House, fields: dict[str, str], message: str
) -> None:
    visitor = house.visitor()
    visitor.send(form_to(visitor.get("/sign-up"), "/sign-up"), email="ann@example.org")
    link = house.link()
    form = form_to(visitor.get(link), "/sign-up/confirm")
    answer = visitor.send(form, **{"name": "Ann Example", "password": SECRET} | fields)
    assert answer.status_code == 422
    assert message in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert SECRET not in answer.text
    assert visitor.send(form, name="Ann Example", password=SECRET).status_code == 200


@pytest.mark.parametrize(
    "email", ["", "ann", "ann@", "a@b", "a b@example.org", "a@example.org\r\nBcc: x@y.org", "я@пример.рф", "a@1.2.3.4"]
)
def test_what_is_no_address_is_told_beside_the_field_and_nothing_is_sent(house: House, email: str) -> None:
    for page in ("/sign-up", "/forgotten"):
        visitor = house.visitor()
        answer = visitor.send(form_to(visitor.get(page), page), email=email)
        assert (answer.status_code, 'aria-invalid="true"' in answer.text) == (422, True)
    assert house.letters() == []


def test_a_link_works_once_and_one_for_something_else_not_at_all(house: House) -> None:
    house.sign_up()
    visitor = house.visitor()
    visitor.send(form_to(visitor.get("/forgotten"), "/forgotten"), email="ann@example.org")
    link = house.link()
    token = link.partition("=")[2]
    assert house.visitor().client.get(f"/sign-up/confirm?token={token}").status_code == 410
    form = form_to(visitor.get(link), "/reset")
    assert visitor.send(form, password="another good one").status_code == 200
    again = house.visitor()
    assert again.client.get(link).status_code == 410
    assert again.send(form, password="and another one").status_code == 410
    assert sign_in(house.visitor(), password="another good one").url.path == "/orders"
    for made_up in ("", "x" * 43, "я" * 30, "x" * 500, "%00" * 30):
        assert again.client.get(f"/reset?token={made_up}").status_code == 410
        assert again.client.post("/reset", data={"link": made_up, "password": SECRET}).status_code == 410


def test_opening_a_link_changes_nothing_until_a_button_is_pressed(house: House) -> None:
    """Mail programs and filters open links before people do."""
    house.sign_up()
    visitor = house.visitor()
    visitor.send(form_to(visitor.get("/forgotten"), "/forgotten"), email="ann@example.org")
    link = house.link()
    for _ in range(3):
        house.visitor().get(link)
    assert visitor.send(form_to(visitor.get(link), "/reset"), password="another good one").status_code == 200


def test_of_two_resets_at_once_one_counts_and_no_older_link_lives_on(house: House) -> None:
    house.sign_up()
    links = []
    for _ in range(3):
        visitor = house.visitor()
        visitor.send(form_to(visitor.get("/forgotten"), "/forgotten"), email="ann@example.org")
        links.append(house.link())
    forms = [(house.visitor(), link) for link in links]
    ready = [(visitor, form_to(visitor.get(link), "/reset")) for visitor, link in forms]

    def reset(n: int) -> int:
        visitor, form = ready[n]
        return visitor.send(form, password=f"a good password {n}").status_code

    with ThreadPoolExecutor(3) as threads:
        answers = list(threads.map(reset, range(3)))
    assert sorted(answers) == [200, 410, 410]
    won = answers.index(200)
    assert sign_in(house.visitor(), password=f"a good password {won}").url.path == "/orders"
    assert [sign_in(house.visitor(), password=f"a good password {n}").status_code for n in range(3) if n != won] == [
        422,
        422,
    ]


def test_a_reset_signs_everybody_else_out_and_says_so_by_letter(house: House) -> None:
    thief = house.sign_up()
    visitor = house.visitor()
    visitor.send(form_to(visitor.get("/forgotten"), "/forgotten"), email="ann@example.org")
    visitor.send(form_to(visitor.get(house.link()), "/reset"), password="another good one")
    assert [letter["template"] for letter in house.letters()] == ["account_password_changed"]
    assert thief.client.get("/orders", follow_redirects=False).headers["location"].startswith("/sign-in")
    assert "Анна" in visitor.get("/orders")


def test_guesses_at_one_account_are_stopped_without_locking_its_owner_out(house: House) -> None:
    house.sign_up()
    eve = house.visitor(address="198.51.100.1")
    answers = [sign_in(eve, password=f"guess {n}") for n in range(12)]
    assert [answer.status_code for answer in answers] == [422] * 10 + [429] * 2
    assert 0 < int(answers[-1].headers["retry-after"]) <= 900
    assert sign_in(eve).status_code == 429, "the right password neither"
    assert sign_in(house.visitor(address="203.0.113.7")).status_code == 200
    assert sign_in(house.visitor(address="2001:db8::1"), password="no").status_code == 422


def test_a_household_counts_as_one_network(house: House) -> None:
    for n in range(10):
        sign_in(house.visitor(address=f"2001:db8::{n + 1}"), password="guess")
    assert sign_in(house.visitor(address="2001:db8::ffff"), password="guess").status_code == 429
    assert sign_in(house.visitor(address="2001:db8:0:1::1"), password="guess").status_code == 422


def test_letters_to_one_address_are_few(house: House) -> None:
    answers = []
    for n in range(6):
        visitor = house.visitor(address=f"203.0.113.{n}")
        answers.append(
            visitor.send(form_to(visitor.get("/forgotten"), "/forgotten"), email="bob@example.org").status_code
        )
    assert answers == [200] * 4 + [429] * 2
    assert len(house.letters()) == 4


def test_the_cookie_is_for_this_host_over_tls_alone_and_new_at_each_sign_in(house: House) -> None:
    house.sign_up()
    visitor = house.visitor()
    planted = "planted-by-somebody-else-0123456789abcdef"
    visitor.client.cookies.set(SECURE_COOKIE, planted)
    form = form_to(visitor.get("/sign-in"), "/sign-in/password")
    answer = visitor.client.post(
        form.action, data={"email": "ann@example.org", "password": SECRET}, follow_redirects=False
    )
    cookie = answer.headers["set-cookie"]
    for word in (f"{SECURE_COOKIE}=", "HttpOnly", "Secure", "Path=/", "SameSite=lax"):
        assert word.lower() in cookie.lower()
    assert "domain" not in cookie.lower()
    token = answer.cookies[SECURE_COOKIE]
    access = house.application.access
    assert token != planted
    assert access.session(hashlib.sha256(planted.encode()).digest()) is None
    assert access.session(hashlib.sha256(token.encode()).digest()) is not None
    plain = TestClient(house.asgi, base_url="http://safe.example", cookies={COOKIE: token})
    plain.cookies.delete(COOKIE)
    assert plain.get("/orders", follow_redirects=False).status_code == 303


@pytest.mark.parametrize(
    "target", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)", "/a\tb"]
)
def test_nobody_is_sent_to_another_site_after_signing_in(house: House, target: str) -> None:
    house.sign_up()
    visitor = house.visitor()
    form = form_to(visitor.get("/sign-in"), "/sign-in/password")
    answer = visitor.send(form, email="ann@example.org", password=SECRET, next=target)
    assert str(answer.url) == f"{URL}/orders"


def test_whoever_meant_to_go_somewhere_gets_there(house: House) -> None:
    house.sign_up()
    visitor = house.visitor()
    page = visitor.get("/orders?q=lamp")
    answer = visitor.send(form_to(page, "/sign-in/password"), email="ann@example.org", password=SECRET)
    assert str(answer.url) == f"{URL}/orders?q=lamp"


def test_a_form_of_another_site_signs_nobody_in(house: House) -> None:
    house.sign_up()
    visitor = house.visitor()
    data = {"email": "ann@example.org", "password": SECRET}
    for headers in ({"sec-fetch-site": "cross-site"}, {"origin": "https://evil.example"}):
        answer = visitor.client.post("/sign-in/password", data=data, headers=headers)
        assert answer.status_code == 403
        assert visitor.client.get("/orders", follow_redirects=False).status_code == 303


def test_a_closed_house_makes_no_accounts_but_for_those_it_invites(house: House) -> None:
    entrance = house.application.members.entrance
    entrance.is_open = False
    visitor = house.visitor()
    assert "Create one" not in visitor.get("/sign-in")
    assert heading(visitor.client.get("/sign-up").text) == "Accounts are not made here."
    assert visitor.client.post("/sign-up", data={"email": "ann@example.org"}).status_code == 422
    assert visitor.client.post("/forgotten", data={"email": "ann@example.org"}).status_code == 200
    [letter] = house.letters()
    assert letter["template"] == "account_not_here"
    assert "url" not in letter
    entrance.invite("mia@example.org", [Role.MEDIATOR], "ru", URL, "mia")
    page = visitor.get(house.link())
    assert 'name="sells"' not in page
    visitor.send(form_to(page, "/sign-up/confirm"), name="Мия", password=SECRET)
    assert house.account("mia@example.org").roles == ("mediator",)
    assert house.account("mia@example.org").person == "mia"


def test_a_link_from_before_the_house_was_closed_makes_no_account(house: House) -> None:
    visitor = house.visitor()
    visitor.client.post("/forgotten", data={"email": "ann@example.org"})
    link = house.link()
    form = form_to(visitor.get(link), "/sign-up/confirm")
    house.application.members.entrance.is_open = False
    assert visitor.client.get(link).status_code == 410
    assert visitor.send(form, name="Анна", password=SECRET).status_code == 410
    assert house.application.members.accounts.by_email("ann@example.org") is None
