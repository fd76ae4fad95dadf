"""Who works here: the staff is invited by the operator, and given and taken its roles."""

from collections.abc import Sequence

from fairhold.domain.actors import STAFF, Role
from fairhold.engine.accounts.entrance import Entrance
from fairhold.engine.accounts.people import Accounts
from fairhold.engine.accounts.refusals import Denial, Denied
from fairhold.engine.ports.accounts import Account

ROLES = (Role.SUPPORT, Role.MEDIATOR, Role.OPERATOR)
"""What is given here, from the least to the most. Whether somebody buys or sells is left as it is."""


class Staffing:
    """The operator's say about the staff. Safe from any thread; raises StoreUnavailable."""

    def __init__(self, accounts: Accounts, entrance: Entrance) -> None:
        self._accounts = accounts
        self._entrance = entrance

    def everybody(self) -> list[Account]:
        """The staff, the first first."""
        return self._accounts.staff()

    def member(self, person: str) -> Account | None:
        """Somebody with an account, staff or not yet."""
        return self._accounts.account(person)

    def invite(self, email: str, roles: Sequence[Role], language: str, url: str) -> Account | Denied | None:
        """Send a letter with a link that makes an account with these roles, once.

        Who has an account of that address already is answered instead, unchanged.
        """
        if not roles:
            return Denied(Denial.ROLES_MISSING, "role")
        known = self._accounts.by_email(email)
        if known is not None:
            return known
        try:
            self._entrance.invite(email, roles, language, url)
        except ValueError:
            return Denied(Denial.EMAIL_INVALID, "email")
        return None

    def give(self, account: Account, roles: Sequence[Role]) -> Denied | None:
        """Let them have these roles of the staff and no others; they are signed out everywhere.

        The last operator stays one: who else would let the next one in?
        """
        leaves = Role.OPERATOR.value in account.roles and Role.OPERATOR not in roles
        if leaves and not self._operators(account.person):
            return Denied(Denial.LAST_OPERATOR)
        kept = [Role(role) for role in account.roles if Role(role) not in STAFF]
        self._accounts.set_roles(account, [*kept, *roles])
        # Of two who take the role from each other at once, the later finds nobody left, and gives it back.
        if leaves and not self._operators():
            self._accounts.set_roles(account, [Role(role) for role in account.roles])
            return Denied(Denial.LAST_OPERATOR)
        return None

    def _operators(self, but: str = "") -> list[Account]:
        return [one for one in self._accounts.staff() if Role.OPERATOR.value in one.roles and one.person != but]
