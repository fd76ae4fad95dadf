"""A person takes out what is theirs, and is forgotten; the books stay."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from fairhold.domain.actors import Actor, Role
from fairhold.domain.commands import ConfirmReceipt, Pay, PlaceOrder, RecordCheckpoint, ShipParcel
from fairhold.domain.ids import PersonId, is_order_id
from fairhold.domain.instants import Instant, days
from fairhold.domain.money import Currency
from fairhold.domain.order import ParcelStatus
from fairhold.engine.installation.settings import Settings
from fairhold.web import sessions
from fairhold.wiring import build
from tests.databases import up_to_date
from tests.web.conftest import LAMP, OPS, SHOP, Market, Visitor, form_to
from tests.web.gates import URL, House, heading, sign_in


@pytest.fixture
def traded(tmp_path: Path) -> Iterator[tuple[House, Market]]:
    """A sandbox, whose money moves, with people who have accounts."""
    settings = Settings(
        database=f"sqlite:///{up_to_date(tmp_path / 'own.db')}", secret="for-tests-only-1234567", url=URL, sandbox=True
    )
    application = build(settings)
    application.start(background=False)
    yield House(application), Market(application)
    application.close()


def finished(house: House, market: Market, person: str) -> None:
    """An order of this person's that is over."""
    buyer = Actor(Role.BUYER, PersonId(person))
    placing = PlaceOrder(
        buyer=buyer.id,
        seller=SHOP.id,
        currency=Currency("RUB"),
        lines=(LAMP,),
        policy=market.application.policies.default,
    )
    order = market.do(None, placing, buyer)
    market.do(order.id, Pay(method="sandbox:ok"), buyer)
    order = market.do(order.id, ShipParcel(carrier="cdek", tracking_number="10241783306"), SHOP)
    now = market.application.clock.now()
    scan = RecordCheckpoint(shipment=order.shipments[0].id, status=ParcelStatus.DELIVERED, at=now)
    market.do(order.id, scan, OPS)
    market.do(order.id, ConfirmReceipt(lines=(order.lines[0].id,), acknowledged=True), buyer)


def ask_support(visitor: Visitor, market: Market) -> None:
    """The visitor writes to support about their only order."""
    page = visitor.get("/orders")
    [order] = {match for match in re.findall(r"/orders/([0-9a-z]+)", page) if is_order_id(match)}
    form = form_to(visitor.get(f"/orders/{order}/support"), "/messages")
    assert visitor.send(form, text="Где мой заказ?").status_code == 200


def archive(visitor: Visitor) -> dict[str, bytes]:
    answer = visitor.send(form_to(visitor.get("/account/data"), "/data/file"))
    assert answer.headers["content-type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answer.content)) as files:
        return {name: files.read(name) for name in files.namelist()}


def test_everything_of_a_person_is_in_the_file_and_nothing_of_another(traded: tuple[House, Market]) -> None:
    house, market = traded
    visitor = house.sign_up()
    person = house.account().person
    finished(house, market, person)
    market.placed()
    ask_support(visitor, market)
    files = archive(visitor)
    account = json.loads(files["account.json"])
    assert (account["email"], account["name"], account["roles"]) == ("ann@example.org", "Анна", ["buyer"])
    assert len(account["sessions"]) == 1
    assert json.loads(files["letters.json"])["contact"]["email"] == "ann@example.org"
    [said] = json.loads(files["support.json"])
    assert (said["by"], said["text"]) == (f"buyer:{person}", "Где мой заказ?")
    [order] = [name for name in files if name.startswith("buyer/")]
    assert len(json.loads(files[order])) > 4
    for secret in (b"argon2", visitor.client.cookies[sessions.SECURE_COOKIE].encode()):
        assert not any(secret in content for content in files.values())


def test_nobody_is_forgotten_while_an_order_is_open(traded: tuple[House, Market]) -> None:
    house, market = traded
    visitor = house.sign_up()
    form = form_to(visitor.get("/account/data"), "/data/forgetting")
    finished(house, market, house.account().person)
    assert "1 order is not finished" in visitor.get("/account/data").replace("\xa0", " ")
    answer = visitor.send(form, sure="yes")
    assert (answer.status_code, house.account().name) == (409, "Анна")


def test_a_forgotten_person_leaves_the_books_and_nothing_else(traded: tuple[House, Market]) -> None:
    house, market = traded
    visitor = house.sign_up()
    person = house.account().person
    finished(house, market, person)
    ask_support(visitor, market)
    market.application.advance(Instant(market.application.clock.now() + days(60)))
    balances = market.application.queries.balances()
    form = form_to(visitor.get("/account/data"), "/data/forgetting")
    assert "forgotten" not in heading(visitor.send(form).text), "not without the box"
    house.letters()
    answer = visitor.send(form, sure="yes")
    assert heading(answer.text) == "You are forgotten here"
    assert market.application.queries.balances() == balances
    dump = "\n".join(
        str(row)
        for table in (
            "accounts",
            "contacts",
            "sessions",
            "identities",
            "passkeys",
            "tickets",
            "notices",
            "support_messages",
        )
        for row in house.application.store.tables().rows(f"SELECT * FROM {table}")
    )
    for own in ("ann@example.org", "Анна", "Где мой заказ?"):
        assert own not in dump
    assert person in dump, "that they were here is kept, under the marketplace's own id"
    assert visitor.client.get("/account", follow_redirects=False).status_code == 303
    assert sign_in(house.visitor()).status_code == 422
    [told] = [letter for letter in house.letters() if letter["to"] == "ann@example.org"]
    assert told["template"] == "account_forgotten"
    assert house.sign_up(name="Anna again") is not None, "the address is free again"
    assert house.account().person != person


def test_staff_do_not_remove_themselves(traded: tuple[House, Market]) -> None:
    house, _ = traded
    house.sign_up()
    house.employ(Role.SUPPORT, Role.BUYER)
    personal = house.application.members.personal
    denied = personal.forget(house.account(), URL)
    assert denied is not None
    assert denied.why == "staff_stays"
