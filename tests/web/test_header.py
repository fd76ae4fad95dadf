"""The row of sections in the header: what stands in it, what behind «More», and which of them the page is in."""

from __future__ import annotations

import re

import pytest

from tests.web.conftest import Market, Visiting


def sections(page: str) -> tuple[list[str], list[str]]:
    """The addresses of the row, and those of the ones behind «More»."""
    [nav] = re.findall(r'<nav class="nav".*?</nav>', page, re.DOTALL)
    row, _, more = nav.partition("<details")
    return re.findall('href="([^"]*)"', row), re.findall('href="([^"]*)"', more)


def current(page: str) -> list[str]:
    """The addresses of the sections that are said to be where the reader is."""
    [nav] = re.findall(r'<nav class="nav".*?</nav>', page, re.DOTALL)
    return re.findall('href="([^"]*)" aria-current="page"', nav)


def test_an_operator_has_what_comes_up_every_day_in_a_row_and_the_rest_behind_more(
    market: Market, visiting: Visiting
) -> None:
    row, more = sections(visiting("ops").get("/operator"))
    assert row == [f"/operator{name}" for name in ("", "/chats", "/disputes", "/reviews", "/parcels", "/money")]
    assert more == [
        f"/operator/{name}"
        for name in ("disputes/numbers", "reconciliation", "ledger", "webhooks", "staff", "keys", "clock")
    ]


@pytest.mark.parametrize("who", ["ann", "nick", "sam", "mia"])
def test_nobody_else_has_so_many(market: Market, visiting: Visiting, who: str) -> None:
    page = visiting(who).get("/help" if who in ("ann", "nick") else "/support")
    assert sections(page)[1] == []
    assert sections(page)[0]


@pytest.mark.parametrize(
    ("path", "section"),
    [
        ("/operator", "/operator"),
        ("/operator/disputes/numbers", "/operator/disputes/numbers"),
        ("/operator/reconciliation", "/operator/reconciliation"),
        ("/operator/webhooks/new", "/operator/webhooks"),
        ("/operator/money/payouts", "/operator/money"),
        ("/operator/bank", "/operator/bank"),
    ],
)
def test_the_section_that_the_page_is_in_is_the_one_that_is_marked(
    market: Market, visiting: Visiting, path: str, section: str
) -> None:
    page = visiting("ops", "en").get(path)
    assert current(page) == [section]
    assert ('<summary aria-current="true">More</summary>' in page) == (section in sections(page)[1])
