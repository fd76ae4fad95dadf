"""The pages over a sandbox of their own, visited without a browser and without scripts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx2
import pytest
from starlette.testclient import TestClient

from fairhold.domain.actors import Actor, Role
from fairhold.domain.commands import (
    Command,
    ConfirmReceipt,
    Demand,
    EscalateDispute,
    LineQuantity,
    MakeOffer,
    NewLine,
    OpenDispute,
    Pay,
    PlaceOrder,
    RecordCheckpoint,
    RuleOnDispute,
    ShipParcel,
)
from fairhold.domain.dispute import DemandKind, DisputeReason
from fairhold.domain.ids import OrderId, PersonId
from fairhold.domain.instants import Instant, days
from fairhold.domain.money import Currency
from fairhold.domain.order import Order, ParcelStatus
from fairhold.engine.installation.settings import Settings
from fairhold.engine.kernel.envelope import Answer, Envelope
from fairhold.web.people import Directory, Person
from fairhold.wiring import Application, asgi, build
from fairhold.words.catalog import Language
from tests.databases import up_to_date

RU, EN = Language.RU, Language.EN


def actor(role: Role, who: str) -> Actor:
    return Actor(role, PersonId(who))


ANN, BOB, SHOP = actor(Role.BUYER, "ann"), actor(Role.BUYER, "bob"), actor(Role.SELLER, "shop-7")
OPS, SAM, MIA = actor(Role.OPERATOR, "ops"), actor(Role.SUPPORT, "sam"), actor(Role.MEDIATOR, "mia")
PEOPLE = (
    Person("ann", {RU: "Анна", EN: "Anna"}, (ANN,)),
    Person("bob", {RU: "Боб", EN: "Bob"}, (BOB,)),
    Person("nick", {RU: "«Север и свет»", EN: "Sever & Svet"}, (SHOP, actor(Role.BUYER, "nick"))),
    Person("sam", {RU: "Семён", EN: "Sam"}, (SAM,)),
    Person("mia", {RU: "Мия", EN: "Mia"}, (MIA,)),
    Person("ops", {RU: "Оператор", EN: "Operator"}, (OPS,)),
)
LAMP = NewLine(
    sku="lamp", title="Head torch", quantity=1, unit_price=240_000, category="electronics", image="goods:lamp"
)
MUGS = NewLine(sku="mug", title="Travel mug <b>", quantity=2, unit_price=130_000, image="goods:mug")


@dataclass
class Market:
    """The application behind the pages, and quick ways to bring an order into a state."""

    application: Application
    count: int = 0

    def do(self, order: OrderId | None, command: Command, who: Actor) -> Order:
        self.count += 1
        answer = self.application.engine.submit_waiting(Envelope(order, command, who, f"seed-{self.count}", b"seed"))
        assert isinstance(answer, Answer), answer
        return answer.order

    def placed(self, *lines: NewLine, currency: str = "RUB") -> Order:
        policy = self.application.policies.default
        command = PlaceOrder(
            buyer=ANN.id,
            seller=SHOP.id,
            currency=Currency(currency),
            lines=lines or (LAMP, MUGS),
            shipping=30_000,
            policy=policy,
        )
        return self.do(None, command, ANN)

    def paid(self, *lines: NewLine) -> Order:
        return self.do(self.placed(*lines).id, Pay(method="sandbox:ok"), ANN)

    def shipped(self, *lines: NewLine) -> Order:
        return self.do(self.paid(*lines).id, ShipParcel(carrier="cdek", tracking_number="10241783306"), SHOP)

    def delivered(self, *lines: NewLine) -> Order:
        order = self.shipped(*lines)
        now = self.application.clock.now()
        scan = RecordCheckpoint(shipment=order.shipments[0].id, status=ParcelStatus.DELIVERED, at=now, place="Москва")
        return self.do(order.id, scan, OPS)

    def confirmed(self, *lines: NewLine) -> Order:
        order = self.delivered(*lines)
        return self.do(order.id, ConfirmReceipt(lines=(order.lines[0].id,), acknowledged=True), ANN)

    def disputed(self, *lines: NewLine, reason: DisputeReason = DisputeReason.DAMAGED, **demand: Any) -> Order:
        """A delivered order with a dispute on the first unit of its last line."""
        order = self.delivered(*lines)
        one = LineQuantity(id=order.lines[-1].id, quantity=1)
        wish = Demand(**({"kind": DemandKind.REFUND} | demand))
        return self.do(order.id, OpenDispute(lines=(one,), reason=reason, demand=wish, text="A crack in the lid."), ANN)

    def offered(self, refund: int, **more: Any) -> Order:
        """A dispute with an offer of the seller's on the table."""
        order = self.disputed()
        return self.do(order.id, MakeOffer(dispute=order.disputes[0].id, refund=refund, **more), SHOP)

    def ruled(self, refund: int) -> Order:
        """A dispute that a mediator ruled."""
        order = self.disputed()
        name = order.disputes[0].id
        self.do(order.id, EscalateDispute(dispute=name), ANN)
        return self.do(order.id, RuleOnDispute(dispute=name, refund=refund, reasons="Both have a point."), MIA)

    def order(self, order: OrderId) -> Order:
        found = self.application.queries.order(order)
        assert found is not None
        return found

    def pass_days(self, count: int) -> None:
        self.application.advance(Instant(self.application.clock.now() + days(count)))


@dataclass
class Form:
    """A form of a page: where it goes, and what it would send as it stands."""

    action: str
    method: str
    fields: list[tuple[str, str]] = field(default_factory=list)
    with_files: bool = False

    def with_fields(self, **values: str | list[str]) -> list[tuple[str, str]]:
        """The fields with some replaced (or added)."""
        kept = [(name, value) for name, value in self.fields if name not in values]
        for name, value in values.items():
            kept += [(name, one) for one in ([value] if isinstance(value, str) else value)]
        return kept


_FORM = re.compile(r"<form\b([^>]*)>(.*?)</form>", re.DOTALL)
_INPUT = re.compile(r"<input\b([^>]*)>", re.DOTALL)
_SELECT = re.compile(r'<select\b[^>]*name="([^"]+)"[^>]*>(.*?)</select>', re.DOTALL)
_TEXTAREA = re.compile(r'<textarea\b[^>]*name="([^"]+)"[^>]*>(.*?)</textarea>', re.DOTALL)
_OPTION = re.compile(r'<option value="([^"]*)"( selected)?')


def _attribute(text: str, name: str) -> str:
    found = re.search(rf'\b{name}="([^"]*)"', text)
    return unescape(found[1]) if found else ""


def forms(page: str) -> list[Form]:
    """The page's forms, filled in as a browser without scripts would send them untouched."""
    found = []
    for attributes, inside in _FORM.findall(page):
        form = Form(_attribute(attributes, "action"), _attribute(attributes, "method") or "get")
        form.with_files = _attribute(attributes, "enctype") == "multipart/form-data"
        form.fields += [(name, unescape(text)) for name, text in _TEXTAREA.findall(inside)]
        for one in _INPUT.findall(inside):
            kind = _attribute(one, "type")
            if kind == "file":
                continue
            if kind not in ("checkbox", "radio") or re.search(r"\schecked\b", one):
                form.fields.append((_attribute(one, "name"), _attribute(one, "value")))
        for name, options in _SELECT.findall(inside):
            choices = _OPTION.findall(options)
            if choices:
                form.fields.append((name, next((value for value, selected in choices if selected), choices[0][0])))
        found.append(form)
    return found


def form_to(page: str, ending: str) -> Form:
    """The page's form whose action ends so."""
    return next(form for form in forms(page) if form.action.endswith(ending))


Files = Sequence[bytes]
"""The contents of the files that are chosen in a form's field `files`."""


@dataclass
class Visitor:
    """Somebody with a cookie jar and no scripts."""

    client: TestClient

    def get(self, path: str, status: int = 200, **headers: str) -> str:
        answer = self.client.get(path, headers=headers)
        assert answer.status_code == status, (answer.status_code, path, answer.text[-3000:])
        return answer.text

    def send(self, form: Form, *, to: Any = "", files: Any = (), **values: str | list[str]) -> httpx2.Response:
        """Send a form as it stands, with some fields replaced, or `to` where a button says; redirects are followed.

        `to` is an address, `files` are contents; mypy takes the names of fields for either, so their types are not said.
        """
        fields, form = form.with_fields(**values), replace(form, action=to or form.action)
        if form.method == "get":
            return self.client.get(form.action, params=urlencode(fields))
        data: dict[str, list[str]] = {}
        for name, value in fields:
            data.setdefault(name, []).append(value)
        if form.with_files:
            # A file field in which nothing was chosen comes as an empty, nameless file.
            chosen = [("files", (f"{n}.jpg", content, "image/jpeg")) for n, content in enumerate(files)]
            return self.client.post(
                form.action, data=data, files=chosen or [("files", ("", b"", "application/octet-stream"))]
            )
        return self.client.post(form.action, data=data)


@pytest.fixture
def market(tmp_path: Path) -> Iterator[Market]:
    database = up_to_date(tmp_path / "web.db")
    settings = Settings(database=f"sqlite:///{database}", sandbox=True, secret="for-tests-only-1234567")
    application = build(settings)
    application.start(background=False)
    yield Market(application)
    application.close()


Visiting = Callable[..., Visitor]


@pytest.fixture
def visiting(market: Market) -> Visiting:
    """`visiting("ann", "ru")`: a new visitor, signed in as that person, or as nobody."""
    application = asgi(market.application, Directory(PEOPLE))

    def visit(person: str | None = None, language: str = "ru") -> Visitor:
        client = TestClient(application, base_url="http://fairhold.test", headers={"Accept-Language": language})
        visitor = Visitor(client)
        if person:
            answer = visitor.send(form_to(visitor.get("/sign-in"), "/sign-in"), person=person)
            assert answer.status_code == 200, answer.text
        return visitor

    return visit
