"""Writing reviews, reports about them and their sums, in every store."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from fairhold.domain.ids import Lane
from fairhold.domain.instants import Instant
from fairhold.domain.reputation import ALL_DAYS, NOTHING, Tally, plus
from fairhold.engine.ports.reviews import GONE, KEPT, ReviewQuery, StoredReview, facet, facets
from fairhold.engine.ports.store import Conflict, Reader, Store, Writer
from fairhold.store.postgres.batches import inserted
from fairhold.store.sqlite.writer import SqliteWriter
from tests.contract.rows import LANE, NOW, OTHER_LANE, batch, new_id, order, product_review, report, review

OF_SHOP = ReviewQuery(subject="seller:shop-7", facets=facets())
OF_LAMP = ReviewQuery(product="shop-7/LAMP", facets=facets())
NO_WORD: dict[str, Any] = dict.fromkeys(KEPT)
ANY_CHARACTER = "ё😀 \x00 \ufffe0 «»"


def test_a_review_is_written_again_with_all_that_may_change(writer: Writer, reader: Reader) -> None:
    first = review(new_id(), text="Хорошо.")
    writer.write(batch(reviews=[first, review(new_id())]))
    changed = first._replace(
        status="in_moderation",
        shown=0,
        awaits=1,
        facet=facet(2, 2, "ru"),
        rating=2,
        accuracy=1,
        communication=2,
        speed=3,
        language="ru",
        photos=2,
        anonymous=0,
        version=2,
        revised_at=NOW + 5,
        reply_version=1,
        reply_at=NOW + 6,
        reply_status="published",
        changed_at=NOW + 6,
        pictures="one two",
        text=ANY_CHARACTER,
        reply=f"Ответ {ANY_CHARACTER}",
        held="insult contact",
        reports=3,
    )
    writer.write(batch(reviews=[changed]))
    assert reader.review(first.id) == changed
    assert len(reader.scan_reviews("", 10)) == 2
    assert reader.review_queue(None, 10) == [changed]


def test_what_a_change_does_not_speak_of_stays_as_it_stands(writer: Writer, reader: Reader) -> None:
    said: dict[str, Any] = {"text": "Хорошо.", "reply": "Спасибо.", "held": "contact", "reports": 2}
    assert tuple(said) == KEPT
    rows = [review(new_id(), **said) for _ in range(3)]
    writer.write(batch(reviews=rows))
    changes = [
        rows[0]._replace(**NO_WORD, status="hidden", shown=0),
        rows[1]._replace(**(NO_WORD | {"text": "Плохо.", "reports": 0})),
        rows[2]._replace(**(NO_WORD | {"reply": "", "held": ""})),
    ]
    writer.write(batch(reviews=changes))
    right = [
        rows[0]._replace(status="hidden", shown=0),
        rows[1]._replace(text="Плохо.", reports=0),
        rows[2]._replace(reply="", held=""),
    ]
    assert [reader.review(row.id) for row in rows] == right


def test_where_nothing_stands_yet_no_word_is_an_empty_one(writer: Writer, reader: Reader) -> None:
    one = review(new_id())
    own = product_review(one)
    writer.write(batch(reviews=[one._replace(**NO_WORD)], product_reviews=[own._replace(text=None)]))
    assert reader.review(one.id) == one
    assert reader.scan_product_reviews(("", ""), 9) == [own]
    assert reader.review_queue_length(9) == 0


def test_what_is_said_of_a_product_is_written_again(writer: Writer, reader: Reader) -> None:
    one = review(new_id(), text="Хорошо.")
    lamp, mug = product_review(one, text=ANY_CHARACTER), product_review(one, "line-2", product="shop-7/MUG")
    writer.write(batch(reviews=[one], product_reviews=[lamp, mug]))
    worse = lamp._replace(facet=facet(1, 1, "en"), rating=1, pictures="one")
    writer.write(batch(product_reviews=[worse._replace(text=None), mug._replace(shown=0)]))
    assert reader.scan_product_reviews(("", ""), 9) == [worse, mug._replace(shown=0)]
    assert reader.list_product_reviews(OF_LAMP) == [(worse, one)]
    assert reader.list_product_reviews(OF_LAMP._replace(facets=facets(ratings=(5,)))) == []
    assert reader.products_of("shop-7", 9) == ["shop-7/LAMP"]
    writer.write(batch(product_reviews=[worse._replace(text="")]))
    assert reader.scan_product_reviews(("", ""), 1) == [worse._replace(text="")]


def test_a_review_leaves_the_lists_while_it_is_not_shown_and_keeps_its_place(writer: Writer, reader: Reader) -> None:
    rows = [review(new_id(), left_at=NOW + number) for number in range(3)]
    writer.write(batch(reviews=rows))
    assert reader.list_reviews(OF_SHOP) == rows[::-1]
    hidden = rows[1]._replace(shown=0, status="hidden")
    writer.write(batch(reviews=[hidden]))
    assert reader.list_reviews(OF_SHOP) == [rows[2], rows[0]]
    assert reader.list_reviews(ReviewQuery(author="buyer:ann")) == [rows[2], hidden, rows[0]]
    gone = rows[1]._replace(status="withdrawn", facet=GONE)
    writer.write(batch(reviews=[gone]))
    assert reader.list_reviews(OF_SHOP) == [rows[2], gone, rows[0]]


def test_a_batch_that_fails_writes_nothing_of_reviews(writer: Writer, reader: Reader) -> None:
    one = review(new_id())
    figures = [("seller:x", ALL_DAYS, Tally(1))]
    stale = order(new_id(), 3)
    with pytest.raises(Conflict):
        writer.write(batch(stale, expected=[2], reviews=[one], product_reviews=[product_review(one)], figures=figures))
    assert reader.review(one.id) is None
    assert reader.scan_product_reviews(("", ""), 9) == []
    assert reader.figure("seller:x") == NOTHING


def test_a_review_of_another_lane_is_a_bug(writer: Writer) -> None:
    there = review(new_id(lane=OTHER_LANE), OTHER_LANE)
    cases: tuple[dict[str, Any], ...] = ({"reviews": [there]}, {"product_reviews": [product_review(there)]})
    for of_reviews in cases:
        with pytest.raises(AssertionError):
            writer.write(batch(**of_reviews))


def test_a_batch_without_reviews_runs_no_statement_about_them(writer: Writer) -> None:
    plain, whole = batch(order(new_id())), batch(order(new_id()), reviews=[review(new_id())])
    assert not [statement for statement, _ in inserted(plain) if "review" in statement]
    assert len(inserted(whole)) == len(inserted(plain)) + 1
    if isinstance(writer, SqliteWriter):
        run: list[str] = []
        writer._connection.set_trace_callback(run.append)
        writer.write(plain)
        assert run
        assert not [statement for statement in run if "review" in statement]


def test_a_review_without_its_order_is_a_stray(writer: Writer, reader: Reader) -> None:
    one = new_id()
    writer.write(batch(order(one), reviews=[review(new_id(), order_id=one), review(new_id(), order_id="lost")]))
    assert reader.strays(9) == [("reviews", "lost")]


# Figures


def test_figures_add_up_over_batches_and_lanes(store: Store, reader: Reader) -> None:
    shop, lamp = "seller:shop-7", "product:shop-7/LAMP"
    some = Tally(*range(1, len(Tally._fields) + 1))
    added = [
        (LANE, (shop, ALL_DAYS, some)),
        (LANE, (shop, 20_000, some)),
        (LANE, (shop, 20_001, Tally(five=2))),
        (LANE, (lamp, ALL_DAYS, Tally(four=1))),
        (OTHER_LANE, (shop, ALL_DAYS, some)),
        (OTHER_LANE, (shop, 20_001, Tally(five=1, accuracy_stars=5))),
        (OTHER_LANE, (shop, ALL_DAYS, Tally(one=-3, automatic=1))),
    ]
    for lane, figure in added:
        with store.writer(lane) as writer:
            writer.write(batch(figures=[figure], lane=lane))
    assert reader.figure(shop) == plus(plus(some, some), Tally(one=-3, automatic=1))
    assert reader.figure(lamp) == Tally(four=1)
    assert reader.figure("seller:nobody") == NOTHING
    days = [(20_000, some), (20_001, Tally(five=3, accuracy_stars=5))]
    assert reader.figure_by_day(shop, 0) == reader.figure_by_day(shop, 20_000) == days
    assert reader.figure_by_day(shop, 20_001) == days[1:]
    assert reader.figure_by_day(shop, 20_002) == reader.figure_by_day(lamp, 0) == []


def test_a_lane_s_figures_are_read_page_by_page(store: Store, writer: Writer, reader: Reader) -> None:
    figures = sorted(
        (name, day, Tally(one=day)) for name in ("buyer:ann", "product:a/ё", "seller:a") for day in (0, 20_000, 20_001)
    )
    writer.write(batch(figures=figures))
    with store.writer(OTHER_LANE) as other:
        other.write(batch(figures=[("seller:there", ALL_DAYS, Tally(1))], lane=OTHER_LANE))
    read: list[tuple[str, int, Tally]] = []
    while page := reader.lane_figures(LANE, read[-1][:2] if read else ("", -1), 4):
        read += page
    assert read == figures
    assert reader.lane_figures(OTHER_LANE, ("", -1), 4) == [("seller:there", ALL_DAYS, Tally(1))]


# Reports


@pytest.fixture
def told(store: Store) -> list[StoredReview]:
    """A review in each of two lanes."""
    rows = [review(new_id(lane=lane), lane) for lane in (LANE, OTHER_LANE)]
    for row in rows:
        with store.writer(Lane(row.lane)) as writer:
            writer.write(batch(reviews=[row], lane=Lane(row.lane)))
    return rows


def test_a_report_is_kept_and_counted_once_a_person(store: Store, reader: Reader, told: list[StoredReview]) -> None:
    reports = store.reports()
    for one in told:
        first, second = report(one), report(one, "seller:bob", NOW + 1)
        assert reports.add_report(first)
        assert not reports.add_report(first._replace(reason="spam", at=NOW + 9))
        assert reports.add_report(second)
        assert reader.reports(one.id, 9) == [second, first]
        assert reader.reports(one.id, 1) == [second]
        assert reader.review(one.id) == one._replace(reports=2)
    assert sorted(row.id for row in reader.review_queue(None, 9)) == sorted(row.id for row in told)
    assert reports.reports_since("buyer:bob", NOW) == 2
    assert reports.reports_since("seller:bob", Instant(NOW + 2)) == reports.reports_since("buyer:eve", NOW) == 0


def test_a_review_that_is_not_there_is_not_reported(store: Store, reader: Reader, told: list[StoredReview]) -> None:
    unknown = review(new_id())
    assert not store.reports().add_report(report(unknown))
    assert not store.reports().add_report(report(told[1]._replace(lane=LANE)))
    assert reader.reports(unknown.id, 9) == reader.reports(told[1].id, 9) == []
    assert store.reports().reports_since("buyer:bob", Instant(0)) == 0


def test_reports_stay_until_a_moderator_has_looked(store: Store, reader: Reader, told: list[StoredReview]) -> None:
    one = told[0]
    store.reports().add_report(report(one))
    with store.writer(LANE) as writer:
        writer.write(batch(reviews=[one._replace(**NO_WORD, status="hidden", shown=0)]))
        assert [(row.status, row.reports) for row in reader.review_queue(None, 9)] == [("hidden", 1)]
        writer.write(batch(reviews=[one._replace(**NO_WORD)._replace(reports=0)]))
    assert reader.review_queue(None, 9) == []
    assert not store.reports().add_report(report(one))
    assert len(reader.reports(one.id, 9)) == 1


def test_everybody_who_reports_at_once_is_counted(store: Store, reader: Reader, told: list[StoredReview]) -> None:
    one = told[0]

    def tell(number: int) -> bool:
        return store.reports().add_report(report(one, f"buyer:{number % 12}"))

    with ThreadPoolExecutor(6) as threads, store.writer(LANE) as writer:
        new = threads.map(tell, range(24))
        for version in range(2, 8):
            writer.write(batch(reviews=[one._replace(**NO_WORD, version=version)]))
        assert sum(new) == 12
    assert reader.review(one.id) == one._replace(version=7, reports=12)
