#!/usr/bin/env python3
"""Pin the newest versions that pyproject.toml allows into the lock files, with the hashes of every platform.

uv resolves for Python 3.11 and newer on every platform at once; it is installed into a throw-away environment.
"""

import subprocess
import sys
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RESOLVE = ("pip", "compile", "--quiet", "--universal", "--python-version", "3.11", "--generate-hashes", "--no-annotate")
HEADER = ("--custom-compile-command", "make lock")


LOCKS = {
    "requirements.lock": ("--group", "build", "pyproject.toml"),
    "requirements-dev.lock": ("--group", "build", "--group", "dev", "-c", "requirements.lock", "pyproject.toml"),
    # Nothing of Fairhold's own: what it is measured against has an environment to itself.
    "requirements-bench.lock": ("--group", "bench"),
    "requirements-localstripe.lock": ("--group", "localstripe"),
}


def main(names: list[str]) -> None:
    """Write the lock files of these names, by default all: the second with the versions of the first in it."""
    with tempfile.TemporaryDirectory() as folder:
        venv.create(folder, with_pip=True)
        programs = Path(folder) / "bin"
        subprocess.run([programs / "python", "-m", "pip", "install", "-qq", "uv"], check=True)
        for lock in names or LOCKS:
            command: list[str | Path] = [programs / "uv", *RESOLVE, *HEADER, "--upgrade", *LOCKS[lock], "-o", lock]
            subprocess.run(command, cwd=ROOT, check=True)


if __name__ == "__main__":
    main(sys.argv[1:])
