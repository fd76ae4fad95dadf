"""`fairhold serve` as people start it, in a process of its own."""

import json
import os
import re
import selectors
import subprocess
import sys
import time
import urllib.error
import urllib.request
from types import TracebackType
from typing import Self

from benchmarks.processor import resident_megabytes, with_children

ROLES = "buyer,seller,operator"
PATIENCE_SECONDS = 60


class NotAvailable(Exception):
    """The server refuses to run like this; the message is its own."""


class Server:
    """A server on the database at `url` with so many workers. A `with` ends it."""

    def __init__(self, url: str, *, workers: int = 1, **settings: str) -> None:
        self._environment = {**environment(url), **settings}
        arguments = ["serve", "--port", "0", *(["--workers", str(workers)] if workers > 1 else [])]
        began = time.perf_counter()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "fairhold", *arguments],
            env=self._environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.url = self._address()
        self._await_health()
        self.seconds_to_start = time.perf_counter() - began
        self.key = new_key(self._environment)
        # A running server takes a new key within two seconds.
        time.sleep(2.2)

    def _address(self) -> str:
        assert self._process.stdout is not None
        said = ""
        with selectors.DefaultSelector() as waiting:
            waiting.register(self._process.stdout, selectors.EVENT_READ)
            deadline = time.monotonic() + PATIENCE_SECONDS
            while time.monotonic() < deadline:
                if not waiting.select(1):
                    continue
                line = self._process.stdout.readline()
                said += line
                found = re.search(r"http://\S+:\d+", line)
                if found is not None:
                    return found[0]
                if not line:
                    break
        self._process.kill()
        self._process.wait()
        self._process.stdout.close()
        raise NotAvailable(" ".join(said.split()))

    def _await_health(self) -> None:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            try:
                with urllib.request.urlopen(f"{self.url}/health", timeout=5) as answer:  # noqa: S310 - our own server
                    if answer.status == 200:
                        return
            except (urllib.error.URLError, ConnectionError):
                time.sleep(0.01)
        raise NotAvailable("the server does not become healthy")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self.finish()
        else:
            self.stop()

    def finish(self) -> None:
        """End it; it must have had nothing to complain about."""
        said = self.stop()
        assert not re.search(r"Traceback|critical|error", said, re.IGNORECASE), f"the server said:\n{said}"
        assert self._process.returncode == 0, f"the server ended with {self._process.returncode}:\n{said}"

    def stop(self) -> str:
        """End it; what it said."""
        assert self._process.stdout is not None
        if self._process.stdout.closed:
            return ""
        self._process.terminate()
        try:
            self._process.wait(40)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        said = self._process.stdout.read()
        self._process.stdout.close()
        return said

    def processor_seconds(self) -> float:
        """Processor seconds of all its processes so far."""
        return with_children(self._process.pid)

    def resident_megabytes(self) -> float:
        """The memory that it holds now."""
        return resident_megabytes(self._process.pid)


def environment(url: str) -> dict[str, str]:
    """Variables of a server in the sandbox on this database, and no other settings."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("FAIRHOLD_")}
    return {**kept, "FAIRHOLD_DATABASE": url, "FAIRHOLD_SANDBOX": "1", "PYTHONUNBUFFERED": "1"}


def new_key(environment: dict[str, str]) -> str:
    """An API key as `fairhold keys` makes it: hashed in the database, for buyers, sellers and the operator."""
    command = [sys.executable, "-m", "fairhold", "keys", "create", "--roles", ROLES, "--scopes", "tracking", "--json"]
    said = subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout
    key: str = json.loads(said)["key"]
    return key
