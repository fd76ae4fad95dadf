"""Moments and lengths of time in words: «19 мая, 18:40», “5 days 8 hours”, “Moscow time”."""

from datetime import UTC, datetime, timedelta
from functools import lru_cache

from babel.dates import format_datetime, get_timezone_location

from fairhold.domain.instants import DAY, HOUR, MINUTE, SECOND, Duration, Instant
from fairhold.words.reader import Reader
from fairhold.words.typography import NBSP

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def as_datetime(at: Instant) -> datetime:
    """The instant as an aware datetime in UTC."""
    return _EPOCH + timedelta(microseconds=at)


def rfc3339(at: Instant) -> str:
    """The instant as machines read it: `2026-05-19T15:40:00Z`, with a fraction of six digits where there is one."""
    seconds, microseconds = divmod(at, SECOND)
    days, second = divmod(seconds, 86_400)
    if microseconds:
        return f"{_day(days)}T{_clock(second)}.{microseconds:06d}Z"
    return f"{_day(days)}T{_clock(second)}Z"


def to_the_second(at: Instant) -> str:
    """The instant as `rfc3339` writes it, without a fraction: for people's eyes and `<time datetime>`."""
    return rfc3339(Instant(at - at % SECOND))


@lru_cache(maxsize=4096)
def _day(days: int) -> str:
    return (_EPOCH + timedelta(days)).strftime("%Y-%m-%d")


@lru_cache(maxsize=86_400)
def _clock(second: int) -> str:
    minutes, second = divmod(second, 60)
    return f"{minutes // 60:02d}:{minutes % 60:02d}:{second:02d}"


def local(reader: Reader, at: Instant) -> datetime:
    """The instant on the reader's own clock."""
    return as_datetime(at).astimezone(reader.zone)


def _shown(reader: Reader, at: Instant, pattern: str) -> str:
    return format_datetime(local(reader, at), pattern, locale=reader.words.locale)


def day(reader: Reader, at: Instant, now: Instant) -> str:
    """«19 мая», with the year where it is not this one's."""
    pattern = "d MMMM" if local(reader, at).year == local(reader, now).year else "d MMMM y"
    return _shown(reader, at, f"d'{NBSP}'{pattern[2:]}")


def full_day(reader: Reader, at: Instant) -> str:
    """«24 апреля 2026», always with the year."""
    return _shown(reader, at, f"d'{NBSP}'MMMM'{NBSP}'y")


def time_of_day(reader: Reader, at: Instant) -> str:
    """«18:40», on a clock of 24 hours."""
    return _shown(reader, at, "HH:mm")


def moment(reader: Reader, at: Instant, now: Instant) -> str:
    """«19 мая, 18:40»."""
    return f"{day(reader, at, now)}, {time_of_day(reader, at)}"


def moment_in_text(reader: Reader, at: Instant, now: Instant) -> str:
    """The moment inside a sentence: «19 мая в 18:40», «сегодня в 21:14», “tomorrow at 10:20”."""
    words, time = reader.words, time_of_day(reader, at)
    ahead = (local(reader, at).date() - local(reader, now).date()).days
    if ahead == 0:
        return words.gettext("today at %(time)s", time=time)
    if ahead == 1:
        return words.gettext("tomorrow at %(time)s", time=time)
    return words.gettext("%(day)s at %(time)s", day=day(reader, at, now), time=time)


def until(reader: Reader, at: Instant, now: Instant) -> str:
    """«До вторника, 19 мая, 18:40», with the day of the week within a week's reach."""
    words, shown = reader.words, moment(reader, at, now)
    ahead = (local(reader, at).date() - local(reader, now).date()).days
    if ahead == 0:
        return words.gettext("Until today, %(time)s", time=time_of_day(reader, at))
    if not 0 < ahead <= 7:
        return words.gettext("Until %(moment)s", moment=shown)
    by_weekday = (
        words.gettext("Until Monday, %(moment)s", moment=shown),
        words.gettext("Until Tuesday, %(moment)s", moment=shown),
        words.gettext("Until Wednesday, %(moment)s", moment=shown),
        words.gettext("Until Thursday, %(moment)s", moment=shown),
        words.gettext("Until Friday, %(moment)s", moment=shown),
        words.gettext("Until Saturday, %(moment)s", moment=shown),
        words.gettext("Until Sunday, %(moment)s", moment=shown),
    )
    return by_weekday[local(reader, at).weekday()]


def zone_name(reader: Reader) -> str:
    """Whose time the page tells: «по Москве», “Moscow time”; said once a page."""
    words, key = reader.words, reader.zone.key
    if key == "Europe/Moscow":
        return words.gettext("Moscow time")
    if key in {"UTC", "Etc/UTC"}:
        return words.gettext("UTC")
    return words.gettext(
        "%(place)s time", place=get_timezone_location(key, locale=reader.words.locale, return_city=True)
    )


def length(reader: Reader, duration: Duration) -> str:
    """«5 дней 8 часов», «8 часов 5 минут», «меньше минуты»: two units at most, rounded down so as never to promise more."""
    words = reader.words
    days, hours, minutes = duration // DAY, duration % DAY // HOUR, duration % HOUR // MINUTE
    parts = []
    if days:
        parts = [words.ngettext("%(num)d day", "%(num)d days", days)]
        if hours:
            parts.append(words.ngettext("%(num)d hour", "%(num)d hours", hours))
    elif hours:
        parts = [words.ngettext("%(num)d hour", "%(num)d hours", hours)]
        if minutes:
            parts.append(words.ngettext("%(num)d minute", "%(num)d minutes", minutes))
    elif minutes:
        parts = [words.ngettext("%(num)d minute", "%(num)d minutes", minutes)]
    return " ".join(parts) or words.gettext("less than a minute")


def whole_days(reader: Reader, duration: Duration) -> str:
    """«7 дней», or hours where it is less than a day: for terms of a policy."""
    return length(reader, Duration(duration - duration % DAY) if duration >= DAY else duration)


def remaining(reader: Reader, duration: Duration, *, coarse: bool = False) -> str:
    """«осталось 5 дней 8 часов», «остался 1 день», “5 days 8 hours left”; `coarse`, from a day on, in whole days."""
    words, shown = reader.words, whole_days(reader, duration) if coarse else length(reader, duration)
    if duration >= DAY:
        return words.npgettext("days", "%(length)s left", "%(length)s left", duration // DAY, length=shown)
    if duration >= HOUR:
        return words.npgettext("hours", "%(length)s left", "%(length)s left", duration // HOUR, length=shown)
    return words.npgettext("minutes", "%(length)s left", "%(length)s left", duration // MINUTE, length=shown)
