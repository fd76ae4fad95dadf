"""Headers on every answer, errors too; TLS; cookies; ways back; and what an error tells."""

from __future__ import annotations

import re

import pytest
from starlette.testclient import TestClient

from fairhold.engine.reading.orders import Queries
from fairhold.web.people import Directory
from fairhold.wiring import asgi
from tests.web.conftest import PEOPLE, Market, Visiting, form_to
from tests.web.shielding import cookies_of, shielded, stays_here

STRICT = "max-age=31536000; includeSubDomains"
ELSEWHERE = (
    "https://evil.example",
    "//evil.example",
    "/\\evil.example",
    "/\t/evil.example",
    "\\\\evil.example",
    "javascript:alert(1)",
)


def client_of(market: Market, url: str) -> TestClient:
    return TestClient(
        asgi(market.application, Directory(PEOPLE)),
        url,
        headers={"Accept-Language": "en"},
        raise_server_exceptions=False,
    )


def test_errors_of_every_kind_carry_the_headers_and_tell_nothing_of_the_inside(
    market: Market, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = client_of(market, "http://fairhold.test")
    answers = [
        client.get("/nothing"),
        client.delete("/orders"),
        client.post("/sign-in", content=b"x" * 100_000),
        client.post("/sign-in", content=b"{}", headers={"Content-Type": "application/json"}),
        client.post("/sign-in", data={"person": "ann"}, headers={"Sec-Fetch-Site": "cross-site"}),
        client.get("/offline/xx"),
        client.get("/static/nothing.css"),
        client.get("/embed/photos/nothing"),
        client.get("/letters/nothing"),
    ]
    client.post("/sign-in", data={"person": "ann"})

    def broken(self: Queries, *_: object, **__: object) -> None:
        raise RuntimeError("the password of the database is hunter2")

    monkeypatch.setattr(Queries, "list_orders", broken)
    answers.append(client.get("/orders"))
    assert {answer.status_code for answer in answers} == {404, 405, 413, 415, 403, 500}
    for answer in answers:
        shielded(answer)
        assert not re.search(r"Traceback|RuntimeError|hunter2|\.py\b|fairhold\.(?:web|api|engine|store)\b", answer.text)
        assert "server" not in answer.headers
        assert "x-powered-by" not in answer.headers


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/nothing",
        "/v1/orders",
        "/v1/heads",
        "/health",
        "/docs",
        "/openapi.json",
        "/offline/ru",
        "/embed/reviews.js",
    ],
)
def test_by_tls_every_answer_asks_for_nothing_but_tls_from_now_on(market: Market, path: str) -> None:
    assert client_of(market, "https://fairhold.test").get(path).headers["strict-transport-security"] == STRICT
    # By plain HTTP the header means nothing (RFC 6797, 7.2), and anybody on the way could have put it there.
    assert "strict-transport-security" not in client_of(market, "http://fairhold.test").get(path).headers


@pytest.mark.parametrize(
    "path", ["/v1/orders", "/v1/heads", "/health", "/metrics", "/docs", "/openapi.json", "/docs/style.css"]
)
def test_what_is_no_page_is_not_guessed_at_either(market: Market, path: str) -> None:
    assert client_of(market, "http://fairhold.test").get(path).headers["x-content-type-options"] == "nosniff"


def test_an_answer_of_the_api_that_is_opened_in_a_browser_can_do_nothing_there(market: Market) -> None:
    for path in ("/v1/orders", "/v1/nothing"):
        headers = client_of(market, "http://fairhold.test").get(path).headers
        assert headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"
        assert headers["cache-control"] == "no-store"
        assert "set-cookie" not in headers


@pytest.mark.parametrize(
    ("url", "prefix"),
    [("http://fairhold.test", "fairhold_session="), ("https://fairhold.test", "__host-fairhold_session=")],
)
def test_the_cookie_of_a_session_is_for_this_host_alone_and_out_of_reach_of_scripts(
    market: Market, url: str, prefix: str
) -> None:
    [cookie] = cookies_of(client_of(market, url).post("/sign-in", data={"person": "ann"}, follow_redirects=False))
    assert cookie.startswith(prefix)
    for part in ("httponly", "samesite=lax", "path=/"):
        assert part in cookie
    assert "domain=" not in cookie
    assert ("; secure" in cookie) == url.startswith("https")


def test_the_language_is_the_only_other_cookie_and_scripts_do_not_read_it(market: Market) -> None:
    [cookie] = cookies_of(client_of(market, "http://fairhold.test").get("/language/en", follow_redirects=False))
    assert cookie.startswith("fairhold_language=en;")
    assert "httponly" in cookie


@pytest.mark.parametrize("target", ELSEWHERE)
def test_no_way_back_leads_to_another_site(market: Market, visiting: Visiting, target: str) -> None:
    nobody = visiting()
    stays_here(nobody.client.get("/language/en", params={"next": target}, follow_redirects=False))
    page = nobody.get("/sign-in")
    form = form_to(page, "/sign-in")
    stays_here(
        nobody.client.post(
            form.action, data={**dict(form.fields), "person": "ann", "next": target}, follow_redirects=False
        )
    )
    for name in ("next", "back", "url", "return", "further", "redirect"):
        for path in ("/", "/sign-in", "/sign-up", "/rules", "/orders", "/sellers/shop-7", "/nothing"):
            answer = visiting("ann", "en").client.get(path, params={name: target}, follow_redirects=False)
            stays_here(answer)
            assert not re.search(r'(?:href|action)="(?:https?:|//|/\\|javascript:)', answer.text), (path, name)


def test_no_answer_repeats_what_house_a_request_says_this_is(market: Market) -> None:
    """Outside of the sandbox a link is that of the settings; here the pages' own links have no house at all."""
    client = client_of(market, "http://fairhold.test")
    client.post("/sign-in", data={"person": "ann"})
    order = market.delivered()
    for path in (
        "/",
        "/orders",
        "/orders/",
        f"/orders/{order.id}/",
        "/rules",
        "/nothing/",
        "//evil.example/",
        "/sign-in",
    ):
        answer = client.get(path, headers={"Host": "evil.example"}, follow_redirects=False)
        assert "evil.example" not in answer.headers.get("location", "")
        assert "http://evil.example" not in answer.text
        assert answer.status_code in (200, 303, 404)
