"""Which passwords are taken, and how they are kept."""

import time

import pytest

from fairhold.engine.accounts.passwords import LONGEST, Passwords, fault_of
from fairhold.engine.accounts.refusals import Denial

KNOWN = ("Ann Example", "ann.example@shop.test")


def why(password: str) -> Denial | None:
    fault = fault_of(password, *KNOWN)
    return fault.why if fault else None


@pytest.mark.parametrize(
    "password",
    ["correct horse battery staple", "я люблю кота васю", "x8#kVq2m!Lp0", "длинный-пароль", "p" + "aQ7 " * 20],
)
def test_what_is_not_guessed_soon_is_taken(password: str) -> None:
    assert why(password) is None


@pytest.mark.parametrize(
    "password",
    [
        "password",
        "Password2026",
        "12345678",
        "qwerty123456",
        "aaaaaaaaaa",
        "zaq12wsx",
        "Йцукенгш",
        "Пароль123",
        "наташа1990",
        "P@$$w0rd",
    ],
)
def test_what_is_tried_first_is_not_in_either_alphabet(password: str) -> None:
    assert why(password) is Denial.PASSWORD_COMMON


@pytest.mark.parametrize(
    ("password", "denial"),
    [
        ("short", Denial.PASSWORD_TOO_SHORT),
        ("x" * (LONGEST + 1), Denial.PASSWORD_TOO_LONG),
        ("good enough\0but", Denial.PASSWORD_TOO_LONG),
        ("Ann Example", Denial.PASSWORD_IS_NAME),
        ("ann.example", Denial.PASSWORD_IS_NAME),
        ("ann.example@shop.test", Denial.PASSWORD_IS_NAME),
        ("ann.example1", Denial.PASSWORD_COMMON),
    ],
)
def test_others_are_refused_with_why(password: str, denial: Denial) -> None:
    assert why(password) is denial


@pytest.mark.parametrize("signs", ["@$!(1l|0o", "4@8({[<369!1|05$7+%2", "0123456789(!|", "|4!7(1@0$8369"])
def test_the_longest_password_is_looked_at_in_little_time(signs: str) -> None:
    why("warm up the lists")
    started = time.thread_time()
    why(signs * (LONGEST // len(signs)))
    assert time.thread_time() - started < 1


def test_a_password_matches_however_its_letters_were_composed() -> None:
    passwords = Passwords()
    kept = passwords.hash("naïve café пароль")
    assert passwords.matches(kept, "nai\u0308ve cafe\u0301 пароль")
    assert not passwords.matches(kept, "naive cafe пароль")
    assert not passwords.matches(None, "nobody has this password")
    assert not passwords.is_outdated(kept)
