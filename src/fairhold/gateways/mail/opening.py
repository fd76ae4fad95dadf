"""The transport that `FAIRHOLD_MAIL` names."""

from urllib.parse import unquote, urlsplit

from fairhold.engine.ports.mail import Transport
from fairhold.gateways.mail.console import Console
from fairhold.gateways.mail.folder import Folder
from fairhold.gateways.mail.message import Sender
from fairhold.gateways.mail.smtp import Relay, Smtp

FILES = "files:"


def open_transport(place: str, sender: Sender) -> Transport:
    """`console`, `files:folder` or `smtp(s)://user:password@host:port`, as the settings have checked it."""
    if place == "console":
        return Console()
    if place.startswith(FILES):
        return Folder(place.removeprefix(FILES), sender)
    return Smtp(relay_of(place), sender)


def relay_of(url: str) -> Relay:
    """The server that an address of SMTP names: port 587 where none is given, 465 with TLS from the first byte."""
    parts = urlsplit(url)
    tls = parts.scheme == "smtps"
    return Relay(
        parts.hostname or "localhost",
        parts.port or (465 if tls else 587),
        tls,
        None if parts.username is None else unquote(parts.username),
        None if parts.password is None else unquote(parts.password),
    )
