"""A letter as an Internet message (RFC 5322): both parts, the mark, and the headers that mail programs look for.

Built with the standard library's older classes: the newer ones of Python 3.11 lose spaces where they fold a long header
that is not ASCII.
"""

import base64
import hashlib
from datetime import UTC, datetime, timedelta
from email.mime.image import MIMEImage
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.policy import compat32
from email.utils import format_datetime, formataddr
from functools import cache
from importlib.resources import files

from fairhold.domain.instants import SECOND
from fairhold.engine.ports.mail import Outgoing
from fairhold.engine.ports.mail_addresses import on_the_wire

MARK = "mark@fairhold"
"""The `Content-ID` of the mark: it travels with the letter, so that no mail program asks anybody for it."""
_OF_A_WORD = 42
"""Bytes that one encoded word holds: the first then stands on one line with the name of its header."""
_WIRE = compat32.clone(linesep="\r\n")


class Sender:
    """Whose letters these are: `Fairhold <no-reply@example.org>`."""

    def __init__(self, name: str, address: str) -> None:
        self.address = on_the_wire(address)
        self.domain = self.address.rpartition("@")[2]
        self.header = formataddr((_encoded(name, "From"), self.address))


def message_of(sender: Sender, letter: Outgoing) -> bytes:
    """The message. Raises ValueError where a header would not be one line."""
    message = MIMEMultipart("alternative", policy=_WIRE)
    message["From"] = sender.header
    message["To"] = on_the_wire(letter.to)
    message["Subject"] = _encoded(letter.written.subject, "Subject")
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=letter.at // SECOND)
    message["Date"] = format_datetime(moment)
    # The same at every attempt: whoever gets the letter twice shows it once.
    message["Message-ID"] = f"<{hashlib.sha256(letter.key.encode()).hexdigest()[:32]}@{sender.domain}>"
    message["Content-Language"] = letter.language
    message["Auto-Submitted"] = "auto-generated"
    if letter.written.unsubscribe is not None:
        message["List-Unsubscribe"] = f"<{letter.written.unsubscribe}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.attach(MIMEText(letter.written.text, "plain", "utf-8"))
    page = MIMEMultipart("related")
    page.attach(MIMEText(letter.written.html, "html", "utf-8"))
    mark = MIMEImage(_mark(), "png")
    mark["Content-ID"] = f"<{MARK}>"
    mark.add_header("Content-Disposition", "inline", filename="mark.png")
    page.attach(mark)
    message.attach(page)
    return message.as_bytes(policy=_WIRE)


def _encoded(text: str, header: str) -> str:
    """A text as a header holds it (RFC 2047): words of at most 75 characters, none of which ends inside a character."""
    plain = text.replace("\u00a0", " ")
    if not plain.isprintable():
        raise ValueError(f"{header} is more than one line")
    if plain.isascii():
        return plain
    words, word = [], b""
    for character in plain:
        added = character.encode()
        if len(word) + len(added) > _OF_A_WORD:
            words.append(word)
            word = b""
        word += added
    return " ".join(f"=?utf-8?b?{base64.b64encode(one).decode()}?=" for one in (*words, word))


@cache
def _mark() -> bytes:
    return files("fairhold.gateways.mail").joinpath("mark.png").read_bytes()
