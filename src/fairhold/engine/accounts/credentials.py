"""What people sign in with, changed: forgotten passwords, new ones, another address."""

from fairhold.engine.accounts.keeping import Keeping
from fairhold.engine.accounts.letters import Letter
from fairhold.engine.accounts.passwords import Busy, fault_of, print_of
from fairhold.engine.accounts.people import Accounts, key_of, note_contact
from fairhold.engine.accounts.rate_limits import Tried
from fairhold.engine.accounts.refusals import Denial, Denied
from fairhold.engine.accounts.tickets import Purpose
from fairhold.engine.ports.accounts import Account
from fairhold.engine.ports.mail_addresses import read_address
from fairhold.engine.ports.store import Conflict

_BUSY = Denied(Denial.BUSY)


class Credentials:
    """Passwords and addresses of those who have an account. Blocks; safe from any thread; raises StoreUnavailable."""

    def __init__(self, keeping: Keeping) -> None:
        self._parts = keeping
        self._accounts = Accounts(keeping)

    def prove(self, account: Account, password: str) -> Denied | None:
        """Whether whoever is signed in knows the password."""
        refused = self._parts.limits.take((Tried.PROOF, account.person))
        if refused is not None:
            return refused
        try:
            right = self._parts.passwords.matches(account.password, password)
        except Busy:
            return _BUSY
        return None if right else Denied(Denial.PASSWORD_WRONG, "password")

    def resetting(self, token: str) -> Account | None:
        """Whose password the link of a letter may replace."""
        right = self._parts.tickets.look(Purpose.RESET, token)
        account = self._accounts.account(right.person) if right else None
        if right is None or account is None or right.value["replaces"] != print_of(account.password):
            return None
        return account

    def reset(self, token: str, password: str, url: str) -> Account | Denied:
        """Replace a forgotten password. All sessions end, and no other link for it counts any more."""
        account = self.resetting(token)
        if account is None:
            return Denied(Denial.LINK_SPENT)
        return self._replace_password(account, password, url, token)

    def change_password(self, account: Account, password: str, url: str) -> Denied | None:
        """Replace a password, proved a moment ago; all sessions of this person end, and links that were sent count no more."""
        changed = self._replace_password(account, password, url)
        return changed if isinstance(changed, Denied) else None

    def _replace_password(self, account: Account, password: str, url: str, token: str = "") -> Account | Denied:
        fault = fault_of(password, account.name, account.email or "")
        if fault is not None:
            return fault
        try:
            kept = self._parts.passwords.hash(password)
        except Busy:
            return _BUSY
        if token and self._parts.tickets.take(Purpose.RESET, token) is None:
            return Denied(Denial.LINK_SPENT)
        now = self._parts.clock.now()
        if not self._parts.rows.set_password(account.person, kept, account.password, now):
            # Another change came first; whoever made it must not be overwritten by an older wish.
            return Denied(Denial.LINK_SPENT)
        self._parts.tickets.drop(account.person, Purpose.RESET, Purpose.EMAIL, Purpose.SECOND_STEP)
        self._parts.end_sessions(account.person)
        self._parts.letters.tell(Letter.PASSWORD_CHANGED, account, url)
        return account._replace(password=kept, changed_at=now)

    def ask_email(self, account: Account, email: str, url: str) -> Denied | None:
        """Write to the address that is to become this person's; it does so once the link there is followed."""
        address = read_address(email)
        if address is None:
            return Denied(Denial.EMAIL_INVALID, "email")
        key = key_of(address)
        refused = self._parts.limits.take((Tried.LETTER_FROM, f"person {account.person}"), (Tried.LETTER_TO, key))
        if refused is not None:
            return refused
        token = self._parts.tickets.give(Purpose.EMAIL, account.person, {"email": address})
        holder = self._parts.rows.account_by_email(key)
        taken = holder is not None and holder.person != account.person
        letter = Letter.EMAIL_TAKEN if taken else Letter.EMAIL
        self._parts.letters.link(letter, address, account.language, url, Purpose.EMAIL, token)
        return None

    def new_email(self, token: str) -> str | None:
        """The address that the link of a letter confirms."""
        right = self._parts.tickets.look(Purpose.EMAIL, token)
        return str(right.value["email"]) if right else None

    def confirm_email(self, token: str, url: str) -> Account | Denied:
        """Make the address theirs; the address before is told."""
        right = self._parts.tickets.take(Purpose.EMAIL, token)
        account = self._accounts.account(right.person) if right else None
        if right is None or account is None:
            return Denied(Denial.LINK_SPENT)
        address = str(right.value["email"])
        try:
            changed = self._parts.rows.set_email(account.person, address, key_of(address), self._parts.clock.now())
        except Conflict:
            changed = False
        if not changed:
            return Denied(Denial.LINK_SPENT)
        self._parts.tickets.drop(account.person, Purpose.RESET, Purpose.EMAIL)
        self._parts.letters.tell(Letter.EMAIL_CHANGED, account, url)
        renewed = account._replace(email=address)
        note_contact(self._parts, renewed)
        return renewed
