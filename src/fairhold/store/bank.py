"""Rows of bank transfers: a small table, the same in every store."""
# ruff: noqa: S608 - statements are put together from the constants of this file only; values are always bound

from typing import Any

from fairhold.domain.instants import Instant
from fairhold.engine.ports.bank import Place, Said, Shelf, Task, TaskKind, TaskState
from fairhold.engine.ports.small_tables import Run, Tables

_COLUMNS = (
    "id, kind, order_id, number, amount, currency, asked_at, account, about, back, until, state, said, sum, reference, why, "
    "first_by, first_at, second_by, second_at, settled_at, told_at, revision"
)
_TASK = f"SELECT {_COLUMNS} FROM bank_tasks"
ADD = f"INSERT INTO bank_tasks ({_COLUMNS}) VALUES ({', '.join('?' * 23)}) ON CONFLICT (id) DO NOTHING"
TASK = f"{_TASK} WHERE id = ?"
OF_ORDER = f"{_TASK} WHERE order_id = ? ORDER BY asked_at, id"
# Whoever read the row before somebody else wrote it changes nothing, and reads it again.
CHANGE = """
UPDATE bank_tasks SET state = ?, said = ?, sum = ?, reference = ?, why = ?, first_by = ?, first_at = ?, second_by = ?,
    second_at = ?, settled_at = ?, told_at = ?, revision = revision + 1
WHERE id = ? AND revision = ?
"""
# The payment's row is held until the transaction ends, so that two refunds of it are counted one after the other.
HOLD = "UPDATE bank_tasks SET revision = revision + 1 WHERE id = ? AND state = 'done'"
# What could not be sent is over, and another takes its place.
GONE = """
SELECT coalesce(sum(amount), 0) FROM bank_tasks
WHERE about = ? AND kind = ? AND state <> 'failed'
"""
# Of what came back all is to be sent anew: what the bank kept of it on the way is not the recipient's loss.
CAME_BACK = """
SELECT coalesce(sum(gone.amount), 0) FROM bank_tasks AS back JOIN bank_tasks AS gone ON gone.id = back.about
WHERE gone.about = ? AND gone.kind = ? AND back.kind = 'return' AND back.state = 'done'
"""
TOLD = "UPDATE bank_tasks SET told_at = ? WHERE id = ? AND settled_at = ? AND told_at IS NULL"
UNTOLD = f"""
{_TASK} WHERE settled_at IS NOT NULL AND told_at IS NULL AND settled_at < ? ORDER BY settled_at, id LIMIT ?
"""
SETTLED = f"{_TASK} WHERE state = 'done' AND settled_at >= ? AND settled_at < ? ORDER BY settled_at, id"
# A word that waits for a second one is work, whatever became of the task meanwhile.
_OPEN = "(state = 'open' OR (first_by IS NOT NULL AND settled_at IS NULL))"
# Each as its index has it.
_SHELVES = {
    Shelf.OPEN: _OPEN,
    Shelf.DONE: "state = 'done'",
    Shelf.ENDED: f"state IN ('failed', 'closed') AND NOT {_OPEN}",
}
OLDEST = {
    shelf: f"{_TASK} WHERE {here} AND (asked_at, id) > (?, ?) ORDER BY asked_at, id LIMIT ?"
    for shelf, here in _SHELVES.items()
}
NEWEST = {
    shelf: f"{_TASK} WHERE {here} AND (asked_at, id) < (?, ?) ORDER BY asked_at DESC, id DESC LIMIT ?"
    for shelf, here in _SHELVES.items()
}
COUNT = {
    shelf: f"SELECT count(*) FROM (SELECT 1 FROM bank_tasks WHERE {here} LIMIT ?) AS counted"
    for shelf, here in _SHELVES.items()
}
_ENDLESS = 2**62


class BankTables:
    """Bank transfers; safe from any thread and from several processes."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    def ask(self, task: Task) -> Task | None:
        """Keep a task unless it is there; as it is kept. None: more than is left of what it is `about`."""
        with self._tables.transaction() as run:
            known = _found(run, task.id)
            if known is not None:
                return known
            if task.kind in (TaskKind.REFUND, TaskKind.TRANSFER) and not _fits(run, task):
                # Somebody may have asked for the same meanwhile, and that is what there is too little for.
                return _found(run, task.id)
            run(ADD, *task)
            return _found(run, task.id)

    def task(self, id: str) -> Task | None:
        """The task of that id."""
        return next(map(_task, self._tables.rows(TASK, id)), None)

    def change(self, before: Task, after: Task) -> bool:
        """Write what became of it, unless somebody was faster."""
        changed = (after.state, *after[12:22])
        return self._tables.change((CHANGE, (*changed, before.id, before.revision))) == [1]

    def told(self, id: str, settled_at: Instant, now: Instant) -> None:
        """The order knows what was settled then."""
        self._tables.change((TOLD, (now, id, settled_at)))

    def untold(self, before: Instant, limit: int) -> list[Task]:
        """What was settled before that, and the order does not know."""
        return [_task(row) for row in self._tables.rows(UNTOLD, before, limit)]

    def of_order(self, order: str) -> list[Task]:
        """All of an order, oldest first."""
        return [_task(row) for row in self._tables.rows(OF_ORDER, order)]

    def shelf(self, shelf: Shelf, behind: Place | None, limit: int) -> list[Task]:
        """A part of the list: open ones oldest first, others newest first."""
        if shelf is Shelf.OPEN:
            rows = self._tables.rows(OLDEST[shelf], *(behind or (-1, "")), limit)
        else:
            rows = self._tables.rows(NEWEST[shelf], *(behind or (_ENDLESS, "")), limit)
        return [_task(row) for row in rows]

    def count(self, shelf: Shelf, most: int) -> int:
        """How many, counted up to `most`."""
        return int(self._tables.rows(COUNT[shelf], most)[0][0])

    def settled(self, first: Instant, last: Instant) -> list[Task]:
        """What was done from `first` to before `last`, oldest first."""
        return [_task(row) for row in self._tables.rows(SETTLED, first, last)]


def _fits(run: Run, task: Task) -> bool:
    """Whether so much is left of what came by the payment, which is held from here on."""
    run(HOLD, task.about)
    paid = _found(run, task.about)
    if paid is None:
        return False
    [(gone,)], [(back,)] = run(GONE, task.about, task.kind).fetchall(), run(CAME_BACK, task.about, task.kind).fetchall()
    return task.amount <= paid.sum - int(gone) + int(back)


def _found(run: Run, id: str) -> Task | None:
    return next(map(_task, run(TASK, id).fetchall()), None)


def _task(row: Any) -> Task:
    """The columns are the fields, in their order."""
    found = Task(*row)
    said = None if found.said is None else Said(found.said)
    return found._replace(kind=TaskKind(found.kind), state=TaskState(found.state), said=said)
