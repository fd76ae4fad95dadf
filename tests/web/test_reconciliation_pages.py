"""The operator's pages about reconciliation, without scripts, against the fake of Stripe over real HTTP."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from types import SimpleNamespace

import pytest

from fairhold.domain.instants import DAY, HOUR, Instant
from fairhold.engine.installation.settings import Settings
from fairhold.engine.outside.destinations import TryLater
from fairhold.engine.ports.store import StoreUnavailable
from fairhold.wiring import build
from tests.api.test_export import complaints
from tests.api.test_payments import AtStripe, town
from tests.databases import up_to_date
from tests.web.conftest import Market, Visiting, Visitor, form_to

FOLDER = "/operator/reconciliation"


@pytest.fixture
def stripe() -> Iterator[AtStripe]:
    with town("stripe") as at:
        assert isinstance(at, AtStripe)
        yield at


@pytest.fixture
def market(tmp_path: Path, stripe: AtStripe) -> Iterator[Market]:
    application = build(
        Settings(
            database=f"sqlite:///{up_to_date(tmp_path / 'web.db')}",
            sandbox=True,
            secret="for-tests-only-1234567",
            payments=stripe.settings,
            url="https://shop.example",
        )
    )
    application.start(background=False)
    yield Market(application)
    application.close()


@pytest.fixture
def operator(visiting: Visiting) -> Visitor:
    return visiting("ops", "en")


def text_of(page: str) -> str:
    main = page[page.index("<main") : page.index("</main>")]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", main)).split())


def strange(market: Market, stripe: AtStripe) -> None:
    """A fee that nobody knows of, and three hours pass."""
    stripe.fake.books.at = int(time.time())
    stripe.fake.books.line("stripe_fee", -125_000, "rub", "fee-of-somebody")
    market.application.advance(Instant(market.application.clock.now() + 3 * HOUR))


def compare(operator: Visitor) -> str:
    answer = operator.send(form_to(operator.get(FOLDER), f"{FOLDER}/runs"))
    assert answer.status_code == 200, answer.text
    return answer.text


def test_before_anything_was_compared_and_when_everything_matches(operator: Visitor, market: Market) -> None:
    assert "Nothing was compared yet" in text_of(operator.get(FOLDER))
    market.placed()
    shown = text_of(compare(operator))
    assert "Compared: everything matches." in shown
    assert "Compare now" in shown


def test_an_open_item_is_shown_by_its_age_and_explained_with_a_reason(
    operator: Visitor, market: Market, stripe: AtStripe
) -> None:
    strange(market, stripe)
    shown = compare(operator)
    text = text_of(shown)
    for said in (
        "there are differences",
        "Only in the statement",
        "Fee",
        "fee-of-somebody",
        "−₽1,250.00",
        "less than a day",
    ):
        assert said in text, said
    [url] = set(re.findall(rf'href="({FOLDER}/items/[\w-]+)"', shown))
    market.application.advance(Instant(market.application.clock.now() + 4 * DAY))
    later = operator.get(FOLDER)
    assert re.search(r'<strong class="bad nb">.*?4\sdays</strong>', later)
    page = operator.get(url)
    assert "a payout to your own bank" in text_of(page)
    refused = operator.send(form_to(page, url), reason=" ")
    assert refused.status_code == 422
    assert "Write why they differ" in text_of(refused.text)
    long = operator.send(form_to(page, url), reason="x" * 1001)
    assert (long.status_code, "At most 1000 characters." in text_of(long.text)) == (422, True)
    assert operator.send(form_to(page, url), reason="a\x07b").status_code == 422
    done = operator.send(form_to(page, url), reason="Monthly <fee> of Stripe\r\n" + "x\r\n" * 450)
    assert "Explained: the difference is closed." in text_of(done.text)
    assert "less than a day" not in text_of(done.text)
    closed = operator.get(f"{FOLDER}?state=closed")
    assert "explained" in text_of(closed)
    told = operator.get(url)
    assert "Monthly <fee> of Stripe" in text_of(told)
    assert "<fee>" not in told
    again = operator.send(form_to(page, url), reason="Otherwise")
    assert again.status_code == 409
    assert "closed already" in text_of(again.text)
    assert "−₽1,250.00 explained" in text_of(compare(operator))


def test_a_provider_that_cannot_be_asked_is_named(
    operator: Visitor, market: Market, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(first: Instant, last: Instant) -> None:
        raise TryLater("no <answer> in time")

    monkeypatch.setattr(market.application.reconciler.providers["stripe"], "statement", fail)
    shown = text_of(compare(operator))
    assert "Not every provider could be asked" in shown
    assert "Stripe could not be asked. Their answer: “no <answer> in time”." in shown


def test_in_russian(visiting: Visiting, market: Market, stripe: AtStripe) -> None:
    strange(market, stripe)
    shown = text_of(compare(visiting("ops", "ru")))
    for said in ("Сверка", "Только в выписке", "меньше дня", "По дням", "расходится"):
        assert said in shown, said


def test_the_books_are_had_as_a_file(operator: Visitor, market: Market, tmp_path: Path) -> None:
    market.paid()
    assert complaints(tmp_path, operator.get(f"{FOLDER}/books?format=beancount")) == ""
    assert operator.get(f"{FOLDER}/books?format=csv").startswith("at,order,")
    assert operator.client.get(f"{FOLDER}/books?format=pdf").status_code == 404
    asked = {"format": "csv", "from": "1999-01-01", "to": "1999-01-02"}
    form = form_to(operator.get(FOLDER), f"{FOLDER}/books")
    assert {name for name, _ in form.fields} == {"from", "to"}
    empty = operator.client.get(form.action, params=asked).text
    assert (empty[:9], empty.count("\n")) == ("at,order,", 1)


@pytest.mark.parametrize(
    ("days", "told"),
    [
        ({"from": "19 May"}, "Write a day as 2026-05-19"),
        ({"to": "2026-02-30"}, "Write a day as 2026-05-19"),
        ({"from": "2026-05-19", "to": "2026-05-19"}, "it is the first one that is left out"),
    ],
)
def test_days_that_cannot_be_are_said_beside_their_field(operator: Visitor, days: dict[str, str], told: str) -> None:
    answer = operator.client.get(f"{FOLDER}/books", params={"format": "beancount"} | days)
    assert answer.status_code == 422
    assert told in text_of(answer.text)
    [(name, typed)] = re.findall(r'name="(from|to)" value="([^"]*)" aria-invalid', answer.text)
    assert days[name] == typed


def test_books_that_cannot_be_read_are_no_empty_file(
    operator: Visitor, market: Market, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away() -> None:
        raise StoreUnavailable("gone")

    monkeypatch.setattr(market.application.exporter, "_reader", SimpleNamespace(moment=away))
    answer = operator.client.get(f"{FOLDER}/books?format=csv")
    assert (answer.status_code, "We cannot look just now" in text_of(answer.text)) == (503, True)


def test_strange_addresses_are_no_failures(operator: Visitor, market: Market, stripe: AtStripe) -> None:
    strange(market, stripe)
    compare(operator)
    for query in ("after=x", "after=1/", "before=9/a", "before=99999999999999/a/b", "state=?", "after=²/x"):
        assert operator.client.get(f"{FOLDER}?{query}").status_code == 200
    assert operator.client.get(f"{FOLDER}/items/none").status_code == 404


@pytest.mark.parametrize("who", ["ann", "sam", "mia"])
def test_nobody_else_sees_it(visiting: Visiting, market: Market, who: str) -> None:
    visitor = visiting(who, "en")
    for url in (FOLDER, f"{FOLDER}/books?format=csv", f"{FOLDER}/items/x"):
        assert visitor.client.get(url, follow_redirects=False).status_code in (303, 403, 404)
