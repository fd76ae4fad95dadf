"""Reports about reviews, each in the database of the review's lane."""

from collections.abc import Sequence

from fairhold.domain.ids import Lane
from fairhold.domain.instants import Instant
from fairhold.engine.ports.reviews import StoredReport
from fairhold.store.routed.databases import Database
from fairhold.store.routed.parts import Owner


class RoutedReports:
    """Reports; safe from any thread. Raises StoreUnavailable while a database that is asked is away."""

    def __init__(self, databases: Sequence[Database], owner: Owner) -> None:
        self._databases = databases
        self._owner = owner

    def add_report(self, report: StoredReport) -> bool:
        """Keep it and count it in the review's row, once a person; whether it is new."""
        database = self._owner(Lane(report.lane))
        if database is None:
            return False
        with database.asked():
            return database.store.reports().add_report(report)

    def reports_since(self, reporter: str, since: Instant) -> int:
        """How many reviews that person reported since then, in all databases."""
        count = 0
        for database in self._databases:
            with database.asked():
                count += database.store.reports().reports_since(reporter, since)
        return count
