"""`fairhold serve --workers`: several processes behind one port, as whoever uses that port sees them."""

import http.client
import json
import os
import signal
import subprocess
import threading
import time
import urllib.error
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from prometheus_client.parser import text_string_to_metric_families

from fairhold.domain.ids import lane_of
from fairhold.engine.audit.auditing import audit
from fairhold.store import open_store
from tests.cli.test_serving import KEY, ORDER, ask, program, url_of
from tests.postgres.test_routed import away

pytestmark = [pytest.mark.postgres, pytest.mark.slow]

SECONDS_TO_DIE = 30


def settings(database: str) -> dict[str, str]:
    return {"FAIRHOLD_DATABASE": database, "FAIRHOLD_SANDBOX": "1"}


def workers_of(parent: "subprocess.Popen[str]") -> list[int]:
    children = Path(f"/proc/{parent.pid}/task/{parent.pid}/children").read_text(encoding="ascii")
    return [int(child) for child in children.split()]


def assert_clean(database: str) -> None:
    with closing(open_store(database)) as store:
        assert audit(store) == []


class Shopper(threading.Thread):
    """Places orders over one connection that is kept alive; what was not answered is asked again under the same key."""

    def __init__(self, url: str, name: int, ends: threading.Event) -> None:
        super().__init__()
        self.url, self.number, self.ends = url, name, ends
        self.answered: dict[str, str] = {}
        self.cut = 0

    def run(self) -> None:
        count = 0
        connection = self.connect()
        while not self.ends.is_set():
            key = f"{self.number}-{count}"
            try:
                self.answered[key] = place(connection, key)
                count += 1
            except (OSError, http.client.HTTPException):
                self.cut += 1
                connection.close()
                connection = self.connect()
        connection.close()

    def connect(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection(urlsplit(self.url).netloc, timeout=30)


def place(connection: http.client.HTTPConnection, key: str) -> str:
    headers = {"Authorization": f"Bearer {KEY}", "Content-Type": "application/json", "Idempotency-Key": key}
    connection.request("POST", "/v1/orders", json.dumps(ORDER), headers)
    answer = connection.getresponse()
    body = json.loads(answer.read())
    assert answer.status == 201, body
    order: str = body["id"]
    return order


def test_a_worker_that_is_killed_under_load_loses_nothing_and_another_takes_its_place(
    postgres: str, tmp_path: Path
) -> None:
    with program(tmp_path, "serve", "--port", "0", "--workers", "2", **settings(postgres)) as parent:
        url, ends = url_of(parent), threading.Event()
        shoppers = [Shopper(url, number, ends) for number in range(8)]
        for shopper in shoppers:
            shopper.start()
        before = workers_of(parent)
        assert len(before) == 2
        wait_for(lambda: all(len(shopper.answered) >= 5 for shopper in shoppers))
        os.kill(before[0], signal.SIGKILL)
        at_kill = {shopper: len(shopper.answered) for shopper in shoppers}
        wait_for(lambda: all(len(shopper.answered) >= at_kill[shopper] + 5 for shopper in shoppers))
        wait_for(lambda: len(set(workers_of(parent)) - set(before)) == 1)
        ends.set()
        for shopper in shoppers:
            shopper.join()
        answered = {key: order for shopper in shoppers for key, order in shopper.answered.items()}
        with closing(shoppers[0].connect()) as connection:
            assert {key: place(connection, key) for key in answered} == answered
        parent.send_signal(signal.SIGTERM)
        assert parent.wait(SECONDS_TO_DIE) == 0
        assert "worker died; starting another" in parent.complaints()
    with closing(open_store(postgres)) as store:
        stored = [row.id for row in store.reader().scan_orders(None, 100_000)]
    # One order a key: what was not answered at the kill was placed at most once, and then found again.
    assert sorted(answered.values()) == stored
    assert_clean(postgres)


def wait_for(done: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not done():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_servers_that_start_at_once_on_an_empty_database_share_one_secret(postgres: str, tmp_path: Path) -> None:
    def serve(number: int) -> str:
        with program(tmp_path, "serve", "--port", "0", "--workers", "2", **settings(postgres)) as parent:
            url = url_of(parent)
            assert ask(f"{url}/health") == (200, {"status": "ok"})
            ask(f"{url}/v1/orders", ORDER, f"one of {number}")
            ask(f"{url}/v1/orders", ORDER, f"two of {number}")
            # A cursor is signed with the secret: whoever is asked next must take it.
            cursor: str = ask(f"{url}/v1/orders?limit=1")[1]["next"]
            for _ in range(6):
                assert ask(f"{url}/v1/orders?limit=1&cursor={cursor}")[0] == 200
            parent.send_signal(signal.SIGTERM)
            assert parent.wait(SECONDS_TO_DIE) == 0
        return cursor

    with ThreadPoolExecutor(2) as threads:
        assert len(list(threads.map(serve, range(2)))) == 2
    with psycopg.connect(postgres) as connection:
        assert connection.execute("SELECT count(*) FROM meta WHERE name = 'secret'").fetchone() == (1,)
    assert_clean(postgres)


def test_the_clock_moves_for_all_workers_and_what_was_due_has_happened(postgres: str, tmp_path: Path) -> None:
    with program(tmp_path, "serve", "--port", "0", "--workers", "2", **settings(postgres)) as parent:
        url = url_of(parent)
        orders = [ask(f"{url}/v1/orders", ORDER, f"order {n}")[1]["id"] for n in range(20)]
        began = ask(f"{url}/v1/clock")[1]["now"]
        # Each request comes over a connection of its own, to whichever worker.
        moved = [ask(f"{url}/v1/clock/advance", {"seconds": 172_800}, "two days")[1]["now"] for _ in range(5)]
        assert len(set(moved)) == 1, "a key moves the clock once, whichever worker hears of it again"
        assert moved[0] > began
        with psycopg.connect(postgres) as connection:
            due = connection.execute("SELECT count(*) FROM orders WHERE status <> 'cancelled'").fetchone()
        assert due == (0,), "all of them were to be paid within a day"
        for _ in range(12):
            assert ask(f"{url}/v1/clock")[1]["now"] >= moved[0]
        assert {ask(f"{url}/v1/orders/{order}")[1]["status"] for order in orders} == {"cancelled"}
        told = ask(f"{url}/metrics")[1]
        parent.send_signal(signal.SIGTERM)
        assert parent.wait(SECONDS_TO_DIE) == 0
    families = {family.name: family for family in text_string_to_metric_families(told)}
    assert {sample.labels["worker"] for sample in families["fairhold_worker_up"].samples if sample.value} == {"1", "2"}
    placed = [s for s in families["fairhold_commands"].samples if s.labels.get("command") == "place_order"]
    assert sum(sample.value for sample in placed) == len(orders)
    assert_clean(postgres)


def test_workers_serve_what_lies_in_the_databases_that_answer(new_database: Callable[[], str], tmp_path: Path) -> None:
    two = new_database(), new_database()
    listed = settings(f"{two[0]},{two[1]}")
    with program(tmp_path, "serve", "--port", "0", "--workers", "2", **listed) as parent:
        url = url_of(parent)
        orders = [ask(f"{url}/v1/orders", ORDER, f"order {n}")[1]["id"] for n in range(12)]
        assert {lane_of(order) for order in orders} == {0, 1}

        def answers() -> dict[int, set[int]]:
            found: dict[int, set[int]] = {0: set(), 1: set()}
            for order in orders:
                found[lane_of(order)].add(status(f"{url}/v1/orders/{order}"))
            return found

        assert answers() == {0: {200}, 1: {200}}
        with away(two[1]):
            assert answers() == {0: {200}, 1: {503}}
            assert status(f"{url}/v1/orders") == 503
            with program(tmp_path, "serve", "--port", "0", **listed) as late:
                own = url_of(late)
                assert {status(f"{own}/v1/orders/{order}") for order in orders if lane_of(order) == 0} == {200}
        wait_for(lambda: answers() == {0: {200}, 1: {200}} and status(f"{url}/v1/orders") == 200)
        parent.send_signal(signal.SIGTERM)
        assert parent.wait(SECONDS_TO_DIE) == 0
    assert_clean(listed["FAIRHOLD_DATABASE"])


def status(url: str) -> int:
    try:
        return ask(url)[0]
    except urllib.error.HTTPError as error:
        return error.code


def test_workers_that_cannot_start_end_the_parent_with_what_is_wrong(postgres: str, tmp_path: Path) -> None:
    with program(
        tmp_path, "serve", "--port", "0", "--workers", "2", "--policy", "kind", **settings(postgres)
    ) as parent:
        out, _ = parent.communicate(timeout=60)
        complaint = parent.complaints()
    assert (parent.returncode, out) == (2, "")
    assert "kind is neither a file nor one of" in complaint
    assert "Traceback" not in complaint


def test_workers_do_not_outlive_their_parent(postgres: str, tmp_path: Path) -> None:
    with program(tmp_path, "serve", "--port", "0", "--workers", "2", **settings(postgres)) as parent:
        url_of(parent)
        workers = workers_of(parent)
        parent.kill()
        wait_for(lambda: not any(Path(f"/proc/{worker}").exists() for worker in workers))


def test_a_port_that_other_workers_serve_is_taken(postgres: str, tmp_path: Path) -> None:
    with program(tmp_path, "serve", "--port", "0", "--workers", "2", **settings(postgres)) as first:
        port = str(urlsplit(url_of(first)).port)
        with program(tmp_path, "serve", "--port", port, "--workers", "2", **settings(postgres)) as second:
            assert second.wait(60) == 2
            complaint = second.complaints()
        assert f"Cannot listen on 127.0.0.1, port {port}" in complaint
