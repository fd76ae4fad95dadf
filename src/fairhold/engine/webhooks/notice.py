"""Operators are written to when an endpoint was turned off: what happens no longer reaches the marketplace's server."""

from collections.abc import Callable, Sequence

from fairhold.domain.actors import Role
from fairhold.engine.installation.clock import Clock
from fairhold.engine.ports.accounts import Account
from fairhold.engine.ports.mail import Mail, MailQueue
from fairhold.engine.ports.webhooks import Endpoint, OffBecause

TEMPLATE = "webhook_off"
"""Values: `webhook` (its id), `address`, `because` (of `OffBecause`), `at` (microseconds)."""


class NoticeToOperators:
    """Queues a letter to each operator who has an account with an address; once for each time that it went wrong."""

    def __init__(self, staff: Callable[[], Sequence[Account]], mail: MailQueue, clock: Clock) -> None:
        self._staff = staff
        self._mail = mail
        self._clock = clock

    def __call__(self, endpoint: Endpoint, because: OffBecause) -> None:
        """Say that `endpoint` is turned off. Raises StoreUnavailable."""
        now = self._clock.now()
        values = {"webhook": endpoint.id, "address": endpoint.url, "because": because.value, "at": now}
        for account in self._staff():
            if Role.OPERATOR in account.roles and account.email:
                key = f"{TEMPLATE}:{endpoint.id}:{endpoint.failing_since}:{account.person}"
                self._mail.post(Mail(key, account.email, account.person, account.language, TEMPLATE, values, now))
