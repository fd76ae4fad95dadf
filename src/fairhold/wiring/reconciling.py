"""From settings to reconciliation: who compares, and who does so as time passes."""

from collections.abc import Mapping
from typing import NamedTuple

from fairhold.engine.books.export import Exporter
from fairhold.engine.books.reconciliation import Reconciler
from fairhold.engine.books.reconciliation_worker import ReconciliationWorker
from fairhold.engine.installation.clock import Clock
from fairhold.engine.installation.metrics import Metrics
from fairhold.engine.outside.payments import Provider
from fairhold.engine.ports.store import Store
from fairhold.store.reconciliation import ReconciliationTables


class Reconciling(NamedTuple):
    """Whoever compares books with statements, and whoever writes them for other programs."""

    reconciler: Reconciler
    worker: ReconciliationWorker
    exporter: Exporter


def reconciling_of(store: Store, providers: Mapping[str, Provider], clock: Clock, metrics: Metrics) -> Reconciling:
    """All of them, on the store's own tables."""
    reader = store.reader()
    reconciler = Reconciler(ReconciliationTables(store.tables()), reader, providers, clock)
    return Reconciling(reconciler, ReconciliationWorker(reconciler, metrics), Exporter(reader, clock))
