"""People who review, answer, report, moderate and dispute at random over HTTP, all at once; each remembers what was promised."""

from __future__ import annotations

import http.client
import json
import random
import threading
from collections import Counter
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

KEY = "operator-key-of-tests"
SELLER = "shop-7"
BUYERS = ("ann", "eve", "kim")
STAFF = ("mediator:mia", "mediator:max", "operator:ops", "support:sam")
TEXTS = (
    None,
    "Кружки дошли целыми, спасибо.",
    "A good lamp, and it came a day early.",
    "Пишите мне на shop @ mail . ru",
    "Bought at https://example.com and liked it.",
    "Sehr schöne Lampe, danke für alles und bis bald.",
)


@dataclass
class Answer:
    """What came back."""

    status: int
    json: Any

    @property
    def code(self) -> str:
        """The reason of a refusal."""
        return self.json.get("code", "") if isinstance(self.json, dict) else ""


@dataclass
class Street:
    """Where the crowd meets: servers on one database, and what was seen of them."""

    urls: list[str]
    answers: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    orders: list[str] = field(default_factory=list)
    written: dict[tuple[str, str], set[str]] = field(default_factory=dict)
    """By order and side: the reviews that somebody was told are there."""
    lock: threading.Lock = field(default_factory=threading.Lock)


class Caller:
    """Somebody with a connection of their own to each server."""

    def __init__(self, street: Street, seed: int) -> None:
        self.street, self.chance = street, random.Random(seed)
        self._connections = [http.client.HTTPConnection(urlsplit(url).netloc, timeout=60) for url in street.urls]

    def call(self, actor: str | None, method: str, path: str, body: Any = None, key: str = "") -> Answer:
        """Ask one of the servers; `actor` None asks without a key, as everybody may."""
        headers = {} if actor is None else {"Authorization": f"Bearer {KEY}", "Fairhold-Actor": actor}
        if body is not None:
            headers |= {"Content-Type": "application/json"}
            headers |= {"Idempotency-Key": key or f"{self.chance.getrandbits(96):x}"}
        connection = self.chance.choice(self._connections)
        connection.request(method, f"/v1{path}", None if body is None else json.dumps(body), headers)
        response = connection.getresponse()
        answer = Answer(response.status, json.loads(response.read() or b"null"))
        asked = path.rsplit("/", 1)[-1] if method == "POST" else ""
        with self.street.lock:
            self.street.answers[f"{method} {asked} {answer.status} {answer.code}"] += 1
        if answer.status >= 500:
            self.fault(f"{actor} {method} {path} {body}: {answer}")
        return answer

    def close(self) -> None:
        for connection in self._connections:
            connection.close()

    def fault(self, said: str) -> None:
        self.street.faults.append(said)


class Person(Caller, threading.Thread):
    """One of the crowd."""

    def __init__(self, street: Street, seed: int, steps: int) -> None:
        super().__init__(street, seed)
        threading.Thread.__init__(self)
        self.steps = steps

    def run(self) -> None:
        try:
            for _ in range(self.steps):
                self.step()
        except Exception as error:  # noqa: BLE001 - the test reports it
            self.fault(f"{type(error).__name__}: {error}")
        finally:
            self.close()

    # what there is to do

    def step(self) -> None:
        order = self.chance.choice(self.street.orders)
        self.chance.choices(
            (self.write, self.talk, self.moderate, self.deal, self.look_as_everybody, self.look_as_seller, self.look),
            (4, 5, 4, 2, 3, 3, 1),
        )[0](order)

    def side(self, order: str) -> str:
        """A party of the order, mostly."""
        buyer = BUYERS[self.street.orders.index(order) % len(BUYERS)]
        return self.chance.choice((f"buyer:{buyer}", f"seller:{SELLER}"))

    def stated(self, *ratings: int) -> dict[str, Any]:
        given: dict[str, Any] = {"rating": self.chance.choice(ratings), "anonymous": self.chance.random() < 0.7}
        text = self.chance.choice(TEXTS)
        if text is not None:
            given["text"] = text
        if self.chance.random() < 0.2:
            given["communication"] = self.chance.randint(1, 5)
        return given

    def write(self, order: str) -> None:
        """The same review twice under one key, then another one under a new key."""
        actor = self.side(order)
        body, key = self.stated(1, 1, 2, 4, 5), f"{self.chance.getrandbits(96):x}"
        for attempt in (key, key, ""):
            answer = self.call(actor, "POST", f"/orders/{order}/reviews", body, attempt)
            if answer.status == 200:
                mine = {one["id"] for one in answer.json["reviews"] if one["by"] == actor.partition(":")[0]}
                with self.street.lock:
                    self.street.written.setdefault((order, actor), set()).update(mine)

    def reviews_of(self, order: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.call("operator:ops", "GET", f"/orders/{order}").json["reviews"]
        return found

    def talk(self, order: str) -> None:
        for review in self.reviews_of(order):
            at, actor = f"/reviews/{review['id']}", self.side(order)
            kind = self.chance.choice(("revision", "reply", "report", "contest"))
            text = self.chance.choice(TEXTS) or "Thank you, come again."
            match kind:
                case "revision":
                    body: dict[str, Any] = self.stated(2, 3, 4, 5, 5)
                case "report":
                    body, actor = {"reason": "fake", "text": text}, self.chance.choice((actor, "buyer:zed", *STAFF))
                case "contest":
                    body = {"text": text, "part": self.chance.choice(("review", "reply"))}
                case _:
                    body = {"text": text}
            self.call(actor, "POST", f"{at}/{kind}", body)

    def moderate(self, order: str) -> None:
        for review in self.reviews_of(order):
            body = {
                "decision": self.chance.choice(("publish", "hide", "hide", "withdraw")),
                "reasons": "It names a person.",
                "part": self.chance.choice(("review", "reply")),
            }
            self.call(self.chance.choice(STAFF), "POST", f"/reviews/{review['id']}/moderation", body)

    def deal(self, order: str) -> None:
        """What takes a completed line back, or lets another one complete."""
        lines = [line["id"] for line in self.call("operator:ops", "GET", f"/orders/{order}").json["lines"]]
        buyer = f"buyer:{BUYERS[self.street.orders.index(order) % len(BUYERS)]}"
        match self.chance.choice(("receipt", "disputes", "offer", "accept", "escalation")):
            case "receipt":
                body = {"lines": [self.chance.choice(lines)], "acknowledged": True}
                self.call(buyer, "POST", f"/orders/{order}/receipt", body)
            case "disputes":
                wants = {"lines": lines[:1], "reason": "damaged", "demand": {"kind": "refund"}, "text": "It broke."}
                self.call(buyer, "POST", f"/orders/{order}/disputes", wants)
            case "offer":
                self.call(f"seller:{SELLER}", "POST", f"/disputes/{order}-d1/offers", {"refund": 100})
            case "accept":
                self.call(buyer, "POST", f"/disputes/{order}-d1/offers/1/acceptance", {})
            case _:
                self.call(buyer, "POST", f"/disputes/{order}-d1/escalation", {})

    # what may be seen

    def look_as_everybody(self, order: str) -> None:
        """No answer to somebody without a key names who is anonymous, or an order."""
        path = self.chance.choice((f"/sellers/{SELLER}/reviews", f"/sellers/{SELLER}/products/mug/reviews"))
        answer = self.call(None, "GET", f"{path}?limit=50&sort={self.chance.choice(('newest', 'highest', 'lowest'))}")
        if answer.status != 200:
            self.fault(f"{path}: {answer}")
            return
        for review in answer.json["items"]:
            if review["status"] != "published" and (review["rating"] is not None or review.get("text")):
                self.fault(f"shown though {review['status']}: {review}")
        if any(one in json.dumps(answer.json) for one in self.street.orders):
            self.fault(f"{path} names an order")
        for path in (f"/sellers/{SELLER}/reputation", "/buyers/ann/standing"):
            if self.call(None, "GET", path).status != 200:
                self.fault(path)

    def look_as_seller(self, order: str) -> None:
        """An anonymous review reaches the seller without its order, and its order without the review (S32)."""
        seller = f"seller:{SELLER}"
        answer = self.call(seller, "GET", f"/reviews?role=seller&tab={self.chance.choice(('active', 'received'))}")
        for review in answer.json.get("items", ()):
            hidden = review.get("by") == "buyer" and review.get("anonymous") and not review["automatic"]
            if hidden and (review.get("order") or review.get("author")):
                self.fault(f"the seller is told whose it is: {review}")
        own = self.call(seller, "GET", f"/orders/{order}")
        for review in own.json.get("reviews", ()):
            if review["by"] == "buyer" and review["anonymous"] and not review["automatic"]:
                self.fault(f"the seller finds it at its order: {review}")

    def look(self, order: str) -> None:
        for who, path in (("mediator:mia", "/reviews?tab=queue"), (self.side(order), "/reviews?tab=awaiting")):
            self.call(who, "GET", path)
