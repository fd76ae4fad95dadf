"""What the pages about the staff show."""

from collections.abc import Sequence
from dataclasses import dataclass

from fairhold.domain.actors import Role
from fairhold.engine.accounts.second_factors import Factors
from fairhold.engine.accounts.staffing import ROLES
from fairhold.engine.ports.accounts import Account
from fairhold.web.views.parts import Pill
from fairhold.words.catalog import N_
from fairhold.words.names import role_name
from fairhold.words.reader import Reader

DUTIES = {
    Role.SUPPORT: N_("Answers chats and undoes confirmations."),
    Role.MEDIATOR: N_("Rules on disputes and moderates reviews."),
    Role.OPERATOR: N_("Sees and may do everything, money and staff included."),
}


@dataclass(frozen=True)
class MemberRow:
    """Somebody of the staff in the list."""

    person: str
    name: str
    email: str
    roles: str
    pill: Pill
    is_you: bool


@dataclass(frozen=True)
class RoleChoice:
    """A role to tick, with what it is about."""

    value: str
    text: str
    duty: str
    chosen: bool


def member_row(reader: Reader, account: Account, has: Factors, you: str | None) -> MemberRow:
    """A row: without a second step nobody of the staff gets to their pages."""
    words = reader.words
    pill = Pill(words.gettext("no second step yet"), "clock", "turn")
    if has.any:
        pill = Pill(words.gettext("second step on"), "check", "safe")
    names = [role_name(words, role) for role in ROLES if role.value in account.roles]
    return MemberRow(
        account.person, account.name, account.email or "", ", ".join(names), pill, is_you=account.person == you
    )


def role_choices(reader: Reader, chosen: Sequence[str]) -> list[RoleChoice]:
    """The roles that are given here."""
    words = reader.words
    return [
        RoleChoice(role.value, role_name(words, role), words.gettext(DUTIES[role]), role.value in chosen)
        for role in ROLES
    ]
