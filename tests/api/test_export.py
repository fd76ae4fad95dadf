"""The books as a file: Beancount's own `bean-check` accepts it, and CSV is read again row by row."""

import csv
import io
import re
import subprocess
import sys
from collections import defaultdict
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from fairhold.domain.instants import DAY, SECOND
from fairhold.engine.books.export import Format
from fairhold.proof.heads import day_text
from tests.api.client import Client
from tests.api.deals import advance, place
from tests.api.test_payments import Shop, shop
from tests.api.test_payments_in_any_order import Story

__all__ = ["shop"]

CHECK = Path(sys.executable).with_name("bean-check")


def complaints(tmp_path: Path, text: str) -> str:
    """What `bean-check` has to say; nothing where it accepts the books."""
    file = tmp_path / "books.beancount"
    file.write_text(text, encoding="utf-8")
    done = subprocess.run([CHECK, "--no-cache", file], capture_output=True, text=True, check=False, timeout=120)
    assert (done.returncode != 0) == bool(done.stdout + done.stderr)
    return done.stdout + done.stderr


def exported(client: Client, query: str = "") -> str:
    response = client.get(f"/v1/ledger/export{query}")
    assert response.status == 200, response.body
    assert re.fullmatch(r'attachment; filename="fairhold-books[\w.-]+"', response.headers["content-disposition"])
    return response.body.decode()


def test_bean_check_accepts_the_books_after_any_story_and_not_when_a_sum_is_changed(shop: Shop, tmp_path: Path) -> None:
    client = shop.client
    deal = replace(place(client, seller="shop.7+b"), seller=client.by("seller:shop.7+b"))
    deal.deliver().confirm()
    advance(client, seconds=2 * DAY // SECOND)
    Story(shop, "exported").play()
    text = exported(client)
    assert complaints(tmp_path, text) == ""
    assert 'open Liabilities:Seller:Nshop-2e-7-2b-b:RUB RUB\n  account: "seller:shop.7+b:RUB"' in text
    # One minor unit more on both sides of one transfer: it still balances, and no account has any more what it has.
    [first, *_] = re.findall(r"^  (\S+)  (\d+)\.(\d\d) RUB\n  (\S+)  -\2\.\3 RUB$", text, re.MULTILINE)
    debit, whole, rest, credit = first
    more = f"{int(whole + rest) + 1:03}"
    was = f"  {debit}  {whole}.{rest} RUB\n  {credit}  -{whole}.{rest} RUB"
    now = f"  {debit}  {more[:-2]}.{more[-2:]} RUB\n  {credit}  -{more[:-2]}.{more[-2:]} RUB"
    assert was in text
    assert "Balance failed" in complaints(tmp_path, text.replace(was, now, 1))
    assert "does not balance" in complaints(tmp_path, text.replace(was, was.replace(f" {whole}", f" 1{whole}", 1), 1))


def test_a_month_begins_with_what_was_carried_forward(shop: Shop, tmp_path: Path) -> None:
    Story(shop, "by the month").play()
    today = shop.application.clock.now() // DAY
    for first, end in ((today - 2, None), (today - 1, today), (None, today - 1), (today - 3, today + 1)):
        asked = "&".join(f"{name}={day_text(day)}" for name, day in (("from", first), ("to", end)) if day is not None)
        text = exported(shop.client, f"?format=beancount&{asked}")
        assert complaints(tmp_path, text) == "", asked
        days = set(re.findall(r"^(\S+) \* \"(?!Balances)", text, re.MULTILINE))
        assert all(
            (first or 0) <= day < (end or today + 1) for day in range(today - 40, today + 2) if day_text(day) in days
        )


def test_csv_has_one_row_a_transfer_and_adds_up_to_the_balances(shop: Shop) -> None:
    Story(shop, "rows").play()
    rows = list(csv.DictReader(io.StringIO(exported(shop.client, "?format=csv"), newline="")))
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for row in rows:
        sums[row["credit"]] += Decimal(row["amount"])
        sums[row["debit"]] -= Decimal(row["amount"])
    assert {name: int(value * 100) for name, value in sums.items() if value} == shop.balances
    assert {row["currency"] for row in rows} <= {"RUB"}
    paid = [row for row in rows if row["what"] == "payment_received" and row["n"] == "0"]
    assert all(row["reference"] for row in paid)


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("?format=xls", "format"),
        ("?from=2026-13-01", "from"),
        ("?to=yesterday", "to"),
        ("?from=2026-05-02&to=2026-05-02", "to"),
        ("?until=2026-05-02", "until"),
    ],
)
def test_what_cannot_be_exported_is_refused_by_the_name_of_its_parameter(
    operator: Client, query: str, field: str
) -> None:
    response = operator.by("operator:ops").get(f"/v1/ledger/export{query}")
    assert (response.status, response.field) == (422, field)


def test_the_books_are_the_operators(operator: Client) -> None:
    for role in ("buyer:ann", "seller:shop-7", "support:sam", "mediator:mia"):
        assert operator.by(role).get("/v1/ledger/export").status == 403
    assert operator.by("operator:ops").send("HEAD", "/v1/ledger/export").body == b""


def test_the_first_piece_is_there_before_the_books_are_read(shop: Shop) -> None:
    shop.start().pay().hear()
    starts = {Format.CSV: b"at,order,", Format.BEANCOUNT: b'option "title"'}
    for form, start in starts.items():
        first, *rest = shop.application.exporter.pieces(form)
        assert first.startswith(start)
        assert shop.deal.id.encode() not in first
        assert shop.deal.id.encode() in b"".join(rest)


def test_empty_books_are_books(operator: Client, tmp_path: Path) -> None:

    assert complaints(tmp_path, exported(operator)) == ""
    assert exported(operator, "?format=csv").count("\r\n") == 1
