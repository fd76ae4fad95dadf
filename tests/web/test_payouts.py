"""The seller's pages about payouts: the balance, what is in the way, payouts, the statement, and the same as files."""

from __future__ import annotations

import csv
import io
import re

import pytest

from fairhold.domain.commands import (
    ConfirmReceipt,
    NewLine,
    Pay,
    PlaceOrder,
    RecordChargeback,
    RecordCheckpoint,
    ShipParcel,
)
from fairhold.domain.instants import MINUTE, Instant, days
from fairhold.domain.money import Currency
from fairhold.domain.order import Order, ParcelStatus
from fairhold.domain.payout_rules import OwnRules
from fairhold.engine.ports.payouts import Account, Part, PartStage, Payout, PayoutStage, Purse
from fairhold.ledger.spreadsheet import Figure
from fairhold.web.csv_files import decimal, lines_of
from tests.contract.rows import make
from tests.web.conftest import ANN, OPS, SHOP, Market, Visiting

MONEY = "/selling/money"
SANDBOX = Account(SHOP.id, "sandbox", "RUB")
NET = 95_000
"""What the seller has of a cup of 100,000 after 5 %."""
CUP = NewLine(sku="cup", title="Cup", quantity=1, unit_price=100_000, image="goods:mug")


def released(market: Market, *, currency: str = "RUB") -> Order:
    """An order whose money is due to the seller."""
    policy = market.application.policies.default
    command = PlaceOrder(buyer=ANN.id, seller=SHOP.id, currency=Currency(currency), lines=(CUP,), policy=policy)
    order = market.do(None, command, ANN)
    market.do(order.id, Pay(method="sandbox:ok"), ANN)
    order = market.do(order.id, ShipParcel(carrier="cdek", tracking_number="10241783306"), SHOP)
    now = market.application.clock.now()
    market.do(order.id, RecordCheckpoint(shipment=order.shipments[0].id, status=ParcelStatus.DELIVERED, at=now), OPS)
    market.do(order.id, ConfirmReceipt(lines=(order.lines[0].id,), acknowledged=True), ANN)
    market.pass_days(2)
    return market.order(order.id)


def play(market: Market) -> None:
    """Everything that is on its way arrives: the sandbox takes a minute to its bank, and another for the answer."""
    for _ in range(3):
        market.application.advance(Instant(market.application.clock.now() + 31 * MINUTE))


def paid_out(market: Market, account: Account = SANDBOX, occasion: str = "test") -> Payout:
    """All that is due leaves."""
    [made] = market.application.payouts.payees.pay_out(account, occasion, str(OPS)).payouts
    play(market)
    found = market.application.payouts.rows.payout(made.id)
    assert found is not None
    return found


def agree(market: Market, account: str | None = None, **own: object) -> None:
    rules = OwnRules(**own)  # type: ignore[arg-type]  # as the rules take it
    market.application.payouts.payees.set(SHOP.id, "sandbox", account, rules, str(OPS))


def plain(page: str) -> str:
    """The page's text."""
    inside = page.partition("<main")[2].partition("</main>")[0]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", inside).replace("\u00a0", " "))


def test_before_anything_was_paid_every_page_says_so(visiting: Visiting) -> None:
    nick = visiting("nick", "en")
    assert "Nothing is on its way" in nick.get(MONEY)
    assert "No payouts yet" in nick.get(f"{MONEY}/payouts")
    statement = nick.get(f"{MONEY}/statement")
    assert "No paid orders yet" in statement
    assert "statement.csv" not in statement


def test_what_can_leave_and_when_stands_on_the_page_of_the_money(market: Market, visiting: Visiting) -> None:
    released(market)
    nick = visiting("nick", "en")
    page = plain(nick.get(MONEY))
    assert "Available to pay out ₽950.00 of 1 order" in page
    assert "Next payout On request" in page
    assert "It leaves when you ask for it" in page
    agree(market, schedule="monthly")
    page = plain(nick.get(MONEY))
    assert re.search(r"Next payout 1 \w+( \d{4})?, 03:00 On the first of the month", page), page


def test_what_is_kept_back_says_until_when(market: Market, visiting: Visiting) -> None:
    released(market)
    agree(market, schedule="weekly", reserve_basis_points=1_250, reserve_days=10)
    page = plain(visiting("nick", "en").get(MONEY))
    assert "Available to pay out ₽831.25" in page
    assert "Kept back ₽118.75 bit by bit, all of it by" in page
    assert "12.5% of every sum stays here for 10 days" in page


def _below(market: Market) -> None:
    agree(market, schedule="daily", minimum={"RUB": 100_000})


def _parked(market: Market) -> None:
    market.application.payouts.rows.park(SHOP.id, "sandbox", "account_closed", market.application.clock.now())


def _unknown(market: Market) -> None:
    agree(market, account="")


def _wanted(market: Market) -> None:
    rows, now = market.application.payouts.rows, market.application.clock.now()
    rows.seen_account("sandbox", SHOP.id, ("individual.id_number",), now, may_be_paid=False)


def _owing(market: Market) -> None:
    paid_out(market)
    order = market.application.queries.list_orders(seller=SHOP.id).items[0]
    market.do(order.id, RecordChargeback(amount=100_000, reason="fraud"), OPS)
    play(market)


@pytest.mark.parametrize(
    ("bring", "told"),
    [
        (_below, ("It waits for more", "Payouts begin at ₽1,000.00.")),
        (
            _parked,
            ("Your payouts have stopped: we look after it", "The account does not exist, or nothing can be paid"),
        ),
        (_unknown, ("We do not know your account at Sandbox", "Tell support which it is.", "Write to support")),
        (_wanted, ("Sandbox does not pay to your account yet", "What it asks for: individual.id_number.")),
        (_owing, ("You owe ₽950.00", "A card chargeback took more than is due to you", "You need not do anything.")),
    ],
)
def test_what_is_in_the_way_is_said_in_plain_words(
    market: Market, visiting: Visiting, bring: object, told: tuple[str, ...]
) -> None:
    released(market)
    nick = visiting("nick", "en")
    nick.get(MONEY)
    bring(market)  # type: ignore[operator]  # one of those above
    page = plain(nick.get(MONEY))
    for sentence in told:
        assert sentence in page


def test_a_payout_is_listed_and_shows_its_orders(market: Market, visiting: Visiting) -> None:
    first, second = released(market), released(market)
    payout, nick = paid_out(market), visiting("nick", "en")
    assert f'href="{MONEY}/payouts/{payout.id}"' in nick.get(MONEY)
    listed = plain(nick.get(f"{MONEY}/payouts"))
    assert "Paid out" in listed
    assert "₽1,900.00" in listed
    page = nick.get(f"{MONEY}/payouts/{payout.id}")
    for order in (first, second):
        assert f'href="/selling/orders/{order.id}"' in page
    text = plain(page)
    assert "2 orders" in text
    assert text.count("Passed on ₽950.00") == 2
    assert "An operator" in text, "who of the staff it was is not the seller's to know"
    assert payout.id in text


def test_a_payout_that_stopped_says_why_and_where_the_money_is(market: Market, visiting: Visiting) -> None:
    released(market)
    payout = paid_out(market)
    stopped = payout._replace(stage=PayoutStage.PARKED, why="declined", reference="po_1Abc")
    assert market.application.payouts.rows.move(payout, stopped)
    nick = visiting("nick", "en")
    page = plain(nick.get(f"{MONEY}/payouts/{payout.id}"))
    assert "The bank declined it. The money lies on your account at the payment provider." in page
    assert "Reference at the bank po_1Abc" in page
    assert "Stopped on its way" in plain(nick.get(f"{MONEY}/payouts"))
    assert "Send again" not in page, "that is for operators"


def test_money_that_a_bank_sent_back_is_said(market: Market, visiting: Visiting) -> None:
    order = released(market)
    payout = paid_out(market)
    market.application.payouts.rows.set_parts([Part(payout.id, order.id, NET, PartStage.RETURNED, "declined")])
    page = plain(visiting("nick", "en").get(f"{MONEY}/payouts/{payout.id}"))
    assert "The bank sent ₽950.00 of it back" in page


def _rows(market: Market, count: int) -> list[Purse]:
    """Purses of so many orders, as if they had been."""
    rows = market.application.payouts.rows
    some = rows.purses_of(SHOP.id, None, 1)[0]
    made = [
        some._replace(order=f"{number:020d}", changed_at=Instant(some.changed_at - days(1) - number // 3))  # type: ignore[arg-type]
        for number in range(count)
    ]
    rows.keep_purses(made)
    return made


def test_beside_the_orders_stands_what_is_due_and_on_the_page_of_the_money_what_can_leave(
    market: Market, visiting: Visiting
) -> None:
    agree(market, reserve_basis_points=1_250, reserve_days=10)
    released(market)
    nick = visiting("nick", "en")
    listed = plain(nick.get("/selling"))
    assert "Due to you ₽950.00 When it leaves" in listed
    assert "Available to pay out" not in listed
    assert "Available to pay out ₽831.25" in plain(nick.get(MONEY))


def test_beside_the_orders_a_seller_reads_what_they_owe(market: Market, visiting: Visiting) -> None:
    released(market)
    _owing(market)
    assert "You owe ₽950.00" in plain(visiting("nick", "en").get("/selling"))


def test_the_statement_says_what_is_on_its_way(market: Market, visiting: Visiting) -> None:
    rows = market.application.payouts.rows
    purse = rows.purse(released(market).id)
    assert purse is not None
    rows.keep_purses([purse._replace(version=purse.version + 1, due=0, on_its_way=NET)])
    nick = visiting("nick", "en")
    page = nick.get(f"{MONEY}/statement")
    assert '<th scope="col" class="n">On its way</th>' in page
    assert '<td data-label="On its way" class="n">₽950.00</td>' in page.replace("\u00a0", " ")
    assert '<td data-label="Due" class="n none">' in page


def test_the_statements_file_is_worded_for_whoever_reads_it(market: Market, visiting: Visiting) -> None:
    released(market)
    own = visiting("nick", "en").client.get(f"{MONEY}/statement.csv").text.splitlines()[0]
    theirs = visiting("ops", "en").client.get(f"/operator/money/sellers/{SHOP.id}/statement.csv").text.splitlines()[0]
    assert "To you,On its way to you,Paid out,Due" in own
    assert "To the seller,On its way to the seller,Paid out,Due" in theirs


def test_the_statement_turns_page_by_page_and_leaves_nothing_out(market: Market, visiting: Visiting) -> None:
    order, nick = released(market), visiting("nick", "en")
    made = _rows(market, 45)
    found, path, pages, page = [], f"{MONEY}/statement", 0, ""
    while path:
        page, pages = nick.get(path), pages + 1
        found += re.findall(r'href="/selling/orders/([^"/?]+)"', page)
        further = re.search(rf'href="({MONEY}/statement\?before=[^"]+)"', page)
        path = further[1].replace("&amp;", "&") if further else ""
    assert pages == 3
    assert sorted(found) == sorted([order.id, *(purse.order for purse in made)])
    assert "To the beginning" in page
    assert "No paid orders yet" in nick.get(f"{MONEY}/statement?before=1.a")
    nick.get(f"{MONEY}/statement?before=made-up")


def test_payouts_turn_page_by_page(market: Market, visiting: Visiting) -> None:
    released(market)
    rows = market.application.payouts.rows
    for number in range(25):
        make(
            rows,
            Payout(f"po_{number}", SANDBOX, SHOP.id, 100, PayoutStage.DONE, Instant(number // 2), "system", 100),
            (),
        )
    nick = visiting("nick", "en")
    first = nick.get(f"{MONEY}/payouts")
    further = re.search(rf'href="({MONEY}/payouts\?before=[^"]+)"', first)
    assert further is not None
    second = nick.get(further[1])
    names = [re.findall(r'payouts/(po_\d+)"', page) for page in (first, second)]
    assert [len(one) for one in names] == [20, 5]
    assert set(names[0]) | set(names[1]) == {f"po_{number}" for number in range(25)}


def test_the_orders_of_a_big_payout_turn_page_by_page(market: Market, visiting: Visiting) -> None:
    payout = Payout("po_big", SANDBOX, SHOP.id, 120, PayoutStage.DONE, Instant(1), "system", 120)
    parts = [Part("po_big", f"{number:020d}", 1, PartStage.SENT) for number in range(120)]  # type: ignore[arg-type]
    make(market.application.payouts.rows, payout, parts)
    nick = visiting("nick", "en")
    page = nick.get(f"{MONEY}/payouts/po_big")
    assert "120 orders" in plain(page)
    assert page.count("/selling/orders/") == 50
    assert nick.get(f"{MONEY}/payouts/po_big?after={99:020d}").count("/selling/orders/") == 20


def read(text: str) -> list[list[str]]:
    assert text.startswith("\ufeff")
    assert "\r\n" in text
    return list(csv.reader(io.StringIO(text[1:], newline="")))


def test_the_statement_as_a_file_is_exact(market: Market, visiting: Visiting) -> None:
    order = released(market)
    paid_out(market)
    market.do(order.id, RecordChargeback(amount=100_000, reason="fraud"), OPS)
    play(market)
    yen = released(market, currency="JPY")
    answer = visiting("nick", "ru").client.get(f"{MONEY}/statement.csv")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"] == f'attachment; filename="statement-{SHOP.id}.csv"'
    assert answer.headers["cache-control"] == "no-store"
    assert answer.content.startswith(b"\xef\xbb\xbf")
    head, newest, oldest = read(answer.content.decode("utf-8"))
    assert head[:5] == ["Заказ", "Изменение", "Платёжный сервис", "Валюта", "Оплачено покупателем"]
    assert newest[0] == yen.id
    assert newest[3:] == ["JPY", "100000", "5000", "0", "0", "95000", "0", "0", "95000"]
    assert oldest[0] == order.id
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", oldest[1])
    assert oldest[2:] == [
        "sandbox",
        "RUB",
        *["1000.00", "0.00", "0.00", "1000.00", "0.00", "0.00", "950.00", "-950.00"],
    ]


def test_a_long_statement_is_read_piece_by_piece(
    market: Market, visiting: Visiting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fairhold.web.handlers.seller_payouts.AT_ONCE", 7)
    released(market)
    _rows(market, 40)
    asked: list[int] = []
    rows = market.application.payouts.rows
    real = rows.purses_of

    def counted(seller: str, behind: tuple[Instant, str] | None, limit: int) -> list[Purse]:
        asked.append(limit)
        return real(seller, behind, limit)

    monkeypatch.setattr(rows, "purses_of", counted)
    answer = visiting("nick", "en").client.get(f"{MONEY}/statement.csv")
    lines = read(answer.content.decode("utf-8"))
    assert len(lines) == 42
    assert len({line[0] for line in lines}) == 42
    assert asked == [7] * 6


def test_a_payout_as_a_file_has_a_line_for_each_order(market: Market, visiting: Visiting) -> None:
    first, second = sorted([released(market).id, released(market).id])
    payout = paid_out(market)
    answer = visiting("nick", "en").client.get(f"{MONEY}/payouts/{payout.id}.csv")
    assert read(answer.content.decode("utf-8")) == [
        ["Order", "Currency", "Amount", "Taken back", "State", "Why"],
        [first, "RUB", "950.00", "0.00", "sent", ""],
        [second, "RUB", "950.00", "0.00", "sent", ""],
    ]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_nothing_in_a_file_is_a_formula(text: str) -> None:
    [[cell, other]] = read("".join(lines_of([[text, 'a "b", c']])))
    assert cell == f"'{text}"
    assert other == 'a "b", c'


@pytest.mark.parametrize(
    ("amount", "currency", "written"),
    [
        (0, "RUB", "0.00"),
        (-5, "RUB", "-0.05"),
        (136_550, "EUR", "1365.50"),
        (120, "JPY", "120"),
        (-1_001, "KWD", "-1.001"),
    ],
)
def test_sums_in_a_file_are_decimals_with_a_point(amount: int, currency: str, written: str) -> None:
    found = decimal(amount, currency)
    assert isinstance(found, Figure)
    [[cell, _]] = read("".join(lines_of([[found, "x"]])))
    assert cell == written


def test_another_sellers_payout_is_not_there(market: Market, visiting: Visiting) -> None:
    other = Payout(
        "po_other", Account("shop-8", "sandbox", "RUB"), "shop-8", 1, PayoutStage.DONE, Instant(1), "system", 1
    )
    make(market.application.payouts.rows, other, ())
    nick = visiting("nick", "en")
    for path in ("po_other", "po_other.csv", "po_nothing", "po_nothing.csv"):
        nick.get(f"{MONEY}/payouts/{path}", 404)
    for person in ("ann", "sam", "mia"):
        visiting(person, "en").get(f"{MONEY}/payouts", 404)
