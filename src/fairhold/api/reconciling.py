"""Calls about reconciliation, and the books as a file: for the operator."""

from fairhold.api.acting import Given
from fairhold.api.moments import moment
from fairhold.api.parameters import ON_A_PAGE
from fairhold.api.parts import Call, Parts, Streamed
from fairhold.api.problems import Problem
from fairhold.api.readings import Reading
from fairhold.api.wire_reconciliation import (
    Explanation,
    ItemList,
    ItemOut,
    NewRun,
    ProviderTurn,
    ReconciledDay,
    RunList,
    RunOut,
    RunsOut,
    SideOut,
)
from fairhold.domain.instants import DAY, Instant
from fairhold.domain.money import Currency, Money
from fairhold.engine.books.export import Days, Format, begun
from fairhold.engine.books.reconciliation import NoRun, Ran
from fairhold.engine.ports.reconciliation import Day, Item, Turn
from fairhold.ledger.reconciling import Entry
from fairhold.proof.heads import day_of, day_text
from fairhold.words.dates import rfc3339
from fairhold.words.faults import Fault
from fairhold.words.lines import plain_lines

_BAD_CURSOR = Problem(Fault.INVALID_CURSOR, "cursor")


def items(parts: Parts, call: Call) -> Reading:
    """What is open, or what was closed."""
    is_open = call.query.get("state", "open") == "open"
    kind, after = f"reconciliation/{is_open}", None
    if "cursor" in call.query:
        position = parts.cursors.read(kind, call.query["cursor"])
        if position is None:
            return _BAD_CURSOR
        at, _, id_ = position.partition("/")
        after = (int(at), id_)
    limit = call.query.get("limit", ON_A_PAGE)
    found = parts.reconciler.rows.items(is_open=is_open, after=after, limit=limit + 1)
    further = None
    if len(found) > limit:
        last = found[limit - 1]
        further = parts.cursors.write(kind, f"{last.seen_at if is_open else last.closed_at}/{last.id}")
    return ItemList([item_out(one, parts.queries.now()) for one in found[:limit]], further)


def runs(parts: Parts, call: Call) -> Reading:
    """Days that were compared, and whose turn it is."""
    before = None
    if "cursor" in call.query:
        position = parts.cursors.read("reconciliation/runs", call.query["cursor"])
        if position is None:
            return _BAD_CURSOR
        day, provider, currency = position.split("/")
        before = (int(day), provider, currency)
    limit = call.query.get("limit", ON_A_PAGE)
    rows = parts.reconciler.rows
    found = rows.days(before, limit + 1, call.query.get("provider"))
    further = None
    if len(found) > limit:
        last = found[limit - 1]
        further = parts.cursors.write("reconciliation/runs", f"{last.day}/{last.provider}/{last.currency}")
    return RunList([_day(one) for one in found[:limit]], further, [_turn(turn) for turn in rows.turns()])


def run_now(parts: Parts, call: Call, given: Given[NewRun] | Problem) -> Reading:
    """Compare at once."""
    if isinstance(given, Problem):
        return given
    body, reconciler = given.body, parts.reconciler
    if body.provider is not None and body.provider not in reconciler.providers:
        return Problem(Fault.INVALID_VALUE, "provider", "choice")
    today = reconciler.now() // DAY
    day = today if body.day is None else day_of(body.day)
    if day is None:
        return Problem(Fault.INVALID_VALUE, "day", "day")
    names = sorted(reconciler.providers) if body.provider is None else [body.provider]
    done = [(name, reconciler.run(name, day)) for name in names]
    if any(one is NoRun.DAY_UNKNOWN for _, one in done):
        return Problem(Fault.INVALID_VALUE, "day", "day")
    return RunsOut([_run(name, day, one) for name, one in done])


def explain(parts: Parts, call: Call, given: Given[Explanation] | Problem) -> Reading:
    """Close an item by a person's word. The same word once more changes nothing."""
    rows = parts.reconciler.rows
    known = rows.item(call.names["difference"])
    if known is None:
        return Problem(Fault.DIFFERENCE_NOT_FOUND)
    if isinstance(given, Problem):
        return given
    by, reason, now = str(call.actor), plain_lines(given.body.reason).strip(), parts.queries.now()
    if known.closed_at is None:
        rows.explain(known.id, by, reason, now)
        known = rows.item(known.id) or known
    if (known.closed_by, known.reason) != (by, reason):
        return Problem(Fault.DIFFERENCE_CLOSED)
    return item_out(known, now)


def export(parts: Parts, call: Call) -> Reading:
    """The books as a file. What goes wrong before its first piece is answered as any problem."""
    form: Format = call.query.get("format", Format.BEANCOUNT)
    days = Days(call.query.get("from"), call.query.get("to"))
    if days.first is not None and days.end is not None and days.end <= days.first:
        return Problem(Fault.INVALID_PARAMETER, "to", "day")
    pieces = parts.exporter.pieces(form, days)
    return Streamed(begun(pieces), "application/octet-stream", parts.exporter.name(form, days))


def item_out(item: Item, now: Instant) -> ItemOut:
    """An item as everybody is told of it."""
    return ItemOut(
        id=item.id,
        provider=item.provider,
        what=item.what.value,
        line=item.kind,
        reference=item.reference,
        difference=_money(item.net, item.currency),
        seen_at=rfc3339(item.seen_at),
        checked_at=rfc3339(item.checked_at),
        age_days=age_in_days(item, now),
        stated=_side(item.stated, item.currency),
        booked=_side(item.booked, item.currency),
        order=item.order,
        closed_at=moment(item.closed_at),
        explained_by=item.closed_by,
        reason=item.reason,
    )


def age_in_days(item: Item, now: Instant) -> int:
    """For how many whole days it was known, until now or until it was closed."""
    return int(((item.closed_at or now) - item.seen_at) // DAY)


def _side(entry: Entry | None, currency: str) -> SideOut | None:
    if entry is None:
        return None
    return SideOut(_money(entry.amount, currency), _money(entry.fee, currency), rfc3339(entry.at))


def _money(amount: int, currency: str) -> Money:
    return Money(amount, Currency(currency))


def _day(day: Day) -> ReconciledDay:
    def money(amount: int) -> Money:
        return _money(amount, day.currency)

    return ReconciledDay(
        provider=day.provider,
        day=day_text(day.day),
        state="differs" if day.items or day.open else "matched",
        lines=day.lines,
        movements=day.movements,
        stated=money(day.stated),
        booked=money(day.booked),
        stated_balance=money(day.stated_balance),
        booked_balance=money(day.booked_balance),
        on_the_way=money(day.on_the_way),
        open=money(day.open),
        explained=money(day.explained),
        items=day.items,
        ran_at=rfc3339(day.ran_at),
    )


def _turn(turn: Turn) -> ProviderTurn:
    return ProviderTurn(
        provider=turn.provider,
        next_at=rfc3339(turn.next_at),
        asked_at=moment(turn.asked_at),
        done_day=None if turn.done_day is None else day_text(turn.done_day),
        failures=turn.failures,
        error=turn.error,
    )


def _run(name: str, day: int, ran: Ran | NoRun) -> RunOut:
    if not isinstance(ran, Ran):
        return RunOut(name, day_text(day), "busy")
    state = "unreachable" if ran.error is not None else "differs" if ran.items else "matched"
    items = None if ran.error is not None else ran.items
    return RunOut(name, day_text(day), state, items, ran.error, [_day(one) for one in ran.days] or None)
