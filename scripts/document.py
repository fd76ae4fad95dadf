"""Write the generated pages of `docs/reference` from the code: `python -m scripts.document`.

With `--check` nothing is written, and the exit status is 1 where a page is not up to date.
"""

import sys
from collections.abc import Callable
from pathlib import Path

from scripts.reference import (
    commands,
    deadlines,
    diagram,
    disputes,
    glossary,
    ledger,
    policy,
    reasons,
    reviews,
    states,
    webhooks,
)

FOLDER = Path(__file__).parent.parent / "docs" / "reference"
PAGES: dict[str, Callable[[], str]] = {
    "reasons.md": reasons.page,
    "deadlines.md": deadlines.page,
    "states.md": states.page,
    "states.svg": diagram.picture,
    "disputes.md": disputes.page,
    "reviews.md": reviews.page,
    "webhooks.md": webhooks.page,
    "policy.md": policy.page,
    "ledger.md": ledger.page,
    "glossary.md": glossary.page,
    "cli.md": commands.page,
}


def stale() -> list[str]:
    """The names of the pages that are missing or differ from what the code says today."""
    found = []
    for name, make in PAGES.items():
        path = FOLDER / name
        if not path.exists() or path.read_text(encoding="utf-8") != make():
            found.append(name)
    return found


def main(arguments: list[str]) -> int:
    """Write the pages, or with `--check` name those that are not up to date; return the exit code."""
    old = stale()
    if "--check" in arguments:
        for name in old:
            print(f"docs/reference/{name} is not up to date; type: python -m scripts.document")
        return 1 if old else 0
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name in old:
        (FOLDER / name).write_text(PAGES[name](), encoding="utf-8")
        print(f"docs/reference/{name}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
