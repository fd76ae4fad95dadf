"""The demo: people with names, orders in every state, made by commands and ending now."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from fairhold.cli.demo.current import CURRENT
from fairhold.cli.demo.disputed import DISPUTED
from fairhold.cli.demo.finished import finished
from fairhold.cli.demo.goods import GOODS
from fairhold.cli.demo.history import make_history
from fairhold.cli.demo.paid_out import pay_sellers
from fairhold.cli.demo.people import DIRECTORY
from fairhold.cli.demo.reviewed import REVIEWED
from fairhold.cli.demo.steps import ago
from fairhold.cli.options import settings_from
from fairhold.domain.actors import Actor, Role
from fairhold.domain.coming import Kind
from fairhold.domain.deadlines import deadlines
from fairhold.domain.dispute import ChargebackState, DisputeState, Outcome
from fairhold.domain.ids import PersonId
from fairhold.domain.instants import DAY, HOUR, MINUTE
from fairhold.domain.order import Order, ParcelStatus
from fairhold.domain.review import ReviewStatus
from fairhold.domain.status import Status, headline
from fairhold.engine.audit.auditing import audit
from fairhold.engine.books.export import Format
from fairhold.engine.installation.clock import SandboxClock
from fairhold.engine.payouts.balances import Hindrance
from fairhold.engine.ports.payouts import PayoutStage
from fairhold.web.rendering import picture_names
from fairhold.wiring import Application, build
from fairhold.words.catalog import Language
from tests.api.test_export import complaints


@pytest.fixture(scope="module")
def market(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Application, list[Order]]]:
    """The demo's marketplace and all its orders, newest first."""
    path = tmp_path_factory.mktemp("demo") / "demo.db"
    app = build(settings_from(database=f"sqlite:///{path}", sandbox="1"))
    app.start(background=False)
    started = time.process_time()
    make_history(app, (*CURRENT, *DISPUTED, *REVIEWED, *finished()))
    pay_sellers(app)
    assert time.process_time() - started < 20
    yield app, sorted(app.queries.every_order(), key=lambda order: order.id, reverse=True)
    app.close()


Market = tuple[Application, list[Order]]


def test_there_is_an_order_in_every_state(market: Market) -> None:
    app, orders = market
    assert {headline(order) for order in orders} == set(Status)
    assert all(count for tab, count in app.queries.tab_counts(buyer="ann").numbers.items() if tab)


def test_there_is_a_dispute_at_every_stage_and_one_that_ended_in_most_ways(market: Market) -> None:
    _, orders = market
    disputes = [dispute for order in orders for dispute in order.disputes]
    assert {dispute.state for dispute in disputes} == set(DisputeState)
    assert any(dispute.overdue for dispute in disputes)
    ended = {dispute.end.outcome for dispute in disputes if dispute.end is not None}
    assert ended >= {Outcome.AGREED, Outcome.SILENCE, Outcome.RULED, Outcome.RETURNED, Outcome.NOT_SENT_BACK}
    assert {chargeback.state for order in orders for chargeback in order.chargebacks} == set(ChargebackState)


def test_both_sides_have_shown_pictures(market: Market) -> None:
    app, orders = market
    shown = [(order, one) for order in orders for dispute in order.disputes for one in dispute.evidence]
    assert len(shown) >= 5
    for order, one in shown:
        photo = app.photos.seen_by(Actor(Role.SELLER, order.seller), one.id)
        assert photo is not None
        assert hashlib.sha256(app.photos.picture(photo)).hexdigest() == one.sha256
    owners = {photo.owner.partition(":")[0] for photo in app.store.photos().photos([one.id for _, one in shown])}
    assert owners == {"buyer", "seller"}


def test_sellers_have_every_standing_and_reviews_are_in_every_state(market: Market) -> None:
    app, orders = market
    reputation = app.queries.reputation
    best, middling, worst, new = (
        reputation.tally(Role.SELLER, PersonId(shop)) for shop in ("shop-7", "shop-12", "shop-24", "shop-15")
    )
    assert best.people > 30
    assert best.stars / best.people > 4.5
    assert 2.5 < middling.stars / middling.people < 3.8
    assert worst.stars / worst.people < 2.5
    assert (new.people, new.automatic) == (0, 0)
    assert best.automatic
    assert min(best.in_ru, best.in_en, best.with_photo) >= 2
    reviews = [review for order in orders for review in order.reviews]
    # Blind ones need another policy than the demo's.
    assert {review.status for review in reviews} == set(ReviewStatus) - {ReviewStatus.BLIND}
    assert any(review.version > 1 for review in reviews)
    assert any(review.reply is not None for review in reviews)
    waiting = app.queries.reviews.queue().items
    assert len(waiting) == app.queries.reviews.waiting() >= 4
    assert {"disguised_link", "messenger"} <= {kind for row in waiting for kind in (row.held or "").split()}
    assert any(row.reports for row in waiting)
    assert any(review.moderated.reopened for review in reviews)


def test_its_books_are_clean_and_its_clock_is_right(market: Market) -> None:
    app, _ = market
    assert audit(app.store) == []
    assert isinstance(app.clock, SandboxClock)
    assert app.store.setting("sandbox_clock_offset") is None
    assert app.queries.overdue().orders == 0
    assert app.queries.outbox() == []


def test_bean_check_accepts_its_books(market: Market, tmp_path: Path) -> None:
    application, _ = market
    text = b"".join(application.exporter.pieces(Format.BEANCOUNT)).decode()
    assert text.count(" * ") > 50
    assert complaints(tmp_path, text) == ""


def test_nothing_happened_in_the_future_and_events_follow_one_another(market: Market) -> None:
    app, orders = market
    now = app.queries.now()
    for order in orders:
        moments = [event.at for _, event in app.queries.history(order.id)]
        assert moments == sorted(moments)
        assert moments[-1] <= now


def test_everybody_has_a_name_in_both_languages(market: Market) -> None:
    _, orders = market
    for order in orders:
        for language in Language:
            assert DIRECTORY.name(Role.SELLER, order.seller, language) != order.seller
            assert DIRECTORY.name(Role.BUYER, order.buyer, language) != order.buyer
    for person in DIRECTORY:
        assert all(person.name(language) and person.note(language) for language in Language)
    assert {actor.role for person in DIRECTORY for actor in person.actors} == set(Role) - {Role.SYSTEM}


def test_goods_have_pictures(market: Market) -> None:
    assert {good.picture for good in GOODS.values()} <= picture_names()
    assert {line.sku for order in market[1] for line in order.lines} <= {good.sku for good in GOODS.values()}


def test_what_makes_people_ask_is_there(market: Market) -> None:
    app, orders = market
    now = app.queries.now()
    mine = [order for order in orders if order.buyer == "ann"]
    kinds = {kind: [one.at - now for order in mine for one in deadlines(order) if one.kind is kind] for kind in Kind}
    assert min(kinds[Kind.CONFIRMATION_WINDOW]) < 2 * HOUR
    assert max(kinds[Kind.CONFIRMATION_WINDOW]) > 7 * DAY - HOUR
    assert kinds[Kind.SETTLEMENT]
    assert kinds[Kind.PAYMENT]
    assert any(order.extension_request for order in mine)
    assert any(order.extensions_granted for order in mine)
    assert any(shipment.status is ParcelStatus.RETURNED_TO_SENDER for order in mine for shipment in order.shipments)
    assert any(len(order.shipments) > 1 for order in mine)
    assert any(len({portion.shipment for portion in order.portions if portion.line == line.id}) > 1
               for order in mine for line in order.lines)  # fmt: skip
    assert any(len(order.lines) >= 10 for order in mine)
    assert any(
        order.promised_by and order.promised_by < now and headline(order) is Status.AWAITING_DELIVERY for order in mine
    )
    assert {order.currency for order in orders} == {"RUB", "EUR", "USD", "JPY", "KWD"}
    assert len(mine) > 60


def test_sellers_were_paid_and_of_whatever_can_be_in_the_way_there_is_one(market: Market) -> None:
    app, _ = market
    office, now = app.payouts, app.queries.now()
    found = {one.account.seller: office.balances.of(one, now) for one in office.rows.owed(None, 50)}
    assert {seller: standing.hindrance for seller, standing in found.items()} == {
        "shop-7": None,
        "shop-12": None,
        "shop-18": Hindrance.BELOW_MINIMUM,
        "shop-21": Hindrance.OWES,
        "shop-24": Hindrance.PARKED,
    }
    assert 0 < found["shop-12"].reserved < found["shop-12"].owed.due
    payouts = office.rows.list_payouts(None, (), None, 100)
    assert {payout.stage for payout in payouts} == {PayoutStage.DONE, PayoutStage.FAILED}
    assert len([payout for payout in payouts if payout.account.seller == "shop-7"]) > 5
    assert app.courier.once() + office.paymaster.once() == 0, "everything of it has happened"


def test_a_length_of_time_is_read_as_it_is_said() -> None:
    assert ago("1d 2h 3m") == DAY + 2 * HOUR + 3 * MINUTE
    assert ago("-7d") == -7 * DAY
    assert all(
        step.ago >= later.ago
        for deal in (*CURRENT, *DISPUTED, *REVIEWED, *finished())
        for step, later in pairwise(deal.steps)
    )
