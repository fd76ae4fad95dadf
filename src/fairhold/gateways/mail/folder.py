"""Letters as files in a folder, one `.eml` each: any mail program opens them."""

import hashlib
import os
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from fairhold.domain.instants import SECOND
from fairhold.engine.ports.mail import Fate, Outgoing, Refused, Sent, TryLater
from fairhold.gateways.mail.message import Sender, message_of


class Folder:
    """Puts letters into `path`, which is made with the first. Names sort by time; the same letter has the same name."""

    def __init__(self, path: str, sender: Sender) -> None:
        self._path = Path(path)
        self._sender = sender

    def send(self, letters: Sequence[Outgoing]) -> Iterator[Fate]:
        """What became of each."""
        for letter in letters:
            try:
                self._put(letter)
            except ValueError as error:
                yield Refused(f"no message: {error}", address=False)
            except OSError as error:
                yield TryLater(error.strerror or type(error).__name__)
            else:
                yield Sent()

    def _put(self, letter: Outgoing) -> None:
        self._path.mkdir(parents=True, exist_ok=True)
        moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=letter.at // SECOND)
        name = f"{moment:%Y%m%dT%H%M%SZ}-{hashlib.sha256(letter.key.encode()).hexdigest()[:16]}.eml"
        # Whoever looks into the folder meets whole letters only.
        begun = self._path / f".{name}.{os.getpid()}"
        begun.write_bytes(message_of(self._sender, letter))
        begun.rename(self._path / name)
