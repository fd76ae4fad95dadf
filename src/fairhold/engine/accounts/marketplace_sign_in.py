"""Signing in by the marketplace: through its own identity provider, or by a link that it hands to a person it knows.

The marketplace vouches for buyers and sellers under its own ids. It never signs in staff: an id that a customer might
choose there must not open the desk here.
"""

import hashlib
import hmac
import re
import secrets
from collections.abc import Sequence
from typing import Any, NamedTuple

import structlog

from fairhold.domain.actors import Role
from fairhold.domain.commands import PERSON_PATTERN
from fairhold.domain.instants import MINUTE, Duration, Instant
from fairhold.engine.accounts.keeping import Keeping
from fairhold.engine.accounts.people import Accounts, is_minted, is_staff, name_of
from fairhold.engine.accounts.refusals import Denial, Denied
from fairhold.engine.installation.sealing import Seal
from fairhold.engine.outside.identity import Provider, ProviderAway, ProviderRefused, Request
from fairhold.engine.ports.accounts import Account, TicketRows
from fairhold.engine.ports.mail_addresses import read_address

LASTS = Duration(10 * MINUTE)
"""How long somebody may take at the provider."""
HANDOVER_LASTS = Duration(2 * MINUTE)
OUTSIDE_ROLES = (Role.BUYER, Role.SELLER)
"""Whom the marketplace vouches for."""
_PERSON = re.compile(PERSON_PATTERN, re.ASCII)
_FAILED = Denied(Denial.IDENTITY_FAILED)
_log = structlog.get_logger("fairhold.accounts")


class Known(NamedTuple):
    """Somebody as the marketplace knows them. `email` is confirmed by it."""

    person: str
    roles: Sequence[str]
    name: str
    email: str | None
    language: str


class Came(NamedTuple):
    """Whoever has come back, and where they meant to go."""

    account: Account
    target: str


class Guests:
    """Accounts of those whom the marketplace knows, made when they first come."""

    def __init__(self, keeping: Keeping) -> None:
        self._parts = keeping
        self._accounts = Accounts(keeping)

    def admit(self, known: Known) -> Account | Denied:
        """Their account, made now where there is none; with the sides that the marketplace says, beside those they had."""
        account = self._accounts.account(known.person)
        if account is None:
            account = self._made(known)
        if account is None or is_staff(account.roles):
            return Denied(Denial.NOT_HANDED_OVER)
        roles = tuple(dict.fromkeys((*account.roles, *known.roles)))
        if roles != account.roles:
            self._parts.rows.set_roles(account.person, roles)
        return account._replace(roles=roles)

    def _made(self, known: Known) -> Account | None:
        now = self._parts.clock.now()
        name = name_of(known.name[:80]) or known.person
        fresh = Account(known.person, name, known.email, None, tuple(known.roles), known.language, now, now)
        # An address that another account has stays there: who has it here need not be whom the marketplace means.
        if not self._accounts.keep(fresh) and not self._accounts.keep(fresh._replace(email=None)):
            return self._accounts.account(known.person)
        return self._accounts.account(known.person)


class ByProvider:
    """Through the marketplace's identity provider. `roles`: the sides that those who come take."""

    def __init__(
        self, provider: Provider, keeping: Keeping, spent: TicketRows, secret: str, name: str, roles: Sequence[str]
    ) -> None:
        self._provider = provider
        self._parts = keeping
        self._guests = Guests(keeping)
        self._spent = spent
        self._seal = Seal(secret, "sign-in by the marketplace")
        self._roles = roles
        self.name = name

    def begin(self, redirect: str, target: str) -> tuple[str, str] | Denied:
        """Where the browser is sent, and what it keeps until it comes back: readable here alone."""
        request = Request(redirect, secrets.token_urlsafe(32), secrets.token_urlsafe(32), secrets.token_urlsafe(48))
        try:
            address = self._provider.address(request)
        except ProviderAway as error:
            _log.warning("the marketplace's sign-in does not answer", why=str(error))
            return Denied(Denial.IDENTITY_AWAY)
        until = Instant(self._parts.clock.now() + LASTS)
        return address, self._seal.token({**request._asdict(), "target": target}, until)

    def finish(self, kept: str, said: dict[str, str], language: str) -> Came | Denied:
        """Who has come back, with what the browser kept and what the address says: once, and only the browser that left."""
        now = self._parts.clock.now()
        read = self._seal.read(kept, now)
        if read is None or not hmac.compare_digest(str(read["state"]).encode(), said.get("state", "").encode()):
            return _FAILED
        state = hashlib.sha256(str(read["state"]).encode()).digest()
        if not self._spent.spend(state, Instant(now + LASTS), now) or "error" in said or not said.get("code"):
            return _FAILED
        target = str(read.pop("target"))
        try:
            claims = self._provider.redeem(Request(**read), said["code"], said.get("iss"))
        except ProviderAway as error:
            _log.warning("the marketplace's sign-in does not answer", why=str(error))
            return Denied(Denial.IDENTITY_AWAY)
        except ProviderRefused as error:
            _log.warning("a sign-in by the marketplace was refused", why=str(error))
            return _FAILED
        rows = self._parts.rows
        linked = rows.person_of(claims.issuer, claims.subject)
        person = linked or claims.person
        others = [one for one in rows.identities(person) if one[0] == claims.issuer and one[1] != claims.subject]
        # An id that was given out here stands in addresses that everybody reads; a customer may call themselves so there.
        ours = linked is None and is_minted(person) and rows.account(person) is not None
        if not _PERSON.fullmatch(person) or others or ours:
            # A name that somebody else had there before must not open what was theirs here.
            why = "its id is somebody else's here" if others or ours else "its id cannot be an id here"
            _log.warning("a sign-in by the marketplace was refused", why=why)
            return _FAILED
        account = self._guests.admit(Known(person, self._roles, claims.name, claims.email, language))
        if isinstance(account, Denied):
            return account
        rows.add_identity(claims.issuer, claims.subject, account.person, now)
        return Came(account, target)


class Handovers:
    """Links that the marketplace hands to people whom it has signed in itself: each signs in once, and soon."""

    def __init__(self, keeping: Keeping, spent: TicketRows, secret: str) -> None:
        self._parts = keeping
        self._guests = Guests(keeping)
        self._spent = spent
        self._seal = Seal(secret, "hand-over")
        self._key = hashlib.sha256(b"fairhold hand-over\0" + secret.encode()).digest()

    def link(self, known: Known, target: str, once: str | None = None) -> tuple[str, Instant]:
        """The link's token, and until when it works. Those made for the same `once` sign in once together."""
        until = Instant(self._parts.clock.now() + HANDOVER_LASTS)
        name = secrets.token_hex(16) if once is None else hmac.digest(self._key, once.encode(), "sha256").hex()
        return self._seal.token(
            {**known._asdict(), "roles": list(known.roles), "target": target, "once": name}, until
        ), until

    def look(self, token: str) -> Known | None:
        """Whom a link would sign in; it stays unused."""
        said = self._seal.read(token, self._parts.clock.now())
        return _known(said) if said else None

    def take(self, token: str) -> Came | Denied:
        """Whom the link signs in, this once."""
        now = self._parts.clock.now()
        said = self._seal.read(token, now)
        if said is None:
            return Denied(Denial.LINK_SPENT)
        spent = hashlib.sha256(b"handover\0" + str(said["once"]).encode()).digest()
        # A link that was made later for the same occasion may outlive this one.
        if not self._spent.spend(spent, Instant(now + 2 * HANDOVER_LASTS), now):
            return Denied(Denial.LINK_SPENT)
        account = self._guests.admit(_known(said))
        return account if isinstance(account, Denied) else Came(account, str(said["target"]))


def _known(said: dict[str, Any]) -> Known:
    email = read_address(said["email"]) if said["email"] else None
    return Known(said["person"], tuple(said["roles"]), said["name"], email, said["language"])
