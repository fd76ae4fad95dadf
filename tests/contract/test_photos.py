from concurrent.futures import ThreadPoolExecutor

import pytest

from fairhold.domain.evidence import PhotoId
from fairhold.domain.ids import OrderId
from fairhold.domain.instants import Instant
from fairhold.engine.ports.photos import Photo, PhotoRows
from fairhold.engine.ports.store import Store
from tests.contract.conftest import Place
from tests.contract.rows import NOW, new_id


@pytest.fixture
def photos(store: Store) -> PhotoRows:
    return store.photos()


def photo(name: str, owner: str = "buyer:ann", at: int = NOW) -> Photo:
    return Photo(PhotoId(name), owner, "ab" * 32, 2400, 1800, 812_345, Instant(at))


def test_photos_are_found_by_their_names_in_the_order_of_these(photos: PhotoRows) -> None:
    kept = [photos.add_photo(photo(name, owner)) for name, owner in (("b", "buyer:ann"), ("a", "seller:магазин"))]
    assert kept == [photo("b"), photo("a", "seller:магазин")]
    assert photos.photos(["b", "nobody's", "a", "b"]) == [photo("a", "seller:магазин"), photo("b")]
    assert photos.photos([]) == photos.photos(["c"]) == []


def test_the_first_row_of_a_photo_stays(photos: PhotoRows) -> None:
    photos.add_photo(photo("a"))
    assert photos.add_photo(photo("a", "buyer:eve", NOW + 1)) == photo("a")
    assert photos.photos(["a"]) == [photo("a")]


def test_one_of_many_who_add_the_same_photo_at_once_is_first_for_all(photos: PhotoRows) -> None:
    with ThreadPoolExecutor(8) as threads:
        kept = set(threads.map(lambda n: photos.add_photo(photo("a", at=NOW + n)), range(20)))
    assert len(kept) == 1
    assert set(photos.photos(["a"])) == kept


def test_a_person_s_photos_are_counted_back_from_the_newest(photos: PhotoRows) -> None:
    for n in (2, 1, 3):
        photos.add_photo(photo(str(n), at=NOW + n))
        photos.add_photo(photo(f"{n}'", "seller:ann", NOW + 10 * n))
    assert [photos.nth_newest("buyer:ann", n) for n in (1, 2, 3, 4)] == [NOW + 3, NOW + 2, NOW + 1, None]
    assert photos.nth_newest("buyer:bob", 1) is None


def test_orders_are_attached_once_and_found_oldest_first(photos: PhotoRows) -> None:
    first, second = sorted(new_id() for _ in range(2))
    photos.attach_photos(["a", "b"], OrderId(second))
    photos.attach_photos(["a"], OrderId(first))
    photos.attach_photos(["a", "a"], OrderId(first))
    photos.attach_photos([], OrderId(first))
    assert photos.attached_to("a") == [first, second]
    assert photos.attached_to("b") == [second]
    assert photos.attached_to("c") == []


def test_photos_outlive_the_process(photos: PhotoRows, store: Store, place: Place) -> None:
    photos.add_photo(photo("a"))
    again = place.open()
    assert again.photos().photos(["a"]) == [photo("a")]
    again.close()
