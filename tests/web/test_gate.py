"""Who gets in, what a form must bring, and what every answer carries."""

from __future__ import annotations

import hashlib

import pytest
from starlette.datastructures import Headers

from fairhold.domain.instants import Instant
from fairhold.engine.background import Background, CannotAdvance
from fairhold.store.access import SmallTables
from fairhold.web.security import from_elsewhere, way_back
from fairhold.web.sessions import COOKIE
from tests.web.conftest import Market, Visiting, form_to

PAGES = {
    "ann": (
        "/orders",
        "/orders/{order}",
        "/orders/{order}/receipt",
        "/orders/{order}/receipt/done",
        "/orders/{order}/protection",
    ),
    "nick": ("/selling", "/selling/money", "/selling/orders/{order}", "/orders"),
    "sam": ("/support", "/support/orders/{order}"),
    "mia": ("/support", "/support/orders/{order}"),
    "ops": ("/operator", "/operator/orders/{order}", "/operator/ledger", "/operator/clock"),
}


@pytest.mark.parametrize("language", ["ru", "en"])
def test_every_page_opens_for_whom_it_is_meant(market: Market, visiting: Visiting, language: str) -> None:
    order = market.confirmed()
    for person, pages in PAGES.items():
        visitor = visiting(person, language)
        for page in (*pages, "/help", "/rules"):
            text = visitor.get(page.format(order=order.id))
            assert f'<html lang="{language}"' in text
            assert "%(" not in text


def test_nobody_else_sees_an_order_and_cannot_tell_it_from_none(market: Market, visiting: Visiting) -> None:
    order = market.delivered()
    for person, path in (("bob", "/orders"), ("nick", "/orders")):
        visitor = visiting(person, "en")
        there = visitor.get(f"{path}/{order.id}", 404)
        nowhere = visitor.get(f"{path}/{order.id[:-1]}0", 404)
        assert "There is no such page, or it is not yours" in there
        assert _main(there) == _main(nowhere)


def _main(page: str) -> str:
    return page.partition("<main")[2].partition("</main>")[0]


@pytest.mark.parametrize(
    "path", ["/selling", "/support", "/operator", "/operator/ledger", "/operator/clock", "/nothing"]
)
def test_what_is_not_for_a_person_does_not_exist_for_them(visiting: Visiting, path: str) -> None:
    visiting("ann").get(path, 404)


def test_whoever_is_signed_out_signs_in_first_and_lands_where_they_meant_to(market: Market, visiting: Visiting) -> None:
    order, visitor = market.placed(), visiting()
    page = visitor.get(f"/orders/{order.id}")
    assert 'name="person"' in page
    answer = visitor.send(form_to(page, "/sign-in"), person="ann")
    assert str(answer.url).endswith(f"/orders/{order.id}")


def test_a_sign_in_does_not_lead_to_another_site(visiting: Visiting) -> None:
    visitor = visiting()
    form = form_to(visitor.get("/sign-in?next=//evil.example/x"), "/sign-in")
    answer = visitor.send(form, person="ann", next="//evil.example/x")
    assert answer.url.host == "fairhold.test"
    answer = visitor.client.get("/language/en", params={"next": "https://evil.example"})
    assert answer.url.host == "fairhold.test"


@pytest.mark.parametrize("target", ["//a", "/\\a", "https://a", "a", "", None, "/a\r\nb", "javascript:x", "/a b"])
def test_only_a_path_of_this_site_is_a_way_back(target: str | None) -> None:
    assert way_back(target, "/home") == "/home"


def test_a_path_of_this_site_is_a_way_back() -> None:
    assert way_back("/orders?q=a%20b", "/home") == "/orders?q=a%20b"


def test_the_cookie_is_for_http_only_and_the_store_keeps_its_hash(market: Market, visiting: Visiting) -> None:
    visitor = visiting()
    form = form_to(visitor.get("/sign-in"), "/sign-in")
    answer = visitor.client.post(form.action, data={"person": "ann"}, follow_redirects=False)
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "samesite=lax" in cookie.lower()
    token = answer.cookies[COOKIE]
    assert market.application.access.session(hashlib.sha256(token.encode()).digest()) is not None
    assert market.application.access.session(token.encode()) is None


def test_a_token_that_the_browser_chose_is_not_taken_over(market: Market, visiting: Visiting) -> None:
    visitor = visiting()
    chosen = "chosen-by-somebody-else-0123456789"
    visitor.client.cookies.set(COOKIE, chosen)
    visitor.send(form_to(visitor.get("/sign-in"), "/sign-in"), person="ann")
    assert market.application.access.session(hashlib.sha256(chosen.encode()).digest()) is None


def test_signing_in_again_ends_the_session_before_and_signing_out_ends_it(market: Market, visiting: Visiting) -> None:
    visitor = visiting("ann")
    first = visitor.client.cookies[COOKIE]
    visitor.send(form_to(visitor.get("/sign-in"), "/sign-in"), person="bob")
    second = visitor.client.cookies[COOKIE]
    access = market.application.access
    assert first != second
    assert access.session(hashlib.sha256(first.encode()).digest()) is None
    visitor.send(form_to(visitor.get("/orders"), "/sign-out"))
    assert access.session(hashlib.sha256(second.encode()).digest()) is None


def test_a_form_without_its_token_changes_nothing(market: Market, visiting: Visiting) -> None:
    order, ann = market.placed(), visiting("ann", "en")
    form = form_to(ann.get(f"/orders/{order.id}"), "/payment")
    for token in ("", "0" * 64, "é"):
        answer = ann.send(form, token=token)
        assert answer.status_code == 403
        assert "This form is out of date" in answer.text
    assert market.order(order.id).version == 1


def test_a_form_from_another_site_changes_nothing(market: Market, visiting: Visiting) -> None:
    order, ann = market.placed(), visiting("ann", "en")
    form = form_to(ann.get(f"/orders/{order.id}"), "/payment")
    ann.client.headers["sec-fetch-site"] = "cross-site"
    assert ann.send(form).status_code == 403
    assert market.order(order.id).version == 1


def test_an_origin_of_another_host_is_from_elsewhere() -> None:
    assert from_elsewhere(Headers({"origin": "https://evil.example", "host": "fairhold.test"}))
    assert from_elsewhere(Headers({"origin": "null", "host": "fairhold.test"}))
    assert not from_elsewhere(Headers({"origin": "https://fairhold.test", "host": "fairhold.test"}))
    assert not from_elsewhere(Headers({"host": "fairhold.test"}))


def test_every_answer_carries_the_headers(visiting: Visiting) -> None:
    visitor = visiting()
    for path in ("/", "/sign-in", "/nothing"):
        headers = visitor.client.get(path).headers
        assert headers["content-security-policy"].startswith("default-src 'self'")
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["x-frame-options"] == "DENY"
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"


def test_files_carry_their_hash_and_may_be_kept_for_ever(visiting: Visiting) -> None:
    visitor = visiting()
    page = visitor.get("/")
    address = page.partition('rel="stylesheet" href="')[2].partition('"')[0]
    answer = visitor.client.get(address)
    assert answer.status_code == 200
    assert "immutable" in answer.headers["cache-control"]
    assert visitor.client.get("/static/tokens.css").status_code == 404


def test_no_page_has_an_inline_style_or_script_or_asks_another_site(market: Market, visiting: Visiting) -> None:
    order, ann = market.delivered(), visiting("ann")
    for path in ("/orders", f"/orders/{order.id}", f"/orders/{order.id}/receipt"):
        page = ann.get(path)
        assert " style=" not in page
        assert "<style" not in page
        assert "<script>" not in page
        assert 'src="http' not in page


def test_the_language_stays_chosen(visiting: Visiting) -> None:
    visitor = visiting(None, "ru")
    assert '<html lang="ru"' in visitor.get("/")
    visitor.get("/language/en?next=/rules")
    assert '<html lang="en"' in visitor.get("/")
    visitor.get("/language/xx", 404)


@pytest.mark.parametrize(
    "path", ["/orders/x", "/orders/%00", "/orders/" + "z" * 20, "/operator/ledger/nothing:RUB", "/support/orders/1"]
)
def test_addresses_of_nothing_are_not_found(visiting: Visiting, path: str) -> None:
    for person in ("ann", "ops", "sam"):
        visiting(person).get(path, 404)


def test_a_form_that_is_too_large_is_not_read(market: Market, visiting: Visiting) -> None:
    order, ann = market.placed(), visiting("ann")
    answer = ann.client.post(f"/orders/{order.id}/payment", data={"method": "x" * 100_000})
    assert answer.status_code == 413


def test_a_key_used_for_another_form_is_refused(market: Market, visiting: Visiting) -> None:
    order, ann = market.placed(), visiting("ann", "en")
    form = form_to(ann.get(f"/orders/{order.id}"), "/payment")
    assert ann.send(form).status_code == 200
    answer = ann.send(form, method="sandbox:declined")
    assert answer.status_code in (409, 422)
    assert "already used for something else" in answer.text


def test_what_a_signed_in_person_sees_is_kept_nowhere(market: Market, visiting: Visiting) -> None:
    """«Back» after signing out, on a computer that others use."""
    order, ann = market.delivered(), visiting("ann")
    for path in ("/orders", f"/orders/{order.id}", f"/orders/{order.id}/receipt", "/rules", "/nothing"):
        assert ann.client.get(path).headers["cache-control"] == "no-store"
    assert visiting().client.get("/").headers["cache-control"] == "private, no-cache"


def test_a_form_is_read_only_as_the_pages_send_it(market: Market, visiting: Visiting) -> None:
    """A multipart form names its own encoding, and some of those make text that no page can show."""
    order, shop = market.paid(), visiting("nick")
    token = dict(form_to(shop.get(f"/selling/orders/{order.id}/ship"), "/ship").fields)["token"]
    parts = "".join(
        f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in (("token", token), ("other_carrier", "\\ud800"))
    )
    kind = "multipart/form-data; boundary=x; charset=raw_unicode_escape"
    path = f"/selling/orders/{order.id}/ship"
    answer = shop.client.post(path, content=f"{parts}--x--\r\n", headers={"Content-Type": kind})
    assert answer.status_code == 415


@pytest.mark.parametrize("person", ["ann", "nick", "ops"])
def test_a_reason_that_is_no_text_is_refused(market: Market, visiting: Visiting, person: str) -> None:
    order, visitor = market.paid(), visiting(person)
    section = {"ann": "/orders", "nick": "/selling/orders", "ops": "/operator/orders"}[person]
    form = form_to(visitor.get(f"{section}/{order.id}/cancellation"), "/cancellation")
    assert visitor.send(form, why="a\x00b").status_code == 422
    assert market.order(order.id).version == order.version


def test_a_clock_that_somebody_moved_further_meanwhile_is_no_failure(
    market: Market, visiting: Visiting, monkeypatch: pytest.MonkeyPatch
) -> None:
    def passed(_: Background, to: Instant) -> Instant:
        raise CannotAdvance("backwards", f"it is later than {to}")

    monkeypatch.setattr(Background, "advance", passed)
    ops = visiting("ops")
    assert ops.send(form_to(ops.get("/operator/clock"), "/clock"), step="hour").status_code == 200


def test_signing_out_of_a_session_that_never_was_writes_nothing(
    market: Market, visiting: Visiting, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody needs to be known to send this form, and a write would make everybody's orders wait."""
    ended: list[bytes] = []
    monkeypatch.setattr(SmallTables, "end_session", lambda _, token_hash: ended.append(token_hash))
    stranger = visiting().client
    stranger.cookies.set(COOKIE, "x" * 43)
    assert stranger.post("/sign-out", follow_redirects=False).status_code == 303
    assert not ended
    ann = visiting("ann")
    ann.send(form_to(ann.get("/orders"), "/sign-out"))
    assert len(ended) == 1
