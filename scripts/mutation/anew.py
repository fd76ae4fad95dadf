"""Mutants whose fault lies at the level of a module: it is imported with the fault, and so is everything that reads from it."""

import json
import os
from collections.abc import Sequence

import pytest

from scripts.mutation.children import Verdict, gently, in_child, options
from scripts.mutation.faults import Fault
from scripts.mutation.planting import put_before_import


class Anew:
    """A process in which nothing of the product is imported yet: its children import it with the fault in it."""

    def __init__(self) -> None:
        self._asking, self._answering = os.pipe(), os.pipe()
        self._process = os.fork()
        if not self._process:
            os.close(self._asking[1])
            self._serve()
            os._exit(0)
        os.close(self._asking[0])

    def _serve(self) -> None:
        with os.fdopen(self._asking[0], encoding="utf-8") as asked:
            for line in asked:
                fault, names, seconds = json.loads(line)
                file, number, at, extent, function, what = fault
                given = Fault(file, number, at, tuple(extent), function, what)
                verdict = in_child(lambda given=given, names=names: _from_the_start(given, names), seconds)  # type: ignore[misc]  # bound at once
                os.write(self._answering[1], json.dumps(verdict).encode() + b"\n")

    def meet(self, fault: Fault, names: Sequence[str], seconds: float) -> Verdict:
        """Let these tests meet a module that was imported with the fault."""
        os.write(self._asking[1], json.dumps([fault, names, seconds]).encode() + b"\n")
        said = b""
        while not said.endswith(b"\n"):
            said += os.read(self._answering[0], 65536)
        return Verdict(*json.loads(said))

    def close(self) -> None:
        """End the process."""
        os.close(self._asking[1])
        os.waitpid(self._process, 0)


class _Chosen:
    """Of what is collected only these, in this order."""

    def __init__(self, names: Sequence[str]) -> None:
        self._rank = {name: rank for rank, name in enumerate(names)}
        self.failed = ""

    def pytest_collection(self) -> None:
        """Pytest's: the tests are about to be imported."""
        gently()

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Pytest's: leave only what was chosen."""
        items[:] = sorted((one for one in items if one.nodeid in self._rank), key=lambda one: self._rank[one.nodeid])

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Pytest's: a test has ended."""
        if report.failed and not self.failed:
            self.failed = report.nodeid


def _from_the_start(fault: Fault, names: Sequence[str]) -> str:
    put_before_import(fault)
    chosen = _Chosen(names)
    code = pytest.main(options(sorted({name.partition("::")[0] for name in names})), plugins=[chosen])
    return chosen.failed or ("" if code == pytest.ExitCode.OK else "it cannot be imported")
