"""Short ways through the life of an order, for tests that are about something else."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from tests.api.client import Client

TWO_LINES = [
    {"sku": "lamp", "title": "Headlamp “Polus 600”", "quantity": 1, "unit_price": 240_000},
    {"sku": "mug", "title": "Thermo mug, 450 ml", "quantity": 2, "unit_price": 130_000},
]


@dataclass(frozen=True)
class Deal:
    """An order and those who have to do with it."""

    id: str
    buyer: Client
    seller: Client
    operator: Client

    @property
    def url(self) -> str:
        return f"/v1/orders/{self.id}"

    @property
    def now(self) -> Any:
        return self.buyer.get(self.url).json

    @property
    def lines(self) -> list[str]:
        return [line["id"] for line in self.now["lines"]]

    def pay(self) -> "Deal":
        assert self.buyer.post(f"{self.url}/payment", {"method": "sandbox:ok"}).status == 200
        return self

    def ship(self, number: str = "TRACK-1", lines: list[Any] | None = None) -> "Deal":
        body = {"carrier": "Post", "tracking_number": number} | ({} if lines is None else {"lines": lines})
        response = self.seller.post(f"{self.url}/shipments", body)
        assert response.status == 200, response.body
        return self

    def scan(self, status: str = "delivered", shipment: int = 0) -> "Deal":
        order = self.now
        parcel = order["shipments"][shipment]
        body = {"status": status, "at": parcel["shipped_at"]}
        response = self.operator.post(f"{self.url}/shipments/{parcel['id']}/checkpoints", body)
        assert response.status == 200, response.body
        return self

    def deliver(self) -> "Deal":
        return self.pay().ship().scan()

    def confirm(self, lines: list[Any] | None = None) -> "Deal":
        """The buyer has these lines, or all of them, in hand: the deal can be reviewed."""
        body = {"lines": self.lines if lines is None else lines, "acknowledged": True}
        response = self.buyer.post(f"{self.url}/receipt", body)
        assert response.status == 200, response.body
        return self

    def review(self, rating: int = 5, *, by: str = "buyer", **given: Any) -> dict[str, Any]:
        """One side's review, as its own page of the order shows it."""
        side = self.buyer if by == "buyer" else self.seller
        response = side.post(f"{self.url}/reviews", {"rating": rating} | given)
        assert response.status == 200, response.body
        found: dict[str, Any] = next(one for one in response.json["reviews"] if one["by"] == by)
        return found

    def dispute(self) -> "Deal":
        """The buyer's dispute about the first line, at the start of its talk."""
        body = {
            "lines": self.lines[:1],
            "reason": "damaged",
            "demand": {"kind": "refund"},
            "text": "The lamp came broken.",
        }
        response = self.buyer.post(f"/v1/orders/{self.id}/disputes", body)
        assert response.status == 200, response.body
        return self


def place(operator: Client, **given: Any) -> Deal:
    """An order by ann at shop-7, unpaid, with a lamp and two mugs unless told otherwise."""
    buyer = operator.by("buyer:ann")
    body = {"buyer": "ann", "seller": "shop-7", "currency": "RUB", "lines": TWO_LINES, "shipping": 30_000} | given
    response = buyer.post("/v1/orders", body)
    assert response.status == 201, response.body
    return Deal(response.json["id"], buyer, operator.by("seller:shop-7"), operator)


def advance(operator: Client, days: float = 0, **given: Any) -> None:
    """Move the test clock."""
    response = operator.post("/v1/clock/advance", given or {"seconds": round(days * 86_400)})
    assert response.status == 200, response.body


def at_noon(operator: Client) -> None:
    """Move the test clock to the next noon in UTC: no day, and so no year, ends while a test looks twice at the same."""
    now = datetime.fromisoformat(operator.get("/v1/clock").json["now"])
    noon = now.replace(hour=12, minute=0, second=0, microsecond=0)
    advance(operator, to=(noon + timedelta(days=noon <= now)).isoformat())
