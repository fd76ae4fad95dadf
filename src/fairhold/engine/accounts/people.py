"""Accounts: who has one, what they are called, which sides they take."""

import re
import secrets
import unicodedata
from collections.abc import Sequence

from fairhold.domain.actors import STAFF, Role
from fairhold.domain.ids import ALPHABET
from fairhold.engine.accounts.keeping import Keeping
from fairhold.engine.accounts.refusals import Denial, Denied
from fairhold.engine.ports.accounts import Account
from fairhold.engine.ports.contacts import Contact
from fairhold.engine.ports.mail_addresses import on_the_wire, read_address

LONGEST_NAME = 80
ZONE = "Europe/Moscow"
"""Whose time a person reads who has not said."""
_MINTED = re.compile(f"u-[{ALPHABET}]{{12}}", re.ASCII)
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


class Accounts:
    """All accounts of an installation. Safe from any thread; raises StoreUnavailable."""

    def __init__(self, keeping: Keeping) -> None:
        self._parts = keeping

    def account(self, person: str) -> Account | None:
        """The account of that person, unless it is forgotten."""
        found = self._parts.rows.account(person)
        return None if found is None or found.forgotten_at is not None else found

    def by_email(self, email: str) -> Account | None:
        """Whose address that is."""
        address = read_address(email)
        return self._parts.rows.account_by_email(key_of(address)) if address else None

    def staff(self) -> list[Account]:
        """Everybody who has a role of the staff, the first first."""
        return self._parts.rows.staff()

    def set_roles(self, account: Account, roles: Sequence[Role]) -> None:
        """Let them take these sides and no others. Their sessions end: those of the staff are shorter."""
        self._parts.rows.set_roles(account.person, [role.value for role in dict.fromkeys(roles)])
        self._parts.end_sessions(account.person)

    def called(self, person: str) -> str | None:
        """What the person is called, where they have said."""
        return self._parts.rows.names([person]).get(person)

    def rename(self, account: Account, name: str, language: str) -> Denied | None:
        """Call them so from now on."""
        called = name_of(name)
        if called is None:
            return Denied(Denial.NAME_INVALID, "name")
        self._parts.rows.set_name(account.person, called, language)
        note_contact(self._parts, account._replace(name=called, language=language))
        return None

    def may_start_selling(self, account: Account) -> bool:
        """Whether taking the seller's side is their own decision.

        Not for the staff, and not for somebody whom the marketplace has named: there a seller of that name may be another.
        """
        return is_minted(account.person) and not is_staff(account.roles) and Role.SELLER not in account.roles

    def start_selling(self, account: Account) -> bool:
        """Let them take the seller's side too; False where that is not theirs to decide."""
        if not self.may_start_selling(account):
            return False
        self._parts.rows.set_roles(account.person, (*account.roles, Role.SELLER.value))
        return True

    def keep(self, account: Account) -> bool:
        """Keep a new account; False where the person or the address has one."""
        key = key_of(account.email) if account.email else None
        if not self._parts.rows.add_account(account, key):
            return False
        note_contact(self._parts, account)
        return True


def note_contact(keeping: Keeping, account: Account) -> None:
    """Let letters about orders go to this account's address, in its language.

    Where it has none, they go on to the one that the marketplace gave.
    """
    known = keeping.contacts.contact(account.person)
    zone, email = (known.zone, account.email or known.email) if known else (ZONE, account.email)
    keeping.contacts.set_contact(Contact(account.person, email, account.language, zone, account.name))


def key_of(address: str) -> str:
    """What tells two addresses apart here: hardly any server minds the case of letters, and none the script of a domain."""
    return on_the_wire(address).lower()


def name_of(text: str) -> str | None:
    """A name as pages show it: one line, no signs that turn the text around; None where it is none."""
    name = " ".join(unicodedata.normalize("NFC", text).split())
    if not 1 <= len(name) <= LONGEST_NAME or any(unicodedata.category(sign) in _UNSEEN for sign in name):
        return None
    return name


def fresh_person() -> str:
    """The id of somebody whom the marketplace has not named."""
    return "u-" + "".join(secrets.choice(ALPHABET) for _ in range(12))


def is_minted(person: str) -> bool:
    """Whether the id looks like those that are given out here."""
    return _MINTED.fullmatch(person) is not None


def is_staff(roles: Sequence[str]) -> bool:
    """Whether any of these roles is the staff's."""
    return any(role in STAFF for role in roles)
