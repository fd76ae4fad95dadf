"""Reconciliation in its shapes, and the bodies of its calls."""

from typing import Annotated

from msgspec import Meta

from fairhold.api.bodies import Wire
from fairhold.api.shapes import At, Out
from fairhold.domain.commands import STATEMENT_PATTERN
from fairhold.domain.money import Money
from fairhold.engine.outside.payment_seen import LineKind
from fairhold.ledger.reconciling import What

DateText = Annotated[
    str, Meta(max_length=10, description="A day in UTC, such as 2026-05-19.", extra_json_schema={"format": "date"})
]
_WHATS = {"enum": [one.value for one in What]}
_KINDS = {"enum": [one.value for one in LineKind]}


class SideOut(Out, frozen=True):
    """What one side has: the money that came (below zero: went), what the provider kept of it, and when."""

    amount: Money
    fee: Money
    at: At


class ItemOut(Out, frozen=True):
    """A difference. `difference`: by how much the statement has more than the books, because of it.

    `line` is what kind of line the provider states, `reference` what the provider calls it. `age_days` counts from when it
    was first seen to now, or to when it was closed; `checked_at` is when it was last compared. It was closed by itself
    unless somebody (`explained_by`) gave a `reason`.
    """

    id: str
    provider: str
    what: Annotated[str, Meta(extra_json_schema=_WHATS)]
    line: Annotated[str, Meta(extra_json_schema=_KINDS)]
    reference: str
    difference: Money
    seen_at: At
    checked_at: At
    age_days: int
    stated: SideOut | None = None
    booked: SideOut | None = None
    order: str | None = None
    closed_at: At | None = None
    explained_by: str | None = None
    reason: str | None = None


class ItemList(Out, frozen=True):
    """Open items, the longest known first; or closed ones, the last closed first."""

    items: list[ItemOut]
    next: str | None


class ReconciledDay(Out, frozen=True):
    """A day of a provider's account, as it was last compared.

    `stated` and `booked` came in that day by the statement and by the books; the balances are those at its end. Of their
    difference `on_the_way` was on one side only and came on the other later, `open` is open items, and `explained` is
    what people have explained.
    """

    provider: str
    day: DateText
    state: Annotated[str, Meta(extra_json_schema={"enum": ["matched", "differs"]})]
    lines: int
    movements: int
    stated: Money
    booked: Money
    stated_balance: Money
    booked_balance: Money
    on_the_way: Money
    open: Money
    explained: Money
    items: int
    ran_at: At


class ProviderTurn(Out, frozen=True):
    """How it stands with a provider: when its statement was last read, and when it is next; `error`: why the last try failed."""

    provider: str
    next_at: At
    failures: int
    asked_at: At | None = None
    done_day: DateText | None = None
    error: str | None = None


class RunList(Out, frozen=True):
    """Days, newest first, and the state of every provider."""

    items: list[ReconciledDay]
    next: str | None
    providers: list[ProviderTurn]


class RunOut(Out, frozen=True):
    """What a run came to with one provider: `matched`, `differs`, `unreachable` (it is asked again later) or `busy`."""

    provider: str
    day: DateText
    state: Annotated[str, Meta(extra_json_schema={"enum": ["matched", "differs", "unreachable", "busy"]})]
    items: int | None = None
    error: str | None = None
    days: list[ReconciledDay] | None = None


class RunsOut(Out, frozen=True):
    """One run a provider."""

    items: list[RunOut]


class NewRun(Wire, frozen=True):
    """Which provider (all of them where none is named), and up to the end of which day (today)."""

    provider: Annotated[str, Meta(min_length=1, max_length=64)] | None = None
    day: DateText | None = None


class Explanation(Wire, frozen=True):
    """Why statement and books differ, or what was done about it."""

    reason: Annotated[str, Meta(min_length=1, max_length=1000, pattern=STATEMENT_PATTERN)]
