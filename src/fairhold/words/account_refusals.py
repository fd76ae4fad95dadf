"""Why something about an account is refused, in words: what happened, and what to do."""

from fairhold.domain.instants import MINUTE
from fairhold.engine.accounts.passwords import LONGEST, SHORTEST
from fairhold.engine.accounts.refusals import Denial, Denied
from fairhold.words.catalog import N_, Words

TEXTS: dict[Denial, tuple[str, str]] = {
    Denial.WRONG_SIGN_IN: (
        N_("E-mail or password is wrong."),
        N_("Check both, and the keyboard's language. If the password is forgotten, a new one can be set."),
    ),
    Denial.TOO_MANY_ATTEMPTS: (
        N_("Too many attempts."),
        N_("Wait %(wait)s, then try again. Nothing has changed."),
    ),
    Denial.BUSY: (
        N_("Too many people are signing in at this moment."),
        N_("Try again in a few seconds. Nothing has changed."),
    ),
    Denial.EMAIL_INVALID: (
        N_("This is no e-mail address that we can write to."),
        N_("It looks like name@example.org. Nothing was sent."),
    ),
    Denial.NAME_INVALID: (
        N_("Give a name of 1 to 80 characters, in one line."),
        N_("Nothing has changed."),
    ),
    Denial.PASSWORD_TOO_SHORT: (
        N_("The password is too short."),
        N_("It needs at least %(shortest)d characters; several words make a good one."),
    ),
    Denial.PASSWORD_TOO_LONG: (
        N_("The password is too long."),
        N_("It may have up to %(longest)d characters."),
    ),
    Denial.PASSWORD_COMMON: (
        N_("This password is among the first that thieves try."),
        N_("Choose another one; several words make a good one."),
    ),
    Denial.PASSWORD_IS_NAME: (
        N_("The password is your own name or address."),
        N_("Choose something that others cannot guess."),
    ),
    Denial.PASSWORD_WRONG: (
        N_("This is not your password."),
        N_("Check the keyboard's language. Nothing has changed."),
    ),
    Denial.LINK_SPENT: (
        N_("This link no longer works."),
        N_("It was used, its time is over, or a newer one was sent. Ask for another. Nothing has changed."),
    ),
    Denial.CODE_WRONG: (
        N_("The code does not fit."),
        N_("Each code counts once. Wait for the next one, or check the time on your phone. Nothing has changed."),
    ),
    Denial.PASSKEY_FAILED: (
        N_("The passkey was not accepted."),
        N_("Try again, or choose another way. Nothing has changed."),
    ),
    Denial.TOO_MANY_PASSKEYS: (
        N_("You have as many passkeys as one account may have."),
        N_("Remove one that you no longer use, then add the new one."),
    ),
    Denial.LAST_FACTOR: (
        N_("Staff always have a second step of signing in."),
        N_("Add another one first, then remove this one. Nothing has changed."),
    ),
    Denial.IDENTITY_FAILED: (
        N_("Signing in by the marketplace did not work."),
        N_("Begin again from the sign-in page. Nothing has changed."),
    ),
    Denial.IDENTITY_AWAY: (
        N_("The marketplace's sign-in does not answer."),
        N_("Try again in a minute. Nothing has changed."),
    ),
    Denial.NOT_HANDED_OVER: (
        N_("This link does not sign in staff."),
        N_("Staff sign in here themselves, with a second step. Nothing has changed."),
    ),
    Denial.ORDERS_OPEN: (
        N_("You have orders that are not finished."),
        N_("While money is held or a dispute is open, we must be able to reach you. Come back when they are finished."),
    ),
    Denial.STAFF_STAYS: (
        N_("Staff cannot remove their own account."),
        N_("The operator takes the staff's roles away first. Nothing has changed."),
    ),
    Denial.ROLES_MISSING: (
        N_("Choose at least one role."),
        N_("Without one there is nothing to invite to. Nothing was sent."),
    ),
    Denial.LAST_OPERATOR: (
        N_("This is the last operator."),
        N_("Make somebody else an operator first. Nothing has changed."),
    ),
    Denial.SIGN_UP_CLOSED: (
        N_("Accounts are not made here."),
        N_("Sign in through the marketplace. Nothing has changed."),
    ),
    Denial.KEY_SPENT: (
        N_("This key counts no more, or another has taken its place."),
        N_("Make a new one. Nothing has changed."),
    ),
    Denial.TOO_MANY_KEYS: (
        N_("There are as many keys as there can be."),
        N_("Use one of those that there are. Nothing has changed."),
    ),
    Denial.KEY_INVALID: (
        N_("This key cannot be made."),
        N_("Choose at least one role that it may speak for. Nothing has changed."),
    ),
}


def explain_denial(words: Words, denied: Denied) -> tuple[str, str]:
    """Title and detail of a refusal."""
    title, detail = TEXTS[denied.why]
    minutes = -(-(denied.wait or 0) // MINUTE)
    wait = words.ngettext("%(num)d minute", "%(num)d minutes", max(1, minutes))
    return words.gettext(title), words.gettext(detail, wait=wait, shortest=SHORTEST, longest=LONGEST)
