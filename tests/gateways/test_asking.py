"""Every provider is asked the same way: announced, asked, on good days and on bad ones. Each against a small fake of it."""

import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import Any

import pytest

from fairhold.domain.instants import HOUR, MINUTE, SECOND
from fairhold.domain.order import ParcelStatus
from fairhold.engine.outside.destinations import TryLater
from fairhold.engine.outside.tracking import Report, Tracker, Wanted
from fairhold.gateways import answers
from fairhold.gateways.carriers.asking_aftership import AfterShip
from fairhold.gateways.carriers.asking_pochta_ru import RussianPost
from fairhold.gateways.carriers.asking_seventeentrack import SeventeenTrack
from tests.gateways.fakes import aftership, pochta_ru, seventeentrack
from tests.gateways.fakes.aftership import AfterShipFake
from tests.gateways.fakes.patience import LONG, patient
from tests.gateways.fakes.pochta_ru import RussianPostFake
from tests.gateways.fakes.served import Fake, Mood, served
from tests.gateways.fakes.seventeentrack import SeventeenTrackFake

S = ParcelStatus
NUMBER, OTHER = "RD025500807SE", "RA644000001RU"
ONE, TWO = Wanted("rd 025500807 se", "pochta-ru"), Wanted(OTHER, "pochta-ru")


@dataclass
class Place:
    """A provider, our way to it, and how it comes to know of a journey: accepted, then handed over."""

    fake: Any
    tracker: Tracker
    learn: Callable[[str], None]


def _seventeentrack(url: str, fake: SeventeenTrackFake) -> Place:
    events = [
        seventeentrack.event("Delivered_Other", "2026-03-05T10:00:00Z"),
        seventeentrack.event("InTransit_PickedUp", "2026-03-01T10:00:00Z"),
    ]
    tracker = SeventeenTrack(seventeentrack.KEY, url=url, seconds=LONG)
    return Place(fake, tracker, lambda number: fake.known.update({number: events}))


def _aftership(url: str, fake: AfterShipFake) -> Place:
    scans = [
        aftership.checkpoint("InTransit", "2026-03-01T13:00:00+03:00"),
        aftership.checkpoint("Delivered", "2026-03-05T13:00:00+03:00"),
    ]
    tracker = AfterShip(aftership.KEY, url=url, seconds=LONG)
    return Place(fake, tracker, lambda number: fake.known.update({number: scans}))


def _pochta(url: str, fake: RussianPostFake) -> Place:
    told = [(1, 1, "2026-03-01T13:00:00.000+03:00"), (2, 1, "2026-03-05T13:00:00.000+03:00")]
    tracker = RussianPost(pochta_ru.LOGIN, pochta_ru.PASSWORD, url=url, seconds=LONG)
    return Place(fake, tracker, lambda number: fake.known.update({number: told}))


KINDS: dict[str, tuple[Callable[[], Fake], Callable[[str, Any], Place]]] = {
    "17track": (SeventeenTrackFake, _seventeentrack),
    "aftership": (AfterShipFake, _aftership),
    "pochta-ru": (RussianPostFake, _pochta),
}


@pytest.fixture(params=KINDS)
def place(request: pytest.FixtureRequest) -> Iterator[Place]:
    make, connect = KINDS[request.param]
    fake = make()
    with served(fake) as url:
        place = connect(url, fake)
        patient(place.tracker._line._client, lambda: fake.mood is Mood.SILENT)  # type: ignore[attr-defined]  # each has one
        yield place
        place.tracker.close()


def fetched(place: Place, *parcels: Wanted) -> Report:
    """What it tells of these, at once or by a ticket."""
    report = place.tracker.ask(parcels)
    return report if report.ticket is None else place.tracker.collect(report.ticket)


def test_a_parcel_is_announced_asked_about_and_told_of(place: Place) -> None:
    assert place.tracker.takes(ONE)
    assert place.tracker.register([ONE]) == Report()
    place.learn(NUMBER)
    [news] = fetched(place, ONE).news
    assert news.number == NUMBER
    assert sorted((scan.at, scan.status) for scan in news.scans) == [
        (1772359200 * SECOND, S.IN_TRANSIT),
        (1772704800 * SECOND, S.DELIVERED),
    ]


def test_several_are_asked_about_at_once(place: Place) -> None:
    for number in (NUMBER, OTHER):
        place.learn(number)
    assert sorted(one.number for one in fetched(place, ONE, TWO).news) == [OTHER, NUMBER]


def test_to_announce_it_twice_is_no_mistake(place: Place) -> None:
    place.tracker.register([ONE, TWO])
    assert place.tracker.register([ONE, TWO]) == Report()


def test_of_what_it_does_not_know_yet_it_tells_nothing(place: Place) -> None:
    place.tracker.register([ONE])
    report = fetched(place, ONE)
    assert [scan for news in report.news for scan in news.scans] == []
    assert (dict(report.refused), report.unknown) == ({}, frozenset())


def test_a_number_that_it_does_not_take_is_refused_with_its_reason(place: Place) -> None:
    bad = Wanted("XX123", "post")
    report = place.tracker.register([bad]) if place.tracker.registers else place.tracker.ask([bad])
    assert list(report.refused) == ["XX123"]
    assert len(report.refused["XX123"]) > 5


@pytest.mark.parametrize("mood", [mood for mood in Mood if mood is not Mood.WELL])
def test_a_bad_day_means_later_and_never_anything_else(place: Place, mood: Mood) -> None:
    place.learn(NUMBER)
    place.fake.mood = mood
    started = time.monotonic()
    for call in (place.tracker.ask, *((place.tracker.register,) if place.tracker.registers else ())):
        with pytest.raises(TryLater) as caught:
            call([ONE])
        rest = caught.value.rest
        assert rest is None or SECOND <= rest <= 6 * HOUR
        assert mood is not Mood.BUSY or rest == 7 * SECOND
        assert mood is not Mood.KEY_REFUSED or rest == HOUR
    assert time.monotonic() - started < LONG / 2
    place.fake.mood = Mood.WELL
    assert len(fetched(place, ONE).news) == 1


def test_a_ticket_on_a_bad_day_waits_too() -> None:
    with served(RussianPostFake(mood=Mood.NONSENSE)) as url, closing(post(url)) as tracker, pytest.raises(TryLater):
        tracker.collect("t-1")


def test_nobody_is_asked_where_nobody_listens() -> None:
    with closing(track("http://127.0.0.1:9/")) as tracker, pytest.raises(TryLater):
        tracker.ask([ONE])


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("", None),
        ("0", SECOND),
        ("90", 90 * SECOND),
        ("999999999", 6 * HOUR),
        ("9" * 30, MINUTE),
        ("soon", MINUTE),
        ("٣", MINUTE),
    ],
)
def test_a_wish_to_be_left_alone_is_read_in_seconds(text: str, rest: int | None) -> None:
    assert answers.rest({"retry-after": text}) == rest


# what each has of its own


def track(url: str, key: str = seventeentrack.KEY) -> SeventeenTrack:
    return SeventeenTrack(key, url=url)


def ship(url: str, key: str = aftership.KEY) -> AfterShip:
    return AfterShip(key, url=url)


def post(url: str, login: str = pochta_ru.LOGIN) -> RussianPost:
    return RussianPost(login, pochta_ru.PASSWORD, url=url)


def test_17track_wants_another_key() -> None:
    fake = SeventeenTrackFake()
    with served(fake) as url, closing(track(url, "wrong")) as stranger, closing(track(url)) as tracker:
        with pytest.raises(TryLater) as caught:
            stranger.ask([ONE])
        assert (caught.value.rest, str(caught.value)) == (HOUR, "it answered with code -18010002")
        fake.code = -18010003
        with pytest.raises(TryLater):
            tracker.ask([ONE])


def test_17track_is_told_the_carrier_only_where_its_code_is_known() -> None:
    fake = SeventeenTrackFake()
    with served(fake) as url, closing(track(url)) as tracker:
        tracker.register([Wanted("1Z2617V10397725789", "ups"), Wanted("LK1234", "post")])
    [asked] = fake.asked
    assert asked.body == b'[{"number":"1Z2617V10397725789","carrier":100002},{"number":"LK1234"}]'


def test_17track_that_has_no_numbers_left_is_left_alone_for_an_hour() -> None:
    with served(SeventeenTrackFake(quota=0)) as url, closing(track(url)) as tracker:
        with pytest.raises(TryLater) as caught:
            tracker.register([ONE])
        assert caught.value.rest == HOUR


def test_17track_wants_to_be_told_of_a_number_first() -> None:
    with served(SeventeenTrackFake()) as url, closing(track(url)) as tracker:
        assert tracker.ask([ONE]).unknown == {ONE.number}


def test_17track_takes_forty_at_a_time_of_numbers_that_can_be_some() -> None:
    with closing(track("http://127.0.0.1:9/")) as tracker:
        assert [tracker.batch(due, None) for due in (1, 40, 400)] == [1, 40, 40]
        taken = {
            "RB1": False,
            "RB123": True,
            "посылка 12345": False,
            "A" * 51: False,
            "AB/12/3": False,
            "ab 12-345": True,
        }
        assert {number: tracker.takes(Wanted(number, "post")) for number in taken} == taken


def test_one_item_that_cannot_be_read_does_not_take_the_others_with_it() -> None:
    broken, good = (seventeentrack.event("InTransit_Other", at) for at in ("yesterday", "2026-03-01T10:00:00Z"))
    with served(SeventeenTrackFake({NUMBER: [broken], OTHER: [good]})) as url, closing(track(url)) as tracker:
        assert [news.number for news in tracker.ask([ONE, TWO]).news] == [OTHER]


def test_aftership_stops_where_its_limit_for_the_second_is_reached_and_goes_on_later() -> None:
    fake = AfterShipFake(left=1)
    with served(fake) as url, closing(ship(url)) as tracker:
        with pytest.raises(TryLater) as caught:
            tracker.register([ONE, TWO])
        assert caught.value.rest == SECOND
        assert list(fake.known) == [NUMBER]
        fake.left = 50
        assert tracker.register([ONE, TWO]) == Report()
    assert list(fake.known) == [NUMBER, OTHER]


def test_aftership_is_told_again_of_what_its_answer_does_not_have() -> None:
    fake = AfterShipFake()
    with served(fake) as url, closing(ship(url)) as tracker, closing(ship(url, "wrong")) as stranger:
        tracker.register([TWO])
        assert tracker.ask([ONE, TWO]).unknown == {ONE.number}
        with pytest.raises(TryLater):
            stranger.ask([ONE])
    assert b"russian-post" in fake.asked[0].body


def test_the_post_is_asked_one_by_one_while_they_are_few_and_by_ticket_when_they_are_many() -> None:
    with closing(post("http://127.0.0.1:9/")) as tracker:
        about = ((1, 100), (10, 100), (11, 100), (10, 50), (3, 9), (4000, 100), (10, None))
        assert [tracker.batch(*due) for due in about] == [1, 1, 11, 10, 3, 500, 1]
        taken = {
            ("RA644000001RU", "other"): True,
            ("45008378901234", "pochta-ru"): True,
            ("45008378901234", "other"): False,
            ("RD025500807SE", "pochta-ru"): True,
            ("RD025500807SE", "other"): False,
            ("RA64400001RU", "pochta-ru"): False,
        }
        assert {wanted: tracker.takes(Wanted(*wanted)) for wanted in taken} == taken


def test_the_post_does_not_know_us() -> None:
    with served(RussianPostFake()) as url, closing(post(url, "other")) as stranger:
        with pytest.raises(TryLater) as caught:
            stranger.ask([ONE])
        assert caught.value.rest == HOUR
        assert "AuthorizationFault" in str(caught.value)
        with pytest.raises(TryLater):
            stranger.ask([ONE, TWO])


def test_the_post_s_ticket_is_not_ready_then_ready_or_lost() -> None:
    fake = RussianPostFake(known={NUMBER: [(1, 1, "2026-03-01T13:00:00")]}, ready=False)
    with served(fake) as url, closing(post(url)) as tracker:
        report = tracker.ask([ONE, TWO])
        assert (report.ticket, report.ready) == ("2026-1", 15 * MINUTE)
        assert (tracker.collect("2026-1").ticket, tracker.collect("2026-1").ready) == ("2026-1", 5 * MINUTE)
        fake.ready = True
        [news] = tracker.collect("2026-1").news
        assert (news.number, news.scans[0].at) == (NUMBER, 1772359200 * SECOND)
        assert tracker.collect("2026-9") == Report()


def test_a_history_that_cannot_be_read_is_the_number_s_own_trouble() -> None:
    with served(RussianPostFake(known={NUMBER: [(1, 1, "yesterday")]})) as url, closing(post(url)) as tracker:
        assert "cannot be read" in tracker.ask([ONE]).refused[ONE.number]
