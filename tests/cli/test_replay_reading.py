"""What replay reads, what it leaves out, and on which line it says so."""

from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from fairhold.cli.replay.columns import positions, read_columns
from fairhold.cli.replay.rows import Layout, Row, Skipped, read_rows
from fairhold.cli.replay.table import read_table
from fairhold.cli.stopping import Stop
from fairhold.domain.instants import HOUR, SECOND
from tests.cli.histories import BOUGHT, HEADER, PAID, SENT, row, write


def read(path: Path, *columns: str, zone: str = "UTC", encoding: str = "utf-8") -> list[Row | Skipped]:
    """Every record of the file."""
    table = read_table(path, encoding)
    names = read_columns(columns)
    layout = Layout(len(table.header), positions(path, table.header, names), names, ZoneInfo(zone))
    return list(read_rows(table.records, layout))


def only(path: Path, *columns: str, zone: str = "UTC") -> Row | Skipped:
    """The one record of the file."""
    [found] = read(path, *columns, zone=zone)
    return found


SENSELESS = (
    (row(sent="2024-03-01 10:05:00"), "it reached the carrier (2024-03-01 10:05:00) before its payment was approved"),
    (row(sent="2024-03-01 09:00:00"), f"before it was bought ({BOUGHT}) and before its payment was approved ({PAID})"),
    (row(paid="2024-02-29 10:00:00"), "its payment was approved (2024-02-29 10:00:00) before it was bought"),
    (row(came="2024-03-02 11:59:59"), f"it was delivered (2024-03-02 11:59:59) before it reached the carrier ({SENT})"),
    (row(promised="2024-02-29"), "it was promised for 2024-02-29, before it was bought"),
    (row(promised="2026-03-01"), "more than 400 days after it was bought"),
    (row(paid=""), "yet its payment was never approved"),
    (row(status="canceled", paid=""), "yet its payment was never approved"),
    (row(sent=""), "yet it never reached the carrier"),
    (row(came=""), "its status is delivered, yet nothing says when it was delivered"),
    (row(status="shipped"), "its status is shipped, yet it was delivered"),
    (row(status="shipped", sent="", came=""), "its status is shipped, yet nothing says when it reached the carrier"),
    (row(status="canceled", came=""), "its status is canceled, yet it reached the carrier"),
    (row(status="cancelled"), "its status is cancelled, yet it reached the carrier"),
    (row(status="unavailable", came=""), "its status is unavailable, yet it reached the carrier"),
    (row(status="invoiced"), "its status is invoiced, yet it reached the carrier"),
    (row(status="processing", came=""), "its status is processing, yet it reached the carrier"),
    (row(status="created", sent="", came=""), "its status is created, yet its payment was approved"),
    (row(status="approved", paid="", sent="", came=""), "its status is approved, yet nothing says when its payment"),
    (row(status="lost"), "its status 'lost' is none of created, approved"),
    (row(status=""), "it has no status"),
    (row(order=""), "order_id is empty"),
    (row(bought=""), "order_purchase_timestamp is empty"),
    (row(paid="2024-02-30 10:00:00"), "order_approved_at is no moment of the calendar: '2024-02-30 10:00:00'"),
    (row(paid="soon"), "order_approved_at is no moment: 'soon'"),
    (row(paid="20240301"), "order_approved_at is no moment"),
    (row(paid="2024-W09-5"), "order_approved_at is no moment"),
    (row(paid="٢٠٢٤-03-01"), "order_approved_at is no moment"),
    (row(bought="1969-12-31 23:59:59"), "lies outside the years 1970 to 3000"),
    (row(came="3024-03-05"), "lies outside the years 1970 to 3000"),
    (row() + ",more", "it has 9 fields where the header has 8"),
    ("a1,ann,delivered", "it has 3 fields where the header has 8"),
)


@pytest.mark.parametrize(("line", "why"), SENSELESS, ids=[why[:60] for _, why in SENSELESS])
def test_a_row_that_contradicts_itself_is_skipped_with_its_line(folder: Path, line: str, why: str) -> None:
    found = only(write(folder, line))
    assert isinstance(found, Skipped), found
    assert found.line == 2
    assert why in found.why


SENSIBLE = (
    row(),
    row(paid=BOUGHT, sent=BOUGHT, came=BOUGHT, promised=BOUGHT),
    row(promised="2024-03-01 10:00:01"),
    row(promised=""),
    row(status="Delivered "),
    row(status="shipped", came=""),
    row(status="created", paid="", sent="", came=""),
    row(status="approved", sent="", came=""),
    row(status="processing", sent="", came=""),
    row(status="invoiced", paid="", sent="", came=""),
    row(status="unavailable", sent="", came=""),
    row(status="canceled", sent="", came=""),
    row(status="canceled", paid="", sent="", came=""),
    row(paid="2024-03-01T10:15"),
    row(paid="2024-03-01 13:15:00.250+03:00"),
    row(paid="2024-03-01T10:15:00Z"),
    row(buyer=""),
)


@pytest.mark.parametrize("line", SENSIBLE)
def test_a_row_that_makes_sense_is_read(folder: Path, line: str) -> None:
    assert isinstance(only(write(folder, line)), Row)


def test_an_order_counts_once_whatever_became_of_its_first_row(folder: Path) -> None:
    found = read(write(folder, row("x"), row("y", sent=""), row("x"), row("y")))
    assert [one.line for one in found if isinstance(one, Skipped)] == [3, 4, 5]
    assert isinstance(found[3], Skipped)
    assert found[3].why == "order 'y' stands on line 3 already"


def test_lines_are_counted_through_quoted_line_breaks_and_empty_lines(folder: Path) -> None:
    broken = '"a\n\nb",ann,delivered,,,,,'
    found = read(write(folder, row("x"), broken, "", row("y"), row("z", sent="")))
    assert [one.line for one in found] == [2, 3, 7, 8]


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_every_kind_of_line_end_is_counted(folder: Path, ends: str) -> None:
    path = folder / "orders.csv"
    path.write_bytes(ends.join((HEADER, row("x"), row("y", sent=""))).encode())
    assert [(type(one).__name__, one.line) for one in read(path)] == [("Row", 2), ("Skipped", 3)]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_byte_order_mark_is_understood(folder: Path, encoding: str) -> None:
    path = folder / "orders.csv"
    path.write_bytes(f"{HEADER}\n{row()}\n".encode(encoding))
    assert isinstance(only(path), Row)


@pytest.mark.parametrize("mark", [";", "\t", "|"])
def test_the_delimiter_is_found(folder: Path, mark: str) -> None:
    path = folder / "orders.csv"
    path.write_text(f"{HEADER}\n{row()}\n".replace(",", mark), encoding="utf-8")
    assert isinstance(only(path), Row)


def test_another_encoding_is_named_with_the_line_and_read_when_told(folder: Path) -> None:
    path = folder / "orders.csv"
    path.write_bytes(f"{HEADER}\n{row()}\n{row('b', buyer='José')}\n".encode("cp1252"))
    with pytest.raises(Stop, match="not UTF-8: byte E9 on line 3"):
        read(path)
    assert len(read(path, encoding="cp1252")) == 2


UNREADABLE = (
    (b"", "is empty"),
    (b" \r\n\n", "is empty"),
    (b"order_id,order_id\n", "more than once"),
    (HEADER.encode() + b'\na,"b\nc\n', "record that begins on line 2 cannot be read"),
    (b"id,when\n1,2\n", "has no column order_id \\(order\\), order_status \\(status\\), order_purchase_timestamp"),
)


@pytest.mark.parametrize(("content", "why"), UNREADABLE, ids=[why[:30] for _, why in UNREADABLE])
def test_a_file_that_cannot_be_read_is_refused_with_the_reason(folder: Path, content: bytes, why: str) -> None:
    path = folder / "orders.csv"
    path.write_bytes(content)
    with pytest.raises(Stop, match=why):
        read(path)


def test_a_header_alone_is_a_history_without_orders(folder: Path) -> None:
    assert read(write(folder)) == []


def test_other_names_of_columns_are_told_by_their_meaning(folder: Path) -> None:
    path = folder / "sales.csv"
    path.write_text("id,when,money,out,in\n1,2024-03-01,2024-03-01,2024-03-02,2024-03-03\n", encoding="utf-8")
    columns = "order=id, purchased=when,paid=money,shipped=out,delivered=in", "status=-", "promised=-,buyer=-"
    found = only(path, *columns)
    assert isinstance(found, Row)
    assert found.moments.promised is None


@pytest.mark.parametrize("columns", ["order", "price=x", "order=", "shipped=-"])
def test_a_mapping_that_says_nothing_is_refused(columns: str) -> None:
    with pytest.raises(Stop):
        read_columns([columns])


def test_moments_without_an_offset_are_those_of_the_zone(folder: Path) -> None:
    utc, brazil = (only(write(folder, row()), zone=zone) for zone in ("UTC", "America/Sao_Paulo"))
    assert isinstance(utc, Row)
    assert isinstance(brazil, Row)
    assert brazil.moments.purchased - utc.moments.purchased == 3 * HOUR
    told = only(write(folder, row(bought="2024-03-01 10:00:00.5Z")), zone="America/Sao_Paulo")
    assert isinstance(told, Row)
    assert told.moments.purchased - utc.moments.purchased == SECOND // 2


def test_a_midnight_that_the_change_of_clocks_left_out_is_the_moment_of_the_change(folder: Path) -> None:
    line = row(bought="2017-10-01", paid="2017-10-01", sent="2017-10-02", came="2017-10-03", promised="2017-10-15")
    found = only(write(folder, line), zone="America/Sao_Paulo")
    assert isinstance(found, Row)
    assert found.moments.promised == 1_508_036_400 * SECOND  # 2017-10-15T03:00:00Z
