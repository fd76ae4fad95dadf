"""What `/metrics` tells about calls: how many by route and status, and how long they took. Told when asked."""

from collections.abc import Iterator

from prometheus_client import CollectorRegistry
from prometheus_client.core import CounterMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

NOWHERE = "none"
"""The route of a call that reached none: no key, no such address."""


class Traffic(Collector):
    """Counts of calls."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._calls: dict[tuple[str, int], list[float]] = {}
        registry.register(self)

    def note(self, route: str, status: int, seconds: float) -> None:
        """One call was answered."""
        counted = self._calls.get((route, status))
        if counted is None:
            counted = self._calls[route, status] = [0.0, 0.0]
        counted[0] += 1.0
        counted[1] += seconds

    def describe(self) -> list[Metric]:
        """Nothing in advance: several APIs may stand on one registry, as in tests."""
        return []

    def collect(self) -> Iterator[Metric]:
        """The counters as they now are."""
        calls = CounterMetricFamily("fairhold_http_calls", "API calls answered", labels=("route", "status"))
        seconds = CounterMetricFamily("fairhold_http_seconds", "Time to answer them", labels=("route", "status"))
        for (route, status), (count, spent) in sorted(self._calls.items()):
            calls.add_metric((route, str(status)), count)
            seconds.add_metric((route, str(status)), spent)
        yield calls
        yield seconds
