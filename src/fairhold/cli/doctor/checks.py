"""What the doctor looks at. Each check yields what it saw; whatever is wrong comes with what to do about it."""

import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from fairhold.cli.terminal import Advance
from fairhold.domain import liveness
from fairhold.domain.instants import DAY, HOUR, MINUTE, SECOND, Duration, Instant
from fairhold.engine.installation.clock import Clock, SandboxClock, SystemClock
from fairhold.engine.installation.policies import PolicyError, read_policies
from fairhold.engine.installation.settings import Settings
from fairhold.engine.ports.store import Store
from fairhold.store.clocks import differences
from fairhold.store.mail import MailTables
from fairhold.store.reconciliation import ReconciliationTables
from fairhold.store.sqlite.health import LEAST_FREE
from fairhold.store.urls import is_postgres, sqlite_path
from fairhold.wiring import photos_place
from fairhold.wiring.payments import providers_of
from fairhold.words.dates import to_the_second

PATIENCE = Duration(5 * MINUTE)
"""How far behind the sweep or the courier may be before somebody should look."""
CLOCKS_APART = Duration(2 * SECOND)
UNASKED = Duration(2 * DAY)
"""For how long a provider's statement may not be had."""
DIFFERENT_LONG = Duration(3 * DAY)
"""What closes by itself has done so by then: a person has to look."""
_MANY = 1000
_MEGABYTE = 1 << 20


class Seen(NamedTuple):
    """One thing that was looked at. `todo` is empty where all is well."""

    what: str
    found: str
    todo: str = ""

    @property
    def well(self) -> bool:
        """Whether there is nothing to do."""
        return not self.todo


class Patient(NamedTuple):
    """What is examined."""

    settings: Settings
    store: Store
    environment: Mapping[str, str]
    advance: Advance

    @property
    def clock(self) -> Clock:
        """The clock that its server goes by."""
        return SandboxClock(self.store) if self.settings.sandbox else SystemClock()


def settings(patient: Patient) -> Iterator[Seen]:
    """What this installation was told."""
    told = patient.settings
    unknown = sorted(
        name for name in patient.environment if name.startswith("FAIRHOLD_") and name not in known_variables()
    )
    if unknown:
        yield Seen("settings", f"{', '.join(unknown)} mean nothing to Fairhold", "Correct the name, or unset it.")
    if told.secret is None:
        yield Seen("settings", "no FAIRHOLD_SECRET: one is kept in the database")
    if told.sandbox:
        yield Seen("settings", "FAIRHOLD_SANDBOX is on: no real money, a clock that can be moved, anybody may sign in")
    if told.operator_key is not None and told.operator_key.startswith(("try-", "demo", "test")) and not told.sandbox:
        yield Seen("settings", "FAIRHOLD_OPERATOR_KEY looks like one for trying out", "Choose a long random one.")
    if told.operator_key is None and not any(key.revoked_at is None for key in patient.store.access().api_keys()):
        yield Seen("settings", "no API key is valid yet: `fairhold keys create` makes one")


def known_variables() -> frozenset[str]:
    """The environment variables that settings are read from."""
    fields = Settings.__struct_fields__
    return frozenset({f"FAIRHOLD_{name.upper()}" for name in fields} | {"FAIRHOLD_STRIPE_KEY", "FAIRHOLD_YOOKASSA_KEY",
                                                                        "FAIRHOLD_PAYMENT_KEY"})  # fmt: skip


def policy(patient: Patient) -> Iterator[Seen]:
    """Whether the policy can be read, ends every hold, and fits its providers."""
    try:
        chosen = read_policies(patient.settings.policy).default
    except PolicyError as error:
        yield Seen("policy", str(error), "`fairhold policy check FILE` names the lines.")
        return
    for problem in liveness.check(chosen):
        yield Seen("policy", f"{problem.key} {problem.message}", "Change the policy before it is used.")
    for provider, ceiling, days in liveness.outlasted(chosen):
        yield Seen(
            "policy", f"an order may take {days} days and {provider} holds money for {ceiling}: the rest is refunded"
        )
    whole = sum(step.length for step in liveness.longest_path(chosen))
    for name, connected in providers_of(patient.settings.payments).items():
        longest = connected.terms.ceiling
        if longest is not None and whole > longest:
            yield Seen(
                "policy",
                f"an order may take {-(-whole // DAY)} days and {name} holds money for {longest // DAY}: the rest is refunded",
            )
    yield Seen("policy", f"{chosen.name}, version {chosen.version}")


def database(patient: Patient) -> Iterator[Seen]:
    """Whether the database is sound and its commits durable."""
    for problem in patient.store.check():
        yield Seen("database", problem, "See to it before anything else: money depends on it.")
    if is_postgres(patient.settings.database):
        yield Seen("database", patient.settings.database_shown)
        return
    path = sqlite_path(patient.settings.database)
    size = path.stat().st_size
    yield Seen("database", f"{path}, {size // _MEGABYTE} MB")


def disk(told: Settings) -> Iterator[Seen]:
    """Whether what grows here has room to grow: the database's file, and the photos. Asks no database."""
    path = None if is_postgres(told.database) else sqlite_path(told.database)
    if path is not None and path.exists():
        yield from _room("the database", path.absolute().parent, path.stat().st_size)
    place = photos_place(told)
    if not place.startswith("s3://") and Path(place).is_dir():
        yield from _room("photos", Path(place).absolute(), 0)


def _room(what: str, folder: Path, size: int) -> Iterator[Seen]:
    free = shutil.disk_usage(folder).free
    left = f"{free // _MEGABYTE} MB free for {what} in {folder}"
    if not free:
        yield Seen("disk", f"full: nothing is free for {what} in {folder}", "Make room now: nothing can be written.")
    elif free < LEAST_FREE:
        yield Seen("disk", f"only {left}", "Make room soon: on a full disk every command is answered with 503.")
    elif free < 2 * size:
        yield Seen("disk", f"{left}, less than a copy of it would take", "Make room: a backup beside it needs it.")
    else:
        yield Seen("disk", left)


def clock(patient: Patient) -> Iterator[Seen]:
    """Whether the clock is that of the databases, and not behind what was already recorded."""
    for name, ahead in differences(patient.settings.database):
        if abs(ahead) > CLOCKS_APART:
            yield Seen(
                "clock",
                f"{length(Duration(abs(ahead)))} {'behind' if ahead > 0 else 'ahead of'} the clock of {name}",
                "Set both machines' clocks (NTP): deadlines fire by the one that serves.",
            )
    now, newest = patient.clock.now(), _newest(patient)
    if newest is None:
        yield Seen("clock", f"{to_the_second(now)}, no orders yet")
    elif newest > now + CLOCKS_APART:
        yield Seen(
            "clock",
            f"{to_the_second(now)}, {length(Duration(newest - now))} behind the newest event ({to_the_second(newest)})",
            "Set the machine's clock (NTP). If a sandbox or a replay wrote this database, its time was another:"
            " use a new one for real orders.",
        )
    else:
        yield Seen("clock", f"{to_the_second(now)}, newest event {length(Duration(now - newest))} ago")


def _newest(patient: Patient) -> Instant | None:
    reader = patient.store.reader()
    total = reader.tab_counts(None, None).get(0, 0)
    newest, after, done = None, None, 0
    while rows := reader.scan_orders(after, _MANY):
        newest = max(newest or 0, *(row.updated_at for row in rows))
        after, done = rows[-1].id, done + len(rows)
        patient.advance(done, total)
    return Instant(newest) if newest is not None else None


def deadlines(patient: Patient) -> Iterator[Seen]:
    """Whether deadlines fire, and which orders wait for a person."""
    reader, now = patient.store.reader(), patient.clock.now()
    overdue, oldest = reader.overdue(now)
    if overdue and oldest is not None and now - oldest > PATIENCE:
        yield Seen(
            "deadlines",
            f"{overdue} orders are past a deadline, the oldest by {length(Duration(now - oldest))}",
            "Is `fairhold serve` running? It fires them; nothing is lost meanwhile, each counts as of its own time.",
        )
    else:
        yield Seen("deadlines", f"{overdue} overdue")
    parked = reader.parked_orders(_MANY)
    if parked:
        yield Seen(
            "deadlines",
            f"{len(parked)} orders are parked: {', '.join(parked[:5])}",
            "Their deadlines do not move on, which is a fault of Fairhold: run `fairhold audit` and report what it says.",
        )


def outbox(patient: Patient) -> Iterator[Seen]:
    """Whether messages to the outside go out."""
    reader, now = patient.store.reader(), patient.clock.now()
    parked = reader.outbox(("parked",), _MANY)
    for message in parked[:5]:
        yield Seen(
            "outbox",
            f"parked after {message.attempts} attempts: order {message.order_id} to {message.destination}: {message.error}",
            "Ask the destination what it has; what stands behind this message waits too.",
        )
    late = [message for message in reader.outbox(("waiting",), _MANY) if now - message.not_before > PATIENCE]
    failing = [message for message in late if message.attempts]
    if late:
        why = f"; the last said: {failing[0].error}" if failing else ""
        yield Seen(
            "outbox",
            f"{len(late)} messages have waited for more than {length(PATIENCE)}{why}",
            "Is `fairhold serve` running? If it is, its log says why they do not go out.",
        )
    if not parked and not late:
        yield Seen("outbox", "nothing is stuck")


def letters(patient: Patient) -> Iterator[Seen]:
    """Where letters go, and whether they arrive."""
    kind = patient.settings.mail.partition(":")[0]
    goes = {
        "console": "to standard error, so nobody gets one (FAIRHOLD_MAIL)",
        "files": "into a folder, so nobody gets one",
    }
    yield Seen("letters", f"go {goes.get(kind, f'by {kind}')}")
    parked = MailTables(patient.store.tables()).parked()
    if parked:
        yield Seen(
            "letters",
            f"{parked} are parked: their servers refused them, or did not answer for two days",
            "What each server said stands in the table `mail`, where `state` is parked.",
        )


def reconciliation(patient: Patient) -> Iterator[Seen]:
    """Whether providers' statements are read, and what has been different for long."""
    rows, now = ReconciliationTables(patient.store.tables()), patient.clock.now()
    for turn in rows.turns():
        since = 0 if turn.asked_at is None else turn.asked_at
        if turn.failures and now - since > UNASKED:
            yield Seen(
                "reconciliation",
                f"the statement of {turn.provider} could not be read {turn.failures} times; the last said: {turn.error}",
                "Are its keys still good? `fairhold reconcile` tries at once.",
            )
    for name, found in rows.open_by_provider().items():
        age = Duration(now - found.oldest)
        todo = "Look at them on the page Reconciliation, mend or explain them." if age > DIFFERENT_LONG else ""
        yield Seen("reconciliation", f"{found.items} differences with {name}, the oldest for {length(age)}", todo)


def length(duration: Duration) -> str:
    """A length of time, roughly."""
    for unit, name in ((DAY, "d"), (HOUR, "h"), (MINUTE, "min")):
        if duration >= unit:
            return f"{duration // unit} {name}"
    return f"{duration // SECOND} s"


CHECKS: tuple[Callable[[Patient], Iterator[Seen]], ...] = (
    settings,
    policy,
    database,
    clock,
    deadlines,
    outbox,
    letters,
    reconciliation,
)
"""All that ask the database, in the order in which they are told."""
