"""The operator's pages about webhooks, without scripts, against a receiver over real HTTP."""

import json
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest

from fairhold.domain.instants import Instant
from fairhold.engine.installation.settings import Settings
from fairhold.engine.webhooks.event_types import ALL_TYPES
from fairhold.wiring import build
from tests.databases import up_to_date
from tests.receiver import Receiver, answering, receiving
from tests.web.conftest import Market, Visiting, Visitor, form_to


@pytest.fixture
def market(tmp_path: Path) -> Iterator[Market]:
    settings = Settings(
        database=f"sqlite:///{up_to_date(tmp_path / 'web.db')}",
        sandbox=True,
        secret="for-tests-only-1234567",
        webhook_networks=("127.0.0.0/8",),
    )
    application = build(settings)
    application.start(background=False)
    yield Market(application)
    application.close()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as running:
        yield running


@pytest.fixture
def operator(visiting: Visiting) -> Visitor:
    return visiting("ops", "en")


def pass_on(market: Market) -> None:
    market.application.courier.once()
    while market.application.webhook_worker.once():
        pass


def text_of(page: str) -> str:
    main = page[page.index("<main") : page.index("</main>")]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", main)).split())


def add(operator: Visitor, receiver: Receiver, **fields: str | list[str]) -> tuple[str, str]:
    """A new endpoint: its page's address, and its secret."""
    form = form_to(operator.get("/operator/webhooks/new"), "/operator/webhooks")
    answer = operator.send(form, url=receiver.url, **fields)
    assert answer.status_code == 200, answer.text
    secret = re.search(r'id="secret">(whsec_[^<]+)<', answer.text)
    url = re.search(r'href="(/operator/webhooks/wh_[0-9a-f]+)"', answer.text)
    assert secret
    assert url
    return url[1], unescape(secret[1])


def test_without_any_the_page_says_what_they_are_for(operator: Visitor) -> None:
    page = operator.get("/operator/webhooks")
    assert "Nobody is told yet" in page
    assert 'href="/operator/webhooks/new"' in page


def test_an_endpoint_is_added_tested_and_hears_of_orders(operator: Visitor, receiver: Receiver, market: Market) -> None:
    url, secret = add(operator, receiver, description="Warehouse")
    assert secret not in operator.get(url)
    tested = operator.send(form_to(operator.get(url), "/test"))
    assert "The test arrived." in tested.text
    market.paid()
    pass_on(market)
    told = [json.loads(got.body)["type"] for got in receiver.got]
    assert told == ["webhook.test", "order.placed", "order.paid"]
    receiver.got[-1].verified(secret)
    page = text_of(operator.get(url))
    assert "order.paid The buyer paid; the money is held." in page
    assert "Delivered Answer 200" in page
    listed = text_of(operator.get("/operator/webhooks"))
    assert f"Warehouse {receiver.url} On Everything 0 0" in listed


def test_only_what_is_ticked_is_sent(operator: Visitor, receiver: Receiver, market: Market) -> None:
    url, _ = add(operator, receiver, take="some", type=["order.paid", "review.written"])
    market.paid()
    pass_on(market)
    assert [json.loads(got.body)["type"] for got in receiver.got] == ["order.paid"]
    assert f"2 of {len(ALL_TYPES)} kinds" in text_of(operator.get(url))
    form = form_to(operator.get(f"{url}/edit"), url)
    assert ("type", "order.paid") in form.fields
    operator.send(form, take="all", description="New name")
    assert "New name" in operator.get(url)
    assert "Everything" in operator.get(url)


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"url": ""}, "Say where to send."),
        ({"url": "https://10.0.0.1/x"}, "This address belongs to a private network."),
        ({"url": "https://user:word@shop.example/"}, "A name or a password in the address would stand in every log."),
        ({"url": "https://shop.example/", "take": "some"}, "Tick at least one, or take everything."),
        ({"url": "https://shop.example/", "description": "x" * 201}, "A line of 200 characters at most."),
        ({"url": "https://shop.example/" + "y" * 2000}, "It has 2000 characters at most."),
    ],
)
def test_what_cannot_be_is_said_beside_the_field_and_what_was_typed_stays(
    operator: Visitor, fields: dict[str, str], says: str
) -> None:
    form = form_to(operator.get("/operator/webhooks/new"), "/operator/webhooks")
    answer = operator.send(form, **fields)
    assert answer.status_code == 422
    assert says in text_of(answer.text)
    assert f'value="{fields["url"][:60]}' in answer.text
    assert "Nobody is told yet" in operator.get("/operator/webhooks")


def test_the_same_form_sent_twice_makes_one(operator: Visitor, receiver: Receiver) -> None:
    form = form_to(operator.get("/operator/webhooks/new"), "/operator/webhooks")
    first, second = (operator.send(form, url=receiver.url).text for _ in range(2))
    assert re.findall("whsec_[^<]+", first) == re.findall("whsec_[^<]+", second)
    assert operator.get("/operator/webhooks").count('class="case__link') == 1


def test_a_new_secret_is_made_in_two_steps_and_the_old_one_signs_too(operator: Visitor, receiver: Receiver) -> None:
    url, old = add(operator, receiver)
    asked = operator.get(f"{url}/secret")
    assert "For 24 hours the present secret signs too" in text_of(asked)
    answer = operator.send(form_to(asked, "/secret"))
    new = re.search(r'id="secret">(whsec_[^<]+)<', answer.text)
    assert new
    operator.send(form_to(operator.get(url), "/test"))
    for secret in (old, unescape(new[1])):
        receiver.got[-1].verified(secret)


def test_what_failed_is_shown_with_every_attempt_and_sent_again(
    operator: Visitor, receiver: Receiver, market: Market
) -> None:
    url, _ = add(operator, receiver, take="some", type=["order.placed"])
    receiver.behave = answering(500, b"<b>down</b>")
    market.placed()
    pass_on(market)
    for _ in range(9):
        [listed] = market.application.webhooks.deliveries(url.rpartition("/")[2], None, None, 9)
        market.application.advance(Instant(listed.delivery.due_at))
        pass_on(market)
    page = text_of(operator.get(f"{url}?state=failed"))
    assert "Every attempt since" in page
    assert "Given up Answer 500" in page
    whole = operator.get(re.findall(rf'href="({url}/deliveries/[^"]+)"', operator.get(url))[0])
    assert "10. Answer 500" in whole
    assert "&lt;b&gt;down&lt;/b&gt;" in whole
    assert "&#34;type&#34;: &#34;order.placed&#34;" in whole
    receiver.behave = answering()
    sent = operator.send(form_to(operator.get(url), "/redelivery"), since="all")
    assert "What was not delivered is being sent again." in sent.text
    pass_on(market)
    assert "Everything has been delivered." in operator.get(f"{url}?state=failed")
    one = operator.send(form_to(whole, "/redelivery"))
    assert "It is being sent again." in one.text
    pass_on(market)
    assert len(receiver.got) == 12


def test_off_pauses_and_what_it_missed_is_offered(operator: Visitor, receiver: Receiver, market: Market) -> None:
    url, _ = add(operator, receiver)
    operator.send(form_to(operator.get(url), "/switch"), on="no")
    market.placed()
    pass_on(market)
    page = operator.get(url)
    assert "It was turned off here." in page
    assert "Turn it on first, then send again what it missed." in page
    assert receiver.got == []
    delivery = operator.get(re.findall(rf'href="({url}/deliveries/[^"]+)"', page)[0])
    assert "It can be sent again once the address is on." in delivery
    operator.send(form_to(page, "/switch"), on="yes")
    operator.send(form_to(operator.get(url), "/redelivery"), since="day")
    pass_on(market)
    assert len(receiver.got) == 1


def test_an_endpoint_that_is_turned_off_for_failing_says_so(
    operator: Visitor, receiver: Receiver, market: Market
) -> None:
    url, _ = add(operator, receiver)
    receiver.behave = answering(410)
    market.placed()
    pass_on(market)
    assert "because it answered 410" in operator.get(url)
    assert "Turned off" in operator.get("/operator/webhooks")


def test_removing_names_what_is_lost(operator: Visitor, receiver: Receiver, market: Market) -> None:
    url, _ = add(operator, receiver)
    market.placed()
    market.application.courier.once()
    asked = operator.get(f"{url}/removal")
    assert "1 message has not been delivered there and is lost." in text_of(asked)
    assert "The address is removed." in operator.send(form_to(asked, "/removal")).text
    operator.get(url, 404)


@pytest.mark.parametrize("person", ["ann", "nick", "sam", "mia"])
def test_only_the_operator_has_these_pages(
    visiting: Visiting, operator: Visitor, receiver: Receiver, person: str
) -> None:
    url, _ = add(operator, receiver)
    other = visiting(person, "en")
    for path in ("/operator/webhooks", "/operator/webhooks/new", url, f"{url}/edit", f"{url}/secret", f"{url}/removal"):
        other.get(path, 404)


def test_what_is_not_there_is_not_found(operator: Visitor, receiver: Receiver) -> None:
    url, _ = add(operator, receiver)
    for path in ("/operator/webhooks/wh_1", f"{url}/deliveries/msg_1", "/operator/webhooks/wh_1/edit"):
        operator.get(path, 404)
    operator.get(f"{url}?state=lost&before=nonsense")
