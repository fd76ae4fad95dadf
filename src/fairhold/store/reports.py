"""Reports about reviews: each lies with its review, in the lane of the order, and is told by people who are no part of it."""
# ruff: noqa: S608 - statements are put together from the constants of this file only; values are always bound

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Any

from fairhold.domain.instants import Instant
from fairhold.engine.ports.reviews import StoredReport
from fairhold.store.access import Execute

# `{lane}` is put in as a number: so a statement is planned for the one part of a table that the lane lies in.
ADD_REPORT = f"""
INSERT INTO review_reports ({", ".join(StoredReport._fields)})
SELECT {{lane}}, id, ?, ?, ?, ? FROM reviews WHERE lane = {{lane}} AND id = ?
ON CONFLICT (lane, review_id, reporter) DO NOTHING
"""
COUNT_REPORT = "UPDATE reviews SET reports = coalesce(reports, 0) + 1 WHERE lane = {lane} AND id = ?"
REPORTS_SINCE = "SELECT count(*) FROM review_reports WHERE reporter = ? AND at >= ?"


class ReportTables:
    """Reports; safe from any thread. It is given what `SmallTables` is, and how the store can keep a text."""

    def __init__(
        self,
        rows: Callable[[str, Sequence[Any]], list[Any]],
        transaction: Callable[[], AbstractContextManager[Execute]],
        mark: str = "?",
        storable: Callable[[str], str] = str,
    ) -> None:
        self._mark = mark
        self._storable = storable
        self._ask = rows
        self._transaction = transaction

    def add_report(self, report: StoredReport) -> bool:
        """Keep it and count it in the review's row, once a person; whether it is new."""

        def at(statement: str) -> str:
            return statement.replace("{lane}", str(int(report.lane))).replace("?", self._mark)

        told = (*map(self._storable, (report.reporter, report.reason, report.text)), report.at, report.review_id)
        with self._transaction() as execute:
            if not execute(at(ADD_REPORT), told).rowcount:
                return False
            execute(at(COUNT_REPORT), (report.review_id,))
        return True

    def reports_since(self, reporter: str, since: Instant) -> int:
        """How many reviews that person reported since then."""
        [(count,)] = self._ask(REPORTS_SINCE.replace("?", self._mark), (self._storable(reporter), since))
        return int(count)
