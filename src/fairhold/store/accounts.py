"""Rows of accounts: people who sign in, and what other houses call them; the same in every store."""

import json
from collections.abc import Sequence
from typing import Any

from fairhold.domain.actors import STAFF as STAFF_ROLES
from fairhold.domain.instants import Instant
from fairhold.engine.ports.accounts import Account
from fairhold.engine.ports.small_tables import Tables
from fairhold.engine.ports.store import Conflict

_ACCOUNT = "person, name, email, password, roles, language, created_at, changed_at, totp, totp_step, forgotten_at"
GET_ACCOUNT = f"SELECT {_ACCOUNT} FROM accounts WHERE person = ?"  # noqa: S608 - a constant
ACCOUNT_BY_EMAIL = f"SELECT {_ACCOUNT} FROM accounts WHERE email_key = ?"  # noqa: S608 - a constant
STAFF = f"""
SELECT {_ACCOUNT} FROM accounts WHERE roles LIKE ? OR roles LIKE ? OR roles LIKE ? ORDER BY created_at, person
"""  # noqa: S608 - a constant
NAMES = "SELECT person, name FROM accounts WHERE forgotten_at IS NULL AND person IN ({})"
_FIELDS = f"{_ACCOUNT}, email_key"
ADD_ACCOUNT = f"""
INSERT INTO accounts ({_FIELDS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (person) DO UPDATE SET {", ".join(f"{name} = excluded.{name}" for name in _FIELDS.split(", "))}
WHERE accounts.forgotten_at IS NOT NULL
"""  # noqa: S608 - a constant
SET_PASSWORD = """
UPDATE accounts SET password = ?, changed_at = ?
WHERE person = ? AND coalesce(password, '') = ? AND forgotten_at IS NULL
"""  # noqa: S105 - a statement
SET_EMAIL = """
UPDATE accounts SET email = ?, email_key = ?, changed_at = ? WHERE person = ? AND forgotten_at IS NULL
AND NOT EXISTS (SELECT 1 FROM accounts AS other WHERE other.email_key = ? AND other.person <> ?)
"""
SET_NAME = "UPDATE accounts SET name = ?, language = ? WHERE person = ? AND forgotten_at IS NULL"
SET_ROLES = "UPDATE accounts SET roles = ? WHERE person = ? AND forgotten_at IS NULL"
FORGET_ACCOUNT = """
UPDATE accounts SET name = '', email = NULL, email_key = NULL, password = NULL, roles = '[]', totp = NULL, totp_step = 0,
    language = '', changed_at = ?, forgotten_at = ?
WHERE person = ? AND forgotten_at IS NULL
"""
FORGET_THE_REST = (
    "DELETE FROM identities WHERE person = ?",
    "DELETE FROM passkeys WHERE person = ?",
    "DELETE FROM recovery_codes WHERE person = ?",
    "DELETE FROM tickets WHERE person = ?",
    "DELETE FROM sessions WHERE person = ?",
)
PERSON_OF = "SELECT person FROM identities WHERE issuer = ? AND subject = ?"
ADD_IDENTITY = """
INSERT INTO identities (issuer, subject, person, linked_at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING
"""
IDENTITIES = "SELECT issuer, subject, linked_at FROM identities WHERE person = ? ORDER BY linked_at, issuer, subject"


class AccountTables:
    """Accounts and what other houses call their people; safe from any thread."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    def account(self, person: str) -> Account | None:
        """The account of that person, a forgotten one too."""
        return next(map(_account, self._tables.rows(GET_ACCOUNT, person)), None)

    def account_by_email(self, email_key: str) -> Account | None:
        """Whose address that is."""
        return next(map(_account, self._tables.rows(ACCOUNT_BY_EMAIL, email_key)), None)

    def names(self, people: Sequence[str]) -> dict[str, str]:
        """What these people are called; those who have no account, or are forgotten, are left out."""
        if not people:
            return {}
        found = self._tables.rows(NAMES.format(", ".join("?" * len(people))), *people)
        return {person: name for person, name in found if name}

    def staff(self) -> list[Account]:
        """Everybody who has a role of the staff, the first first."""
        return [_account(row) for row in self._tables.rows(STAFF, *(f'%"{role}"%' for role in sorted(STAFF_ROLES)))]

    def add_account(self, account: Account, email_key: str | None) -> bool:
        """Keep it; False where the person or the address has one. A forgotten person may come again."""
        values = (*account[:4], json.dumps(account.roles), *account[5:], email_key)
        try:
            return self._tables.change((ADD_ACCOUNT, values)) == [1]
        except Conflict:
            return False

    def set_password(self, person: str, password: str, was: str | None, at: Instant) -> bool:
        """Replace the hash `was`; False where another stands there by now."""
        return self._tables.change((SET_PASSWORD, (password, at, person, was or ""))) == [1]

    def set_email(self, person: str, email: str, email_key: str, at: Instant) -> bool:
        """False where another account has that address. Raises Conflict where another takes it this very moment."""
        values = (email, email_key, at, person, email_key, person)
        return self._tables.change((SET_EMAIL, values)) == [1]

    def set_name(self, person: str, name: str, language: str) -> None:
        """What to call them, in which language to write."""
        self._tables.change((SET_NAME, (name, language, person)))

    def set_roles(self, person: str, roles: Sequence[str]) -> None:
        """The sides that they may take."""
        self._tables.change((SET_ROLES, (json.dumps(list(roles)), person)))

    def forget_account(self, person: str, at: Instant) -> bool:
        """Take everything away but the person's id, and that it was forgotten; False where that has been done."""
        steps = [(FORGET_ACCOUNT, (at, at, person)), *((statement, (person,)) for statement in FORGET_THE_REST)]
        return self._tables.change(*steps)[0] == 1

    def person_of(self, issuer: str, subject: str) -> str | None:
        """Who it is that another house calls so."""
        found = self._tables.rows(PERSON_OF, issuer, subject)
        return found[0][0] if found else None

    def add_identity(self, issuer: str, subject: str, person: str, at: Instant) -> bool:
        """Note what another house calls them; False where that means somebody already."""
        return self._tables.change((ADD_IDENTITY, (issuer, subject, person, at))) == [1]

    def identities(self, person: str) -> list[tuple[str, str, Instant]]:
        """Issuer, subject and since when, of every other house that knows them."""
        return [(issuer, subject, Instant(at)) for issuer, subject, at in self._tables.rows(IDENTITIES, person)]


def _account(row: Any) -> Account:
    person, name, email, password, roles, language, created_at, changed_at, totp, step, forgotten_at = row
    return Account(
        person,
        name,
        email,
        password,
        tuple(json.loads(roles)),
        language,
        created_at,
        changed_at,
        None if totp is None else bytes(totp),
        step,
        forgotten_at,
    )
