"""Calendar files as RFC 5545 wants them, byte by byte."""

from __future__ import annotations

import pytest

from fairhold.domain.instants import DAY, HOUR, MINUTE, SECOND, Duration, Instant
from fairhold.words.icalendar import Entry, calendar

NOW = Instant(1_778_746_800 * SECOND)
ENDS = Instant(1_779_205_200 * SECOND + 250_000)


def entry(**given: object) -> Entry:
    return Entry(
        **{
            "uid": "0abc-protection-buyer@fairhold",
            "version": 6,
            "at": ENDS,
            "summary": "Time to check ends",
            "description": "Look at it.",
            "url": "https://fairhold.test/orders/0abc",
            **given,
        }  # type: ignore[arg-type]  # each field has the type of its default above
    )


def lines(*entries: Entry) -> list[str]:
    return calendar(entries, NOW, "en").decode().split("\r\n")


def test_a_file_is_one_calendar_of_events_and_every_line_ends_in_crlf() -> None:
    written = calendar((entry(alarms=(DAY, Duration(2 * HOUR), Duration(90 * MINUTE))),), NOW, "en")
    assert written.decode().split("\r\n") == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Fairhold//Deadlines//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        "BEGIN:VEVENT",
        "UID:0abc-protection-buyer@fairhold",
        "SEQUENCE:6",
        "DTSTAMP:20260514T082000Z",
        "DTSTART:20260519T154000Z",
        "SUMMARY;LANGUAGE=en:Time to check ends",
        "DESCRIPTION;LANGUAGE=en:Look at it.",
        "URL:https://fairhold.test/orders/0abc",
        "TRANSP:TRANSPARENT",
        *("BEGIN:VALARM", "ACTION:DISPLAY", "TRIGGER:-P1D", "DESCRIPTION:Time to check ends", "END:VALARM"),
        *("BEGIN:VALARM", "ACTION:DISPLAY", "TRIGGER:-PT2H", "DESCRIPTION:Time to check ends", "END:VALARM"),
        *("BEGIN:VALARM", "ACTION:DISPLAY", "TRIGGER:-PT90M", "DESCRIPTION:Time to check ends", "END:VALARM"),
        "END:VEVENT",
        "END:VCALENDAR",
        "",
    ]
    assert b"\n" not in written.replace(b"\r\n", b"")


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("a, b; c \\ d", "a\\, b\\; c \\\\ d"),
        ("one\ntwo\r\nthree\rfour", "one\\ntwo\\nthree\\nfour"),
        ("END:VCALENDAR\r\nBEGIN:VEVENT", "END:VCALENDAR\\nBEGIN:VEVENT"),
        ("a\x00b\x07c\x7fd\te", "abcd\te"),
    ],
)
def test_a_text_cannot_end_its_line_or_begin_another_property(text: str, written: str) -> None:
    assert f"SUMMARY;LANGUAGE=en:{written}" in lines(entry(summary=text))


@pytest.mark.parametrize("letter", ["a", "ж", "€", "🙂"])
@pytest.mark.parametrize("shift", range(4))
def test_long_lines_are_folded_at_75_octets_and_never_inside_a_character(letter: str, shift: int) -> None:
    text = "x" * shift + letter * 300
    written = calendar((entry(description=text),), NOW, "en")
    for line in written.split(b"\r\n"):
        assert len(line) <= 75
        line.decode()
    assert f"DESCRIPTION;LANGUAGE=en:{text}" in written.decode().replace("\r\n ", "")
