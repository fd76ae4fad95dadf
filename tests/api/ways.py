"""How each call of the API is had: what has to have happened first, and what is then sent.

`WAYS` is by the call's name in the description. A new call with nothing open in its path and nothing needed in its body
finds its own way; for any other, the test of all calls asks for a line here.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from fairhold.domain.instants import SECOND, Instant
from fairhold.engine.ports.contests import Contest, ContestState
from fairhold.engine.ports.small_tables import Tables
from fairhold.gateways.payments.stripe.objects import VERSION
from fairhold.store.contests import ContestTables
from tests.api.client import BOUNDARY, Client, part
from tests.api.deals import Deal, advance, place
from tests.fakes.stripe import server as stripe
from tests.gateways.fakes import aftership, seventeentrack
from tests.gateways.pictures import jpeg
from tests.receiver import Receiver

BUYER, SELLER, OPERATOR = "buyer:ann", "seller:shop-7", "operator:ops"
MEDIATOR, SUPPORT = "mediator:mia", "support:sam"
PROMOTED = "Отличная лампа, а дешевле она на сайт точка ру, пишите @lampa_opt"


@dataclass(frozen=True)
class Asked:
    """A request: by whom, what stands in the path's names, the query, the body, and headers that sign it."""

    actor: str | None = OPERATOR
    names: Mapping[str, Any] = field(default_factory=dict)
    query: Mapping[str, Any] = field(default_factory=dict)
    body: Any = None
    raw: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def sent(self) -> bytes:
        """The body's bytes."""
        return self.raw if self.raw is not None else b"" if self.body is None else json.dumps(self.body).encode()


BANK_WORD = {"said": "came", "amount": 1_000, "reference": "line 7"}


@dataclass(frozen=True)
class World:
    """A sandbox to ask, and a receiver for its webhooks. `pass_on` hears of what happened and sends what is due.

    `differ` makes an open item of reconciliation, and says its id.
    """

    operator: Client
    receiver: Receiver
    pass_on: Callable[[], None]
    tables: Tables
    differ: Callable[[], str]
    asked: dict[str, Asked] = field(default_factory=dict)
    """What a call that is made up many times is about: found once, by the way that leads to its success."""

    def deal(self) -> Deal:
        """A new order, unpaid."""
        return place(self.operator)

    def disputed(self) -> str:
        """A new dispute's id; the seller's answer is awaited."""
        return f"{self.deal().deliver().dispute().id}-d1"

    def of_dispute(self, dispute: str, path: str, body: Any, actor: str) -> None:
        """A step in a dispute, which must succeed."""
        response = self.operator.by(actor).post(f"/v1/disputes/{dispute}/{path}", body)
        assert response.status == 200, response.body

    def escalated(self) -> str:
        """A dispute that awaits a mediator."""
        dispute = self.disputed()
        self.of_dispute(dispute, "escalation", {}, BUYER)
        return dispute

    def ruled(self) -> str:
        """A dispute that was ruled, and can be appealed."""
        dispute = self.escalated()
        self.of_dispute(dispute, "ruling", {"refund": 1_000, "reasons": "Both have a point."}, MEDIATOR)
        return dispute

    def agreed(self, **offer: Any) -> str:
        """A dispute that ended with the seller's offer."""
        dispute = self.disputed()
        self.of_dispute(dispute, "offers", {"refund": 1_000} | offer, SELLER)
        self.of_dispute(dispute, "offers/2/acceptance", {}, BUYER)
        return dispute

    def sent_back(self) -> str:
        """A dispute whose goods are on their way back."""
        dispute = self.agreed(return_goods=True)
        self.of_dispute(dispute, "return", {"carrier": "Post", "tracking_number": "BACK-1"}, BUYER)
        return dispute

    def refund_came_back(self) -> str:
        """An order whose refund the buyer's bank sent back."""
        deal = self.deal()
        assert deal.buyer.post(f"{deal.url}/payment", {"method": "sandbox:refund-returned"}).status == 200
        assert deal.buyer.post(f"{deal.url}/cancellation", {}).status == 200
        advance(self.operator, seconds=2 * 3600)
        return deal.id

    def charged_back(self) -> str:
        """A new chargeback's id."""
        deal = self.deal().pay()
        response = self.operator.post("/v1/chargebacks", {"order": deal.id, "amount": 1_000})
        assert response.status == 200, response.body
        return str(response.json["chargebacks"][0]["id"])

    def contested(self) -> str:
        """A chargeback of which somebody has asked that evidence be handed in."""
        name = self.charged_back()
        order, at = name.partition("-")[0], int(time.time() * SECOND)
        row = Contest(name, order, "dp_1", "stripe", Instant(at), OPERATOR, "It arrived.", ContestState.HANDED_IN)
        ContestTables(self.tables).ask(row._replace(done_at=Instant(at)))
        return name

    def reviewed(self, rating: int = 2, **given: Any) -> str:
        """A buyer's new review."""
        return str(self.deal().deliver().confirm().review(rating, **given)["id"])

    def hidden(self) -> str:
        """A review that a moderator took down."""
        review = self.reviewed()
        body = {"decision": "hide", "reasons": "Not about the goods."}
        assert self.operator.by(MEDIATOR).post(f"/v1/reviews/{review}/moderation", body).status == 200
        return review

    def photo(self) -> str:
        """Ann's photo."""
        response = self.operator.by(BUYER).upload(jpeg())
        assert response.status == 201, response.body
        return str(response.json["id"])

    def day(self) -> str:
        """A day that has a head."""
        self.deal()
        advance(self.operator, days=2)
        return str(self.operator.get("/v1/heads").json["items"][0]["day"])

    def account(self) -> str:
        """An account through which money has moved."""
        self.deal().pay()
        return "held:RUB"

    def known(self) -> str:
        """Somebody whose contact was told."""
        sent = [b'{"language": "ru"}']
        response = self.operator.send("PUT", "/v1/people/ann/contact", sent, {"content_type": "application/json"})
        assert response.status == 200, response.body
        return "ann"

    def key(self) -> str:
        """A key's id."""
        return str(self.operator.post("/v1/keys", {"roles": ["buyer"]}).json["id"])

    def webhook(self) -> str:
        """A new endpoint; those that were made before are gone."""
        for one in self.operator.get("/v1/webhooks").json["items"]:
            assert self.operator.post(f"/v1/webhooks/{one['id']}/removal", {}).status == 200
        response = self.operator.post("/v1/webhooks", {"url": self.receiver.url})
        assert response.status == 201, response.body
        return str(response.json["id"])

    def bank_task(self) -> str:
        """A new bank transfer that is to come in; every sum takes two people."""
        deal = self.deal()
        assert deal.buyer.post(f"{deal.url}/payment", {"method": "bank"}).status == 200
        self.pass_on()
        return self._task_of(deal)

    def half_said(self) -> str:
        """One of which somebody has said that it came."""
        task = self.bank_task()
        self.of_bank(task, BANK_WORD, "operator:eve")
        return task

    def sent(self) -> str:
        """A refund that was sent: another sum came than was asked for."""
        deal = self.deal()
        assert deal.buyer.post(f"{deal.url}/payment", {"method": "bank"}).status == 200
        self.pass_on()
        self._said_by_two(self._task_of(deal), BANK_WORD)
        self.pass_on()
        refund = self._task_of(deal)
        self._said_by_two(refund, {"said": "sent", "reference": "out 1"})
        return refund

    def _said_by_two(self, task: str, word: Any) -> None:
        for person in ("operator:eve", "operator:max"):
            self.of_bank(task, word, person)

    def of_bank(self, task: str, word: Any, person: str) -> None:
        """What somebody says of a transfer, which must succeed."""
        response = self.operator.by(person).post(f"/v1/bank/tasks/{task}/words", word)
        assert response.status == 200, response.body

    def _task_of(self, deal: Deal) -> str:
        listed = "/v1/bank/tasks?limit=200"
        while True:
            page = self.operator.get(listed).json
            for task in page["items"]:
                if task["order"] == deal.id:
                    return str(task["id"])
            listed = f"/v1/bank/tasks?limit=200&cursor={page['next']}"

    def delivery(self) -> dict[str, str]:
        """An endpoint, and a message that was sent there."""
        webhook, deal = self.webhook(), self.deal()
        self.pass_on()
        return {"webhook": webhook, "delivery": f"msg_{deal.id}_1"}

    def due(self) -> Deal:
        """An order whose money is due to the seller."""
        deal = self.deal().deliver().confirm()
        advance(self.operator, days=2)
        return deal

    def payable(self) -> str:
        """A seller to whom something is due."""
        self.due()
        return "shop-7"

    def payout(self) -> str:
        """A payout's id."""
        self.operator.post("/v1/payees/shop-7/resumption", {"provider": "sandbox"})
        self.due()
        response = self.operator.post("/v1/payouts", {"seller": "shop-7"})
        assert response.status == 201, response.body
        return str(response.json["items"][0]["id"])

    def stopped(self) -> str:
        """A payout that came back from the seller's bank."""
        name = self.payout()
        advance(self.operator, seconds=1)
        self.tables.change(("UPDATE payouts SET stage = ? WHERE id = ?", ("returned", name)))
        return name

    def payee(self) -> str:
        """A seller as a provider knows them."""
        body = {"provider": "sandbox", "schedule": "on_request"}
        assert self.operator.post("/v1/payees/shop-7", body).status == 200
        return "shop-7"

    def parked(self) -> str:
        """A seller to whom nothing is paid before somebody has looked."""
        self.payee()
        self.tables.change(
            ("UPDATE payees SET parked_at = ?, parked_why = ? WHERE seller = ?", (1, "returned", "shop-7"))
        )
        return "shop-7"


Way = Callable[[World], Asked]


def _of(actor: str, body: Any = None, **steps: Callable[[World], Any]) -> Way:
    """The call by `actor` on what these make, each by its name in the path."""
    return lambda world: Asked(actor, {name: step(world) for name, step in steps.items()}, body=body)


def _order(actor: str, body: Any, ready: Callable[[Deal], Deal] = lambda deal: deal) -> Way:
    """The call by `actor` on an order that `ready` has prepared; its lines' ids take the place of LINES."""

    def way(world: World) -> Asked:
        deal = ready(world.deal())
        filled = None if body is None else {key: deal.lines if value is LINES else value for key, value in body.items()}
        return Asked(actor, {"order": deal.id}, body=filled)

    return way


LINES: Any = object()
PARCEL = {"carrier": "Post", "tracking_number": "TRACK-2"}


def _scan(world: World) -> Asked:
    deal = world.deal().pay().ship()
    parcel = deal.now["shipments"][0]
    names = {"order": deal.id, "shipment": parcel["id"]}
    return Asked(OPERATOR, names, body={"status": "in_transit", "at": parcel["shipped_at"]})


def _preview(world: World) -> Asked:
    deal = world.deal().deliver()
    return Asked(BUYER, {"order": deal.id}, {"lines": ",".join(deal.lines)})


def _answer_extension(world: World) -> Asked:
    deal = world.deal().pay().ship()
    assert deal.buyer.post(f"{deal.url}/protection", {"days": 5}).status == 200
    return Asked(SELLER, {"order": deal.id}, body={"granted": True})


def _accept(world: World) -> Asked:
    dispute = world.disputed()
    world.of_dispute(dispute, "offers", {"refund": 1_000}, SELLER)
    return Asked(BUYER, {"dispute": dispute, "number": 2}, body={})


def _replace(world: World) -> Asked:
    deal = world.deal().deliver()
    body = {"lines": deal.lines[:1], "reason": "damaged", "demand": {"kind": "resend"}, "text": "Send another."}
    assert deal.buyer.post(f"{deal.url}/disputes", body).status == 200
    dispute = f"{deal.id}-d1"
    world.of_dispute(dispute, "offers/1/acceptance", {}, SELLER)
    return Asked(SELLER, {"dispute": dispute}, body=PARCEL)


def _upload(world: World) -> Asked:
    raw = part(jpeg()) + b"--" + BOUNDARY + b"--\r\n"
    declared = {"content-type": f"multipart/form-data; boundary={BOUNDARY.decode()}"}
    return Asked(BUYER, raw=raw, headers=declared)


def _seventeentrack(world: World) -> Asked:
    scan = seventeentrack.event("InTransit_Arrival", "2026-01-01T00:00:00Z")
    body, headers = seventeentrack.push("NOBODY-1", [scan])
    return Asked(None, raw=body, headers=headers)


def _aftership(world: World) -> Asked:
    body, headers = aftership.webhook("NOBODY-1", [])
    return Asked(None, raw=body, headers=headers)


def _stripe(world: World) -> Asked:
    event = {
        "id": "evt_1",
        "object": "event",
        "type": "price.created",
        "data": {"object": {"id": "price_1"}},
        "livemode": False,
    }
    body = json.dumps({**event, "api_version": VERSION, "created": int(time.time())}).encode()
    signed = stripe.signature(body, stripe.SECRET, int(time.time()))
    return Asked(None, raw=body, headers={"stripe-signature": signed})


def _yookassa(world: World) -> Asked:
    notification = {"type": "notification", "event": "receipt.registered", "object": {"id": "rt-1234567890"}}
    return Asked(None, raw=json.dumps(notification).encode())


def _batch(world: World) -> Asked:
    deal = world.deal()
    path = f"/orders/{deal.id}/payment"
    command = {"path": path, "body": {"method": "sandbox:ok"}, "key": deal.id, "actor": BUYER}
    return Asked(OPERATOR, body={"commands": [command]})


def _accident(deal: Deal) -> Deal:
    deal.deliver().confirm()
    assert deal.buyer.post(f"{deal.url}/receipt/accident", {}).status == 200
    return deal


def _back(deal: Deal) -> Deal:
    return deal.pay().ship().scan("returned_to_sender")


PLACED = {
    "buyer": "ann",
    "seller": "shop-7",
    "currency": "RUB",
    "lines": [{"sku": "lamp", "title": "Lamp", "quantity": 1, "unit_price": 100}],
}
SCAN = {"status": "in_transit", "at": "2026-01-01T00:00:00Z"}
DISPUTED = {"lines": LINES, "reason": "damaged", "demand": {"kind": "refund"}, "text": "It came broken."}

WAYS: dict[str, Way] = {
    "placeOrder": lambda world: Asked(BUYER, body=PLACED),
    "getOrder": _order(BUYER, None),
    "listEvents": _order(BUYER, None),
    "getEvidenceBundle": _order(SELLER, None, Deal.pay),
    "payOrder": _order(BUYER, {"method": "sandbox:ok"}),
    "cancelOrder": _order(BUYER, {"why": "Changed my mind."}, Deal.pay),
    "shipParcel": _order(SELLER, PARCEL, Deal.pay),
    "recordCheckpoint": _scan,
    "previewReceipt": _preview,
    "confirmReceipt": _order(BUYER, {"lines": LINES, "acknowledged": True}, Deal.deliver),
    "undoReceipt": _order(SUPPORT, {"lines": LINES, "why": "By accident."}, lambda deal: deal.deliver().confirm()),
    "reportAccident": _order(BUYER, {"text": "My thumb slipped."}, lambda deal: deal.deliver().confirm()),
    "declineAccident": _order(SUPPORT, {"reasons": "It was collected before."}, _accident),
    "getSupportChat": _order(BUYER, None),
    "writeToSupport": _order(BUYER, {"text": "Where is it?"}),
    "claimSupportChat": _order(SUPPORT, {"side": "buyer"}),
    "listSupportChats": lambda world: Asked(SUPPORT),
    "extendProtection": _order(SELLER, {"days": 5}, lambda deal: deal.pay().ship()),
    "answerExtension": _answer_extension,
    "receive17track": _seventeentrack,
    "receiveAftership": _aftership,
    "receiveStripe": _stripe,
    "receiveYookassa": _yookassa,
    "receiveCarrier": lambda world: Asked(OPERATOR, body={"tracking_number": "NOBODY-1", "checkpoints": [SCAN]}),
    "openDispute": _order(BUYER, DISPUTED, Deal.deliver),
    "contestReturnedParcel": _order(SELLER, {"lines": LINES, "text": "It was not ours."}, _back),
    "getDispute": _of(BUYER, dispute=World.disputed),
    "makeOffer": _of(SELLER, {"refund": 1_000}, dispute=World.disputed),
    "acceptOffer": _accept,
    "escalateDispute": _of(BUYER, {}, dispute=World.disputed),
    "withdrawDispute": _of(BUYER, {}, dispute=World.disputed),
    "sendMessage": _of(BUYER, {"text": "Look at it."}, dispute=World.disputed),
    "shipReturn": _of(BUYER, PARCEL, dispute=lambda world: world.agreed(return_goods=True)),
    "receiveReturn": _of(SELLER, {"accepted": True}, dispute=World.sent_back),
    "shipReplacement": _replace,
    "takeClaim": _of(MEDIATOR, {}, dispute=World.escalated),
    "ruleOnDispute": _of(MEDIATOR, {"refund": 1_000, "reasons": "Half."}, dispute=World.escalated),
    "appealRuling": _of(BUYER, {"text": "Look again."}, dispute=World.ruled),
    "recordChargeback": lambda world: Asked(OPERATOR, body={"order": world.deal().pay().id, "amount": 1_000}),
    "sendRefundAgain": _of(OPERATOR, {}, order=World.refund_came_back, refund=lambda world: 1),
    "recordRefundElsewhere": _of(
        OPERATOR, {"reference": "transfer 7"}, order=World.refund_came_back, refund=lambda world: 1
    ),
    "recordChargebackOutcome": _of(OPERATOR, {"won": True}, chargeback=World.charged_back),
    "contestChargeback": _of(OPERATOR, {"note": "It arrived."}, chargeback=World.contested),
    "getContest": _of(OPERATOR, chargeback=World.contested),
    "writeReview": _order(BUYER, {"rating": 5}, lambda deal: deal.deliver().confirm()),
    "getReview": _of(BUYER, review=World.reviewed),
    "reviseReview": _of(BUYER, {"rating": 4}, review=World.reviewed),
    "replyToReview": _of(SELLER, {"text": "Thank you."}, review=World.reviewed),
    "reportReview": _of(SELLER, {"reason": "spam"}, review=World.reviewed),
    "moderateReview": _of(
        MEDIATOR, {"decision": "publish", "reasons": "Fine."}, review=lambda world: world.reviewed(5, text=PROMOTED)
    ),
    "contestModeration": _of(BUYER, {"text": "It is about the goods."}, review=World.hidden),
    "listSellerReviews": lambda world: Asked(None, {"seller": "shop-7"}),
    "listProductReviews": lambda world: Asked(None, {"seller": "shop-7", "sku": "lamp"}),
    "getReputation": lambda world: Asked(None, {"seller": "shop-7"}),
    "getStanding": lambda world: Asked(None, {"buyer": "ann"}),
    "runCommands": _batch,
    "getAccount": _of(OPERATOR, account=World.account),
    "getHead": _of(OPERATOR, day=World.day),
    "uploadPhoto": _upload,
    "getPhoto": _of(BUYER, photo=World.photo),
    "makeKey": _of(OPERATOR, {"roles": ["buyer"]}),
    "rotateKey": _of(OPERATOR, {}, key=World.key),
    "revokeKey": _of(OPERATOR, {}, key=World.key),
    "makeSignInLink": _of(OPERATOR, {"person": "ann"}),
    "makePayout": lambda world: Asked(OPERATOR, body={"seller": world.payable()}),
    "getPayout": _of(SELLER, payout=World.payout),
    "payOutAgain": _of(OPERATOR, {}, payout=World.stopped),
    "getPayee": lambda world: Asked(SELLER, {"seller": "shop-7"}),
    "setPayee": lambda world: Asked(
        OPERATOR, {"seller": "shop-7"}, body={"provider": "sandbox", "schedule": "on_request"}
    ),
    "onboardPayee": lambda world: Asked(
        SELLER,
        {"seller": "shop-7"},
        body={"provider": "stripe", "country": "DE", "return_url": "https://shop.example/"},
    ),
    "resumePayouts": _of(OPERATOR, {"provider": "sandbox"}, seller=World.parked),
    "careForPayee": _of(OPERATOR, {"provider": "sandbox"}, seller=World.payee),
    "getBalance": lambda world: Asked(SELLER, {"seller": "shop-7"}),
    "getStatement": lambda world: Asked(SELLER, {"seller": "shop-7"}),
    "addWebhook": lambda world: Asked(OPERATOR, body={"url": world.receiver.url}),
    "getBankTask": _of(OPERATOR, task=World.bank_task),
    "sayOfBankTask": _of(OPERATOR, BANK_WORD, task=World.bank_task),
    "takeBackBankWord": _of(OPERATOR, {}, task=World.half_said),
    "sayBankReturn": _of(OPERATOR, {"amount": 1_000, "reference": "back 1"}, task=World.sent),
    "getWebhook": _of(OPERATOR, webhook=World.webhook),
    "changeWebhook": _of(OPERATOR, {"on": False}, webhook=World.webhook),
    "removeWebhook": _of(OPERATOR, {}, webhook=World.webhook),
    "rotateWebhookSecret": _of(OPERATOR, {}, webhook=World.webhook),
    "testWebhook": _of(OPERATOR, {}, webhook=World.webhook),
    "redeliverFailed": _of(OPERATOR, {}, webhook=World.webhook),
    "explainDifference": _of(OPERATOR, {"reason": "A fee."}, difference=lambda world: world.differ()),
    "listDeliveries": _of(OPERATOR, webhook=World.webhook),
    "getDelivery": lambda world: Asked(OPERATOR, world.delivery()),
    "redeliver": lambda world: Asked(OPERATOR, world.delivery(), body={}),
    "setLetterWishes": lambda world: Asked(BUYER, body={"unwanted": []}),
    "getContact": _of(OPERATOR, person=World.known),
    "setContact": lambda world: Asked(OPERATOR, {"person": "ann"}, body={"language": "ru"}),
    "advanceClock": lambda world: Asked(OPERATOR, body={"seconds": 1}),
}


def way_to(name: str, roles: list[str], *, reads: bool) -> Way:
    """The way of that call, or the one that asks for nothing, as the first of those who may call."""
    people = {"buyer": BUYER, "seller": SELLER, "mediator": MEDIATOR, "support": SUPPORT, "operator": OPERATOR}
    return WAYS.get(name) or (lambda world: Asked(people[roles[0]], body=None if reads else {}))
