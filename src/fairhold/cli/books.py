"""`fairhold reconcile` and `fairhold export`: the books beside the provider's statement, and for other programs."""

import sys
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from fairhold.cli.options import Database, settings_from
from fairhold.cli.stopping import CANNOT, CLEAN, FOUND_SOMETHING, Stop
from fairhold.cli.stores import existing_store
from fairhold.cli.terminal import say, say_json
from fairhold.engine.books.export import Days, Exporter, Format
from fairhold.engine.books.reconciliation import NoRun, Ran, Reconciler
from fairhold.engine.installation.clock import Clock, SandboxClock, SystemClock
from fairhold.engine.installation.settings import Settings
from fairhold.engine.ports.reconciliation import Day
from fairhold.engine.ports.store import Store
from fairhold.ledger.beancount import decimal
from fairhold.proof.heads import day_of, day_text
from fairhold.store.reconciliation import ReconciliationTables
from fairhold.wiring.payments import MoneyParts


def reconcile(
    *,
    day: Annotated[str | None, Parameter(help="Up to the end of which day (UTC), such as 2026-05-19. Today.")] = None,
    provider: Annotated[str | None, Parameter(help="Only this provider. All that are set up.")] = None,
    json: Annotated[bool, Parameter(help="Print it as JSON.", negative="")] = False,
    database: Database = None,
) -> int:
    """Compare providers' statements with the books now; a server does so by itself, every night.

    Bank transfers have no statement but what people said of them: of a transfer that came back short the rest is seen.
    May run beside a server, and again at any time. Exits 0 where nothing is open, 1 where something is, 2 where a
    provider could not be asked: the server tries again later.
    """
    settings = settings_from(database=database)
    with existing_store(settings) as store:
        clock = _clock(settings, store)
        # Nobody is led to a page from here, so that its address needs no secret.
        providers = MoneyParts(settings, store, clock, "", sandbox=False).providers
        reconciler = Reconciler(ReconciliationTables(store.tables()), store.reader(), providers, clock)
        try:
            done = [(name, reconciler.run(name, _day(day, "--day"))) for name in _names(reconciler, provider)]
        finally:
            for one in providers.values():
                one.hang_up()
    if any(ran is NoRun.DAY_UNKNOWN for _, ran in done):
        raise Stop(f"--day {day} is out of reach.", "Give a day of the last 400, today at the latest.")
    if json:
        say_json([_told(name, ran) for name, ran in done])
    else:
        for name, ran in done:
            _say(name, ran)
    unasked = any(not isinstance(ran, Ran) or ran.error is not None for _, ran in done)
    return (
        CANNOT if unasked else FOUND_SOMETHING if any(isinstance(ran, Ran) and ran.items for _, ran in done) else CLEAN
    )


def export(
    *,
    form: Annotated[
        Format, Parameter(name="--format", help="beancount, for bean-check and Fava; csv, one row a transfer.")
    ],
    first: Annotated[
        str | None, Parameter(name="--from", help="The first day (UTC); what was before is carried forward.")
    ] = None,
    end: Annotated[str | None, Parameter(name="--to", help="The day (UTC) before which it ends. Now.")] = None,
    output: Annotated[Path | None, Parameter(help="The file to write. Standard output.")] = None,
    database: Database = None,
) -> int:
    """Write the books for other programs, as one moment has them. May run beside a server, which does not wait for it."""
    settings = settings_from(database=database)
    days = Days(_day(first, "--from"), _day(end, "--to"))
    if days.first is not None and days.end is not None and days.end <= days.first:
        raise Stop("--to lies not behind --from.", "The day of --to is the first that is left out.")
    with existing_store(settings) as store:
        pieces = Exporter(store.reader(), _clock(settings, store)).pieces(form, days)
        if output is None:
            for piece in pieces:
                sys.stdout.buffer.write(piece)
            sys.stdout.buffer.flush()
            return CLEAN
        try:
            with output.open("xb") as file:
                for piece in pieces:
                    file.write(piece)
        except FileExistsError:
            raise Stop(f"{output} is there already.", "Give another name, or move it away.") from None
        except OSError as error:
            raise Stop(f"{output} cannot be written: {error.strerror}.", "Give a place that can be.") from None
    say(f"Written: {output}")
    return CLEAN


def _clock(settings: Settings, store: Store) -> Clock:
    return SandboxClock(store) if settings.sandbox else SystemClock()


def _day(text: str | None, name: str) -> int | None:
    found = None if text is None else day_of(text)
    if text is not None and found is None:
        raise Stop(f"{name} is no day: {text}", "Write it as 2026-05-19.")
    return found


def _names(reconciler: Reconciler, provider: str | None) -> list[str]:
    known = sorted(reconciler.providers)
    if provider is not None and provider not in known:
        raise Stop(f"{provider} is not set up.", f"Set up: {', '.join(known) or 'none'}.")
    return known if provider is None else [provider]


def _state(ran: Ran | NoRun) -> str:
    if not isinstance(ran, Ran):
        return "busy"
    return "unreachable" if ran.error is not None else "differs" if ran.items else "matched"


def _told(name: str, ran: Ran | NoRun) -> dict[str, object]:
    if not isinstance(ran, Ran):
        return {"provider": name, "state": _state(ran)}
    days = [day._asdict() | {"day": day_text(day.day)} for day in ran.days]
    error = {} if ran.error is None else {"error": ran.error}
    return {"provider": name, "state": _state(ran), "items": ran.items, "days": days} | error


def _say(name: str, ran: Ran | NoRun) -> None:
    match ran:
        case Ran(error=str(why)):
            say(f"{name}: could not be asked: {why}")
        case Ran():
            found = f"{ran.items} open items: GET /v1/reconciliation/items, or the page Reconciliation"
            say(f"{name}: {'everything matches' if not ran.items else found}")
            for day in ran.days:
                say(f"  {day_text(day.day)}  {_sums(day)}")
        case _:
            say(f"{name}: somebody else is comparing it at this moment")


def _sums(day: Day) -> str:
    names = {
        "statement": day.stated_balance,
        "books": day.booked_balance,
        "on the way": day.on_the_way,
        "open": day.open,
    }
    return ", ".join(f"{name} {decimal(sum_, day.currency)}" for name, sum_ in names.items()) + f" {day.currency}"
