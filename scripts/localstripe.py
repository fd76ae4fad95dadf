"""Another fake of Stripe, `localstripe`, in an environment of its own: it is under the GPL, and nothing of ours imports it.

It is published as a source archive only, so that it is built where it is installed; versions and hashes are pinned.
"""

import fcntl
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PLACE = ROOT / ".localstripe"
LOCK = ROOT / "requirements-localstripe.lock"
PROGRAM = PLACE / "bin" / "localstripe"


def ready() -> Path:
    """The program, installed where it is not there or of another version. Raises CalledProcessError."""
    mark = PLACE / LOCK.name
    with (ROOT / ".localstripe.lock").open("w") as turn:
        # Tests of one run are many processes.
        fcntl.flock(turn, fcntl.LOCK_EX)
        if not mark.exists() or mark.read_bytes() != LOCK.read_bytes():
            print("== localstripe: installing it into .localstripe", flush=True)
            venv.create(PLACE, with_pip=True, clear=True)
            command: list[str | Path] = [PLACE / "bin" / "python", "-m", "pip", "install", "-qq", "--no-input"]
            subprocess.run([*command, "--disable-pip-version-check", "--require-hashes", "-r", LOCK], check=True)
            mark.write_bytes(LOCK.read_bytes())
    return PROGRAM


if __name__ == "__main__":
    ready()
    sys.exit(0)
