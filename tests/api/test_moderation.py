"""What moderators do with reviews and answers, how authors contest it, and how strangers report (S33)."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import msgspec
import pytest

from fairhold.api.app import face
from fairhold.domain.instants import DAY, Instant
from fairhold.engine.intake.review_reports import ReviewReports
from fairhold.wiring import Application
from tests.api.client import Client
from tests.api.deals import Deal, place

SELLER = "/v1/sellers/shop-7/reviews"
PROMOTED = "Отличная лампа, а дешевле она на сайт точка ру, пишите @lampa_opt"


@pytest.fixture
def done(operator: Client) -> Deal:
    """A deal that the buyer has confirmed."""
    return place(operator).deliver().confirm()


def _decide(operator: Client, review: str, decision: str, *, by: str = "mia", **given: Any) -> dict[str, Any]:
    body = {"decision": decision, "reasons": f"Because: {decision}."} | given
    answer = operator.by(f"mediator:{by}").post(f"/v1/reviews/{review}/moderation", body)
    assert answer.status == 200, answer.body
    found: dict[str, Any] = answer.json
    return found


def _public(operator: Client) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = operator.get_at(SELLER).json["items"]
    return items


def _queue(operator: Client) -> dict[str, Any]:
    found: dict[str, Any] = operator.by("mediator:mia").get("/v1/reviews?tab=queue").json
    return found


def test_a_text_that_promotes_a_site_waits_for_a_moderator_and_nobody_else_reads_it(
    operator: Client, done: Deal
) -> None:
    review = done.review(5, text=PROMOTED)
    assert review["status"] == "in_moderation"
    url = f"/v1/reviews/{review['id']}"
    own = done.buyer.get(url).json
    assert (own["text"], bool(own["held"])) == (PROMOTED, True)
    assert done.seller.get(url).status == 404
    assert _public(operator) == []
    [waiting] = _queue(operator)["items"]
    assert (waiting["id"], waiting["text"], waiting["order"], waiting["held"]) == (
        review["id"],
        PROMOTED,
        done.id,
        own["held"],
    )
    assert _queue(operator)["waiting"] == 1

    shown = _decide(operator, review["id"], "publish")
    assert (shown["status"], shown["moderation"][0]["by"]) == ("published", "mediator:mia")
    assert _queue(operator)["items"] == []
    assert [item["text"] for item in _public(operator)] == [PROMOTED]
    told = done.buyer.get(url).json["moderation"]
    assert [(one["decision"], one["reasons"]) for one in told] == [("publish", "Because: publish.")]
    assert "by" not in told[0]
    assert "moderation" not in done.seller.get(url).json
    again = operator.by("mediator:max").post(f"{url}/moderation", {"decision": "publish", "reasons": "Again."})
    assert again.json["status"] == "published", "who reported it is answered, too"


def test_a_version_that_was_never_read_is_never_shown(operator: Client, done: Deal) -> None:
    review = done.review(1, text=PROMOTED)
    url = f"/v1/reviews/{review['id']}"
    assert done.buyer.post(f"{url}/revision", {"rating": 2, "text": "Лампа не светит."}).json["status"] == "published"
    assert [one["number"] for one in done.buyer.get(url).json["versions"]] == [1, 2]
    for who in ("seller:shop-7", "buyer:eve"):
        assert [one["number"] for one in operator.by(who).get(url).json["versions"]] == [2]
        assert "точка" not in operator.by(who).get(url).body.decode()


def test_what_is_hidden_is_its_authors_and_the_staffs_who_may_contest_it_once(operator: Client, done: Deal) -> None:
    review = done.review(1, text="Лампа не светит.")
    url = f"/v1/reviews/{review['id']}"
    early = done.buyer.post(f"{url}/contest", {"text": "Why?"})
    assert (early.status, early.code) == (409, "not_taken_down")
    _decide(operator, review["id"], "hide")
    assert _public(operator) == []
    assert operator.get_at("/v1/sellers/shop-7/reputation").json["summary"]["reviews"] == 0
    for who in ("seller:shop-7", "buyer:eve"):
        assert operator.by(who).get(url).status == 404
    assert done.buyer.get(url).json["moderation"][0]["reasons"] == "Because: hide."
    assert done.now["reviews"][0]["status"] == "hidden"
    refused = done.buyer.post(f"{url}/revision", {"rating": 5})
    assert (refused.status, refused.code) == (409, "review_taken_down")

    contested = done.buyer.post(f"{url}/contest", {"text": "It is about the goods."})
    assert (contested.status, contested.json["status"]) == (200, "hidden")
    assert [one["id"] for one in _queue(operator)["items"]] == [review["id"]]
    refused = operator.by("mediator:mia").post(f"{url}/moderation", {"decision": "publish", "reasons": "Well."})
    assert (refused.status, refused.code) == (403, "same_mediator")
    _decide(operator, review["id"], "publish", by="max")
    assert len(_public(operator)) == 1
    _decide(operator, review["id"], "hide", by="max")
    refused = done.buyer.post(f"{url}/contest", {"text": "Again."})
    assert (refused.status, refused.code) == (409, "already_contested")


def test_what_is_withdrawn_leaves_a_trace_and_nothing_else(operator: Client, done: Deal) -> None:
    review = done.review(1, text="Лампа не светит.", communication=2, anonymous=False)
    url = f"/v1/reviews/{review['id']}"
    assert done.seller.post(f"{url}/reply", {"text": "Это неправда."}).status == 200
    _decide(operator, review["id"], "withdraw")
    [trace] = _public(operator)
    assert trace == {
        "id": review["id"],
        "rating": None,
        "status": "withdrawn",
        "automatic": False,
        "revised": False,
        "left_at": trace["left_at"],
        "reply": None,
    }
    for who in ("seller:shop-7", "buyer:eve"):
        seen = operator.by(who).get(url)
        assert (seen.json["status"], seen.json["rating"], seen.json["reply"]) == ("withdrawn", None, None)
        assert "светит" not in seen.body.decode()
        assert "неправда" not in seen.body.decode()
        assert "versions" not in seen.json
        assert "communication" not in seen.json
    assert done.buyer.get(url).json["text"] == "Лампа не светит."
    assert "светит" not in done.seller.get(f"{done.url}/events").body.decode()


def test_an_answer_is_moderated_by_itself(operator: Client, done: Deal) -> None:
    review = done.review(2, text="Лампа мигает.")
    url = f"/v1/reviews/{review['id']}"
    refused = operator.by("mediator:mia").post(
        f"{url}/moderation", {"decision": "hide", "reasons": "x", "part": "reply"}
    )
    assert (refused.status, refused.code) == (409, "no_reply")
    own = done.seller.post(f"{url}/reply", {"text": PROMOTED}).json["reply"]
    assert (own["status"], own["text"]) == ("in_moderation", PROMOTED)
    assert done.buyer.get(url).json["reply"] is None
    assert _public(operator)[0]["reply"] is None
    assert _queue(operator)["items"][0]["reply"]["text"] == PROMOTED
    _decide(operator, review["id"], "hide", part="reply")
    seen = done.seller.get(url).json
    assert (seen["reply"]["status"], seen["moderation"][0]["reasons"]) == ("hidden", "Because: hide.")
    assert "moderation" not in done.buyer.get(url).json
    assert _public(operator)[0]["rating"] == 2
    refused = done.buyer.post(f"{url}/contest", {"text": "Not mine.", "part": "reply"})
    assert (refused.status, refused.code) == (403, "not_allowed")
    contested = done.seller.post(f"{url}/contest", {"text": "Read it again.", "part": "reply"})
    assert contested.status == 200
    _decide(operator, review["id"], "publish", by="max", part="reply")
    assert _public(operator)[0]["reply"]["text"] == PROMOTED
    assert done.buyer.get(url).json["reply"]["text"] == PROMOTED


def test_who_is_a_side_of_the_deal_does_not_moderate_it(operator: Client, done: Deal) -> None:
    url = f"/v1/reviews/{done.review(1)['id']}/moderation"
    body = {"decision": "hide", "reasons": "Mine."}
    refused = operator.by("mediator:shop-7").post(url, body)
    assert (refused.status, refused.code) == (403, "conflict_of_interest")
    for who in ("buyer:ann", "seller:shop-7", "support:sam", "buyer:eve"):
        refused = operator.by(who).post(url, body)
        assert (refused.status, refused.code) == (403, "not_allowed")
    assert operator.post(url, body).status == 200


@pytest.mark.parametrize("who", ["buyer:eve", "seller:shop-8", "seller:shop-7", "support:sam", "mediator:mia"])
def test_anybody_with_a_key_reports_a_published_review_once_and_it_stays(
    operator: Client, done: Deal, who: str
) -> None:
    review = done.review(1, text="Лампа не светит.")
    url = f"/v1/reviews/{review['id']}"
    version, reader = done.now["version"], operator.by(who)
    before = reader.get(url).body
    would = reader.post(f"{url}/report?dry_run=1", {"reason": "fake"})
    assert (would.status, _queue(operator)["items"]) == (200, [])
    first = reader.post(f"{url}/report", {"reason": "fake", "text": "A competitor."}, idempotency=None)
    again = reader.post(f"{url}/report", {"reason": "spam"})
    assert first.status == again.status == 200
    assert first.body == again.body
    if who not in ("mediator:mia", "support:sam"):
        assert first.body == before, "who reports is told nothing new"
    [waiting] = _queue(operator)["items"]
    assert (waiting["reports"], waiting["status"]) == (1, "published")
    [reported] = operator.get(url).json["reported"]
    assert (reported["reason"], reported["text"], reported["by"]) == ("fake", "A competitor.", who)
    assert "reported" not in done.buyer.get(url).json
    assert len(_public(operator)) == 1
    assert done.now["version"] == version


@pytest.mark.parametrize(
    ("body", "code", "field"),
    [
        ({}, "missing_field", "reason"),
        ({"reason": "boring"}, "invalid_request", "reason"),
        ({"reason": "spam", "text": "a\0b"}, "invalid_request", "text"),
        ({"reason": "spam", "text": "x" * 4001}, "invalid_request", "text"),
        ({"reason": "spam", "by": "me"}, "unknown_field", "by"),
        (b"{", "malformed_json", None),
    ],
)
def test_a_bad_report_is_refused(operator: Client, done: Deal, body: Any, code: str, field: str | None) -> None:
    url = f"/v1/reviews/{done.review(1)['id']}/report"
    refused = operator.by("buyer:eve").post(url, body)
    assert (refused.status, refused.code, refused.field) == (422, code, field)
    assert _queue(operator)["items"] == []
    badly_keyed = operator.by("buyer:eve").post(url, {"reason": "spam"}, idempotency=" ")
    assert (badly_keyed.status, badly_keyed.code) == (422, "idempotency_key_invalid")


def test_what_is_not_published_cannot_be_reported(operator: Client, done: Deal) -> None:
    review = done.review(1, text=PROMOTED)
    refused = done.buyer.post(f"/v1/reviews/{review['id']}/report", {"reason": "spam"})
    assert (refused.status, refused.code) == (409, "not_published")


@pytest.fixture
def rationed(application: Application) -> Iterator[Client]:
    """The same application outside the sandbox, with two reports a day."""
    reader = application.store.reader()
    settings = msgspec.structs.replace(application.settings, sandbox=False)
    reports = ReviewReports(application.store.reports(), reader, application.clock, 2)
    outside = replace(application, settings=settings, reports=reports)
    with asyncio.Runner() as runner:
        yield Client(face(outside), runner)
    reader.close()


def test_a_person_reports_so_many_reviews_a_day_and_is_told_when_there_can_be_more(
    application: Application, operator: Client, rationed: Client
) -> None:
    urls = [f"/v1/reviews/{place(operator).deliver().confirm().review(1)['id']}/report" for _ in range(3)]
    eve = rationed.by("buyer:eve")
    assert [eve.post(url, {"reason": "spam"}).status for url in urls[:2]] == [200, 200]
    refused = eve.post(urls[2], {"reason": "spam"})
    assert (refused.status, refused.code) == (429, "too_many_reports")
    assert 82_800 <= int(refused.headers["retry-after"]) <= 86_400
    assert eve.post(urls[0], {"reason": "spam"}).status == 200, "what was reported stays so"
    assert rationed.by("seller:eve").post(urls[2], {"reason": "spam"}).status == 200
    application.advance(Instant(application.clock.now() + DAY))
    assert eve.post(urls[2], {"reason": "spam"}).status == 200
