"""A person's second step of signing in, changed: what it consists of, what goes with the first and with the last of it."""

from fairhold.engine.accounts.letters import Letter, Letters
from fairhold.engine.accounts.passkeys import Passkeys
from fairhold.engine.accounts.people import is_staff
from fairhold.engine.accounts.refusals import Denial, Denied
from fairhold.engine.accounts.second_factors import Factors, SecondFactors
from fairhold.engine.ports.accounts import Account

Codes = tuple[str, ...]
"""New recovery codes to be shown; none where the old ones stay."""


class SecondSteps:
    """Adds and removes second factors. Safe from any thread; raises StoreUnavailable."""

    def __init__(self, factors: SecondFactors, passkeys: Passkeys, letters: Letters) -> None:
        self._factors = factors
        self._passkeys = passkeys
        self._letters = letters

    def add_app(self, account: Account, sealed: str, code: str, url: str) -> Codes | Denied:
        """Ask for codes of this secret from now on; with the first factor come recovery codes."""
        before = self._factors.of(account)
        secret = self._factors.opened(account, sealed)
        denied = Denied(Denial.LINK_SPENT) if secret is None else self._factors.begin_codes(account, secret, code)
        return denied or self._added(account, before, url)

    def add_passkey(self, account: Account, url: str, challenge: str, answer: str, name: str) -> Codes | Denied:
        """Take this passkey from now on; with the first factor come recovery codes."""
        before = self._factors.of(account)
        denied = self._passkeys.add(account, url, challenge, answer, name)
        return denied or self._added(account, before, url)

    def remove_app(self, account: Account, url: str) -> Denied | None:
        """Ask for no codes any more."""
        left = self._factors.of(account)._replace(totp=False)
        if is_staff(account.roles) and not left.any:
            return Denied(Denial.LAST_FACTOR)
        self._factors.end_codes(account)
        self._removed(account, left, url)
        return None

    def remove_passkey(self, account: Account, id: str, url: str) -> Denied | None:
        """Take this passkey no more."""
        had = self._factors.of(account)
        left = had._replace(passkeys=tuple(one for one in had.passkeys if one.id != id))
        if is_staff(account.roles) and not left.any:
            return Denied(Denial.LAST_FACTOR)
        if self._passkeys.remove(account, id):
            self._removed(account, left, url)
        return None

    def _added(self, account: Account, before: Factors, url: str) -> Codes:
        self._letters.tell(Letter.FACTORS_CHANGED, account, url)
        return () if before.any and before.codes else self._factors.fresh_recovery_codes(account)

    def _removed(self, account: Account, left: Factors, url: str) -> None:
        if not left.any:
            self._factors.forget_recovery_codes(account)
        self._letters.tell(Letter.FACTORS_CHANGED, account, url)
