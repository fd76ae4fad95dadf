"""Reviews that wait for a moderator: the queue, and what a reading by machine marks in a text."""

from dataclasses import dataclass

from fairhold.domain.review import ReviewStatus
from fairhold.engine.ports.reviews import StoredReview
from fairhold.screening.findings import Finding, Kind
from fairhold.screening.screen import screen
from fairhold.web.views.moderation_desk import ReviewDesk
from fairhold.web.views.parts import Pill
from fairhold.web.views.review_cards import Stars, found_in_words, stars
from fairhold.words.catalog import N_

EXCERPT = 280
"""So much of a text stands in the queue, in characters."""

_TAKEN_DOWN = (ReviewStatus.HIDDEN.value, ReviewStatus.WITHDRAWN.value)


@dataclass(frozen=True)
class Piece:
    """A piece of a text; `found` says what a reading by machine takes it for, empty where for nothing."""

    text: str
    found: str = ""


@dataclass(frozen=True)
class QueueRow:
    """A review in the queue."""

    url: str
    about: str
    author: str
    stars: Stars
    pieces: tuple[Piece, ...]
    language: str
    pills: tuple[Pill, ...]
    photos: int
    waits: str
    since: str


def queue_row(desk: ReviewDesk, row: StoredReview, since: int) -> QueueRow:
    """The review with why it is there, and since when; its text, or the answer's where that is what waits."""
    answers = row.reply_status == ReviewStatus.IN_MODERATION.value and row.status == ReviewStatus.PUBLISHED.value
    text = (row.reply if answers else row.text) or ""
    return QueueRow(
        url=desk.url(row.id),
        about=desk.name(row.subject),
        author=desk.name(row.author),
        stars=stars(desk.reader.words, row.rating),
        pieces=pieces(desk, text, EXCERPT),
        language="" if answers else row.language,
        pills=why_waiting(desk, row),
        photos=row.photos,
        waits=desk.since(since),
        since=desk.moment(since),
    )


def why_waiting(desk: ReviewDesk, row: StoredReview, *, contested: bool = True) -> tuple[Pill, ...]:
    """What brought it here; `contested`: that, too, where nothing else on the page says it."""
    found, words = [], desk.reader.words
    held = found_in_words(words, row.held or "")
    if row.status == ReviewStatus.IN_MODERATION.value:
        found.append(Pill(held or desk.say(N_("held")), "search", "turn"))
    if row.reply_status == ReviewStatus.IN_MODERATION.value:
        found.append(Pill(desk.say(N_("reply: %(found)s"), found=held or desk.say(N_("held"))), "search", "turn"))
    if contested and row.awaits and (row.status in _TAKEN_DOWN or row.reply_status in _TAKEN_DOWN):
        found.append(Pill(desk.say(N_("contested")), "scales", "turn"))
    if row.reports:
        found.append(Pill(words.ngettext("%(num)d report", "%(num)d reports", row.reports), "alert", "bad"))
    return tuple(found)


def findings(text: str) -> tuple[Finding, ...]:
    """What a reading by machine finds now at some place of the text."""
    return tuple(found for found in screen(text, ()).findings if found.kind is not Kind.LANGUAGE)


def pieces(desk: ReviewDesk, text: str, most: int = 0) -> tuple[Piece, ...]:
    """The text with what was found in it apart; `most`: cut to about so many characters, around the first finding."""
    found = findings(text)
    begin, end = _window(text, found, most)
    parts, at = [Piece("…")] if begin else [], begin
    for one in found:
        if one.end <= begin or one.start >= end:
            continue
        parts += [Piece(text[at : one.start])] * (one.start > at)
        parts.append(Piece(text[max(one.start, at) : one.end], kind_name(desk, one.kind)))
        at = one.end
    parts += [Piece(text[at:end])] * (at < end) + [Piece("…")] * (end < len(text))
    return tuple(parts)


def _window(text: str, found: tuple[Finding, ...], most: int) -> tuple[int, int]:
    if not most or len(text) <= most:
        return 0, len(text)
    first = found[0].start if found else 0
    begin = 0 if first < most * 2 // 3 else first - most // 3
    return begin, min(len(text), begin + most)


def kind_name(desk: ReviewDesk, kind: Kind) -> str:
    """What the piece is taken for."""
    if kind is Kind.LINK:
        return desk.say(N_("a link"))
    return found_in_words(desk.reader.words, kind.value)
