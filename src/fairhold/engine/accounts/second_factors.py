"""What a person has beside a password: one-time codes (RFC 6238) and recovery codes. Passkeys stand in `passkeys.py`."""

import hashlib
import hmac
import secrets
from typing import NamedTuple

import pyotp

from fairhold.domain.ids import ALPHABET
from fairhold.domain.instants import SECOND
from fairhold.engine.accounts.rate_limits import RateLimits, Tried
from fairhold.engine.accounts.refusals import Denial, Denied
from fairhold.engine.installation.clock import Clock
from fairhold.engine.installation.sealing import Seal
from fairhold.engine.ports.accounts import Account, FactorRows, Passkey

STEP_SECONDS = 30
DRIFT_STEPS = 1
"""How far the clock of a phone may be off, either way."""
RECOVERY_CODES = 10
_CODE_LENGTH = 10


class Factors(NamedTuple):
    """What somebody has beside a password."""

    totp: bool
    passkeys: tuple[Passkey, ...]
    codes: int

    @property
    def any(self) -> bool:
        """Whether a second step can be asked for. Recovery codes alone are for those who lost what they had."""
        return self.totp or bool(self.passkeys)


class SecondFactors:
    """One-time codes and recovery codes of all accounts. Safe from any thread; raises StoreUnavailable.

    `clock` is the machine's own, even in the sandbox: the phone that makes the codes knows no other.
    """

    def __init__(self, rows: FactorRows, clock: Clock, limits: RateLimits, secret: str) -> None:
        self._rows = rows
        self._clock = clock
        self._limits = limits
        self._seal = Seal(secret, "one-time codes")
        self._key = hashlib.sha256(b"fairhold recovery codes\0" + secret.encode()).digest()

    def of(self, account: Account) -> Factors:
        """What this person has."""
        person = account.person
        return Factors(account.totp is not None, tuple(self._rows.passkeys(person)), self._rows.recovery_codes(person))

    def fresh_secret(self) -> str:
        """A secret for a phone, in base32: 160 bits, as RFC 4226 recommends."""
        return pyotp.random_base32(32)

    def sealed(self, account: Account, secret: str) -> str:
        """The secret as a form carries it until the first code has come."""
        return self._seal.seal(secret.encode(), account.person).hex()

    def opened(self, account: Account, sealed: str) -> str | None:
        """The secret that a form of this person carries."""
        try:
            plain = self._seal.open(bytes.fromhex(sealed), account.person)
        except ValueError:
            return None
        return None if plain is None else plain.decode()

    def address_of(self, secret: str, account: Account, issuer: str) -> str:
        """What the QR code says: Google Authenticator's key URI format, which all of them read."""
        named = account.email or account.name or account.person
        return pyotp.TOTP(secret).provisioning_uri(name=named, issuer_name=issuer)

    def begin_codes(self, account: Account, secret: str, code: str) -> Denied | None:
        """Take codes of this secret from now on, if the first one is right; it counts as used."""
        refused = self._limits.take((Tried.CODE, account.person))
        step = self._step_of(secret, code, 0)
        if refused is not None or step is None:
            return refused or Denied(Denial.CODE_WRONG, "code")
        sealed = self._seal.seal(secret.encode(), account.person)
        self._rows.set_totp(account.person, sealed, step, self._clock.now())
        self._limits.forget(Tried.CODE, account.person)
        return None

    def end_codes(self, account: Account) -> None:
        """Take no more one-time codes."""
        self._rows.set_totp(account.person, None, 0, self._clock.now())

    def fresh_recovery_codes(self, account: Account) -> tuple[str, ...]:
        """New recovery codes in the place of all before. They are shown this once."""
        codes = tuple("".join(secrets.choice(ALPHABET) for _ in range(_CODE_LENGTH)) for _ in range(RECOVERY_CODES))
        self._rows.set_recovery_codes(account.person, [self._hash(account.person, code) for code in codes])
        return tuple(f"{code[:5]}-{code[5:]}" for code in codes)

    def forget_recovery_codes(self, account: Account) -> None:
        """Let no recovery code count: there is nothing left to recover."""
        self._rows.set_recovery_codes(account.person, ())

    def check(self, account: Account, code: str) -> Denied | None:
        """Use up a one-time code or a recovery code; each counts once."""
        refused = self._limits.take((Tried.CODE, account.person))
        if refused is not None:
            return refused
        if self._is_one_time(account, code) or self._is_recovery(account.person, code):
            self._limits.forget(Tried.CODE, account.person)
            return None
        return Denied(Denial.CODE_WRONG, "code")

    def _is_one_time(self, account: Account, code: str) -> bool:
        plain = None if account.totp is None else self._seal.open(account.totp, account.person)
        if plain is None:
            return False
        step = self._step_of(plain.decode(), code, account.totp_step)
        return step is not None and self._rows.take_step(account.person, step)

    def _step_of(self, secret: str, code: str, after: int) -> int | None:
        """The half minute whose code this is, later than `after`."""
        digits = "".join(code.split())
        if len(digits) != 6 or not digits.isascii() or not digits.isdigit():
            return None
        now, codes = self._clock.now() // SECOND // STEP_SECONDS, pyotp.TOTP(secret)
        for step in range(now - DRIFT_STEPS, now + DRIFT_STEPS + 1):
            if hmac.compare_digest(codes.generate_otp(step), digits) and step > after:
                return step
        return None

    def _is_recovery(self, person: str, code: str) -> bool:
        plain = code.replace("-", "").replace(" ", "").lower().translate(str.maketrans("oil", "011"))
        if len(plain) != _CODE_LENGTH or plain.strip(ALPHABET):
            return False
        return self._rows.take_recovery_code(person, self._hash(person, plain))

    def _hash(self, person: str, code: str) -> bytes:
        """Keyed: a code has 50 bits, too few for a plain hash to hide."""
        return hmac.digest(self._key, f"{person}\0{code}".encode(), "sha256")
