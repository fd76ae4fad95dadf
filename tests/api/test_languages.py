"""Russian and English, headers, and what an answer looks like from outside."""

import re

import pytest

from fairhold.api.problems import REASON_STATUSES, STATUSES
from fairhold.domain.reasons import Reason, Refusal
from fairhold.words.catalog import Language, words_of
from fairhold.words.faults import Fault
from fairhold.words.problems import HINTS, fault_text
from tests.api.client import Client
from tests.api.deals import place

CYRILLIC = re.compile("[а-яА-Я]")


@pytest.mark.parametrize(
    ("asked", "language"),
    [
        ("ru", "ru"),
        ("en", "en"),
        ("en-GB,ru;q=0.5", "en"),
        ("de, ru;q=0.3", "ru"),
        ("ru;q=0.1, en;q=0.9", "en"),
        ("de", "en"),
        ("*", "en"),
        ("nonsense;;q=x", "en"),
        ("", "en"),
    ],
)
def test_titles_details_and_sentences_follow_accept_language(operator: Client, asked: str, language: str) -> None:
    deal = place(operator).deliver()
    refused = deal.buyer.post(f"{deal.url}/receipt", {}, accept_language=asked)
    assert refused.headers["content-language"] == language
    assert "Accept-Language" in refused.headers["vary"]
    order = deal.buyer.get(deal.url, accept_language=asked).json
    preview = deal.buyer.get(f"{deal.url}/receipt?lines={deal.lines[0]}", accept_language=asked).json
    events = deal.buyer.get(f"{deal.url}/events", accept_language=asked).json["items"]
    nonsense = deal.buyer.post(f"{deal.url}/receipt", {"lines": 5}, accept_language=asked).json
    told = [
        refused.json["title"],
        refused.json["detail"],
        nonsense["title"],
        nonsense["detail"],
        order["deadlines"][0]["effect"],
        order["deadlines"][0]["because"],
        preview["question"],
        *preview["text"],
        *(event["title"] for event in events),
    ]
    for text in told:
        assert bool(CYRILLIC.search(text)) == (language == "ru"), text


def test_without_accept_language_everything_is_english(operator: Client) -> None:
    deal = place(operator).deliver()
    for response in (
        operator.by(None, key="no").get("/v1/orders"),
        deal.buyer.get(deal.url),
        deal.buyer.get(f"{deal.url}/events"),
        deal.buyer.get(f"{deal.url}/receipt?lines={deal.lines[0]}"),
        deal.buyer.get(f"{deal.url}/receipt"),
        deal.buyer.post(f"{deal.url}/receipt", {"lines": [deal.lines[0]], "acknowledged": True}),
    ):
        assert response.headers["content-language"] == "en"
        assert not CYRILLIC.search(response.body.decode()), response.body


def test_every_fault_and_hint_has_words_in_both_languages_and_a_status() -> None:
    assert set(STATUSES) == set(Fault)
    assert set(REASON_STATUSES) == set(Reason)
    for language in Language:
        words = words_of(language)
        for fault in Fault:
            for hint in (None, *HINTS):
                title, detail = fault_text(words, fault, hint, "5")
                assert bool(CYRILLIC.search(title)) == (language is Language.RU), title
                assert bool(CYRILLIC.search(detail)) == (language is Language.RU), detail


def test_codes_of_the_transport_and_of_the_domain_share_only_what_means_the_same() -> None:
    assert {fault.value for fault in Fault} & {reason.value for reason in Reason} == {"invalid_request"}


def test_answers_are_private_and_carry_the_requests_id(operator: Client) -> None:
    for response in (
        operator.get("/v1/orders"),
        operator.get("/v1/nope"),
        operator.by(None, key="no").get("/v1/orders"),
    ):
        assert response.headers["cache-control"] == "no-store"
        assert response.headers["x-content-type-options"] == "nosniff"
        assert re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]+", response.headers["x-request-id"])
        assert response.headers["content-length"] == str(len(response.body))
    own = operator.get("/v1/orders", x_request_id="job-42:7")
    assert own.headers["x-request-id"] == "job-42:7"
    forged = operator.get("/v1/orders", x_request_id="a\tb")
    assert forged.headers["x-request-id"] != "a\tb"


def test_head_answers_like_get_without_a_body(operator: Client) -> None:
    deal = place(operator)
    got = operator.get(deal.url)
    head = operator.send("HEAD", deal.url)
    assert (head.status, head.body) == (200, b"")
    assert head.headers["content-length"] == got.headers["content-length"]


def test_an_unforeseen_failure_is_a_problem_document_without_its_cause(
    operator: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    deal = place(operator)

    def broken(*_: object) -> Refusal:
        raise RuntimeError("a secret of the inside")

    monkeypatch.setattr("fairhold.api.service.read_query", broken)
    response = operator.get(f"{deal.url}/events")
    assert (response.status, response.code) == (500, "internal_error")
    assert b"secret" not in response.body
