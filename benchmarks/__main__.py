"""`make bench`: measures everything in one run, prints one table of ratios and keeps a line of it in `benchmarks/results`.

make bench                                  the usual run, about twenty minutes on two cores
make bench BENCH="--only http,sweep"        some cases
make bench BENCH=--quick                    a first impression in a few minutes
make bench BENCH=--full                     with ten million orders; takes hours and much room
"""

import argparse
import signal
import sys
from collections.abc import Callable
from pathlib import Path

from benchmarks import (
    django_confirm,
    footprint,
    growth,
    http_life,
    http_receipt,
    in_process,
    machine,
    peers_environment,
    reading,
    report,
    reviews,
    sizes,
    sqlite_batches,
    sweep,
    timers,
    wrk,
)
from benchmarks.bench import Bench
from benchmarks.postgres import NotOnDisk, Postgres
from fairhold.engine.installation.logs import configure_logs
from fairhold.engine.installation.settings import Settings

CASES: dict[str, Callable[[Bench], None]] = {
    http_receipt.NAME: http_receipt.run,
    in_process.NAME: in_process.run,
    sqlite_batches.NAME: sqlite_batches.run,
    sweep.NAME: sweep.run,
    http_life.NAME: http_life.run,
    reading.NAME: reading.run,
    reviews.NAME: reviews.run,
    growth.NAME: growth.run,
    footprint.NAME: footprint.run,
    django_confirm.NAME: django_confirm.run,
    timers.NAME: timers.run,
}
SIZES = {"tiny": sizes.TINY, "quick": sizes.QUICK, "default": sizes.DEFAULT, "full": sizes.FULL}
RESULTS = Path(__file__).resolve().parent / "results"


def main(arguments: list[str] | None = None) -> int:
    """Run the cases that the arguments name; the exit code."""
    told = read(arguments)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    missing = wrk.ready()
    if not missing and not peers_environment.ready() and {django_confirm.NAME, timers.NAME} & set(told.only):
        missing = "bench: .venv-bench is missing; type: python3 scripts/setup.py bench"
    if missing:
        print(missing, file=sys.stderr)
        return 1
    configure_logs(Settings(log_level="error"))
    chosen = SIZES[told.size]
    try:
        with Postgres(told.folder) as postgres:
            bench = Bench(postgres, chosen)
            began = machine.facts(postgres)
            try:
                for name in told.only:
                    bench.say(f"{name}: {(sys.modules[CASES[name].__module__].__doc__ or '').splitlines()[0]}")
                    CASES[name](bench)
                bench.finish()
            finally:
                bench.close()
            ended = machine.finish(began, postgres)
    except NotOnDisk as problem:
        print(f"bench: {problem}", file=sys.stderr)
        return 1
    print(f"\n{report.table(bench.rows)}\n\n{machine.told(ended)}")
    print(f"kept in {report.keep(told.results, chosen.kind, ended, chosen._asdict(), bench.rows)}")
    return 0


def read(arguments: list[str] | None) -> argparse.Namespace:
    """What is to be run."""
    parser = argparse.ArgumentParser("make bench", description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--only", type=named, default=list(CASES), help=f"cases, by commas: {', '.join(CASES)}")
    for size in SIZES:
        parser.add_argument(f"--{size}", dest="size", action="store_const", const=size, help=f"the {size} sizes")
    parser.add_argument(
        "--folder",
        type=Path,
        default=Path("/var/tmp"),  # noqa: S108 - its own folder is made below it
        help="where the data lie: on a disk",
    )
    parser.add_argument("--results", type=Path, default=RESULTS, help="the folder of the kept lines")
    parser.set_defaults(size="default")
    return parser.parse_args(arguments)


def named(text: str) -> list[str]:
    """The cases that a list names."""
    wanted = [part.strip() for part in text.split(",") if part.strip()]
    unknown = [part for part in wanted if part not in CASES]
    if unknown or not wanted:
        raise argparse.ArgumentTypeError(f"there are the cases {', '.join(CASES)}, not {', '.join(unknown) or 'none'}")
    return wanted


if __name__ == "__main__":
    sys.exit(main())
