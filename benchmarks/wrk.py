"""wrk, the load generator: one thread that sends requests built beforehand, and costs a few microseconds for each.

It is a Debian package. Run as root, `ready` installs it; otherwise it says what to type.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

SCRIPTS = Path(__file__).resolve().parent / "lua"
PACKAGE = "wrk"
COMMAND = f"apt-get install -y --no-install-recommends {PACKAGE}"


class Measured(NamedTuple):
    """What wrk saw. `requests` were answered, `sent` given out, `completed` lives lived; latencies are in microseconds.

    `client_seconds` is processor time of wrk, without what it took to build the requests beforehand.
    """

    requests: int
    microseconds: int
    refused: int
    broken: int
    p50: int
    p99: int
    worst: int
    sent: int
    completed: int
    exhausted: bool
    client_seconds: float

    @property
    def per_second(self) -> float:
        """Answers a second."""
        return self.requests * 1e6 / self.microseconds

    def assert_good(self, *, at_least: int = 1) -> "Measured":
        """Every answer was a success, no connection broke, there was enough to ask, and so much was answered."""
        assert not self.refused, f"{self.refused} of {self.requests} requests were refused"
        assert not self.broken, f"{self.broken} connections failed or timed out"
        assert not self.exhausted, "there were too few orders to work on"
        assert self.requests >= at_least, "nothing was answered"
        return self


class Load:
    """wrk at work. `result` waits for its end."""

    def __init__(self, script: str, url: str, connections: int, seconds: int, arguments: tuple[str, ...]) -> None:
        command = ["wrk", "-t", "1", "-c", str(connections), "-d", f"{seconds}s", "--timeout", "30s"]
        self._process = subprocess.Popen(
            [*command, "-s", str(SCRIPTS / f"{script}.lua"), url, "--", *arguments],
            env={**os.environ, "LUA_PATH": f"{SCRIPTS}/?.lua;;"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def result(self) -> Measured:
        """What came of it."""
        assert self._process.stdout is not None
        said = self._process.stdout.read()
        self._process.stdout.close()
        self._process.wait()
        found = [line for line in said.splitlines() if line.startswith("JSON ")]
        assert found, said
        return Measured(**json.loads(found[0].removeprefix("JSON ")))


def load(script: str, url: str, connections: int, seconds: int, *arguments: str) -> Measured:
    """Ask for so many seconds through so many connections that stay open."""
    return Load(script, url, connections, seconds, arguments).result()


def ready() -> str:
    """An empty string once wrk is there, otherwise what to type."""
    if shutil.which("wrk"):
        return ""
    if os.geteuid() == 0 and shutil.which("apt-get"):
        print(f"wrk: installing {PACKAGE}", flush=True)
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for command in ("apt-get update", COMMAND):
            done = subprocess.run(command.split(), env=quiet, capture_output=True, text=True, check=False)
            if done.returncode:
                print(f"wrk: `{command}` failed\n{done.stdout}{done.stderr}", file=sys.stderr)
                break
        if shutil.which("wrk"):
            return ""
    return f"wrk: the load over HTTP is made by Debian's wrk. Type:\n\n    sudo {COMMAND}\n"


if __name__ == "__main__":
    sys.exit(ready() or 0)
