"""Stripe over HTTP: keys, versions, idempotency, `expand`, webhooks and their signature, and bad days of every kind."""

import copy
import hmac
import json
import re
import threading
import time
from collections import deque
from dataclasses import dataclass, field
from enum import Enum, auto
from hashlib import sha256
from random import Random
from urllib.parse import parse_qsl, urlsplit

import httpx2

from fairhold.gateways.payments.stripe.objects import VERSION
from tests.fakes.stripe.books import Books, Object
from tests.fakes.stripe.desk import Asked as Fields
from tests.fakes.stripe.desk import Desk
from tests.fakes.stripe.errors import SaysNo
from tests.fakes.stripe.people import People
from tests.gateways.fakes.served import Answer, Asked, Mood

KEY, SECRET, SECRET_OF_SELLERS = "sk_test_fake", "whsec_platform", "whsec_connect"


class Fault(Enum):
    """What goes wrong with one question that moves something."""

    LOST = auto()
    """It is done, and the answer does not arrive."""
    BROKEN_AFTER = auto()
    """It is done, the answer is 500, and so it stays under this key."""
    BROKEN_BEFORE = auto()
    """Nothing is done, and the answer is 500."""
    BUSY = auto()
    IN_USE = auto()
    """The same key is at work."""


@dataclass
class StripeFake:
    """A platform's account. `faults` befall the next questions that move something, one each."""

    books: Books = field(default_factory=Books)
    mood: Mood = Mood.WELL
    asked: list[Asked] = field(default_factory=list)
    faults: deque[Fault] = field(default_factory=deque)
    answered: list[Object] = field(default_factory=list)
    """Every object that was answered, as it went out."""
    silent_for: float = 1.5
    """Seconds until an answer comes that was lost for whoever does not wait so long."""
    _keys: dict[tuple[str, str], tuple[str, Answer]] = field(default_factory=dict)
    _one_at_a_time: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self.desk = Desk(self.books)
        self.people = People(self.books)

    def forget_keys(self) -> None:
        """A day later."""
        self._keys.clear()

    def answer(self, asked: Asked) -> Answer:
        """What goes back over the wire."""
        fault = self.faults.popleft() if self.faults and asked.method == "POST" else None
        if fault is Fault.BUSY:
            return Answer(_json(_error("rate_limit", "Too many requests")), 429, {"Retry-After": "2"})
        if fault is Fault.IN_USE:
            return Answer(_json(_error("idempotency_key_in_use", "Another request is using this key")), 409)
        if fault is Fault.BROKEN_BEFORE:
            return _BROKEN
        with self._one_at_a_time:
            said = self._under_its_key(asked, broken=fault is Fault.BROKEN_AFTER)
        if fault is Fault.LOST:
            time.sleep(self.silent_for)
        return said

    def _under_its_key(self, asked: Asked, *, broken: bool) -> Answer:
        if asked.headers.get("authorization") != f"Bearer {KEY}":
            return Answer(_json(_error("", "Invalid API Key provided")), 401)
        assert asked.headers.get("stripe-version") == VERSION
        name = asked.headers.get("idempotency-key")
        if asked.method == "GET":
            return self._do(asked)
        assert name, "whoever changes something says under which key"
        assert len(name) <= 255
        key, same = (asked.headers.get("stripe-account", ""), name), asked.path + sha256(asked.body).hexdigest()
        if key in self._keys:
            before, said = self._keys[key]
            if before != same:
                words = "Keys for idempotent requests can only be used with the same parameters"
                return Answer(_json(_error("", words, "idempotency_error")), 400)
            return Answer(said.body, said.status, {"Idempotent-Replayed": "true"})
        said = self._do(asked)
        if broken:
            said = _BROKEN
        self._keys[key] = (same, said)
        return said

    def _do(self, asked: Asked) -> Answer:
        url = urlsplit(asked.path)
        fields = _fields(asked) if asked.method == "POST" else nested(url.query)
        wanted = fields.pop("expand", {})
        try:
            path = url.path.removeprefix("/v1/")
            found = self.desk.answer(asked.method, path, fields, asked.headers.get("stripe-account", ""))
        except SaysNo as error:
            return Answer(_json(error.body), error.status)
        said = copy.deepcopy(found)
        for way in wanted.values():
            self._expand(said, way.split("."))
        said = _outward(said)
        self.answered.append(said)
        return Answer(_json(said))

    def _expand(self, thing: Object, way: list[str]) -> None:
        first, rest = way[0], way[1:]
        inner = thing.get(first)
        if isinstance(inner, list):
            for one in inner:
                self._expand(one, rest)
            return
        if isinstance(inner, str):
            inner = thing[first] = copy.deepcopy(self.books.objects[inner])
        if rest and inner:
            self._expand(inner, rest)

    def hooks(self, *, repeated: bool = False, shuffled: Random | None = None) -> list[tuple[dict[str, str], bytes]]:
        """Events that nobody was told of yet, signed, as they come by webhook."""
        events, self.books.unsent = self.books.unsent, []
        told = [self.signed(event) for event in events for _ in range(2 if repeated else 1)]
        if shuffled is not None:
            shuffled.shuffle(told)
        return told

    def signed(self, event: Object, secret: str = "", at: int | None = None) -> tuple[dict[str, str], bytes]:
        """The headers and the body of a webhook; events of sellers come by an endpoint with a secret of its own."""
        body = _json(_outward(event))
        right = secret or (SECRET_OF_SELLERS if "account" in event else SECRET)
        moment = self.books.at if at is None else at
        return {"stripe-signature": signature(body, right, moment)}, body

    def send(self, url: str) -> list[int]:
        """Post what nobody was told of yet there; the answers' statuses."""
        return [
            httpx2.post(url, content=body, headers=headers, timeout=60).status_code for headers, body in self.hooks()
        ]


def signature(body: bytes, secret: str, at: int) -> str:
    """As Stripe writes it, with a scheme that nobody should look at."""
    right = hmac.new(secret.encode(), f"{at}.".encode() + body, sha256).hexdigest()
    return f"t={at},v1={right},v0={'0' * 64}"


def nested(form: str) -> Fields:
    """`a[b][0]=c` as dictionaries."""
    found: Fields = {}
    for name, text in parse_qsl(form, keep_blank_values=True, strict_parsing=bool(form)):
        parts = re.findall(r"[^\[\]]+", name)
        place = found
        for part in parts[:-1]:
            place = place.setdefault(part, {})
        place[parts[-1]] = text
    return found


def _fields(asked: Asked) -> Fields:
    kind = asked.headers["content-type"]
    if not kind.startswith("multipart/form-data"):
        assert kind == "application/x-www-form-urlencoded"
        return nested(asked.body.decode())
    edge = kind.partition("boundary=")[2].encode()
    fields: Fields = {}
    for part in asked.body.split(b"--" + edge)[1:-1]:
        head, _, content = part.removeprefix(b"\r\n").partition(b"\r\n\r\n")
        content = content.removesuffix(b"\r\n")
        if b'name="file"' in head:
            [name] = re.findall(rb'filename="(.*?)"', head)
            fields.update(filename=name.decode(), size=len(content), content=content)
        else:
            fields["purpose"] = content.decode()
    return fields


def _outward(thing: Object) -> Object:
    """Without what only the fake knows."""
    return {name: _clean(value) for name, value in thing.items() if not name.startswith("_")}


def _clean(value: object) -> object:
    if isinstance(value, dict):
        return _outward(value)
    return [_clean(one) for one in value] if isinstance(value, list) else value


def _json(thing: Object) -> bytes:
    return json.dumps(thing).encode()


def _error(code: str, message: str, kind: str = "invalid_request_error") -> Object:
    error = {"type": kind, "message": message}
    return {"error": {**error, "code": code} if code else error}


_BROKEN = Answer(_json(_error("", "Sorry! Something went wrong", "api_error")), 500)
