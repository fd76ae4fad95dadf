"""Servers by the hundred: processes of `fairhold`, forked from one that has loaded the program and done nothing else.

A server that is started anew takes seconds to load; one that is forked is the same program in a process of its own, and dies
like any other. `python -m tests.crash.nursery` reads orders to fork from its standard input and writes process ids.
"""

import gc
import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Mapping, Sequence
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Self

ROOT = Path(__file__).resolve().parents[2]
LOADED = ("fairhold.cli.main", "fairhold.cli.serve", "fairhold.store.routed.store", "fairhold.store.postgres.store")
PATIENCE_SECONDS = 180.0


class Nursery:
    """Starts `fairhold` again and again."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.crash.nursery"],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'src'}"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def start(self, folder: Path, arguments: Sequence[str], settings: Mapping[str, str], before: str = "") -> int:
        """A new process in a session of its own; what it says goes to `said` in the folder.

        `before` names a module that it imports first.
        """
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        wanted = {"folder": str(folder), "arguments": arguments, "settings": settings, "before": before}
        self._process.stdin.write(json.dumps(wanted) + "\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate()


def alive(process: int) -> bool:
    """Whether it runs still: what only waits for somebody to ask how it ended does not.

    A process that was killed is said to have ended when its first thread has; its ports and files are its own until the last.
    """
    try:
        state = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
        threads = len(list(Path(f"/proc/{process}/task").iterdir()))
    except OSError:
        return False
    return state not in ("Z", "X") or threads > 1


def children(process: int) -> list[int]:
    """The processes that it has started."""
    with suppress(OSError):
        return [int(child) for child in Path(f"/proc/{process}/task/{process}/children").read_text().split()]
    return []


def gone(processes: list[int]) -> None:
    """Return once all of them are."""
    until = time.monotonic() + PATIENCE_SECONDS
    while any(alive(process) for process in processes):
        assert time.monotonic() < until, f"{processes} live on"
        time.sleep(0.005)


def answering(url: str, process: int, folder: Path) -> None:
    """Return once it takes commands."""
    until = time.monotonic() + PATIENCE_SECONDS
    while True:
        with suppress(OSError), urllib.request.urlopen(f"{url}/health", timeout=5) as answer:
            if answer.status == 200:
                return
        lives = alive(process) and time.monotonic() < until
        assert lives, (folder / "said").read_text(encoding="utf-8")[-3000:]
        time.sleep(0.01)


def main() -> None:
    """Fork for each line that comes."""
    for module in LOADED:
        import_module(module)
    # Who is interested in how a child ends asks /proc.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    gc.collect()
    gc.freeze()
    for line in sys.stdin:
        process = os.fork()
        if not process:
            _be(json.loads(line))
        sys.stdout.write(f"{process}\n")
        sys.stdout.flush()


def _be(wanted: dict[str, object]) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.setsid()
    folder = str(wanted["folder"])
    os.chdir(folder)
    said = os.open(f"{folder}/said", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for own, standard in ((nothing, 0), (said, 1), (said, 2)):
        os.dup2(own, standard)
    settings, arguments = wanted["settings"], wanted["arguments"]
    assert isinstance(settings, dict)
    assert isinstance(arguments, list)
    os.environ.update(settings)
    code = 1
    try:
        if wanted["before"]:
            import_module(str(wanted["before"]))
        code = import_module("fairhold.cli.main").run(arguments)
    finally:
        os._exit(code)


if __name__ == "__main__":
    main()
