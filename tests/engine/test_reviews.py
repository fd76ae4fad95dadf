"""Reviews through the engine: rows and figures written with the order, the audit over them, and the rules of the day."""

import shutil
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import msgspec
import pytest

from fairhold.domain.actors import Actor, Role
from fairhold.domain.commands import ConfirmReceipt
from fairhold.domain.deadlines import next_deadline
from fairhold.domain.ids import PersonId
from fairhold.domain.instants import DAY, HOUR
from fairhold.domain.order import Order
from fairhold.domain.policy import ReviewRules, review_terms
from fairhold.domain.reasons import Reason
from fairhold.domain.reputation import ALL_DAYS, Tally
from fairhold.domain.review import Verdict
from fairhold.domain.review_commands import ModerateReview, ReplyToReview, ReviseReview, Screened, WriteReview
from fairhold.engine.audit.auditing import audit
from fairhold.engine.audit.findings import Kind
from fairhold.engine.intake.review_reports import ReportReason, ReviewReports, TooManyReports
from fairhold.engine.reading.reviews import Filter
from fairhold.store import open_store
from tests.builders import BUYER, MEDIATOR, POLICY, SELLER
from tests.engine.market import Market


@pytest.fixture
def market(tmp_path: Path) -> Iterator[Market]:
    """An empty marketplace; what is written in it has to pass the audit."""
    place = Market(tmp_path / "reviews.db")
    yield place
    assert audit(place.app.store) == []
    place.app.close()


def completed(market: Market) -> Order:
    """An order of two lines, both confirmed."""
    order = market.shipped()
    return market.tell(order.id, ConfirmReceipt(lines=tuple(line.id for line in order.lines), acknowledged=True), BUYER)


def test_rows_and_figures_follow_a_review_through_its_life(market: Market) -> None:
    ask = market.app.queries.reviews
    order = completed(market)
    written = market.tell(
        order.id,
        WriteReview(rating=2, communication=1, text="Тусклый", screened=Screened(length=7, language="ru")),
        BUYER,
    )
    review = written.reviews[0]
    assert [row.text for row in ask.about(Role.SELLER, SELLER.id).items] == ["Тусклый"]
    assert market.app.queries.reputation.tally(Role.SELLER, SELLER.id) == Tally(
        two=1, in_ru=1, communication_n=1, communication_stars=1
    )
    assert ask.about(Role.SELLER, SELLER.id, wanted=Filter(ratings=(5,))).items == ()

    market.tell(order.id, ReviseReview(review=review.id, rating=5, text="Прислали другой"), BUYER)
    market.tell(order.id, ReplyToReview(review=review.id, text="Спасибо"), SELLER)
    [row] = ask.about(Role.SELLER, SELLER.id, wanted=Filter(ratings=(5,))).items
    assert (row.version, row.text, row.reply, row.reply_version) == (2, "Прислали другой", "Спасибо", 2)
    assert [version.said.rating for version in ask.versions(row)] == [2, 5]
    for line in order.lines:
        [product] = ask.about_product(SELLER.id, line.sku).items
        assert (product.own.rating, product.review.id) == (5, review.id)
        assert market.app.queries.reputation.product_tally(SELLER.id, line.sku).five == 1

    market.tell(order.id, ModerateReview(review=review.id, decision=Verdict.HIDE, reasons="Insult"), MEDIATOR)
    assert ask.about(Role.SELLER, SELLER.id).items == ()
    assert market.app.queries.reputation.tally(Role.SELLER, SELLER.id) == Tally()
    market.tell(
        order.id, ModerateReview(review=review.id, decision=Verdict.WITHDRAW, reasons="A court said so"), MEDIATOR
    )
    [trace] = ask.about(Role.SELLER, SELLER.id).items
    assert (trace.status, trace.reply) == ("withdrawn", "Спасибо")


def test_several_changes_of_one_review_in_one_batch_are_written_together(market: Market) -> None:
    order = completed(market)
    review = market.tell(order.id, WriteReview(rating=1, text="Bad"), BUYER).reviews[0]
    told = market.app.engine.submit_many_waiting(
        [
            market.envelope(order.id, ReviseReview(review=review.id, rating=3, text="Better"), BUYER),
            market.envelope(order.id, ReplyToReview(review=review.id, text="Thank you"), SELLER),
            market.envelope(order.id, WriteReview(rating=5), SELLER),
        ]
    )
    assert all(not isinstance(outcome, Exception) for outcome in told)
    row = market.app.queries.reviews.review(review.id)
    assert row is not None
    assert (row.rating, row.text, row.reply) == (3, "Better", "Thank you")
    assert market.app.queries.reputation.tally(Role.BUYER, BUYER.id).five == 1


def test_what_is_held_waits_in_the_queue_until_a_moderator_has_looked(market: Market) -> None:
    order = completed(market)
    held = Screened(length=9, held=("bare_domain",))
    review = market.tell(order.id, WriteReview(rating=4, text="shop . ru", screened=held), BUYER).reviews[0]
    ask = market.app.queries.reviews
    assert [(row.id, row.held) for row in ask.queue().items] == [(review.id, "bare_domain")]
    assert ask.about(Role.SELLER, SELLER.id).items == ()
    market.tell(order.id, ModerateReview(review=review.id, decision=Verdict.PUBLISH, reasons="A size"), MEDIATOR)
    assert (ask.queue().items, ask.waiting()) == ((), 0)
    assert [row.id for row in ask.about(Role.SELLER, SELLER.id).items] == [review.id]


def test_a_burst_of_one_persons_reports_does_not_pass_the_limit_of_a_day(market: Market) -> None:
    names = [
        market.tell(completed(market).id, WriteReview(rating=1, text="Bad"), BUYER).reviews[0].id for _ in range(8)
    ]
    reader = market.app.store.reader()
    reports = ReviewReports(market.app.store.reports(), reader, market.app.clock, a_day=3)
    with ThreadPoolExecutor(16) as crowd:
        told = list(
            crowd.map(
                lambda n: reports.report(names[n % 8], Actor(Role.BUYER, PersonId("eve")), ReportReason.FAKE), range(32)
            )
        )
    reader.close()
    assert sum(one is True for one in told) == 3
    assert sum(isinstance(one, TooManyReports) for one in told) == 32 - 3 * 4, (
        "what was reported is told so, four times each"
    )
    assert len(market.app.queries.reviews.queue().items) == 3


def test_who_may_review_is_told_what_awaits_it_and_a_silent_side_gets_its_automatic_one(market: Market) -> None:
    ask = market.app.queries.reviews
    order = completed(market)
    assert [one.id for one in ask.awaiting(BUYER).items] == [order.id]
    market.tell(order.id, WriteReview(rating=5), BUYER)
    assert ask.awaiting(BUYER).items == ()
    assert [one.id for one in ask.awaiting(SELLER).items] == [order.id]
    market.advance(31 * DAY)
    assert ask.awaiting(SELLER).items == ()
    [row] = ask.about(Role.BUYER, BUYER.id).items
    assert (row.automatic, row.rating, row.author) == (1, 4, str(SELLER))
    assert market.app.queries.reputation.tally(Role.BUYER, BUYER.id) == Tally(automatic=1)
    assert market.app.queries.reputation.standing(BUYER.id).given == 1


def test_reviews_follow_the_rules_of_the_day_and_not_those_of_placement(market: Market) -> None:
    order = completed(market)
    market.tell(order.id, WriteReview(rating=5), BUYER)
    was = market.app.queries.order(order.id)
    assert was is not None
    days = msgspec.structs.replace(POLICY.reviews, window_days=60)
    change_rules(market, days)
    market.advance(31 * DAY)
    there = market.app.queries.order(order.id)
    assert there is not None
    assert not there.reviews_closed
    assert next_deadline(there) == market.app.store.reader().scan_orders(None, 1)[0].next_deadline_at
    assert audit(market.app.store, today=market.app.policies.today) == []
    assert len(market.tell(order.id, WriteReview(rating=4), SELLER).reviews) == 2
    change_rules(market, POLICY.reviews)


def change_rules(market: Market, rules: ReviewRules) -> None:
    """The marketplace's policy has other rules of reviews from now on."""
    market.app.policies._reviews[POLICY.name] = review_terms(rules)


def test_a_shorter_window_refuses_at_once(market: Market) -> None:
    order = completed(market)
    market.advance(2 * DAY)
    change_rules(market, msgspec.structs.replace(POLICY.reviews, window_days=1))
    assert market.refused(order.id, WriteReview(rating=5), BUYER).reason is Reason.REVIEWS_OVER


@pytest.fixture(scope="module")
def reviewed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with a review, an answer to it, and an automatic one."""
    path = tmp_path_factory.mktemp("audit") / "reviewed.db"
    market = Market(path)
    order = completed(market)
    review = market.tell(order.id, WriteReview(rating=5, text="Good"), BUYER).reviews[0]
    market.tell(order.id, ReplyToReview(review=review.id, text="Thanks"), SELLER)
    market.advance(31 * DAY + HOUR)
    market.app.close()
    return path


CORRUPTIONS = {
    "a star too many": ("UPDATE reviews SET rating = 4 WHERE automatic = 0", Kind.REVIEW),
    "another text": ("UPDATE reviews SET text = 'Bad' WHERE automatic = 0", Kind.REVIEW),
    "another answer": ("UPDATE reviews SET reply = 'Go away' WHERE automatic = 0", Kind.REVIEW),
    "a hidden one": ("UPDATE reviews SET shown = 0", Kind.REVIEW),
    "one that is gone": ("DELETE FROM reviews WHERE automatic = 1", Kind.REVIEW),
    "a product's stars": ("UPDATE product_reviews SET facet = 100", Kind.REVIEW),
    "a product's that is gone": ("DELETE FROM product_reviews WHERE line_id LIKE '%-1'", Kind.REVIEW),
    "one that nobody wrote": (
        """INSERT INTO product_reviews SELECT lane, review_id, 'x', product, shown, facet, rating, left_at, pictures, text
        FROM product_reviews LIMIT 1""",
        Kind.REVIEW,
    ),
    "a better figure": ("UPDATE review_figures SET five = five + 1", Kind.FIGURE),
    "a figure that is gone": ("DELETE FROM review_figures WHERE name LIKE 'product:%'", Kind.FIGURE),
    "a figure of nobody": (f"UPDATE review_figures SET name = name || 'x' WHERE day = {ALL_DAYS}", Kind.FIGURE),
}


@pytest.mark.parametrize(("statement", "kind"), CORRUPTIONS.values(), ids=CORRUPTIONS.keys())
def test_the_audit_finds_a_corrupted_review(reviewed: Path, tmp_path: Path, statement: str, kind: Kind) -> None:
    path = tmp_path / "copy.db"
    shutil.copy(reviewed, path)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(statement)
        connection.commit()
    with closing(open_store(f"sqlite:///{path}")) as store:
        assert {finding.kind for finding in audit(store)} == {kind}
