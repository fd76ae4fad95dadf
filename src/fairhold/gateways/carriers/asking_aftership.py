"""AfterShip is asked: `POST /trackings` one by one, `GET /trackings` for up to twenty numbers (version 2025-01).

Its limits are by endpoint, 20 and 6 calls a second; `X-RateLimit-Remaining` and `X-RateLimit-Reset` come with each answer, and at
nothing left we wait for the reset.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any
from urllib.parse import urlencode

import msgspec

from fairhold.domain.instants import HOUR, SECOND, Duration
from fairhold.domain.tracking_numbers import compared
from fairhold.engine.outside.destinations import TryLater, Unreadable
from fairhold.engine.outside.tracking import News, Report, Wanted
from fairhold.gateways.carriers.aftership import read_tracking
from fairhold.gateways.carriers.calling import Line, Told
from fairhold.gateways.carriers.scans import read_json

URL = "https://api.aftership.com/tracking/2025-01/"
SLUGS = {"pochta-ru": "russian-post", "usps": "usps", "ups": "ups", "dhl": "dhl", "china-post": "china-post"}
"""Its names of carriers; the others it finds out by the number."""

_EXISTS = 4003
_NO_SUCH_NUMBER = frozenset({4005, 4008, 4009, 4010, 4012})
"""The number is none, or its courier is not known or cannot be told."""
MOST_AT_ONCE = 20


class _Meta(msgspec.Struct, frozen=True):
    code: int
    message: str = ""


class _Data(msgspec.Struct, frozen=True):
    trackings: tuple[dict[str, Any], ...] = ()


class _Answer(msgspec.Struct, frozen=True):
    meta: _Meta
    data: _Data | None = None


class AfterShip:
    """AfterShip, under an API key."""

    name = "aftership"
    registers = True
    pause = Duration(SECOND)
    calls_a_day: int | None = None

    def __init__(self, key: str, *, url: str = URL, seconds: float = 20.0) -> None:
        self._line = Line(url, {"as-api-key": key, "content-type": "application/json"}, seconds=seconds)

    def close(self) -> None:
        """Hang up."""
        self._line.close()

    def takes(self, wanted: Wanted) -> bool:
        """Anything that can be a number."""
        number = compared(wanted.number)
        return number.isascii() and 4 <= len(number) <= 64

    def batch(self, due: int, _: int | None, /) -> int:
        """Twenty: as many as may be registered within a second."""
        return min(due, MOST_AT_ONCE)

    def register(self, parcels: Sequence[Wanted]) -> Report:
        """Have these followed, one call each: whatever stops us in between, those before are registered already."""
        refused: dict[str, str] = {}
        for one in parcels:
            item = {"tracking_number": compared(one.number)}
            if one.carrier in SLUGS:
                item["slug"] = SLUGS[one.carrier]
            told = self._line.call("POST", "trackings", msgspec.json.encode(item))
            meta = _read(told).meta
            if meta.code in _NO_SUCH_NUMBER:
                refused[one.number] = meta.message or str(meta.code)
            elif meta.code != _EXISTS and told.status >= 400:
                raise TryLater(f"it answered with code {meta.code}: {meta.message[:100]}")
            if one is not parcels[-1]:
                _mind_the_limit(told.headers)
        return Report(refused=refused)

    def ask(self, parcels: Sequence[Wanted]) -> Report:
        """Where these are. Those that the answer does not have are to be registered again."""
        numbers = {compared(one.number): one.number for one in parcels}
        query = urlencode({"tracking_numbers": ",".join(numbers), "limit": 2 * MOST_AT_ONCE})
        told = self._line.call("GET", f"trackings?{query}")
        answer = _read(told)
        if told.status >= 400 or answer.data is None:
            raise TryLater(f"it answered with code {answer.meta.code}: {answer.meta.message[:100]}")
        known = {compared(str(one.get("tracking_number", ""))) for one in answer.data.trackings}
        unknown = frozenset(written for number, written in numbers.items() if number not in known)
        return Report(tuple(_news(answer.data.trackings)), unknown=unknown)

    def collect(self, _: str, /) -> Report:
        """It gives no tickets."""
        raise AssertionError("AfterShip gives no tickets")


def _read(told: Told) -> _Answer:
    """Its envelope; `data` of a single tracking has other fields, which are not looked at."""
    try:
        return read_json(told.body, _Answer)
    except Unreadable as error:
        raise TryLater(f"it answered {told.status}, which cannot be read: {error}") from None


def _news(trackings: Sequence[dict[str, Any]]) -> list[News]:
    found = []
    for one in trackings:
        with suppress(Unreadable):
            found.append(read_tracking(one))
    return found


def _mind_the_limit(headers: Mapping[str, str]) -> None:
    """Stop where nothing is left: the window lasts a second, but a reset further off is believed, up to an hour."""
    left, reset, limit = (headers.get(f"x-ratelimit-{name}", "") for name in ("remaining", "reset", "limit"))
    if left == "0" and limit not in ("", "0", "1"):
        rest = int(reset) if reset.isascii() and reset.isdigit() and len(reset) <= 4 else 1
        raise TryLater("its limit for this second is reached", Duration(min(rest * SECOND, HOUR)))
