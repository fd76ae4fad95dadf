"""The letters that a server writes into a folder, as the people they are to read them."""

import email
import re
import time
from email import policy
from pathlib import Path

PATIENCE_SECONDS = 60.0


class Mailbox:
    """The letters that a server puts into a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._read: set[Path] = set()

    def link(self) -> str:
        """The link of the next letter."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            for path in sorted(set(self._folder.rglob("*.eml")) - self._read):
                self._read.add(path)
                letter = email.message_from_bytes(path.read_bytes(), policy=policy.default)
                body = letter.get_body(("plain",))
                found = re.search(r"http://\S+token=\S+", body.get_content()) if body else None
                if found:
                    return found[0]
            time.sleep(0.1)
        raise AssertionError("no letter came")
