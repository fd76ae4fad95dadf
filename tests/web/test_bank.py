"""Bank transfers on pages: the buyer reads how to pay, and operators say what came and went."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import msgspec
import pytest
from starlette.testclient import TestClient

from fairhold.domain.actors import Role
from fairhold.domain.ids import OrderId
from fairhold.domain.payment_commands import StartPayment
from fairhold.domain.refund_commands import SendRefundAgain
from fairhold.engine.audit.auditing import audit
from fairhold.engine.installation.payment_settings import PaymentSettings
from fairhold.engine.installation.settings import Settings
from fairhold.engine.ports.bank import Shelf
from fairhold.web.people import Directory, Person
from fairhold.wiring import asgi, build
from tests.databases import up_to_date
from tests.web.conftest import ANN, EN, OPS, PEOPLE, RU, Market, Visitor, actor, form_to

EVE, NICK = actor(Role.OPERATOR, "eve"), actor(Role.OPERATOR, "shop-7")
STAFF = (Person("eve", {RU: "Ева", EN: "Eve"}, (EVE,)), Person("boss", {RU: "Босс", EN: "Boss"}, (NICK,)))
TOTAL = 530_000
DETAILS = "Fairhold <Ltd>\nIBAN DE89 3704 0044 0532 0130 00"
Visiting = Callable[..., Visitor]


@pytest.fixture(params=[TOTAL + 1])
def market(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Market]:
    settings = Settings(
        database=f"sqlite:///{up_to_date(tmp_path / 'web.db')}",
        sandbox=True,
        secret="for-tests-only-1234567",
        url="http://fairhold.test",
        payments=PaymentSettings(bank_details=DETAILS, bank_two_from={"RUB": request.param}),
    )
    application = build(settings)
    application.start(background=False)
    yield Market(application)
    assert list(audit(application.store)) == []
    application.close()


careful = pytest.mark.parametrize("market", [TOTAL], indirect=True)
"""Two people have to say it."""


@pytest.fixture
def visiting(market: Market) -> Visiting:
    application = asgi(market.application, Directory((*PEOPLE, *STAFF)))

    def visit(person: str | None = None, language: str = "en") -> Visitor:
        client = TestClient(application, base_url="http://fairhold.test", headers={"Accept-Language": language})
        visitor = Visitor(client)
        if person:
            assert visitor.send(form_to(visitor.get("/sign-in"), "/sign-in"), person=person).status_code == 200
        return visitor

    return visit


def text(page: str) -> str:
    """What people read of it."""
    return " ".join(html.unescape(re.sub("<[^>]*>", " ", page)).replace("\u00a0", " ").split())


def begun(market: Market) -> tuple[OrderId, str]:
    """An order whose buyer wants to pay by transfer, and the address of their page."""
    order = market.do(market.placed().id, StartPayment(method="bank"), ANN)
    market.application.courier.once()
    page = market.order(order.id).attempts[-1].page
    return order.id, urlsplit(page).path


def task(market: Market) -> str:
    """The page of the one transfer that waits."""
    [found] = market.application.bank.shelf(Shelf.OPEN, None, 9)
    return f"/operator/bank/{found.id}"


def said(visitor: Visitor, url: str, which: int = 0, **values: str) -> str:
    """What comes of a form of the transfer's page, the step in between included."""
    page = visitor.get(url)
    form = re.findall(r'name="said" value="(\w+)"', page)[which]
    check = form_to(page, "/check")
    check.fields = [(name, form if name == "said" else value) for name, value in check.fields]
    between = visitor.send(check, **values)
    assert between.status_code == 200, between.text[-2000:]
    answer = visitor.send(form_to(between.text, "/words"))
    return answer.text


def test_the_buyer_chooses_it_and_reads_where_to_send_how_much_and_what_to_write(
    market: Market, visiting: Visiting
) -> None:
    order = market.placed()
    ann = visiting("ann")
    page = ann.get(f"/orders/{order.id}")
    assert "Bank transfer" in text(page)
    answer = ann.send(form_to(page, "/payment"), method="bank")
    market.application.courier.once()
    way = ann.get(f"/orders/{order.id}/payment")
    assert "Show where to send it" in text(way)
    address = urlsplit(market.order(order.id).attempts[-1].page).path
    assert address in way
    shown = text(ann.get(address))
    assert answer.status_code == 200
    for part in (
        "₽5,300.00",
        "Fairhold <Ltd>",
        "IBAN DE89",
        "exactly this sum",
    ):
        assert part in shown
    assert address.split("/")[2] in shown
    # Whoever has the address needs no session, and nobody else finds the page.
    assert "IBAN DE89" in text(visiting(None, "ru").get(address))
    visiting(None).get(address[:-1] + ("A" if address[-1] != "A" else "B"), 404)


def test_an_operator_says_that_it_came_after_a_look_at_what_that_does(market: Market, visiting: Visiting) -> None:
    order, address = begun(market)
    total = market.order(order).total
    ops = visiting("ops")
    listed = text(ops.get("/operator/bank"))
    assert "Payment from the buyer" in listed
    assert "Has it come?" in listed
    url = task(market)
    done = text(said(ops, url, amount=f"{total / 100:.2f}", reference="line 7"))
    assert "Noted. The order knows." in done
    assert "line 7" in done
    assert market.order(order).payment.value == "received"
    assert "The money has come." in text(visiting(None).get(address))
    assert "No transfer waits for you" in text(ops.get("/operator/bank"))
    assert url.rpartition("/")[2] in ops.get("/operator/bank?state=done")


@careful
def test_the_second_person_writes_what_they_see_and_does_not_see_what_the_first_wrote(
    market: Market, visiting: Visiting
) -> None:
    order, _ = begun(market)
    total = market.order(order).total
    ops, eve, url = visiting("ops"), visiting("eve"), task(market)
    first = text(said(ops, url, amount=str(total // 100), reference="line 7"))
    assert "Your word is noted. Another operator has to say the same." in first
    assert "Your word is noted. Nothing has moved yet." in text(ops.get(url))
    assert market.order(order).payment.value == "awaited"
    blind = text(eve.get(url))
    assert "You are the second person." in blind
    assert "line 7" not in blind
    between = eve.send(form_to(eve.get(url), "/check"), amount="1.00", reference="line 7")
    differing = eve.send(form_to(between.text, "/words"))
    assert differing.status_code == 409
    assert "Somebody has said something else of this transfer." in text(differing.text)
    assert "line 7" in text(differing.text)
    done = text(said(eve, url, amount=str(total // 100), reference="LINE 7"))
    assert "First person" in done
    assert "Second person" in done
    assert market.order(order).payment.value == "received"


@careful
def test_a_first_word_is_taken_back_after_a_look_at_what_that_does(market: Market, visiting: Visiting) -> None:
    begun(market)
    ops, url = visiting("ops"), task(market)
    said(ops, url, amount="1", reference="line 7")
    between = ops.get(f"{url}/withdrawal")
    assert "First person" in text(between)
    assert "two people have to say it anew" in text(between)
    answer = ops.send(form_to(between, "/withdrawal"))
    assert "The word is taken back. Nothing has moved." in text(answer.text)
    assert "What was said of it" not in text(answer.text)
    assert "The word is taken back" not in text(ops.get(f"{url}/withdrawal", 409))


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"amount": "a lot", "reference": "7"}, "Write the sum as the bank’s statement has it"),
        ({"amount": "", "reference": "7"}, "Write the sum as the bank’s statement has it"),
        ({"amount": "5", "reference": ""}, "Write what the bank calls this transfer"),
        ({"amount": "5", "reference": "x" * 65}, "Write what the bank calls this transfer"),
    ],
)
def test_an_error_stands_beside_its_field_and_keeps_what_was_typed(
    market: Market, visiting: Visiting, values: dict[str, str], told: str
) -> None:
    begun(market)
    ops, url = visiting("ops"), task(market)
    answer = ops.send(form_to(ops.get(url), "/check"), **values)
    assert answer.status_code == 422
    assert told in text(answer.text)
    assert f'value="{values["amount"]}"' in answer.text
    assert 'aria-invalid="true"' in answer.text


def test_whoever_sells_there_says_nothing(market: Market, visiting: Visiting) -> None:
    order, _ = begun(market)
    boss, url = visiting("boss"), task(market)
    between = boss.send(form_to(boss.get(url), "/check"), amount="5300", reference="line 7")
    answer = boss.send(form_to(between.text, "/words"))
    assert answer.status_code == 403
    assert "Nobody confirms money of an order of their own." in text(answer.text)
    assert market.order(order).payment.value == "awaited"


def test_money_that_did_not_come_and_a_form_that_is_sent_twice(market: Market, visiting: Visiting) -> None:
    _, address = begun(market)
    ops, url = visiting("ops"), task(market)
    page = said(ops, url, 1, why="not there after five days")
    assert "not there after five days" in text(page)
    again = said(ops, url, 0, amount="10", reference="line 7")
    assert "Noted" in text(again)
    assert "The money has come." in text(visiting(None).get(address))


def test_a_refund_is_sent_and_comes_back(market: Market, visiting: Visiting) -> None:
    begun(market)
    ops = visiting("ops")
    said(ops, task(market), amount="10", reference="line 7")
    market.application.courier.once()
    url = task(market)
    page = text(ops.get(url))
    assert "Refund to the buyer: ₽10.00" in page
    assert "line 7" in page
    assert "Sent" in text(said(ops, url, reference="out 1"))
    between = ops.send(form_to(ops.get(url), "/check"), amount="10", reference="back 1")
    assert "Did ₽10.00 come back from the bank?" in text(between.text)
    assert "Sent back by the bank" in text(ops.send(form_to(between.text, "/words")).text)


def returned(market: Market, visiting: Visiting, amount: str) -> tuple[OrderId, str]:
    """A refund of ten that the bank sent back, so much of it; the text of the step in between."""
    order, _ = begun(market)
    ops = visiting("ops")
    said(ops, task(market), amount="10", reference="line 7")
    market.application.courier.once()
    url = task(market)
    said(ops, url, reference="out 1")
    between = ops.send(form_to(ops.get(url), "/check"), amount=amount, reference="back 1")
    ops.send(form_to(between.text, "/words"))
    return order, text(between.text)


def test_what_the_bank_kept_of_a_refund_is_not_the_buyers_loss(market: Market, visiting: Visiting) -> None:
    order, between = returned(market, visiting, "9.50")
    assert "Did ₽9.50 come back from the bank?" in between
    assert "₽0.50 is missing" in between
    assert "₽10.00 is owed again" in between
    assert "stays open in reconciliation" in between
    market.do(order, SendRefundAgain(number=1), OPS)
    market.pass_days(4)
    ops = visiting("ops")
    assert "Refund to the buyer: ₽10.00" in text(ops.get(task(market)))
    ops.send(form_to(ops.get("/operator/reconciliation"), "/runs"))
    page = ops.get("/operator/reconciliation")
    assert page.count("reconciliation/items/") == 1
    assert "−₽0.50" in text(page)


def test_a_return_of_all_says_nothing_of_a_missing_part(market: Market, visiting: Visiting) -> None:
    _, between = returned(market, visiting, "10")
    assert "missing" not in between


@careful
def test_the_second_person_reads_what_a_return_does_and_not_that_the_order_is_paid(
    market: Market, visiting: Visiting
) -> None:
    begun(market)
    ops, eve = visiting("ops"), visiting("eve")
    for person in (ops, eve):
        said(person, task(market), amount="6000", reference="line 7")
    market.application.courier.once()
    url = task(market)
    for person in (ops, eve):
        said(person, url, reference="out 1")
    between = ops.send(form_to(ops.get(url), "/check"), amount="6000", reference="back 1")
    assert "nothing moves until another operator has said the same" in text(between.text)
    ops.send(form_to(between.text, "/words"))
    between = eve.send(form_to(eve.get(task(market)), "/check"), amount="6000", reference="back 1")
    assert "Did ₽6,000.00 come back from the bank?" in text(between.text)
    assert "that it is paid" not in text(between.text)


def test_a_reference_is_found_and_one_that_is_none_is_said_to_be(market: Market, visiting: Visiting) -> None:
    begun(market)
    ops, url = visiting("ops"), task(market)
    name = url.rpartition("/")[2]
    assert f"<title>Payment from the buyer {name}" in ops.get(f"/operator/bank?q={name.lower()}")
    assert "No transfer has the reference ZZZ" in text(ops.get("/operator/bank?q=zzz"))
    assert "No transfer waits" not in text(ops.get("/operator/bank?after=nonsense"))


def test_without_details_nobody_is_offered_it_and_the_section_is_there_while_something_waits(tmp_path: Path) -> None:
    database = f"sqlite:///{up_to_date(tmp_path / 'plain.db')}"
    plain = Settings(database=database, sandbox=True, secret="for-tests-only-1234567", url="http://fairhold.test")
    there: list[bool] = []
    for settings in (plain, msgspec.structs.replace(plain, payments=PaymentSettings(bank_details=DETAILS)), plain):
        application = build(settings)
        application.start(background=False)
        try:
            ops = Visitor(TestClient(asgi(application, Directory(PEOPLE)), base_url="http://fairhold.test"))
            assert ops.send(form_to(ops.get("/sign-in"), "/sign-in"), person="ops").status_code == 200
            there.append('href="/operator/bank"' in ops.get("/operator"))
            # Whoever stands on its page sees where they are.
            assert 'href="/operator/bank" aria-current="page"' in ops.get("/operator/bank")
            if settings.payments.bank_details:
                begun(Market(application))
        finally:
            application.close()
    assert there == [False, True, True]


def test_a_refund_that_came_back_is_sent_again_after_a_look_at_what_that_does(
    market: Market, visiting: Visiting
) -> None:
    order, _ = returned(market, visiting, "10")
    ops = visiting("ops")
    assert f"/operator/orders/{order}/refunds/1/again" in ops.get(f"/operator/orders/{order}")
    between = ops.get(f"/operator/orders/{order}/refunds/1/again")
    assert "Send ₽10.00 to the buyer again?" in text(between)
    assert "Once it has left it cannot be called back." in text(between)
    assert market.order(order).refunds[0].waits
    done = ops.send(form_to(between, "/again"))
    assert "The refund is sent again." in text(done.text)
    assert market.order(order).refunds[0].again == 2
    late = text(ops.get(f"/operator/orders/{order}/refunds/1/again", 409))
    assert "No such refund has come back." in late
    ops.get(f"/operator/orders/{order}/refunds/x/again", 409)


def test_a_refund_is_recorded_as_paid_in_another_way_after_a_look_at_what_that_does(
    market: Market, visiting: Visiting
) -> None:
    order, _ = returned(market, visiting, "10")
    ops = visiting("ops")
    form = form_to(ops.get(f"/operator/orders/{order}"), "/elsewhere/check")
    assert ops.send(form, reference="").status_code == 422
    between = ops.send(form, reference="cash <7>").text
    assert "Has the buyer got ₽10.00 in another way?" in text(between)
    assert "cash <7>" in text(between)
    assert market.order(order).refunds[0].waits
    done = ops.send(form_to(between, "/elsewhere"))
    assert "The refund is recorded as paid in another way." in text(done.text)
    assert market.order(order).refunds[0].elsewhere == "cash <7>"
    assert ops.send(form, reference="again").status_code == 409
