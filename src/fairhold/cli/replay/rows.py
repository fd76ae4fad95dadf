"""From records to orders as history tells them; whatever makes no sense is put aside with its line and the reason."""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta, tzinfo
from typing import NamedTuple

from fairhold.cli.replay.judging import CANCELED, MOMENTS, Moments, shortened, why_senseless
from fairhold.cli.replay.table import Record
from fairhold.domain.instants import LATEST, Instant

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_MOMENT = re.compile(
    r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:[.,]\d{1,6})?)?(?:\s?(?:Z|[+-]\d\d:?\d\d))?)?", re.ASCII
)


class Row(NamedTuple):
    """An order of history that can be replayed: where it stands, who bought, what happened when."""

    line: int
    order: str
    buyer: str
    moments: Moments
    canceled: bool


class Skipped(NamedTuple):
    """A record that is not replayed, and why not."""

    line: int
    why: str


class Layout(NamedTuple):
    """How to read a record: the number of columns, where each meaning stands, what its header is, whose clock it tells."""

    width: int
    at: Mapping[str, int]
    names: Mapping[str, str]
    zone: tzinfo

    def field(self, record: Record, meaning: str) -> str:
        """The text of that meaning; empty where the file has no such column."""
        return record.fields[self.at[meaning]].strip() if meaning in self.at else ""


class _Senseless(Exception):
    """A record makes no sense; the message says why."""


def read_rows(records: tuple[Record, ...], layout: Layout) -> Iterator[Row | Skipped]:
    """Each record as a row or as skipped, in the order of the file."""
    seen: dict[str, int] = {}
    for record in records:
        try:
            yield _row(record, layout, seen)
        except _Senseless as why:
            yield Skipped(record.line, str(why))


def _row(record: Record, layout: Layout, seen: dict[str, int]) -> Row:
    if len(record.fields) != layout.width:
        raise _Senseless(f"it has {len(record.fields)} fields where the header has {layout.width}")
    order = layout.field(record, "order")
    if not order:
        raise _Senseless(f"{layout.names['order']} is empty")
    first = seen.setdefault(order, record.line)
    if first != record.line:
        raise _Senseless(f"order {shortened(order)} stands on line {first} already")
    texts = {meaning: layout.field(record, meaning) for meaning in MOMENTS}
    told = {meaning: _moment(text, layout.names[meaning], layout.zone) for meaning, text in texts.items()}
    status = layout.field(record, "status").casefold() if "status" in layout.at else None
    if told["purchased"] is None:
        raise _Senseless(f"{layout.names['purchased']} is empty, so nothing says when it was bought")
    moments = Moments(told["purchased"], told["paid"], told["shipped"], told["delivered"], told["promised"])
    why = why_senseless(moments, status, texts)
    if why is not None:
        raise _Senseless(why)
    return Row(record.line, order, layout.field(record, "buyer"), moments, status in CANCELED)


def _moment(text: str, name: str, zone: tzinfo) -> Instant | None:
    """The moment that `text` tells; none where it is empty. A moment without an offset is one of `zone`."""
    if not text:
        return None
    if _MOMENT.fullmatch(text) is None:
        raise _Senseless(f"{name} is no moment: {shortened(text)}")
    try:
        told = datetime.fromisoformat(text.replace(",", "."))
        at = Instant(((told if told.tzinfo else told.replace(tzinfo=zone)) - _EPOCH) // _MICROSECOND)
    except (ValueError, OverflowError):
        raise _Senseless(f"{name} is no moment of the calendar: {shortened(text)}") from None
    if at < 0 or at > LATEST:
        raise _Senseless(f"{name} lies outside the years 1970 to 3000: {shortened(text)}")
    return at
