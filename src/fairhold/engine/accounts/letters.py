"""Letters about accounts: each goes through the queue, to an address that whoever asked for it gave."""

import hashlib
import secrets
from collections.abc import Mapping
from enum import StrEnum

from fairhold.domain.instants import Duration
from fairhold.engine.accounts.tickets import LIVES, Purpose
from fairhold.engine.installation.clock import Clock
from fairhold.engine.ports.accounts import Account
from fairhold.engine.ports.mail import Mail, MailQueue


class Letter(StrEnum):
    """What is written, by the name of its template."""

    WELCOME = "account_welcome"
    """Choose a password: the account is made then."""
    EXISTS = "account_exists"
    """Somebody asked for an account with an address that has one."""
    RESET = "account_reset"
    NOBODY = "account_nobody"
    """Somebody asked for a new password with an address that has no account."""
    NOT_HERE = "account_not_here"
    """The same where accounts are made by invitation alone."""
    INVITED = "account_invited"
    EMAIL = "account_email"
    """Confirm this address: it is to become yours here."""
    EMAIL_TAKEN = "account_email_taken"
    EMAIL_CHANGED = "account_email_changed"
    """To the address before."""
    PASSWORD_CHANGED = "account_password_changed"  # noqa: S105 - the name of a letter
    FACTORS_CHANGED = "account_factors_changed"
    FORGOTTEN = "account_forgotten"


PATHS: dict[Purpose, str] = {
    Purpose.WELCOME: "/sign-up/confirm",
    Purpose.RESET: "/reset",
    Purpose.EMAIL: "/account/email/confirm",
}
"""Where the link of a ticket leads: pages on which the person still presses a button, as programs follow links too."""
_WITHOUT_LINK = frozenset({Letter.EMAIL_TAKEN, Letter.NOT_HERE})
"""To a stranger all looks the same, and so a ticket is written; nobody gets it."""


class Letters:
    """Queues letters about accounts. `clock` is the installation's, by which letters are sent."""

    def __init__(self, queue: MailQueue, clock: Clock) -> None:
        self._queue = queue
        self._clock = clock

    def link(
        self,
        letter: Letter,
        to: str,
        language: str,
        url: str,
        purpose: Purpose,
        token: str,
        life: Duration | None = None,
    ) -> None:
        """A letter with a link that counts once. `url` is the house's own address."""
        key = hashlib.sha256(token.encode()).hexdigest()[:32]
        # The same length by the installation's clock, which the reader of the letter goes by.
        until = self._clock.now() + (life or LIVES[purpose])
        if letter in _WITHOUT_LINK:
            self._post(f"{letter}:{key}", letter, to, language, {"at": self._clock.now()})
            return
        values = {"url": f"{url}{PATHS[purpose]}?token={token}", "until": until}
        self._post(f"{letter}:{key}", letter, to, language, values)

    def tell(self, letter: Letter, account: Account, url: str) -> None:
        """Say what has happened to an account, at the address that it had; nothing where it had none."""
        if account.email:
            told: dict[str, object] = {"url": f"{url}/account", "at": self._clock.now()}
            self._post(f"{letter}:{secrets.token_hex(16)}", letter, account.email, account.language, told)

    def _post(self, key: str, letter: Letter, to: str, language: str, values: Mapping[str, object]) -> None:
        # They concern the account, not an order's person: being forgotten drops what waits for an order's person only.
        self._queue.post(Mail(key, to, None, language, letter.value, values, self._clock.now()))
