"""What everybody may read without a key: reviews, reputation, standing, photos; and how it may be kept (S34, S35)."""

import base64
from typing import Any

import pytest

from fairhold.domain.actors import Role
from fairhold.domain.ids import PersonId
from fairhold.engine.reading.reputation import ReputationQueries
from fairhold.wiring import Application
from tests.api.client import KEY, Client, Response
from tests.api.deals import Deal, advance, place
from tests.gateways.pictures import jpeg

SELLER = "/v1/sellers/shop-7/reviews"
REPUTATION = "/v1/sellers/shop-7/reputation"
STANDING = "/v1/buyers/ann/standing"


def _done(operator: Client, **given: Any) -> Deal:
    return place(operator, **given).deliver().confirm()


def _public(operator: Client, path: str = SELLER, query: str = "", **headers: str) -> Response:
    return operator.get_at(path, query, **headers)


def _items(operator: Client, query: str = "", path: str = SELLER) -> list[dict[str, Any]]:
    answer = _public(operator, path, query)
    assert answer.status == 200, answer.body
    items: list[dict[str, Any]] = answer.json["items"]
    return items


@pytest.fixture
def five(operator: Client) -> list[str]:
    """Five reviews with 1 to 5 stars, the last three with words, the last one with a photo."""
    texts = {3: "Лампа как лампа, светит.", 4: "A good lamp for the price.", 5: "Очень хорошая лампа!"}
    found = []
    for stars in range(1, 6):
        deal = _done(operator)
        more: dict[str, Any] = {"text": texts[stars]} if stars in texts else {}
        if stars == 5:
            more["photos"] = [deal.buyer.upload(jpeg()).json["id"]]
        found.append(deal.review(stars, shipping_speed=stars, **more)["id"])
    return found


def test_reviews_of_a_seller_are_filtered_sorted_and_paged(operator: Client, five: list[str]) -> None:
    one, two, three, four, top = five
    for query, expected in (
        ("", five[::-1]),
        ("sort=newest", five[::-1]),
        ("sort=highest", five[::-1]),
        ("sort=lowest", five),
        ("rating=5,4", [top, four]),
        ("rating=2", [two]),
        ("photo=1", [top]),
        ("photo=0", five[::-1]),
        ("language=ru", [top, three]),
        ("language=en&rating=4,1", [four]),
        ("rating=1,2&sort=lowest", [one, two]),
    ):
        assert [item["id"] for item in _items(operator, query)] == expected, query
    for sort in ("newest", "highest", "lowest"):
        found: list[str] = []
        cursor: str | None = ""
        while cursor is not None:
            page = _public(operator, query=f"sort={sort}&limit=2" + (f"&cursor={cursor}" if cursor else "")).json
            found += [item["id"] for item in page["items"]]
            cursor = page["next"]
        assert found == (five if sort == "lowest" else five[::-1])


def test_the_summary_counts_all_reviews_whatever_the_list_is_filtered_by(operator: Client, five: list[str]) -> None:
    summary = _public(operator, query="rating=5").json["summary"]
    assert summary == {
        "rating": 3.0,
        "reviews": 5,
        "stars": {"1": 1, "2": 1, "3": 1, "4": 1, "5": 1},
        "positive_percent": 40.0,
        "criteria": {"shipping_speed": {"rating": 3.0, "reviews": 5}},
        "with_photo": 1,
        "languages": {"ru": 2, "en": 1},
        "automatic": 0,
    }
    reputation = _public(operator, REPUTATION).json
    assert reputation["summary"] == summary
    assert set(reputation["months"]) == {"1", "3", "6", "12"}
    assert 0 < reputation["score"] < 0.4
    advance(operator, days=40)
    months = _public(operator, REPUTATION).json["months"]
    assert (months["1"]["reviews"], months["3"]["reviews"]) == (0, 5)


@pytest.mark.parametrize(
    ("query", "code", "field"),
    [
        ("rating=0", "invalid_parameter", "rating"),
        ("rating=6", "invalid_parameter", "rating"),
        ("rating=", "invalid_parameter", "rating"),
        ("rating=5,", "invalid_parameter", "rating"),
        ("rating=4.5", "invalid_parameter", "rating"),
        ("rating=five", "invalid_parameter", "rating"),
        ("rating=%D9%A5", "invalid_parameter", "rating"),
        ("rating=%FF", "invalid_parameter", None),
        ("rating=1%00", "invalid_parameter", "rating"),
        ("rating=1&rating=2", "invalid_parameter", "rating"),
        ("photo=maybe", "invalid_parameter", "photo"),
        ("language=de", "invalid_parameter", "language"),
        ("sort=oldest", "invalid_parameter", "sort"),
        ("limit=0", "invalid_parameter", "limit"),
        ("limit=x", "invalid_parameter", "limit"),
        ("cursor=", "invalid_cursor", "cursor"),
        ("cursor=garbage", "invalid_cursor", "cursor"),
        ("cursor=%00", "invalid_cursor", "cursor"),
        (f"cursor={'A' * 5000}", "invalid_cursor", "cursor"),
        ("cursor={other}", "invalid_cursor", "cursor"),
        ("order=1", "unknown_parameter", "order"),
    ],
)
def test_a_bad_filter_is_refused_by_its_name(operator: Client, query: str, code: str, field: str | None) -> None:
    for _ in range(2):
        _done(operator).review(5)
    other = _public(operator, query="sort=highest&limit=1").json["next"]
    for path in (SELLER, "/v1/sellers/shop-7/products/lamp/reviews"):
        answer = _public(operator, path, query.replace("{other}", other))
        assert (answer.status, answer.code, answer.field) == (422, code, field)
        assert answer.headers["access-control-allow-origin"] == "*"
        assert answer.headers["cache-control"] == "no-store"
        assert "Accept-Language" in answer.headers["vary"]


SKUS = [
    "a/b",
    "/",
    "//a//",
    "a b",
    "reviews",
    "a/reviews",
    "products/x/reviews",
    "?x=1#y",
    "%2F",
    "Ё✓🙂",
    "..",
    "a\\b+&=",
]


@pytest.mark.parametrize("sku", SKUS)
def test_a_sku_may_have_whatever_can_be_printed(operator: Client, sku: str) -> None:
    lines = [
        {"sku": sku, "title": "One", "quantity": 1, "unit_price": 1000},
        {"sku": "two", "title": "Two", "quantity": 1, "unit_price": 1000},
    ]
    deal = _done(operator, lines=lines)
    line = {"id": deal.lines[0], "rating": 3, "text": "Это о первом товаре, он так себе."}
    deal.review(5, text="All is well with this order.", lines=[line])
    [own] = _items(operator, path=f"/v1/sellers/shop-7/products/{sku}/reviews")
    assert (own["rating"], own["text"], own["language"]) == (3, line["text"], "ru")
    [other] = _items(operator, path="/v1/sellers/shop-7/products/two/reviews")
    assert (other["rating"], other["text"], other["id"]) == (5, "All is well with this order.", own["id"])
    assert _items(operator, path="/v1/sellers/shop-8/products/two/reviews") == []


@pytest.mark.parametrize(
    "path",
    [
        "/v1/sellers/shop-7/products//reviews",
        "/v1/sellers/shop-7/products/reviews",
        "/v1/sellers/shop-7/products/a\0b/reviews",
        "/v1/sellers/shop-7/products/\u200b/reviews",
        f"/v1/sellers/shop-7/products/{'x' * 65}/reviews",
        f"/v1/sellers/shop-7/products/{'/' * 60_000}/reviews",
        "/v1/sellers/shop-7/products/a/b",
        "/v1/sellers/shop 7/reviews",
        "/v1/sellers/shop-7\n/reviews",
        "/v1/sellers/\0/reputation",
        "/v1/sellers/\ufffd/reputation",
        "/v1/sellers//reputation",
        "/v1/sellers/пётр/reputation",
        f"/v1/buyers/{'x' * 65}/standing",
        "/v1/buyers/a/b/standing",
        "/v1/buyers/buyer:ann/standing",
    ],
)
def test_what_nobody_and_nothing_can_be_called_is_not_found(operator: Client, path: str) -> None:
    answer = operator.get_at(path, authorization=f"Bearer {KEY}")
    assert (answer.status, answer.code) in ((404, "not_found"), (404, "route_not_found"))


def test_somebody_of_whom_nothing_is_known_yet_is_answered_with_nothing(operator: Client) -> None:
    assert _items(operator, path="/v1/sellers/new/reviews") == []
    reputation = _public(operator, "/v1/sellers/new/reputation").json
    assert (reputation["summary"]["rating"], reputation["summary"]["reviews"], reputation["score"]) == (None, 0, 0)
    assert _public(operator, "/v1/buyers/new/standing").json["level"] == 0


@pytest.mark.parametrize("path", [SELLER, "/v1/sellers/shop-7/products/lamp/reviews", REPUTATION, STANDING])
def test_caches_may_keep_it_for_a_minute_and_any_sites_script_may_ask(operator: Client, path: str) -> None:
    deal = _done(operator)
    deal.review(4)
    first = _public(operator, path, accept_language="ru")
    assert first.headers["cache-control"] == "public, max-age=60"
    assert first.headers["access-control-allow-origin"] == "*"
    assert "content-language" not in first.headers, "it has no words that would depend on the language"
    assert "vary" not in first.headers
    tag = first.headers["etag"]
    assert tag.startswith('"')
    assert _public(operator, path, accept_language="en").headers["etag"] == tag
    for known in (tag, f"W/{tag}", f'"x", {tag}', "*"):
        same = _public(operator, path, if_none_match=known)
        assert (same.status, same.body, same.headers["etag"]) == (304, b"", tag)
        assert "content-length" not in same.headers
        assert same.headers["cache-control"] == "public, max-age=60"
    assert _public(operator, path, if_none_match='"other"').status == 200
    head = operator.by(None, key=None).send("HEAD", path)
    assert (head.status, head.body, head.headers["etag"]) == (200, b"", tag)
    theirs = operator.by("seller:shop-7").get(path)
    assert theirs.body == first.body, "a key changes nothing"
    assert operator.by(None, key="wrong").get(path).status == 200
    _done(operator).review(2)
    _done(operator).review(2, by="seller")
    assert _public(operator, path, if_none_match=tag).status == 200


def test_nothing_else_may_be_read_by_another_sites_script(operator: Client) -> None:
    deal = _done(operator)
    url = f"/v1/reviews/{deal.review(5)['id']}"
    for answer in (
        deal.buyer.get(url),
        deal.buyer.get("/v1/reviews"),
        deal.buyer.get(deal.url),
        deal.buyer.post(f"{url}/report", {"reason": "spam"}),
        operator.by(None, key=None).get(url),
        operator.by(None, key=None).send("POST", SELLER),
    ):
        assert "access-control-allow-origin" not in answer.headers
        assert answer.headers["cache-control"] == "no-store"


def test_a_photo_of_a_published_review_is_everybodys_and_goes_with_it(operator: Client) -> None:
    deal = _done(operator)
    name, other = (deal.buyer.upload(jpeg(100 + n)).json["id"] for n in range(2))
    review = deal.review(1, photos=[name])
    anybody = operator.by(None, key=None)
    shown = anybody.get(f"/v1/photos/{name}?size=thumb")
    assert (shown.status, shown.headers["content-type"]) == (200, "image/jpeg")
    assert shown.headers["cache-control"] == "public, max-age=60"
    assert shown.headers["access-control-allow-origin"] == "*"
    assert shown.headers["content-security-policy"] == "sandbox; default-src 'none'"
    assert anybody.get(f"/v1/photos/{name}?size=thumb", if_none_match=shown.headers["etag"]).status == 304
    assert operator.by("buyer:eve").get(f"/v1/photos/{name}").headers["cache-control"] == "public, max-age=60"
    assert deal.buyer.get(f"/v1/photos/{name}").headers["cache-control"].startswith("private")
    hidden, nothing = anybody.get(f"/v1/photos/{other}"), anybody.get(f"/v1/photos/{'0' * 26}")
    assert (hidden.status, hidden.code) == (404, "not_found")
    assert hidden.body == nothing.body
    assert operator.by("buyer:ann", key="wrong").get(f"/v1/photos/{name}").status == 401
    taken = operator.by("mediator:mia").post(
        f"/v1/reviews/{review['id']}/moderation", {"decision": "hide", "reasons": "Not the goods."}
    )
    assert taken.status == 200
    assert anybody.get(f"/v1/photos/{name}").body == nothing.body
    assert operator.by("seller:shop-7").get(f"/v1/photos/{name}").status == 404
    assert deal.buyer.get(f"/v1/photos/{name}").status == 200


def test_ratings_raise_the_standing_of_who_gives_them(operator: Client) -> None:
    before = _public(operator, STANDING).json
    deals = [_done(operator) for _ in range(3)]
    for deal in deals:
        deal.review(5)
    deals[0].review(3, by="seller")
    advance(operator, days=2)
    after = _public(operator, STANDING).json
    assert (before["level"], before["reviews_given"]) == (0, 0)
    assert (after["level"], after["deals_completed"], after["reviews_given"]) == (1, 3, 3)
    assert (after["received"]["reviews"], after["received"]["rating"]) == (1, 3.0)


def test_shipping_speed_is_that_of_completed_orders(operator: Client) -> None:
    deal = place(operator).pay()
    advance(operator, days=1)
    deal.ship()
    advance(operator, days=3)
    now = operator.get("/v1/clock").json["now"]
    parcel = deal.now["shipments"][0]["id"]
    scan = operator.post(f"{deal.url}/shipments/{parcel}/checkpoints", {"status": "delivered", "at": now})
    assert scan.status == 200
    deal.confirm()
    advance(operator, days=2)
    shipping = _public(operator, REPUTATION).json["shipping"]
    assert shipping["parcels"] == 1
    assert 0 <= shipping["dispatch_seconds"] - 86_400 < 60
    assert 0 <= shipping["delivery_seconds"] - 3 * 86_400 < 60


def test_shipping_speed_is_read_once_a_minute_and_figures_are_those_of_now(
    operator: Client, application: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[PersonId] = []
    slow = ReputationQueries._shipping

    def counted(self: ReputationQueries, seller: PersonId) -> Any:
        calls.append(seller)
        return slow(self, seller)

    monkeypatch.setattr(ReputationQueries, "_shipping", counted)
    for _ in range(3):
        assert _public(operator, REPUTATION).json["summary"]["reviews"] == 0
    assert len(calls) == 1
    _done(operator).review(5)
    assert _public(operator, REPUTATION).json["summary"]["reviews"] == 1
    assert len(calls) == 1
    advance(operator, seconds=61)
    _public(operator, REPUTATION)
    assert len(calls) == 2
    monkeypatch.setattr("fairhold.engine.reading.reputation.SELLERS_KEPT", 2)
    calls.clear()
    for seller in ("a", "b", "a", "c", "b", "a"):
        application.queries.reputation.shipping(PersonId(seller))
    assert calls == ["a", "b", "c", "a"]


def test_a_cursor_does_not_tell_when_a_review_was_left(operator: Client, application: Application) -> None:
    for _ in range(2):
        _done(operator).review(5)
    cursor = _public(operator, query="limit=1").json["next"]
    inside = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
    row = application.queries.reviews.about(Role.SELLER, PersonId("shop-7"), limit=1).items[0]
    assert row.id.encode() in inside
    assert str(row.left_at).encode() not in inside


def test_a_person_named_by_an_address_is_not_shown_as_one(operator: Client) -> None:
    deal = place(operator)
    body = {"buyer": "ann@mail.example", "seller": "shop-7", "currency": "RUB"}
    lines = [{"sku": "lamp", "title": "Lamp", "quantity": 1, "unit_price": 1000}]
    ann = operator.by("buyer:ann@mail.example")
    placed = ann.post("/v1/orders", body | {"lines": lines})
    deal = Deal(placed.json["id"], ann, deal.seller, operator).deliver().confirm()
    deal.review(5, anonymous=False)
    answer = _public(operator)
    assert answer.json["items"][0]["author"] == "a…"
    assert b"mail.example" not in answer.body
