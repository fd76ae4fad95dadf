"""`fairhold doctor`."""

import os
from typing import Annotated

from cyclopts import Parameter

from fairhold.cli.doctor.checks import CHECKS, Patient, Seen
from fairhold.cli.options import Database, PolicyName, settings_from
from fairhold.cli.stopping import CLEAN, FOUND_SOMETHING
from fairhold.cli.stores import existing_store
from fairhold.cli.terminal import progress, say, say_json
from fairhold.engine.ports import StoreUnavailable


def doctor(
    *,
    json: Annotated[bool, Parameter(help="Print it as JSON.", negative="")] = False,
    database: Database = None,
    policy: PolicyName = None,
) -> int:
    """Look whether everything is as it should be, and say what to do where it is not.

    Settings, policy, the database's soundness and durability, room on the disk, the clock against the newest event,
    overdue deadlines, messages and letters that do not go out. Changes nothing. Exits 1 when there is something to do.
    `fairhold audit` looks at the orders themselves.
    """
    settings = settings_from(database=database, policy=policy)
    seen: list[Seen] = []
    with existing_store(settings, migrated=False) as store, progress("Looking at orders") as advance:
        patient = Patient(settings, store, os.environ, advance)
        waiting = store.pending_migrations()
        if waiting:
            seen.append(Seen("migrations", f"waiting: {', '.join(waiting)}", "Run `fairhold migrate`."))
        for check in CHECKS if not waiting else ():
            try:
                seen.extend(check(patient))
            except StoreUnavailable as error:
                seen.append(Seen(check.__name__, str(error), "Mend that first, then ask again."))
    if json:
        say_json([{"what": one.what, "found": one.found, "todo": one.todo or None} for one in seen])
    else:
        _tell(seen)
    return CLEAN if all(one.well for one in seen) else FOUND_SOMETHING


def _tell(seen: list[Seen]) -> None:
    for one in seen:
        say(f"{'ok  ' if one.well else 'DO  '}{one.what.ljust(11)}{one.found}", style=None if one.well else "bold")
        if one.todo:
            say(f"{' ' * 15}{one.todo}")
    undone = sum(not one.well for one in seen)
    say(f"\n{undone} to do." if undone else "\nAll is well.")
