"""Sessions, API keys and settings: small tables that have nothing to do with orders, the same in every store."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import Any

from fairhold.domain.instants import Instant
from fairhold.engine.ports.admission import ApiKey, Session
from fairhold.engine.ports.photos import PhotoRows
from fairhold.engine.ports.small_tables import Ran, Run, Tables
from fairhold.store.photos import PhotoTables

_SESSION = "token_hash, person, created_at, seen_at, expires_at, proved_at, factor_at, idle, means, device"
FORGET_EXPIRED_SESSIONS = "DELETE FROM sessions WHERE expires_at <= ?"
ADD_SESSION = f"INSERT INTO sessions ({_SESSION}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"  # noqa: S608 - a constant
GET_SESSION = f"SELECT {_SESSION} FROM sessions WHERE token_hash = ?"  # noqa: S608 - a constant
END_SESSION = "DELETE FROM sessions WHERE token_hash = ?"
TOUCH_SESSION = "UPDATE sessions SET seen_at = ? WHERE token_hash = ? AND seen_at < ?"
SESSIONS_OF = f"SELECT {_SESSION} FROM sessions WHERE person = ? ORDER BY created_at DESC, token_hash"  # noqa: S608
END_SESSIONS_OF = "DELETE FROM sessions WHERE person = ? AND token_hash <> ?"
_API_KEY = "id, key_hash, label, roles, scopes, created_at, revoked_at, used_at, replaced_by"
ADD_API_KEY = f"INSERT INTO api_keys ({_API_KEY}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"  # noqa: S608 - a constant
API_KEYS = f"SELECT {_API_KEY} FROM api_keys ORDER BY created_at, id"  # noqa: S608 - a constant
REVOKE_API_KEY = "UPDATE api_keys SET revoked_at = ? WHERE id = ? AND (revoked_at IS NULL OR revoked_at > ?)"
REPLACE_API_KEY = """
UPDATE api_keys SET replaced_by = ?, revoked_at = ? WHERE id = ? AND revoked_at IS NULL AND replaced_by IS NULL
"""
USED_API_KEY = "UPDATE api_keys SET used_at = ? WHERE id = ? AND coalesce(used_at, 0) < ?"
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
        return _session(found[0]) if found else None

    def end_session(self, token_hash: bytes) -> None:
        """Forget a session, if there is one."""
        self.change((END_SESSION, (token_hash,)))

    def replace_session(self, ended: bytes, session: Session) -> bool:
        """End one session and begin another in the same moment; False where the first has ended: then none begins."""
        with self.transaction() as run:
            if not run(END_SESSION, ended).rowcount:
                return False
            run(ADD_SESSION, *session)
        return True

    def touch_session(self, token_hash: bytes, at: int) -> None:
        """Note that it was seen."""
        self.change((TOUCH_SESSION, (at, token_hash, at)))

    def sessions_of(self, person: str) -> list[Session]:
        """All sessions of a person, the newest first, expired ones too."""
        return [_session(row) for row in self.rows(SESSIONS_OF, person)]

    def end_sessions_of(self, person: str, but: bytes | None = None) -> int:
        """End all sessions of a person, but perhaps one; how many."""
        [count] = self.change((END_SESSIONS_OF, (person, but or b"")))
        return count

    def add_api_key(self, key: ApiKey) -> None:
        """Keep a key. Raises Conflict where its id is taken."""
        self.change((ADD_API_KEY, _key_row(key)))

    def api_keys(self) -> list[ApiKey]:
        """All keys, oldest first, revoked ones too."""
        return list(_keys(self.rows(API_KEYS)))

    def revoke_api_key(self, id: str, at: Instant) -> None:
        """Say from when on a key counts no more; an earlier time stays."""
        self.change((REVOKE_API_KEY, (at, id, at)))

    def replace_api_key(self, id: str, key: ApiKey, until: Instant) -> bool:
        """Let another count beside it until then; False where it counts no more, or was replaced before."""
        with self.transaction() as run:
            if not run(REPLACE_API_KEY, key.id, until, id).rowcount:
                return False
            run(ADD_API_KEY, *_key_row(key))
        return True

    def used_api_keys(self, used: Mapping[str, int]) -> None:
        """Note when keys were last used, by their ids."""
        if used:
            self.change(*((USED_API_KEY, (at, id_, at)) for id_, at in used.items()))

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


def _session(row: Any) -> Session:
    token_hash, *rest = row
    return Session(bytes(token_hash), *rest)


def _key_row(key: ApiKey) -> tuple[Any, ...]:
    return (*key[:3], json.dumps(key.roles), json.dumps(key.scopes), *key[5:])


def _keys(rows: list[Any]) -> Iterator[ApiKey]:
    for id_, key_hash, label, roles, scopes, *rest in rows:
        yield ApiKey(id_, bytes(key_hash), label, tuple(json.loads(roles)), tuple(json.loads(scopes)), *rest)
