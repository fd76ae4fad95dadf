"""Coming from the marketplace: by its own sign-in, and by a link that it hands over; and who must not come so."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
import pyotp
import pytest
from joserfc.jwk import ECKey

from fairhold.domain.actors import Role
from fairhold.engine.accounts import marketplace_sign_in
from fairhold.engine.accounts.marketplace_sign_in import Known
from fairhold.engine.installation.clock import SystemClock
from fairhold.engine.installation.identity_settings import IdentitySettings
from fairhold.engine.installation.settings import Settings
from fairhold.engine.outside.identity import ProviderAway, Request
from fairhold.engine.ports.contacts import Contact
from fairhold.gateways.oidc import OidcProvider
from fairhold.wiring import build
from tests.databases import up_to_date
from tests.web.conftest import Visitor, form_to
from tests.web.gates import URL, House, heading, house
from tests.web.provider import CLIENT, PASSWORD, FakeProvider, provider, shared

__all__ = ["house"]
BACK = "/sign-in/marketplace/back"


@pytest.fixture
def fake() -> Iterator[FakeProvider]:
    with provider() as one:
        yield one


@pytest.fixture
def joined(tmp_path: Path, fake: FakeProvider) -> Iterator[House]:
    """A house whose marketplace has a sign-in of its own."""
    own = IdentitySettings(issuer=fake.url, client_id=CLIENT, client_secret=PASSWORD, name="Fair & Square")
    database = up_to_date(tmp_path / "joined.db")
    settings = Settings(database=f"sqlite:///{database}", secret="for-tests-only-1234567", url=URL, identity=own)
    application = build(settings)
    application.start(background=False)
    yield House(application)
    application.close()


def leave(visitor: Visitor, target: str = "") -> str:
    """Where the browser is sent."""
    answer = visitor.client.get(f"/sign-in/marketplace{target}", follow_redirects=False)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def come_back(visitor: Visitor, **said: str) -> httpx2.Response:
    return visitor.client.get(BACK, params=said)


def test_somebody_comes_by_the_marketplace_s_sign_in_under_its_own_id(joined: House, fake: FakeProvider) -> None:
    visitor = joined.visitor()
    page = visitor.get("/sign-in?next=/orders%3Fq=1")
    assert "Sign in with Fair &amp; Square" in page
    address = leave(visitor, "?next=/orders%3Fq=1")
    asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
    assert asked["redirect_uri"] == f"{URL}{BACK}"
    assert (asked["response_type"], asked["code_challenge_method"], asked["scope"]) == (
        "code",
        "S256",
        "openid profile email",
    )
    answer = come_back(visitor, **fake.code(address))
    assert str(answer.url) == f"{URL}/orders?q=1"
    account = joined.account()
    assert (account.person, account.name, account.email, account.roles) == (
        "ann",
        "Анна",
        "ann@example.org",
        ("buyer",),
    )
    assert account.password is None
    second = joined.visitor()
    assert come_back(second, **fake.code(leave(second))).url.path == "/orders"
    assert fake.asked.count("/.well-known/openid-configuration") == 1
    assert fake.asked.count("/jwks_uri") == 1


@pytest.mark.parametrize(
    "claims",
    [
        {"nonce": "another"},
        {"nonce": None},
        {"aud": "somebody-else"},
        {"aud": ["fairhold", "other"]},
        {"aud": ["fairhold", "other"], "azp": "other"},
        {"azp": "other"},
        {"iss": "https://evil.example"},
        {"exp": 1_600_000_000},
        {"exp": None},
        {"exp": "soon"},
        {"iat": 1_600_000_000},
        {"iat": 4_000_000_000},
        {"sub": None},
        {"sub": "x" * 70},
        {"sub": "x" * 300},
        {"sub": "a b/c"},
        {"sub": ""},
        {"sub": ["ann"]},
    ],
)
def test_a_token_that_is_not_for_this_very_sign_in_lets_nobody_in(
    joined: House, fake: FakeProvider, claims: dict[str, Any]
) -> None:
    fake.claims = claims
    visitor = joined.visitor()
    answer = come_back(visitor, **fake.code(leave(visitor)))
    assert answer.status_code == 422
    assert "did not work" in answer.text
    assert visitor.client.get("/orders", follow_redirects=False).status_code == 303


def test_only_a_signature_with_a_published_key_counts(joined: House, fake: FakeProvider) -> None:
    for header, key in (
        ({"alg": "ES256", "kid": "one"}, ECKey.generate_key("P-256", {"kid": "one"})),
        ({"alg": "HS256"}, shared(PASSWORD)),
        ({"alg": "HS256", "kid": "one"}, shared(json.dumps(fake.key.as_dict(private=False)))),
    ):
        fake.header, fake.signs_with = header, key
        visitor = joined.visitor()
        assert come_back(visitor, **fake.code(leave(visitor))).status_code == 422


def test_a_new_key_of_the_provider_is_fetched(
    joined: House, fake: FakeProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor = joined.visitor()
    assert come_back(visitor, **fake.code(leave(visitor))).status_code == 200
    fake.key = ECKey.generate_key("P-256", {"kid": "two", "use": "sig"})
    fake.header = {"alg": "ES256", "kid": "two"}
    second = joined.visitor()
    assert come_back(second, **fake.code(leave(second))).status_code == 422, "asked for a moment ago"
    monkeypatch.setattr("fairhold.gateways.oidc.KEYS_AGAIN_SECONDS", 0.0)
    third = joined.visitor()
    assert come_back(third, **fake.code(leave(third))).status_code == 200


def test_an_answer_belongs_to_the_browser_that_left_and_counts_once(joined: House, fake: FakeProvider) -> None:
    eve, ann = joined.visitor(), joined.visitor()
    said = fake.code(leave(eve))
    assert come_back(ann, **said).status_code == 422, "no sign-in of hers is under way"
    mine = fake.code(leave(ann))
    assert come_back(ann, **said).status_code == 422, "another's state"
    fresh = joined.visitor()
    mixed = fake.code(leave(fresh)) | {"code": mine["code"]}
    assert come_back(fresh, **mixed).status_code == 422, "another's code: neither its proof nor its nonce fits"
    last = joined.visitor()
    address = leave(last)
    kept = last.client.cookies["fairhold_marketplace"]
    said = fake.code(address)
    assert come_back(last, **said).status_code == 200
    replay = joined.visitor()
    replay.client.cookies.set("fairhold_marketplace", kept)
    again = fake.code(address)
    assert come_back(replay, **again).status_code == 422


def test_the_answer_of_another_provider_is_not_taken(joined: House, fake: FakeProvider) -> None:
    """RFC 9207: a mix-up of two providers is seen before a code is sent to the wrong one."""
    for change in ({"iss": "https://evil.example"}, {"iss": None}):
        visitor = joined.visitor()
        said = {name: value for name, value in (fake.code(leave(visitor)) | change).items() if value is not None}
        assert come_back(visitor, **said).status_code == 422
    assert "/token_endpoint" not in fake.asked


def test_refusals_and_made_up_answers_lead_back_to_the_form(joined: House, fake: FakeProvider) -> None:
    visitor = joined.visitor()
    state = fake.code(leave(visitor))["state"]
    assert come_back(visitor, state=state, error="access_denied").status_code == 422
    for said in (
        {},
        {"state": "x"},
        {"state": state, "code": ""},
        {"state": state, "code": "made up"},
        {"code": "é" * 5000},
    ):
        assert come_back(visitor, **said).status_code == 422
    visitor.client.cookies.set("fairhold_marketplace", "x" * 300)
    assert come_back(visitor, state="x", code="y").status_code == 422


@pytest.mark.parametrize(
    ("path", "answer"),
    [
        ("/.well-known/openid-configuration", (500, {})),
        ("/.well-known/openid-configuration", (200, b"not json")),
        ("/.well-known/openid-configuration", (200, b"[" * 100_000)),
        ("/.well-known/openid-configuration", (200, b" " * 300_000)),
        ("/.well-known/openid-configuration", (200, ["list"])),
        ("/.well-known/openid-configuration", (200, {"issuer": "https://evil.example"})),
        ("/.well-known/openid-configuration", (302, {})),
    ],
)
def test_a_provider_that_does_not_answer_well_is_said_to_be_away(
    joined: House, fake: FakeProvider, path: str, answer: tuple[int, Any]
) -> None:
    fake.answers[path] = answer
    response = joined.visitor().client.get("/sign-in/marketplace", follow_redirects=False)
    assert response.status_code == 503
    assert "retry-after" in response.headers


def test_a_provider_that_is_away_is_not_asked_again_by_everybody_who_comes(
    joined: House, fake: FakeProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake.answers["/.well-known/openid-configuration"] = (500, {})
    visitor = joined.visitor()
    for _ in range(3):
        assert visitor.client.get("/sign-in/marketplace", follow_redirects=False).status_code == 503
    assert len(fake.asked) == 1
    fake.answers.clear()
    monkeypatch.setattr("fairhold.gateways.oidc.AWAY_SECONDS", 0.0)
    assert leave(visitor)


def test_nobody_waits_long_for_a_provider_that_another_waits_for(
    fake: FakeProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fairhold.gateways.oidc.TURN_SECONDS", 0.01)
    provider = OidcProvider(fake.url, (CLIENT, PASSWORD), SystemClock())
    request = Request(f"{URL}{BACK}", "state", "nonce", "verifier")
    with provider._lock, pytest.raises(ProviderAway, match="another"):
        provider.address(request)
    assert provider.address(request)


@pytest.mark.parametrize(
    ("path", "answer", "status"),
    [
        ("/token_endpoint", (500, {}), 503),
        ("/token_endpoint", (200, {}), 422),
        ("/token_endpoint", (200, {"id_token": "x.y.z"}), 422),
        ("/token_endpoint", (200, {"id_token": 5}), 422),
        ("/token_endpoint", (401, {}), 422),
        ("/jwks_uri", (500, {}), 503),
        ("/jwks_uri", (200, {"keys": [{"kty": "RSA", "n": "x"}]}), 503),
        ("/jwks_uri", (200, {"keys": []}), 503),
        ("/jwks_uri", (200, {"keys": 5}), 503),
    ],
)
def test_what_goes_wrong_while_a_code_is_redeemed_is_told(
    joined: House, fake: FakeProvider, path: str, answer: tuple[int, Any], status: int
) -> None:
    visitor = joined.visitor()
    said = fake.code(leave(visitor))
    fake.answers[path] = answer
    assert come_back(visitor, **said).status_code == status


def test_an_id_that_a_customer_chose_there_does_not_open_the_desk_here(joined: House, fake: FakeProvider) -> None:
    members = joined.application.members
    members.entrance.invite("mia@example.org", [Role.MEDIATOR], "en", URL, "mia")
    token = joined.link().partition("=")[2]
    members.entrance.open_account(token, "Mia", "correct horse battery", "en", sells=False)
    fake.claims = {"sub": "mia"}
    visitor = joined.visitor()
    answer = come_back(visitor, **fake.code(leave(visitor)))
    assert "does not sign in staff" in answer.text
    assert visitor.client.get("/account", follow_redirects=False).status_code == 303


def test_a_name_that_was_another_s_there_does_not_open_what_was_theirs(tmp_path: Path, fake: FakeProvider) -> None:
    own = IdentitySettings(
        issuer=fake.url,
        client_id=CLIENT,
        client_secret=PASSWORD,
        name="Shop",
        person_claim="preferred_username",
        roles=("buyer", "seller"),
    )
    database = f"sqlite:///{up_to_date(tmp_path / 'named.db')}"
    application = build(Settings(database=database, secret="for-tests-only-1234567", url=URL, identity=own))
    application.start(background=False)
    named = House(application)
    fake.claims = {"sub": "1", "preferred_username": "ann"}
    visitor = named.visitor()
    assert come_back(visitor, **fake.code(leave(visitor))).status_code == 200
    visitor.get("/selling")
    fake.claims = {"sub": "2", "preferred_username": "ann"}
    other = named.visitor()
    assert come_back(other, **fake.code(leave(other))).status_code == 422
    fake.claims = {"sub": "1", "preferred_username": "anna-renamed"}
    again = named.visitor()
    assert come_back(again, **fake.code(leave(again))).status_code == 200
    assert named.account().person == "ann"
    application.close()


def test_an_id_that_was_given_out_here_is_nobody_s_there(joined: House, fake: FakeProvider) -> None:
    joined.sign_up(sells="yes")
    owner = joined.account()
    fake.claims = {"sub": owner.person, "email": "eve@example.org"}
    visitor = joined.visitor()
    assert come_back(visitor, **fake.code(leave(visitor))).status_code == 422
    assert visitor.client.get("/account", follow_redirects=False).status_code == 303


def test_letters_go_on_to_the_address_that_the_marketplace_gave_for_somebody_who_comes_without_one(
    joined: House, fake: FakeProvider
) -> None:
    contacts = joined.application.messages.contacts
    contacts.set_contact(Contact("ann", "ann@daisy.example", "en", "Asia/Tokyo", "Ann"))
    fake.claims = {"email": None}
    visitor = joined.visitor()
    come_back(visitor, **fake.code(leave(visitor)))
    assert contacts.contact("ann") == Contact("ann", "ann@daisy.example", "en", "Asia/Tokyo", "Анна")


def test_an_address_that_another_has_here_stays_theirs_and_an_unconfirmed_one_counts_for_nothing(
    joined: House, fake: FakeProvider
) -> None:
    joined.sign_up()
    owner = joined.account()
    visitor = joined.visitor()
    come_back(visitor, **fake.code(leave(visitor)))
    assert joined.account() == owner
    stranger = joined.application.members.accounts.account("ann")
    assert stranger is not None
    assert stranger.email is None
    fake.claims = {"sub": "bob", "email": "bob@example.org", "email_verified": False}
    visitor = joined.visitor()
    come_back(visitor, **fake.code(leave(visitor)))
    assert joined.application.members.accounts.by_email("bob@example.org") is None


def test_who_has_a_second_step_here_is_asked_for_it(joined: House, fake: FakeProvider) -> None:
    visitor = joined.visitor()
    come_back(visitor, **fake.code(leave(visitor)))
    members = joined.application.members
    account = joined.account()
    secret = members.factors.fresh_secret()
    assert members.factors.begin_codes(account, secret, pyotp.TOTP(secret).now()) is None
    other = joined.visitor()
    assert heading(come_back(other, **fake.code(leave(other))).text) == "Second step"


def test_without_a_provider_there_is_no_way_to_it(house: House) -> None:
    for path in ("/sign-in/marketplace", BACK):
        assert house.visitor().client.get(path).status_code == 404
    assert "/sign-in/marketplace" not in house.visitor().get("/sign-in")


ANN = Known("ann", ("buyer",), "Анна", "ann@example.org", "ru")
FOLLOWED = {"sec-fetch-mode": "navigate", "sec-fetch-dest": "document", "sec-fetch-site": "cross-site"}


def handed(house: House, known: Known = ANN, target: str = "/orders?q=1", once: str | None = None) -> str:
    return "/sign-in/link/" + house.application.members.handovers.link(known, target, once)[0]


def test_a_link_that_is_followed_signs_in_at_once_and_once(house: House) -> None:
    link, visitor = handed(house), house.visitor()
    assert str(visitor.client.get(link, headers=FOLLOWED).url) == f"{URL}/orders?q=1"
    account = house.account()
    assert (account.person, account.name, account.roles, account.language) == ("ann", "Анна", ("buyer",), "ru")
    assert house.visitor().client.get(link, headers=FOLLOWED).status_code == 410
    assert house.visitor().client.post(link).status_code == 410


def test_programs_that_look_at_links_use_none_up(house: House) -> None:
    link, visitor = handed(house), house.visitor()
    for headers in (
        {},
        {"sec-purpose": "prefetch", **FOLLOWED},
        {"sec-fetch-mode": "no-cors", "sec-fetch-dest": "image"},
    ):
        page = visitor.client.get(link, headers=headers)
        assert "signs you in as" in page.text
        assert "fairhold_session" not in str(page.headers)
    assert str(visitor.send(form_to(visitor.get(link), link)).url) == f"{URL}/orders?q=1"


def test_nobody_is_turned_into_somebody_else_without_a_word(house: House) -> None:
    visitor = house.sign_up("bob@example.org", "Bob")
    page = visitor.client.get(handed(house), headers=FOLLOWED)
    assert heading(page.text) == "You come from the marketplace"
    assert "Анна" in page.text
    assert "Bob" in visitor.get("/account")
    visitor.send(form_to(page.text, urlsplit(str(page.url)).path))
    assert "Анна" in visitor.get("/account")


def test_links_made_for_the_same_occasion_sign_in_once_together(house: House) -> None:
    first, second = handed(house, once="k"), handed(house, once="k")
    assert first != second
    assert house.visitor().client.get(second, headers=FOLLOWED).status_code == 200
    assert house.visitor().client.get(first, headers=FOLLOWED).status_code == 410


def test_a_link_is_soon_over_and_cannot_be_made_up_or_changed(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    link = handed(house)
    for made_up in ("/sign-in/link/x", link[:-1], link[:-4] + "AAAA", "/sign-in/link/" + "A" * 5000):
        assert house.visitor().client.get(made_up, headers=FOLLOWED).status_code == 410
    monkeypatch.setattr(marketplace_sign_in, "HANDOVER_LASTS", -1)
    assert house.visitor().client.get(handed(house), headers=FOLLOWED).status_code == 410
    assert house.visitor().client.get(link, headers=FOLLOWED).status_code == 200


def test_a_link_signs_in_no_staff_whoever_made_it(house: House) -> None:
    house.sign_up("mia@example.org", "Mia")
    house.employ(Role.MEDIATOR, email="mia@example.org")
    person = house.account("mia@example.org").person
    answer = house.visitor().client.get(handed(house, ANN._replace(person=person)), headers=FOLLOWED)
    assert "does not sign in staff" in answer.text


def test_sides_are_added_and_a_link_leads_to_no_other_site(house: House) -> None:
    house.visitor().client.get(handed(house), headers=FOLLOWED)
    visitor = house.visitor()
    answer = visitor.client.get(handed(house, ANN._replace(roles=("seller",)), "//evil.example"), headers=FOLLOWED)
    assert str(answer.url) == f"{URL}/orders"
    assert house.account().roles == ("buyer", "seller")


def test_whom_the_marketplace_named_does_not_become_the_seller_of_that_name(house: House) -> None:
    """The marketplace's buyer 7 and its seller 7 may be two people."""
    visitor = house.visitor()
    visitor.client.get(handed(house), headers=FOLLOWED)
    page = visitor.get("/account")
    assert "/account/selling" not in page
    form = form_to(page, "/account/name")
    answer = visitor.send(replace(form, action="/account/selling"))
    assert answer.status_code == 404
    visitor.get("/selling", 404)
