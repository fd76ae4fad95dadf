"""What Stripe's fake remembers: objects, the lines of balances, and events.

Its clock stands still but for a second with each object.
"""

import copy
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from fairhold.gateways.payments.stripe.objects import VERSION

Object = dict[str, Any]

DAY = 86_400
START = 1_780_000_000
WITHOUT_MODE = frozenset({"account", "balance_transaction", "file", "refund", "transfer_reversal"})
"""Kinds of objects that do not say whether they are real."""
AVAILABLE_AFTER = 2 * DAY
"""Seconds until the money of a charge may leave."""
DISPUTE_FEE = 1500


def fee_of(amount: int) -> int:
    """What is kept of a charge."""
    return amount * 29 // 1000 + 30


@dataclass
class Books:
    """`platform` is the account whose key is used; in all methods it goes by the empty name."""

    at: int = START
    objects: dict[str, Object] = field(default_factory=dict)
    owners: dict[str, str] = field(default_factory=dict)
    unsent: list[Object] = field(default_factory=list)
    _counted: int = 0

    def add(self, prefix: str, kind: str, fields: Object, account: str = "") -> Object:
        """A new object of this kind."""
        self.at += 1
        self._counted += 1
        name = f"{prefix}_{self._counted:08d}"
        made: Object = {"id": name, "object": kind, "created": self.at, **fields}
        if kind not in WITHOUT_MODE:
            made["livemode"] = False
        self.objects[name] = made
        self.owners[name] = account
        return made

    def all(self, kind: str, account: str = "") -> Iterator[Object]:
        """Those of a kind, newest first."""
        names = reversed(list(self.objects))
        found = (self.objects[name] for name in names if self.owners[name] == account)
        return (one for one in found if one["object"] == kind)

    def get(self, name: str, account: str = "") -> Object | None:
        """An object of this account."""
        return self.objects.get(name) if self.owners.get(name) == account else None

    def line(
        self, kind: str, amount: int, currency: str, source: str, account: str = "", fee: int = 0, **other: Any
    ) -> Object:
        """A balance transaction. `category` and `available_on` where they are not what the kind says."""
        available = other.get("available_on", self.at)
        fees = [{"amount": fee, "currency": currency, "type": "stripe_fee", "description": "fee", "application": None}]
        fields = {
            "amount": amount,
            "available_on": available,
            "balance_type": "payments",
            "currency": currency,
            "description": None,
            "exchange_rate": None,
            "fee": fee,
            "fee_details": fees if fee else [],
            "net": amount - fee,
            "reporting_category": other.get("category", kind),
            "source": source,
            "status": "available" if available <= self.at else "pending",
            "type": kind,
        }
        return self.add("txn", "balance_transaction", fields, account)

    def balance(self, currency: str, account: str = "") -> tuple[int, int]:
        """What is available, and what is pending."""
        lines = [one for one in self.all("balance_transaction", account) if one["currency"] == currency]
        available = sum(one["net"] for one in lines if one["available_on"] <= self.at)
        return available, sum(one["net"] for one in lines) - available

    def happen(self, kind: str, thing: Object, account: str = "") -> None:
        """An event, with the object as it is now."""
        fields: Object = {
            "api_version": VERSION,
            "data": {"object": copy.deepcopy(thing)},
            "pending_webhooks": 1,
            "request": {"id": None, "idempotency_key": None},
            "type": kind,
        }
        if account:
            fields["account"] = account
        self.unsent.append(self.add("evt", "event", fields, account))

    def listing(self, data: list[Object], path: str) -> Object:
        """A list that is a part of an object."""
        return {"object": "list", "data": data, "has_more": False, "url": path}
