"""Calls to YooKassa: JSON over HTTPS under a name and a key, each with its time limit, and every failure by what it means.

An answer that is none (a time-out, 429, 500, 202) leaves open whether it was done, and the same is asked again under the same
key; keys are remembered for 24 hours («Interaction format», idempotence). An answer of 4xx says that nothing was done, if it is
YooKassa's: whatever stands on the way answers so, too, and knows nothing.
"""

import re
from base64 import b64encode
from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import Any, Generic, TypeVar
from urllib.parse import urlencode

import httpx2
import msgspec

from fairhold.domain.instants import HOUR, SECOND, Duration
from fairhold.engine.outside.destinations import TryLater
from fairhold.engine.outside.payment_seen import No
from fairhold.engine.outside.payments import Refused
from fairhold.gateways.answers import LONGEST_REST, bounded, rest

URL = "https://api.yookassa.ru/v3/"
SECONDS = 30.0
"""For connecting, and between two pieces of an answer."""
MOST_BYTES = 4_000_000
PAGE = 100
"""As many objects as one answer to a list has at most."""

_KEY = re.compile(r"[0-9A-Za-z+_.-]{1,64}")
_NOT_LET_IN = frozenset({401, 403})
_T = TypeVar("_T")


class NotThere(Refused):
    """What was asked for does not exist, or is another shop's."""


class _Problem(msgspec.Struct, frozen=True):
    type: str = ""
    """«error», in every error of its own."""
    code: str = ""
    description: str = ""
    parameter: str = ""


class _Later(msgspec.Struct, frozen=True):
    retry_after: int = 0
    """Milliseconds."""


class _Page(msgspec.Struct, Generic[_T], frozen=True):
    items: tuple[_T, ...] = ()
    next_cursor: str | None = None


class Way:
    """The way to YooKassa for one of its accounts: a shop, or the gateway of payouts."""

    def __init__(self, account: str, key: str, *, url: str = URL, seconds: float = SECONDS) -> None:
        login = b64encode(f"{account}:{key}".encode()).decode()
        headers = {"authorization": f"Basic {login}"}
        self._client = httpx2.Client(base_url=url, headers=headers, timeout=seconds, follow_redirects=False)

    def close(self) -> None:
        """Hang up."""
        self._client.close()

    def fetch(self, path: str, shape: type[_T]) -> _T:
        """An object as it stands. Raises TryLater or Refused, NotThere where there is none."""
        return _understood(*self._call("GET", path), shape)

    def tell(self, path: str, body: Mapping[str, Any], shape: type[_T], key: str) -> _T:
        """Have something done, once under one key (`idempotence_key`). Raises TryLater or Refused."""
        headers = {"idempotence-key": key, "content-type": "application/json"}
        return _understood(*self._call("POST", path, msgspec.json.encode(body), headers), shape)

    def every(self, path: str, shape: type[_T], **filters: str) -> Iterator[_T]:
        """All objects of a list that pass the filters, newest first, whose names are written with `__` for a point."""
        asked = {name.replace("__", "."): value for name, value in filters.items()} | {"limit": str(PAGE)}
        seen: set[str] = set()
        while True:
            page = _understood(*self._call("GET", f"{path}?{urlencode(asked)}"), _Page[shape])  # type: ignore[valid-type]  # mypy knows no type that is a value
            yield from page.items
            if not page.next_cursor:
                return
            if page.next_cursor in seen:
                raise TryLater("its list goes in circles", Duration(HOUR))
            seen.add(page.next_cursor)
            asked["cursor"] = page.next_cursor

    def _call(
        self, method: str, path: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> tuple[int, bytes]:
        try:
            with self._client.stream(method, path, content=body, headers=dict(headers or {})) as answer:
                status, told, said = answer.status_code, dict(answer.headers), bounded(answer, MOST_BYTES)
        except (httpx2.HTTPError, httpx2.InvalidURL, httpx2.StreamError) as error:
            raise TryLater(f"{type(error).__name__}: {error}") from None
        if status == 429:
            raise TryLater("too many calls", rest(told))
        if status in _NOT_LET_IN:
            raise TryLater(f"our key is not accepted ({status}): {_problem(said).description[:200]}", Duration(HOUR))
        if status >= 500 or 300 <= status < 400:
            raise TryLater(f"it answered {status}", rest(told))
        return status, said


def idempotence_key(key: str, what: str) -> str:
    """What it gets as a key for one of the calls that a question under `key` takes: at most 64 characters of a small alphabet."""
    text = f"{key}.{what}"
    return text if _KEY.fullmatch(text) else sha256(text.encode()).hexdigest()


def _understood(status: int, said: bytes, shape: type[_T]) -> _T:
    """What an answer says. One that cannot be read leaves open what was done."""
    if status == 202:
        raise TryLater("it is still at work", _working(said))
    if status >= 400:
        problem = _problem(said)
        if problem.type != "error":
            raise TryLater(f"it answered {status}, which is no error of its own")
        raise _refusal(status, problem)
    try:
        return msgspec.json.decode(said, type=shape)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise TryLater(f"it answered {status}, which cannot be read: {error}") from None


def _refusal(status: int, problem: _Problem) -> Refused:
    """Its error as one of ours. Its codes hardly tell more than the status does; which parameter it dislikes sometimes does."""
    words = " ".join(part for part in (problem.code or str(status), problem.parameter, problem.description) if part)[
        :300
    ]
    if status == 404:
        return NotThere(No.BROKEN, words)
    if problem.parameter.startswith(("payout_token", "payout_destination_data")):
        return Refused(No.ACCOUNT_CLOSED, words)
    if problem.parameter.endswith("currency"):
        return Refused(No.UNSUPPORTED, words)
    return Refused(No.BROKEN, words)


def _problem(said: bytes) -> _Problem:
    try:
        return msgspec.json.decode(said, type=_Problem)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return _Problem()


def _working(said: bytes) -> Duration | None:
    """How long it wants to be left alone: `retry_after`, in milliseconds."""
    try:
        wait = msgspec.json.decode(said, type=_Later).retry_after
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    return Duration(max(SECOND, min(wait * SECOND // 1000, LONGEST_REST))) if wait > 0 else None
