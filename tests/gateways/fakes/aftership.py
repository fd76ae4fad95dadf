"""AfterShip in small: `POST` and `GET /trackings`, limits in headers, and webhooks with their signature."""

import hmac
import json
from base64 import b64encode
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.gateways.fakes.served import Answer, Asked, Mood

KEY, SECRET = "asat_key", "hook-secret"


@dataclass
class AfterShipFake:
    """`known` has the trackings with their checkpoints."""

    known: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    left: int = 100
    mood: Mood = Mood.WELL
    asked: list[Asked] = field(default_factory=list)

    def answer(self, asked: Asked) -> Answer:
        if asked.headers.get("as-api-key") != KEY:
            return Answer(json.dumps({"meta": {"code": 401, "message": "Invalid API key."}, "data": {}}).encode(), 401)
        url = urlsplit(asked.path)
        assert url.path == "/trackings"
        return self._create(asked) if asked.method == "POST" else self._list(parse_qs(url.query))

    def _create(self, asked: Asked) -> Answer:
        number = json.loads(asked.body)["tracking_number"]
        if number in self.known:
            return self._no(4003, "Tracking already exists.", id="5b7")
        if number.startswith("XX"):
            return self._no(4012, "Cannot detect courier.")
        self.known[number] = []
        data = {"id": "5b7", "tracking_number": number, "slug": "russian-post", "tag": "Pending", "checkpoints": []}
        return self._say(201, data)

    def _list(self, query: dict[str, list[str]]) -> Answer:
        numbers = query["tracking_numbers"][0].split(",")
        found = [tracking(number, self.known[number]) for number in numbers if number in self.known]
        return self._say(200, {"pagination": {"total": len(found)}, "trackings": found})

    def _say(self, code: int, data: dict[str, Any]) -> Answer:
        self.left -= 1
        headers = {"X-RateLimit-Limit": "20", "X-RateLimit-Remaining": str(self.left), "X-RateLimit-Reset": "1"}
        return Answer(json.dumps({"meta": {"code": code}, "data": data}).encode(), code, headers)

    def _no(self, code: int, message: str, **data: str) -> Answer:
        return Answer(json.dumps({"meta": {"code": code, "message": message}, "data": data}).encode(), 400)


def checkpoint(tag: str, at: str, subtag: str | None = None, city: str = "Omsk") -> dict[str, Any]:
    return {
        "checkpoint_time": at,
        "tag": tag,
        "subtag": subtag or f"{tag}_001",
        "message": f"{tag} in {city}",
        "city": city,
        "slug": "russian-post",
    }


def tracking(number: str, checkpoints: list[dict[str, Any]]) -> dict[str, Any]:
    tag = checkpoints[-1]["tag"] if checkpoints else "Pending"
    return {"id": "5b7", "tracking_number": number, "slug": "russian-post", "tag": tag, "checkpoints": checkpoints}


def webhook(number: str, checkpoints: list[dict[str, Any]], event: str = "e-1") -> tuple[bytes, dict[str, str]]:
    """A `tracking_update`: its body and its headers."""
    body = json.dumps(
        {"event": "tracking_update", "event_id": event, "ts": 1767600000, "msg": tracking(number, checkpoints)}
    ).encode()
    return body, signed(body)


def signed(body: bytes, secret: str = SECRET) -> dict[str, str]:
    signature = b64encode(hmac.new(secret.encode(), body, sha256).digest()).decode()
    return {"aftership-hmac-sha256": signature, "as-webhook-version": "2026-07"}
