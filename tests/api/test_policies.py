"""`GET /v1/policies` under a policy with commissions of single sellers: what is theirs is not everybody's to read."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from fairhold.api.app import face
from fairhold.engine.installation.settings import Settings
from fairhold.wiring import build
from tests.api.client import KEY, Client
from tests.api.deals import advance, place
from tests.databases import up_to_date

STALLS = """
name = "stalls"

[commission]
basis_points = 500
fixed = { RUB = 1000, USD = 30 }

[commission.category_fixed]
books = { RUB = 500 }

[commission.sellers."shop-7"]
basis_points = 250

[commission.sellers."shop-8"]
fixed = {}
"""


@pytest.fixture
def stalls(tmp_path: Path) -> Iterator[Client]:
    """The operator of a marketplace with that policy."""
    file = tmp_path / "stalls.toml"
    file.write_text(STALLS, encoding="utf-8")
    database = up_to_date(tmp_path / "test.db")
    application = build(
        Settings(
            database=f"sqlite:///{database}",
            secret="a-secret-of-the-tests",
            operator_key=KEY,
            sandbox=True,
            policy=str(file),
        )
    )
    application.start(background=False)
    with asyncio.Runner() as runner:
        yield Client(face(application), runner)
    application.close()


def commission(client: Client) -> Any:
    return client.get("/v1/policies").json["items"][0]["commission"]


def test_everybody_reads_what_everybody_pays(stalls: Client) -> None:
    for actor in (None, "buyer:ann", "seller:shop-9", "support:sam", "mediator:mia"):
        told = commission(stalls if actor is None else stalls.by(actor))
        assert (told["basis_points"], told["fixed"]) == (500, {"RUB": 1000, "USD": 30})
        assert told["category_fixed"] == {"books": {"RUB": 500}}


@pytest.mark.parametrize(
    ("actor", "sellers"),
    [
        (None, {"shop-7": {"basis_points": 250}, "shop-8": {"fixed": {}}}),
        ("seller:shop-7", {"shop-7": {"basis_points": 250}}),
        ("seller:shop-9", {}),
        ("buyer:shop-7", {}),
        ("support:sam", {}),
        ("mediator:mia", {}),
    ],
)
def test_what_single_sellers_pay_is_for_the_operator_and_for_themselves(
    stalls: Client, actor: str | None, sellers: dict[str, object]
) -> None:
    assert commission(stalls if actor is None else stalls.by(actor))["sellers"] == sellers


def test_an_order_is_charged_what_its_seller_pays(stalls: Client) -> None:
    """S2. Two lines, 2.5 % and 10 roubles each."""
    deal = place(stalls).deliver()
    deal.buyer.post(f"{deal.url}/receipt", {"lines": deal.lines, "acknowledged": True})
    advance(stalls, days=1)
    money = deal.now["money"]
    assert (money["paid"], money["fee"]) == (530_000, 530_000 // 40 + 2000)
