#!/usr/bin/env python3
"""Make `.venv` and put into it what a lock file names; do nothing when that has been done already.

    python3 scripts/setup.py run    what the program needs (requirements.lock)
    python3 scripts/setup.py dev    that, and what its tests need (requirements-dev.lock)
    python3 scripts/setup.py bench  what it is measured against (requirements-bench.lock), into .venv-bench

Needs Python 3.11 or newer with its venv module and nothing else. Every file is checked against the hash in the lock.
Two of these at once are safe: the second waits for the first. The environment is made anew when it was made by another
Python or in another folder.
"""

import fcntl
import hashlib
import importlib.util
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCKS = {
    "run": ROOT / "requirements.lock",
    "dev": ROOT / "requirements-dev.lock",
    "bench": ROOT / "requirements-bench.lock",
}
OLDEST = (3, 11)


def main(arguments: list[str]) -> int:
    """Bring the environment to the wanted extent; return the exit code."""
    if len(arguments) != 1 or arguments[0] not in LOCKS:
        print(__doc__)
        return 2
    problem = missing()
    if problem:
        print(problem, file=sys.stderr)
        return 1
    with (ROOT / ".venv.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        try:
            bring_up_to_date(arguments[0])
        except subprocess.CalledProcessError as error:
            print(f"setup: `{' '.join(map(str, error.cmd))}` failed, see above", file=sys.stderr)
            return 1
    return 0


def missing() -> str:
    """What this machine lacks and the one command that brings it, or an empty string."""
    if sys.version_info < OLDEST:
        return f"setup: Python {'.'.join(map(str, OLDEST))} or newer is needed, this is {sys.version.split()[0]}"
    if importlib.util.find_spec("venv") is None or importlib.util.find_spec("ensurepip") is None:
        return "setup: Python's venv module is missing; type: apt-get install -y python3-venv"
    return ""


def bring_up_to_date(extent: str) -> None:
    """Install whatever the environment's stamps say is missing; the caller holds the lock."""
    began = time.monotonic()
    environment = ROOT / (".venv-bench" if extent == "bench" else ".venv")
    python = environment / "bin" / "python"
    made_for = f"{sys.version} {ROOT}"
    if read(environment / "made-for") != made_for or not python.exists():
        print(f"setup: making {environment.name} with Python {sys.version.split()[0]}", flush=True)
        shutil.rmtree(environment, ignore_errors=True)
        subprocess.run([sys.executable, "-m", "venv", environment], check=True)
        (environment / "made-for").write_text(made_for)
    wanted = fingerprint(extent)
    stamp = environment / f"installed-{extent}"
    if read(stamp) == wanted or (extent == "run" and read(environment / "installed-dev") == fingerprint("dev")):
        return
    lock = LOCKS[extent]
    count = sum("==" in line for line in lock.read_text().splitlines())
    print(f"setup: installing {count} packages from {lock.name}", flush=True)
    pip(python, "--require-hashes", "--only-binary=:all:", "-r", lock)
    if extent != "bench":
        pip(python, "--no-deps", "--no-build-isolation", "--editable", ROOT)
    stamp.write_text(wanted)
    print(f"setup: ready after {time.monotonic() - began:.0f} s", flush=True)


def pip(python: Path, *arguments: "str | Path") -> None:
    """Run `pip install`, quiet unless something goes wrong."""
    command: list[str | Path] = [python, "-m", "pip", "install", "-qq", "--disable-pip-version-check", "--no-input"]
    subprocess.run([*command, *arguments], check=True)


def fingerprint(extent: str) -> str:
    """A digest of everything that an installation of this extent depends on."""
    digest = hashlib.sha256()
    for path in (LOCKS[extent], ROOT / "pyproject.toml"):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def read(path: Path) -> str:
    """The file's text, or an empty string when there is no such file."""
    return path.read_text() if path.exists() else ""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
