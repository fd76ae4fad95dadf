"""`fairhold audit`."""

from typing import Annotated

from cyclopts import Parameter

from fairhold.cli.options import Database, settings_from
from fairhold.cli.stopping import CLEAN, FOUND_SOMETHING
from fairhold.cli.stores import existing_store
from fairhold.cli.terminal import progress, say, say_json
from fairhold.engine import audit as engine_audit


def audit(
    *,
    json: Annotated[bool, Parameter(help="Print the findings as JSON.", negative="")] = False,
    database: Database = None,
) -> int:
    """Play every order's history again and compare it with everything that is stored beside it.

    Snapshots, columns of lists, deadlines, transfers, balances, refunds under way and idempotency keys: whatever does
    not follow from the events is a finding. It reads one moment of the database and may run beside a server. Exits 0
    when all is well and 1 with a list when not.
    """
    settings = settings_from(database=database)
    with existing_store(settings) as store:
        with progress("Auditing") as advance:
            found = engine_audit.audit(store, advance)
        orders = store.reader().tab_counts(None, None).get(0, 0)
    if json:
        findings = [{"kind": one.kind, "order": one.order, "what": one.what} for one in found]
        say_json({"audit": findings or "clean", "orders": orders})
    else:
        for finding in found:
            say(str(finding))
        say(f"{len(found)} findings in {orders} orders." if found else f"Clean: {orders} orders, nothing found.")
    return FOUND_SOMETHING if found else CLEAN
