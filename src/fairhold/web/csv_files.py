"""Tables as CSV files, which Excel opens by a double click: with a BOM."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from starlette.responses import Response, StreamingResponse

from fairhold.ledger import beancount
from fairhold.ledger.spreadsheet import Figure, row

BOM = "\ufeff"
"""Says to Excel that what follows is UTF-8."""
_ROWS_AT_ONCE = 200


def decimal(amount: int, currency: str) -> Figure:
    """A sum in minor units as machines and spreadsheets read it: `1365.50`, `-3.00`, `120` where there are no minor units."""
    return Figure(beancount.decimal(amount, currency))


def lines_of(rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """The file's text, some rows at a time."""
    waiting = iter(rows)
    yield BOM
    while page := "".join(map(row, islice(waiting, _ROWS_AT_ONCE))):
        yield page


def csv_file(name: str, rows: Iterable[Sequence[str]]) -> Response:
    """A download of these rows, the first of which names the columns: written as they are read, never held as a whole."""
    headers = {"Content-Disposition": f'attachment; filename="{name}.csv"', "Cache-Control": "no-store"}
    return StreamingResponse(lines_of(rows), 200, headers, "text/csv; charset=utf-8")
