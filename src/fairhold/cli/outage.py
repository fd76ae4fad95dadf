"""`fairhold outage`: people get back the time in which nobody could act."""

from collections import Counter
from collections.abc import Iterator
from typing import Annotated

from cyclopts import Parameter

from fairhold.api.instants import parse_instant
from fairhold.cli.options import Database, settings_from
from fairhold.cli.stopping import CLEAN, FOUND_SOMETHING, Stop
from fairhold.cli.stores import existing_store
from fairhold.cli.terminal import progress, say, say_json
from fairhold.domain.actors import Actor, Role
from fairhold.domain.commands import RecordOutage
from fairhold.domain.ids import OrderId, PersonId
from fairhold.domain.instants import Instant
from fairhold.engine.kernel.envelope import Answer, Envelope
from fairhold.engine.ports.store import Store, StoredOrder
from fairhold.wiring import Application, build

_PAGE = 500


def outage(
    start: Annotated[str, Parameter(help="When it began, in RFC 3339: 2026-03-01T09:00:00Z.")],
    end: Annotated[str, Parameter(help="When people could act again.")],
    *,
    by: Annotated[str, Parameter(help="The operator who records it; every order's history names them.")] = "ops",
    json: Annotated[bool, Parameter(help="Print the counts as JSON.", negative="")] = False,
    database: Database = None,
) -> int:
    """Record that nobody could reach Fairhold, BEFORE the server is started again.

    Deadlines of people that fell into the outage move on by its length: to pay, to ship, to check, protection. A
    server that starts first would apply them as they stand. Recording the same outage twice changes nothing. Exits 1
    when some order could not be moved.
    """
    command = RecordOutage(start=_instant(start, "START"), end=_instant(end, "END"))
    if command.end <= command.start:
        raise Stop("The outage ends before it begins.", "Give START first, then END.")
    settings = settings_from(database=database)
    with existing_store(settings):
        pass
    application = build(settings, migrate=False)
    try:
        if command.end > application.clock.now():
            raise Stop("END lies in the future.", "Record an outage once it is over.")
        application.start(background=False)
        counts = _record(application, command, Actor(Role.OPERATOR, PersonId(by)))
    finally:
        application.close()
    if json:
        say_json({"moved": counts["moved"], "untouched": counts["untouched"], "failed": counts["failed"]})
    else:
        say(f"{counts['moved']} orders moved, {counts['untouched']} had no deadline in it or were moved before.")
        if counts["failed"]:
            say(f"{counts['failed']} orders could not be moved; the log says why.")
    return FOUND_SOMETHING if counts["failed"] else CLEAN


def _instant(text: str, name: str) -> Instant:
    found = parse_instant(text)
    if found is None:
        raise Stop(f"{name} is no moment: {text}", "Write it in RFC 3339 with its zone, such as 2026-03-01T09:00:00Z.")
    return found


def _record(application: Application, command: RecordOutage, operator: Actor) -> Counter[str]:
    counts: Counter[str] = Counter(moved=0, untouched=0, failed=0)
    total = application.queries.count_orders()
    with progress("Recording the outage") as advance:
        for seen, page in _open_pages(application.store):
            concerned = [
                row for row in page if row.next_deadline_at is not None and row.next_deadline_at <= command.end
            ]
            envelopes = [Envelope(OrderId(row.id), command, operator) for row in concerned]
            for row, outcome in zip(concerned, application.engine.submit_many_waiting(envelopes), strict=True):
                counts[_verdict(row, outcome)] += 1
            counts["untouched"] += len(page) - len(concerned)
            advance(seen, total)
    return counts


def _verdict(row: StoredOrder, outcome: object) -> str:
    if not isinstance(outcome, Answer):
        return "failed"
    return "moved" if outcome.order.version > row.version else "untouched"


def _open_pages(store: Store) -> Iterator[tuple[int, list[StoredOrder]]]:
    """Orders that still have a deadline, a page at a time, and how many orders were looked at so far."""
    reader = store.reader()
    last: str | None = None
    seen = 0
    while page := reader.scan_orders(last, _PAGE):
        seen += len(page)
        yield seen, [row for row in page if row.next_deadline_at is not None]
        last = page[-1].id
