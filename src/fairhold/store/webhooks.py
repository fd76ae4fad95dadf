"""Rows of webhooks: small tables that lie with sessions and keys, the same in every store."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from fairhold.domain.instants import Instant
from fairhold.engine.ports.small_tables import Run, Tables
from fairhold.engine.ports.webhook_sending import Trouble
from fairhold.engine.ports.webhooks import (
    Asked,
    Attempt,
    Claimed,
    Delivery,
    DeliveryState,
    Endpoint,
    Message,
    OffBecause,
    Result,
)
from fairhold.store import webhook_statements as sql

_AT_ONCE = 50
"""Rows in one INSERT."""


class WebhookTables:
    """Endpoints, messages, deliveries and attempts; safe from any thread."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    def endpoints(self) -> list[Endpoint]:
        """All, the oldest first."""
        return [_endpoint(row) for row in self._tables.rows(sql.ENDPOINTS)]

    def endpoint(self, id: str) -> Endpoint | None:
        """The one of this id."""
        found = self._tables.rows(sql.ENDPOINT, id)
        return _endpoint(found[0]) if found else None

    def add_endpoint(self, endpoint: Endpoint, most: int, asked: Asked | None) -> Asked | bool:
        """Keep a new endpoint unless there are `most` already (then False); what was `asked` before, where it was."""
        with self._tables.transaction() as run:
            before = _asked(run, asked)
            if before is not None:
                return before
            if run(sql.COUNT_ENDPOINTS).fetchall()[0][0] >= most:
                _unask(run, asked)
                return False
            row = endpoint._replace(types=" ".join(endpoint.types))  # type: ignore[arg-type]  # as the column has it
            run(sql.ADD_ENDPOINT, *row)
        return True

    def edit_endpoint(self, id: str, url: str, description: str, types: Sequence[str]) -> bool:
        """Store where it is and what it takes; False where it is gone."""
        return self._tables.change((sql.EDIT_ENDPOINT, (url, description, " ".join(types), id))) == [1]

    def turn_on(self, id: str) -> bool:
        """Send to it from now on; False where it is gone."""
        return self._tables.change((sql.TURN_ON, (id,))) == [1]

    def turn_off(self, id: str, because: OffBecause, now: Instant) -> bool:
        """Send nothing more; what waits for it is missed. False where it was not on."""
        return self._tables.change((sql.TURN_OFF, (because, now, id)), (sql.MISS_WHAT_WAITS, (now, id)))[0] == 1

    def rotate(self, id: str, secret: bytes, now: Instant, until: Instant, asked: Asked | None) -> Asked | bool:
        """Take a new secret; the one that it had signs too until then. False where it is gone."""
        with self._tables.transaction() as run:
            before = _asked(run, asked)
            return run(sql.ROTATE, until, secret, now, id).rowcount == 1 if before is None else before

    def remove_endpoint(self, id: str) -> bool:
        """Forget the endpoint and everything about what was sent to it; False where it is gone."""
        return self._tables.change(*((statement, (id,)) for statement in sql.REMOVE))[0] == 1

    def add(self, messages: Sequence[Message], deliveries: Sequence[Delivery]) -> None:
        """Keep those that are not there yet."""
        with self._tables.transaction() as run:
            for statement, rows in ((sql.ADD_MESSAGES, messages), (sql.ADD_DELIVERIES, deliveries)):
                for some in _portions(rows):
                    marks = ", ".join(f"({', '.join('?' * len(row))})" for row in some)
                    run(statement.format(marks), *(value for row in some for value in row))

    def due(self, machine: int) -> dict[str, Instant]:
        """For each endpoint that is on and has something waiting that nobody has claimed: when the first of it is due."""
        return {name: Instant(at) for name, at in self._tables.rows(sql.DUE, machine) if at is not None}

    def claim(self, most: Mapping[str, int], now: Instant, machine: int, until: int, held_for: int) -> list[Claimed]:
        """Take up to so many due deliveries of each endpoint; nobody else gets them before the machine's clock says `until`."""
        claimed: list[Delivery] = []
        with self._tables.transaction() as run:
            for endpoint, count in most.items():
                values = (until, endpoint, machine, endpoint, now, machine, held_for, count)
                claimed += [_delivery(row) for row in run(sql.CLAIM, *values).fetchall()]
        payloads: dict[str, bytes] = {}
        if claimed:
            ids = list({one.message for one in claimed})
            payloads = {
                name: bytes(payload) for name, payload in self._tables.rows(sql.PAYLOADS.format(_marks(ids)), *ids)
            }
        return [Claimed(one, payloads[one.message]) for one in claimed if one.message in payloads]

    def record(self, results: Sequence[Result], now: Instant, held_for: int) -> None:
        """Note down attempts and what they lead to; what was claimed is free again."""
        with self._tables.transaction() as run:
            for before, after, attempt in results:
                run(sql.ADD_ATTEMPT, *attempt)
                settled = (after.state, after.attempts, after.tries, after.due_at, after.done_at)
                run(sql.SETTLE, *settled, before.endpoint, before.message, before.attempts, before.tries)
                if not before.order:
                    continue
                holds = after.state is DeliveryState.WAITING and after.tries < held_for
                statement, at = (sql.PUT_OFF_LATER_ONES, after.due_at) if holds else (sql.LET_LATER_ONES_GO, now)
                run(statement, at, before.endpoint, before.order, before.seq, at)

    def failing(self, endpoint: str, since: Instant | None) -> None:
        """Note since when every attempt on an endpoint has failed; None: one succeeded."""
        self._tables.change((sql.NOT_FAILING, (endpoint,)) if since is None else (sql.FAILING, (since, endpoint)))

    def release(self, deliveries: Sequence[Delivery]) -> None:
        """Give claimed ones back untried."""
        self._tables.change(*((sql.RELEASE, (one.endpoint, one.message)) for one in deliveries))

    def again(self, endpoint: str, message: str, now: Instant) -> bool:
        """Have one sent again, at once; False where there is no such delivery."""
        return self._tables.change((sql.AGAIN, (now, endpoint, message))) == [1]

    def again_since(self, endpoint: str, since: Instant, now: Instant) -> int:
        """Have everything sent again that was not delivered and is of `since` or later; how many those are."""
        return self._tables.change((sql.AGAIN_SINCE, (now, endpoint, since)))[0]

    def deliveries(
        self, endpoint: str, states: Sequence[DeliveryState], before: tuple[Instant, str] | None, limit: int
    ) -> list[Delivery]:
        """What was sent or is to be, newest first, behind the place `before`, each (at, message)."""
        statement, values = sql.DELIVERIES, [endpoint]
        if states:
            statement += f" AND state IN ({_marks(states)})"
        statement += sql.BEFORE if before else ""
        found = self._tables.rows(statement + sql.NEWEST_FIRST, *values, *states, *(before or ()), limit)
        return [_delivery(row) for row in found]

    def delivery(self, endpoint: str, message: str) -> tuple[Delivery, Message] | None:
        """One delivery and what it is about."""
        found, about = self._tables.rows(sql.DELIVERY, endpoint, message), self._tables.rows(sql.MESSAGE, message)
        if not found or not about:
            return None
        told = Message(*about[0])
        return _delivery(found[0]), told._replace(payload=bytes(told.payload))

    def attempts(self, endpoint: str, messages: Sequence[str]) -> list[Attempt]:
        """The attempts on these, in their order."""
        if not messages:
            return []
        found = self._tables.rows(sql.ATTEMPTS.format(_marks(messages)), endpoint, *messages)
        return [Attempt(*row)._replace(trouble=None if row[6] is None else Trouble(row[6])) for row in found]

    def undelivered(self, endpoint: str, most: int) -> tuple[int, int]:
        """How many wait, and how many failed or were missed; counting ends at `most`."""
        counts = [
            self._tables.rows(sql.COUNT_STATES.format(states), endpoint, most)[0][0]
            for states in ("'waiting'", "'failed', 'missed'")
        ]
        return counts[0], counts[1]

    def forget(self, before: Instant, limit: int) -> int:
        """Forget up to so many messages of before then that wait for nobody, with all about them; how many those were."""
        ids = [name for (name,) in self._tables.rows(sql.OLD, before, limit)]
        if ids:
            self._tables.change(*((statement.format(_marks(ids)), ids) for statement in sql.FORGET))
        return len(ids)


def _asked(run: Run, asked: Asked | None) -> Asked | None:
    """What was asked under this key before; else it is noted that this is."""
    if asked is None or run(sql.ASK, *asked).rowcount:
        return None
    return Asked(*run(sql.ASKED, asked.key).fetchall()[0])


def _unask(run: Run, asked: Asked | None) -> None:
    if asked is not None:
        run(sql.UNASK, asked.key)


def _marks(values: Sequence[object]) -> str:
    return ", ".join("?" * len(values))


def _portions(rows: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(rows), _AT_ONCE):
        yield rows[start : start + _AT_ONCE]


def _endpoint(row: Sequence[Any]) -> Endpoint:
    name, url, description, types, off_because, created_at, secret, secret_at, previous, *times = row
    return Endpoint(
        name,
        url,
        description,
        tuple(types.split()),
        None if off_because is None else OffBecause(off_because),
        created_at,
        bytes(secret),
        secret_at,
        None if previous is None else bytes(previous),
        *times,
    )


def _delivery(row: Sequence[Any]) -> Delivery:
    return Delivery(*row)._replace(state=DeliveryState(row[5]))
