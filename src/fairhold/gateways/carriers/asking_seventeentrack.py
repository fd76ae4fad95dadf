"""17TRACK is asked: `register` and `gettrackinfo` of v2.4, forty numbers at a time, three calls a second.

Codes of what is rejected, as its documentation lists them: a number is registered already, is not registered, nothing is known
yet, the day's or the account's numbers are used up. Of any other the number is at fault.
"""

from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import msgspec

from fairhold.domain.instants import HOUR, SECOND, Duration
from fairhold.domain.tracking_numbers import compared
from fairhold.engine.outside.destinations import TryLater, Unreadable
from fairhold.engine.outside.tracking import News, Report, Wanted
from fairhold.gateways.carriers.calling import Line
from fairhold.gateways.carriers.scans import read_json
from fairhold.gateways.carriers.seventeentrack import read_item

URL = "https://api.17track.net/track/v2.4/"
CARRIERS = {"china-post": 3011, "correios": 2151, "ups": 100002}
"""Its codes for carriers, as far as its own messages were seen to use them; the others it finds out by the number."""

_KNOWN_ALREADY = -18019901
_NOT_REGISTERED = -18019902
_NOTHING_YET = -18019909
_USED_UP = frozenset({-18019907, -18019908})
_SHORTEST, _LONGEST = 5, 50


class _Error(msgspec.Struct, frozen=True):
    code: int
    message: str = ""


class _Rejected(msgspec.Struct, frozen=True):
    number: str
    error: _Error


class _Data(msgspec.Struct, frozen=True):
    accepted: tuple[dict[str, Any], ...] = ()
    rejected: tuple[_Rejected, ...] = ()


class _Answer(msgspec.Struct, frozen=True):
    code: int
    data: _Data = _Data()


class SeventeenTrack:
    """17TRACK, under an API key."""

    name = "17track"
    registers = True
    pause = Duration(SECOND // 2)
    calls_a_day: int | None = None

    def __init__(self, key: str, *, url: str = URL, seconds: float = 20.0) -> None:
        self._line = Line(url, {"17token": key}, seconds=seconds)

    def close(self) -> None:
        """Hang up."""
        self._line.close()

    def takes(self, wanted: Wanted) -> bool:
        """Anything of five to fifty letters and digits."""
        number = compared(wanted.number)
        return number.isascii() and number.isalnum() and _SHORTEST <= len(number) <= _LONGEST

    def batch(self, due: int, _: int | None, /) -> int:
        """Forty at most."""
        return min(due, 40)

    def register(self, parcels: Sequence[Wanted]) -> Report:
        """Have these followed."""
        _, rejected = self._call("register", parcels)
        return Report(refused=_refused(rejected, parcels, but=_KNOWN_ALREADY))

    def ask(self, parcels: Sequence[Wanted]) -> Report:
        """Where these are."""
        news, rejected = self._call("gettrackinfo", parcels)
        unknown = {compared(one.number) for one in rejected if one.error.code == _NOT_REGISTERED}
        others = [one for one in rejected if one.error.code not in (_NOT_REGISTERED, _NOTHING_YET)]
        return Report(
            news,
            refused=_refused(others, parcels),
            unknown=frozenset(one.number for one in parcels if compared(one.number) in unknown),
        )

    def collect(self, _: str, /) -> Report:
        """It gives no tickets."""
        raise AssertionError("17TRACK gives no tickets")

    def _call(self, what: str, parcels: Sequence[Wanted]) -> tuple[tuple[News, ...], tuple[_Rejected, ...]]:
        items = [_item(one) for one in parcels]
        told = self._line.call("POST", what, msgspec.json.encode(items), content_type="application/json")
        try:
            answer = read_json(told.body, _Answer)
        except Unreadable as error:
            raise TryLater(f"it answered {told.status}, which cannot be read: {error}") from None
        if answer.code != 0:
            # A key that is wrong, an address that is not allowed, an account that is closed: a person has to look.
            raise TryLater(f"it answered with code {answer.code}", Duration(HOUR))
        if any(one.error.code in _USED_UP for one in answer.data.rejected):
            raise TryLater("the numbers or calls of our account are used up", Duration(HOUR))
        return tuple(_news(answer.data.accepted)), answer.data.rejected


def _item(wanted: Wanted) -> dict[str, Any]:
    item: dict[str, Any] = {"number": compared(wanted.number)}
    if wanted.carrier in CARRIERS:
        item["carrier"] = CARRIERS[wanted.carrier]
    return item


def _news(accepted: Sequence[dict[str, Any]]) -> list[News]:
    """What can be read: one item that cannot must not take the others with it."""
    found = []
    for item in accepted:
        with suppress(Unreadable):
            found.append(read_item(item))
    return found


def _refused(rejected: Sequence[_Rejected], parcels: Sequence[Wanted], but: int | None = None) -> dict[str, str]:
    why = {compared(one.number): one.error.message or str(one.error.code) for one in rejected if one.error.code != but}
    return {one.number: why[compared(one.number)] for one in parcels if compared(one.number) in why}
