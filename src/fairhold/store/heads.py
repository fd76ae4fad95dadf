"""Daily heads and their leaves: small tables apart from the orders, the same in every store."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from itertools import chain
from typing import Any

from fairhold.engine.ports.heads import DailyHead, Leaf
from fairhold.store.access import Execute

_TOGETHER = 50
"""Leaves of one statement; what is left over goes one by one, so that there are two statements in all."""

_ADD_LEAVES = "INSERT INTO daily_leaves (day, order_id, seq, head) VALUES {rows} ON CONFLICT (day, order_id) DO NOTHING"
ADD_LEAF = _ADD_LEAVES.format(rows="(?, ?, ?, ?)")
ADD_LEAVES = _ADD_LEAVES.format(rows=", ".join(["(?, ?, ?, ?)"] * _TOGETHER))
_LEAF = "day, order_id, seq, head"
LEAVES = f"SELECT {_LEAF} FROM daily_leaves WHERE day = ? AND order_id >= ? ORDER BY order_id LIMIT ?"  # noqa: S608 - constants
LEAVES_OF = f"SELECT {_LEAF} FROM daily_leaves WHERE order_id >= ? AND order_id <= ? ORDER BY order_id, day"  # noqa: S608 - constants
_HEAD = "day, previous, root, orders, blocks, public_key, signature, made_at"
ADD_HEAD = f"""
INSERT INTO daily_heads ({_HEAD}) VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (day) DO NOTHING
"""  # noqa: S608 - constants
HEAD = f"SELECT {_HEAD} FROM daily_heads WHERE day = ?"  # noqa: S608 - constants
HEADS = f"SELECT {_HEAD} FROM daily_heads WHERE day < ? ORDER BY day DESC LIMIT ?"  # noqa: S608 - constants

_BEHIND_ALL = 2**31 - 1


class HeadTables:
    """Daily heads; safe from any thread. What it is given is what `SmallTables` is given."""

    def __init__(
        self,
        rows: Callable[[str, Sequence[Any]], list[Any]],
        transaction: Callable[[], AbstractContextManager[Execute]],
        mark: str = "?",
    ) -> None:
        self._mark = mark
        self._ask = rows
        self._transaction = transaction

    def _rows(self, statement: str, *values: object) -> list[Any]:
        return self._ask(statement.replace("?", self._mark), values)

    def add_leaves(self, leaves: Sequence[Leaf]) -> None:
        """Keep these; of an order and day that are there already, the first stays."""
        with self._transaction() as execute:
            for statement, values in _statements(leaves):
                execute(statement.replace("?", self._mark), values)

    def leaves(self, day: int, first: str, limit: int) -> list[Leaf]:
        """Leaves of a day by order id, from the order `first` on."""
        return [Leaf(*row) for row in self._rows(LEAVES, day, first, limit)]

    def leaves_of(self, first: str, last: str) -> list[Leaf]:
        """All leaves of the orders whose ids lie between these, both included, by order and day."""
        return [Leaf(*row) for row in self._rows(LEAVES_OF, first, last)]

    def add_head(self, head: DailyHead) -> None:
        """Keep the head of a day; the first of a day stays."""
        with self._transaction() as execute:
            execute(ADD_HEAD.replace("?", self._mark), head)

    def head(self, day: int) -> DailyHead | None:
        """The head of that day."""
        found = self._rows(HEAD, day)
        return DailyHead(*found[0]) if found else None

    def heads(self, before: int | None, limit: int) -> list[DailyHead]:
        """The newest first, those of days before `before`, or the newest of all."""
        return [DailyHead(*row) for row in self._rows(HEADS, _BEHIND_ALL if before is None else before, limit)]


def _statements(leaves: Sequence[Leaf]) -> Iterator[tuple[str, Sequence[Any]]]:
    whole = len(leaves) - len(leaves) % _TOGETHER
    for start in range(0, whole, _TOGETHER):
        yield ADD_LEAVES, list(chain.from_iterable(leaves[start : start + _TOGETHER]))
    for leaf in leaves[whole:]:
        yield ADD_LEAF, leaf
