"""Lists of reviews in every store, compared with what a plain list of them says."""

import random
from dataclasses import dataclass
from typing import TypeVar

import pytest

from fairhold.domain.instants import HOUR
from fairhold.engine.ports.reviews import (
    ProductReview,
    ReviewPlace,
    ReviewQuery,
    ReviewSort,
    StoredProductReview,
    StoredReview,
    facet,
    facets,
    place_of,
    stars_of,
)
from fairhold.engine.ports.store import Reader, Store
from tests.contract.rows import LANE, NOW, OTHER_LANE, batch, new_id, product_review, review

Row = TypeVar("Row", StoredReview, StoredProductReview)

MANY = 2400
SHOP, LAMP, ANN = "seller:shop-7", "shop-7/LAMP", "buyer:ann"
PRODUCTS = (LAMP, "shop-7/MUG", "shop-7/ё", "shop-70/LAMP", "shop-8/LAMP")


@dataclass
class Crowd:
    """Reviews of few people and products, many of one moment."""

    rows: list[StoredReview]
    of_products: list[StoredProductReview]

    def of(self, query: ReviewQuery) -> list[StoredReview]:
        """What the query lists, were there no pages."""
        if query.author is not None:
            return listed([row for row in self.rows if row.author == query.author], query.sort)
        found = [row for row in self.rows if row.subject == query.subject and row.shown and row.facet in query.facets]
        return listed(found, query.sort)

    def of_product(self, query: ReviewQuery) -> list[ProductReview]:
        """The same about a product."""
        own = [
            row for row in self.of_products if row.product == query.product and row.shown and row.facet in query.facets
        ]
        whole = {row.id: row for row in self.rows}
        return [ProductReview(row, whole[row.review_id]) for row in listed(own, query.sort)]


def listed(rows: list[Row], sort: ReviewSort) -> list[Row]:
    latest = sorted(rows, key=lambda row: place_of(row)[1:], reverse=True)
    if sort is ReviewSort.NEWEST:
        return latest
    return sorted(latest, key=lambda row: stars_of(row.facet) * (-1 if sort is ReviewSort.HIGHEST else 1))


def some(chance: random.Random, number: int) -> StoredReview:
    """A review of any kind."""
    lane = chance.choice((LANE, OTHER_LANE))
    rating, photos, language = chance.randrange(1, 6), chance.choice((0, 0, 3)), chance.choice(("", "ru", "en"))
    automatic, withdrawn = chance.random() < 0.1, chance.random() < 0.05
    if automatic:
        photos, language = 0, ""
    by_buyer = chance.random() < 0.8
    buyer, seller = f"buyer:{chance.choice(('ann', 'bob'))}", f"seller:{chance.choice(('shop-7', 'shop-8'))}"
    left_at = NOW + chance.randrange(40) * HOUR
    return review(
        new_id(1_700_000_000_000 + number * 7919 % 700, lane),
        lane,
        author=buyer if by_buyer else seller,
        subject=seller if by_buyer else buyer,
        status="withdrawn" if withdrawn else "published",
        shown=int(withdrawn or chance.random() < 0.9),
        awaits=int(chance.random() < 0.1),
        facet=facet(rating, photos, language, automatic=automatic, withdrawn=withdrawn),
        rating=rating,
        accuracy=chance.choice((None, 1, 5)),
        language=language,
        photos=photos,
        automatic=int(automatic),
        left_at=left_at,
        revised_at=chance.choice((None, left_at + HOUR)),
        changed_at=NOW + chance.randrange(30) * HOUR,
        text=chance.choice(("", "Спасибо, ё\x00!")),
        reports=chance.choice((0, 0, 0, 0, 2)),
    )


@pytest.fixture
def crowd(store: Store) -> Crowd:
    chance = random.Random(7)
    rows = [some(chance, number) for number in range(MANY)]
    of_products = [
        product_review(
            row,
            f"line-{line}",
            product=product,
            facet=row.facet if row.facet >= 1000 else facet(chance.randrange(1, 6), row.photos, row.language),
            text=chance.choice(("", "Светит.")),
        )
        for row in rows
        if row.author.startswith("buyer:")
        for line, product in enumerate(chance.sample(PRODUCTS, chance.choice((1, 1, 2))), 1)
    ]
    for lane in (LANE, OTHER_LANE):
        own = [row for row in rows if row.lane == lane]
        with store.writer(lane) as writer:
            for start in range(0, len(own), 256):
                page = own[start : start + 256]
                ids = {row.id for row in page}
                writer.write(
                    batch(reviews=page, product_reviews=[row for row in of_products if row.review_id in ids], lane=lane)
                )
    return Crowd(rows, of_products)


FILTERS = {
    "everything": facets(),
    "of people": facets(ratings=(1, 2, 3, 4, 5)),
    "good ones": facets(ratings=(4, 5)),
    "the worst": facets(ratings=(1,)),
    "with a photo": facets(with_photo=True),
    "in Russian": facets(language="ru"),
    "in English with a photo and three or five stars": facets(ratings=(3, 5), with_photo=True, language="en"),
    "nothing": (),
}
QUERIES = {
    f"{name}, {sort.name}": ReviewQuery(facets=let_through, sort=sort, limit=37)
    for name, let_through in FILTERS.items()
    for sort in ReviewSort
}


def places_of(row: StoredReview | ProductReview) -> ReviewPlace:
    return place_of(row.own if isinstance(row, ProductReview) else row)


def ask(reader: Reader, query: ReviewQuery) -> list[StoredReview] | list[ProductReview]:
    return reader.list_reviews(query) if query.product is None else reader.list_product_reviews(query)


def assert_paged(reader: Reader, query: ReviewQuery, every: list[StoredReview] | list[ProductReview]) -> None:
    """Page by page to the end and back, and between two places."""
    read: list[StoredReview | ProductReview] = []
    behind: ReviewPlace | None = None
    while page := ask(reader, query._replace(behind=behind)):
        assert len(page) <= query.limit
        read += page
        behind = places_of(page[-1])
    assert read == every, query
    if not every:
        return
    read = [every[-1]]
    while page := ask(reader, query._replace(ahead=places_of(read[0]))):
        assert len(page) <= query.limit
        read = [*page, *read]
    assert read == every, query
    first, last = len(every) // 3, min(len(every) * 2 // 3, len(every) // 3 + query.limit)
    between = query._replace(behind=places_of(every[first]), ahead=places_of(every[last]))
    assert ask(reader, between) == every[first + 1 : last], query


def test_what_is_said_about_somebody_is_read_page_by_page_to_its_end_and_back(reader: Reader, crowd: Crowd) -> None:
    for name, asked in QUERIES.items():
        query = asked._replace(subject=SHOP)
        every = crowd.of(query)
        assert len(every) > 3 * query.limit or not name.startswith(("everything", "of people", "good"))
        assert_paged(reader, query, every)


def test_what_is_said_about_a_product_is_read_page_by_page_with_what_is_said_of_the_deal(
    reader: Reader, crowd: Crowd
) -> None:
    for name, asked in QUERIES.items():
        query = asked._replace(product=LAMP)
        every = crowd.of_product(query)
        assert len(every) > 3 * query.limit or not name.startswith(("everything", "of people", "good"))
        assert_paged(reader, query, every)


def test_what_somebody_wrote_is_read_page_by_page_whether_it_is_shown_or_not(reader: Reader, crowd: Crowd) -> None:
    query = ReviewQuery(author=ANN, limit=97)
    every = crowd.of(query)
    assert {row.shown for row in every} == {0, 1}
    assert_paged(reader, query, every)
    assert reader.list_reviews(ReviewQuery(author="buyer:nobody")) == []


def test_a_list_of_nobody_or_of_two_at_once_is_a_bug(reader: Reader) -> None:
    for query in (
        ReviewQuery(facets=facets()),
        ReviewQuery(subject=SHOP, author=ANN, facets=facets()),
        ReviewQuery(product=LAMP, facets=facets()),
        ReviewQuery(author=ANN, sort=ReviewSort.HIGHEST),
    ):
        with pytest.raises(AssertionError):
            reader.list_reviews(query)
    with pytest.raises(AssertionError):
        reader.list_product_reviews(ReviewQuery(subject=SHOP, facets=facets()))


def test_a_review_is_found_by_its_id(reader: Reader, crowd: Crowd) -> None:
    for row in crowd.rows[::199]:
        assert reader.review(row.id) == row
    assert reader.review(new_id()) is None


def test_moderators_see_what_waits_for_them_the_longest_first(reader: Reader, crowd: Crowd) -> None:
    waiting = [row for row in crowd.rows if row.awaits or row.reports]
    waiting.sort(key=lambda row: (row.changed_at, row.id))
    read: list[StoredReview] = []
    while page := reader.review_queue((read[-1].changed_at, read[-1].id) if read else None, 97):
        assert len(page) <= 97
        read += page
    assert read == waiting
    assert len(read) > 300
    assert [reader.review_queue_length(most) for most in (5, 10_000)] == [5, len(waiting)]


def test_a_person_s_shown_reviews_are_counted_as_far_as_told(reader: Reader, crowd: Crowd) -> None:
    own = [row for row in crowd.rows if row.author == ANN and row.shown and not row.automatic]
    assert [reader.reviews_by(ANN, most) for most in (5, 10_000)] == [5, len(own)]
    assert reader.reviews_by("buyer:nobody", 9) == 0


def test_a_seller_s_products_are_named_once_each(reader: Reader, crowd: Crowd) -> None:
    assert {row.product for row in crowd.of_products} == set(PRODUCTS)
    assert reader.products_of("shop-7", 10) == sorted(PRODUCTS[:3])
    assert reader.products_of("shop-7", 2) == sorted(PRODUCTS[:3])[:2]
    assert reader.products_of("shop-70", 10) == ["shop-70/LAMP"]
    assert reader.products_of("shop", 10) == reader.products_of("shop-7/LAMP", 10) == []


def test_reviews_are_scanned_by_id_over_all_lanes(reader: Reader, crowd: Crowd) -> None:
    read: list[StoredReview] = []
    while page := reader.scan_reviews(read[-1].id if read else "", 500):
        read += page
    assert read == sorted(crowd.rows, key=lambda row: row.id)
    own: list[StoredProductReview] = []
    while rows := reader.scan_product_reviews((own[-1].review_id, own[-1].line_id) if own else ("", ""), 500):
        own += rows
    assert own == sorted(crowd.of_products, key=lambda row: (row.review_id, row.line_id))


def test_reviews_can_be_asked_about_in_one_moment(reader: Reader, crowd: Crowd) -> None:
    query = ReviewQuery(subject=SHOP, facets=facets(), limit=3)
    with reader.moment() as then:
        assert then.list_reviews(query) == crowd.of(query)[:3]
        assert then.review(crowd.rows[0].id) == crowd.rows[0]
