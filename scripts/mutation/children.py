"""One mutant meets its tests in a forked child, which ends with it."""

import os
import resource
import select
import signal
import time
from collections.abc import Callable, Sequence
from typing import NamedTuple

import pytest

TESTS = ("tests/unit/domain", "tests/unit/ledger", "tests/golden", "tests/docs/test_reference.py")
MEMORY = 3 << 30
"""Bytes that a child may have: a mutant may gather things without end."""
PATIENCE = 4.0
"""A child may take this many times what its tests take without a fault, and `GRACE` seconds."""
GRACE = 20.0


class Verdict(NamedTuple):
    """What became of one mutant: `killed` (by which test), `survived`, `timed out`, `not reached`."""

    outcome: str
    by: str = ""
    seconds: float = 0.0


def options(tests: Sequence[str]) -> list[str]:
    """How pytest is called: one process, nothing kept, nothing said."""
    quiet = ("-o", "addopts=", "-p", "no:cacheprovider", "-p", "no:terminal")
    return [*tests, "--import-mode=importlib", "-n0", "-x", "-m", "not slow", *_TOLERATED, *quiet]


_TOLERATED = ("-W", "ignore::pytest.PytestAssertRewriteWarning")
"""Modules that are imported before pytest is asked, so that no child has to."""


def gently() -> None:
    """Few examples, the same each time: hypothesis is one tester of many here, and a mutant is met by all of them."""
    from hypothesis import HealthCheck, settings  # noqa: PLC0415 - the tests' profile is loaded by then

    settings.register_profile(
        "mutants", deadline=None, derandomize=True, max_examples=25, database=None, suppress_health_check=[*HealthCheck]
    )
    settings.load_profile("mutants")


class _Failed:
    """Stops at the first failure, and knows its name."""

    def __init__(self) -> None:
        self.name = ""

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Pytest's: a test has ended."""
        if report.failed and not self.name:
            self.name = report.nodeid


def run_items(session: pytest.Session, items: Sequence[pytest.Item]) -> str:
    """The name of the first test that fails, or nothing."""
    failed = _Failed()
    session.config.pluginmanager.register(failed)
    for position, item in enumerate(items):
        following = items[position + 1] if position + 1 < len(items) else None
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        if failed.name:
            break
    return failed.name


def in_child(work: Callable[[], str], seconds: float) -> Verdict:
    """What `work` says in a forked child: the test that failed. A child that dies or raises has noticed, too."""
    begun, (reading, writing) = time.monotonic(), os.pipe()
    child = os.fork()
    if not child:
        os.close(reading)
        os.setsid()
        quiet = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(quiet, stream)
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        failed = "raised"
        try:
            failed = work()
        finally:
            os.write(writing, b"=" + failed.encode()[:4000])
            os._exit(0)
    os.close(writing)
    said = b""
    ready, _, _ = select.select([reading], [], [], seconds)
    if ready:
        said = os.read(reading, 4096)
    os.close(reading)
    os.killpg(child, signal.SIGKILL) if _is_leader(child) else os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    taken = time.monotonic() - begun
    if not ready:
        return Verdict("timed out", "", taken)
    if said == b"=":
        return Verdict("survived", "", taken)
    return Verdict("killed", said[1:].decode() or "the child died", taken)


def _is_leader(child: int) -> bool:
    try:
        return os.getpgid(child) == child
    except ProcessLookupError:
        return False
