"""Calls to providers over HTTP: with time limits, an answer of bounded size, and every failure as one that is tried again."""

from collections.abc import Mapping
from typing import NamedTuple

import httpx2

from fairhold.domain.instants import HOUR, Duration
from fairhold.engine.outside.destinations import TryLater
from fairhold.gateways.answers import bounded, rest

SECONDS = 20.0
"""For connecting, and between two pieces of an answer."""
MOST_BYTES = 4_000_000
_REFUSED = frozenset({401, 403})


class Told(NamedTuple):
    """An answer; names of headers in small letters."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Line:
    """The way to one provider. Redirects are not followed: providers' interfaces do not move."""

    def __init__(self, base_url: str, headers: Mapping[str, str], *, seconds: float = SECONDS) -> None:
        self._client = httpx2.Client(base_url=base_url, headers=dict(headers), timeout=seconds, follow_redirects=False)

    def call(self, method: str, path: str, body: bytes | None = None, *, soap: bool = False, **headers: str) -> Told:
        """What the provider answers, whatever it is, but for what only time or a person can mend.

        With `soap`, 500 is an answer, too: so SOAP tells faults.

        Raises:
            TryLater: nothing came, or too much; it is overloaded, broken, or does not accept our key.

        """
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        try:
            with self._client.stream(method, path, content=body, headers=sent) as answer:
                told = Told(answer.status_code, dict(answer.headers), bounded(answer, MOST_BYTES))
        except (httpx2.HTTPError, httpx2.InvalidURL, httpx2.StreamError) as error:
            raise TryLater(f"{type(error).__name__}: {error}") from None
        if told.status == 429:
            raise TryLater("too many calls", rest(told.headers))
        if told.status in _REFUSED:
            raise TryLater(f"our key is not accepted ({told.status})", Duration(HOUR))
        if (told.status >= 500 and not (soap and told.status == 500)) or 300 <= told.status < 400:
            raise TryLater(f"it answered {told.status}", rest(told.headers))
        return told

    def close(self) -> None:
        """Hang up."""
        self._client.close()
