"""How people get an account, and how they get in.

To a stranger an address that has an account and one that has none look the same: the same answer, the same rows written,
one letter sent either way, and the same time spent on a password.
"""

from collections.abc import Sequence
from typing import NamedTuple

from fairhold.domain.actors import Role
from fairhold.domain.instants import days
from fairhold.engine.accounts.keeping import Keeping
from fairhold.engine.accounts.letters import Letter
from fairhold.engine.accounts.passwords import Busy, fault_of, print_of
from fairhold.engine.accounts.people import Accounts, fresh_person, key_of, name_of
from fairhold.engine.accounts.rate_limits import Tried
from fairhold.engine.accounts.refusals import Denial, Denied
from fairhold.engine.accounts.tickets import Purpose, Right
from fairhold.engine.ports.accounts import Account
from fairhold.engine.ports.mail_addresses import read_address

INVITATION = days(7)
_WELCOME_ROLES = (Role.BUYER, Role.SELLER)
_BUSY = Denied(Denial.BUSY)


class Knock(NamedTuple):
    """Who knocks: the network they come from, the language they read, the address under which they reach this house."""

    network: str
    language: str
    url: str


class Entrance:
    """Sign-up and sign-in by e-mail and password. Blocks; safe from any thread; raises StoreUnavailable.

    `is_open`: whether anybody may make an account.
    """

    def __init__(self, keeping: Keeping, *, is_open: bool = True) -> None:
        self._parts = keeping
        self._accounts = Accounts(keeping)
        self.is_open = is_open

    def ask_account(self, email: str, knock: Knock) -> Denied | None:
        """Somebody wants an account: they get a letter, one that says so where they have one already."""
        if not self.is_open:
            return Denied(Denial.SIGN_UP_CLOSED)
        return self._write_to(email, knock, Letter.WELCOME, Letter.EXISTS)

    def ask_reset(self, email: str, knock: Knock) -> Denied | None:
        """Somebody has forgotten a password: they get a letter, one that says so where there is no account."""
        return self._write_to(email, knock, Letter.NOBODY if self.is_open else Letter.NOT_HERE, Letter.RESET)

    def _write_to(self, email: str, knock: Knock, to_strangers: Letter, to_known: Letter) -> Denied | None:
        address = read_address(email)
        if address is None:
            return Denied(Denial.EMAIL_INVALID, "email")
        key = key_of(address)
        refused = self._parts.limits.take((Tried.LETTER_FROM, knock.network), (Tried.LETTER_TO, key))
        if refused is not None:
            return refused
        account = self._parts.rows.account_by_email(key)
        if account is not None:
            purpose, letter, language = Purpose.RESET, to_known, account.language
        else:
            purpose, letter, language = Purpose.WELCOME, to_strangers, knock.language
        said = {"email": address, "replaces": print_of(account.password) if account else ""}
        token = self._parts.tickets.give(purpose, account.person if account else "", said)
        # The account's own address may differ from what was typed in the case of letters, and servers may mind.
        to = account.email if account and account.email else address
        self._parts.letters.link(letter, to, language, knock.url, purpose, token)
        return None

    def invite(self, email: str, roles: Sequence[Role], language: str, url: str, person: str = "") -> str:
        """A link by which somebody makes the account that the operator means for them; a letter with it is queued.

        `person` is their id at the marketplace, minted where it is not given. Raises ValueError for an unusable address.
        """
        address = read_address(email)
        if address is None:
            raise ValueError(email)
        said = {"email": address, "roles": [role.value for role in roles], "person": person}
        token = self._parts.tickets.give(Purpose.WELCOME, "", said, INVITATION)
        self._parts.letters.link(Letter.INVITED, address, language, url, Purpose.WELCOME, token, INVITATION)
        return token

    def welcome(self, token: str) -> Right | None:
        """What the link of a letter gives a right to: `value` has the address."""
        right = self._parts.tickets.look(Purpose.WELCOME, token)
        # Whoever asked before the house was closed was not invited.
        return right if right is None or self.is_open or right.value.get("roles") else None

    def open_account(self, token: str, name: str, password: str, language: str, *, sells: bool) -> Account | Denied:
        """Make the account whose address the token confirms. Whoever has the letter chooses the password, nobody else."""
        right = self.welcome(token)
        if right is None:
            return Denied(Denial.LINK_SPENT)
        address = str(right.value["email"])
        called = name_of(name)
        fault = Denied(Denial.NAME_INVALID, "name") if called is None else fault_of(password, name, address)
        if fault is not None or called is None:
            return fault or Denied(Denial.NAME_INVALID, "name")
        try:
            kept = self._parts.passwords.hash(password)
        except Busy:
            return _BUSY
        if self._parts.tickets.take(Purpose.WELCOME, token) is None:
            return Denied(Denial.LINK_SPENT)
        now = self._parts.clock.now()
        roles = right.value.get("roles") or [role.value for role in _WELCOME_ROLES[: 1 + sells]]
        person = right.value.get("person") or fresh_person()
        account = Account(person, called, address, kept, tuple(roles), language, now, now)
        return account if self._accounts.keep(account) else Denied(Denial.LINK_SPENT)

    def sign_in(self, email: str, password: str, knock: Knock) -> Account | Denied:
        """Whose address and password these are."""
        address = read_address(email)
        key = key_of(address) if address else ""
        refused = self._parts.limits.take(
            (Tried.SIGN_IN_FROM, knock.network),
            (Tried.SIGN_IN_HERE, f"{knock.network} {key}"),
            (Tried.SIGN_IN_TO, key),
        )
        if refused is not None:
            return refused
        account = self._parts.rows.account_by_email(key)
        try:
            if not self._parts.passwords.matches(account.password if account else None, password) or account is None:
                return Denied(Denial.WRONG_SIGN_IN)
            if account.password and self._parts.passwords.is_outdated(account.password):
                self._parts.rows.set_password(
                    account.person, self._parts.passwords.hash(password), account.password, account.changed_at
                )
        except Busy:
            return _BUSY
        self._parts.limits.forget(Tried.SIGN_IN_HERE, f"{knock.network} {key}")
        return account
