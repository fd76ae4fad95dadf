"""`fairhold serve` and `fairhold demo` as processes: they start, answer, refuse what cannot be, and lose nothing."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Type

KEY = "operator-key-of-tests"
ORDER = {
    "buyer": "ann",
    "seller": "shop-7",
    "currency": "RUB",
    "lines": [{"sku": "mug", "title": "Mug", "quantity": 1, "unit_price": 1000}],
}


class Program(subprocess.Popen[str]):
    """`fairhold` as a process. Its complaints go to a file: a pipe that nobody reads stops whoever fills it."""

    def __init__(self, folder: Path, arguments: tuple[str, ...], settings: dict[str, str]) -> None:
        self._complaints = tempfile.TemporaryFile("a+", encoding="utf-8")  # noqa: SIM115 - `end` closes it
        super().__init__(
            [sys.executable, "-m", "fairhold", *arguments],
            cwd=folder,
            env={**os.environ, "FAIRHOLD_OPERATOR_KEY": KEY, **settings},
            stdout=subprocess.PIPE,
            stderr=self._complaints,
            text=True,
        )

    def complaints(self) -> str:
        """What it has written to standard error so far."""
        size = os.fstat(self._complaints.fileno()).st_size
        return os.pread(self._complaints.fileno(), size, 0).decode()

    def end(self) -> None:
        """Kill it if it runs."""
        if self.poll() is None:
            self.kill()
        self.communicate()
        self._complaints.close()


@contextmanager
def program(folder: Path, *arguments: str, **settings: str) -> Iterator[Program]:
    """`fairhold` in `folder`; ended by its process id."""
    process = Program(folder, arguments, settings)
    try:
        yield process
    finally:
        process.end()


def url_of(process: Program) -> str:
    """Where the program says that it serves."""
    assert process.stdout is not None
    for line in process.stdout:
        if "http://" in line:
            return "http://" + line.split("http://")[1].split()[0]
    raise AssertionError(process.complaints())


def ask(url: str, body: Any = None, key: str = "") -> tuple[int, Any]:
    """The status and the answer of a request as the operator."""
    headers = {"Authorization": f"Bearer {KEY}", "Content-Type": "application/json", "Idempotency-Key": key}
    data = None if body is None else json.dumps(body).encode()
    with urllib.request.urlopen(urllib.request.Request(url, data, headers), timeout=60) as answer:
        text = answer.read()
        return answer.status, json.loads(text) if text.startswith(b"{") else text.decode()


def worked(process: int) -> float:
    """The seconds of processors that it has taken so far: on a busy machine it takes longer, and works no more."""
    user, system = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def test_a_server_begins_with_nothing_and_ends_when_told(folder: Path) -> None:
    with program(folder, "serve", "--port", "0", FAIRHOLD_SANDBOX="1") as process:
        url = url_of(process)
        assert ask(f"{url}/health") == (200, {"status": "ok"})
        assert ask(f"{url}/openapi.json")[1]["openapi"].startswith("3.1")
        assert "Fairhold" in ask(f"{url}/")[1]
        status, order = ask(f"{url}/v1/orders", ORDER, "one")
        assert (status, order["status"]) == (201, "awaiting_payment")
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0
        assert process.complaints() == ""
    with program(folder, "audit", "--json") as process:
        out, _ = process.communicate(timeout=60)
        assert json.loads(out) == {"audit": "clean", "orders": 1}


def test_requests_are_logged_on_request_only(folder: Path) -> None:
    with program(folder, "serve", "--port", "0", "--access-log") as process:
        ask(f"{url_of(process)}/health")
        process.send_signal(signal.SIGTERM)
        process.wait(60)
        log = process.complaints()
    assert '"GET /health HTTP/1.1" 200' in log


def test_a_second_server_on_the_same_database_is_refused(folder: Path) -> None:
    with program(folder, "serve", "--port", "0") as first:
        url_of(first)
        with program(folder, "serve", "--port", "0") as second:
            assert second.wait(60) == 2
            complaint = second.complaints()
            assert "is being served by another process" in complaint
            assert "Traceback" not in complaint


def test_the_demo_is_there_in_seconds_and_leaves_nothing_behind(folder: Path) -> None:
    with program(folder, "demo", "--port", "0", TMPDIR=str(folder)) as process:
        url = url_of(process)
        assert worked(process.pid) < 20
        assert ask(f"{url}/health")[0] == 200
        assert len(ask(f"{url}/v1/orders?limit=200")[1]["items"]) > 60
        assert "Анна" in ask(f"{url}/sign-in")[1]
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 0
    assert list(folder.iterdir()) == []


def test_a_demo_goes_on_with_the_database_that_it_is_given(folder: Path) -> None:
    for _ in range(2):
        with program(folder, "demo", "--port", "0", FAIRHOLD_DATABASE="sqlite:///kept.db") as process:
            url_of(process)
            process.send_signal(signal.SIGTERM)
            assert process.wait(60) == 0
    with program(folder, "audit", "--json", FAIRHOLD_DATABASE="sqlite:///kept.db") as process:
        found = json.loads(process.communicate(timeout=60)[0])
    assert found["audit"] == "clean"
    assert 100 < found["orders"] < 200


REFUSED = (
    (("--workers", "4"), "SQLite is written by one process, so 4 workers cannot share"),
    (("--workers", "0"), "would serve nothing"),
    (("--port", "99999"), "99999 is no port"),
    (("--host", "nowhere.invalid"), "Cannot listen on nowhere.invalid"),
    (("--sandbox", "--secret", "short"), "FAIRHOLD_SECRET must have at least 16"),
    (("--queue", "0"), "FAIRHOLD_QUEUE must be a whole number"),
    (("--policy", "kind"), "kind is neither a file nor one of"),
    (("--database", "postgresql://localhost:1/fairhold"), "The database fairhold on localhost:1 cannot be reached"),
    (
        ("--database", "postgresql://localhost:1/fairhold", "--workers", "4"),
        "fairhold on localhost:1 cannot be reached",
    ),
    (("--database", "postgresql://localhost:1/fairhold", "--workers", "400"), "400 is more than 64"),
    (("--database", "postgresql://localhost/a sqlite:///b.db"), "several databases of PostgreSQL only"),
    (("--lanes", "0"), "FAIRHOLD_LANES must be a whole number"),
)


@pytest.mark.parametrize(("flags", "why"), REFUSED, ids=[" ".join(flags) for flags, _ in REFUSED])
def test_what_cannot_be_served_is_refused_in_a_sentence(typed: Type, flags: tuple[str, ...], why: str) -> None:
    done = typed("serve", *flags)
    assert (done.code, done.out) == (2, "")
    assert why in done.err
    assert "Traceback" not in done.err


def test_a_port_that_is_taken_is_named(typed: Type) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = typed("serve", "--port", port)
    assert done.code == 2
    assert f"Cannot listen on 127.0.0.1, port {port}" in done.err
    assert f"--port {port + 1}" in done.err


def test_sandbox_and_live_payment_keys_are_refused_together(typed: Type, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAIRHOLD_STRIPE_KEY", "sk_live_1")
    assert "is a live payment key" in typed("serve", "--sandbox").err
    assert "is a live payment key" in typed("demo", "--port", "0").err
