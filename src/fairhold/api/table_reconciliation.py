"""The calls on reconciliation, and the export of the books: a part of the table of routes."""

from fairhold.api import reconciling
from fairhold.api.parameters import CURSOR, LIMIT, Parameter, Wrong
from fairhold.api.rows import Route, change, read
from fairhold.api.wire_reconciliation import Explanation, ItemList, ItemOut, NewRun, RunList, RunsOut
from fairhold.domain.actors import Role
from fairhold.engine.books.export import Format
from fairhold.proof.heads import day_of

_OPERATOR = frozenset({Role.OPERATOR})
_STATES = ("open", "closed")


def _state(text: str) -> str:
    if text not in _STATES:
        raise Wrong("choice")
    return text


def _format(text: str) -> Format:
    try:
        return Format(text)
    except ValueError:
        raise Wrong("choice") from None


def _day(text: str) -> int:
    found = day_of(text)
    if found is None:
        raise Wrong("day")
    return found


def _name(text: str) -> str:
    if not text or len(text) > 64 or not text.isprintable():
        raise Wrong("characters")
    return text


STATE = Parameter(
    "state", _state, {"type": "string", "enum": [*_STATES], "default": "open"}, "Open ones, or closed ones."
)
PROVIDER = Parameter("provider", _name, {"type": "string", "maxLength": 64}, "Only this provider's days.")
FORMAT = Parameter(
    "format",
    _format,
    {"type": "string", "enum": [one.value for one in Format], "default": Format.BEANCOUNT.value},
    "`beancount`: for bean-check, Fava and their like; `csv`: one row a transfer.",
)
_DATE = {"type": "string", "format": "date"}
FROM = Parameter("from", _day, _DATE, "The first day (UTC), such as 2026-05-19; what was before is carried forward.")
TO = Parameter("to", _day, _DATE, "The day (UTC) before which it ends; without it, now.")

RECONCILIATION_ROUTES: tuple[Route, ...] = (
    read(
        "/reconciliation/items",
        "listDifferences",
        "What providers' statements and the books differ in: open ones, the longest known first, or closed ones.",
        reconciling.items,
        ItemList,
        _OPERATOR,
        STATE,
        LIMIT,
        CURSOR,
    ),
    change(
        "/reconciliation/items/{difference}/explanation",
        "explainDifference",
        "Close an open item with a reason: it is not found again as long as both sides stay as they are.",
        Explanation,
        reconciling.explain,
        ItemOut,
        _OPERATOR,
        "difference_not_found",
        "difference_closed",
        "idempotency_key_reused",
    ),
    read(
        "/reconciliation/runs",
        "listReconciledDays",
        "Days of providers' accounts as they were last compared, newest first, and when each provider was asked.",
        reconciling.runs,
        RunList,
        _OPERATOR,
        PROVIDER,
        LIMIT,
        CURSOR,
    ),
    change(
        "/reconciliation/runs",
        "reconcile",
        "Compare now, and answer once that is done. Without a provider: all; without a day: up to this moment, but for the last"
        " hour, whose news may still be on the way.",
        NewRun,
        reconciling.run_now,
        RunsOut,
        _OPERATOR,
        "idempotency_key_reused",
    ),
    read(
        "/ledger/export",
        "exportLedger",
        "The books as a file for other programs, as one moment has them. It ends with the balance of every account, in"
        " Beancount as assertions.",
        reconciling.export,
        None,
        _OPERATOR,
        FORMAT,
        FROM,
        TO,
    )._replace(download="application/octet-stream"),
)
