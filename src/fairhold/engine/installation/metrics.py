"""What `GET /metrics` tells: counted once a batch, never once a command."""

from collections import Counter as Tally
from collections.abc import Callable

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    disable_created_metrics,
    generate_latest,
)

# When each series began says nothing that anybody asks, and doubles the text.
disable_created_metrics()  # type: ignore[no-untyped-call]  # the package leaves this one without types


class Metrics:
    """The engine's figures, in a registry of their own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.gather: Callable[[], bytes] = self.own
        """Where several processes serve together, one answers for all."""
        self._commands = Counter(
            "fairhold_commands_total", "Commands decided", ("command", "outcome"), registry=self.registry
        )
        self._refusals = Counter("fairhold_refusals_total", "Refusals by reason", ("reason",), registry=self.registry)
        self._batches = Histogram(
            "fairhold_batch_commands",
            "Commands written in one transaction",
            buckets=(1, 2, 4, 8, 16, 32, 64, 128, 256, 512),
            registry=self.registry,
        )
        self._writing = Histogram(
            "fairhold_batch_seconds",
            "From taking a batch to its commit",
            buckets=(0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5),
            registry=self.registry,
        )
        self._splits = Counter("fairhold_batch_splits_total", "Batches halved after an error", registry=self.registry)
        self._queue = Gauge("fairhold_queue_commands", "Commands waiting for the writer", registry=self.registry)
        self._parked = Counter("fairhold_parked_total", "Orders and messages parked", ("what",), registry=self.registry)
        self._delivered = Counter(
            "fairhold_messages_total", "Outbox messages by result", ("result",), registry=self.registry
        )
        self._mailed = Counter("fairhold_letters_total", "Letters by result", ("result",), registry=self.registry)
        self._webhooks = Counter(
            "fairhold_webhooks_total", "Attempts to send a webhook by result", ("result",), registry=self.registry
        )
        self._tracked = Counter(
            "fairhold_tracking_calls_total",
            "Calls to tracking providers",
            ("provider", "result"),
            registry=self.registry,
        )
        self._overdue = Gauge("fairhold_overdue_orders", "Orders past their next deadline", registry=self.registry)

        self._differences = Gauge(
            "fairhold_reconciliation_items",
            "What a provider's statement and the books differ in, and nobody has explained",
            ("provider",),
            registry=self.registry,
        )
        self._oldest_difference = Gauge(
            "fairhold_reconciliation_oldest_seconds",
            "For how long the oldest open difference is known; 0 where there is none",
            ("provider",),
            registry=self.registry,
        )

    def watch_queue(self, length: Callable[[], float]) -> None:
        """Read the queue's length when asked."""
        self._queue.set_function(length)

    def batch(self, commands: int, seconds: float, outcomes: Tally[tuple[str, str]], refusals: Tally[str]) -> None:
        """One batch is done: its outcomes by (command, outcome), its refusals by reason."""
        self._batches.observe(commands)
        self._writing.observe(seconds)
        for labels, count in outcomes.items():
            self._commands.labels(*labels).inc(count)
        for reason, count in refusals.items():
            self._refusals.labels(reason).inc(count)

    def split(self) -> None:
        """A batch was halved."""
        self._splits.inc()

    def parked(self, what: str) -> None:
        """An order or a message was put aside for a person."""
        self._parked.labels(what).inc()

    def delivered(self, result: str, count: int = 1) -> None:
        """Messages were `done`, `retried` or `parked`."""
        self._delivered.labels(result).inc(count)

    def mailed(self, result: str) -> None:
        """A letter was `sent`, `dropped`, `retried` or `parked`."""
        self._mailed.labels(result).inc()

    def webhook(self, result: str) -> None:
        """A webhook was `delivered`, is `retried` later, or has `failed` for good."""
        self._webhooks.labels(result).inc()

    def tracked(self, provider: str, result: str) -> None:
        """A tracking provider `answered`, or the call `failed`."""
        self._tracked.labels(provider, result).inc()

    def overdue(self, orders: int) -> None:
        """How many orders the sweep has before it."""
        self._overdue.set(orders)

    def differences(self, provider: str, items: int, oldest_seconds: float) -> None:
        """What reconciliation has open with a provider, and for how long the oldest of it."""
        self._differences.labels(provider).set(items)
        self._oldest_difference.labels(provider).set(oldest_seconds)

    def text(self) -> bytes:
        """Everything in Prometheus' text format."""
        return self.gather()

    def own(self) -> bytes:
        """This process's own figures."""
        return generate_latest(self.registry)
