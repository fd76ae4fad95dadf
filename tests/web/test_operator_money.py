"""The operator's pages of the money: ages, sums, who owes, what waits, terms, and paying out in two steps."""

from __future__ import annotations

import re
import threading
from xml.etree import ElementTree as ET

import httpx2
import pytest

from fairhold.domain.commands import RecordChargeback
from fairhold.domain.instants import Instant, days
from fairhold.domain.payout_rules import OwnRules
from fairhold.engine.audit.auditing import audit
from fairhold.engine.ports.payouts import Account, PayoutStage, Purse
from tests.builders import name_of
from tests.web.conftest import OPS, SHOP, Market, Visiting, Visitor, form_to
from tests.web.test_payouts import SANDBOX, agree, paid_out, plain, play, released

MONEY = "/operator/money"
SELLER = f"{MONEY}/sellers/{SHOP.id}"
CONSEQUENCE = f"{SELLER}/payout/consequence?provider=sandbox&currency=RUB"


def table(page: str, section: str) -> list[list[str]]:
    """The rows of the table in that section, as text."""
    part = page.partition(f'id="{section}"')[2].partition("<tbody>")[2].partition("</tbody>")[0]
    cells = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL) for row in part.split("</tr>")]
    return [[re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", cell)).strip() for cell in row] for row in cells if row]


def purse(market: Market, number: int, **given: object) -> Purse:
    """An order's purse, as if it had been paid."""
    now = market.application.clock.now()
    usual: dict[str, object] = dict.fromkeys(
        ("held", "settling", "released", "fee", "refunded", "charged_back", "due", "on_its_way", "passed_on"), 0
    )
    usual |= {"version": 1, "buyer": "ann", "seller": SHOP.id, "currency": "RUB", "provider": "sandbox", "paid": 1}
    usual |= {"paid_at": now, "changed_at": now, "released_at": None, "order": f"{number:020d}"}
    made = Purse(**(usual | given))  # type: ignore[arg-type]  # as the row has them
    market.application.payouts.rows.keep_purses([made])
    return made


def test_before_any_money_moved_the_page_says_so(visiting: Visiting) -> None:
    ops = visiting("ops", "en")
    assert "No money has moved yet" in ops.get(MONEY)
    assert "No payouts yet" in ops.get(f"{MONEY}/payouts")


def test_held_money_is_drawn_by_its_age_in_one_currency_at_a_time(market: Market, visiting: Visiting) -> None:
    market.paid()
    play(market)
    now = market.application.clock.now()
    for number, ago in enumerate((0, 3, 20, 40, 70, 200)):
        purse(market, number, held=(number + 1) * 1_000, settling=number, paid_at=Instant(now - days(ago)))
    purse(market, 9, held=77, currency="JPY")
    page = visiting("ops", "en").get(f"{MONEY}?currency=RUB").replace("\u00a0", " ")
    rows = table(page, "held")
    assert [row[0] for row in rows] == [
        "under a day",
        "1 to 7 days",
        "7 to 30 days",
        "30 to 60 days",
        "60 to 90 days",
        "over 90 days",
    ]
    assert [row[1] for row in rows] == ["2", "1", "1", "1", "1", "1"], "the market's own order is new as well"
    assert [row[2] for row in rows[1:]] == ["₽20.00", "₽30.00", "₽40.00", "₽50.00", "₽60.00"]
    assert [row[3] for row in rows[1:]] == ["₽0.01", "₽0.02", "₽0.03", "₽0.04", "₽0.05"]
    for drawing in re.findall(r'<svg class="drawing".*?</svg>', page, re.DOTALL):
        root = ET.fromstring(drawing)
        assert root.find("title") is not None
        assert "under a day: ₽" in (root.findtext("desc") or "")


def test_figures_come_from_the_ledger_and_name_how_many_sellers_there_are(market: Market, visiting: Visiting) -> None:
    market.paid()
    released(market)
    released(market, currency="EUR")
    page = visiting("ops", "en").get(MONEY).replace("\u00a0", " ")
    rows = {row[0]: row[1:] for row in table(page, "figures")}
    assert rows["RUB"] == ["₽5,300.00", "—", "₽950.00 1 seller", "—", "—", "—"]
    assert rows["EUR"] == ["—", "—", "€950.00 1 seller", "—", "—", "—"]
    [due] = table(page, "due")
    assert due[0].startswith("Sever &amp; Svet shop-7")
    euros = visiting("ops", "en").get(f"{MONEY}?currency=EUR")
    assert "Due to sellers, EUR" in euros
    assert visiting("ops", "en").client.get(f"{MONEY}?currency=%00zz").status_code == 200


def test_who_owes_is_listed_with_since_when(market: Market, visiting: Visiting) -> None:
    order = released(market)
    paid_out(market)
    market.do(order.id, RecordChargeback(amount=100_000, reason="fraud"), OPS)
    play(market)
    [row] = table(visiting("ops", "en").get(MONEY).replace("\u00a0", " "), "debts")
    assert row[0].startswith("Sever &amp; Svet")
    assert row[-2:] == ["1", "₽950.00"]
    assert row[2] != "—"


def _park(market: Market) -> None:
    market.application.payouts.rows.park(SHOP.id, "sandbox", "account_closed", market.application.clock.now())


def test_what_waits_for_a_person_is_taken_care_of_and_goes_on(market: Market, visiting: Visiting) -> None:
    released(market)
    agree(market)
    _park(market)
    ops = visiting("ops", "en")
    page = ops.get(MONEY)
    [row] = table(page, "waiting")
    assert "The account does not exist, or nothing can be paid to it." in row
    assert 'aria-current="page">Money <span class="count count--turn nav__count">1</span>' in page
    assert market.application.payouts.rows.take_care(SHOP.id, "sandbox", "")
    answer = ops.send(form_to(ops.get(MONEY), "/care"))
    assert "You look after it." in answer.text
    assert "Operator" in table(answer.text, "waiting")[0][4]
    assert "/care" not in answer.text, "who looks after it need not say so again"
    form = form_to(ops.get(SELLER), "/resumption")
    assert "Payouts go on." in ops.send(form).text
    assert "Waits for a person" not in ops.get(MONEY)
    # Sent twice, they go on once.
    assert "Payouts go on." in ops.send(form).text


def test_a_payee_who_is_not_known_there_is_not_found(market: Market, visiting: Visiting) -> None:
    released(market)
    agree(market)
    _park(market)
    ops = visiting("ops", "en")
    form = form_to(ops.get(SELLER), "/resumption")
    assert ops.send(form, provider="nobody").status_code == 404
    assert ops.client.get(f"{MONEY}/sellers/nobody-here").status_code == 404
    assert ops.client.get(f"{SELLER}/terms?provider=nobody").status_code == 404
    assert ops.client.get(f"{SELLER}/payout/consequence?provider=sandbox&currency=ZZZ").status_code == 404


def test_paying_out_is_two_steps_and_sent_twice_pays_once(market: Market, visiting: Visiting) -> None:
    released(market)
    ops = visiting("ops", "en")
    assert CONSEQUENCE in ops.get(SELLER).replace("&amp;", "&")
    page = ops.get(CONSEQUENCE)
    text = plain(page)
    assert "Pay ₽950.00 out?" in text
    assert "Leaves now ₽950.00" in text
    assert "You cannot undo a payout." in text
    assert page.index("data-cancel") < page.index("btn--final")
    form = form_to(page, "/payout")
    first, second = ops.send(form), ops.send(form)
    assert (first.status_code, second.status_code) == (200, 200)
    assert first.url == second.url
    assert "The payout is on its way." in first.text
    play(market)
    [made] = market.application.payouts.rows.list_payouts(SHOP.id, (), None, 10)
    assert (made.by, made.arrived, made.stage) == (str(OPS), 95_000, PayoutStage.DONE)
    assert ops.send(form).url == first.url, "long after, too"
    assert list(audit(market.application.store)) == []


def test_sent_twice_at_once_it_pays_once(market: Market, visiting: Visiting) -> None:
    released(market)
    visitors = [visiting("ops", "en"), visiting("ops", "en")]
    form = form_to(visitors[0].get(CONSEQUENCE), "/payout")
    tokens = [dict(form_to(one.get(CONSEQUENCE), "/payout").fields)["token"] for one in visitors]
    answers: list[httpx2.Response] = []
    gate = threading.Barrier(2)

    def press(visitor: Visitor, token: str) -> None:
        gate.wait()
        answers.append(visitor.send(form, token=token))

    threads = [threading.Thread(target=press, args=pair) for pair in zip(visitors, tokens, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {answer.status_code for answer in answers} <= {200, 409}
    play(market)
    [made] = market.application.payouts.rows.list_payouts(SHOP.id, (), None, 10)
    assert made.arrived == 95_000
    assert list(audit(market.application.store)) == []


def test_a_sum_that_changed_is_shown_again_before_anything_leaves(market: Market, visiting: Visiting) -> None:
    released(market)
    ops = visiting("ops", "en")
    form = form_to(ops.get(CONSEQUENCE), "/payout")
    released(market)
    answer = ops.send(form)
    assert answer.status_code == 409
    text = plain(answer.text)
    assert "The sum has changed meanwhile" in text
    assert "Pay ₽1,900.00 out?" in text
    assert market.application.payouts.rows.list_payouts(SHOP.id, (), None, 1) == []
    assert ops.send(form_to(answer.text, "/payout")).status_code == 200


def test_what_is_in_the_way_keeps_money_here(market: Market, visiting: Visiting) -> None:
    released(market)
    agree(market, account="")
    ops = visiting("ops", "en")
    page = ops.get(SELLER)
    assert "payout/consequence" not in page
    assert "No account is known" in page
    answer = ops.client.get(CONSEQUENCE)
    assert answer.status_code == 409
    assert "Nothing was paid out." in answer.text
    agree(market, account="shop-7", reserve_basis_points=10_000)
    assert "All of it is kept back" in ops.get(CONSEQUENCE, 409)


def test_less_than_the_smallest_payout_leaves_when_an_operator_says_so(market: Market, visiting: Visiting) -> None:
    released(market)
    agree(market, minimum={"RUB": 1_000_000})
    ops = visiting("ops", "en")
    page = ops.get(CONSEQUENCE)
    assert "It is less than the smallest payout agreed" in page
    assert ops.send(form_to(page, "/payout")).status_code == 200
    assert len(market.application.payouts.rows.list_payouts(SHOP.id, (), None, 2)) == 1


def test_what_a_seller_owes_is_asked_back_in_two_steps(market: Market, visiting: Visiting) -> None:
    order = released(market)
    paid_out(market)
    market.do(order.id, RecordChargeback(amount=100_000, reason="fraud"), OPS)
    play(market)
    ops = visiting("ops", "en")
    assert "Ask it back…" in ops.get(SELLER)
    page = ops.get(CONSEQUENCE)
    assert "Ask ₽950.00 back?" in plain(page)
    answer = ops.send(form_to(page, "/payout"))
    assert "The provider is asked to take it back." in answer.text
    play(market)
    # It has gone to their bank: what they owe is kept of what comes next.
    assert market.application.payouts.rows.owed_on(SANDBOX).due == -95_000
    assert "payout_not_taken_back" in [name_of(event) for _, event in market.application.queries.history(order.id)]
    assert list(audit(market.application.store)) == []


def test_a_stopped_payout_is_sent_again(market: Market, visiting: Visiting) -> None:
    released(market)
    payout = paid_out(market)
    market.application.payouts.rows.move(payout, payout._replace(stage=PayoutStage.PARKED, why="declined"))
    ops, url = visiting("ops", "en"), f"{MONEY}/payouts/{payout.id}"
    page = ops.get(url)
    assert "See why, mend it, then send it again." in page
    form = form_to(page, "/again")
    assert "It is being sent again." in ops.send(form).text
    # Sent twice, it is on its way once.
    assert "It is being sent again." in ops.send(form).text
    found = market.application.payouts.rows.payout(payout.id)
    assert found is not None
    assert (found.stage, found.tries) == (PayoutStage.TO_BANK, 2)


def test_terms_are_kept_and_stand_in_the_form(market: Market, visiting: Visiting) -> None:
    released(market)
    ops = visiting("ops", "ru")
    form = form_to(ops.get(f"{SELLER}/terms?provider=sandbox"), "/terms")
    codes = [value for name, value in form.fields if name == "currency"]
    assert codes == ["RUB", ""], "the currencies in which something is due, and room for another"
    answer = ops.send(
        form,
        account="acct_1",
        schedule="weekly",
        minimum=["1 200,50", "10"],
        currency=["rub", "EUR"],
        share="12,5",
        days="20",
    )
    assert "Условия сохранены." in answer.text
    [payee] = market.application.payouts.rows.payees_of(SHOP.id)
    assert payee.account == "acct_1"
    assert payee.care == str(OPS)
    assert payee.own == OwnRules(
        schedule="weekly", minimum={"RUB": 120_050, "EUR": 1_000}, reserve_basis_points=1_250, reserve_days=20
    )
    form = form_to(ops.get(f"{SELLER}/terms?provider=sandbox"), "/terms")
    assert form.with_fields() == form.fields
    fields = dict(form.fields)
    assert (fields["account"], fields["schedule"], fields["share"], fields["days"]) == (
        "acct_1",
        "weekly",
        "12.5",
        "20",
    )
    assert ops.send(form, schedule="", minimum=["", "", ""], share="", days="").status_code == 200
    assert market.application.payouts.rows.payees_of(SHOP.id)[0].own == OwnRules()


@pytest.mark.parametrize(
    ("given", "field", "told"),
    [
        ({"account": "a\x07b"}, "account", "in one line"),
        ({"account": "x" * 65}, "account", "64 characters"),
        ({"schedule": "hourly"}, "schedule", "Choose one of these."),
        ({"minimum": ["much", ""]}, "minimum-0", "Write a sum"),
        ({"minimum": ["-1", ""]}, "minimum-0", "Write a sum"),
        ({"minimum": ["5", ""], "currency": ["ZZZ", ""]}, "minimum-0", "three letters"),
        ({"minimum": ["5", "6"], "currency": ["RUB", "RUB"]}, "minimum-1", "twice"),
        ({"share": "101"}, "share", "0 to 100"),
        ({"share": "1.234"}, "share", "0 to 100"),
        ({"share": "٣"}, "share", "0 to 100"),
        ({"days": "0"}, "days", "1 to 400"),
        ({"days": "401"}, "days", "1 to 400"),
        ({"days": "1.5"}, "days", "1 to 400"),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_what_was_typed_stays(
    market: Market, visiting: Visiting, given: dict[str, str | list[str]], field: str, told: str
) -> None:
    released(market)
    agree(market, schedule="daily")
    [before] = market.application.payouts.rows.payees_of(SHOP.id)
    ops = visiting("ops", "en")
    form = form_to(ops.get(f"{SELLER}/terms?provider=sandbox"), "/terms")
    answer = ops.send(form, **given)
    assert answer.status_code == 422
    error = re.search(rf'id="{field}-e">(.*?)</p>', answer.text, re.DOTALL)
    assert error is not None
    assert told in error[1].replace("\u00a0", " ")
    assert f'aria-describedby="{field}-e' in answer.text
    kept = form_to(answer.text, "/terms").fields
    for name, value in given.items():
        for one in [value] if isinstance(value, str) else value:
            # What no choice of a list is cannot stand in it.
            assert name == "schedule" or not one.isprintable() or (name, one) in kept
    assert market.application.payouts.rows.payees_of(SHOP.id) == [before]


def test_terms_do_not_wipe_an_account_that_the_seller_set_meanwhile(market: Market, visiting: Visiting) -> None:
    released(market)
    agree(market, account="")
    ops, rows = visiting("ops", "en"), market.application.payouts.rows
    form = form_to(ops.get(f"{SELLER}/terms?provider=sandbox"), "/terms")
    rows.set_account(SHOP.id, "sandbox", "acct_theirs")
    assert ops.send(form, schedule="weekly").status_code == 200
    [payee] = rows.payees_of(SHOP.id)
    assert (payee.account, payee.own.schedule) == ("acct_theirs", "weekly")


def test_an_account_that_was_changed_meanwhile_is_shown_beside_the_one_that_was_typed(
    market: Market, visiting: Visiting
) -> None:
    released(market)
    agree(market, account="acct_old")
    ops, rows = visiting("ops", "en"), market.application.payouts.rows
    form = form_to(ops.get(f"{SELLER}/terms?provider=sandbox"), "/terms")
    rows.set_account(SHOP.id, "sandbox", "acct_theirs")
    [before] = rows.payees_of(SHOP.id)
    answer = ops.send(form, account="acct_ours", schedule="weekly", days="7")
    assert answer.status_code == 409
    assert "It was changed meanwhile: acct_theirs." in plain(answer.text)
    assert rows.payees_of(SHOP.id) == [before]
    again = form_to(answer.text, "/terms")
    assert {("account", "acct_ours"), ("schedule", "weekly"), ("days", "7")} <= set(again.fields)
    assert ops.send(again).status_code == 200
    assert rows.payees_of(SHOP.id)[0].account == "acct_ours"


def test_a_seller_whose_name_is_a_long_number_keeps_it_as_their_account(market: Market, visiting: Visiting) -> None:
    released(market)
    agree(market)
    market.application.payouts.rows.set_account(SHOP.id, "sandbox", "123456789012")
    ops = visiting("ops", "en")
    form = form_to(ops.get(f"{SELLER}/terms?provider=sandbox"), "/terms")
    assert ops.send(form, schedule="weekly").status_code == 200
    assert ops.send(form, account="123456789013").status_code == 422
    assert market.application.payouts.rows.payees_of(SHOP.id)[0].account == "123456789012"


def test_payouts_and_the_statement_of_a_seller_stand_on_one_page(market: Market, visiting: Visiting) -> None:
    order = released(market)
    payout = paid_out(market)
    ops = visiting("ops", "en")
    page = ops.get(SELLER)
    assert f'href="{MONEY}/payouts/{payout.id}"' in page
    assert f'href="/operator/orders/{order.id}"' in page
    assert f'href="{SELLER}/statement.csv"' in page
    assert order.id in ops.get(f"{SELLER}/statement.csv")
    assert order.id in ops.get(f"{MONEY}/payouts/{payout.id}.csv")
    assert "Operator" in plain(ops.get(f"{MONEY}/payouts/{payout.id}")), "who made it"


def test_differences_are_linked(visiting: Visiting) -> None:
    page = visiting("ops", "en").get(MONEY)
    assert 'class="btn btn--s" href="/operator/reconciliation"' in page


def test_nobody_else_sees_or_does_any_of_it(market: Market, visiting: Visiting) -> None:
    released(market)
    for person in ("ann", "nick", "sam", "mia"):
        visitor = visiting(person, "en")
        for path in (MONEY, SELLER, f"{SELLER}/terms", CONSEQUENCE, f"{SELLER}/statement.csv", f"{MONEY}/payouts"):
            visitor.get(path, 404)
    assert market.application.payouts.rows.list_payouts(None, (), None, 1) == []


def test_the_accounts_of_most_and_the_sums_of_all_are_asked_of_the_store(market: Market) -> None:
    for number, (seller, due, currency) in enumerate(
        (
            ("a", 5, "RUB"),
            ("b", 9, "RUB"),
            ("b", -2, "RUB"),
            ("c", -4, "RUB"),
            ("d", 8, "EUR"),
            ("e", 3, "RUB"),
            ("e", -3, "RUB"),
        )
    ):
        purse(market, number, seller=seller, due=due, currency=currency, released_at=Instant(number + 1))
    rows = market.application.payouts.rows
    assert [(one.account.seller, one.due) for one in rows.most_owed("RUB", 5, owing=False)] == [("b", 7), ("a", 5)]
    assert [one.account.seller for one in rows.most_owed("RUB", 1, owing=False)] == ["b"]
    assert [(one.account.seller, one.due) for one in rows.most_owed("RUB", 5, owing=True)] == [("c", -4)]
    assert [tuple(one) for one in rows.due_in_all()] == [("EUR", 8, 1, 0, 0), ("RUB", 12, 2, 4, 1)]
    assert rows.last_release(Account("b", "sandbox", "RUB")) == 3
    assert rows.last_release(Account("nobody", "sandbox", "RUB")) is None
