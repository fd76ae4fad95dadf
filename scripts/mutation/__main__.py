"""`python -m scripts.mutation`: plant every fault, or a random sample of them, and say which no test noticed."""

import argparse
import hashlib
import os
import random
import sys
import time
from collections import Counter
from pathlib import Path

import hypothesis  # noqa: F401 - each child has it already
import msgspec  # noqa: F401
import psycopg  # noqa: F401
import pytest

from scripts.mutation.anew import Anew
from scripts.mutation.bench import Bench
from scripts.mutation.children import TESTS, Verdict, options
from scripts.mutation.faults import ROOT, Fault, all_faults


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m scripts.mutation", description=__doc__)
    parser.add_argument("--sample", type=int, help="so many at random; all when left out")
    parser.add_argument("--seed", type=int, default=None, help="which sample")
    parser.add_argument("--only", default="", help="files whose path begins so")
    parser.add_argument("--minutes", type=float, help="stop after this time; what was done is a random sample")
    parser.add_argument("--tests", nargs="+", default=list(TESTS), help="the tests that have to notice")
    parser.add_argument("--again", type=Path, help="only what was not noticed by this log of an earlier run")
    parser.add_argument("--log", type=Path, help="write each verdict here, and go on where it ends")
    return parser.parse_args()


def _state_of(tests: list[str]) -> str:
    """What the lines that tests come by depend on."""
    paths = sorted(path for folder in ("src", "tests") for path in (ROOT / folder).rglob("*.py"))
    read = [" ".join(tests).encode(), *(path.read_bytes() for path in paths)]
    return hashlib.sha256(b"".join(read)).hexdigest()[:16]


class _Report:
    """Counts verdicts and names what was not noticed."""

    def __init__(self, whole: int, log: Path | None) -> None:
        self.whole, self.log, self.begun = whole, log, time.monotonic()
        self.outcomes: Counter[str] = Counter()
        self.living: list[Fault] = []

    def tell(self, fault: Fault, verdict: Verdict) -> None:
        self.outcomes[verdict.outcome] += 1
        if self.log:
            with self.log.open("a", encoding="utf-8") as log:
                log.write(f"{verdict.outcome}\t{verdict.seconds:.1f}\t{fault.name}\t{verdict.by}\n")
        if verdict.outcome in ("survived", "not reached"):
            self.living.append(fault)
            print(f"{verdict.outcome}: {fault.name}", flush=True)

    def say(self) -> bool:
        done = sum(self.outcomes.values())
        noticed = self.outcomes["killed"] + self.outcomes["timed out"]
        told = ", ".join(f"{number} {outcome}" for outcome, number in self.outcomes.most_common())
        print(f"{done} of {self.whole} faults planted in {time.monotonic() - self.begun:.0f} s: {told}")
        print(f"{noticed / max(done, 1):.1%} were noticed")
        return noticed >= 0.9 * done > 0


def _unnoticed(log: Path) -> set[tuple[str, str]]:
    """Where faults were that no test noticed, and what they were."""
    rows = [line.split("\t") for line in log.read_text(encoding="utf-8").splitlines()]
    return {_place(row[2]) for row in rows if row[0] in ("survived", "not reached")}


def _place(name: str) -> tuple[str, str]:
    """A fault's name without its number, which depends on what else can be planted."""
    place, _, rest = name.partition(" #")
    return place, rest.partition(" ")[2]


def main() -> int:
    """Plant, print, and answer with 0 where at least nine of ten were noticed."""
    asked = _asked()
    os.chdir(ROOT)
    os.environ["CI"] = "1"
    faults = [fault for fault in all_faults() if fault.file.startswith(asked.only)]
    if asked.again:
        faults = [fault for fault in faults if _place(fault.name) in _unnoticed(asked.again)]
    whole = len(faults)
    seed = asked.seed if asked.seed is not None else random.SystemRandom().randrange(1 << 32)
    random.Random(seed).shuffle(faults)  # noqa: S311 - a sample, no secret
    faults = faults[: asked.sample]
    if asked.log and asked.log.exists():
        done = {line.split("\t")[2] for line in asked.log.read_text(encoding="utf-8").splitlines()}
        faults = [fault for fault in faults if fault.name not in done]
    print(f"{len(faults)} of {whole} faults, --seed {seed}", flush=True)
    report, anew = _Report(whole, asked.log), Anew()

    def told(fault: Fault, verdict: Verdict) -> bool:
        report.tell(fault, verdict)
        return not asked.minutes or time.monotonic() - report.begun < 60 * asked.minutes

    kept = ROOT / ".mutation" / f"{_state_of(asked.tests)}.json"
    bench = Bench(faults, told, kept, anew)
    pytest.main(options(asked.tests), plugins=[bench])
    anew.close()
    return 0 if report.say() else 1


if __name__ == "__main__":
    sys.exit(main())
