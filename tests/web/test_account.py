"""A person's own account: changed by whoever proves to be that person, and by nobody else."""

from __future__ import annotations

import hashlib
import re
from typing import Any

import pyotp
import pytest

from fairhold.domain.actors import Role
from fairhold.engine.accounts.credentials import Credentials
from fairhold.engine.accounts.refusals import Denied
from fairhold.engine.ports.accounts import Account
from fairhold.web import sessions
from tests.web.conftest import Visitor, form_to
from tests.web.gates import SECRET, URL, House, heading, house, sign_in

__all__ = ["house"]
MINUTE = 60_000_000


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Any:
    """`later(minutes)`: sessions grow old by so much."""
    real, passed = sessions.now, [0]
    monkeypatch.setattr(sessions, "now", lambda: real() + passed[0])

    def pass_minutes(count: int) -> None:
        passed[0] += count * MINUTE

    return pass_minutes


def add_app(visitor: Visitor) -> tuple[pyotp.TOTP, list[str]]:
    """Turn codes from an app on; the app, and the recovery codes that were shown."""
    page = visitor.get("/account/second-step/app")
    secret = "".join(re.findall(r'<span class="nb">([A-Z2-7]{4})</span>', page))
    app = pyotp.TOTP(secret)
    answer = visitor.send(form_to(page, "/second-step/app"), code=app.now())
    assert answer.status_code == 200, answer.text
    return app, re.findall(r"<li>([0-9a-z]{5}-[0-9a-z]{5})</li>", answer.text)


def used(house: House) -> None:
    """Let the half minute's code count anew, as if the next one had begun."""
    house.application.store.tables().change(("UPDATE accounts SET totp_step = totp_step - 10", ()))


def test_the_page_shows_everything_and_where_one_is_signed_in(house: House) -> None:
    visitor = house.sign_up()
    visitor.client.headers["user-agent"] = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
    sign_in(visitor)
    phone = house.visitor()
    phone.client.headers["user-agent"] = "Mozilla/5.0 (Linux; Android 16) Chrome/140.0 Mobile Safari/537.36"
    sign_in(phone)
    page = visitor.get("/account")
    for text in ("ann@example.org", "Firefox, Linux", "Chrome, Android", "this browser", "by password"):
        assert text in page
    ended = visitor.send(form_to(page, "/sessions/end"))
    assert "Signed out there" in ended.text
    assert phone.client.get("/account", follow_redirects=False).headers["location"].startswith("/sign-in")


def test_nobody_ends_the_session_of_another(house: House) -> None:
    ann = house.sign_up()
    bob = house.sign_up("bob@example.org", "Боб")
    [session] = house.application.access.sessions_of(house.account().person)
    form = form_to(bob.get("/account"), "/sessions/end-all")
    bob.client.post("/account/sessions/end", data={**dict(form.fields), "session": session.token_hash.hex()})
    ann.get("/account")


def test_signing_out_everywhere_ends_all_sessions(house: House) -> None:
    first, second = house.sign_up(), house.visitor()
    sign_in(second)
    first.send(form_to(first.get("/account"), "/sessions/end-all"))
    for visitor in (first, second):
        assert visitor.client.get("/account", follow_redirects=False).status_code == 303


def test_a_session_ends_when_nothing_is_seen_of_it_and_at_last_in_any_case(house: House, later: Any) -> None:
    visitor = house.sign_up()
    day = 24 * 60
    for _ in range(2):
        later(13 * day)
        visitor.get("/account")
    later(3 * day)
    visitor.get("/account")
    later(2 * day)
    assert visitor.client.get("/account", follow_redirects=False).status_code == 303, "thirty days are over"
    sign_in(visitor)
    later(14 * day + 1)
    assert visitor.client.get("/account", follow_redirects=False).status_code == 303, "fourteen days without a sign"


def test_a_name_and_another_side_are_taken_at_once(house: House) -> None:
    visitor = house.sign_up()
    visitor.send(form_to(visitor.get("/account"), "/account/name"), name="Анна-Мария  Длинная ")
    assert "Анна-Мария Длинная" in visitor.get("/account")
    visitor.get("/selling", 404)
    visitor.send(form_to(visitor.get("/account"), "/account/selling"))
    visitor.get("/selling")
    answer = visitor.send(form_to(visitor.get("/account"), "/account/name"), name="\u200b")
    assert answer.status_code == 422


def test_what_matters_is_changed_only_after_showing_who_one_is(house: House, later: Any) -> None:
    visitor = house.sign_up()
    later(16)
    for page in ("email", "password", "second-step/app"):
        answer = visitor.client.get(f"/account/{page}", follow_redirects=False)
        assert answer.headers["location"].startswith("/account/proof?next=")
    steps = [f"second-step/{page}" for page in ("app", "app/removal", "passkeys", "passkeys/removal", "codes")]
    for page in ("email", "password", *steps):
        token = form_to(visitor.get("/account"), "/account/name").fields[0][1]
        data = {"token": token, "password": "taken over", "email": "eve@example.org"}
        answer = visitor.client.post(f"/account/{page}", data=data, follow_redirects=False)
        assert answer.headers["location"].startswith("/account/proof?next="), page
    assert house.letters() == []
    page = visitor.get("/account/password")
    assert heading(page) == "Is it you?"
    before = visitor.client.cookies[sessions.SECURE_COOKIE]
    assert visitor.send(form_to(page, "/account/proof"), password="wrong").status_code == 422
    answer = visitor.send(form_to(page, "/account/proof"), password=SECRET)
    assert str(answer.url) == f"{URL}/account/password"
    assert visitor.client.cookies[sessions.SECURE_COOKIE] != before


def test_proving_who_one_is_leads_nowhere_but_to_the_account(house: House) -> None:
    visitor = house.sign_up()
    for target in ("//evil.example", "https://evil.example", "/sign-out", "/orders"):
        form = form_to(visitor.get(f"/account/proof?next={target}"), "/account/proof")
        assert str(visitor.send(form, password=SECRET).url) == f"{URL}/account"
    # A seller says there where they are paid to.
    visitor.send(form_to(visitor.get("/account"), "/account/selling"))
    form = form_to(visitor.get("/account/proof?next=/selling/money/account/stripe"), "/account/proof")
    assert visitor.send(form, password=SECRET).url.path == "/selling/money/account/stripe"


def test_a_new_password_signs_out_everywhere_else_and_is_told_by_letter(house: House) -> None:
    visitor, other = house.sign_up(), house.visitor()
    sign_in(other)
    answer = visitor.send(form_to(visitor.get("/account/password"), "/account/password"), password="another good one")
    assert "signed out everywhere else" in answer.text
    assert other.client.get("/account", follow_redirects=False).status_code == 303
    assert [letter["template"] for letter in house.letters()] == ["account_password_changed"]
    assert sign_in(house.visitor()).status_code == 422
    assert sign_in(house.visitor(), password="another good one").status_code == 200


def test_another_address_counts_once_its_link_is_followed_and_the_old_one_is_told(house: House) -> None:
    visitor = house.sign_up()
    visitor.send(form_to(visitor.get("/account/email"), "/account/email"), email="Anna@пример.рф")
    link = house.link()
    assert house.account().email == "ann@example.org"
    page = house.visitor("ru").get(link)
    assert "Anna@пример.рф" in page
    answer = house.visitor().send(form_to(page, "/email/confirm"))
    assert "confirmed" in answer.text
    account = house.account("anna@пример.рф")
    contact = house.application.contacts.contact(account.person)
    assert contact is not None
    assert contact.email == "Anna@пример.рф"
    [told] = house.letters()
    assert (told["template"], told["to"]) == ("account_email_changed", "ann@example.org")
    assert house.visitor().client.get(link).status_code == 410
    assert sign_in(house.visitor(), "anna@пример.рф").status_code == 200
    assert sign_in(house.visitor()).status_code == 422


def test_an_address_that_another_has_cannot_be_taken_and_is_not_told(house: House) -> None:
    house.sign_up("bob@example.org", "Боб")
    visitor = house.sign_up()
    answers = []
    for email in ("bob@example.org", "new@example.org"):
        answer = visitor.send(form_to(visitor.get("/account/email"), "/account/email"), email=email)
        answers.append((answer.status_code, heading(answer.text)))
    assert answers[0] == answers[1]
    assert [letter["template"] for letter in house.letters()] == ["account_email_taken", "account_email"]


def test_codes_from_an_app_are_asked_for_at_the_next_sign_in_and_count_once(house: House) -> None:
    visitor = house.sign_up()
    app, codes = add_app(visitor)
    assert len(set(codes)) == 10
    assert [letter["template"] for letter in house.letters()] == ["account_factors_changed"]
    other = house.visitor()
    answer = sign_in(other)
    assert heading(answer.text) == "Second step"
    assert other.client.get("/orders", follow_redirects=False).status_code == 303, "a password alone lets nobody in"
    form = form_to(answer.text, "/second-step")
    assert other.send(form, code=app.now()).status_code == 422, "the code that turned it on was used"
    used(house)
    assert other.send(form, code=f"{app.now()[:3]} {app.now()[3:]}").url.path == "/orders"
    third = house.visitor()
    form = form_to(sign_in(third).text, "/second-step")
    assert third.send(form, code=app.now()).status_code == 422, "seen over a shoulder"
    assert third.send(form, code=codes[0].upper()).url.path == "/orders"
    fourth = house.visitor()
    form = form_to(sign_in(fourth).text, "/second-step")
    assert fourth.send(form, code=codes[0]).status_code == 422
    assert "9 codes are left" in third.get("/account/second-step").replace("\xa0", " ")


def test_codes_cannot_be_guessed(house: House) -> None:
    visitor = house.sign_up()
    _, codes = add_app(visitor)
    other = house.visitor()
    form = form_to(sign_in(other).text, "/second-step")
    answers = [other.send(form, code=f"{n:06}").status_code for n in range(10)]
    assert answers == [422] * 8 + [429] * 2
    assert other.send(form, code=codes[0]).status_code == 429


@pytest.mark.parametrize("code", ["", "12345", "1234567", "abcdef", "١٢٣٤٥٦", "0" * 400, "-----", "a\x00b"])
def test_what_is_no_code_is_refused(house: House, code: str) -> None:
    visitor = house.sign_up()
    add_app(visitor)
    other = house.visitor()
    assert other.send(form_to(sign_in(other).text, "/second-step"), code=code).status_code == 422


def test_the_second_step_belongs_to_the_browser_that_took_the_first(house: House) -> None:
    visitor = house.sign_up()
    app, _ = add_app(visitor)
    form = form_to(sign_in(house.visitor()).text, "/second-step")
    stranger = house.visitor()
    used(house)
    answer = stranger.send(form, code=app.now())
    assert answer.url.path == "/sign-in"


def test_a_secret_that_a_form_carries_is_the_person_s_own(house: House) -> None:
    eve, ann = house.sign_up("eve@example.org", "Eve"), house.sign_up()
    theirs = form_to(eve.get("/account/second-step/app"), "/second-step/app")
    form = form_to(ann.get("/account/second-step/app"), "/second-step/app")
    secret = dict(theirs.fields)["secret"]
    for planted in (secret, "", "zz", "00" * 40):
        assert ann.send(form, secret=planted, code="123456").status_code == 422
    assert house.account().totp is None


@pytest.mark.parametrize("role", [Role.MEDIATOR, Role.SUPPORT, Role.OPERATOR])
def test_staff_see_no_page_of_theirs_before_a_second_factor_of_this_very_session(house: House, role: Role) -> None:
    house.sign_up()
    house.employ(role, Role.BUYER)
    pages = {Role.MEDIATOR: "/mediation/disputes", Role.SUPPORT: "/support", Role.OPERATOR: "/operator"}
    visitor = house.visitor()
    assert heading(sign_in(visitor).text) == "Second step and passkeys"
    for path in pages.values():
        answer = visitor.client.get(path, follow_redirects=False)
        assert (answer.status_code, answer.headers.get("location")) in ((303, "/account/second-step"), (404, None))
        assert "location" in answer.headers or path != pages[role]
    visitor.get("/orders")
    assert visitor.client.post("/operator/clock", data={}, follow_redirects=False).status_code in (303, 404)
    app, _ = add_app(visitor)
    visitor.get(pages[role])
    other = house.visitor()
    form = form_to(sign_in(other).text, "/second-step")
    assert other.client.get(pages[role], follow_redirects=False).headers["location"].startswith("/sign-in")
    used(house)
    assert other.send(form, code=app.now()).url.path == pages[role]


def test_a_session_from_before_somebody_was_staff_has_no_rights_of_staff(house: House) -> None:
    visitor = house.sign_up()
    house.employ(Role.OPERATOR, Role.BUYER)
    assert visitor.client.get("/operator", follow_redirects=False).headers["location"].startswith("/sign-in")


def test_staff_sessions_are_short(house: House, later: Any) -> None:
    house.sign_up()
    house.employ(Role.SUPPORT)
    visitor = house.visitor()
    sign_in(visitor)
    add_app(visitor)
    later(61)
    assert visitor.client.get("/support", follow_redirects=False).headers["location"].startswith("/sign-in")


def test_staff_cannot_remove_their_last_second_factor_and_others_can(house: House) -> None:
    visitor = house.sign_up()
    add_app(visitor)
    house.employ(Role.SUPPORT)
    visitor = house.visitor()
    used(house)
    account = house.account()
    form = form_to(sign_in(visitor).text, "/second-step")
    [code] = house.application.members.factors.fresh_recovery_codes(account)[:1]
    visitor.send(form, code=code)
    answer = visitor.send(form_to(visitor.get("/account/second-step"), "/app/removal"))
    assert answer.status_code == 422
    assert "Staff always have a second step" in answer.text
    house.application.members.accounts.set_roles(account, [Role.BUYER])
    visitor = house.visitor()
    form = form_to(sign_in(visitor).text, "/second-step")
    visitor.send(form, code=house.application.members.factors.fresh_recovery_codes(account)[0])
    visitor.send(form_to(visitor.get("/account/second-step"), "/app/removal"))
    account = house.account()
    assert account.totp is None
    assert house.application.members.factors.of(account).codes == 0
    assert sign_in(house.visitor()).url.path == "/orders"


def test_the_token_changes_with_new_rights(house: House) -> None:
    visitor = house.sign_up()
    before = visitor.client.cookies[sessions.SECURE_COOKIE]
    add_app(visitor)
    after = visitor.client.cookies[sessions.SECURE_COOKIE]
    access = house.application.access
    assert before != after
    assert access.session(hashlib.sha256(before.encode()).digest()) is None
    session = access.session(hashlib.sha256(after.encode()).digest())
    assert session is not None
    assert session.factor_at is not None


def test_the_store_keeps_no_secret_in_the_clear(house: House) -> None:
    visitor = house.sign_up()
    app, codes = add_app(visitor)
    dump = "\n".join(
        str(row)
        for table in ("accounts", "recovery_codes", "tickets", "sessions", "spent", "attempts")
        for row in house.application.store.tables().rows(f"SELECT * FROM {table}")
    )
    for secret in (
        SECRET,
        app.secret,
        codes[0],
        codes[0].replace("-", ""),
        visitor.client.cookies[sessions.SECURE_COOKIE],
    ):
        assert secret not in dump
    assert "$argon2id$" in dump


def test_the_demo_s_people_have_no_account_and_strangers_sign_in_first(house: House) -> None:
    visitor = house.visitor()
    answer = visitor.client.get("/account/email?x=1", follow_redirects=False)
    assert answer.headers["location"] == "/sign-in?next=%2Faccount%2Femail%3Fx%3D1"


def test_a_session_that_was_ended_while_its_person_was_proved_does_not_go_on(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor = house.sign_up()
    form = form_to(visitor.get("/account/proof"), "/account/proof")
    credentials, access = house.application.members.credentials, house.application.store.access()
    prove, person = type(credentials).prove, house.account().person

    def slowly(self: Credentials, account: Account, password: str) -> Denied | None:
        proved = prove(self, account, password)
        access.end_sessions_of(person)
        return proved

    monkeypatch.setattr(type(credentials), "prove", slowly)
    visitor.send(form, password=SECRET)
    assert access.sessions_of(person) == []
    assert visitor.client.get("/account", follow_redirects=False).status_code == 303
