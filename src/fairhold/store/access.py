"""Sessions, API keys and settings: small tables that have nothing to do with orders, the same in every store."""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import Any

from fairhold.domain.instants import Instant
from fairhold.engine.admission import ApiKey, Session
from fairhold.engine.photo_ports import PhotoRows
from fairhold.engine.small_tables import Ran, Run, Tables
from fairhold.store.photos import PhotoTables

FORGET_EXPIRED_SESSIONS = "DELETE FROM sessions WHERE expires_at <= ?"
ADD_SESSION = "INSERT INTO sessions (token_hash, person, created_at, seen_at, expires_at) VALUES (?, ?, ?, ?, ?)"
GET_SESSION = "SELECT token_hash, person, created_at, seen_at, expires_at FROM sessions WHERE token_hash = ?"
END_SESSION = "DELETE FROM sessions WHERE token_hash = ?"
ADD_API_KEY = """
INSERT INTO api_keys (id, key_hash, label, roles, scopes, created_at, revoked_at) VALUES (?, ?, ?, ?, ?, ?, ?)
"""
API_KEYS = "SELECT id, key_hash, label, roles, scopes, created_at, revoked_at FROM api_keys ORDER BY created_at, id"
REVOKE_API_KEY = "UPDATE api_keys SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL"
GET_SETTING = "SELECT value FROM meta WHERE name = ?"
SET_SETTING = "INSERT INTO meta (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value"
KEEP_SETTING = "INSERT INTO meta (name, value) VALUES (?, ?) ON CONFLICT (name) DO NOTHING"
RAISE_SETTING = """
INSERT INTO meta (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = CASE
    WHEN CAST(meta.value AS BIGINT) < CAST(excluded.value AS BIGINT) THEN excluded.value ELSE meta.value END
"""


Execute = Callable[[str, Sequence[Any]], Ran]
"""Run a statement that changes something."""


class SmallTables:
    """Sessions, API keys and settings; safe from any thread.

    `rows` reads, `transaction` writes what is run inside of it; `mark` is what stands for a value in the store's statements.
    """

    def __init__(
        self,
        rows: Callable[[str, Sequence[Any]], list[Any]],
        transaction: Callable[[], AbstractContextManager[Execute]],
        mark: str = "?",
    ) -> None:
        self._mark = mark
        self._ask = rows
        self._transaction = transaction

    def rows(self, statement: str, *values: object) -> list[Any]:
        """What a statement finds."""
        return self._ask(statement.replace("?", self._mark), values)

    def change(self, *steps: tuple[str, Sequence[Any]]) -> list[int]:
        """Run these statements in one transaction; how many rows each changed."""
        with self._transaction() as execute:
            return [execute(statement.replace("?", self._mark), values).rowcount for statement, values in steps]

    @contextmanager
    def transaction(self) -> Iterator[Run]:
        """A transaction that ends with the `with`."""
        with self._transaction() as execute:

            def run(statement: str, *values: object) -> Ran:
                return execute(statement.replace("?", self._mark), values)

            yield run

    def add_session(self, session: Session) -> None:
        """Keep a session; those that expired before it began are forgotten."""
        self.change((FORGET_EXPIRED_SESSIONS, (session.created_at,)), (ADD_SESSION, session))

    def session(self, token_hash: bytes) -> Session | None:
        """The session of that token, expired or not."""
        found = self.rows(GET_SESSION, token_hash)
        return Session(*found[0]) if found else None

    def end_session(self, token_hash: bytes) -> None:
        """Forget a session, if there is one."""
        self.change((END_SESSION, (token_hash,)))

    def add_api_key(self, key: ApiKey) -> None:
        """Keep a key. Raises Conflict where its id is taken."""
        self.change((ADD_API_KEY, (*key[:3], json.dumps(key.roles), json.dumps(key.scopes), *key[5:])))

    def api_keys(self) -> list[ApiKey]:
        """All keys, oldest first, revoked ones too."""
        return list(_keys(self.rows(API_KEYS)))

    def revoke_api_key(self, id: str, at: Instant) -> None:
        """Say since when a key counts no more; the first time stays."""
        self.change((REVOKE_API_KEY, (at, id)))

    def setting(self, name: str) -> str | None:
        """A value of the `meta` table."""
        found = self.rows(GET_SETTING, name)
        return found[0][0] if found else None

    def set_setting(self, name: str, value: str) -> None:
        """Write a value of the `meta` table."""
        self.change((SET_SETTING, (name, value)))

    def keep_setting(self, name: str, value: str) -> str:
        """Write a value that nobody has written yet; answers what stands there."""
        self.change((KEEP_SETTING, (name, value)))
        kept = self.setting(name)
        assert kept is not None, "settings are never deleted"
        return kept

    def raise_setting(self, name: str, value: int) -> int:
        """Write a number unless a larger one stands there; answers the larger."""
        self.change((RAISE_SETTING, (name, str(value))))
        return int(self.setting(name) or value)


class KeepsSettings:
    """What a store answers from its small tables."""

    _small: SmallTables

    def access(self) -> SmallTables:
        """Sessions and keys."""
        return self._small

    def tables(self) -> Tables:
        """Small tables that have a keeper of their own."""
        return self._small

    def photos(self) -> PhotoRows:
        """Photos."""
        return PhotoTables(self._small)

    def setting(self, name: str) -> str | None:
        """A value of the `meta` table, such as the sandbox clock's offset."""
        return self._small.setting(name)

    def set_setting(self, name: str, value: str) -> None:
        """Write a value of the `meta` table."""
        self._small.set_setting(name, value)

    def keep_setting(self, name: str, value: str) -> str:
        """Write a value that nobody has written yet; answers what stands there."""
        return self._small.keep_setting(name, value)

    def raise_setting(self, name: str, value: int) -> int:
        """Write a number unless a larger one stands there; answers the larger."""
        return self._small.raise_setting(name, value)


def _keys(rows: list[Any]) -> Iterator[ApiKey]:
    for id_, key_hash, label, roles, scopes, created_at, revoked_at in rows:
        yield ApiKey(id_, key_hash, label, tuple(json.loads(roles)), tuple(json.loads(scopes)), created_at, revoked_at)
