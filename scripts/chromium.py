#!/usr/bin/env python3
"""See to it that Debian's Chromium is there for the browser tests, and what they need beside it.

That is a font with Cyrillic letters, and a library that Playwright's driver is linked with and a bare Debian lacks.
Run as root it installs what is missing; otherwise it names the one command to type and fails. Playwright drives this
browser rather than one of its own, which would be a large download from elsewhere.
"""

import ctypes
import os
import shutil
import subprocess
import sys

PACKAGES = ("chromium", "fonts-noto-core", "libatomic1")
COMMAND = f"apt-get install -y --no-install-recommends {' '.join(PACKAGES)}"


def find() -> str | None:
    """The path of the installed Chromium, or None."""
    return shutil.which("chromium") or shutil.which("chromium-browser")


def draws_cyrillic() -> bool:
    """Whether fontconfig knows a font for Russian; without one a page's text is boxes."""
    listed = shutil.which("fc-list")
    if listed is None:
        return False
    return bool(subprocess.run([listed, ":lang=ru", "family"], capture_output=True, check=False).stdout.strip())


def driver_starts() -> bool:
    """Whether the library that Playwright's driver is linked with is there."""
    try:
        ctypes.CDLL("libatomic.so.1")
    except OSError:
        return False
    return True


def ready() -> bool:
    """Whether nothing is missing."""
    return find() is not None and draws_cyrillic() and driver_starts()


def install() -> bool:
    """Install the packages by apt-get; say whether that worked."""
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    print(f"chromium: installing {', '.join(PACKAGES)}", flush=True)
    for command in ("apt-get update", COMMAND):
        done = subprocess.run(command.split(), env=quiet, capture_output=True, text=True, check=False)
        if done.returncode:
            print(f"chromium: `{command}` failed\n{done.stdout}{done.stderr}", file=sys.stderr)
            return False
    return True


def main() -> int:
    """Install what is missing where that is possible; return the exit code."""
    if ready():
        return 0
    may_install = os.geteuid() == 0 and shutil.which("apt-get") is not None
    if may_install and install() and ready():
        return 0
    print(
        "chromium: the browser tests need Debian's Chromium, a font with Cyrillic letters and libatomic. Type:\n\n"
        f"    sudo {COMMAND}\n\n"
        "or leave the browser tests out:  make test BROWSER=no",
        file=sys.stderr,
    )
    return 1


if __name__ == "__main__":
    sys.exit(main())
