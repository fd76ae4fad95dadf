"""Crashes by the hundred: `python -m tests.crash cuts` prints its figures and fails with them.

`make test` and `make slow` run shares of them. What was measured, and with which of these commands, stands in
docs/reliability.md.
"""

import argparse
import secrets
import sys
import time

from tests.crash import power


def main() -> int:
    """Run what the command line names; 1 where a promise was broken, or where a control did not fail."""
    parser = argparse.ArgumentParser(prog="python -m tests.crash", description=__doc__)
    kinds = parser.add_subparsers(dest="kind", required=True)
    cuts = kinds.add_parser("cuts", help="power cuts on SQLite")
    cuts.add_argument("--cuts", type=int, default=5000)
    cuts.add_argument("--seed", default=None, help="where to begin; printed")
    cuts.add_argument("--control", action="store_true", help="with synchronous=NORMAL, which must break promises")
    asked = parser.parse_args(sys.argv[1:] or ["cuts"])
    return cut_power(asked.cuts, asked.seed or secrets.token_hex(4), control=asked.control)


def cut_power(cuts: int, seed: str, *, control: bool) -> int:
    """Cut the power so often; the control must lose something."""
    print(f"seed {seed}{', synchronous=NORMAL' if control else ''}", flush=True)
    seen, began, told = power.Seen(), time.monotonic(), 0.0
    for number, cut in enumerate(power.lives(seed, cuts, seen, {"synchronous": "NORMAL"} if control else {})):
        for wrong in cut[:3]:
            print(wrong, flush=True)
        if time.monotonic() - told > 60:
            told = time.monotonic()
            print(f"{told - began:.0f} s, life {number}: {seen}", flush=True)
    print(f"{time.monotonic() - began:.0f} s: {seen}")
    return int(bool(seen.broken_cuts) != control)


if __name__ == "__main__":
    sys.exit(main())
