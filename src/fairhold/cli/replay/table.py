"""A CSV file as numbered records: the encoding, the delimiter, the header, and on which line each record begins.

What makes the whole file unreadable stops the command; what is wrong with one record is the business of `rows.py`.
"""

import csv
import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from fairhold.cli.stopping import Stop

LONGEST_FIELD = 1 << 20
DELIMITERS = ",;\t|"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


class Record(NamedTuple):
    """One record and the line, from 1, on which it begins; a quoted field may run over several lines."""

    line: int
    fields: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """A whole file: the names in its header and the records below."""

    header: tuple[str, ...]
    records: tuple[Record, ...]


def read_table(path: Path, encoding: str = "utf-8") -> Table:
    """The records of a CSV file. A byte order mark is understood; empty lines are passed over. Raises Stop."""
    text = _text(path, encoding)
    if not text.strip():
        raise Stop(f"{path} is empty.", "Give a CSV file with a header and at least one order.")
    records = _records(path, text, _delimiter(text))
    header = tuple(name.strip() for name in next(records).fields)
    twice = sorted(name for name, times in Counter(header).items() if name and times > 1)
    if twice:
        raise Stop(f"The header of {path} names {', '.join(twice)} more than once.", "Name each column once.")
    return Table(header, tuple(records))


def _text(path: Path, encoding: str) -> str:
    try:
        data = path.read_bytes()
    except IsADirectoryError:
        raise Stop(f"{path} is a folder.", "Give the CSV file itself.") from None
    except OSError as error:
        raise Stop(f"{path} cannot be read: {error.strerror}.", "Check the name and the permissions.") from None
    if data.startswith(_UTF16):
        encoding = "utf-16"
    try:
        text = data.decode(encoding)
    except LookupError:
        raise Stop(f"There is no encoding {encoding}.", "Try --encoding utf-8 or --encoding cp1252.") from None
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        bad = data[error.start : error.start + 1].hex().upper()
        raise Stop(
            f"{path} is not {encoding.upper()}: byte {bad} on line {line} cannot be read.",
            "Say which encoding it has, such as --encoding cp1252.",
        ) from None
    return text.removeprefix("\ufeff")


def _delimiter(text: str) -> str:
    """Whatever cuts the header into the most columns; a comma where nothing does."""
    header = next(line for line in text.splitlines() if line.strip())
    return max(DELIMITERS, key=lambda mark: (header.count(mark), mark == ","))


def _records(path: Path, text: str, delimiter: str) -> Iterator[Record]:
    csv.field_size_limit(LONGEST_FIELD)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    while True:
        line = reader.line_num + 1
        try:
            fields = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise Stop(
                f"{path} is no proper CSV: the record that begins on line {line} cannot be read ({error}).",
                "Often a quotation mark is missing there.",
            ) from None
        if any(field.strip() for field in fields):
            yield Record(line, tuple(fields))
