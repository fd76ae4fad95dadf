"""Parameters of addresses: each with its name, how it is read, and how the documentation writes it. Strict, like bodies."""

import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

from fairhold.api.problems import Problem
from fairhold.domain.actors import PEOPLE
from fairhold.domain.commands import MAX_QUANTITY, PERSON_PATTERN, LineQuantity
from fairhold.domain.dispute_status import DisputeTab
from fairhold.domain.ids import ORDER_ID_PATTERN, LineId, is_order_id
from fairhold.domain.status import Tab
from fairhold.engine.ports.disputes import DisputeSort
from fairhold.words.faults import Fault

LONGEST_QUERY = 8192
MOST_ON_A_PAGE = 200
ON_A_PAGE = 50


class Wrong(Exception):
    """The text is no value of this parameter; `hint` and `limit` say what would be."""

    def __init__(self, hint: str | None = None, limit: str = "") -> None:
        super().__init__(hint)
        self.hint = hint
        self.limit = limit


class Parameter(NamedTuple):
    """One parameter of an address. `read` turns its text into a value or raises Wrong."""

    name: str
    read: Callable[[str], Any]
    schema: Mapping[str, Any]
    about: str


def _limit(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 6:
        raise Wrong("whole number")
    value = int(text)
    if value < 1:
        raise Wrong("at least", "1")
    if value > MOST_ON_A_PAGE:
        raise Wrong("at most", str(MOST_ON_A_PAGE))
    return value


def _tab(text: str) -> Tab:
    try:
        return Tab(text)
    except ValueError:
        raise Wrong("choice") from None


def _dispute_tab(text: str) -> DisputeTab:
    try:
        return DisputeTab(text)
    except ValueError:
        raise Wrong("choice") from None


_SORTS = {"newest": DisputeSort.NEWEST, "deadline": DisputeSort.DEADLINE, "amount": DisputeSort.AMOUNT}


def _dispute_sort(text: str) -> DisputeSort:
    if text not in _SORTS:
        raise Wrong("choice")
    return _SORTS[text]


def _role(text: str) -> str:
    if text not in PEOPLE:
        raise Wrong("choice")
    return text


def flag(text: str) -> bool:
    """Yes or no."""
    if text in {"1", "true"}:
        return True
    if text in {"0", "false"}:
        return False
    raise Wrong("yes or no")


def _picture_size(text: str) -> str:
    if text not in {"full", "thumb"}:
        raise Wrong("choice")
    return text


def _text(text: str) -> str:
    if len(text) > 100:
        raise Wrong("shorter", "100")
    if not text.isprintable():
        raise Wrong("characters")
    return text


def person(text: str) -> str:
    """Somebody's id at the marketplace."""
    if not re.fullmatch(PERSON_PATTERN, text):
        raise Wrong("characters")
    return text


def _order(text: str) -> str:
    if not is_order_id(text):
        raise Wrong("characters")
    return text


def _lines(text: str) -> tuple[LineId | LineQuantity, ...]:
    return tuple(_line(part) for part in text.split(",")) if text else ()


def _line(part: str) -> LineId | LineQuantity:
    name, colon, count = part.partition(":")
    if not name or len(name) > 64 or not name.isprintable():
        raise Wrong("characters")
    if not colon:
        return LineId(name)
    if not count.isascii() or not count.isdigit() or len(count) > 6 or not 1 <= int(count) <= MAX_QUANTITY:
        raise Wrong("whole number")
    return LineQuantity(id=LineId(name), quantity=int(count))


LIMIT = Parameter(
    "limit",
    _limit,
    {"type": "integer", "minimum": 1, "maximum": MOST_ON_A_PAGE, "default": ON_A_PAGE},
    "How many at most.",
)
CURSOR = Parameter("cursor", str, {"type": "string"}, "Where the page before ended: its `next`.")
TAB = Parameter(
    "status", _tab, {"type": "string", "enum": [tab.value for tab in Tab]}, "The tab to list; without it, all."
)
DISPUTE_TAB = Parameter(
    "tab",
    _dispute_tab,
    {"type": "string", "enum": [tab.value for tab in DisputeTab]},
    "The tab to list; without it, all.",
)
DISPUTE_SORT = Parameter(
    "sort",
    _dispute_sort,
    {"type": "string", "enum": sorted(_SORTS), "default": "newest"},
    "For staff: by deadline or by amount, open claims alone.",
)
ROLE = Parameter(
    "role",
    _role,
    {"type": "string", "enum": sorted(role.value for role in PEOPLE)},
    "In which role the caller lists: their own. Staff see everybody's orders in any.",
)
SEARCH = Parameter(
    "q",
    _text,
    {"type": "string", "maxLength": 100},
    "An order's id or number, for staff also a person, whichever order has it; any other text is looked for in titles,"
    " SKUs, references and tracking numbers of the newest 1000 orders of the list.",
)
DRY_RUN = Parameter(
    "dry_run",
    flag,
    {"type": "string", "enum": ["0", "1", "false", "true"]},
    "`1`: answer what would happen, and do nothing.",
)
LINES = Parameter(
    "lines",
    _lines,
    {"type": "string"},
    "Line ids with commas between them; `id:2` means two of that line.",
)
PICTURE_SIZE = Parameter(
    "size",
    _picture_size,
    {"type": "string", "enum": ["full", "thumb"], "default": "full"},
    "`thumb`: at most 400 pixels a side instead of 2400.",
)
OF_ORDER = Parameter("order", _order, {"type": "string", "pattern": ORDER_ID_PATTERN}, "Only this order's.")
PERSON_SCHEMA = {"type": "string", "pattern": PERSON_PATTERN}


def read_query(raw: bytes, parameters: tuple[Parameter, ...]) -> dict[str, Any] | Problem:
    """The values of a query string by name; one that the call does not know, or that is given twice, is refused by name."""
    if not raw:
        return {}
    if len(raw) > LONGEST_QUERY:
        return Problem(Fault.INVALID_PARAMETER, None, "shorter", str(LONGEST_QUERY))
    try:
        pairs = parse_qsl(raw.decode(), keep_blank_values=True, errors="strict", max_num_fields=50)
    except UnicodeDecodeError:
        return Problem(Fault.INVALID_PARAMETER, None, "unpaired")
    except ValueError:
        return Problem(Fault.INVALID_PARAMETER)
    known = {parameter.name: parameter for parameter in parameters}
    values: dict[str, Any] = {}
    for name, text in pairs:
        parameter = known.get(name)
        if parameter is None:
            return Problem(Fault.UNKNOWN_PARAMETER, "".join(c if c.isprintable() else "?" for c in name[:80]))
        if name in values:
            return Problem(Fault.INVALID_PARAMETER, name)
        try:
            values[name] = parameter.read(text)
        except Wrong as wrong:
            return Problem(Fault.INVALID_PARAMETER, name, wrong.hint, wrong.limit)
    return values
