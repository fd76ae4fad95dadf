"""S32 over HTTP: an anonymous review reaches the other side and the public without its order and without its author.

Every GET of the table is asked by everybody, so that a call that is added later is asked, too.
"""

import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from fairhold.api.openapi import path_names
from fairhold.api.rows import Route
from fairhold.api.table import ROUTES
from fairhold.proof.verify import verify
from tests.api.client import Client
from tests.api.deals import Deal, advance, at_noon, place
from tests.gateways.pictures import jpeg

BUYER = "ann-of-perm"
TEXT = "Лампа пришла с вмятиной, но светит."
LINE_TEXT = "The mug has a scratch near its handle."
LINES = [
    {"sku": "lamp/600 A", "title": "Headlamp", "quantity": 1, "unit_price": 240_000},
    {"sku": "mug", "title": "Thermo mug", "quantity": 2, "unit_price": 130_000},
]
OUTSIDERS = ("seller:shop-7", "seller:shop-8", "buyer:eve", None)


@dataclass(frozen=True)
class Reviewed:
    """A deal, and its buyer's anonymous review."""

    deal: Deal
    review: str
    photo: str

    @property
    def url(self) -> str:
        return f"/v1/reviews/{self.review}"


def _deal(operator: Client, **given: Any) -> Deal:
    buyer = operator.by(f"buyer:{BUYER}")
    body = {"buyer": BUYER, "seller": "shop-7", "currency": "RUB", "lines": LINES} | given
    answer = buyer.post("/v1/orders", body)
    assert answer.status == 201, answer.body
    return Deal(answer.json["id"], buyer, operator.by("seller:shop-7"), operator).deliver().confirm()


def _review(deal: Deal, rating: int = 2) -> Reviewed:
    photo = deal.buyer.upload(jpeg()).json["id"]
    line = {"id": deal.lines[1], "rating": 1, "text": LINE_TEXT}
    review = deal.review(rating, text=TEXT, photos=[photo], lines=[line], communication=3)
    return Reviewed(deal, review["id"], photo)


def _live(operator: Client, reviewed: Reviewed) -> Iterator[None]:
    """Everything that can happen to a review, one thing after the other."""
    url, deal = reviewed.url, reviewed.deal
    yield
    assert deal.seller.post(f"{url}/reply", {"text": "We have sent another one."}).status == 200
    yield
    assert deal.buyer.post(f"{url}/revision", {"rating": 4, "text": TEXT, "photos": [reviewed.photo]}).status == 200
    yield
    assert operator.by("buyer:eve").post(f"{url}/report", {"reason": "fake"}).status == 200
    yield
    for by, decision in (("mia", "hide"), ("max", "publish"), ("max", "withdraw")):
        body = {"decision": decision, "reasons": "Because."}
        if by == "max" and decision == "publish":
            assert deal.buyer.post(f"{url}/contest", {"text": "It is true."}).status == 200
            yield
        assert operator.by(f"mediator:{by}").post(f"{url}/moderation", body).status == 200
        yield


def _addresses(route: Route, reviewed: Reviewed) -> Iterator[str]:
    deal = reviewed.deal
    names = {
        "order": [deal.id],
        "dispute": [f"{deal.id}-d1"],
        "chargeback": [f"{deal.id}-c1"],
        "review": [reviewed.review],
        "photo": [reviewed.photo],
        "seller": ["shop-7"],
        "buyer": [BUYER],
        "sku": ["lamp/600 A", "mug"],
        "account": ["seller:shop-7:RUB"],
        "day": ["2026-11-26"],
        "person": [BUYER, "shop-7", "eve"],
        # The operator's alone: to others there are none.
        "webhook": ["none"],
        "payout": ["none"],
        "task": ["none"],
        "difference": ["none"],
        "delivery": ["none"],
        "key": ["none"],
    }
    paths = [route.path]
    for name in path_names(route):
        assert name in names, f"how is {{{name}}} of {route.path} to be filled?"
        paths = [path.replace(f"{{{name}}}", value) for path in paths for value in names[name]]
    queries = {
        "listReviews": ("", "tab=awaiting", "tab=active", "tab=received", "tab=queue"),
        "listOrders": ("", f"q={reviewed.review}", f"q={deal.id}", "status=completed"),
        "previewReceipt": (f"lines={deal.lines[0]}",),
    }
    for path in paths:
        for query in queries.get(route.name, ("",)):
            yield f"/v1{path}?{query}"


def _read(operator: Client, who: str | None, reviewed: Reviewed) -> Iterator[tuple[str, str]]:
    """Every GET as this person, or without a key: its address, and what was answered."""
    for route in ROUTES:
        if route.method != "GET":
            continue
        for url in _addresses(route, reviewed):
            path, _, query = url.partition("?")
            answer = operator.get_at(path, query) if who is None else operator.by(who).get(url)
            assert answer.status < 500
            if answer.body[:2] == b"PK":
                with zipfile.ZipFile(io.BytesIO(answer.body)) as packed:
                    assert not who or not who.startswith("seller") or reviewed.photo not in " ".join(packed.namelist())
                    for name in packed.namelist():
                        if not name.endswith(".jpg"):
                            yield f"{url} {name}", packed.read(name).decode()
            elif answer.headers["content-type"] != "image/jpeg":
                yield url, answer.body.decode()


@pytest.mark.parametrize("who", OUTSIDERS)
def test_no_answer_to_outsiders_has_both_the_review_and_its_order_or_its_author(
    operator: Client, who: str | None
) -> None:
    reviewed = _review(_deal(operator))
    own = who == "seller:shop-7"
    shown = 0
    for _ in _live(operator, reviewed):
        lines = reviewed.deal.lines
        for url, body in _read(operator, who, reviewed):
            # Who asks about the buyer by name is answered by that name.
            told = body.replace(f'"buyer":"{BUYER}"', "") if url.startswith("/v1/buyers/") else body
            of_review = [reviewed.review, TEXT, LINE_TEXT, reviewed.photo]
            of_order = [reviewed.deal.id, BUYER, *lines]
            found = [one for one in of_review if one in told], [one for one in of_order if one in told]
            assert not (found[0] and found[1]), (who, url, found)
            assert own or not found[1], (who, url, found)
            shown += bool(found[0])
    assert shown, "the review itself was read"


def test_the_author_and_the_staff_do_know(operator: Client) -> None:
    reviewed = _review(_deal(operator))
    for who in (f"buyer:{BUYER}", "mediator:mia", "support:sam", "operator:ops"):
        bodies = dict(_read(operator, who, reviewed))
        for url in (f"/v1/orders/{reviewed.deal.id}?", f"/v1/reviews/{reviewed.review}?"):
            assert reviewed.review in bodies[url]
            assert reviewed.deal.id in bodies[url]


def _whole(client: Client, deal: Deal) -> list[bytes]:
    return [
        client.get(url).body for url in (deal.url, f"{deal.url}/events", "/v1/orders", "/v1/orders?status=completed")
    ]


def test_nothing_of_an_anonymous_review_moves_what_the_seller_sees_of_the_order(operator: Client) -> None:
    at_noon(operator)
    deal = _deal(operator)
    before = _whole(deal.seller, deal)
    reviewed = _review(deal)
    for _ in _live(operator, reviewed):
        assert _whole(deal.seller, deal) == before
    answered = operator.by("seller:shop-7").post(f"{deal.url}/reviews?dry_run=1", {"rating": 5}, idempotency=None)
    assert [one["by"] for one in answered.json["reviews"]] == ["seller"]
    assert answered.json["version"] == deal.seller.get(deal.url).json["version"] + 1


def test_nor_does_the_end_of_the_time_for_reviews(operator: Client) -> None:
    """Silence of the seller is rated only where the buyer gave four or five stars, and so would tell of it."""
    reviewed, plain = _review(_deal(operator), rating=5), _deal(operator)
    advance(operator, days=32)
    seller = reviewed.deal.seller
    assert reviewed.deal.now["reviews"][1]["automatic"], "the buyer knows what they wrote"
    [automatic] = seller.get("/v1/reviews?tab=active").json["items"]
    assert (automatic["automatic"], "order" in automatic) == (True, False)
    seen = []
    for deal in (reviewed.deal, plain):
        order, events = seller.get(deal.url).json, seller.get(f"{deal.url}/events").json["items"]
        seen.append((order["version"], order["reviews"], [(event["seq"], event["type"]) for event in events]))
    assert seen[0] == seen[1]


def test_a_key_used_on_the_order_does_not_tell_which_order_a_review_is_about(operator: Client) -> None:
    deal = _deal(operator)
    reviewed = _review(deal)
    assert deal.seller.post(f"{deal.url}/reviews", {"rating": 1}, idempotency="probe").status == 200
    refused = deal.seller.post(f"{reviewed.url}/reply", {"text": "See https://shop.example/now"}, idempotency="probe")
    assert refused.code == "link_in_text"
    assert deal.seller.post(f"{reviewed.url}/reply", {"text": "Thanks."}, idempotency="probe").status == 200
    for key in (f" {reviewed.review}/probe", f"{reviewed.review}/probe "):
        refused = deal.seller.post(f"{deal.url}/protection", {"days": 1}, idempotency=key)
        assert refused.code == "idempotency_key_invalid"


def test_what_the_seller_answers_and_reports_does_not_tell_them_the_order_either(operator: Client) -> None:
    reviewed = _review(_deal(operator))
    for call, body in (("reply", {"text": "Sorry."}), ("report", {"reason": "fake"})):
        for query in ("?dry_run=1", ""):
            answer = reviewed.deal.seller.post(f"{reviewed.url}/{call}{query}", body)
            assert answer.status == 200
            for secret in (reviewed.deal.id, BUYER, *reviewed.deal.lines):
                assert secret not in answer.body.decode()


def test_a_signed_review_is_told_by_name(operator: Client) -> None:
    deal = place(operator).deliver().confirm()
    review = deal.review(5, anonymous=False)
    seen = deal.seller.get(f"/v1/reviews/{review['id']}").json
    assert (seen["author"], seen["order"], seen["anonymous"]) == ("ann", deal.id, False)
    assert [one["id"] for one in deal.seller.get(deal.url).json["reviews"]] == [review["id"]]
    [public] = operator.get_at("/v1/sellers/shop-7/reviews").json["items"]
    assert public["author"] == "ann"
    assert deal.id.encode() not in operator.get_at("/v1/sellers/shop-7/reviews").body
    assert "order" not in operator.by("buyer:eve").get(f"/v1/reviews/{review['id']}").json


def test_a_sellers_bundle_proves_its_chain_and_names_nothing_of_an_anonymous_review(
    operator: Client, tmp_path: Path
) -> None:
    reviewed = _review(_deal(operator))
    for _ in _live(operator, reviewed):
        pass
    packed = reviewed.deal.seller.get(f"{reviewed.deal.url}/evidence-bundle")
    path = tmp_path / "bundle.zip"
    path.write_bytes(packed.body)
    assert verify(path).faults == ()
    with zipfile.ZipFile(path) as archive:
        lines = [json.loads(line) for line in archive.read("events.jsonl").splitlines()]
    hidden = [line for line in lines if not line["type"]]
    assert {(line["by"], line["at"], line.get("body"), line.get("salt")) for line in hidden} == {("", "", None, None)}
    assert not [line for line in lines if "review" in line["type"]]
