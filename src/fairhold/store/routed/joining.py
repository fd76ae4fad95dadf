"""Databases become one installation: tables first, then lanes that nobody else has, then the plan in all of them.

What is written in which order lets a run that broke off be repeated: lanes are taken from the home database's plan before
a new database records them, so that no two are ever given the same.
"""

import secrets
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager

import msgspec

from fairhold.domain.ids import MAX_LANE
from fairhold.engine.ports.store import StoreUnavailable
from fairhold.store.postgres import statements as sql
from fairhold.store.postgres.connections import WRITING, Connection
from fairhold.store.postgres.faults import explained
from fairhold.store.routed.databases import Database
from fairhold.store.routed.records import (
    HOME,
    INSTALLATION,
    LANES,
    ROUTING,
    YES,
    Plan,
    Record,
    read_settings,
    told,
)
from fairhold.store.routed.routes import newest, one_installation, owners_of

SECRET = "secret"  # noqa: S105 - the name of a setting
ANY_KEY = "SELECT 1 FROM api_keys LIMIT 1"
"""Of no newer column: it is asked of databases of every version."""
NO_HOME = "The installation's home database, which holds its keys and settings, is not in the list."
_IN_USE_BY_OTHERS = (
    "is not empty and belongs to no installation or to another one: orders of two installations are never put together;"
    " give an empty database"
)


def title(database: Database) -> str:
    """How `migrate` calls the joining of that database."""
    return f"join {database.name}"


def outside(records: dict[Database, Record]) -> list[Database]:
    """Those that are not, or not completely, part of the installation."""
    plan = newest(records)
    return [
        database
        for database, record in records.items()
        if record.installation is None or plan is None or not record.lanes <= set(plan.lanes)
    ]


def join(databases: Sequence[Database]) -> list[str]:
    """Make these migrated databases one installation; those that were joined now. Raises StoreUnavailable."""
    with locked(databases) as connections:
        records = {database: read_settings(database) for database in databases}
        joining = outside(records)
        if not joining:
            return []
        one_installation(records, joined=False)
        owners_of(records)
        alone(connections)
        home = _home(records)
        in_use = records[home].installation is not None or holds_data(home)
        plan = newest(records) or _first_plan(home)
        last = plan.generations[-1]
        lanes = set(last)
        for database in joining:
            if database is not home:
                lanes |= records[database].lanes or _given_lanes(home, database)
        generations = plan.generations
        if not in_use:
            # Nothing was placed yet, so there is nothing to look back for.
            generations = (tuple(sorted(lanes)),)
        elif lanes != set(last):
            generations = (*generations, tuple(sorted(lanes)))
        plan = Plan(plan.version + 1, _plan_of(home).next_lane, generations)
        for database in (home, *(one for one in databases if one is not home)):
            _write_plan(database, plan)
        return [title(database) for database in joining]


def _home(records: dict[Database, Record]) -> Database:
    """The database that is the home, or becomes it: the one in use, or the first of those that are all empty."""
    homes = [database for database, record in records.items() if record.home]
    if len(homes) > 1:
        raise StoreUnavailable(f"Both {homes[0].name} and {homes[1].name} say that they are the home database.")
    used = [
        database
        for database, record in records.items()
        if record.installation is None and not record.home and holds_data(database)
    ]
    if homes or any(record.installation for record in records.values()):
        if used:
            raise StoreUnavailable(f"The database {used[0].name} {_IN_USE_BY_OTHERS}.")
        if not homes:
            raise StoreUnavailable(NO_HOME)
        return homes[0]
    if len(used) > 1:
        raise StoreUnavailable(f"The database {used[1].name} {_IN_USE_BY_OTHERS}.")
    return used[0] if used else next(iter(records))


def _first_plan(home: Database) -> Plan:
    """The home database's lanes, as it has used them so far; what is written last makes the rest count."""
    placing = tuple(home.store.lanes())
    with closing(home.store.reader()) as reader:
        lanes = {*placing, *reader.used_lanes()}
    home.store.set_setting(LANES, told(lanes))
    home.store.set_setting(HOME, YES)
    home.store.keep_setting(INSTALLATION, secrets.token_hex(8))
    plan = Plan(1, max(lanes) + 1, (placing,))
    _write_plan(home, plan)
    return plan


def _given_lanes(home: Database, database: Database) -> frozenset[int]:
    """Take as many lanes as the new database asks for out of the home's plan, then write them down as its own."""
    plan = _plan_of(home)
    own = frozenset(range(plan.next_lane, plan.next_lane + len(database.store.lanes())))
    if max(own) > MAX_LANE:
        raise StoreUnavailable(f"There are lanes 0 to {MAX_LANE}, and all are taken.")
    _write_plan(home, msgspec.structs.replace(plan, next_lane=max(own) + 1))
    installation = home.store.setting(INSTALLATION)
    assert installation is not None, "the home database is recorded first"
    database.store.set_setting(LANES, told(own))
    database.store.keep_setting(INSTALLATION, installation)
    return own


def _plan_of(home: Database) -> Plan:
    written = home.store.setting(ROUTING)
    assert written is not None, "the home database is recorded first"
    return msgspec.json.decode(written, type=Plan)


def _write_plan(database: Database, plan: Plan) -> None:
    database.store.set_setting(ROUTING, msgspec.json.encode(plan).decode())


def holds_data(database: Database) -> bool:
    """Whether somebody has used that database: orders, keys, or a server's secret lie in it."""
    with closing(database.store.reader()) as reader:
        return bool(reader.used_lanes() or database.store.tables().rows(ANY_KEY) or database.store.setting(SECRET))


@contextmanager
def locked(databases: Sequence[Database]) -> Iterator[dict[Database, Connection]]:
    """A connection to each, on which nobody else joins anything; in one order, so that no two wait in a circle."""
    with ExitStack() as stack:
        connections: dict[Database, Connection] = {}
        for database in sorted(databases, key=lambda database: database.store.address.url):
            connection = stack.enter_context(closing(database.store.address.open(WRITING)))
            with explained(database.name):
                connection.execute(sql.LOCK_JOINING.encode())
            connections[database] = connection
        yield connections


def alone(connections: dict[Database, Connection]) -> None:
    """Nobody writes orders, and nobody begins to before these connections are closed. Raises StoreUnavailable."""
    for database, connection in connections.items():
        with explained(database.name):
            row = connection.execute(sql.BE_ALONE.encode()).fetchone()
        if row is None or not row[0]:
            raise StoreUnavailable(
                f"Servers are writing to {database.name}: stop all servers of this installation before a database joins it."
            )
