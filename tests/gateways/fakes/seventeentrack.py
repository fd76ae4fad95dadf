"""17TRACK in small: `register` and `gettrackinfo` of v2.4, and pushes with their signature."""

import json
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from tests.gateways.fakes.served import Answer, Asked, Mood

KEY = "17-track-key"


@dataclass
class SeventeenTrackFake:
    """`known` has the numbers that are followed, with their events as the provider tells them (the newest first)."""

    known: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    quota: int = 100
    code: int = 0
    mood: Mood = Mood.WELL
    asked: list[Asked] = field(default_factory=list)

    def answer(self, asked: Asked) -> Answer:
        if asked.headers.get("17token") != KEY:
            return Answer(json.dumps({"code": -18010002, "data": {"errors": [{"code": -18010002}]}}).encode())
        if self.code:
            return Answer(json.dumps({"code": self.code}).encode())
        items = json.loads(asked.body)
        assert 0 < len(items) <= 40, "more than a call may have"
        accepted: list[Any] = []
        rejected: list[Any] = []
        for item in items:
            self._one(asked.path, item["number"], accepted, rejected)
        return Answer(json.dumps({"code": 0, "data": {"accepted": accepted, "rejected": rejected}}).encode())

    def _one(self, path: str, number: str, accepted: list[Any], rejected: list[Any]) -> None:
        if path == "/register":
            if number in self.known:
                rejected.append(no(number, -18019901, "has been registered"))
            elif number.startswith("XX"):
                rejected.append(no(number, -18019903, "Carrier cannot be detected."))
            elif len(self.known) >= self.quota:
                rejected.append(no(number, -18019908, "Quota is not enough for use."))
            else:
                self.known[number] = []
                accepted.append({"origin": 1, "number": number, "carrier": 3011})
        elif number not in self.known:
            rejected.append(no(number, -18019902, "does not register, please register first"))
        elif not self.known[number]:
            rejected.append(no(number, -18019909, "No tracking information at this time."))
        else:
            accepted.append(item_of(number, self.known[number]))


def no(number: str, code: int, message: str) -> dict[str, Any]:
    return {"number": number, "error": {"code": code, "message": message}}


def event(sub_status: str, at: str, place: str = "Omsk") -> dict[str, Any]:
    stage = sub_status.partition("_")[0]
    return {
        "time_utc": at,
        "time_iso": at,
        "description": f"{stage} at {place}",
        "location": place,
        "stage": stage,
        "sub_status": sub_status,
    }


def item_of(number: str, events: list[dict[str, Any]]) -> dict[str, Any]:
    """As both `gettrackinfo` and a push have it."""
    newest = events[0]
    status = {"status": newest["sub_status"].partition("_")[0], "sub_status": newest["sub_status"]}
    info = {
        "latest_status": status,
        "latest_event": newest,
        "tracking": {"providers": [{"provider": {"key": 3011}, "events": events}]},
    }
    return {"number": number, "carrier": 3011, "param": None, "tag": "", "track_info": info}


def push(number: str, events: list[dict[str, Any]]) -> tuple[bytes, dict[str, str]]:
    """A `TRACKING_UPDATED`: its body and its header."""
    body = json.dumps({"event": "TRACKING_UPDATED", "data": item_of(number, events)}).encode()
    return body, signed(body)


def signed(body: bytes, key: str = KEY) -> dict[str, str]:
    return {"sign": sha256(body + b"/" + key.encode()).hexdigest()}
