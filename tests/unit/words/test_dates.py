"""Moments and lengths of time in words."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from fairhold.domain.instants import DAY, HOUR, LATEST, MINUTE, SECOND, Duration, Instant
from fairhold.words import dates
from fairhold.words.catalog import Language
from fairhold.words.reader import reader_of

RU, EN = reader_of(Language.RU, "Europe/Moscow"), reader_of(Language.EN, "Europe/Moscow")
LONDON, BERLIN = reader_of(Language.EN, "UTC"), reader_of(Language.RU, "Europe/Berlin")


def when(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> Instant:
    return Instant(int(datetime(year, month, day, hour, minute, tzinfo=UTC).timestamp()) * SECOND)


NOW = when(2026, 5, 14, 7, 40)
THEN = when(2026, 5, 19, 15, 40)


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def test_a_moment_is_a_day_and_a_time_of_the_readers_zone() -> None:
    assert plain(dates.moment(RU, THEN, NOW)) == "19 мая, 18:40"
    assert plain(dates.moment(EN, THEN, NOW)) == "19 May, 18:40"
    assert plain(dates.moment(LONDON, THEN, NOW)) == "19 May, 15:40"


def test_the_year_is_said_where_it_is_not_this_one_in_the_readers_zone() -> None:
    eve = when(2026, 12, 31, 21, 30)
    assert plain(dates.moment(RU, eve, NOW)) == "1 января 2027, 00:30"
    assert plain(dates.moment(LONDON, eve, NOW)) == "31 December, 21:30"


def test_the_day_and_its_month_stay_on_one_line() -> None:
    assert dates.moment(RU, THEN, NOW) == "19\u00a0мая, 18:40"


def test_today_and_tomorrow_are_said_by_name() -> None:
    assert plain(dates.moment_in_text(RU, when(2026, 5, 14, 18, 14), NOW)) == "сегодня в 21:14"
    assert plain(dates.moment_in_text(RU, when(2026, 5, 14, 21, 14), NOW)) == "завтра в 00:14"
    assert plain(dates.moment_in_text(EN, THEN, NOW)) == "19 May at 18:40"
    assert plain(dates.moment_in_text(RU, when(2026, 5, 13), NOW)) == "13 мая в 03:00"


def test_within_a_week_the_day_of_the_week_is_said_too() -> None:
    assert plain(dates.until(RU, THEN, NOW)) == "До вторника, 19 мая, 18:40"
    assert plain(dates.until(EN, THEN, NOW)) == "Until Tuesday, 19 May, 18:40"
    assert plain(dates.until(EN, when(2026, 7, 2, 11, 5), NOW)) == "Until 2 July, 14:05"


@pytest.mark.parametrize(
    ("length", "ru", "en"),
    [
        (5 * DAY + 8 * HOUR, "5 дней 8 часов", "5 days 8 hours"),
        (5 * DAY + 59 * MINUTE, "5 дней", "5 days"),
        (DAY, "1 день", "1 day"),
        (21 * DAY + HOUR, "21 день 1 час", "21 days 1 hour"),
        (23 * HOUR + 2 * MINUTE, "23 часа 2 минуты", "23 hours 2 minutes"),
        (HOUR, "1 час", "1 hour"),
        (61 * SECOND, "1 минута", "1 minute"),
        (59 * SECOND, "меньше минуты", "less than a minute"),
        (0, "меньше минуты", "less than a minute"),
    ],
)
def test_a_length_has_two_units_at_most_and_is_rounded_down(length: int, ru: str, en: str) -> None:
    assert plain(dates.length(RU, Duration(length))) == ru
    assert plain(dates.length(EN, Duration(length))) == en


@pytest.mark.parametrize(
    ("length", "ru"),
    [
        (DAY, "остался 1 день"),
        (2 * DAY, "осталось 2 дня"),
        (21 * DAY, "остался 21 день"),
        (5 * DAY + HOUR, "осталось 5 дней 1 час"),
        (HOUR, "остался 1 час"),
        (MINUTE, "осталась 1 минута"),
        (3 * MINUTE, "осталось 3 минуты"),
        (SECOND, "осталось меньше минуты"),
    ],
)
def test_what_is_left_agrees_with_its_first_unit(length: int, ru: str) -> None:
    assert plain(dates.remaining(RU, Duration(length))) == ru


def test_coarsely_only_days_are_said() -> None:
    assert plain(dates.remaining(EN, Duration(6 * DAY + 15 * HOUR), coarse=True)) == "6 days left"
    assert plain(dates.remaining(EN, Duration(15 * HOUR + MINUTE), coarse=True)) == "15 hours 1 minute left"


def test_the_zone_has_a_name() -> None:
    assert plain(dates.zone_name(RU)) == "по Москве"
    assert dates.zone_name(LONDON) == "UTC"
    assert plain(dates.zone_name(BERLIN)) == "по времени: Берлин"


def test_machines_read_whole_seconds_in_utc_and_the_year_3000_is_one() -> None:
    assert dates.rfc3339(THEN) == "2026-05-19T15:40:00Z"
    assert dates.rfc3339(LATEST) == "3000-01-01T00:00:00Z"
    assert dates.to_the_second(Instant(THEN + 999_999)) == "2026-05-19T15:40:00Z"


def test_summer_time_is_the_zones_own() -> None:
    assert plain(dates.moment(BERLIN, when(2026, 3, 29, 0, 30), NOW)) == "29 марта, 01:30"
    assert plain(dates.moment(BERLIN, when(2026, 3, 29, 1, 30), NOW)) == "29 марта, 03:30"
