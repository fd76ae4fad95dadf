"""Support over HTTP: conversations that two read and no third, the queue, accidents and late answers."""

from typing import Any

import pytest

from fairhold.domain.ids import OrderId
from fairhold.engine.kernel.news import Turn
from fairhold.wiring import Application
from tests.api.client import Client
from tests.api.deals import Deal, place
from tests.gateways.pictures import jpeg


def news(application: Application) -> None:
    """What happened is told to whoever listens."""
    application.courier.once()


@pytest.fixture
def deal(operator: Client) -> Deal:
    return place(operator)


@pytest.fixture
def sam(operator: Client) -> Client:
    return operator.by("support:sam")


def ask(deal: Deal, text: str = "Where is my parcel?", **more: Any) -> Any:
    return deal.buyer.post(f"{deal.url}/support", {"text": text, **more})


def texts(chat: Any) -> list[tuple[str, str]]:
    return [(one["by"], one["text"]) for one in chat["items"]]


def test_a_person_and_support_write_to_each_other(deal: Deal, sam: Client, application: Application) -> None:
    empty = deal.buyer.get(f"{deal.url}/support").json
    assert empty == {
        "case": {"order": deal.id, "person": "buyer:ann", "turn": None, "messages": 0, "changed_at": None},
        "items": [],
    }
    asked = ask(deal)
    assert asked.status == 200
    assert asked.json["case"]["turn"] == "support"
    answered = sam.post(f"{deal.url}/support", {"text": "On its way."})
    assert texts(answered.json) == [("buyer:ann", "Where is my parcel?"), ("support:sam", "On its way.")]
    assert (answered.json["case"]["turn"], answered.json["case"]["claimed_by"]) == ("buyer", "support:sam")
    told = application.messages.inbox.notices("buyer:ann", application.clock.now(), 10)
    assert [one.topic for one in told] == ["support_answered"]
    later = deal.buyer.get(f"{deal.url}/support?after=1").json
    assert texts(later) == [("support:sam", "On its way.")]


def test_each_side_has_a_conversation_of_its_own(deal: Deal, sam: Client) -> None:
    ask(deal, "The seller lies.")
    deal.seller.post(f"{deal.url}/support", {"text": "The buyer lies."})
    assert texts(deal.seller.get(f"{deal.url}/support").json) == [("seller:shop-7", "The buyer lies.")]
    assert texts(deal.buyer.get(f"{deal.url}/support").json) == [("buyer:ann", "The seller lies.")]
    assert texts(sam.get(f"{deal.url}/support").json) == [("buyer:ann", "The seller lies.")]
    assert texts(sam.get(f"{deal.url}/support?side=seller").json) == [("seller:shop-7", "The buyer lies.")]
    told = sam.post(f"{deal.url}/support", {"text": "Calm down.", "side": "seller"})
    assert told.json["case"]["person"] == "seller:shop-7"
    assert len(deal.buyer.get(f"{deal.url}/support").json["items"]) == 1


def test_to_strangers_there_is_no_such_conversation(deal: Deal, operator: Client) -> None:
    ask(deal)
    for who in ("buyer:bob", "seller:shop-8", "support:ann", "operator:shop-7"):
        stranger = operator.by(who)
        for answer in (
            stranger.get(f"{deal.url}/support"),
            stranger.post(f"{deal.url}/support", {"text": "Hello"}),
            stranger.post(f"{deal.url}/support", b"{"),
        ):
            assert (answer.status, answer.code) == (404, "not_found"), who
    assert operator.by("mediator:mia").get(f"{deal.url}/support").status == 403
    missing = operator.by("buyer:ann").get("/v1/orders/36wd5e6004hmasw9m000/support")
    assert missing.status == 404


def test_the_same_message_is_written_once(deal: Deal) -> None:
    for _ in range(3):
        assert deal.buyer.post(f"{deal.url}/support", {"text": "Hello"}, idempotency="one").status == 200
    assert len(deal.buyer.get(f"{deal.url}/support").json["items"]) == 1
    reused = deal.buyer.post(f"{deal.url}/support", {"text": "Other"}, idempotency="one")
    assert (reused.status, reused.code) == (422, "idempotency_key_reused")
    again = deal.seller.post(f"{deal.url}/support", {"text": "Hello"}, idempotency="one")
    assert again.status == 200
    dry = deal.buyer.post(f"{deal.url}/support?dry_run=1", {"text": "Hello again"})
    assert len(dry.json["items"]) == 1


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"text": ""}, "text"),
        ({"text": "  "}, "text"),
        ({"text": "a\0b"}, "text"),
        ({"text": "x" * 4001}, "text"),
        ({}, "text"),
        ({"text": "x", "side": "seller"}, "side"),
        ({"text": "x", "photos": ["none"]}, "photos[0]"),
        ({"text": "x", "more": 1}, "more"),
    ],
)
def test_a_bad_message_names_the_field_and_is_not_written(deal: Deal, body: Any, field: str) -> None:
    answer = deal.buyer.post(f"{deal.url}/support", body)
    assert (answer.status, answer.json["field"]) == (422, field)
    assert deal.buyer.get(f"{deal.url}/support").json["items"] == []


def test_photos_are_the_writer_s_own_and_support_sees_them(deal: Deal, sam: Client) -> None:
    photo = deal.buyer.upload(jpeg(300, 200)).json["id"]
    assert ask(deal, "Look", photos=[photo]).json["items"][0]["photos"] == [photo]
    assert sam.get(f"/v1/photos/{photo}").status == 200
    assert deal.seller.get(f"/v1/photos/{photo}").status == 404
    stolen = deal.seller.post(f"{deal.url}/support", {"text": "Mine", "photos": [photo]})
    assert stolen.code == "photo_not_yours"
    assert sam.post(f"{deal.url}/support", {"text": "Mine", "photos": [photo]}).code == "photo_not_yours"


def test_the_queue_counts_and_is_taken_from(operator: Client, sam: Client) -> None:
    deals = [place(operator) for _ in range(3)]
    for found in deals:
        ask(found)
    queue = sam.get("/v1/support?limit=2").json
    assert [one["order"] for one in queue["items"]] == [found.id for found in deals[:2]]
    assert queue["counts"] == {"waiting": 3, "accidents": 0, "requests": 0, "overdue": 0, "mine": 0}
    rest = sam.get(f"/v1/support?limit=2&cursor={queue['next']}").json
    assert ([one["order"] for one in rest["items"]], rest["next"]) == ([deals[2].id], None)
    taken = sam.post(f"{deals[1].url}/support/claim", {"side": "buyer"})
    assert taken.json["case"]["claimed_by"] == "support:sam"
    assert [one["order"] for one in sam.get("/v1/support?tab=mine").json["items"]] == [deals[1].id]
    sue = operator.by("support:sue")
    assert sue.post(f"{deals[1].url}/support/claim", {"claimed": False}).json["case"]["claimed_by"] == "support:sam"
    assert sue.post(f"{deals[1].url}/support/claim", {}).json["case"]["claimed_by"] == "support:sue"
    left = sue.post(f"{deals[1].url}/support/claim", {"claimed": False})
    assert "claimed_by" not in left.json["case"]
    sam.post(f"{deals[0].url}/support", {"text": "Solved."})
    assert [one["order"] for one in sam.get("/v1/support?tab=answered").json["items"]] == [deals[0].id]
    assert len(sam.get("/v1/support?tab=all").json["items"]) == 3


def test_the_queue_is_the_staff_s_and_shows_nobody_their_own_deal(operator: Client, deal: Deal) -> None:
    ask(deal)
    assert deal.buyer.get("/v1/support").status == 403
    assert operator.by("mediator:mia").get("/v1/support").status == 403
    assert operator.by("support:ann").get("/v1/support").json["items"] == []
    assert len(operator.by("operator:ops").get("/v1/support").json["items"]) == 1
    assert operator.get("/v1/support?cursor=none").code == "invalid_cursor"
    assert operator.get("/v1/support?tab=none").code == "invalid_parameter"


def test_an_accident_stands_first_in_the_queue_and_ends_with_the_undo(
    operator: Client, application: Application, sam: Client
) -> None:
    first = place(operator)
    ask(first)
    deal = place(operator).deliver().confirm()
    told = deal.buyer.post(f"{deal.url}/receipt/accident", {"text": "My thumb slipped."})
    assert told.status == 200
    news(application)
    queue = sam.get("/v1/support").json
    assert [one["order"] for one in queue["items"]] == [deal.id, first.id]
    assert queue["counts"]["accidents"] == 1
    case = queue["items"][0]
    settles = min(one["at"] for one in told.json["deadlines"] if one["kind"] == "settlement")
    assert case["accident"]["leaves_at"] == settles
    assert case["accident"]["due"] == next(one["at"] for one in told.json["deadlines"] if one["kind"] == "accident")
    undone = sam.post(f"{deal.url}/receipt/undo", {"lines": deal.lines, "why": "As the buyer asked."})
    assert undone.status == 200
    news(application)
    chat = deal.buyer.get(f"{deal.url}/support").json
    assert [one.get("note") for one in chat["items"]] == ["accident_reported", "receipt_undone"]
    assert texts(chat) == [("buyer:ann", "My thumb slipped."), ("support:sam", "As the buyer asked.")]
    assert "accident" not in chat["case"]
    assert (chat["case"]["turn"], chat["case"]["claimed_by"]) == ("buyer", "support:sam")


def test_a_reasoned_no_is_read_by_the_buyer(operator: Client, application: Application, sam: Client) -> None:
    deal = place(operator).deliver().confirm()
    deal.buyer.post(f"{deal.url}/receipt/accident", {})
    reasons = "The parcel was collected an hour before."
    declined = sam.post(f"{deal.url}/receipt/accident/refusal", {"reasons": reasons})
    assert declined.status == 200
    news(application)
    last = deal.buyer.get(f"{deal.url}/support").json["items"][-1]
    assert (last["note"], last["text"]) == ("accident_declined", reasons)
    again = deal.buyer.post(f"{deal.url}/receipt/accident", {})
    assert (again.status, again.code) == (409, "accident_already_answered")


def test_money_that_left_before_an_answer_is_told_of(operator: Client, application: Application, sam: Client) -> None:
    deal = place(operator).deliver().confirm()
    deal.buyer.post(f"{deal.url}/receipt/accident", {})
    operator.post("/v1/clock/advance", {"seconds": 25 * 3600})
    news(application)
    notes = [one["note"] for one in deal.buyer.get(f"{deal.url}/support").json["items"]]
    assert notes == ["accident_reported", "accident_overdue", "money_left"]
    assert sam.get("/v1/support").json["counts"]["waiting"] == 0
    late = deal.buyer.post(f"{deal.url}/receipt/accident", {})
    assert late.code == "too_late_to_undo"


def test_a_request_that_the_seller_leaves_lying_is_support_s_to_answer(
    operator: Client, application: Application, sam: Client
) -> None:
    deal = place(operator).pay().ship()
    deal.buyer.post(f"{deal.url}/protection", {"days": 10})
    early = sam.post(f"{deal.url}/protection/answer", {"granted": True})
    assert (early.status, early.code) == (403, "not_allowed")
    operator.post("/v1/clock/advance", {"seconds": 3 * 24 * 3600})
    news(application)
    [case] = sam.get("/v1/support?tab=requests").json["items"]
    assert case["request"]["due"] is not None
    granted = sam.post(f"{deal.url}/protection/answer", {"granted": True})
    assert granted.status == 200
    news(application)
    chat = deal.buyer.get(f"{deal.url}/support").json
    assert [one["note"] for one in chat["items"]] == ["extension_passed_on", "protection_extended"]
    assert "request" not in chat["case"]


def test_an_overdue_answer_is_the_operator_s_too(operator: Client, application: Application) -> None:
    deal = place(operator, policy="fair").deliver().confirm()
    deal.buyer.post(f"{deal.url}/receipt/accident", {})
    body = {"reasons": "No."}
    assert operator.post(f"{deal.url}/receipt/accident/refusal", body).status == 403
    operator.post("/v1/clock/advance", {"seconds": 13 * 3600})
    news(application)
    assert operator.get("/v1/support").json["counts"]["overdue"] == 1
    assert operator.post(f"{deal.url}/receipt/accident/refusal", body).status == 200


def test_the_seller_reads_neither_the_chat_nor_what_the_buyer_wrote_with_the_report(
    operator: Client, application: Application
) -> None:
    deal = place(operator).deliver().confirm()
    deal.buyer.post(f"{deal.url}/receipt/accident", {"text": "My secret"})
    news(application)
    for address in ("", "/events", "/support"):
        assert b"My secret" not in deal.seller.get(f"{deal.url}{address}").body
    assert b"My secret" not in deal.seller.get(f"{deal.url}/evidence-bundle").body


def test_what_happened_is_told_once_however_often_it_is_heard(operator: Client, application: Application) -> None:
    deal = place(operator).deliver().confirm()
    deal.buyer.post(f"{deal.url}/receipt/accident", {})
    news(application)
    order = application.queries.order(OrderId(deal.id))
    assert order is not None
    turn = Turn(order, tuple(application.queries.history(order.id)))
    for _ in range(3):
        application.support.hear([turn])
    chat = deal.buyer.get(f"{deal.url}/support").json
    assert [one["note"] for one in chat["items"]] == ["accident_reported"]
    assert chat["case"]["messages"] == 1
