#!/usr/bin/env python3
"""Pin the newest versions that pyproject.toml allows into the two lock files, with the hashes of every platform.

uv resolves for Python 3.11 and newer on every platform at once; it is installed into a throw-away environment.
"""

import subprocess
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RESOLVE = ("pip", "compile", "--quiet", "--universal", "--python-version", "3.11", "--generate-hashes", "--no-annotate")
HEADER = ("--custom-compile-command", "make lock")


def main() -> None:
    """Write requirements.lock, then requirements-dev.lock with the same versions in it."""
    with tempfile.TemporaryDirectory() as folder:
        venv.create(folder, with_pip=True)
        programs = Path(folder) / "bin"
        subprocess.run([programs / "python", "-m", "pip", "install", "-qq", "uv"], check=True)
        for lock, extra in (
            ("requirements.lock", ("--upgrade", "--group", "build")),
            ("requirements-dev.lock", ("--upgrade", "--group", "build", "--group", "dev", "-c", "requirements.lock")),
        ):
            command = [programs / "uv", *RESOLVE, *HEADER, *extra, "pyproject.toml", "-o", lock]
            subprocess.run(command, cwd=ROOT, check=True)


if __name__ == "__main__":
    main()
