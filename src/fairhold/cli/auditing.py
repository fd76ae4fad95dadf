"""`fairhold audit`."""

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from fairhold.cli.options import Database, settings_from
from fairhold.cli.stopping import CLEAN, FOUND_SOMETHING, Stop
from fairhold.cli.stores import existing_store
from fairhold.cli.terminal import progress, say, say_json
from fairhold.engine.audit import auditing as engine_audit
from fairhold.engine.installation.policies import read_policies
from fairhold.proof.archive import Malformed
from fairhold.proof.verify import Verdict, verify


def audit(
    *,
    bundle: Annotated[
        Path | None, Parameter(help="Check this evidence bundle instead: offline, without a database.")
    ] = None,
    key: Annotated[
        str | None, Parameter(help="The fingerprint of the key that the bundle must be signed with.")
    ] = None,
    json: Annotated[bool, Parameter(help="Print the findings as JSON.", negative="")] = False,
    database: Database = None,
) -> int:
    """Play every order's history again and compare it with everything that is stored beside it.

    Snapshots, columns of lists, deadlines, transfers, balances, refunds under way, idempotency keys, commitments and daily
    heads: whatever does not follow from the events is a finding. It reads one moment of the database and may run beside a
    server. Exits 0 when all is well and 1 with a list when not.
    """
    if bundle is not None:
        return _audit_bundle(bundle, key, json=json)
    if key is not None:
        raise Stop("--key says whose bundle it must be.", "Give the bundle too: --bundle FILE.")
    settings = settings_from(database=database)
    with existing_store(settings) as store:
        with progress("Auditing") as advance:
            found = engine_audit.audit(store, advance, read_policies(settings.policy).today)
        orders = store.reader().tab_counts(None, None).get(0, 0)
    if json:
        findings = [{"kind": one.kind, "order": one.order, "what": one.what} for one in found]
        say_json({"audit": findings or "clean", "orders": orders})
    else:
        for finding in found:
            say(str(finding))
        say(f"{len(found)} findings in {orders} orders." if found else f"Clean: {orders} orders, nothing found.")
    return FOUND_SOMETHING if found else CLEAN


def _audit_bundle(file: Path, key: str | None, *, json: bool) -> int:
    try:
        verdict = verify(file, key)
    except Malformed as malformed:
        verdict = Verdict("", "", (str(malformed),), (), ())
    if json:
        say_json({"bundle": "sound" if not verdict.faults else "broken", **verdict._asdict()})
    elif verdict.faults:
        for fault in verdict.faults:
            say(fault)
        say(f"Not sound: {file.name} proves nothing as it is.")
    else:
        say(f"Sound: {file.name}, order {verdict.order}, key {verdict.fingerprint}.\n\nProved:")
        for sentence in verdict.proved:
            say(f"- {sentence}")
        say("\nNot proved by this file:")
        for sentence in verdict.open:
            say(f"- {sentence}")
    return FOUND_SOMETHING if verdict.faults else CLEAN
