"""Why something about a review is refused, in words: what happened, and what to do; the second half of `refusals.py`."""

from fairhold.domain.reasons import Reason
from fairhold.words.catalog import N_

REVIEW_TEXTS: dict[Reason, tuple[str, str]] = {
    Reason.TEXT_TOO_LONG: (
        N_("The text is too long."),
        N_("Shorten it and send it again. Nothing has been published."),
    ),
    Reason.LINK_IN_TEXT: (
        N_("There is a link in the text."),
        N_("Reviews and replies take no links. Remove it and send the text again. Nothing has been published."),
    ),
    Reason.LANGUAGE_NOT_TAKEN: (
        N_("Reviews are not taken in this language here."),
        N_("Write in a language that the marketplace takes, or leave stars alone. Nothing has been published."),
    ),
    Reason.ONLY_BUYER_RATES_THIS: (
        N_("Only the buyer rates this."),
        N_("Leave the criteria and the items out: a seller gives stars and a text. Nothing has been published."),
    ),
    Reason.ONLY_UPWARD: (
        N_("A review can be revised only for the better."),
        N_("Give more stars than before. Your review stays as it was."),
    ),
    Reason.TOO_MANY_PHOTOS: (
        N_("There are too many photos in this review."),
        N_("Leave some out. Nothing has been published."),
    ),
    Reason.NOT_COMPLETED: (
        N_("There is nothing to review yet."),
        N_(
            "A deal is reviewed once receipt of the goods is confirmed, or the deal has ended by itself or by a dispute."
        ),
    ),
    Reason.REVIEWS_OVER: (
        N_("The time for reviews is over."),
        N_("This deal can no longer be reviewed. Nothing has changed."),
    ),
    Reason.ALREADY_REVIEWED: (
        N_("You have reviewed this deal already."),
        N_("Find your review among your active ones: perhaps it can be revised. Nothing has changed."),
    ),
    Reason.BARRED_BY_CLAIM: (
        N_("After a mediator was asked to decide, the buyer leaves no review."),
        N_("The ruling settles the matter. The seller can still review the deal. Nothing has changed."),
    ),
    Reason.BARRED_BY_FULL_REFUND: (
        N_("After a full refund that the seller agreed to, the buyer leaves no review."),
        N_("You have all of your money back. Nothing has changed."),
    ),
    Reason.BARRED_BY_DISPUTE: (
        N_("After a dispute, the buyer leaves no review here."),
        N_("These are the marketplace's rules. The seller can still review the deal. Nothing has changed."),
    ),
    Reason.REVISION_OFF: (
        N_("Reviews are not revised here."),
        N_("What was published stays. Nothing has changed."),
    ),
    Reason.REVISION_TOO_LATE: (
        N_("The time to revise this review is over."),
        N_("It stays as it is. Nothing has changed."),
    ),
    Reason.RATING_TOO_HIGH_TO_REVISE: (
        N_("A review with this many stars cannot be revised."),
        N_("The marketplace's rules let only lower ratings be changed. Your review stays as it is."),
    ),
    Reason.TOO_MANY_VERSIONS: (
        N_("This review has been revised too many times."),
        N_("It stays as it is. If something in it is wrong, write to support."),
    ),
    Reason.AUTOMATIC_REVIEW: (
        N_("This is an automatic rating: nobody wrote it."),
        N_("It is marked, stays out of the averages, and can be neither answered nor changed. Nothing has changed."),
    ),
    Reason.REVIEW_TAKEN_DOWN: (
        N_("This was taken down by a moderator."),
        N_("Its author can ask for another moderator, once. Nothing has changed."),
    ),
    Reason.NOT_PUBLISHED: (
        N_("This review is not published."),
        N_("A reply is possible while the review can be read. Nothing has changed."),
    ),
    Reason.ALREADY_REPLIED: (
        N_("This review has been answered already."),
        N_("There is one reply to a review. Nothing has changed."),
    ),
    Reason.NO_REPLY: (
        N_("Nobody has answered this review."),
        N_("There is no reply to decide about. Nothing has changed."),
    ),
    Reason.ALREADY_PUBLISHED: (
        N_("This is published already."),
        N_("To take it down, choose another decision. Nothing has changed."),
    ),
    Reason.NOT_TAKEN_DOWN: (
        N_("Nobody has taken this down."),
        N_("You can ask for another moderator once somebody has. Nothing has changed."),
    ),
    Reason.ALREADY_CONTESTED: (
        N_("Another moderator has been asked already."),
        N_("What that moderator decides stands. Nothing has changed."),
    ),
    Reason.UNKNOWN_REVIEW: (
        N_("There is no such review, or you cannot see it."),
        N_("Check its name. Nothing has changed."),
    ),
}
