"""Which lane lies where: read from the databases themselves, so that the order in which they are listed means nothing."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from fairhold.domain.ids import Lane
from fairhold.engine.kernel.minting import placing_lane
from fairhold.engine.ports.store import StoreUnavailable
from fairhold.store.routed.databases import Away, Database
from fairhold.store.routed.records import Plan, Record, read_record, told


class Routes(NamedTuple):
    """Where everything lies, as far as the databases that answered say."""

    plan: Plan
    owners: Mapping[Lane, Database]
    home: Database | None
    records: Mapping[Database, Record]
    silent: Mapping[Database, str]
    """Those that did not answer, and why."""

    def earlier(self, key: str, lane: Lane) -> list[Lane]:
        """Other lanes in which the order of that placing key lies if it was placed before databases were added."""
        lanes = {placing_lane(key, [*map(Lane, generation)]) for generation in self.plan.generations[:-1]}
        return sorted(lanes - {lane})


def read_routes(databases: Sequence[Database]) -> Routes:
    """Ask every database what it owns, and see that it fits together. Raises StoreUnavailable."""
    records: dict[Database, Record] = {}
    silent: dict[Database, str] = {}
    for database in databases:
        try:
            records[database] = read_record(database)
        except Away as error:
            silent[database] = str(error)
    if not records:
        raise StoreUnavailable(" ".join(silent.values()))
    one_installation(records, joined=len(databases) > 1)
    plan = newest(records)
    if plan is None:
        [alone] = databases
        lanes = alone.store.lanes()
        return Routes(Plan(0, len(lanes), (tuple(lanes),)), dict.fromkeys(lanes, alone), alone, records, silent)
    owners = owners_of(records)
    missing = [lane for lane in plan.lanes if lane not in owners]
    if missing and not silent:
        raise StoreUnavailable(
            f"Orders of this installation lie in lanes that no database in the list owns ({told(missing)}): "
            "name all of its databases in FAIRHOLD_DATABASE."
        )
    nothing_lies_elsewhere(records, owners)
    home = next((database for database, record in records.items() if record.home), None)
    return Routes(plan, owners, home, records, silent)


def one_installation(records: Mapping[Database, Record], *, joined: bool) -> None:
    """Databases of two installations are never mixed; `joined`: all must have joined one. Raises StoreUnavailable."""
    known: dict[str, Database] = {}
    for database, record in records.items():
        if record.installation is not None:
            known.setdefault(record.installation, database)
        elif joined:
            raise StoreUnavailable(
                f"The database {database.name} does not belong to the others in the list: run `fairhold migrate` with all"
                " servers stopped to add it."
            )
    if len(known) > 1:
        names = " and ".join(database.name for database in known.values())
        raise StoreUnavailable(f"The databases {names} belong to different installations: list only those of one.")


def newest(records: Mapping[Database, Record]) -> Plan | None:
    """The newest copy of the plan."""
    plans = [record.plan for record in records.values() if record.plan is not None]
    return max(plans, key=lambda plan: plan.version, default=None)


def owners_of(records: Mapping[Database, Record]) -> dict[Lane, Database]:
    """The database of each lane. Raises StoreUnavailable where two say that they own one."""
    owners: dict[Lane, Database] = {}
    for database, record in records.items():
        for lane in map(Lane, sorted(record.lanes)):
            other = owners.setdefault(lane, database)
            if other is not database:
                raise StoreUnavailable(
                    f"Both {other.name} and {database.name} say that lane {lane} is theirs. If they are one database that is"
                    " listed twice, list it once; if the lane was moved, take it out of the record of the one it left."
                )
    return owners


def nothing_lies_elsewhere(records: Mapping[Database, Record], owners: Mapping[Lane, Database]) -> None:
    """A lane lies whole in the database that owns it. Raises StoreUnavailable where another still has rows of it."""
    for database, record in records.items():
        with database.asked():
            reader = database.store.reader()
            try:
                strangers = [lane for lane in reader.used_lanes() if lane not in record.lanes]
            finally:
                reader.close()
        for lane in strangers:
            owner = f"it is {owners[lane].name}'s" if lane in owners else "no database says that it is its own"
            raise StoreUnavailable(
                f"The database {database.name} holds orders of lane {lane}, but {owner}: finish moving that lane"
                " (docs/scaling.md) before servers start."
            )
