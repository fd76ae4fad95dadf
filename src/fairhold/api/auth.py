"""Who calls: the key's hash looked up, and the person it speaks for in this request."""

import hashlib
import hmac
import re
import time
from threading import Thread
from time import monotonic
from typing import NamedTuple

import structlog

from fairhold.api.http import Head
from fairhold.api.problems import Problem
from fairhold.domain.actors import PEOPLE, Actor, Role
from fairhold.domain.commands import PERSON_PATTERN
from fairhold.domain.ids import PersonId
from fairhold.domain.instants import HOUR
from fairhold.engine.ports.admission import Access
from fairhold.engine.ports.store import StoreUnavailable
from fairhold.words.faults import Fault

_log = structlog.get_logger("fairhold.api")

TRACKING = "tracking"
"""The scope that reporting checkpoints takes: a seller's own word about delivery counts for nothing."""

BOOTSTRAP = "bootstrap"
"""The id of the key that FAIRHOLD_OPERATOR_KEY boots."""

_ACTOR_HEADER = "Fairhold-Actor"
_DEFAULT = Actor(Role.OPERATOR, PersonId("ops"))
_PERSON = re.compile(PERSON_PATTERN, re.ASCII)
_FRESH_FOR = 2.0
_REMEMBERED = 20_000
_NOTED_EVERY = HOUR


class Grant(NamedTuple):
    """What a key may do. `scopes` None: every scope."""

    id: str
    hash: bytes
    roles: frozenset[Role]
    scopes: frozenset[str] | None


class Caller(NamedTuple):
    """Who asks, through which key."""

    actor: Actor
    grant: Grant

    def has(self, scope: str | None) -> bool:
        """Whether the key has the scope; every key has none."""
        return scope is None or self.grant.scopes is None or scope in self.grant.scopes


ANYBODY = Caller(Actor(Role.BUYER, PersonId("")), Grant("public", b"", frozenset(), frozenset()))
"""Who asks what everybody may ask. No person has that name, so nothing is theirs."""


def key_hash(key: bytes) -> bytes:
    """What is kept of a key: its sha256. Keys have high entropy, so there is nothing for a slow hash to slow down."""
    return hashlib.sha256(key).digest()


class Keys:
    """The keys of this installation. Keys made or revoked elsewhere are noticed within two seconds."""

    def __init__(self, operator_key: str | None, access: Access) -> None:
        self._access = access
        self._bootstrap = operator_key and Grant(BOOTSTRAP, key_hash(operator_key.encode()), PEOPLE, None)
        self._grants: dict[bytes, Grant] = {}
        self._callers: dict[tuple[bytes, bytes | None], Caller] = {}
        self._read_at = -_FRESH_FOR
        self._used: set[str] = set()

    def caller(self, head: Head) -> Caller | Problem:
        """Who a request's headers say is asking, or why that is nobody."""
        scheme, _, key = (head.authorization or b"").partition(b" ")
        if scheme.lower() != b"bearer" or not key:
            return _unauthorized(b'Bearer realm="fairhold"')
        if monotonic() - self._read_at >= _FRESH_FOR:
            self._read()
        digest = key_hash(key.strip())
        known = self._callers.get((digest, head.actor))
        if known is not None and hmac.compare_digest(known.grant.hash, digest):
            self._used.add(known.grant.id)
            return known
        grant = self._grants.get(digest)
        if grant is None or not hmac.compare_digest(grant.hash, digest):
            return _unauthorized(b'Bearer realm="fairhold", error="invalid_token"')
        actor = actor_of(grant, head.actor.decode("latin-1") if head.actor is not None else None)
        if isinstance(actor, Problem):
            return actor
        caller = Caller(actor, grant)
        if len(self._callers) >= _REMEMBERED:
            self._callers.clear()
        self._callers[digest, head.actor] = caller
        self._used.add(grant.id)
        return caller

    def _read(self) -> None:
        try:
            keys = self._access.api_keys()
        except StoreUnavailable as error:
            # Orders may lie in databases that answer: their callers go on with the keys that were good a moment ago.
            if not self._grants:
                raise
            _log.warning("keys cannot be read; the last known ones count", error=str(error))
            self._read_at = monotonic()
            return
        now = time.time_ns() // 1000
        grants = [
            Grant(key.id, key.key_hash, frozenset(map(Role, key.roles)) & PEOPLE, frozenset(key.scopes))
            for key in keys
            if key.revoked_at is None or key.revoked_at > now
        ]
        if self._bootstrap:
            grants.append(self._bootstrap)
        found = {grant.hash: grant for grant in grants}
        if found != self._grants:
            self._grants = found
            self._callers.clear()
        self._read_at = monotonic()
        self._note_use({key.id: key.used_at or 0 for key in keys}, now)

    def _note_use(self, noted: dict[str, int], now: int) -> None:
        """Write down which keys were used, an hour apart at the nearest and beside the calls, which wait for nothing."""
        used = {id_: now for id_ in self._used if now - noted.get(id_, now) >= _NOTED_EVERY}
        self._used.clear()
        if used:
            Thread(target=self._write_use, args=(used,), daemon=True).start()

    def _write_use(self, used: dict[str, int]) -> None:
        try:
            self._access.used_api_keys(used)
        except StoreUnavailable as error:
            _log.warning("the use of keys was not noted", error=str(error))


def actor_of(grant: Grant, named: str | None) -> Actor | Problem:
    """The person that `role:id` names, within the roles of the key; `operator:ops` where nobody is named."""
    if named is None:
        if Role.OPERATOR in grant.roles:
            return _DEFAULT
        return Problem(Fault.ACTOR_MISSING, _ACTOR_HEADER)
    role, _, person = named.strip().partition(":")
    if not _PERSON.fullmatch(person):
        return Problem(Fault.ACTOR_INVALID, _ACTOR_HEADER)
    if role not in grant.roles:
        return Problem(Fault.ROLE_NOT_GRANTED, _ACTOR_HEADER)
    return Actor(Role(role), PersonId(person))


def _unauthorized(challenge: bytes) -> Problem:
    return Problem(Fault.UNAUTHORIZED, headers=((b"www-authenticate", challenge),))
