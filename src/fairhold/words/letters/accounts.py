"""Letters about accounts: each has at most one link, which leads to a page, and says what to do if it was not you."""

from collections.abc import Callable

from fairhold.engine.accounts.letters import Letter
from fairhold.words.catalog import N_
from fairhold.words.letters.text import Button, LetterText, Pen

_NOT_YOU = N_("If it was not you, do nothing: without this link nothing changes.")
_NOT_YOU_CHANGED = N_("If it was not you, set a new password now and sign out everywhere.")
_ONCE = N_("The link works once, until %(moment)s.")


def _linked(subject: str, text: str, button: str) -> Callable[[Pen], LetterText]:
    """A letter with a link that counts once."""

    def write(pen: Pen) -> LetterText:
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

    return write


def _told(subject: str, text: str, button: str = "", note: str = _NOT_YOU_CHANGED) -> Callable[[Pen], LetterText]:
    """A letter about what has happened already."""

    def write(pen: Pen) -> LetterText:
        return LetterText(
            subject=pen.say(subject, marketplace=pen.marketplace),
            heading=pen.say(subject, marketplace=pen.marketplace),
            paragraphs=(pen.say(text, moment=pen.moment(pen.instant("at")), marketplace=pen.marketplace),),
            button=Button(pen.say(button), pen.text("url")) if button else None,
            notes=(pen.say(note),),
        )

    return write


ACCOUNT_LETTERS: dict[str, Callable[[Pen], LetterText]] = {
    Letter.WELCOME: _linked(
        N_("Your account at %(marketplace)s"),
        N_("Somebody, most likely you, asked for an account at %(marketplace)s with this address."),
        N_("Choose a password…"),
    ),
    Letter.EXISTS: _linked(
        N_("You already have an account at %(marketplace)s"),
        N_(
            "Somebody, most likely you, asked for an account with this address, which has one. Sign in as "
            "ever, or set a new password."
        ),
        N_("Set a new password…"),
    ),
    Letter.RESET: _linked(
        N_("A new password at %(marketplace)s"),
        N_("Somebody, most likely you, asked for a new password at %(marketplace)s."),
        N_("Set a new password…"),
    ),
    Letter.NOBODY: _linked(
        N_("There is no account with this address at %(marketplace)s"),
        N_(
            "Somebody, most likely you, asked for a new password, but this address has no account. You may "
            "have another address there; or make an account with this one."
        ),
        N_("Create an account…"),
    ),
    Letter.NOT_HERE: _told(
        N_("There is no account with this address at %(marketplace)s"),
        N_(
            "On %(moment)s somebody, most likely you, asked for a new password, but this address has no account. You may "
            "have another address there."
        ),
        note=N_("If it was not you, do nothing: nothing has changed."),
    ),
    Letter.INVITED: _linked(
        N_("You are invited to %(marketplace)s"),
        N_("The operator of %(marketplace)s made a place for you. Choose a password to begin."),
        N_("Choose a password…"),
    ),
    Letter.EMAIL: _linked(
        N_("Confirm your e-mail address at %(marketplace)s"),
        N_("Somebody, most likely you, gave this address at %(marketplace)s. Confirm that it is yours."),
        N_("Confirm the address…"),
    ),
    Letter.EMAIL_TAKEN: _told(
        N_("This address has an account at %(marketplace)s"),
        N_(
            "On %(moment)s somebody, most likely you, wanted to use this address for another account. It "
            "stays with the account that has it."
        ),
        note=N_("If it was not you, do nothing: nothing has changed."),
    ),
    Letter.EMAIL_CHANGED: _told(
        N_("Your e-mail address at %(marketplace)s was changed"),
        N_("Letters about your account go to another address since %(moment)s. This is the last one to this address."),
        note=N_("If it was not you, write to the marketplace's support now."),
    ),
    Letter.PASSWORD_CHANGED: _told(
        N_("Your password at %(marketplace)s was changed"),
        N_("The password of your account was changed on %(moment)s."),
        N_("To your account"),
    ),
    Letter.FACTORS_CHANGED: _told(
        N_("The second step of your sign-in at %(marketplace)s was changed"),
        N_("What your account asks for beside the password was changed on %(moment)s."),
        N_("To your account"),
    ),
    Letter.FORGOTTEN: _told(
        N_("Your account at %(marketplace)s is gone"),
        N_(
            "On %(moment)s your name, your address and all that you signed in with were removed. This is the "
            "last letter."
        ),
        note=N_("Records of money stay, under a number without your name."),
    ),
}
"""Values: `url` (where the button leads); `until` or `at` (microseconds) where the text tells a moment."""
