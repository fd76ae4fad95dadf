"""`fairhold replay`."""

import tempfile
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter
from typing import Annotated

import msgspec
from cyclopts import Parameter

from fairhold.cli.options import Database, settings_from
from fairhold.cli.replay.columns import positions, read_columns
from fairhold.cli.replay.missing import Missing
from fairhold.cli.replay.outcome import Run, Tally, report_of
from fairhold.cli.replay.playing import Playing
from fairhold.cli.replay.report import show
from fairhold.cli.replay.rows import Layout, Row, Skipped, read_rows
from fairhold.cli.replay.script import Terms
from fairhold.cli.replay.table import read_table
from fairhold.cli.stopping import CLEAN, FOUND_SOMETHING, Stop
from fairhold.cli.terminal import progress, say_json
from fairhold.domain.instants import Instant
from fairhold.engine.audit.auditing import audit
from fairhold.engine.installation.clock import VirtualClock
from fairhold.engine.installation.settings import Settings
from fairhold.wiring import Application, build

_BATCH = 2000
_DEFAULTS = Missing()


def replay(
    orders: Annotated[
        Path,
        Parameter(
            help="A CSV file with a header; the columns of Olist's public data set unless --columns says otherwise."
        ),
    ],
    /,
    *others: Annotated[str, Parameter(help="Further policies, as in --policy aliexpress fair strict.", show=False)],
    policy: Annotated[
        list[str] | None,
        Parameter(
            help="The policy to replay under: a preset's name or a TOML file. Several are compared side by side:"
            " --policy aliexpress fair. FAIRHOLD_POLICY when not given.",
            negative="",
        ),
    ] = None,
    json: Annotated[bool, Parameter(help="Print the report as JSON.", negative="")] = False,
    columns: Annotated[
        list[str] | None,
        Parameter(
            help="Which column means what: --columns order=id,purchased=bought_at. Meanings: order, buyer, status,"
            " purchased, paid, shipped, delivered, promised. status=- says that there is no such column.",
            negative="",
        ),
    ] = None,
    encoding: Annotated[str, Parameter(help="The file's encoding, where it is not UTF-8.")] = "utf-8",
    missing: Missing = _DEFAULTS,
    database: Database = None,
) -> int:
    """Run a history of real orders through the engine on a virtual clock, and report what protection would have done.

    Every order of the file is placed, paid, shipped and delivered at its own time, through the real engine and into a
    real database. Between those moments every deadline fires at its own time; after the last one time passes until
    nothing is open. The report says how the orders ended, for how many days their money was held, and whether the
    books and the audit agree.

    A row that contradicts itself is reported with its line and left out, never repaired; that is no failure.

    With one policy the orders stay in FAIRHOLD_DATABASE, which must hold none before. Several policies are compared
    each in a temporary database.
    """
    settings = settings_from(database=database)
    rows, skipped = _read(orders, columns or (), encoding, missing)
    if others and not policy:
        raise Stop(f"{' '.join(others)} is one file too many.", "Replay one file at a time.")
    named = [name for text in (*(policy or ()), *others) for name in text.split(",") if name]
    names = list(dict.fromkeys(named)) or [settings.policy]
    with tempfile.TemporaryDirectory(prefix="fairhold-replay-") as folder:
        runs = {}
        for place, name in enumerate(names):
            own = settings.database if len(names) == 1 else f"sqlite:///{folder}/{place}.db"
            chosen = msgspec.structs.replace(settings, database=own, policy=name, batch=_BATCH)
            runs[name] = _replay(chosen, rows, skipped, missing.terms())
    reports = {name: run.report for name, run in runs.items()}
    if json:
        say_json(reports[names[0]] if len(names) == 1 else {"policies": reports})
    else:
        show(runs, kept=settings.database_shown if len(names) == 1 else None)
    return CLEAN if all(report.audit == "clean" for report in reports.values()) else FOUND_SOMETHING


def _read(path: Path, columns: Sequence[str], encoding: str, missing: Missing) -> tuple[list[Row], list[Skipped]]:
    names = read_columns(columns)
    table = read_table(path, encoding)
    layout = Layout(len(table.header), positions(path, table.header, names), names, missing.zone())
    found = list(read_rows(table.records, layout))
    return [row for row in found if isinstance(row, Row)], [row for row in found if isinstance(row, Skipped)]


def _replay(settings: Settings, rows: Sequence[Row], skipped: Sequence[Skipped], terms: Terms) -> Run:
    started = perf_counter()
    clock = VirtualClock(min((row.moments.purchased for row in rows), default=Instant(0)))
    app = build(settings, clock=clock, history=True)
    try:
        _must_be_empty(app)
        app.start(background=False)
        name = app.policies.default.name
        playing = Playing(app, clock, rows, app.policies.default, terms)
        with progress(f"Replaying under {name}") as advance:
            playing.run(advance)
        tally = Tally()
        for order in playing.orders.values():
            tally.add(event for _, event in app.queries.history(order))
        with progress(f"Auditing {name}") as advance:
            findings = [str(finding) for finding in audit(app.store, advance)]
        replayed = [row for place, row in enumerate(rows) if place in playing.orders]
        report = report_of([*skipped, *playing.refused], replayed, tally, findings)
        return Run(report, app.queries.balances(), perf_counter() - started)
    finally:
        app.close()


def _must_be_empty(app: Application) -> None:
    if app.queries.list_orders(limit=1).items:
        raise Stop(
            f"{app.settings.database_shown} holds orders already, and a history must not mix with them.",
            "Name a new file: --database sqlite:///history.db",
        )
