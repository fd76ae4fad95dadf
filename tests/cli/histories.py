"""Small made-up histories as CSV."""

from __future__ import annotations

from pathlib import Path

HEADER = (
    "order_id,customer_id,order_status,order_purchase_timestamp,order_approved_at,"
    "order_delivered_carrier_date,order_delivered_customer_date,order_estimated_delivery_date"
)
BOUGHT, PAID, SENT, CAME, PROMISED = (
    "2024-03-01 10:00:00",
    "2024-03-01 10:15:00",
    "2024-03-02 12:00:00",
    "2024-03-05 12:00:00",
    "2024-03-10 00:00:00",
)


def row(
    order: str = "a1",
    status: str = "delivered",
    bought: str = BOUGHT,
    paid: str = PAID,
    sent: str = SENT,
    came: str = CAME,
    promised: str = PROMISED,
    buyer: str = "ann",
) -> str:
    """A line of the file, by default an order that went well."""
    return f"{order},{buyer},{status},{bought},{paid},{sent},{came},{promised}"


def write(folder: Path, *lines: str, name: str = "orders.csv") -> Path:
    """A file with the header and these lines."""
    path = folder / name
    path.write_text("\n".join((HEADER, *lines)) + "\n", encoding="utf-8")
    return path
