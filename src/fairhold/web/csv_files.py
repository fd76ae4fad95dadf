"""Tables as CSV files (RFC 4180), which Excel opens by a double click: with a BOM, and nothing in them is a formula."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

from starlette.responses import Response, StreamingResponse

from fairhold.domain.money import MINOR_DIGITS

BOM = "\ufeff"
"""Says to Excel that what follows is UTF-8."""
_FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n")
"""What a cell begins with that spreadsheets reckon with (OWASP, «CSV injection»)."""
_ROWS_AT_ONCE = 200


class Figure(str):
    """A cell of our own making that may begin with a minus: a sum."""

    __slots__ = ()


def decimal(amount: int, currency: str) -> Figure:
    """A sum in minor units as machines and spreadsheets read it: `1365.50`, `-3.00`, `120` where there are no minor units."""
    digits = MINOR_DIGITS[currency]
    whole, fraction = divmod(abs(amount), 10**digits)
    point = f".{fraction:0{digits}d}" if digits else ""
    return Figure(f"{'-' if amount < 0 else ''}{whole}{point}")


def lines_of(rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """The file's text, some rows at a time."""
    page = io.StringIO(BOM, newline="")
    page.seek(0, io.SEEK_END)
    writer = csv.writer(page)
    for number, row in enumerate(rows, 1):
        writer.writerow([_harmless(cell) for cell in row])
        if number % _ROWS_AT_ONCE == 0:
            yield page.getvalue()
            page.seek(0)
            page.truncate()
    yield page.getvalue()


def csv_file(name: str, rows: Iterable[Sequence[str]]) -> Response:
    """A download of these rows, the first of which names the columns: written as they are read, never held as a whole."""
    headers = {"Content-Disposition": f'attachment; filename="{name}.csv"', "Cache-Control": "no-store"}
    return StreamingResponse(lines_of(rows), 200, headers, "text/csv; charset=utf-8")


def _harmless(cell: str) -> str:
    """The cell as text, whatever it begins with."""
    return f"'{cell}" if not isinstance(cell, Figure) and cell.startswith(_FORMULAS) else cell
