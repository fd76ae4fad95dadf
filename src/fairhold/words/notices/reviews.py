"""What is said of reviews."""

from fairhold.domain.actors import Role
from fairhold.domain.review import Part, Verdict
from fairhold.engine.notices.tellings import Topic
from fairhold.words.catalog import N_
from fairhold.words.notices.lines import Line, Side, Text, said

_B, _S = Role.BUYER, Role.SELLER


def _of(part: Part, *decided: tuple[Verdict, str]) -> tuple[Line, ...]:
    """Sentences about a review or an answer, by the decision on it."""
    return tuple(Line(text, given=f"decided={part}/{verdict}") for verdict, text in decided)


REVIEW_TEXTS: dict[tuple[Topic, Side], Text] = {
    (Topic.REVIEW_ASKED, _B): said(
        N_("How was your purchase?"),
        N_("Your review helps others to choose. Stars alone are enough."),
        N_("The seller does not learn who wrote it, unless you want that."),
    ),
    (Topic.REVIEW_ASKED, _S): said(
        N_("How was the deal with this buyer?"), N_("Your review helps other sellers. Stars alone are enough.")
    ),
    (Topic.REVIEW_RECEIVED, _B): said(N_("The seller reviewed you: %(stars)s"), N_("You can reply to it once.")),
    (Topic.REVIEW_RECEIVED, _S): said(N_("A buyer reviewed you: %(stars)s"), N_("You can reply to it once.")),
    (Topic.REVIEW_REVISED, _B): said(N_("The seller revised the review of you: %(stars)s")),
    (Topic.REVIEW_REVISED, _S): said(N_("A buyer revised the review of you: %(stars)s")),
    (Topic.REVIEW_REPLIED, _B): said(N_("The seller replied to your review")),
    (Topic.REVIEW_REPLIED, _S): said(N_("The buyer replied to your review")),
    (Topic.REVIEW_MODERATED, None): Text(
        (
            *_of(
                Part.REVIEW,
                (Verdict.PUBLISH, N_("Your review is published")),
                (Verdict.HIDE, N_("Your review was taken down")),
                (Verdict.WITHDRAW, N_("Your review was withdrawn after a legal demand")),
            ),
            *_of(
                Part.REPLY,
                (Verdict.PUBLISH, N_("Your reply is published")),
                (Verdict.HIDE, N_("Your reply was taken down")),
                (Verdict.WITHDRAW, N_("Your reply was withdrawn after a legal demand")),
            ),
        ),
        (Line(N_("A moderator decided it; the reasons are on the review's page.")),),
    ),
    (Topic.REVIEW_AUTOMATIC, _B): said(
        N_("You have an automatic rating: %(stars)s"),
        N_("The seller left no review in time. It is marked and counts in no average."),
    ),
    (Topic.REVIEW_AUTOMATIC, _S): said(
        N_("You have an automatic rating: %(stars)s"),
        N_("The buyer left no review in time. It is marked and counts in no average."),
    ),
}
