"""Rows of what people have beside a password: one-time codes, recovery codes, passkeys; the same in every store."""

from collections.abc import Sequence
from typing import Any

from fairhold.domain.instants import Instant
from fairhold.engine.ports.accounts import Passkey
from fairhold.engine.ports.small_tables import Tables

SET_TOTP = "UPDATE accounts SET totp = ?, totp_step = ?, changed_at = ? WHERE person = ? AND forgotten_at IS NULL"
TAKE_STEP = "UPDATE accounts SET totp_step = ? WHERE person = ? AND totp IS NOT NULL AND totp_step < ?"
DROP_CODES = "DELETE FROM recovery_codes WHERE person = ?"
ADD_CODE = "INSERT INTO recovery_codes (person, code_hash) VALUES (?, ?)"
TAKE_CODE = "DELETE FROM recovery_codes WHERE person = ? AND code_hash = ?"
COUNT_CODES = "SELECT count(*) FROM recovery_codes WHERE person = ?"
_PASSKEY = "id, person, public_key, uses, name, added_at, used_at"
PASSKEYS = f"SELECT {_PASSKEY} FROM passkeys WHERE person = ? ORDER BY added_at, id"  # noqa: S608 - a constant
GET_PASSKEY = f"SELECT {_PASSKEY} FROM passkeys WHERE id = ?"  # noqa: S608 - a constant
ADD_PASSKEY = f"INSERT INTO passkeys ({_PASSKEY}) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"  # noqa: S608
USED_PASSKEY = "UPDATE passkeys SET uses = ?, used_at = ? WHERE id = ? AND uses = ?"
REMOVE_PASSKEY = "DELETE FROM passkeys WHERE person = ? AND id = ?"


class FactorTables:
    """One-time codes, recovery codes and passkeys; safe from any thread."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    def set_totp(self, person: str, sealed: bytes | None, step: int, at: Instant) -> None:
        """Take codes of this secret from now on, later ones than that of `step`; None: no codes."""
        self._tables.change((SET_TOTP, (sealed, step, at, person)))

    def take_step(self, person: str, step: int) -> bool:
        """Note that the code of that half minute was used; False where it, or a later one, was used before."""
        return self._tables.change((TAKE_STEP, (step, person, step))) == [1]

    def set_recovery_codes(self, person: str, hashes: Sequence[bytes]) -> None:
        """Let these count, and no others."""
        self._tables.change((DROP_CODES, (person,)), *((ADD_CODE, (person, one)) for one in hashes))

    def take_recovery_code(self, person: str, code_hash: bytes) -> bool:
        """Use one up; False where there is none such."""
        return self._tables.change((TAKE_CODE, (person, code_hash))) == [1]

    def recovery_codes(self, person: str) -> int:
        """How many are left."""
        [(count,)] = self._tables.rows(COUNT_CODES, person)
        return int(count)

    def passkeys(self, person: str) -> list[Passkey]:
        """The person's passkeys, oldest first."""
        return [_passkey(row) for row in self._tables.rows(PASSKEYS, person)]

    def passkey(self, id: str) -> Passkey | None:
        """The passkey of that credential."""
        return next(map(_passkey, self._tables.rows(GET_PASSKEY, id)), None)

    def add_passkey(self, passkey: Passkey) -> bool:
        """Keep it; False where that credential is somebody's already."""
        return self._tables.change((ADD_PASSKEY, passkey)) == [1]

    def used_passkey(self, id: str, was: int, uses: int, at: Instant) -> bool:
        """Note its counter, which stood at `was`; False where it has moved meanwhile."""
        return self._tables.change((USED_PASSKEY, (uses, at, id, was))) == [1]

    def remove_passkey(self, person: str, id: str) -> bool:
        """Take no signature of it any more; False where this person has none such."""
        return self._tables.change((REMOVE_PASSKEY, (person, id))) == [1]


def _passkey(row: Any) -> Passkey:
    id_, person, public_key, *rest = row
    return Passkey(id_, person, bytes(public_key), *rest)
