"""Photos in the engine: the line before the decoder, what becomes evidence, and what is left when something fails."""

import io
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from fairhold.domain.actors import Actor, Role
from fairhold.domain.evidence import Evidence
from fairhold.domain.ids import OrderId, PersonId
from fairhold.domain.instants import DAY, Instant
from fairhold.engine.installation.clock import VirtualClock
from fairhold.engine.intake.photos import MOST_WAITING, Photos, TooMany, UnknownPhoto, is_photo_id, resolve_photos
from fairhold.engine.kernel.envelope import Overloaded
from fairhold.engine.ports.photos import MOST_BYTES, Photo, PhotoRows, Picture, Unfit
from fairhold.engine.ports.store import StoreUnavailable
from fairhold.store import open_store

ANN, BOB = Actor(Role.BUYER, PersonId("ann")), Actor(Role.BUYER, PersonId("bob"))
ORDER = OrderId("0" * 20)
NOW = Instant(1_780_000_000_000_000)


class Shelf:
    """Files in memory, which can be made to fail."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}
        self.fails = False

    def put(self, name: str, content: bytes) -> None:
        if self.fails:
            raise StoreUnavailable("no room")
        self.kept[name] = content

    def get(self, name: str) -> bytes:
        return self.kept[name]


class Slow:
    """Makes pictures one after the other, and only while it may go on."""

    def __init__(self) -> None:
        self.go_on = threading.Event()
        self.go_on.set()
        self.made = 0
        self.at_once = 0
        self.most_at_once = 0

    def reencode(self, sent: bytes) -> Picture | Unfit:
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        self.go_on.wait(30)
        self.made += 1
        self.at_once -= 1
        return Unfit.UNREADABLE if sent == b"nonsense" else Picture(b"full " + sent, b"thumb", 30, 20)


class Studio:
    """Photos with everything around them."""

    def __init__(self, path: Path, a_day: int | None = None) -> None:
        self.store = open_store(f"sqlite:///{path}/photos.db")
        self.store.migrate()
        self.rows: PhotoRows = self.store.photos()
        self.shelf, self.slow, self.clock = Shelf(), Slow(), VirtualClock(NOW)
        self.photos = Photos(
            self.rows, self.shelf, self.slow, self.clock, lambda _: None, secret="of the tests", a_day=a_day
        )

    def keep(self, content: bytes, actor: Actor = ANN) -> Photo | Unfit | TooMany:
        return self.photos.keep(actor, io.BytesIO(content))

    def kept(self, content: bytes, actor: Actor = ANN) -> Photo:
        photo = self.keep(content, actor)
        assert isinstance(photo, Photo)
        return photo


@pytest.fixture
def studio(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Studio]:
    """With a limit a day where a test gives one."""
    studio = Studio(tmp_path, getattr(request, "param", None))
    yield studio
    studio.store.close()


def test_a_photo_that_is_known_is_not_decoded_again(studio: Studio) -> None:
    first = studio.kept(b"one")
    assert is_photo_id(first.id)
    assert studio.kept(b"one") == first
    assert studio.kept(b"one", BOB).id != first.id
    assert studio.slow.made == 2


def test_one_is_decoded_at_a_time_and_too_many_are_told_to_come_again(studio: Studio) -> None:
    studio.slow.go_on.clear()
    with ThreadPoolExecutor(MOST_WAITING + 5) as threads:
        answers = [threads.submit(studio.keep, f"{n}".encode()) for n in range(MOST_WAITING + 5)]
        turned_away = 0
        while turned_away < 4:
            turned_away = sum(answer.done() for answer in answers)
        studio.slow.go_on.set()
        errors = [answer.exception() for answer in answers]
    assert [type(error) for error in errors if error is not None] == [Overloaded] * 4
    assert studio.slow.most_at_once == 1
    assert isinstance(studio.keep(b"later"), Photo)


def test_what_cannot_be_stored_is_no_photo_yet(studio: Studio) -> None:
    studio.shelf.fails = True
    with pytest.raises(StoreUnavailable):
        studio.keep(b"one")
    assert studio.rows.nth_newest(str(ANN), 1) is None
    studio.shelf.fails = False
    assert studio.photos.picture(studio.kept(b"one")) == b"full one"


@pytest.mark.parametrize("studio", [2], indirect=True)
def test_what_is_no_photo_leaves_nothing_and_does_not_count(studio: Studio) -> None:
    assert studio.keep(b"nonsense") is Unfit.UNREADABLE
    assert studio.keep(b"x" * (MOST_BYTES + 1)) is Unfit.TOO_LARGE
    assert studio.shelf.kept == {}
    first = studio.kept(b"one")
    studio.kept(b"two")
    assert studio.keep(b"three") == TooMany(Instant(NOW + DAY))
    assert studio.kept(b"one") == first
    studio.clock.move_to(Instant(NOW + DAY))
    assert isinstance(studio.keep(b"three"), Photo)


def test_one_s_own_photos_become_evidence_in_the_order_given_and_once_each(studio: Studio) -> None:
    one, two = studio.kept(b"one"), studio.kept(b"two")
    found = resolve_photos(studio.rows, [two.id, one.id, two.id], ANN)
    assert found == (Evidence(two.id, two.sha256), Evidence(one.id, one.sha256))
    assert resolve_photos(studio.rows, [], ANN) == ()


def test_the_first_that_is_not_one_s_own_is_named(studio: Studio) -> None:
    mine, theirs = studio.kept(b"one"), studio.kept(b"two", BOB)
    assert resolve_photos(studio.rows, [mine.id, theirs.id, "x"], ANN) == UnknownPhoto(theirs.id)
    for nothing in ("", "x", "0" * 26, "'; DROP TABLE photos; --", "\0", mine.id.upper() + " "):
        assert resolve_photos(studio.rows, [mine.id, nothing], ANN) == UnknownPhoto(nothing)
    assert studio.photos.attach([theirs.id], ANN, ORDER) == UnknownPhoto(theirs.id)
    assert studio.rows.attached_to(theirs.id) == []


def test_attached_photos_are_found_by_their_orders(studio: Studio) -> None:
    mine = studio.kept(b"one")
    assert studio.photos.attach([mine.id], ANN, ORDER) == (Evidence(mine.id, mine.sha256),)
    assert studio.photos.attach([], ANN, ORDER) == ()
    assert studio.rows.attached_to(mine.id) == [ORDER]
