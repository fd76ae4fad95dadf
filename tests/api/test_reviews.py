"""Reviews over HTTP, as both sides of a deal write, revise, answer and list them (S15, S22–S31)."""

from typing import Any

import pytest

from fairhold.domain.review_commands import MAX_REVIEW_LENGTH
from tests.api.client import Client
from tests.api.deals import Deal, advance, place
from tests.gateways.pictures import jpeg

FAMILY = "👨‍👩‍👧‍👦"


@pytest.fixture
def done(operator: Client) -> Deal:
    """A deal that the buyer has confirmed."""
    return place(operator).deliver().confirm()


def _action(order: dict[str, Any], name: str = "review") -> dict[str, Any]:
    found: dict[str, Any] = next(action for action in order["actions"] if action["name"] == name)
    return found


def test_a_deal_is_reviewed_once_it_completes_by_each_side_once(operator: Client) -> None:
    deal = place(operator).deliver()
    assert _action(deal.now) == {"name": "review", "available": False, "code": "not_completed"}
    early = deal.buyer.post(f"{deal.url}/reviews", {"rating": 5})
    assert (early.status, early.code) == (409, "not_completed")
    deal.confirm(deal.lines[:1])
    assert _action(deal.now) == {"name": "review", "available": True}

    answer = deal.buyer.post(f"{deal.url}/reviews", {"rating": 5, "text": "Светит ярко.", "shipping_speed": 4})
    assert (answer.status, answer.json["id"]) == (200, deal.id)
    [review] = answer.json["reviews"]
    expected = {"by": "buyer", "rating": 5, "automatic": False, "status": "published", "revised": False, "reply": None}
    assert {name: review[name] for name in expected} == expected
    assert [line["rating"] for line in review["lines"]] == [5, 5]
    assert deal.now["reviews"] == answer.json["reviews"]
    again = deal.buyer.post(f"{deal.url}/reviews", {"rating": 5})
    assert (again.status, again.code) == (409, "already_reviewed")

    theirs = deal.review(4, by="seller", anonymous=False)
    assert (theirs["rating"], theirs["author"]) == (4, "shop-7")
    assert [one["by"] for one in deal.now["reviews"]] == ["buyer", "seller"]


def test_a_review_by_itself_has_its_words_versions_and_answer(done: Deal) -> None:
    lamp, mugs = done.lines
    said: dict[str, Any] = {"text": "Кружки с трещиной.", "lines": [{"id": lamp, "rating": 4, "text": "A good lamp."}]}
    written = done.review(2, description_accuracy=1, communication=5, **said)
    url = f"/v1/reviews/{written['id']}"
    shown = done.buyer.get(url).json
    assert (shown["text"], shown["language"], shown["order"], shown["author"]) == (said["text"], "ru", done.id, "ann")
    assert (shown["description_accuracy"], shown["communication"]) == (1, 5)
    assert [(line["id"], line["rating"], line.get("text")) for line in shown["lines"]] == [
        (lamp, 4, "A good lamp."),
        (mugs, 2, None),
    ]
    answered = done.seller.post(f"{url}/reply", {"text": "Заменим."})
    assert (answered.status, answered.json["id"]) == (200, written["id"])
    assert "lines" not in answered.json["reply"]
    assert (answered.json["reply"]["text"], answered.json["reply"]["version"]) == ("Заменим.", 1)
    second = done.seller.post(f"{url}/reply", {"text": "Ещё раз."})
    assert (second.status, second.code) == (409, "already_replied")

    revised = done.buyer.post(f"{url}/revision", {"rating": 5, "text": "Заменили, спасибо."})
    assert revised.status == 200, revised.body
    now = revised.json
    assert (now["rating"], now["version"], now["revised"], now["reply"]["version"]) == (5, 2, True, 1)
    assert [(one["number"], one["rating"], one["text"]) for one in now["versions"]] == [
        (1, 2, "Кружки с трещиной."),
        (2, 5, "Заменили, спасибо."),
    ]
    assert now == done.buyer.get(url).json
    assert done.now["reviews"][0]["revised"]


def test_by_the_usual_policy_a_review_is_revised_below_three_stars_and_only_upward(operator: Client) -> None:
    at_three = place(operator).deliver().confirm()
    kept = at_three.review(3)
    refused = at_three.buyer.post(f"/v1/reviews/{kept['id']}/revision", {"rating": 5})
    assert (refused.status, refused.code) == (409, "rating_too_high_to_revise")
    low = place(operator).deliver().confirm()
    url = f"/v1/reviews/{low.review(2)['id']}"
    refused = low.buyer.post(f"{url}/revision", {"rating": 2})
    assert (refused.status, refused.code, refused.field) == (422, "only_upward", "rating")
    refused = low.seller.post(f"{url}/revision", {"rating": 3})
    assert (refused.status, refused.code) == (403, "not_allowed")
    advance(operator, days=30)
    refused = low.buyer.post(f"{url}/revision", {"rating": 3})
    assert (refused.status, refused.code) == (409, "revision_too_late")


def test_the_time_for_reviews_runs_from_the_last_completion_and_brings_an_automatic_one(operator: Client) -> None:
    deal = place(operator).deliver().confirm(None)
    [deadline] = [one for one in deal.now["deadlines"] if one["kind"] == "review"]
    assert (deadline["owner"], deadline["stopped_by"], deadline["amount"]) == ("buyer", ["review"], 0)
    seller_sees = [one for one in deal.seller.get(deal.url).json["deadlines"] if one["kind"] == "review"]
    assert seller_sees == [deadline | {"owner": "seller"}]
    assert not [one for one in operator.get(deal.url).json["deadlines"] if one["kind"] == "review"]
    deal.review(5, by="seller")
    assert not [one for one in deal.seller.get(deal.url).json["deadlines"] if one["kind"] == "review"]
    advance(operator, days=31)
    order = deal.now
    assert not [one for one in order["deadlines"] if one["kind"] == "review"]
    assert _action(order)["code"] == "reviews_over"
    [automatic] = [one for one in deal.seller.get(deal.url).json["reviews"] if one["by"] == "buyer"]
    assert (automatic["rating"], automatic["automatic"], automatic["status"]) == (4, True, "published")
    refused = deal.seller.post(f"/v1/reviews/{automatic['id']}/reply", {"text": "Thanks!"})
    assert (refused.status, refused.code) == (409, "automatic_review")


def test_one_finds_what_awaits_a_review_what_one_wrote_and_what_others_wrote(operator: Client) -> None:
    first, second = place(operator).deliver().confirm(), place(operator).deliver().confirm()
    place(operator).deliver()
    ann = first.buyer
    awaiting = ann.get("/v1/reviews?role=buyer&tab=awaiting").json
    assert [one["order"] for one in awaiting["items"]] == [second.id, first.id]
    assert awaiting["items"][0]["until"] is not None
    assert [line["sku"] for line in awaiting["items"][0]["lines"]] == ["lamp", "mug"]
    page = ann.get("/v1/reviews?role=buyer&tab=awaiting&limit=1").json
    rest = ann.get(f"/v1/reviews?tab=awaiting&cursor={page['next']}").json
    assert [one["order"] for one in page["items"] + rest["items"]] == [second.id, first.id]

    written = [deal.review(5, text="Good.")["id"] for deal in (first, second)]
    assert ann.get("/v1/reviews?tab=awaiting").json["items"] == []
    active = ann.get("/v1/reviews?role=buyer&tab=active").json["items"]
    assert [one["id"] for one in active] == written[::-1]
    assert (active[0]["order"], active[0]["text"], active[0]["actions"][0]["name"]) == (
        second.id,
        "Good.",
        "revise_review",
    )
    assert ann.get("/v1/reviews").json["items"] == active
    received = first.seller.get("/v1/reviews?tab=received&limit=1").json
    further = first.seller.get(f"/v1/reviews?tab=received&cursor={received['next']}").json
    assert [one["id"] for one in received["items"] + further["items"]] == written[::-1]
    assert received["items"][0]["actions"] == [{"name": "reply_to_review", "available": True}]
    for query, status, code, field in (
        ("role=seller", 403, "not_allowed", "role"),
        ("tab=queue", 403, "not_allowed", "tab"),
        ("tab=all", 422, "invalid_parameter", "tab"),
        (f"tab=active&cursor={page['next']}", 422, "invalid_cursor", "cursor"),
        ("cursor=x", 422, "invalid_cursor", "cursor"),
    ):
        refused = ann.get(f"/v1/reviews?{query}")
        assert (refused.status, refused.code, refused.field) == (status, code, field)
    assert operator.by("buyer:eve").get("/v1/reviews?tab=received").json["items"] == []


def test_photos_are_shown_by_their_ids_each_once(done: Deal) -> None:
    one, two = (done.buyer.upload(jpeg(100 + n)).json["id"] for n in range(2))
    lamp = done.lines[0]
    review = done.review(5, photos=[one, one], lines=[{"id": lamp, "rating": 5, "photos": [two]}])
    assert (review["photos"], review["lines"][0]["photos"]) == ([one], [two])


def test_a_batch_and_a_repeat_and_a_dry_run_do_what_they_do_elsewhere(operator: Client) -> None:
    deal = place(operator).deliver().confirm()
    would = deal.buyer.post(f"{deal.url}/reviews?dry_run=1", {"rating": 1, "text": "Bad."}, idempotency=None)
    assert (would.status, would.json["reviews"][0]["rating"]) == (200, 1)
    assert deal.now["reviews"] == []
    first = deal.buyer.post(f"{deal.url}/reviews", {"rating": 1, "text": "Bad."}, idempotency="once")
    again = deal.buyer.post(f"{deal.url}/reviews", {"rating": 1, "text": "Bad."}, idempotency="once")
    assert (again.body, again.headers["idempotent-replayed"]) == (first.body, "true")
    url = f"/v1/reviews/{first.json['reviews'][0]['id']}"

    would = deal.buyer.post(f"{url}/revision?dry_run=1", {"rating": 2, "text": "Better."}, idempotency=None)
    assert (would.json["rating"], would.json["text"], len(would.json["versions"])) == (2, "Better.", 2)
    assert deal.buyer.get(url).json["rating"] == 1
    revised = deal.buyer.post(f"{url}/revision", {"rating": 2, "text": "Better."}, idempotency="once")
    assert revised.status == 200, "of keys each review has its own, and they do not meet those of its order"
    assert deal.buyer.post(f"{url}/revision", {"rating": 4}).status == 200
    repeated = deal.buyer.post(f"{url}/revision", {"rating": 2, "text": "Better."}, idempotency="once")
    assert repeated.body == revised.body
    assert repeated.headers["idempotent-replayed"] == "true"
    other = deal.buyer.post(f"{url}/revision", {"rating": 3}, idempotency="once")
    assert (other.status, other.code, other.field) == (422, "idempotency_key_reused", "Idempotency-Key")

    path = url.removeprefix("/v1")
    commands = [
        {"path": f"{path}/reply", "body": {"text": "Sorry."}, "key": "a", "actor": "seller:shop-7"},
        {"path": f"{path}/reply", "body": {"text": "Sorry."}, "key": "a", "actor": "seller:shop-7"},
        {"path": f"/orders/{deal.id}/reviews", "body": {"rating": 5}, "key": "b", "actor": "seller:shop-7"},
        {"path": f"{path}/reply", "body": {"text": "x"}, "key": "c", "actor": "buyer:eve"},
        {"path": f"{path}/report", "body": {"reason": "spam"}, "key": "d"},
        {"path": f"/reviews/{'0' * 20}/reply", "body": {"text": "x"}, "key": "e", "actor": "seller:shop-7"},
    ]
    outcomes = operator.post("/v1/commands", {"commands": commands}, idempotency=None).json["outcomes"]
    assert [outcome["status"] for outcome in outcomes] == [200, 200, 200, 403, 422, 404]
    assert outcomes[0]["body"] == outcomes[1]["body"]
    assert outcomes[0]["body"]["reply"]["text"] == "Sorry."
    assert outcomes[2]["body"]["id"] == deal.id


BAD: dict[str, tuple[dict[str, Any], str, str | None]] = {
    "no stars": ({}, "missing_field", "rating"),
    "no star": ({"rating": 0}, "invalid_request", "rating"),
    "six stars": ({"rating": 6}, "invalid_request", "rating"),
    "a star and a half": ({"rating": 1.5}, "invalid_request", "rating"),
    "stars as text": ({"rating": "5"}, "invalid_request", "rating"),
    "nothing for stars": ({"rating": None}, "invalid_request", "rating"),
    "six stars for speed": ({"rating": 5, "shipping_speed": 6}, "invalid_request", "shipping_speed"),
    "an empty text": ({"rating": 5, "text": ""}, "invalid_request", "text"),
    "a text of blanks": ({"rating": 5, "text": " \n "}, "invalid_request", "text"),
    "NUL": ({"rating": 5, "text": "a\0b"}, "invalid_request", "text"),
    "a control character": ({"rating": 5, "text": "a\x1bb"}, "invalid_request", "text"),
    "half a character": ({"rating": 5, "text": "\ud800"}, "malformed_json", "text"),
    "1001 characters": ({"rating": 5, "text": "a" * 1001}, "text_too_long", "text"),
    "1001 families": ({"rating": 5, "text": FAMILY * 1001}, "text_too_long", "text"),
    "far too much": ({"rating": 5, "text": "a" * 8001}, "invalid_request", "text"),
    "a full link": ({"rating": 5, "text": "See https://shop.example/now"}, "link_in_text", "text"),
    "another language": (
        {"rating": 5, "text": "Die Lampe leuchtet sehr hell, und der Versand war überraschend schnell."},
        "language_not_taken",
        "text",
    ),
    "an unknown field": ({"rating": 5, "screened": {"link": False}}, "unknown_field", "screened"),
    "whose it is": ({"rating": 5, "by": "seller"}, "unknown_field", "by"),
    "anonymous by word": ({"rating": 5, "anonymous": "yes"}, "invalid_request", "anonymous"),
    "an unknown line": ({"rating": 5, "lines": [{"id": "nope", "rating": 5}]}, "unknown_line", "lines[0].id"),
    "a line twice": (
        {"rating": 5, "lines": [{"id": "{0}", "rating": 5}, {"id": "{0}", "rating": 4}]},
        "duplicate_line",
        "lines[1].id",
    ),
    "a line without stars": ({"rating": 5, "lines": [{"id": "{0}"}]}, "missing_field", "lines[0].rating"),
    "a long text of a line": (
        {"rating": 5, "lines": [{"id": "{0}", "rating": 5, "text": "b" * 1001}]},
        "text_too_long",
        "lines[0].text",
    ),
    "a photo of nobody": ({"rating": 5, "photos": ["0" * 26]}, "photo_not_yours", "photos[0]"),
    "somebody else's photo": ({"rating": 5, "photos": ["{mine}", "{theirs}"]}, "photo_not_yours", "photos[1]"),
    "somebody else's photo of a line": (
        {"rating": 5, "lines": [{"id": "{0}", "rating": 5, "photos": ["{theirs}"]}]},
        "photo_not_yours",
        "lines[0].photos[0]",
    ),
    "a photo without a name": ({"rating": 5, "photos": [""]}, "invalid_request", "photos[0]"),
    "31 photos": (
        {"rating": 5, "lines": [{"id": f"x{n}", "rating": 5, "photos": ["{mine}"] * 8} for n in range(4)]},
        "too_many_photos_in_review",
        "photos",
    ),
}


def _filled(value: Any, names: dict[str, str]) -> Any:
    if isinstance(value, dict):
        return {name: _filled(inner, names) for name, inner in value.items()}
    if isinstance(value, list):
        return [_filled(inner, names) for inner in value]
    return names.get(value, value) if isinstance(value, str) else value


@pytest.mark.parametrize("name", BAD)
def test_a_bad_review_is_refused_by_the_field_at_fault(done: Deal, name: str) -> None:
    body, code, field = BAD[name]
    mine, theirs = done.buyer.upload(jpeg()).json["id"], done.seller.upload(jpeg()).json["id"]
    filled = _filled(body, {"{0}": done.lines[0], "{mine}": mine, "{theirs}": theirs})
    refused = done.buyer.post(f"{done.url}/reviews", filled)
    assert (refused.status, refused.code, refused.field) == (422, code, field)
    assert done.now["reviews"] == []


@pytest.mark.parametrize("text", ["a" * MAX_REVIEW_LENGTH, FAMILY * MAX_REVIEW_LENGTH, "é" * MAX_REVIEW_LENGTH])
def test_a_thousand_characters_are_counted_as_a_person_counts_them(done: Deal, text: str) -> None:
    assert done.review(5, text=text)["status"] == "published"


def test_sellers_rate_neither_criteria_nor_products(done: Deal) -> None:
    for body, field in (
        ({"rating": 5, "communication": 5}, "communication"),
        ({"rating": 5, "lines": [{"id": done.lines[0], "rating": 5}]}, "lines"),
    ):
        refused = done.seller.post(f"{done.url}/reviews", body)
        assert (refused.status, refused.code, refused.field) == (422, "only_buyer_rates_this", field)


@pytest.mark.parametrize("call", ["revision", "reply", "report", "moderation", "contest"])
def test_what_one_may_not_see_answers_as_what_does_not_exist(operator: Client, call: str) -> None:
    deal = place(operator, policy="fair").deliver().confirm()
    blind = deal.review(1, text="Bad.")
    assert blind["status"] == "blind"
    for who in ("seller:shop-7", "buyer:eve", "seller:shop-8"):
        client = operator.by(who)
        for body in ({}, {"nonsense": 1}, b"{", b"x" * 300_000):
            theirs = client.post(f"/v1/reviews/{blind['id']}/{call}", body)
            none = client.post(f"/v1/reviews/{'0' * 20}/{call}", body)
            assert (theirs.status, theirs.code) == (404, "unknown_review")
            assert theirs.body == none.body
        assert client.get(f"/v1/reviews/{blind['id']}").body == client.get(f"/v1/reviews/{'0' * 20}").body
        assert client.get(f"/v1/reviews/{blind['id']}?x=1").status == 404
    assert deal.seller.get("/v1/reviews/..%2f..%2f\0").status == 404


def test_a_blind_review_is_its_authors_alone_until_both_have_written(operator: Client) -> None:
    deal = place(operator, policy="fair").deliver().confirm()
    blind = deal.review(1, text="Bad.", anonymous=False)
    url = f"/v1/reviews/{blind['id']}"
    assert [one["id"] for one in deal.now["reviews"]] == [blind["id"]]
    assert deal.seller.get(deal.url).json["reviews"] == []
    assert deal.seller.get(url).status == 404
    assert deal.buyer.get(url).json["text"] == "Bad."
    assert operator.get_at("/v1/sellers/shop-7/reviews").json["items"] == []
    deal.review(5, by="seller")
    assert deal.seller.get(url).json["text"] == "Bad."
    assert {one["status"] for one in deal.now["reviews"]} == {"published"}
    assert [one["id"] for one in operator.get_at("/v1/sellers/shop-7/reviews").json["items"]] == [blind["id"]]
