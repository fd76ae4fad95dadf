"""`POST /v1/orders/{id}/receipt`: one request, one transaction, written with the ORM in the ordinary way."""

import hashlib
import json
from functools import lru_cache
from typing import Any

from django.db import transaction
from django.http import HttpRequest, JsonResponse
from django.utils import timezone

from benchmarks.peers.shop.models import ApiKey, Event, Key, Line, Order, Transfer


@lru_cache(maxsize=100)
def known(digest: bytes) -> bool:
    """Whether an API key of that hash exists; asked of the database once a process."""
    return ApiKey.objects.filter(hash=digest).exists()


def receipt(request: HttpRequest, order_id: str) -> JsonResponse:
    """Confirm some lines of an order; the answer is the whole order."""
    secret = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not known(hashlib.sha256(secret.encode()).digest()):
        return JsonResponse({"code": "unauthorized"}, status=401)
    buyer = request.headers.get("Fairhold-Actor", "").removeprefix("buyer:")
    key = request.headers["Idempotency-Key"]
    wanted = json.loads(request.body)
    fingerprint = hashlib.sha256(request.path.encode() + buyer.encode() + request.body).digest()
    if not wanted["lines"] or not wanted["acknowledged"]:
        return JsonResponse({"code": "nothing_selected"}, status=422)
    with transaction.atomic():
        order = Order.objects.select_for_update().filter(id=order_id, buyer=buyer).first()
        if order is None:
            return JsonResponse({"code": "not_found"}, status=404)
        lines = list(order.lines.order_by("id"))
        before = order.keys.filter(key=key).first()
        if before is not None and bytes(before.fingerprint) != fingerprint:
            return JsonResponse({"code": "idempotency_key_reused"}, status=422)
        if before is None:
            code = confirm(order, lines, wanted["lines"], key, fingerprint)
            if code is not None:
                return JsonResponse({"code": code}, status=409)
    return JsonResponse(shown(order, lines))


def confirm(order: Order, lines: list[Line], wanted: list[str], key: str, fingerprint: bytes) -> str | None:
    """Check and write; why not, where it cannot be."""
    now = timezone.now()
    chosen = [line for line in lines if line.id in wanted]
    if len(chosen) != len(wanted):
        return "unknown_line"
    if any(line.state != "held" or line.window_ends <= now for line in chosen):
        return "already_confirmed"
    for line in chosen:
        line.state, line.confirmed_at = "settling", now
        line.save(update_fields=("state", "confirmed_at"))
    amount = sum(line.total for line in chosen)
    order.version += 1
    order.status = "awaiting_confirmation" if any(line.state == "held" for line in lines) else "confirmed"
    order.updated_at = now
    order.save(update_fields=("version", "status", "updated_at"))
    told = {"lines": wanted, "amount": amount, "at": now.isoformat()}
    Event.objects.create(
        order=order, seq=order.version, at=now, by=f"buyer:{order.buyer}", type="receipt_confirmed", data=told
    )
    Transfer.objects.create(
        order=order, debit=f"held:{order.currency}", credit=f"settling:{order.currency}", amount=amount, at=now
    )
    Key.objects.create(order=order, key=key, fingerprint=fingerprint, version=order.version)
    return None


def shown(order: Order, lines: list[Line]) -> dict[str, Any]:
    """The whole order."""
    held = sum(line.total for line in lines if line.state == "held")
    return {
        "id": order.id,
        "status": order.status,
        "buyer": order.buyer,
        "seller": order.seller,
        "currency": order.currency,
        "version": order.version,
        "placed_at": order.placed_at.isoformat(),
        "lines": [
            {
                "id": line.id,
                "sku": line.sku,
                "title": line.title,
                "quantity": line.quantity,
                "unit_price": line.unit_price,
                "status": line.state,
                "window_ends": line.window_ends.isoformat(),
            }
            for line in lines
        ],
        "money": {"paid": order.total, "held": held, "settling": order.total - held},
    }
