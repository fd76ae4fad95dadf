"""Calls to payment providers over HTTP: with time limits, an answer of bounded size, and in doubt «ask the same again»."""

from collections.abc import Collection, Iterator, Mapping
from typing import NamedTuple
from urllib.parse import urlencode

import httpx2

from fairhold.domain.instants import HOUR, Duration
from fairhold.engine.outside.destinations import TryLater
from fairhold.gateways.answers import bounded, rest

SECONDS = 30.0
"""For connecting, and between two pieces of an answer."""
MOST_BYTES = 8_000_000

Field = str | int | bool | Mapping[str, "Field"] | tuple["Field", ...]
"""A value of a form: nested as providers nest them."""


class Told(NamedTuple):
    """An answer; names of headers in small letters."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Line:
    """The way to one provider. Redirects are not followed: providers' interfaces do not move."""

    def __init__(self, base_url: str, headers: Mapping[str, str], *, seconds: float = SECONDS) -> None:
        self._client = httpx2.Client(base_url=base_url, headers=dict(headers), timeout=seconds, follow_redirects=False)

    def call(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        *,
        reads: Collection[int] = (),
    ) -> Told:
        """What the provider answers, also where it refuses. Of the statuses in `reads` the caller knows better than we do here.

        Raises:
            TryLater: nothing came, or too much; it is overloaded, broken, busy with the same key, or does not accept our key.

        """
        try:
            with self._client.stream(method, path, content=body, headers=dict(headers or {})) as answer:
                told = Told(answer.status_code, dict(answer.headers), bounded(answer, MOST_BYTES))
        except (httpx2.HTTPError, httpx2.InvalidURL, httpx2.StreamError) as error:
            raise TryLater(f"{type(error).__name__}: {error}") from None
        if told.status not in reads:
            _mind(told)
        return told

    def close(self) -> None:
        """Hang up."""
        self._client.close()


def not_accepted(status: int) -> TryLater:
    """The provider does not know our key: a person has to mend the settings, until then nothing is lost."""
    return TryLater(f"our key is not accepted ({status})", Duration(HOUR))


def form(fields: Mapping[str, Field]) -> str:
    """As `application/x-www-form-urlencoded`, nested as `a[b][0]=c`."""
    return urlencode([pair for name, value in fields.items() for pair in _flat(name, value)])


def _flat(name: str, value: Field) -> Iterator[tuple[str, str]]:
    if isinstance(value, bool):
        yield name, "true" if value else "false"
    elif isinstance(value, str | int):
        yield name, str(value)
    else:
        pairs = value.items() if isinstance(value, Mapping) else enumerate(value)
        for key, inner in pairs:
            yield from _flat(f"{name}[{key}]", inner)


def _mind(told: Told) -> None:
    if told.status == 429:
        raise TryLater("too many calls", rest(told.headers))
    if told.status in (401, 403):
        raise not_accepted(told.status)
    if told.status == 409:
        raise TryLater("it is at work on the same question", rest(told.headers))
    if told.status >= 500 or 300 <= told.status < 400:
        raise TryLater(f"it answered {told.status}", rest(told.headers))
