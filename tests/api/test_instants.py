"""RFC 3339 in and out."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairhold.api.instants import parse_instant
from fairhold.domain.instants import LATEST, Instant
from fairhold.words.dates import rfc3339

instants = st.integers(0, LATEST).map(Instant)


@given(instants)
def test_what_is_written_is_read_back_the_same(at: Instant) -> None:
    assert parse_instant(rfc3339(at)) == at


@given(instants.filter(lambda at: at < LATEST))
def test_what_is_written_is_what_the_calendar_says(at: Instant) -> None:
    assert datetime.fromisoformat(rfc3339(at)) == datetime.fromtimestamp(at // 1_000_000, UTC).replace(
        microsecond=at % 1_000_000
    )


@pytest.mark.parametrize(
    ("text", "same_as"),
    [
        ("2026-05-19T15:40:00Z", "2026-05-19T15:40:00Z"),
        ("2026-05-19t15:40:00z", "2026-05-19T15:40:00Z"),
        ("2026-05-19T18:40:00+03:00", "2026-05-19T15:40:00Z"),
        ("2026-05-19T10:10:00-05:30", "2026-05-19T15:40:00Z"),
        ("2026-05-19T15:40:00.5Z", "2026-05-19T15:40:00.500000Z"),
        ("2026-05-19T15:40:00.123456789Z", "2026-05-19T15:40:00.123456Z"),
        ("2024-02-29T00:00:00Z", "2024-02-29T00:00:00Z"),
        ("1970-01-01T03:00:00+03:00", "1970-01-01T00:00:00Z"),
    ],
)
def test_every_way_to_write_a_moment_is_read(text: str, same_as: str) -> None:
    found = parse_instant(text)
    assert found is not None
    assert rfc3339(found) == same_as


@pytest.mark.parametrize(
    "text",
    [
        "",
        "now",
        "2026-05-19",
        "2026-05-19T15:40Z",
        "2026-05-19T15:40:00",
        "2026-05-19 15:40:00Z",
        "2026-05-19T15:40:00.Z",
        "2026-05-19T15:40:00.1234567890Z",
        "2026-05-19T15:40:00+0300",
        "2026-05-19T15:40:00+24:00",
        "2026-05-19T15:40:00+03:60",
        "2026-05-19T24:00:00Z",
        "2026-05-19T15:60:00Z",
        "2026-05-19T15:40:60Z",
        "2026-02-29T00:00:00Z",
        "2026-13-01T00:00:00Z",
        "0000-01-01T00:00:00Z",
        "1969-12-31T23:59:59Z",
        "1970-01-01T00:00:00+00:01",
        "3000-01-01T00:00:01Z",
        "9999-12-31T23:59:59-23:59",
        "２０２６-05-19T15:40:00Z",
        "2026-05-19T15:40:00Z\n",
        "20260519T154000Z",
        "1779205200",
    ],
)
def test_what_is_no_moment_is_not_read(text: str) -> None:
    assert parse_instant(text) is None
