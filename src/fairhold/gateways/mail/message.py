"""A letter as an Internet message (RFC 5322): both parts, the mark, and the headers that mail programs look for."""

import hashlib
from datetime import UTC, datetime, timedelta
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from functools import cache
from importlib.resources import files

from fairhold.domain.instants import SECOND
from fairhold.engine.mail_addresses import on_the_wire
from fairhold.engine.mail_ports import Outgoing

MARK = "mark@fairhold"
"""The `Content-ID` of the mark: it travels with the letter, so that no mail program asks anybody for it."""


class Sender:
    """Whose letters these are: `Fairhold <no-reply@example.org>`."""

    def __init__(self, name: str, address: str) -> None:
        self.address = on_the_wire(address)
        local, _, self.domain = self.address.rpartition("@")
        self.header = Address(name, local, self.domain)


def message_of(sender: Sender, letter: Outgoing) -> EmailMessage:
    """The message. Raises ValueError where a header would not be one line."""
    message = EmailMessage(policy=SMTP)
    message["From"] = sender.header
    message["To"] = on_the_wire(letter.to)
    message["Subject"] = letter.written.subject
    message["Date"] = format_datetime(datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=letter.at // SECOND))
    # The same at every attempt: whoever gets the letter twice shows it once.
    message["Message-ID"] = f"<{hashlib.sha256(letter.key.encode()).hexdigest()[:32]}@{sender.domain}>"
    message["Content-Language"] = letter.language
    message["Auto-Submitted"] = "auto-generated"
    if letter.written.unsubscribe is not None:
        message["List-Unsubscribe"] = f"<{letter.written.unsubscribe}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(letter.written.text)
    message.add_alternative(letter.written.html, subtype="html")
    html = message.get_payload(1)
    assert isinstance(html, EmailMessage)
    html.add_related(_mark(), "image", "png", cid=f"<{MARK}>", disposition="inline", filename="mark.png")
    return message


@cache
def _mark() -> bytes:
    return files("fairhold.gateways.mail").joinpath("mark.png").read_bytes()
