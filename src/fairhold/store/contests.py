"""Rows of contested chargebacks: a small table that lies with sessions and keys, the same in every store."""
# ruff: noqa: S608 - statements are put together from the constants of this file only; values are always bound

from collections.abc import Sequence
from typing import Any

from fairhold.domain.instants import Instant
from fairhold.engine.ports.contests import Contest, ContestState
from fairhold.engine.ports.small_tables import Tables

_COLUMNS = "chargeback, order_id, reference, provider, asked_at, asked_by, note, state, why, tries, next_at, done_at"
_CONTEST = f"SELECT {_COLUMNS} FROM contests"
ASK = f"INSERT INTO contests ({_COLUMNS}) VALUES ({', '.join('?' * 12)}) ON CONFLICT (chargeback) DO NOTHING"
CONTEST = f"{_CONTEST} WHERE chargeback = ?"
OF_ORDER = f"{_CONTEST} WHERE order_id = ? ORDER BY chargeback"
MOVE = """
UPDATE contests SET reference = ?, provider = ?, asked_at = ?, asked_by = ?, note = ?, state = ?, why = ?, tries = ?,
    next_at = ?, done_at = ?
WHERE chargeback = ? AND state = ? AND tries = ?
"""
DUE = f"{_CONTEST} WHERE next_at <= ? ORDER BY next_at, chargeback LIMIT ?"
NEXT_DUE = "SELECT min(next_at) FROM contests"


class ContestTables:
    """Contested chargebacks; safe from any thread and from several processes."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    def ask(self, contest: Contest) -> Contest:
        """Keep it unless one of that chargeback is there; as it is kept."""
        self._tables.change((ASK, contest))
        return self.contest(contest.chargeback) or contest

    def contest(self, chargeback: str) -> Contest | None:
        """The one of that chargeback."""
        return next(map(_contest, self._tables.rows(CONTEST, chargeback)), None)

    def of_order(self, order: str) -> list[Contest]:
        """All of an order, by chargeback."""
        return [_contest(row) for row in self._tables.rows(OF_ORDER, order)]

    def move(self, before: Contest, after: Contest) -> bool:
        """Write it anew, unless somebody else was faster."""
        return self._tables.change((MOVE, (*after[2:], before.chargeback, before.state, before.tries))) == [1]

    def due(self, now: Instant, limit: int) -> list[Contest]:
        """Those of which the provider is to be asked by now, the longest due first."""
        return [_contest(row) for row in self._tables.rows(DUE, now, limit)]

    def next_due(self) -> Instant | None:
        """When a provider is to be asked next."""
        at = self._tables.rows(NEXT_DUE)[0][0]
        return None if at is None else Instant(at)


def _contest(row: Sequence[Any]) -> Contest:
    """The columns are the fields, in their order."""
    found = Contest(*row)
    return found._replace(state=ContestState(found.state))
