"""`/metrics` with several workers: whichever is asked answers for all, each series with the label `worker`."""

import secrets
import socket
import threading
from collections.abc import Callable, Iterable, Mapping

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.parser import text_string_to_metric_families

PATIENCE_SECONDS = 2.0
_UP = "fairhold_worker_up"


class Figures:
    """Where the workers of one parent find each other's figures: sockets of the kernel's own names, which need no folder."""

    def __init__(self, workers: int) -> None:
        self._numbers = range(1, workers + 1)
        self._token = secrets.token_hex(8)

    def _address(self, number: int) -> str:
        return f"\0fairhold-{self._token}-{number}"

    def give(self, number: int, own: Callable[[], bytes]) -> None:
        """Tell this worker's figures to whoever connects, until the process ends."""
        listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        listening.bind(self._address(number))
        listening.listen()
        threading.Thread(target=_give, args=(listening, own), name="fairhold-figures", daemon=True).start()

    def gather(self) -> bytes:
        """The figures of all workers; of one that does not answer only that it does not."""
        return merged({number: self._ask(number) for number in self._numbers})

    def _ask(self, number: int) -> str | None:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as asking:
            asking.settimeout(PATIENCE_SECONDS)
            try:
                asking.connect(self._address(number))
                parts = []
                while part := asking.recv(65536):
                    parts.append(part)
            except OSError:
                return None
        return b"".join(parts).decode()


def _give(listening: socket.socket, own: Callable[[], bytes]) -> None:
    while True:
        asked, _ = listening.accept()
        with asked:
            try:
                asked.settimeout(PATIENCE_SECONDS)
                asked.sendall(own())
            except OSError:
                continue  # whoever asked has gone


def merged(texts: Mapping[int, str | None]) -> bytes:
    """Texts in Prometheus' format as one, each sample with the number of its worker."""
    up = GaugeMetricFamily(_UP, "Whether the worker told its figures", labels=("worker",))
    families: dict[str, Metric] = {_UP: up}
    for number, text in texts.items():
        up.add_metric([str(number)], float(text is not None))
        for family in text_string_to_metric_families(text or ""):
            whole = families.setdefault(family.name, Metric(family.name, family.documentation, family.type))
            for sample in family.samples:
                whole.add_sample(sample.name, {**sample.labels, "worker": str(number)}, sample.value)
    registry = CollectorRegistry()
    registry.register(_Told(families.values()))
    return generate_latest(registry)


class _Told:
    def __init__(self, families: Iterable[Metric]) -> None:
        self._families = families

    def collect(self) -> Iterable[Metric]:
        return self._families
