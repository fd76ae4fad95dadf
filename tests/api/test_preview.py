"""What confirming would do, told beforehand: sums, dates and sentences that agree with each other and with the effect."""

import pytest

from tests.api.client import Client
from tests.api.deals import place


def test_the_preview_counts_what_stays_with_us_whether_shipped_or_not(operator: Client) -> None:
    deal = place(operator).pay()
    lamp, mugs = deal.lines
    deal.ship(lines=[lamp, {"id": mugs, "quantity": 1}])
    told = deal.buyer.get(f"{deal.url}/receipt?lines={lamp}").json
    confirmed = deal.buyer.post(f"{deal.url}/receipt", {"lines": [lamp], "acknowledged": True}).json
    assert (told["amount"], told["still_held"]) == (confirmed["money"]["settling"], confirmed["money"]["held"])
    assert told["in_transit"] is True
    assert "₽2,756" in told["text"][-1], told["text"]


@pytest.mark.parametrize(
    ("asked", "leaves", "undo"),
    [
        ("en", "₽2,544 goes to the seller tomorrow at ", "You cannot undo this yourself. Support can until "),
        ("ru", "2 544 ₽ уйдут продавцу завтра в ", "Сами вы отменить подтверждение не сможете. Поддержка может"),
    ],
)
def test_each_sentence_of_the_preview_says_its_own_moment(operator: Client, asked: str, leaves: str, undo: str) -> None:
    deal = place(operator).deliver()
    answer = deal.buyer.get(f"{deal.url}/receipt?lines={deal.lines[0]}", accept_language=asked).json
    sentences = [sentence.replace("\xa0", " ") for sentence in answer["text"]]
    assert sentences[1].startswith(leaves)
    assert sentences[2].startswith(undo)
    assert all(sentence[0].isupper() or not sentence[0].isalpha() for sentence in sentences)
    assert len(sentences) == 4


def test_where_confirming_pays_at_once_nothing_is_said_of_undoing(operator: Client) -> None:
    deal = place(operator, policy="vinted").deliver()
    lamp, mugs = deal.lines
    answer = deal.buyer.get(f"{deal.url}/receipt?lines={lamp},{mugs}").json
    assert answer["undo_until"] is None
    assert len(answer["text"]) == 2
    confirmed = deal.buyer.post(f"{deal.url}/receipt", {"lines": [lamp, mugs], "acknowledged": True}).json
    assert (confirmed["money"]["released"], confirmed["money"]["fee"]) == (answer["net"], answer["fee"])


def test_what_cannot_be_confirmed_cannot_be_previewed_and_says_the_same(operator: Client) -> None:
    deal = place(operator).pay()
    lamp, _ = deal.lines
    body = {"lines": [lamp], "acknowledged": True}
    for code in ("not_shipped", "already_confirmed"):
        asked = deal.buyer.get(f"{deal.url}/receipt?lines={lamp}")
        done = deal.buyer.post(f"{deal.url}/receipt?dry_run=1", body)
        assert (asked.status, asked.code, asked.field) == (done.status, done.code, done.field)
        assert (asked.status, asked.code) == (409, code)
        if code == "not_shipped":
            deal.ship().buyer.post(f"{deal.url}/receipt", body)
