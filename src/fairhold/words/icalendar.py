"""Calendar files (RFC 5545): how their lines are written. What stands in them, the pages say."""

from collections.abc import Iterable
from dataclasses import dataclass

from fairhold.domain.instants import DAY, HOUR, MINUTE, Duration, Instant
from fairhold.words.dates import to_the_second

MEDIA_TYPE = "text/calendar; charset=utf-8"
_PRODUCT = "-//Fairhold//Deadlines//EN"
_FOLD = 75
"""Octets of a line, without its end (RFC 5545, 3.1)."""


@dataclass(frozen=True)
class Entry:
    """A moment in a calendar. `uid` stays the same while the moment moves, and `version` grows; `alarms` ring so long before."""

    uid: str
    version: int
    at: Instant
    summary: str
    description: str
    url: str
    alarms: tuple[Duration, ...] = ()


def calendar(entries: Iterable[Entry], now: Instant, language: str) -> bytes:
    """The file. Without an entry it would be none (RFC 5545, 3.6): the caller sees to that."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{_PRODUCT}", "CALSCALE:GREGORIAN", "METHOD:PUBLISH"]
    for entry in entries:
        lines += _event(entry, now, language)
    lines.append("END:VCALENDAR")
    return "".join(f"{_folded(line)}\r\n" for line in lines).encode()


def _event(entry: Entry, now: Instant, language: str) -> list[str]:
    return [
        "BEGIN:VEVENT",
        f"UID:{entry.uid}",
        f"SEQUENCE:{entry.version}",
        f"DTSTAMP:{_utc(now)}",
        f"DTSTART:{_utc(entry.at)}",
        f"SUMMARY;LANGUAGE={language}:{_text(entry.summary)}",
        f"DESCRIPTION;LANGUAGE={language}:{_text(entry.description)}",
        f"URL:{entry.url}",
        "TRANSP:TRANSPARENT",
        *(line for lead in entry.alarms for line in _alarm(entry, lead)),
        "END:VEVENT",
    ]


def _alarm(entry: Entry, lead: Duration) -> tuple[str, ...]:
    text = _text(entry.summary)
    return ("BEGIN:VALARM", "ACTION:DISPLAY", f"TRIGGER:-{_length(lead)}", f"DESCRIPTION:{text}", "END:VALARM")


def _length(duration: Duration) -> str:
    """A length of time (RFC 5545, 3.3.6), in the largest unit that it is a whole number of; minutes at least."""
    if duration % DAY == 0:
        return f"P{duration // DAY}D"
    if duration % HOUR == 0:
        return f"PT{duration // HOUR}H"
    return f"PT{duration // MINUTE}M"


def _utc(at: Instant) -> str:
    """The instant in the form of 3.3.5: `20260519T154000Z`."""
    return to_the_second(at).replace("-", "").replace(":", "")


def _text(text: str) -> str:
    """A value of type TEXT (3.3.11): escaped, and without control characters, which no such value may hold."""
    escaped = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    escaped = escaped.replace("\r\n", "\\n").replace("\n", "\\n").replace("\r", "\\n")
    return "".join(sign for sign in escaped if sign == "\t" or (sign >= " " and sign != "\x7f"))


def _folded(line: str) -> str:
    """The line in pieces of at most 75 octets, never inside a character; each further one begins with a space."""
    pieces, piece, size = [], "", 0
    for sign in line:
        width = len(sign.encode())
        if size + width > _FOLD:
            pieces.append(piece)
            piece, size = " ", 1
        piece += sign
        size += width
    return "\r\n".join([*pieces, piece])
