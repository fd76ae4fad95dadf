"""Reports by strangers: a review should not be there. A moderator hears of it; nothing else happens, and no order does."""

from enum import StrEnum
from threading import Lock
from typing import NamedTuple

from fairhold.domain.actors import Actor
from fairhold.domain.ids import lane_of
from fairhold.domain.instants import DAY, HOUR, Duration, Instant
from fairhold.engine.installation.clock import Clock
from fairhold.engine.ports.reviews import Reports, ReviewReader, StoredReport

REPORTS_A_DAY = 30
"""How many reviews one person may report within 24 hours."""
_LOOKED_AT = 200
_TURNS = 64


class ReportReason(StrEnum):
    """Why a review should not be there."""

    SPAM = "spam"
    INSULT = "insult"
    PERSONAL_DATA = "personal_data"
    NOT_ABOUT_GOODS = "not_about_goods"
    FAKE = "fake"
    OTHER = "other"


class TooManyReports(NamedTuple):
    """This person has reported as many reviews as a day may have; one more is taken after `wait`, in whole hours."""

    wait: Duration


class ReviewReports:
    """All reports of one installation; safe from any thread, and it may block. `a_day`: None for any number.

    One person's reports are taken one after the other, or a burst would pass the limit. Each server process does so by
    itself: with several of them, a burst can pass by one report a process.
    """

    def __init__(self, rows: Reports, reader: ReviewReader, clock: Clock, a_day: int | None = REPORTS_A_DAY) -> None:
        self._rows = rows
        self._reader = reader
        self._clock = clock
        self._a_day = a_day
        self._turns = tuple(Lock() for _ in range(_TURNS))

    def report(
        self, review: str, by: Actor, reason: ReportReason, text: str = "", *, dry_run: bool = False
    ) -> bool | TooManyReports:
        """Keep a report, once a person and review; whether it is new. Whoever reported it already is not refused."""
        reporter = str(by)
        with self._turns[hash(reporter) % _TURNS]:
            if any(one.reporter == reporter for one in self._reader.reports(review, _LOOKED_AT)):
                return False
            now = self._clock.now()
            wait = self._wait(reporter, now)
            if wait is not None:
                return TooManyReports(wait)
            if dry_run:
                return True
            return self._rows.add_report(StoredReport(lane_of(review), review, reporter, reason.value, text, now))

    def _wait(self, reporter: str, now: Instant) -> Duration | None:
        if self._a_day is None or self._rows.reports_since(reporter, Instant(now - DAY)) < self._a_day:
            return None
        ends = (
            h for h in range(1, 24) if self._rows.reports_since(reporter, Instant(now - DAY + h * HOUR)) < self._a_day
        )
        return Duration(next(ends, 24) * HOUR)
