"""SIGTERM in the middle of it: what was taken is answered or its key tells, nothing happens twice, and it ends soon."""

import http.client
import json
import signal
import socket
import threading
import time
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from fairhold.engine.audit.auditing import audit
from fairhold.store import open_store
from tests.cli.test_serving import KEY, ORDER, program, url_of

SECONDS_TO_END = 25
HEADERS = {"Authorization": f"Bearer {KEY}", "Content-Type": "application/json"}


class Shopper(threading.Thread):
    """Places order after order over one connection until it is closed or refused."""

    def __init__(self, url: str, number: int) -> None:
        super().__init__()
        self.connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=60)
        self.number = number
        self.answered: dict[str, str] = {}
        self.unanswered: list[str] = []
        self.refused = 0

    def run(self) -> None:
        with closing(self.connection):
            for count in range(100_000):
                key = f"{self.number}-{count}"
                self.unanswered.append(key)
                try:
                    status, body = place(self.connection, key)
                except (OSError, http.client.HTTPException):
                    return
                if status == 503:
                    self.refused += 1
                    return
                self.answered[self.unanswered.pop()] = body["id"]


def place(connection: http.client.HTTPConnection, key: str) -> tuple[int, dict[str, str]]:
    connection.request("POST", "/v1/orders", json.dumps(ORDER), {**HEADERS, "Idempotency-Key": key})
    answer = connection.getresponse()
    body = json.loads(answer.read())
    assert answer.status == 201 or (answer.status, "Retry-After" in answer.headers) == (503, True), body
    return answer.status, body


SLOWLY = (pytest.mark.postgres, pytest.mark.slow)


@pytest.mark.parametrize("workers", [0, pytest.param(1, marks=SLOWLY), pytest.param(2, marks=SLOWLY)])
def test_a_server_that_is_told_to_stop_answers_what_it_took_and_loses_and_doubles_nothing(
    tmp_path: Path, workers: int, request: pytest.FixtureRequest
) -> None:
    database = request.getfixturevalue("migrated") if workers else f"sqlite:///{tmp_path}/fairhold.db"
    arguments = ("serve", "--port", "0", "--workers", str(max(workers, 1)))
    settings = {"FAIRHOLD_DATABASE": database, "FAIRHOLD_SANDBOX": "1"}
    with program(tmp_path, *arguments, **settings) as server:
        url = url_of(server)
        shoppers = [Shopper(url, number) for number in range(12)]
        for shopper in shoppers:
            shopper.start()
        deadline = time.monotonic() + 60
        while any(len(shopper.answered) < 3 for shopper in shoppers):
            assert time.monotonic() < deadline
            time.sleep(0.01)
        server.send_signal(signal.SIGTERM)
        told = time.monotonic()
        assert server.wait(SECONDS_TO_END) == 0
        assert time.monotonic() - told < SECONDS_TO_END
        with pytest.raises(OSError, match="refused"):
            socket.create_connection(("127.0.0.1", urlsplit(url).port or 0))
        for shopper in shoppers:
            shopper.join()
        assert server.complaints() == ""
    answered = {key: order for shopper in shoppers for key, order in shopper.answered.items()}
    unanswered = [key for shopper in shoppers for key in shopper.unanswered]
    assert len(unanswered) <= len(shoppers)
    with program(tmp_path, *arguments, **settings) as server:
        with closing(http.client.HTTPConnection(urlsplit(url_of(server)).netloc, timeout=60)) as connection:
            again = {key: place(connection, key)[1]["id"] for key in (*answered, *unanswered)}
        server.send_signal(signal.SIGTERM)
        assert server.wait(SECONDS_TO_END) == 0
    assert answered.items() <= again.items()
    with closing(open_store(database)) as store:
        assert sorted(again.values()) == [row.id for row in store.reader().scan_orders(None, 100_000)]
        assert audit(store) == []
