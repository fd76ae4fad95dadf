"""Every state of an order can be shown to everybody who may see it, in both languages, with nothing left unsaid."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator

import msgspec
import pytest

from fairhold.domain.actors import Actor
from fairhold.domain.commands import ConfirmReceipt
from fairhold.domain.consequence import of_confirming
from fairhold.domain.deadlines import deadlines
from fairhold.domain.decide import as_of
from fairhold.domain.policy import ProviderRules
from fairhold.domain.reasons import Refusal
from fairhold.domain.status import is_open
from fairhold.web.people import Directory
from fairhold.web.views.calendar import entries_of
from fairhold.web.views.cards import card_of
from fairhold.web.views.clock import clock_page
from fairhold.web.views.desk import desk_page, desk_row
from fairhold.web.views.forecast import forecasts
from fairhold.web.views.orders import cancellation_of, extension_of, order_page
from fairhold.web.views.receipts import done, first_step, second_step
from fairhold.web.views.selling import row_of, ship_page, stats_of
from fairhold.web.views.sight import Sight
from fairhold.words.catalog import Language
from fairhold.words.reader import reader_of
from tests import builders as orders
from tests import states

EXTENDS = orders.policy(protection={"on_lapse": "extend_once"})
WEIGHS = orders.policy(receipt={"delivery_evidence": True})
CAPPED = msgspec.structs.replace(orders.POLICY, providers=(ProviderRules(name="sandbox", ceiling_days=20),))
STATES: dict[str, Callable[[], orders.Deal]] = {
    **states.STATES,
    "shipped_lapse_extends": lambda: orders.shipped(orders.place(policy=EXTENDS)),
    "capped": lambda: orders.shipped(orders.place(policy=CAPPED)),
    "late": lambda: orders.shipped(orders.place(promised_by=orders.at(days=2))).waiting(orders.at(days=4)),
    "weakly_proved": lambda: (
        orders.start(orders.place(policy=WEIGHS))
        .pay(orders.PAID_AT)
        .ship(when=orders.SHIPPED_AT)
        .scan("delivered", orders.DELIVERED_AT)
    ),
    "expected": lambda: orders.shipped(orders.place(promised_by=orders.at(days=9))),
}
ROLES = {"buyer": orders.BUYER, "seller": orders.SELLER, "support": orders.SUPPORT, "operator": orders.OPERATOR}


def sight_of(deal: orders.Deal, actor: Actor, language: Language) -> Sight:
    """What the queries hand over: the order with everything due applied."""
    reader = reader_of(language, "Europe/Moscow")
    return Sight(
        as_of(deal.order, deal.now), deal.now, actor, reader, Directory(), lambda image: f"/static/goods.svg#{image}"
    )


def texts(shown: object) -> Iterator[str]:
    """Every text in a record and in what it holds."""
    if isinstance(shown, str):
        yield shown
    elif isinstance(shown, tuple):
        for one in shown:
            yield from texts(one)
    elif dataclasses.is_dataclass(shown):
        for field in dataclasses.fields(shown):
            yield from texts(getattr(shown, field.name))


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("state", STATES)
def test_every_state_can_be_shown_to_everybody(state: str, role: str, language: Language) -> None:
    deal = STATES[state]()
    sight = sight_of(deal, ROLES[role], language)
    history = list(enumerate(deal.events, 1))
    shown: list[object] = []
    if role in ("buyer", "seller"):
        page = order_page(sight, history)
        assert (page.clock is not None) == any(found.chargeback is None for found in deadlines(sight.order))
        assert page.steps
        shown += [page, cancellation_of(sight), extension_of(sight), entries_of(sight, "https://fairhold.test")]
    if role == "buyer":
        shown += [card_of(sight), first_step(sight), done(sight, history)]
    elif role == "seller":
        shown += [row_of(sight), ship_page(sight), stats_of([deal.order], {}, sight.reader)]
        shown.append(forecasts([deal.order], deal.now, sight.reader))
    else:
        shown += [
            desk_row(sight),
            desk_page(sight, history, (), None, ""),
            clock_page([deal.order], deal.now, sight.reader),
        ]
    for text in texts(tuple(shown)):
        assert "%(" not in text, text
        assert "None" not in text, text


def test_an_order_that_can_be_paid_shows_the_form_and_no_other_does() -> None:
    for state, make in STATES.items():
        page = order_page(sight_of(make(), orders.BUYER, Language.EN), ())
        assert page.may_pay == (state == "awaiting_payment"), state


def test_the_first_step_ticks_nothing() -> None:
    for make in STATES.values():
        assert not any(box.ticked for box in first_step(sight_of(make(), orders.BUYER, Language.EN)).boxes)


def test_buttons_to_confirm_are_there_exactly_where_the_guards_allow_it() -> None:
    for make in STATES.values():
        sight = sight_of(make(), orders.BUYER, Language.EN)
        links = [link for line in order_page(sight, ()).lines for link in line.links]
        assert bool(links) == sight.can("confirm_receipt")


def test_the_second_step_warns_while_the_parcel_travels_and_says_what_waiting_brings() -> None:
    for deal, warns in ((orders.shipped(), True), (orders.delivered(), False)):
        sight = sight_of(deal, orders.BUYER, Language.EN)
        command = ConfirmReceipt(lines=(orders.LINE_1,), acknowledged=True)
        plan = of_confirming(deal.order, command.lines, deal.now)
        events = deal.ask(command, orders.BUYER)
        assert not isinstance(events, Refusal)
        assert not isinstance(plan, Refusal)
        page = second_step(sight, deal.confirm(orders.LINE_1).order, events, plan)
        assert (page.warning is not None) == warns
        assert page.steps[-1].when == "If you wait instead"


def test_the_seller_reads_net_sums_in_what_comes_next() -> None:
    page = order_page(sight_of(orders.delivered(), orders.SELLER, Language.EN), ())
    assert any("₽18.05 comes to you" in step.text for step in page.steps)


def test_a_closed_order_has_no_clock_and_nothing_to_do() -> None:
    for make in STATES.values():
        sight = sight_of(make(), orders.BUYER, Language.RU)
        if not is_open(sight.order):
            page = order_page(sight, ())
            assert page.clock is None
            assert [step.kind for step in page.steps if step.kind] == ["past"]
            assert not page.others
