"""Calls to providers over HTTP: with time limits, an answer of bounded size, and every failure as one that is tried again."""

from collections.abc import Mapping
from typing import NamedTuple

import httpx2

from fairhold.domain.instants import HOUR, MINUTE, SECOND, Duration
from fairhold.engine.tracking_ports import TryLater

SECONDS = 20.0
"""For connecting, and between two pieces of an answer."""
MOST_BYTES = 4_000_000
_REFUSED = frozenset({401, 403})
LONGEST_REST = Duration(6 * HOUR)
"""The longest that a provider's own word about waiting is followed."""


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
                told = Told(answer.status_code, dict(answer.headers), _read(answer))
        except (httpx2.HTTPError, httpx2.InvalidURL, httpx2.StreamError) as error:
            raise TryLater(f"{type(error).__name__}: {error}") from None
        if told.status == 429:
            raise TryLater("too many calls", _rest(told.headers))
        if told.status in _REFUSED:
            raise TryLater(f"our key is not accepted ({told.status})", Duration(HOUR))
        if (told.status >= 500 and not (soap and told.status == 500)) or 300 <= told.status < 400:
            raise TryLater(f"it answered {told.status}", _rest(told.headers))
        return told

    def close(self) -> None:
        """Hang up."""
        self._client.close()


def _read(answer: httpx2.Response) -> bytes:
    pieces, size = [], 0
    for piece in answer.iter_bytes():
        size += len(piece)
        if size > MOST_BYTES:
            raise TryLater(f"an answer of more than {MOST_BYTES} bytes", Duration(HOUR))
        pieces.append(piece)
    return b"".join(pieces)


def _rest(headers: Mapping[str, str]) -> Duration | None:
    """What `Retry-After` says, in seconds; as a date it is not looked at."""
    text = headers.get("retry-after", "")
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        return Duration(MINUTE) if text else None
    return Duration(max(SECOND, min(int(text) * SECOND, LONGEST_REST)))
