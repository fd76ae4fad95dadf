"""Letters about accounts: each has at most one link, which leads to a page, and says what to do if it was not you."""

from collections.abc import Callable

from fairhold.words.catalog import N_
from fairhold.words.letters.text import Button, LetterText, Pen

_NOT_YOU = N_("If it was not you, do nothing: without this link nothing changes.")
_NOT_YOU_CHANGED = N_("If it was not you, set a new password now and sign out everywhere.")
_ONCE = N_("The link works once, until %(moment)s.")


def _linked(pen: Pen, subject: str, text: str, button: str) -> LetterText:
    return LetterText(
        subject=pen.say(subject, marketplace=pen.marketplace),
        heading=pen.say(subject, marketplace=pen.marketplace),
        paragraphs=(
            pen.say(text, marketplace=pen.marketplace),
            pen.say(_ONCE, moment=pen.moment(pen.instant("until"))),
        ),
        button=Button(pen.say(button), pen.text("url")),
        notes=(pen.say(_NOT_YOU),),
    )


def _confirm_email(pen: Pen) -> LetterText:
    return _linked(
        pen,
        N_("Confirm your e-mail address at %(marketplace)s"),
        N_("Somebody, most likely you, gave this address at %(marketplace)s. Confirm that it is yours."),
        N_("Confirm the address…"),
    )


def _reset_password(pen: Pen) -> LetterText:
    return _linked(
        pen,
        N_("A new password at %(marketplace)s"),
        N_("Somebody, most likely you, asked for a new password at %(marketplace)s."),
        N_("Set a new password…"),
    )


def _told(pen: Pen, subject: str, text: str, button: str) -> LetterText:
    return LetterText(
        subject=pen.say(subject, marketplace=pen.marketplace),
        heading=pen.say(subject, marketplace=pen.marketplace),
        paragraphs=(pen.say(text, moment=pen.moment(pen.instant("at")), marketplace=pen.marketplace),),
        button=Button(pen.say(button), pen.text("url")),
        notes=(pen.say(_NOT_YOU_CHANGED),),
    )


def _already_here(pen: Pen) -> LetterText:
    return LetterText(
        subject=pen.say(N_("You already have an account at %(marketplace)s"), marketplace=pen.marketplace),
        heading=pen.say(N_("You already have an account at %(marketplace)s"), marketplace=pen.marketplace),
        paragraphs=(
            pen.say(N_("Somebody, most likely you, tried to sign up with this address. It has an account already.")),
        ),
        button=Button(pen.say(N_("Sign in")), pen.text("url")),
        notes=(pen.say(N_("If it was not you, do nothing: nothing has changed.")),),
    )


def _password_changed(pen: Pen) -> LetterText:
    return _told(
        pen,
        N_("Your password at %(marketplace)s was changed"),
        N_("The password of your account was changed on %(moment)s."),
        N_("To your account"),
    )


def _email_changed(pen: Pen) -> LetterText:
    return _told(
        pen,
        N_("Your e-mail address at %(marketplace)s was changed"),
        N_("Letters about your account go to another address since %(moment)s. This is the last one to this address."),
        N_("To your account"),
    )


def _new_sign_in(pen: Pen) -> LetterText:
    return _told(
        pen,
        N_("A new sign-in at %(marketplace)s"),
        N_("Somebody signed in to your account on %(moment)s with a browser that was not seen before."),
        N_("To your account"),
    )


ACCOUNT_LETTERS: dict[str, Callable[[Pen], LetterText]] = {
    "confirm_email": _confirm_email,
    "reset_password": _reset_password,
    "already_here": _already_here,
    "password_changed": _password_changed,
    "email_changed": _email_changed,
    "new_sign_in": _new_sign_in,
}
"""Values: `url` (where the button leads); `until` or `at` (microseconds) where the text tells a moment."""
