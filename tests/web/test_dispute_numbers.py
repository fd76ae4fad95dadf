"""Disputes in numbers: rate, time, outcomes and money, over everybody or one seller."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import pytest

from fairhold.domain.actors import Actor, Role
from fairhold.domain.ids import PersonId
from tests.web.conftest import Market
from tests.web.desks import Court, Opening, opening

__all__ = ["opening"]

OTHER = Actor(Role.SELLER, PersonId("shop-8"))


def table(page: str, chart: str) -> list[list[str]]:
    """The rows of a chart's table."""
    part = page.partition(f'id="{chart}"')[2].partition("<tbody>")[2].partition("</tbody>")[0]
    rows = [re.findall(r"<t[hd][^>]*>([^<]*)<", row) for row in part.split("</tr>")]
    return [row for row in rows if row]


@pytest.mark.parametrize(("person", "folder"), [("mia", "/mediation"), ("sam", "/support"), ("ops", "/operator")])
def test_without_disputes_the_page_says_so(opening: Opening, person: str, folder: str) -> None:
    page = opening(person).get(f"{folder}/disputes/numbers")
    assert "Nothing was closed in this time" in page
    assert "—" in page


def test_outcomes_times_and_sums_add_up(market: Market, opening: Opening) -> None:
    Court(market).ruled(60_000)
    Court(market, currency="EUR").ruled(0)
    Court(market).withdrawn()
    Court(market).delivered()
    market.pass_days(8)
    page = opening("mia").get("/mediation/disputes/numbers?days=30").replace("\u00a0", " ")
    assert "75%" in page
    assert "3 of 4 paid orders placed in this time" in page
    assert table(page, "outcomes") == [["Damaged or of poor quality", "0", "0", "2", "0", "1", "0", "3"]]
    assert table(page, "money") == [
        ["EUR", "1", "€1,000.00", "€0.00", "€1,000.00", "0%"],
        ["RUB", "1", "₽1,000.00", "₽600.00", "₽400.00", "60%"],
    ]
    assert sum(int(row[1]) for row in table(page, "took")) == 3
    assert "up to 10 days 16 hours" in page


def test_the_drawings_are_well_formed_and_say_in_words_what_they_show(market: Market, opening: Opening) -> None:
    Court(market).ruled(60_000)
    market.pass_days(8)
    page = opening("mia", "ru").get("/mediation/disputes/numbers")
    drawings = re.findall(r'<svg class="drawing".*?</svg>', page, re.DOTALL)
    assert len(drawings) == 3
    for drawing in drawings:
        root = ET.fromstring(drawing)
        title, description = root.find("title"), root.find("desc")
        assert title is not None
        assert title.text
        assert description is not None
        assert root.get("role") == "img"
        for bar in root.iter("rect"):
            assert 0 <= int(str(bar.get("width")).rstrip("%")) <= 100


def test_a_seller_s_numbers_are_that_seller_s_alone(market: Market, opening: Opening) -> None:
    Court(market).ruled(60_000)
    Court(market, seller=OTHER).withdrawn()
    market.pass_days(8)
    mia = opening("mia")
    everybody = mia.get("/mediation/disputes/numbers")
    assert "Sellers with most disputes" in everybody
    assert "seller=shop-8" in everybody
    page = mia.get("/mediation/disputes/numbers?seller=shop-8&days=365")
    assert table(page, "outcomes") == [["Damaged or of poor quality", "0", "0", "0", "0", "1", "0", "1"]]
    assert 'id="money"' not in page
    assert "Nothing was closed" in mia.get("/mediation/disputes/numbers?seller=nobody")


@pytest.mark.parametrize("query", ["days=7", "days=x", "days=", "seller=%00", "seller=" + "x" * 300, "seller=%3Cb%3E"])
def test_an_address_of_somebody_s_making_harms_nothing(opening: Opening, query: str) -> None:
    assert "<b>" not in opening("mia").get(f"/mediation/disputes/numbers?{query}").partition('class="stats"')[0]
