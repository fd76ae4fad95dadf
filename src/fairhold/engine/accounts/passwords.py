"""Passwords: hashed by Argon2id, a few at once, and compared in the same time whether there is one or not."""

import hashlib
import threading
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from fairhold.engine.accounts.refusals import Denial, Denied

SHORTEST = 8
"""Characters (NIST SP 800-63B, 3.1.1.2; OWASP ASVS 5.0, 6.2.1). No other rule makes people choose better ones."""
LONGEST = 200
LEAST_SCORE = 2
"""Of zxcvbn's five (0 to 4), the first that is not guessed within about a million tries."""
LOOKED_AT = 40
"""Characters: what is strong so far stays so, and looking at more takes its time."""
_LATIN_KEYS = str.maketrans("йцукенгшщзхъфывапролджэячсмитьбюё", "qwertyuiop[]asdfghjkl;'zxcvbnm,.`")
_DISGUISES = "@({[<!|$+%"
"""Signs that zxcvbn reads as letters, each way that they can be read with each way of the others."""
_MOST_DISGUISES = 3
_AS_SIGNS = str.maketrans(_DISGUISES, "~^&*-_=;:,")
AT_ONCE = 2
"""Each takes 46 MiB for about 50 ms of a processor."""
MOST_WAITING = 8
"""How many may wait for their turn, each in a thread that pages are answered in too, before more are told to come again."""
PATIENCE_SECONDS = 5.0


PARAMETERS = PasswordHasher(time_cost=1, memory_cost=47_104, parallelism=1)
"""OWASP's first choice for Argon2id (Password Storage Cheat Sheet): 46 MiB, one pass, one lane."""


@cache
def _nobody_s() -> str:
    """What passwords are compared with where there is nobody; once a process, as it takes as long as any."""
    return PARAMETERS.hash("nobody has this password")


class Busy(Exception):
    """Too many passwords are being looked at. Nothing happened; come again in a moment."""


class Passwords:
    """Hashes passwords and compares them. Blocks; safe from any thread."""

    def __init__(self) -> None:
        self._hasher = PARAMETERS
        self._turns = threading.BoundedSemaphore(AT_ONCE)
        self._here = 0
        self._lock = threading.Lock()
        self._nobody_s = _nobody_s()

    def hash(self, password: str) -> str:
        """What is kept of a password. Raises Busy."""
        with self._turn():
            return self._hasher.hash(normal(password))

    def matches(self, kept: str | None, password: str) -> bool:
        """Whether it is the password that `kept` was made from; None takes as long, and never is. Raises Busy."""
        with self._turn():
            try:
                self._hasher.verify(kept or self._nobody_s, normal(password))
            except (VerificationError, InvalidHashError):
                return False
        return kept is not None

    def is_outdated(self, kept: str) -> bool:
        """Whether it was made with other parameters than today's."""
        return self._hasher.check_needs_rehash(kept)

    @contextmanager
    def _turn(self) -> Iterator[None]:
        with self._lock:
            if self._here >= AT_ONCE + MOST_WAITING:
                raise Busy
            self._here += 1
        try:
            if not self._turns.acquire(timeout=PATIENCE_SECONDS):
                raise Busy
            try:
                yield
            finally:
                self._turns.release()
        finally:
            with self._lock:
                self._here -= 1


def normal(password: str) -> str:
    """The password as it is hashed: the same whichever way a keyboard composes its letters (NIST SP 800-63B, 3.1.1.2)."""
    return unicodedata.normalize("NFKC", password)


def fault_of(password: str, *known: str) -> Denied | None:
    """Why this password is not taken for a new one, if so. `known` are what everybody tries first: name and address."""
    text = normal(password)
    if len(text) < SHORTEST:
        return Denied(Denial.PASSWORD_TOO_SHORT, "password")
    if len(text) > LONGEST or "\0" in text:
        return Denied(Denial.PASSWORD_TOO_LONG, "password")
    plain = text.casefold()
    if any(plain in (one.casefold(), one.casefold().partition("@")[0]) for one in known if one):
        return Denied(Denial.PASSWORD_IS_NAME, "password")
    if _is_tried_early(plain, known):
        return Denied(Denial.PASSWORD_COMMON, "password")
    return None


def print_of(kept: str | None) -> str:
    """What tells one kept password from the next, so that a link can be for replacing just that one."""
    return hashlib.sha256((kept or "").encode()).hexdigest()[:32]


def _is_tried_early(plain: str, known: Sequence[str]) -> bool:
    """Whether those who guess come to it soon: it is a common password, or made of one (OWASP ASVS 5.0, 6.2.4).

    Russian letters are also looked at as the keys they lie on: «йцукенгш» is «qwertyui», and «наташа» typed so is in
    every list.
    """
    from zxcvbn import zxcvbn

    own = [part for one in known for part in one.casefold().split("@") if part]
    return any(
        zxcvbn(_read_soon(text[:LOOKED_AT]), user_inputs=own)["score"] < LEAST_SCORE
        for text in {plain, plain.translate(_LATIN_KEYS)}
    )


def _read_soon(text: str) -> str:
    """The text, or one as long that is read in little time where many signs in it could be letters: no word has so many."""
    return text if len(set(text) & set(_DISGUISES)) <= _MOST_DISGUISES else text.translate(_AS_SIGNS)
