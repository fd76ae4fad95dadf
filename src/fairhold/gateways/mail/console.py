"""Letters on standard error, for whoever develops: the plain text with its first headers."""

import sys
from collections.abc import Iterator, Sequence
from typing import TextIO

from fairhold.engine.ports.mail import Fate, Outgoing, Sent


class Console:
    """Shows each letter and calls it sent. No log: a log is kept, and holds no personal data."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream

    def send(self, letters: Sequence[Outgoing]) -> Iterator[Fate]:
        """What became of each."""
        stream = self._stream or sys.stderr
        for letter in letters:
            print(f"--- To: {letter.to}\nSubject: {letter.written.subject}\n", file=stream)
            print(letter.written.text, "---", sep="\n", file=stream, flush=True)
            yield Sent()
