"""Rows of parcels by their numbers, and of turns to call a provider: small tables, the same in every store."""

from collections.abc import Iterable, Sequence
from typing import Any

from fairhold.domain.instants import Duration, Instant
from fairhold.domain.order import ParcelStatus
from fairhold.engine.ports.parcels import EarlyScan, Parcel, ParcelState, UnknownNumber
from fairhold.engine.ports.small_tables import Tables

COLUMNS = (
    "shipment_id, order_id, number, written, carrier, addressee, shipped_at, provider, state, due_at, attempts, asked_at,"
    " heard_at, ticket, error"
)
REGISTER = f"""
INSERT INTO parcels ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (shipment_id) DO NOTHING
"""  # noqa: S608 - constants
WITH_NUMBERS = f"SELECT {COLUMNS} FROM parcels WHERE number IN ({{}}) ORDER BY shipped_at, shipment_id"  # noqa: S608 - constants
OF_SHIPMENTS = f"SELECT {COLUMNS} FROM parcels WHERE shipment_id IN ({{}}) ORDER BY shipment_id"  # noqa: S608 - constants
DUE = """
SELECT state, COUNT(*) FROM (
    SELECT state FROM parcels WHERE provider = ? AND state IN ('new', 'followed', 'refused') AND due_at <= ? LIMIT ?
) AS found GROUP BY state
"""
# Whoever claims a row moves its time on: another who waited for the row then sees that it is not due.
CLAIM = f"""
UPDATE parcels SET due_at = ? WHERE due_at <= ? AND ticket IS NULL AND shipment_id IN (
    SELECT shipment_id FROM parcels WHERE provider = ? AND state = ? AND due_at <= ? AND ticket IS NULL
    ORDER BY due_at, shipment_id LIMIT ?
) RETURNING {COLUMNS}
"""  # noqa: S608 - constants
TICKET_DUE = """
SELECT ticket FROM parcels WHERE provider = ? AND state = 'followed' AND due_at <= ? AND ticket IS NOT NULL
ORDER BY due_at LIMIT 1
"""
CLAIM_TICKET = f"""
UPDATE parcels SET due_at = ? WHERE provider = ? AND state = 'followed' AND due_at <= ? AND ticket = ? RETURNING {COLUMNS}
"""  # noqa: S608 - constants
SETTLE = """
UPDATE parcels SET provider = ?, state = ?, due_at = ?, attempts = ?, asked_at = ?, ticket = ?, error = ?
WHERE shipment_id = ?
"""
HEARD = "UPDATE parcels SET state = ?, due_at = ?, attempts = 0, heard_at = ?, error = NULL WHERE shipment_id = ?"
ASTRAY = f"""
SELECT {COLUMNS} FROM parcels WHERE state <> 'finished' AND provider NOT IN ({{}}) ORDER BY shipped_at, shipment_id LIMIT ?
"""  # noqa: S608 - constants
SILENT = f"""
SELECT {COLUMNS} FROM parcels
WHERE state <> 'finished' AND (state = 'refused' OR (shipped_at < ? AND (heard_at IS NULL OR heard_at < ?)))
ORDER BY shipped_at, shipment_id LIMIT ?
"""  # noqa: S608 - constants
MOST_EARLY = 200
EARLY_COLUMNS = "number, carrier, source, status, at, learned_at, code, place, note"
KEEP_EARLY = f"""
INSERT INTO early_scans ({EARLY_COLUMNS})
SELECT ?, ?, ?, ?, ?, ?, ?, ?, ? WHERE (SELECT COUNT(*) FROM early_scans WHERE number = ?) < {MOST_EARLY}
ON CONFLICT (number, status, at) DO NOTHING
"""  # noqa: S608 - constants
EARLY = f"SELECT {EARLY_COLUMNS} FROM early_scans WHERE number IN ({{}}) ORDER BY at, status"  # noqa: S608 - constants
UNKNOWN = """
SELECT number, MIN(source), COUNT(*), MAX(learned_at) FROM early_scans
WHERE NOT EXISTS (SELECT 1 FROM parcels WHERE parcels.number = early_scans.number)
GROUP BY number ORDER BY MAX(learned_at) DESC, number LIMIT ?
"""
FORGET_EARLY = "DELETE FROM early_scans WHERE learned_at < ?"
FORGET_FINISHED = """
DELETE FROM parcels WHERE shipment_id IN (
    SELECT shipment_id FROM parcels WHERE state = 'finished' AND shipped_at < ? ORDER BY shipped_at LIMIT 1000
)
"""

TAKE_TURN = """
INSERT INTO provider_turns (provider, next_at, day, calls) VALUES (?, ?, ?, 1)
ON CONFLICT (provider) DO UPDATE SET next_at = excluded.next_at, day = excluded.day,
    calls = CASE WHEN provider_turns.day = excluded.day THEN provider_turns.calls + 1 ELSE 1 END
WHERE provider_turns.next_at <= ? AND (provider_turns.day <> excluded.day OR provider_turns.calls < ?)
"""
TURN = "SELECT next_at, day, calls FROM provider_turns WHERE provider = ?"
CALLS = "SELECT calls FROM provider_turns WHERE provider = ? AND day = ?"
REST = """
INSERT INTO provider_turns (provider, next_at, day, calls) VALUES (?, ?, 0, 0)
ON CONFLICT (provider) DO UPDATE SET next_at = excluded.next_at WHERE provider_turns.next_at < excluded.next_at
"""
ANY_NUMBER = 2**31 - 1


class ParcelTables:
    """Parcels by their numbers, and what was told of numbers that are nobody's yet; safe from any thread."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    def register(self, parcels: Sequence[Parcel]) -> None:
        """Keep these; a parcel that is there already stays as it is."""
        self._tables.change(*((REGISTER, (*parcel[:8], parcel.state.value, *parcel[9:])) for parcel in parcels))

    def with_numbers(self, numbers: Sequence[str]) -> list[Parcel]:
        """All parcels with these numbers; the oldest first."""
        return _parcels(self._tables.rows(WITH_NUMBERS.format(_marks(numbers)), *numbers)) if numbers else []

    def of_shipments(self, shipments: Sequence[str]) -> list[Parcel]:
        """The parcels of these shipments that are there."""
        return _parcels(self._tables.rows(OF_SHIPMENTS.format(_marks(shipments)), *shipments)) if shipments else []

    def due(self, provider: str, now: Instant, most: int) -> dict[ParcelState, int]:
        """How many are due, by state, counted up to `most`."""
        return {ParcelState(state): count for state, count in self._tables.rows(DUE, provider, now, most)}

    def claim(self, provider: str, state: ParcelState, now: Instant, lease: Duration, limit: int) -> list[Parcel]:
        """Take what is due and waits for no answer, for as long as the lease."""
        with self._tables.transaction() as run:
            found = run(CLAIM, now + lease, now, provider, state.value, now, limit).fetchall()
        return sorted(_parcels(found), key=lambda parcel: parcel.shipment)

    def claim_ticket(self, provider: str, now: Instant, lease: Duration) -> list[Parcel]:
        """Take the parcels of one ticket whose answer is due."""
        for (ticket,) in self._tables.rows(TICKET_DUE, provider, now):
            with self._tables.transaction() as run:
                return _parcels(run(CLAIM_TICKET, now + lease, provider, now, ticket).fetchall())
        return []

    def settle(self, parcels: Sequence[Parcel]) -> None:
        """Write down who is asked, when next, and what came of it last."""
        self._tables.change(
            *(
                (
                    SETTLE,
                    (
                        parcel.provider,
                        parcel.state.value,
                        parcel.due_at,
                        parcel.attempts,
                        parcel.asked_at,
                        parcel.ticket,
                        parcel.error,
                        parcel.shipment,
                    ),
                )
                for parcel in parcels
            )
        )

    def heard(self, parcels: Sequence[Parcel]) -> None:
        """Write down when these were heard of, and when they are asked about next."""
        self._tables.change(
            *((HEARD, (parcel.state.value, parcel.due_at, parcel.heard_at, parcel.shipment)) for parcel in parcels)
        )

    def astray(self, providers: Sequence[str], limit: int) -> list[Parcel]:
        """Open parcels about which somebody else is asked, or nobody."""
        return _parcels(self._tables.rows(ASTRAY.format(_marks(providers)), *providers, limit))

    def silent(self, shipped_before: Instant, heard_before: Instant, limit: int) -> list[Parcel]:
        """Open parcels that nobody told of for long, and those that are refused; the oldest first."""
        return _parcels(self._tables.rows(SILENT, shipped_before, heard_before, limit))

    def keep_early(self, scans: Sequence[EarlyScan]) -> None:
        """Keep these for a parcel to come."""
        self._tables.change(*((KEEP_EARLY, (*scan[:3], scan.status.value, *scan[4:], scan.number)) for scan in scans))

    def early(self, numbers: Sequence[str]) -> list[EarlyScan]:
        """What was told of these numbers, by the scans' own times."""
        found = self._tables.rows(EARLY.format(_marks(numbers)), *numbers) if numbers else []
        return [
            EarlyScan(number, carrier, source, ParcelStatus(status), Instant(at), Instant(learned), code, place, note)
            for number, carrier, source, status, at, learned, code, place, note in found
        ]

    def unknown(self, limit: int) -> list[UnknownNumber]:
        """Numbers that were told of and are no parcel's, the newest news first."""
        return [UnknownNumber(*row) for row in self._tables.rows(UNKNOWN, limit)]

    def forget_early(self, learned_before: Instant) -> None:
        """Drop what nobody has waited for."""
        self._tables.change((FORGET_EARLY, (learned_before,)))

    def forget_finished(self, shipped_before: Instant) -> None:
        """Drop parcels that came to their end long ago, a portion at a time."""
        self._tables.change((FORGET_FINISHED, (shipped_before,)))


class TurnTables:
    """Whose turn it is to call a provider; safe from any thread and among processes."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    def take(self, provider: str, now: Instant, pause: Duration, day: int, a_day: int | None) -> bool:
        """Whether a call may be made now; it then counts."""
        most = ANY_NUMBER if a_day is None else a_day
        # Looking costs nobody anything; writing holds other writers of a SQLite file up.
        for next_at, of_day, calls in self._tables.rows(TURN, provider):
            if next_at > now or (of_day == day and calls >= most):
                return False
        return self._tables.change((TAKE_TURN, (provider, now + pause, day, now, most))) == [1]

    def calls(self, provider: str, day: int) -> int:
        """How many calls were made on that day."""
        found = self._tables.rows(CALLS, provider, day)
        return int(found[0][0]) if found else 0

    def rest(self, provider: str, until: Instant) -> None:
        """Nobody calls before then."""
        self._tables.change((REST, (provider, until)))


def _marks(values: Sequence[str]) -> str:
    return ", ".join("?" * len(values)) or "''"


def _parcels(rows: Iterable[Any]) -> list[Parcel]:
    return [Parcel(*row)._replace(state=ParcelState(row[8])) for row in rows]
