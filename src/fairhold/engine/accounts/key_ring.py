"""The API's keys: made, replaced with an overlap, revoked. A key is told once; its hash is what is kept."""

import hashlib
import hmac
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Iterable
from typing import NamedTuple

from fairhold.domain.actors import PEOPLE
from fairhold.domain.instants import Duration, Instant
from fairhold.engine.accounts.refusals import Denial, Denied
from fairhold.engine.installation.clock import Clock
from fairhold.engine.ports.admission import Access, ApiKey
from fairhold.engine.ports.store import Conflict

SCOPES = ("tracking", "webhooks", "people", "sign_in", "keys", "bank")
"""What a key needs beside a role, for calls that reach further than what one person could do."""
LONGEST_LABEL = 200
MOST_KEYS = 500


class Made(NamedTuple):
    """A new key, told this once, and what is kept of it."""

    key: str
    row: ApiKey


class KeyRing:
    """All keys of an installation. Safe from any thread; raises StoreUnavailable. `clock` is the machine's own."""

    def __init__(self, access: Access, clock: Clock, secret: str) -> None:
        self._access = access
        self._clock = clock
        self._key = hashlib.sha256(b"fairhold api keys\0" + secret.encode()).digest()

    def all(self) -> list[ApiKey]:
        """Every key, the oldest first, revoked ones too."""
        return self._access.api_keys()

    def one(self, id: str) -> ApiKey | None:
        """The key of that id."""
        return next((key for key in self.all() if key.id == id), None)

    def is_live(self, key: ApiKey) -> bool:
        """Whether it counts now."""
        return key.revoked_at is None or key.revoked_at > self._clock.now()

    def make(self, label: str, roles: Iterable[str], scopes: Iterable[str], once: str | None = None) -> Made | Denied:
        """A new key for these roles and scopes; for the same `once` the same one again."""
        wanted, reach = tuple(dict.fromkeys(roles)), tuple(dict.fromkeys(scopes))
        if not wanted or not set(wanted) <= PEOPLE or not set(reach) <= set(SCOPES) or not label.isprintable():
            return Denied(Denial.KEY_INVALID)
        if len(self.all()) >= MOST_KEYS:
            return Denied(Denial.TOO_MANY_KEYS)
        made = self._fresh(label[:LONGEST_LABEL], wanted, reach, once)
        try:
            self._access.add_api_key(made.row)
        except Conflict:
            kept = self.one(made.row.id)
            return Made(made.key, kept) if kept else Denied(Denial.KEY_INVALID)
        return made

    def replace(self, id: str, overlap: Duration, once: str | None = None) -> Made | Denied | None:
        """A new key with the same rights; the old one counts for `overlap` longer. None where there is none such."""
        old = self.one(id)
        if old is None:
            return None
        made = self._fresh(old.label, old.roles, old.scopes, once)
        if old.replaced_by == made.row.id:
            return Made(made.key, self.one(made.row.id) or made.row)
        until = Instant(self._clock.now() + overlap)
        if self._access.replace_api_key(id, made.row, until):
            return made
        # The same request may have come twice at once, and the other was first.
        now = self.one(id)
        if now is None or now.replaced_by != made.row.id:
            return Denied(Denial.KEY_SPENT)
        return Made(made.key, self.one(made.row.id) or made.row)

    def revoke(self, id: str) -> ApiKey | None:
        """Let it count no more; None where there is none such."""
        if self.one(id) is None:
            return None
        self._access.revoke_api_key(id, self._clock.now())
        return self.one(id)

    def _fresh(self, label: str, roles: tuple[str, ...], scopes: tuple[str, ...], once: str | None) -> Made:
        # Made from what is to happen once, so that a repeated request is told the same key although none is kept.
        chance = secrets.token_bytes(32) if once is None else hmac.digest(self._key, once.encode(), "sha256")
        key = f"fh_{urlsafe_b64encode(chance).rstrip(b'=').decode()}"
        digest = hashlib.sha256(key.encode()).digest()
        row = ApiKey(digest.hex()[:8], digest, label, roles, scopes, self._clock.now())
        return Made(key, row)
