"""Whatever people write, pages show as text: no page has an element, an attribute or a script of theirs."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest

from fairhold.domain.commands import EscalateDispute, NewLine, SendMessage
from fairhold.domain.review_commands import WriteReview
from fairhold.engine.intake.screened import screened
from tests.web.conftest import ANN, SHOP, Market, Visiting
from tests.web.shielding import shielded

TEMPLATES = Path(__file__).parent.parent.parent / "src" / "fairhold" / "web" / "templates"
HOSTILE = """"><img src=x onerror=alert(1)>'{{7*7}}</script><script>alert(2)</script>"""
GOODS = NewLine(
    sku="x'\"<b>", title=HOSTILE, quantity=2, unit_price=130_000, category="electronics", image=HOSTILE[:60]
)


@pytest.mark.parametrize("language", ["ru", "en"])
def test_what_people_write_is_text_on_every_page(market: Market, visiting: Visiting, language: str) -> None:
    order = market.confirmed(GOODS, GOODS)
    review = WriteReview(rating=5, text=HOSTILE, screened=screened(HOSTILE), anonymous=False)
    market.do(order.id, review, ANN)
    disputed = market.disputed(GOODS, GOODS)
    dispute = disputed.disputes[0].id
    market.do(disputed.id, SendMessage(dispute=dispute, text=HOSTILE), SHOP)
    market.do(disputed.id, EscalateDispute(dispute=dispute), ANN)
    pages = {
        "ann": (
            "/orders",
            f"/orders/{order.id}",
            f"/orders/{disputed.id}/disputes/1",
            f"/orders/{disputed.id}/receipt",
            "/reviews?tab=given",
            f"/orders?q={HOSTILE}",
        ),
        "nick": ("/selling", f"/selling/orders/{order.id}", f"/selling/orders/{disputed.id}/disputes/1"),
        "mia": ("/mediation/disputes", f"/mediation/disputes/{dispute}"),
        "ops": ("/operator", f"/operator/orders/{order.id}"),
        None: (
            f"/sellers/{SHOP.id}",
            f"/embed/reviews/{SHOP.id}/{GOODS.sku}",
            f"/nothing/{HOSTILE}",
            f"/sign-in?next={HOSTILE}",
        ),
    }
    for person, paths in pages.items():
        visitor = visiting(person, language)
        for path in paths:
            answer = visitor.client.get(path)
            assert answer.status_code in (200, 404), (path, answer.status_code)
            shielded(answer)
            assert "<img src=x" not in answer.text, path
            assert "<script>alert" not in answer.text, path
            assert "'49</script" not in unescape(answer.text), path


def test_no_template_lets_text_through_as_markup() -> None:
    for path in TEMPLATES.glob("*.html"):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"\|\s*safe\b|autoescape\s+false|Markup", text), path.name
