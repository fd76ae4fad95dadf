"""What YooKassa's books are made of, and how it shows each: sums in kopecks here, in its own words there."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

JSON = dict[str, Any]


class Problem(Exception):
    """A request that is refused, as it says so."""

    def __init__(self, description: str, parameter: str = "", status: int = 400, code: str = "invalid_request") -> None:
        super().__init__(description)
        self.status = status
        self.shown: JSON = {"type": "error", "id": "ab5a11cd-13cc-4e33-af8b-75a74e18dd09", "code": code}
        self.shown |= {"description": description} | ({"parameter": parameter} if parameter else {})


def money(kopecks: int) -> JSON:
    return {"value": f"{kopecks / Decimal(100):.2f}", "currency": "RUB"}


def kopecks(said: object, parameter: str) -> int:
    """What a request says as a sum: a text with two decimals, above zero, in roubles."""
    if not isinstance(said, dict) or not isinstance(said.get("value"), str):
        raise Problem("Amount is required", parameter)
    if said.get("currency") != "RUB":
        raise Problem("Currency is not supported by the shop", f"{parameter}.currency")
    try:
        value = Decimal(said["value"])
    except InvalidOperation:
        raise Problem("Illegal amount value", f"{parameter}.value") from None
    if value.as_tuple().exponent != -2 or value < 0:
        raise Problem("Illegal amount value", f"{parameter}.value")
    return int(value * 100)


def moment(at: int) -> str:
    """Microseconds since 1970 with milliseconds, as it writes them."""
    text = (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=at)).isoformat(timespec="milliseconds")
    return text.replace("+00:00", "Z")


@dataclass
class Deal:
    id: str
    created: int
    expires: int
    fee_moment: str
    metadata: JSON
    description: str = ""
    status: str = "opened"
    balance: int = 0
    payout_balance: int = 0

    def shown(self) -> JSON:
        return {
            "type": "safe_deal",
            "id": self.id,
            "fee_moment": self.fee_moment,
            "description": self.description,
            "balance": money(self.balance),
            "payout_balance": money(self.payout_balance),
            "status": self.status,
            "created_at": moment(self.created),
            "expires_at": moment(self.expires),
            "metadata": self.metadata,
            "test": True,
        }


@dataclass
class Payment:
    id: str
    created: int
    amount: int
    capture: bool
    metadata: JSON
    description: str = ""
    deal: str | None = None
    part: int = 0
    status: str = "pending"
    reason: str = ""
    captured: int | None = None
    kept: int = 0
    refunded: int = 0

    def shown(self) -> JSON:
        found: JSON = {
            "id": self.id,
            "status": self.status,
            "amount": money(self.amount),
            "description": self.description,
            "created_at": moment(self.created),
            "paid": self.status in ("succeeded", "waiting_for_capture"),
            "refundable": self.status == "succeeded",
            "metadata": self.metadata,
            "test": True,
        }
        if self.status == "pending":
            page = f"https://yoomoney.example/checkout/{self.id}"
            found["confirmation"] = {"type": "redirect", "confirmation_url": page}
        if self.deal:
            settlements = [{"type": "payout", "amount": money(self.part)}]
            found["deal"] = {"id": self.deal, "settlements": settlements}
        if self.status == "succeeded":
            assert self.captured is not None
            found |= {"captured_at": moment(self.captured), "refunded_amount": money(self.refunded)}
            found["income_amount"] = money(self.amount - self.kept)
        return found | canceled(self.reason)


@dataclass
class Refund:
    id: str
    created: int
    payment: str
    amount: int
    part: int
    metadata: JSON = field(default_factory=dict)
    status: str = "pending"
    reason: str = ""

    def shown(self) -> JSON:
        found = {
            "id": self.id,
            "payment_id": self.payment,
            "status": self.status,
            "amount": money(self.amount),
            "created_at": moment(self.created),
            "metadata": self.metadata,
        }
        return found | canceled(self.reason)


@dataclass
class Payout:
    id: str
    created: int
    deal: str
    amount: int
    token: str
    metadata: JSON
    description: str = ""
    status: str = "pending"
    reason: str = ""
    succeeded: int | None = None

    def shown(self) -> JSON:
        found = {
            "id": self.id,
            "status": self.status,
            "amount": money(self.amount),
            "payout_destination": {
                "type": "bank_card",
                "card": {"first6": "220000", "last4": "0004", "card_type": "MIR"},
            },
            "description": self.description,
            "created_at": moment(self.created),
            "deal": {"id": self.deal},
            "metadata": self.metadata,
            "test": True,
        }
        if self.succeeded is not None:
            found["succeeded_at"] = moment(self.succeeded)
        return found | canceled(self.reason)


Thing = Deal | Payment | Refund | Payout


def canceled(reason: str) -> JSON:
    return {"cancellation_details": {"party": "yoo_money", "reason": reason}} if reason else {}
