"""What can be wrong with a request before any rule of the marketplace is asked: stable codes, and their words."""

from fairhold.engine.ports.photos import Unfit
from fairhold.words.catalog import N_, Words
from fairhold.words.faults import Fault
from fairhold.words.refusals import RefusalText

TEXTS: dict[Fault, RefusalText] = {
    Fault.UNAUTHORIZED: RefusalText(
        N_("A valid key is needed."),
        N_("Send the marketplace's key as “Authorization: Bearer KEY”. Nothing has changed."),
    ),
    Fault.ROLE_NOT_GRANTED: RefusalText(
        N_("This key may not speak for that role."),
        N_("Use a key that lists the role named in Fairhold-Actor. Nothing has changed."),
    ),
    Fault.SCOPE_NOT_GRANTED: RefusalText(
        N_("This key lacks the scope for that."),
        N_("Use a key that has the scope which the documentation names. Nothing has changed."),
    ),
    Fault.ACTOR_MISSING: RefusalText(
        N_("Nobody is named to speak for."),
        N_("Say in Fairhold-Actor for whom the key speaks, such as “buyer:ann”. Nothing has changed."),
    ),
    Fault.ACTOR_INVALID: RefusalText(
        N_("Fairhold-Actor names nobody."),
        N_("Write a role, a colon and the person's id, such as “buyer:ann”. Nothing has changed."),
    ),
    Fault.SIGNATURE_INVALID: RefusalText(
        N_("The signature is missing, wrong or too old."),
        N_("Sign the body as it is sent, byte for byte, with the secret that is set here. Nothing has changed."),
    ),
    Fault.ROUTE_NOT_FOUND: RefusalText(
        N_("There is no such address."),
        N_("The documentation at /docs lists every call. Nothing has changed."),
    ),
    Fault.METHOD_NOT_ALLOWED: RefusalText(
        N_("This address takes another method."),
        N_("The Allow header names the methods it takes. Nothing has changed."),
    ),
    Fault.ACCOUNT_NOT_FOUND: RefusalText(
        N_("There is no such account, or it is not yours."),
        N_("Accounts appear with their first transfer."),
    ),
    Fault.HEAD_NOT_FOUND: RefusalText(
        N_("There is no head of that day."),
        N_("A day (UTC, such as 2026-05-19) gets its head soon after its end, if any order changed on it."),
    ),
    Fault.SANDBOX_ONLY: RefusalText(
        N_("The test clock exists in the sandbox only."),
        N_("This installation runs on real time and real money. Nothing has changed."),
    ),
    Fault.NOT_IN_A_BATCH: RefusalText(
        N_("This cannot be asked for in a batch."),
        N_("Batches take commands on orders; send this one by itself. Nothing has changed."),
    ),
    Fault.IDEMPOTENCY_KEY_MISSING: RefusalText(
        N_("The idempotency key is missing."),
        N_("Send a key of your own, the same one when you repeat the request. Nothing has changed."),
    ),
    Fault.IDEMPOTENCY_KEY_INVALID: RefusalText(
        N_("The idempotency key has the wrong form."),
        N_("It has 1 to 200 printable ASCII characters. Nothing has changed."),
    ),
    Fault.UNSUPPORTED_MEDIA_TYPE: RefusalText(
        N_("The body is not declared as what this call takes."),
        N_("Send “application/json”, a photo as “multipart/form-data”, and no Content-Encoding. Nothing has changed."),
    ),
    Fault.BODY_TOO_LARGE: RefusalText(
        N_("The body is too large."),
        N_("Divide it into several requests. Nothing has changed."),
    ),
    Fault.MALFORMED_JSON: RefusalText(
        N_("The body cannot be read as JSON."),
        N_("It has to be one complete JSON object in UTF-8. Nothing has changed."),
    ),
    Fault.NESTED_TOO_DEEPLY: RefusalText(
        N_("The body is nested too deeply."),
        N_("No call needs that many levels. Nothing has changed."),
    ),
    Fault.DUPLICATE_FIELD: RefusalText(
        N_("A field is given twice."),
        N_("It would be unclear which value counts. Nothing has changed."),
    ),
    Fault.UNKNOWN_FIELD: RefusalText(
        N_("The body has a field that this call does not know."),
        N_("Check its name. Nothing has changed."),
    ),
    Fault.MISSING_FIELD: RefusalText(
        N_("The body lacks a field."),
        N_("Add it and send the request again. Nothing has changed."),
    ),
    Fault.INVALID_VALUE: RefusalText(
        N_("A value has the wrong form."),
        N_("Correct it and send the request again. Nothing has changed."),
    ),
    Fault.MALFORMED_FORM: RefusalText(
        N_("The body cannot be read as a form with a file."),
        N_("It has to be complete, with the boundary that Content-Type names. Nothing has changed."),
    ),
    Fault.PHOTO_TOO_LARGE: RefusalText(
        N_("The photo is too large."),
        N_("A file has 10 MB at most. Make it smaller and send it again. Nothing has changed."),
    ),
    Fault.UNSUPPORTED_PHOTO_TYPE: RefusalText(
        N_("This kind of file is not taken as a photo."),
        N_("Send a JPEG, a PNG or a WebP that does not move. Nothing has changed."),
    ),
    Fault.PHOTO_UNREADABLE: RefusalText(
        N_("The file cannot be read as a photo."),
        N_("It may be damaged or not have arrived whole. Open it, save it anew and send that. Nothing has changed."),
    ),
    Fault.PHOTO_TOO_MANY_PIXELS: RefusalText(
        N_("The photo has too many pixels."),
        N_(
            "A JPEG has 50 million at most, a PNG or WebP 25 million. Make it smaller and send it again. Nothing has changed."
        ),
    ),
    Fault.PHOTO_TOO_SMALL: RefusalText(
        N_("The photo is too small for anything to be seen."),
        N_("Each side has at least 8 pixels. Send a larger one. Nothing has changed."),
    ),
    Fault.TOO_MANY_PHOTOS: RefusalText(
        N_("That is as many photos as one person may send in a day."),
        N_("The next one is taken within 24 hours, at the time in Retry-After. Nothing has changed."),
    ),
    Fault.TOO_MANY_REPORTS: RefusalText(
        N_("That is as many reviews as one person may report in a day."),
        N_("The next report is taken within 24 hours, at the time in Retry-After. Nothing has changed."),
    ),
    Fault.WEBHOOK_NOT_FOUND: RefusalText(
        N_("There is no such webhook or delivery."),
        N_(
            "Endpoints that were removed are forgotten at once, what was sent to one after 30 days. Nothing has changed."
        ),
    ),
    Fault.WEBHOOK_URL_UNUSABLE: RefusalText(
        N_("Nothing can be sent to this address."),
        N_("It has to be a public address that begins with https://. Nothing has changed."),
    ),
    Fault.TOO_MANY_WEBHOOKS: RefusalText(
        N_("There are as many webhooks as there can be."),
        N_("There can be 32. Remove one that nobody needs. Nothing has changed."),
    ),
    Fault.WEBHOOK_OFF: RefusalText(
        N_("This webhook is off."),
        N_("Turn it on first, then send again what it missed. Nothing has changed."),
    ),
    Fault.DIFFERENCE_NOT_FOUND: RefusalText(
        N_("There is no such difference."),
        N_("The list of open items names each with its id. Nothing has changed."),
    ),
    Fault.DIFFERENCE_CLOSED: RefusalText(
        N_("This difference is closed already."),
        N_(
            "Either both sides have it by now, or somebody has explained it: look at it once more. Nothing has changed."
        ),
    ),
    Fault.KEY_NOT_FOUND: RefusalText(
        N_("There is no such key."),
        N_("The list of keys has all ids. Nothing has changed."),
    ),
    Fault.KEY_REPLACED: RefusalText(
        N_("This key counts no more, or another has taken its place."),
        N_("Make a new one. Nothing has changed."),
    ),
    Fault.TOO_MANY_KEYS: RefusalText(
        N_("There are as many keys as there can be."),
        N_("Use one of those that there are. Nothing has changed."),
    ),
    Fault.PAYOUT_NOT_FOUND: RefusalText(
        N_("There is no such payout."), N_("Check its id. You see your own payouts, and no others.")
    ),
    Fault.PAYEE_NOT_FOUND: RefusalText(
        N_("Nothing is known of this seller's payouts."),
        N_("Check the seller and the payment provider; a seller is known there once something was released to them."),
    ),
    Fault.UNKNOWN_PROVIDER: RefusalText(
        N_("There is no such payment provider here."),
        N_("Name one whose keys this installation has, or the sandbox. Nothing has changed."),
    ),
    Fault.NOTHING_DUE: RefusalText(
        N_("Nothing is due to this seller."), N_("Money is due once it is released. Nothing was paid out.")
    ),
    Fault.SELLER_OWES: RefusalText(
        N_("This seller owes more than is due to them."),
        N_("Chargebacks took what had been paid out. What comes in next goes there first. Nothing was paid out."),
    ),
    Fault.NO_PAYOUT_ACCOUNT: RefusalText(
        N_("Nobody has said where this seller is paid to."),
        N_("Give the name of their account at the payment provider first. Nothing was paid out."),
    ),
    Fault.ACCOUNT_NOT_PAYABLE: RefusalText(
        N_("The payment provider does not pay to this seller's account."),
        N_("It wants to know more of them: the seller has to answer its questions. Nothing was paid out."),
    ),
    Fault.PAYOUTS_PARKED: RefusalText(
        N_("Payouts to this seller wait for somebody to look."),
        N_("One did not arrive. See why, mend it, and let payouts go on. Nothing was paid out."),
    ),
    Fault.ALL_RESERVED: RefusalText(
        N_("All that is due to this seller is kept back for a while."),
        N_("They are new, or it was agreed with them. Nothing was paid out."),
    ),
    Fault.ACCOUNT_NUMBER: RefusalText(
        N_("That looks like the number of a card or of a bank account."),
        N_("Such numbers are not kept here. Give the provider's own name for the account. Nothing has changed."),
    ),
    Fault.NO_ONBOARDING: RefusalText(
        N_("This payment provider asks sellers nothing on a page of its own."),
        N_("Say where the seller is paid to yourself. Nothing has changed."),
    ),
    Fault.SELLER_REFUSED: RefusalText(
        N_("The payment provider does not take this seller."),
        N_("It may not pay to their country. Choose another provider, or ask it why. Nothing has changed."),
    ),
    Fault.NOT_STOPPED: RefusalText(
        N_("Nothing is in the way of this payout."), N_("It goes on by itself. Nothing has changed.")
    ),
    Fault.EVIDENCE_NOT_ASKED: RefusalText(
        N_("Nobody has asked to hand in evidence against this chargeback."),
        N_("Ask for it first, with a POST to the same address."),
    ),
    Fault.EVIDENCE_ASKED_BEFORE: RefusalText(
        N_("The evidence has been handed in already, with another note."),
        N_("The bank takes it a single time. Your note was not handed in. Nothing has changed."),
    ),
    Fault.EVIDENCE_NOT_TAKEN: RefusalText(
        N_("No evidence against this chargeback goes through its payment provider."),
        N_("Take the order's evidence bundle and hand it in where the provider or the bank says. Nothing has changed."),
    ),
    Fault.TOO_LATE_FOR_EVIDENCE: RefusalText(
        N_("The bank hears no more evidence against this chargeback."),
        N_("Its time for that has passed. Nothing has changed."),
    ),
    Fault.BANK_TASK_NOT_FOUND: RefusalText(
        N_("There is no such bank transfer."),
        N_("The list of transfers has all references. Nothing has changed."),
    ),
    Fault.BANK_OWN_ORDER: RefusalText(
        N_("Nobody confirms money of an order of their own."),
        N_("Another operator has to say this. Nothing has changed."),
    ),
    Fault.BANK_ANOTHER_WORD: RefusalText(
        N_("Somebody has said something else of this transfer."),
        N_(
            "Compare the sum and the bank's reference with the statement. If the first word is wrong, take it back and say what"
            " is right. Nothing has changed."
        ),
    ),
    Fault.BANK_SETTLED: RefusalText(
        N_("This transfer is settled already."),
        N_("Open it to see who said what. Nothing has changed."),
    ),
    Fault.TOO_MANY_MESSAGES: RefusalText(
        N_("That is as much as one person may write to support in an hour."),
        N_("The next message is taken at the time in Retry-After. What you have written is being read."),
    ),
    Fault.UNKNOWN_PARAMETER: RefusalText(
        N_("The address has a parameter that this call does not know."),
        N_("Check its name. Nothing has changed."),
    ),
    Fault.INVALID_PARAMETER: RefusalText(
        N_("A parameter of the address has the wrong form."),
        N_("Correct it and send the request again. Nothing has changed."),
    ),
    Fault.INVALID_CURSOR: RefusalText(
        N_("The cursor does not belong to this list."),
        N_("Use the cursor as the list gave it, or begin again without one."),
    ),
    Fault.OVERLOADED: RefusalText(
        N_("Too much is waiting just now."),
        N_("Send it again after the time in Retry-After, with the same key. Nothing has changed."),
    ),
    Fault.UNAVAILABLE: RefusalText(
        N_("The database cannot be reached just now."),
        N_("Send it again after the time in Retry-After, with the same key."),
    ),
    Fault.INTERNAL_ERROR: RefusalText(
        N_("Something went wrong on our side."),
        N_("It has been noted. Send it again with the same key; it happens once at most."),
    ),
}


HINTS: dict[str, str] = {
    "whole number": N_("A whole number is expected."),
    "text": N_("A text is expected."),
    "yes or no": N_("true or false is expected."),
    "list": N_("A list is expected."),
    "object": N_("An object is expected."),
    "text or object": N_("A text or an object is expected."),
    "at least": N_("At least %(limit)s is expected."),
    "at most": N_("At most %(limit)s is expected."),
    "shorter": N_("The length is %(limit)s at most."),
    "longer": N_("The length is %(limit)s at least."),
    "characters": N_("It has characters that do not belong there, or none that can be seen."),
    "out of range": N_("The number is out of every range."),
    "choice": N_("The value is none of those that exist."),
    "day": N_("A day is written as 2026-05-19, and has to be within reach."),
    "instant": N_("A moment is written as 2026-05-19T15:40:00Z."),
    "unpaired": N_("The text has half of a character (a lone surrogate or broken UTF-8)."),
    "not a number": N_("NaN and Infinity are no numbers of JSON."),
    "a file": N_("A file with a name is expected."),
    "given twice": N_("It is given twice."),
    "url malformed": N_("This is no address that can be read."),
    "url not_https": N_("Only https:// is called; http:// in the sandbox alone."),
    "url with_password": N_("A name or a password in the address would stand in every log."),
    "url with_fragment": N_("What stands behind # is never sent."),
    "url port": N_("Of the ports below 1024 only 80 and 443 are called."),
    "url private": N_("This address belongs to a private network."),
    "url too_long": N_("It has 2000 characters at most."),
    "address": N_("This is no address of e-mail that letters reach."),
    "zone": N_("A time zone is named as in Europe/Moscow."),
    "bank sum": N_("The sum is above zero, and no larger than what was sent."),
    "one of two": N_("Give exactly one of “seconds” and “to”."),
}
"""What was expected in place of a wrong value, by the name that the faces use."""


UNFIT: dict[Unfit, Fault] = {
    Unfit.TOO_LARGE: Fault.PHOTO_TOO_LARGE,
    Unfit.UNSUPPORTED_TYPE: Fault.UNSUPPORTED_PHOTO_TYPE,
    Unfit.UNREADABLE: Fault.PHOTO_UNREADABLE,
    Unfit.TOO_MANY_PIXELS: Fault.PHOTO_TOO_MANY_PIXELS,
    Unfit.TOO_SMALL: Fault.PHOTO_TOO_SMALL,
}
"""What is said of a file that is not taken as a photo."""


def fault_text(words: Words, fault: Fault, hint: str | None = None, limit: str = "") -> RefusalText:
    """Title and detail of `fault`, led by the hint of that name; `limit` is the bound that was broken."""
    title, detail = TEXTS[fault]
    if hint is None:
        return RefusalText(words.gettext(title), words.gettext(detail))
    said = words.gettext(HINTS[hint], limit=limit) if limit else words.gettext(HINTS[hint])
    return RefusalText(words.gettext(title), f"{said} {words.gettext(detail)}")
