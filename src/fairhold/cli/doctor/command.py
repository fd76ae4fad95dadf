"""`fairhold doctor`."""

import os
from collections.abc import Iterator
from typing import Annotated

from cyclopts import Parameter

from fairhold.cli.doctor.checks import CHECKS, Patient, Seen, disk
from fairhold.cli.options import Database, PolicyName, settings_from
from fairhold.cli.stopping import CLEAN, FOUND_SOMETHING
from fairhold.cli.stores import existing_store
from fairhold.cli.terminal import progress, say, say_json
from fairhold.engine.installation.settings import Settings
from fairhold.engine.ports.store import StoreUnavailable

_FIRST = "Mend that first, then ask again."


def doctor(
    *,
    json: Annotated[bool, Parameter(help="Print it as JSON.", negative="")] = False,
    database: Database = None,
    policy: PolicyName = None,
) -> int:
    """Look whether everything is as it should be, and say what to do where it is not.

    Settings, policy, the database's soundness and durability, room on the disks, the clock against the databases' and
    the newest event, overdue deadlines, messages and letters that do not go out, what has long been different at providers.
    Changes nothing. Exits 0 when all is well, 1 when there is something to do, 2 when it could not look, so that a monitor
    may call it. `fairhold audit` looks at the orders themselves.
    """
    settings = settings_from(database=database, policy=policy)
    seen = list(disk(settings))
    try:
        seen.extend(_asked(settings))
    except StoreUnavailable as error:
        # On a full disk SQLite cannot even be read; whoever is told of an error of the disk should hear why.
        if all(one.well for one in seen):
            raise
        seen.append(Seen("database", str(error), _FIRST))
    if json:
        say_json([{"what": one.what, "found": one.found, "todo": one.todo or None} for one in seen])
    else:
        _tell(seen)
    return CLEAN if all(one.well for one in seen) else FOUND_SOMETHING


def _asked(settings: Settings) -> Iterator[Seen]:
    """What the checks see that ask the database."""
    with existing_store(settings, migrated=False) as store, progress("Looking at orders") as advance:
        patient = Patient(settings, store, os.environ, advance)
        waiting = store.pending_migrations()
        if waiting:
            yield Seen("migrations", f"waiting: {', '.join(waiting)}", "Make a backup, then run `fairhold migrate`.")
            return
        for check in CHECKS:
            try:
                yield from check(patient)
            except StoreUnavailable as error:
                yield Seen(check.__name__, str(error), _FIRST)


def _tell(seen: list[Seen]) -> None:
    for one in seen:
        say(f"{'ok  ' if one.well else 'DO  '}{one.what.ljust(11)}{one.found}", style=None if one.well else "bold")
        if one.todo:
            say(f"{' ' * 15}{one.todo}")
    undone = sum(not one.well for one in seen)
    say(f"\n{undone} to do." if undone else "\nAll is well.")
