"""The text of a review or of a reply: as its form sends it, what is wrong with it, and what a moderator will look at."""

import msgspec

from fairhold.domain.order import Order
from fairhold.domain.reasons import Reason, Refusal
from fairhold.domain.review import MAX_RATING, ReviewId
from fairhold.domain.review_commands import MAX_REVIEW_LENGTH, Screened, WriteReview
from fairhold.domain.reviewing import terms_of_reviews
from fairhold.domain.rules.reviews import write_review
from fairhold.engine.intake.screened import screened
from fairhold.screening.findings import Kind
from fairhold.screening.screen import screen
from fairhold.web.long_texts import typed_text
from fairhold.web.views.parts import Note
from fairhold.web.views.review_cards import found_in_words
from fairhold.web.views.reviews_form import languages_sentence
from fairhold.web.visits import Visit
from fairhold.words.catalog import N_
from fairhold.words.refusals import explain

MOST_KEPT = 24_000
"""Characters of a text that are kept for its author to shorten; far more than may be sent."""


def written(visit: Visit, name: str = "text") -> str:
    """A text of the form."""
    return typed_text(visit, name, MOST_KEPT)


def text_fault(visit: Visit, found: Order, text: str) -> str:
    """Why a text cannot be taken, in words that help its author; empty where it can. The rules of reviews decide."""
    looked = screened(text)
    if looked.length <= MAX_REVIEW_LENGTH:
        try:
            msgspec.convert({"rating": MAX_RATING, "text": text}, WriteReview)
        except msgspec.ValidationError:
            return visit.say(N_("There are signs in it that cannot be shown. Write it anew."))
    # What is too long is asked again as if it were not: whoever shortens it should not meet the next fault only then.
    short = msgspec.structs.replace(looked, length=min(looked.length, MAX_REVIEW_LENGTH))
    refusals = dict.fromkeys(_refused(visit, found, text, one) for one in (looked, short))
    return " ".join(_explained(visit, found, text, refusal) for refusal in refusals if refusal is not None)


def _refused(visit: Visit, found: Order, text: str, looked: Screened) -> Refusal | None:
    command = WriteReview(rating=MAX_RATING, text=text, screened=looked)
    outcome = write_review(found, command, visit.who(), visit.now, ReviewId(""))
    return outcome if isinstance(outcome, Refusal) else None


def _explained(visit: Visit, found: Order, text: str, refusal: Refusal) -> str:
    match refusal.reason:
        case Reason.TEXT_TOO_LONG:
            more = screened(text).length - MAX_REVIEW_LENGTH
            return visit.reader.words.ngettext(
                "The text is longer than %(most)d characters: shorten it by %(num)d.",
                "The text is longer than %(most)d characters: shorten it by %(num)d.",
                more,
                most=MAX_REVIEW_LENGTH,
            )
        case Reason.LINK_IN_TEXT:
            links = _pieces(text, link=True)
            return visit.say(N_("Reviews take no links. Take this out: %(links)s"), links=", ".join(links))
        case Reason.LANGUAGE_NOT_TAKEN:
            languages = languages_sentence(visit.reader.words, terms_of_reviews(found).languages)
            return visit.say(N_("This looks like another language. %(languages)s"), languages=languages)
        case _:
            title, detail = explain(visit.reader.words, refusal)
            return f"{title} {detail}"


def _pieces(text: str, *, link: bool) -> list[str]:
    found = [one.text for one in screen(text, ()).findings if (one.kind is Kind.LINK) is link]
    return list(dict.fromkeys(piece if len(piece) <= 80 else f"{piece[:79]}…" for piece in found))


def held_note(visit: Visit, *texts: str) -> Note | None:
    """That a moderator will read a text first, and why; None where nobody has to."""
    kinds = dict.fromkeys(kind for text in texts for kind in screened(text).held)
    if not kinds:
        return None
    pieces = [piece for text in texts for piece in _pieces(text, link=False)]
    title = visit.say(N_("A moderator will read this text before it appears."))
    detail = visit.say(
        N_("It seems to have %(what)s in it: %(pieces)s. Without that it appears at once."),
        what=found_in_words(visit.reader.words, " ".join(kinds)),
        pieces=", ".join(pieces),
    )
    return Note(title, detail, "", "search")
