"""Sessions and API keys: two small tables that have nothing to do with orders."""

import json
from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import Any, Protocol

from fairhold.domain.instants import Instant
from fairhold.engine.ports import ApiKey, Session
from fairhold.store.postgres import statements as sql
from fairhold.store.postgres.connections import Connection


class Rows(Protocol):
    """How a statement is read."""

    def __call__(self, statement: str, values: tuple[Any, ...] = ()) -> list[Any]:
        """All rows of the statement's answer."""
        ...


class Transactions(Protocol):
    """How a change is written."""

    def __call__(self) -> AbstractContextManager[Connection]:
        """A transaction and its connection."""
        ...


class PostgresAccess:
    """Sessions and API keys; safe from any thread."""

    def __init__(self, rows: Rows, transaction: Transactions) -> None:
        self._rows = rows
        self._transaction = transaction

    def add_session(self, session: Session) -> None:
        """Keep a session; those that expired before it began are forgotten."""
        with self._transaction() as connection:
            connection.execute(sql.FORGET_EXPIRED_SESSIONS, (session.created_at,))
            connection.execute(sql.ADD_SESSION, session)

    def session(self, token_hash: bytes) -> Session | None:
        """The session of that token, expired or not."""
        found = self._rows(sql.GET_SESSION, (token_hash,))
        return Session(*found[0]) if found else None

    def end_session(self, token_hash: bytes) -> None:
        """Forget a session, if there is one."""
        with self._transaction() as connection:
            connection.execute(sql.END_SESSION, (token_hash,))

    def add_api_key(self, key: ApiKey) -> None:
        """Keep a key. Raises Conflict where its id is taken."""
        row = key._replace(roles=json.dumps(key.roles), scopes=json.dumps(key.scopes))  # type: ignore[arg-type]
        with self._transaction() as connection:
            connection.execute(sql.ADD_API_KEY, row)

    def api_keys(self) -> list[ApiKey]:
        """All keys, oldest first, revoked ones too."""
        return list(_keys(self._rows(sql.API_KEYS)))

    def revoke_api_key(self, id: str, at: Instant) -> None:
        """Say since when a key counts no more; the first time stays."""
        with self._transaction() as connection:
            connection.execute(sql.REVOKE_API_KEY, (at, id))


def _keys(rows: list[Any]) -> Iterator[ApiKey]:
    for id_, key_hash, label, roles, scopes, created_at, revoked_at in rows:
        yield ApiKey(id_, key_hash, label, tuple(json.loads(roles)), tuple(json.loads(scopes)), created_at, revoked_at)
