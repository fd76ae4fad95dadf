"""Passkeys (WebAuthn Level 3): asked for by a page, answered by the browser, checked here.

The challenge travels in the page, sealed, and is noted as spent when it has been answered: so nothing is written for
somebody who only looks at the sign-in page, and no answer counts twice.
"""

import hashlib
import hmac
import secrets
from base64 import b64decode, b64encode, urlsafe_b64encode
from types import ModuleType
from typing import NamedTuple
from urllib.parse import urlsplit

import msgspec
import structlog

from fairhold.domain.instants import Instant, hours
from fairhold.engine.accounts.refusals import Denial, Denied
from fairhold.engine.installation.clock import Clock
from fairhold.engine.installation.sealing import Seal
from fairhold.engine.ports.accounts import Account, FactorRows, Passkey, TicketRows

MOST = 10
"""How many passkeys one account may have."""
LONGEST_NAME = 60
LONGEST_ANSWER = 8000
CHALLENGE_LASTS = hours(1)
"""A sign-in page may stand open for a while before it is used."""
_FAILED = Denied(Denial.PASSKEY_FAILED)
_log = structlog.get_logger("fairhold.accounts")


class Asking(NamedTuple):
    """What a page asks the browser with (JSON of WebAuthn's options), and the sealed challenge its form sends back."""

    options: str
    challenge: str


class Shown(NamedTuple):
    """A passkey that was answered with. `verified`: its person showed a finger, a face or a PIN, too: two factors in one."""

    passkey: Passkey
    verified: bool


class Passkeys:
    """Registers and checks passkeys. Safe from any thread; raises StoreUnavailable. `name` is the marketplace's."""

    def __init__(self, rows: FactorRows, spent: TicketRows, clock: Clock, secret: str, name: str) -> None:
        self._rows = rows
        self._spent = spent
        self._clock = clock
        self._seal = Seal(secret, "passkey challenges")
        self._handles = hashlib.sha256(b"fairhold passkey handles\0" + secret.encode()).digest()
        self._name = name

    def ask_new(self, account: Account, url: str) -> Asking:
        """Ask for a new passkey of this person, for the house at `url`."""
        challenge = secrets.token_bytes(32)
        handle = hmac.digest(self._handles, account.person.encode(), "sha256")
        known = self._rows.passkeys(account.person)
        options = _ceremonies().creation(account, handle, _host(url), self._name, challenge, known)
        return self._asking(options, challenge, "new", account.person)

    def add(self, account: Account, url: str, challenge: str, answer: str, name: str) -> Denied | None:
        """Keep the passkey that the browser made, under a name that its person will know it by."""
        if len(self._rows.passkeys(account.person)) >= MOST:
            return Denied(Denial.TOO_MANY_PASSKEYS)
        asked = self._answered(challenge, "new", account.person)
        if asked is None or len(answer) > LONGEST_ANSWER:
            return _FAILED
        try:
            made = _ceremonies().made(answer, asked, _host(url), url)
        except Exception as error:  # noqa: BLE001 - the package raises many kinds of error for what a browser may send
            _log.info("passkey not accepted", why=type(error).__name__)
            return _FAILED
        called = " ".join("".join(sign if sign.isprintable() else " " for sign in name).split())[:LONGEST_NAME]
        kept = Passkey(
            urlsafe_b64encode(made.credential_id).rstrip(b"=").decode(),
            account.person,
            made.credential_public_key,
            made.sign_count,
            called,
            self._clock.now(),
        )
        return None if self._rows.add_passkey(kept) else _FAILED

    def ask(self, url: str, person: str | None = None) -> Asking:
        """Ask for a passkey of this person, or for any that the browser knows for this house."""
        challenge = secrets.token_bytes(32)
        known = self._rows.passkeys(person) if person else []
        options = _ceremonies().request(_host(url), challenge, known, verified=person is None)
        return self._asking(options, challenge, "use", person or "")

    def check(self, url: str, challenge: str, answer: str, person: str | None = None) -> Shown | Denied:
        """Whose passkey answered; of `person`, where one is named. Without a name it must be verified, too."""
        asked = self._answered(challenge, "use", person or "")
        passkey = self._rows.passkey(_named(answer)) if len(answer) <= LONGEST_ANSWER else None
        if asked is None or passkey is None or (person is not None and passkey.person != person):
            return _FAILED
        try:
            shown = _ceremonies().answered(answer, asked, _host(url), url, passkey, verified=person is None)
        except Exception as error:  # noqa: BLE001 - as above
            _log.info("passkey not accepted", why=type(error).__name__)
            return _FAILED
        if not self._rows.used_passkey(passkey.id, passkey.uses, shown.new_sign_count, self._clock.now()):
            return _FAILED
        return Shown(passkey, shown.user_verified)

    def remove(self, account: Account, id: str) -> bool:
        """Take no answer of it any more; False where this person has none such."""
        return self._rows.remove_passkey(account.person, id)

    def _asking(self, options: str, challenge: bytes, what: str, person: str) -> Asking:
        until = Instant(self._clock.now() + CHALLENGE_LASTS)
        said = {"challenge": b64encode(challenge).decode(), "for": what, "person": person}
        return Asking(options, self._seal.token(said, until))

    def _answered(self, sealed: str, what: str, person: str) -> bytes | None:
        """The challenge of a form, once."""
        now = self._clock.now()
        said = self._seal.read(sealed, now)
        if said is None or said["for"] != what or said["person"] != person:
            return None
        challenge = b64decode(said["challenge"])
        fresh = self._spent.spend(hashlib.sha256(challenge).digest(), Instant(now + CHALLENGE_LASTS), now)
        return challenge if fresh else None


def _ceremonies() -> ModuleType:
    """Loaded with the first passkey: the package takes half a second, and a server starts sooner without."""
    from fairhold.engine.accounts import passkey_ceremonies

    return passkey_ceremonies


def _host(url: str) -> str:
    return urlsplit(url).hostname or ""


class _Named(msgspec.Struct):
    """What is read of an answer before its passkey is known."""

    id: str


def _named(answer: str) -> str:
    """The credential that an answer names."""
    try:
        named = msgspec.json.decode(answer, type=_Named).id
    except (msgspec.MsgspecError, UnicodeEncodeError, RecursionError):
        return ""
    return named if named.isascii() and named.isprintable() else ""
