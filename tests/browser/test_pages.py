"""Every page on every screen: no serious finding of axe in either theme, and DESIGN's rules about where confirm may stand."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.browser.conftest import Opening, People, Somebody
from tests.browser.served import Order, Served
from tests.browser.walker import DESK, PHONE, ZOOMED, Setting, Walker

Tour = Iterator[tuple[Somebody | None, str]]
"""Addresses, each with who goes there."""

LONG = "Плед вязаный из мериносовой шерсти, крупная вязка, 130 × 170 см, цвет «овсяное печенье», ручная работа, " * 2
COSTLY = {"sku": "piano", "title": LONG[:200], "quantity": 3, "unit_price": 9_876_543_21}
UNBROKEN = {"sku": "x" * 64, "title": "W" * 200, "quantity": 1, "unit_price": 100}


def states(served: Served, people: People) -> dict[str, Order]:
    """An order in each state that pages show."""

    def place(**changes: object) -> Order:
        return served.place(people.buyer.id, people.seller.id, **changes)

    partly, asked, back = place().delivered(), place().pay().ship(), place().pay().ship()
    partly.confirm(partly.line(0))
    asked.post("protection", {"days": 7}, f"buyer:{people.buyer.id}")
    settling, cancelled, refunded = place().delivered(), place(), place().pay()
    settling.confirm(settling.line(0), settling.line(1))
    for order in (cancelled, refunded):
        order.post("cancellation", {}, f"buyer:{people.buyer.id}")
    disputed, ruled = place().delivered(), place().delivered()
    for order in (disputed, ruled):
        body = {"lines": [order.line(0)], "reason": "damaged", "demand": {"kind": "refund"}, "text": LONG}
        order.post("disputes", body, f"buyer:{people.buyer.id}")
    served.post(f"/disputes/{disputed.id}-d1/offers", {"refund": 100, "text": LONG}, f"seller:{people.seller.id}")
    served.post(f"/disputes/{ruled.id}-d1/escalation", {}, f"buyer:{people.buyer.id}")
    served.post(f"/disputes/{ruled.id}-d1/ruling", {"refund": 100, "reasons": LONG}, "mediator:mia")
    back.scan("returned_to_sender")
    return {
        "disputed": disputed,
        "ruled": ruled,
        "awaiting payment": place(lines=[COSTLY, UNBROKEN], shipping=12_345, discount=10_000),
        "being prepared": place().pay(),
        "on its way": asked.scan("in_transit"),
        "delivered": place(lines=[COSTLY, UNBROKEN]).delivered(),
        "came back": back,
        "partly confirmed": partly,
        "settling": settling,
        "cancelled": cancelled,
        "refunded": refunded,
    }


def for_buyers(people: People, orders: dict[str, Order]) -> Tour:
    """What a buyer sees; and somebody who both buys and sells."""
    way, here, partly = orders["on its way"].id, orders["delivered"], orders["partly confirmed"].id
    first, second = here.line(0), here.line(1)
    yield people.stranger, "/orders"
    for address in (
        "/orders",
        "/orders?status=shipped",
        "/orders?status=in_dispute",
        "/orders?q=nothing+like+that",
        "/inbox",
        "/inbox/letters",
        *(f"/orders/{order.id}" for order in orders.values()),
        f"/orders/{way}/receipt",
        f"/orders/{way}/protection",
        f"/orders/{here.id}/receipt",
        f"/orders/{here.id}/receipt/consequence",
        f"/orders/{here.id}/receipt/consequence?line={first}&quantity-{first}=2&line={second}",
        f"/orders/{partly}/receipt/done",
        f"/orders/{orders['being prepared'].id}/cancellation",
        f"/orders/{here.id}/dispute",
        f"/orders/{here.id}/dispute/reason",
        f"/orders/{here.id}/dispute/reason?line={first}&line={second}",
        f"/orders/{here.id}/dispute/demand?line={first}&reason=damaged",
        f"/orders/{here.id}/dispute/details?line={first}&reason=damaged&wish=part&amount=x",
        f"/orders/{here.id}/dispute/details?line={first}&reason=damaged&wish=all",
        f"/orders/{here.id}/dispute/check?line={first}&reason=damaged&wish=all",
        *(
            f"/orders/{orders['disputed'].id}/disputes/1{page}"
            for page in ("", "/offers/2", "/offer?amount=5", "/withdrawal")
        ),
        *(f"/orders/{orders['ruled'].id}/disputes/1{page}" for page in ("", "/appeal", "/offer")),
    ):
        yield people.buyer, address


def for_sellers(people: People, orders: dict[str, Order]) -> Tour:
    """What a seller sees."""
    shown = ("awaiting payment", "on its way", "delivered", "partly confirmed", "refunded", "came back")
    for address in (
        "/selling",
        "/selling/money",
        "/selling/money/payouts",
        "/selling/money/statement",
        "/selling/inbox",
        "/selling/inbox/letters",
        *(f"/selling/orders/{orders[name].id}" for name in shown),
        f"/selling/orders/{orders['being prepared'].id}/ship",
        f"/selling/orders/{orders['on its way'].id}/protection",
        f"/selling/orders/{orders['delivered'].id}/protection",
        f"/selling/orders/{orders['came back'].id}/returned-parcel",
        "/selling?status=in_dispute",
        *(f"/selling/orders/{orders['disputed'].id}/disputes/1{page}" for page in ("", "/offer", "/escalation")),
        f"/selling/orders/{orders['ruled'].id}/disputes/1",
    ):
        yield people.seller, address


def for_others(people: People, orders: dict[str, Order]) -> Tour:
    """What everybody sees, and what staff see."""
    yield from ((None, address) for address in ("/", "/sign-in", "/rules", "/help", "/nowhere"))
    for name in ("settling", "partly confirmed", "disputed"):
        yield people.support, f"/support/orders/{orders[name].id}"
    for name in ("on its way", "being prepared"):
        yield people.operator, f"/operator/orders/{orders[name].id}"
    yield people.support, "/support"
    for address in (
        "/operator",
        "/operator/parcels",
        "/operator/money",
        "/operator/money/payouts",
        f"/operator/money/sellers/{people.seller.id}",
        f"/operator/money/sellers/{people.seller.id}/terms",
        "/operator/ledger",
        "/operator/ledger/held:RUB",
        "/operator/staff",
        "/operator/keys",
        "/operator/clock",
    ):
        yield people.operator, address


@pytest.mark.slow
@pytest.mark.parametrize("tour", [for_buyers, for_sellers, for_others])
@pytest.mark.parametrize(
    "setting", [Setting("ru", DESK), Setting("en", PHONE, dark=True), Setting("ru", ZOOMED, scripts=False)], ids=str
)
def test_no_page_has_a_serious_finding_of_axe_or_breaks_a_rule_of_every_page(
    opening: Opening,
    served: Served,
    people: People,
    setting: Setting,
    tour: Callable[[People, dict[str, Order]], Tour],
) -> None:
    windows: dict[Somebody | None, Walker] = {}
    for who, address in tour(people, states(served, people)):
        walker = windows[who] = windows.get(who) or opening(setting, who)
        walker.go(address)
        if setting.screen != ZOOMED:
            walker.axe()
        keeps_confirming_apart(walker)


def keeps_confirming_apart(walker: Walker) -> None:
    """DESIGN, «Where confirm may stand»."""
    for fault in walker.page.evaluate(_APART):
        walker.faults.append(f"{walker.path} ({walker.setting}): {fault}")


_APART = """() => {
  const faults = [];
  const path = location.pathname;
  const all = (selector) => [...document.querySelectorAll(selector)];
  const box = (one) => one.getBoundingClientRect();

  const releasing = all("form").filter((one) => one.method === "post" && /\\/receipt$/.test(one.action));
  if (releasing.length && !path.endsWith("/receipt/consequence")) faults.push("money can be released here");
  const finals = all(".btn--final").length;
  const asks = /\\/(consequence|cancellation|offers\\/\\d+|return\\/receipt)$/.test(path);
  if (finals > 1 || (finals && !asks)) faults.push("a final button without its sums");
  const ticked = all("input[type=checkbox]:checked:not([name=anonymous], [name=kind])").length;
  if (ticked && !path.endsWith("/ship")) faults.push("a box is ticked");
  if (all("input[type=checkbox]").some((one) => /all/i.test(one.name))) faults.push("one box for all");
  for (const one of all("main .btn, main form")) {
    if (["sticky", "fixed"].includes(getComputedStyle(one).position)) faults.push("a button that sticks");
  }

  const into = all("a[href*='/receipt']:not(.lang)").filter((one) => !one.href.endsWith("/done"));
  for (const link of into) {
    const place = link.closest("header, footer, .at-parcel, .order__side, [id=list]");
    if (place) faults.push(`confirming begins in ${place.className}`);
    for (const code of all(".at-parcel .code, .at-parcel [data-copy]")) {
      const [one, other] = [box(link), box(code)];
      const beside = Math.abs(one.top - other.bottom) < 96 && Math.abs(one.left - other.right) < 96;
      if (beside) faults.push("confirming stands beside tracking");
    }
  }

  const [parcel, money, item] = [all(".at-parcel")[0], all(".at-money")[0], all(".lines > li").pop()];
  if (parcel && money && item && innerWidth < 900) {
    const between = box(item).bottom <= box(money).top && box(money).bottom <= box(parcel).top;
    if (!between) faults.push("the money does not lie between the last item and the parcel");
  }

  const [final, cancel] = [all(".btn--final")[0], all("[data-cancel]")[0]];
  if (final && cancel) {
    const [one, other] = [box(final), box(cancel)];
    const apart = Math.max(one.left - other.right, other.left - one.right, one.top - other.bottom, other.top - one.bottom);
    if (apart < 15.5) faults.push(`the final button is ${apart} px from Cancel`);
  }
  return faults;
}"""


def test_pages_forbid_what_they_do_not_need(served: Served, opening: Opening) -> None:
    answer = opening().page.request.get(f"{served.url}/sign-in")
    policy = answer.headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy


@pytest.mark.parametrize("setting", [Setting("ru", DESK), Setting("en", PHONE, dark=True)], ids=str)
def test_the_description_of_the_api_can_be_read_by_everybody(opening: Opening, setting: Setting) -> None:
    walker = opening(setting)
    walker.page.goto(f"{walker.url}/docs")
    walker.axe()
    assert walker.page.evaluate("document.documentElement.lang") == setting.language
    assert walker.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_list_of_many_orders_has_pages_tabs_and_counts_that_agree(
    opening: Opening, served: Served, people: People
) -> None:
    for _ in range(12):
        served.place("elif", people.seller.id, lines=[{"sku": "a", "title": "Lamp", "quantity": 1, "unit_price": 100}])
    walker = opening(Setting("en", PHONE), Somebody("elif", "elif")).go("/orders")
    assert walker.page.locator(".tabs .count").first.inner_text() == "12"
    seen = walker.page.locator(".order__title").count()
    walker.press('.pager a[rel="next"]')
    assert seen + walker.page.locator(".order__title").count() == 12
    walker.press('.pager a[rel="prev"]')
    assert walker.page.locator(".order__title").count() == seen


def test_what_people_write_is_shown_as_they_wrote_it_and_never_carried_out(
    opening: Opening, served: Served, people: People
) -> None:
    hostile = "\"'><script>document.title='caught'</script>{{ 7*7 }} 100 %s </title>"
    lines = [{"sku": "a", "title": hostile, "quantity": 2, "unit_price": 10_000}]
    order = served.place(people.buyer.id, people.seller.id, lines=lines, reference=hostile[:64]).pay()
    order.ship(hostile[:64]).scan("in_transit", hostile)
    order.confirm(order.line(0))
    order.post("receipt/undo", {"lines": [order.line(0)], "why": hostile}, f"support:{people.support.id}")
    seen = (
        (people.buyer, "/orders"),
        (people.buyer, f"/orders/{order.id}"),
        (people.buyer, f"/orders/{order.id}/receipt"),
        (people.buyer, f"/orders/{order.id}/receipt/consequence?line={order.line(0)}"),
        (people.seller, f"/selling/orders/{order.id}"),
        (people.support, f"/support/orders/{order.id}"),
    )
    for who, address in seen:
        walker = opening(Setting("en"), who)
        walker.page.goto(f"{walker.url}{address}")
        assert "caught" not in walker.page.title()
        assert walker.page.locator("main script").count() == 0
        assert "{{ 7*7 }}" in walker.text()


def test_switching_the_language_keeps_the_page(opening: Opening, served: Served, people: People) -> None:
    order = served.place(people.buyer.id, people.seller.id).delivered()
    walker = opening(Setting("ru", PHONE), people.buyer).go(f"/orders/{order.id}/receipt")
    walker.setting = Setting("en", PHONE)
    walker.press("a.lang")
    assert walker.path == f"/orders/{order.id}/receipt"
    walker.says("What did you receive?")


def test_who_is_not_signed_in_is_led_to_sign_in_and_back(opening: Opening, served: Served, people: People) -> None:
    order = served.place(people.buyer.id, people.seller.id)
    walker = opening(Setting("en")).go(f"/orders/{order.id}")
    assert walker.path.startswith("/sign-in")
    walker.press(f'button[value="{people.buyer.key}"]')
    assert walker.path == f"/orders/{order.id}"
