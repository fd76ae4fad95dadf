"""The letters of a folder read again, for the sandbox's page that shows what was sent."""

import email
import re
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

from fairhold.domain.instants import SECOND, Instant
from fairhold.engine.ports.mail import SentLetter
from fairhold.gateways.mail.message import MARK

_NAME = re.compile(r"\d{8}T\d{6}Z-[0-9a-f]{16}", re.ASCII)


class SentFolder:
    """The letters in `path`, as `Folder` puts them there. Both methods are safe from any thread."""

    def __init__(self, path: str) -> None:
        self._path = Path(path)

    def newest(self, limit: int) -> list[SentLetter]:
        """The latest letters, newest first."""
        if not self._path.is_dir():
            return []
        names = sorted((path.stem for path in self._path.glob("*.eml") if _NAME.fullmatch(path.stem)), reverse=True)
        return [letter for name in names[:limit] if (letter := self.letter(name)) is not None]

    def letter(self, name: str) -> SentLetter | None:
        """The letter of that name."""
        path = self._path / f"{name}.eml"
        if not _NAME.fullmatch(name) or not path.is_file():
            return None
        message = email.message_from_bytes(path.read_bytes(), EmailMessage, policy=default)
        sent = message["Date"].datetime
        return SentLetter(
            name=name,
            to=str(message["To"]),
            subject=str(message["Subject"]),
            at=Instant(int(sent.timestamp()) * SECOND),
            text=_body(message, "plain"),
            html=_body(message, "html").replace(f"cid:{MARK}", _mark(message)),
        )


def _body(message: EmailMessage, kind: str) -> str:
    found = message.get_body((kind,))
    return "" if found is None else str(found.get_content())


def _mark(message: EmailMessage) -> str:
    """The picture that travels with the letter, as an address that asks nobody for it."""
    for part in message.walk():
        if part.get_content_type() == "image/png":
            encoded = str(part.get_payload()).replace("\r", "").replace("\n", "")
            return f"data:image/png;base64,{encoded}"
    return ""
