"""The addresses of inboxes, one for each role that has one, and of what a sandbox has sent."""

from fairhold.web.handlers import inbox, sent_letters
from fairhold.web.visits import Handler, Roles
from fairhold.words.notices.ways import INBOXES


def _inbox(folder: str) -> tuple[tuple[str, str, Handler], ...]:
    return (
        ("GET", folder, inbox.page),
        ("POST", f"{folder}/read", inbox.read),
        ("GET", f"{folder}/letters", inbox.letters),
        ("POST", f"{folder}/letters", inbox.choose),
    )


_SENT: tuple[tuple[str, str, Handler], ...] = (
    ("GET", "/sandbox/letters", sent_letters.listed),
    ("GET", "/sandbox/letters/{letter}", sent_letters.one),
    ("GET", "/sandbox/letters/{letter}/body", sent_letters.body),
)

INBOX_TABLE: tuple[tuple[Roles, tuple[tuple[str, str, Handler], ...]], ...] = (
    *(((role,), _inbox(folder)) for role, folder in INBOXES.items()),
    ((), _SENT),
)
"""Pages by whom they are for."""
