"""YooKassa around its `Books`: whom it lets in, the keys that it remembers, its lists, and what goes wrong on bad days."""

import base64
import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import Enum, auto

from tests.fakes.yookassa.books import DAY, Books
from tests.fakes.yookassa.things import JSON, Payment, Problem, Thing

SHOP, GATEWAY = ("506751", "test_shop-key"), ("50019", "test_gateway-key")
KEYS_LAST = DAY


class Fault(Enum):
    """What goes wrong with one request."""

    BROKEN_BEFORE = auto()
    BROKEN_AFTER = auto()
    SILENT_AFTER = auto()
    AT_WORK = auto()
    BUSY = auto()
    NOT_LET_IN = auto()
    NONSENSE = auto()
    ELSEWHERE = auto()
    TOO_MUCH = auto()
    TURNED_AWAY = auto()
    """By a proxy that lets nothing through."""
    CUT_OFF = auto()
    """By a proxy, when it was done."""


@dataclass
class YooKassaFake:
    """`faults` are what goes wrong next, each with the method and the beginning of the path that it waits for."""

    books: Books = field(default_factory=Books)
    shop: tuple[str, str] = SHOP
    gateway: tuple[str, str] = GATEWAY
    faults: list[tuple[Fault, str, str]] = field(default_factory=list)
    calls: list[tuple[str, str, str]] = field(default_factory=list)
    """Method, path, and the key where there is one."""
    keys: dict[tuple[str, str], tuple[int, str, bytes, Thing]] = field(default_factory=dict)

    def ail(self, fault: Fault, method: str = "POST", path: str = "") -> None:
        """Let the next such request go wrong."""
        self.faults.append((fault, method, path))

    def take_fault(self, method: str, path: str) -> Fault | None:
        for entry in self.faults:
            if entry[1] == method and path.startswith(entry[2]):
                self.faults.remove(entry)
                return entry[0]
        return None

    def answer(self, method: str, path: str, query: Mapping[str, str], headers: Mapping[str, str], body: bytes) -> JSON:
        """What it says on a good day. Raises Problem."""
        self._let_in(path, headers.get("authorization", ""))
        if method == "GET":
            kind, _, name = path.partition("/")
            things = self._things(kind)
            if name and name != "search":
                return _there(things, name).shown()
            return listing(things.values(), query)
        if method != "POST":
            raise Problem("Method is not allowed", status=405, code="")
        return self._once(path, headers, body).shown()

    def _once(self, path: str, headers: Mapping[str, str], body: bytes) -> Thing:
        key = headers.get("idempotence-key", "")
        if not re.fullmatch(r"[0-9a-zA-Z+_.-]{1,64}", key):
            raise Problem("Idempotence key is missing or too long", "Idempotence-Key")
        whose = headers["authorization"]
        known = self.keys.get((whose, key))
        if known is not None and self.books.now - known[0] < KEYS_LAST:
            if known[1:3] != (path, body):
                raise Problem("Idempotence key duplicated", "Idempotence-Key")
            return known[3]
        try:
            asked = json.loads(body)
        except ValueError:
            raise Problem("Body is no JSON") from None
        thing = self._do(path, asked)
        self.keys[whose, key] = (self.books.now, path, body, thing)
        return thing

    def _do(self, path: str, asked: JSON) -> Thing:
        create: dict[str, Callable[[JSON], Thing]] = {
            "deals": self.books.create_deal,
            "payments": self.books.create_payment,
            "refunds": self.books.create_refund,
            "payouts": self.books.create_payout,
        }
        if path in create:
            return create[path](asked)
        kind, _, rest = path.partition("/")
        name, _, what = rest.partition("/")
        if kind == "payments" and what in ("capture", "cancel"):
            payment = _there(self.books.payments, name)
            assert isinstance(payment, Payment)
            return self.books.capture(payment, asked) if what == "capture" else self.books.cancel(payment)
        raise Problem("No such method", status=404, code="not_found")

    def _things(self, kind: str) -> Mapping[str, Thing]:
        books = self.books
        all_: dict[str, Mapping[str, Thing]] = {
            "deals": books.deals,
            "payments": books.payments,
            "refunds": books.refunds,
            "payouts": books.payouts,
        }
        if kind not in all_:
            raise Problem("No such resource", status=404, code="not_found")
        return all_[kind]

    def _let_in(self, path: str, authorization: str) -> None:
        account = self.gateway if path.startswith("payouts") else self.shop
        right = "Basic " + base64.b64encode(":".join(account).encode()).decode()
        if authorization != right:
            raise Problem("Login has illegal format or the key is wrong", status=401, code="invalid_credentials")


def _there(things: Mapping[str, Thing], name: str) -> Thing:
    if name not in things:
        raise Problem("Object doesn't exist or access denied", status=404, code="not_found")
    return things[name]


def listing(things: Iterable[Thing], query: Mapping[str, str]) -> JSON:
    """A page of a list: newest first, what passes all filters."""
    limit = int(query.get("limit", "10"))
    if not 1 <= limit <= 100:
        raise Problem("Limit is from 1 to 100", "limit")
    found = [one.shown() for one in sorted(things, key=lambda one: -one.created) if _passes(one.shown(), query)]
    start = int(query.get("cursor", "0"))
    page: JSON = {"type": "list", "items": found[start : start + limit]}
    return page | ({"next_cursor": str(start + limit)} if start + limit < len(found) else {})


_COMPARISONS: dict[str, Callable[[datetime, datetime], bool]] = {
    "gte": lambda one, other: one >= other,
    "gt": lambda one, other: one > other,
    "lte": lambda one, other: one <= other,
    "lt": lambda one, other: one < other,
}


def _passes(shown: JSON, query: Mapping[str, str]) -> bool:
    for name, value in query.items():
        at, _, comparison = name.partition(".")
        if comparison:
            if at not in shown or not _COMPARISONS[comparison](_moment(shown[at]), _moment(value)):
                return False
        elif name.startswith("metadata["):
            if shown["metadata"].get(name[9:-1]) != value:
                return False
        elif name not in ("limit", "cursor") and shown.get(name) != value:
            return False
    return True


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)
