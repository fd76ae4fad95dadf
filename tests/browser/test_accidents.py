"""Nothing is confirmed by accident, and nothing twice: slow phones, double taps, Back, two tabs, forged forms (S11, S13, S14)."""

from __future__ import annotations

import pytest

from tests.browser.conftest import Opening, People
from tests.browser.served import Order, Served
from tests.browser.walker import DESK, PHONE, Setting, Walker

ON_A_PHONE, AT_A_DESK = Setting("ru", PHONE), Setting("en", DESK)
BOX, FINAL, CANCEL = 'input[type="checkbox"][name="line"]', ".btn--final", "[data-cancel]"


@pytest.fixture
def order(served: Served, people: People) -> Order:
    return served.place(people.buyer.id, people.seller.id).delivered()


def consequence(opening: Opening, people: People, order: Order, setting: Setting = ON_A_PHONE) -> Walker:
    """At the second step, with the first item ticked."""
    walker = opening(setting, people.buyer).go(f"/orders/{order.id}/receipt")
    walker.page.locator(BOX).first.check()
    return walker.press('main form button[type="submit"]')


def confirmations(order: Order) -> int:
    """How often receipt was confirmed."""
    events = order.served.get(f"/orders/{order.id}/events?limit=200")["items"]
    return sum(event["type"] == "receipt_confirmed" for event in events)


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_a_double_tap_on_the_final_button_confirms_once(
    opening: Opening, people: People, order: Order, scripts: bool
) -> None:
    walker = consequence(opening, people, order, Setting("ru", PHONE, scripts=scripts))
    walker.wake()
    walker.page.locator(FINAL).dblclick(no_wait_after=True)
    # The second tap cuts the answer to the first one off; the page that comes then is the same.
    walker.page.locator(".note--safe").wait_for()
    assert walker.path.partition("?")[0].endswith("/receipt/done")
    assert confirmations(order) == 1


def test_two_requests_of_one_form_confirm_once_even_without_scripts(
    opening: Opening, people: People, order: Order
) -> None:
    walker = consequence(opening, people, order)
    form = walker.page.evaluate("Object.fromEntries(new FormData(document.querySelector('form.actions--final')))")
    answers = [walker.page.request.post(f"{walker.url}/orders/{order.id}/receipt", form=form) for _ in range(3)]
    assert [answer.status for answer in answers] == [200, 200, 200]
    assert all(answer.url.endswith("/receipt/done") for answer in answers)
    assert confirmations(order) == 1


def test_the_final_button_sleeps_for_a_second_so_that_a_tap_meant_for_the_page_before_does_nothing(
    opening: Opening, people: People, order: Order
) -> None:
    walker = consequence(opening, people, order)
    button = walker.page.locator(FINAL)
    walker.stop_time()
    walker.page.reload()
    for _ in range(2):
        button.click(no_wait_after=True, force=True)
        walker.page.wait_for_timeout(200)
        assert walker.path.partition("?")[0].endswith("/receipt/consequence")
        assert confirmations(order) == 0
        walker.page.clock.run_for(900)
    walker.press(FINAL)
    assert confirmations(order) == 1


def test_cancel_comes_first_and_has_the_focus_so_enter_cancels(opening: Opening, people: People, order: Order) -> None:
    walker = consequence(opening, people, order, AT_A_DESK)
    assert walker.page.evaluate("document.activeElement.matches('[data-cancel]')")
    assert walker.page.evaluate(
        "document.querySelector('[data-cancel]').compareDocumentPosition(document.querySelector('.btn--final')) & 4"
    ), "Cancel stands before the final button"
    with walker.page.expect_navigation():
        walker.page.keyboard.press("Enter")
    assert walker.path == f"/orders/{order.id}"
    assert confirmations(order) == 0


def test_the_consequence_page_opens_at_its_top_so_that_the_sums_are_read_before_the_buttons(
    opening: Opening, people: People, order: Order
) -> None:
    walker = consequence(opening, people, order)
    assert walker.page.evaluate("scrollY") == 0
    assert walker.page.evaluate("document.activeElement.matches('[data-cancel]')")
    assert walker.page.locator("main h1").is_visible()


def test_escape_on_the_consequence_page_cancels(opening: Opening, people: People, order: Order) -> None:
    walker = consequence(opening, people, order, AT_A_DESK)
    with walker.page.expect_navigation():
        walker.page.keyboard.press("Escape")
    assert walker.path == f"/orders/{order.id}"
    assert confirmations(order) == 0


def test_back_from_the_consequence_page_keeps_what_was_ticked_and_confirms_nothing(
    opening: Opening, people: People, order: Order
) -> None:
    walker = consequence(opening, people, order, AT_A_DESK)
    walker.page.go_back()
    assert walker.path.partition("?")[0].endswith("/receipt")
    assert confirmations(order) == 0


def test_back_after_confirming_and_pressing_again_changes_nothing_and_says_so(
    opening: Opening, people: People, order: Order
) -> None:
    walker = consequence(opening, people, order)
    walker.wake()
    walker.press(FINAL)
    walker.page.go_back()
    if walker.page.locator(FINAL).count():
        walker.wake()
        walker.press(FINAL)
    walker.look()
    assert confirmations(order) == 1
    assert order.states() == ["confirmed", "held"]


def test_two_tabs_that_confirm_the_same_confirm_it_once_and_the_second_is_told(
    opening: Opening, people: People, order: Order
) -> None:
    first = consequence(opening, people, order, AT_A_DESK)
    second = opening(like=first).go(first.path)
    first.wake()
    first.press(FINAL)
    second.wake()
    second.press(FINAL)
    second.says("Receipt of this is already confirmed.", "Nothing was confirmed a second time.")
    assert confirmations(order) == 1
    assert order.states() == ["confirmed", "held"]


def test_a_window_that_closed_meanwhile_is_told_plainly_and_the_money_is_not_moved_twice(
    opening: Opening, served: Served, people: People, order: Order
) -> None:
    walker = consequence(opening, people, order, AT_A_DESK)
    served.pass_days(7)
    walker.wake()
    walker.press(FINAL)
    assert confirmations(order) == 0
    assert order.states() == ["settled", "settled"]
    assert walker.page.locator('[role="alert"]').count() == 1


def test_a_form_without_its_token_or_from_another_person_is_refused(
    opening: Opening, people: People, order: Order
) -> None:
    walker = consequence(opening, people, order)
    form = walker.page.evaluate("Object.fromEntries(new FormData(document.querySelector('form.actions--final')))")
    url = f"{walker.url}/orders/{order.id}/receipt"
    without = {name: value for name, value in form.items() if name != "token"}
    assert walker.page.request.post(url, form=without).status in (400, 403)
    stranger = opening(ON_A_PHONE, people.stranger)
    assert stranger.page.request.post(url, form=form).status in (400, 403, 404)
    assert stranger.page.request.get(f"{walker.url}/orders/{order.id}").status == 404
    assert confirmations(order) == 0


def test_a_part_of_a_quantity_can_be_confirmed(opening: Opening, people: People, order: Order) -> None:
    walker = opening(AT_A_DESK, people.buyer).go(f"/orders/{order.id}/receipt")
    walker.page.locator(BOX).nth(1).check()
    walker.page.locator("main select").first.select_option("1")
    walker.press('main form button[type="submit"]')
    walker.says("₽1,365")
    walker.wake()
    walker.press(FINAL)
    assert order.read()["lines"][1]["portions"] == {"confirmed": 1, "held": 1}
