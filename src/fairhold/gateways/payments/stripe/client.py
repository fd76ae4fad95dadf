"""Stripe is asked: under a key, in one version of its interface, and what it says no to becomes a `No` of ours.

Stripe remembers what it answered under an idempotency key, even an error 500, and forgets it after a day at the earliest.
Whoever asks to move money therefore looks first whether it was moved, see `found`.
"""

from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import TypeVar
from urllib.parse import quote

import msgspec

from fairhold.domain.instants import MINUTE, Duration
from fairhold.engine.outside.destinations import TryLater, Unreadable
from fairhold.engine.outside.payment_seen import No
from fairhold.engine.outside.payments import Refused
from fairhold.gateways.payments.calling import SECONDS, Field, Line, Told, form, not_accepted
from fairhold.gateways.payments.stripe.objects import VERSION, Failure, Listed, read, read_part

URL = "https://api.stripe.com/"
FILES_URL = "https://files.stripe.com/"

PAGE = 100
"""As many as Stripe lists at once."""
LONGEST_KEY = 255
MOST_KEYS = 10
"""So many keys are tried for one question, where each was answered by an error once."""

NOS = {
    "card_declined": No.DECLINED,
    "expired_card": No.DECLINED,
    "charge_already_refunded": No.TOO_MUCH,
    "amount_too_large": No.TOO_MUCH,
    "amount_too_small": No.UNSUPPORTED,
    "charge_disputed": No.TOO_LATE,
    "charge_expired_for_capture": No.TOO_LATE,
    "capture_charge_authorization_expired": No.TOO_LATE,
    "payment_intent_unexpected_state": No.TOO_LATE,
    "balance_insufficient": No.INSUFFICIENT_BALANCE,
    "insufficient_funds": No.INSUFFICIENT_BALANCE,
    "account_invalid": No.ACCOUNT_CLOSED,
    "account_closed": No.ACCOUNT_CLOSED,
    "payouts_not_allowed": No.ACCOUNT_CLOSED,
    "transfers_not_allowed": No.ACCOUNT_CLOSED,
    "insufficient_capabilities_for_transfer": No.ACCOUNT_CLOSED,
    "country_unsupported": No.UNSUPPORTED,
    "invalid_charge_amount": No.UNSUPPORTED,
}
"""By Stripe's error code («Error codes»)."""

_OURS = frozenset({403, 500, 502, 503, 504})
"""Statuses that are not the line's to judge."""

_KEY_PROBLEMS = frozenset(
    {"api_key_expired", "platform_api_key_expired", "secret_key_required", "testmode_charges_only"}
)

_T = TypeVar("_T")


class Unexplained(Refused):
    """Stripe refused without a code that says why; whoever asked may find out."""

    def __init__(self, words: str, param: str) -> None:
        super().__init__(No.BROKEN, words)
        self.param = param


class ReusedKey(Refused):
    """The key was used for another question."""


class Client:
    """The line to Stripe under a secret key; `account` in its methods is the connected account that is spoken for."""

    def __init__(self, key: str, *, url: str = URL, files_url: str = FILES_URL, seconds: float = SECONDS) -> None:
        headers = {"authorization": f"Bearer {key}", "stripe-version": VERSION}
        self._line = Line(url, headers, seconds=seconds)
        self._files = Line(files_url, headers, seconds=seconds)

    def close(self) -> None:
        """Hang up."""
        self._line.close()
        self._files.close()

    def get(self, path: str, shape: type[_T], query: Mapping[str, Field] | None = None, account: str = "") -> _T:
        """One object."""
        asked = f"v1/{path}?{form(query)}" if query else f"v1/{path}"
        return _answer(self._line.call("GET", asked, None, _speaking_for(account), reads=(403,)), shape)

    def post(self, path: str, shape: type[_T], fields: Mapping[str, Field], key: str, account: str = "") -> _T:
        """Have something done, once under this key."""
        told = self._posted(path, fields, key, account)
        for number in range(2, MOST_KEYS):
            if told.status < 500 or told.headers.get("idempotent-replayed") != "true":
                break
            # Under this key it answers so for a day. Whoever asks has just looked, and nothing had come of it.
            told = self._posted(path, fields, f"{key}-{number}", account)
        if told.status >= 500:
            raise TryLater(f"it answered {told.status}")
        return _answer(told, shape)

    def _posted(self, path: str, fields: Mapping[str, Field], key: str, account: str) -> Told:
        headers = {**_speaking_for(account), "idempotency-key": short(key)}
        headers["content-type"] = "application/x-www-form-urlencoded"
        return self._line.call("POST", f"v1/{path}", form(fields).encode(), headers, reads=_OURS)

    def upload(self, content: bytes, media_type: str, name: str, shape: type[_T], key: str) -> _T:
        """Hand over a file for a dispute."""
        edge = sha256(content).hexdigest()
        head = (
            f'--{edge}\r\ncontent-disposition: form-data; name="purpose"\r\n\r\ndispute_evidence\r\n'
            f'--{edge}\r\ncontent-disposition: form-data; name="file"; filename="{name}"\r\ncontent-type: {media_type}\r\n\r\n'
        )
        body = head.encode() + content + f"\r\n--{edge}--\r\n".encode()
        headers = {"idempotency-key": short(key), "content-type": f"multipart/form-data; boundary={edge}"}
        return _answer(self._files.call("POST", "v1/files", body, headers, reads=(403,)), shape)

    def listed(self, path: str, shape: type[_T], query: Mapping[str, Field], account: str = "") -> Iterator[_T]:
        """All of a list, newest first, page by page."""
        after: dict[str, Field] = {}
        while True:
            page = self.get(path, Listed, {**query, "limit": PAGE, **after}, account)
            yield from (_understood(one, shape) for one in page.data)
            if not page.has_more or not page.data:
                return
            last = str(page.data[-1].get("id", ""))
            if not last or after.get("starting_after") == last:
                raise TryLater(f"a list of {path} that does not go on", Duration(MINUTE))
            after = {"starting_after": last}

    def found(
        self, path: str, shape: type[_T], query: Mapping[str, Field], marks: Mapping[str, str], account: str = ""
    ) -> _T | None:
        """What was made before with these words in its metadata, if anything was."""
        for one in self.listed(path, dict, query, account):
            metadata = one.get("metadata") or {}
            if all(metadata.get(name) == text for name, text in marks.items()):
                return _understood(one, shape)
        return None


def name_in_path(name: str) -> str:
    """A name of Stripe's as a part of an address; whatever else it is stays one part."""
    return quote(name, safe="")


def short(key: str) -> str:
    """A key that is not longer than Stripe takes."""
    return key if len(key) <= LONGEST_KEY else sha256(key.encode()).hexdigest()


def _speaking_for(account: str) -> dict[str, str]:
    return {"stripe-account": account} if account else {}


def _answer(told: Told, shape: type[_T]) -> _T:
    """Raises Refused, or TryLater where the answer cannot be read: it may have been done."""
    if told.status >= 400:
        raise _refusal(told)
    try:
        return read(told.body, shape)
    except Unreadable as error:
        raise TryLater(f"it answered {told.status}, which cannot be read: {error}", Duration(MINUTE)) from None


def _understood(one: object, shape: type[_T]) -> _T:
    try:
        return read_part(one, shape)
    except Unreadable as error:
        raise TryLater(f"a list that cannot be read: {error}", Duration(MINUTE)) from None


class _Error(msgspec.Struct, frozen=True):
    error: Failure


def _refusal(told: Told) -> Refused | TryLater:
    try:
        failure = read(told.body, _Error).error
    except Unreadable as error:
        if told.status == 403:
            return not_accepted(told.status)
        return TryLater(f"it answered {told.status}, which cannot be read: {error}", Duration(MINUTE))
    code, words = failure.code or "", (failure.message or failure.code or failure.type)[:300]
    if code in NOS:
        return Refused(NOS[code], words)
    if told.status == 403 or code in _KEY_PROBLEMS:
        return not_accepted(told.status)
    if code == "lock_timeout":
        return TryLater(words)
    if failure.type == "card_error":
        return Refused(No.DECLINED, words)
    if failure.type == "idempotency_error":
        return ReusedKey(No.BROKEN, words)
    return Unexplained(words, failure.param or "")
