"""Reviews: what they are called, who may do what, what silence brings and what can be revised; asked of the rules themselves."""

from collections.abc import Iterable, Iterator
from typing import Any, get_args

import msgspec

from fairhold.domain.actors import Role
from fairhold.domain.commands import MAX_PHOTOS, Command
from fairhold.domain.guards import GUARDS, check
from fairhold.domain.instants import DAY, Instant
from fairhold.domain.order import Order
from fairhold.domain.policy import Automatic, Bar, ReviewTerms, RevisionRule
from fairhold.domain.review import MAX_RATING, Moderated, Review, ReviewId, ReviewStatus, Standing
from fairhold.domain.review_commands import MAX_REVIEW_LENGTH, WriteReview
from fairhold.domain.review_guards import MAX_VERSIONS, REVIEW_GUARDS
from fairhold.domain.reviewing import automatic_reviews, must_rise, why_not_revisable
from fairhold.domain.rules.reviews import MAX_REVIEW_PHOTOS
from fairhold.words.catalog import Language, words_of
from fairhold.words.reviews import CRITERIA, REVIEW_STATUSES
from scripts.reference import markdown
from scripts.reference.bodies import MODEL, of_review
from scripts.reference.markdown import code, table
from scripts.reference.walk import PEOPLE, Node, walk

_INTRO = """
Each side of a completed deal may review it. A review belongs to its order, has a name of its own that does not tell which, and
one of these statuses. [How reviews work](../explanation/reviews.md) says why; [reviews by the API](../how-to/reviews.md)
writes one.
"""
_MEANING: dict[ReviewStatus, str] = {
    ReviewStatus.PUBLISHED: "Everybody sees it, and it counts, unless it is automatic.",
    ReviewStatus.BLIND: "Only its author sees it until the other side has written too, or the time for reviews is over.",
    ReviewStatus.IN_MODERATION: "Something in it is doubtful: its author and the staff see it until a moderator has decided.",
    ReviewStatus.HIDDEN: "A moderator took it down, or the confirmation it came after was taken back (S16).",
    ReviewStatus.WITHDRAWN: "It had to go after a legal demand; a line says so, and nothing of it is shown or counted.",
}
_BARS: dict[Bar, str] = {
    "claim_or_full_refund": (
        "a mediator was asked, or nothing of the order is left that the seller did not refund in full, by consent or silence"
    ),
    "any_dispute_unless_refunded": "any dispute in which the seller did not give money, or send the goods again; a claim always",
    "any_dispute": "any dispute, also one that was withdrawn",
    "none": "nothing",
}
_RU = words_of(Language.RU)


def page() -> str:
    """The page."""
    return markdown.page(
        "Reviews", _INTRO, _statuses(), _guards(), _who(), _bars(), _silence(), _revision(), _names(), _limits()
    )


def _statuses() -> str:
    rows = ((code(status.value), _MEANING[status]) for status in ReviewStatus)
    return "## Statuses\n\n" + table(("status", "meaning"), rows)


def _guards() -> str:
    write = next(guard for guard in GUARDS if guard.command is WriteReview)
    held = "; ".join(condition.name for condition in write.conditions)
    rows = [(code(write.command.NAME), "both sides of the deal", held)]
    rows += [
        (code(guard.command.NAME), guard.told, "; ".join(condition.name for condition in guard.conditions))
        for guard in REVIEW_GUARDS
    ]
    remark = (
        "The third part of the [table of guards](states.md#guards). Whoever cannot see a review is told that there is none: "
        "the other side sees what is published or withdrawn. Moderating and contesting concern the review or, with "
        '`part: "reply"`, the answer to it, whose author is the other side. Conditions are looked at from the left; the first '
        "that fails is [the reason](reasons.md) of the refusal."
    )
    return f"## Guards\n\n{remark}\n\n" + table(("command", "whose", "must hold"), rows)


def _who() -> str:
    samples = dict(_samples())
    rows = [
        (code(guard.command.NAME), *(_allowed(review, guard.command) for review in samples.values()))
        for guard in REVIEW_GUARDS
    ]
    remark = "Of a buyer's review of two stars, just left; each cell names who can."
    columns = ("command", *(code(name) for name in samples))
    return f"## Who may do what\n\n{remark}\n\n" + table(columns, rows)


def _completed() -> Order:
    """The model order, paid out."""
    return next(order for order in walk().orders[Node.COMPLETED] if not order.reviews and not order.disputes)


def _review(rating: int = 2, by: Role = Role.BUYER) -> Review:
    return Review(id=ReviewId(MODEL), by=by, rating=rating, left_at=_now())


def _now() -> Instant:
    return _completed().closed_at or Instant(0)


def _samples() -> Iterator[tuple[str, Review]]:
    replace, review = msgspec.structs.replace, _review()
    yield ReviewStatus.PUBLISHED.value, review
    yield ReviewStatus.BLIND.value, replace(review, blind=True)
    for standing in (Standing.HELD, Standing.HIDDEN, Standing.WITHDRAWN):
        made = replace(review, moderated=Moderated(standing=standing))
        yield made.status.value, made
    yield "automatic", replace(review, automatic=True)


def _allowed(review: Review, kind: type[Command]) -> str:
    order = msgspec.structs.replace(_completed(), reviews=(review,))
    command = next(one for one in of_review(review.id) if isinstance(one, kind))
    found = [role for role in Role if check(order, command, PEOPLE[role], _now()) is None]
    return ", ".join(role.value for role in found) or "·"


def _bars() -> str:
    remark = "A seller always may (S23). What a buyer wrote before the bar stays."
    rows = ((code(name), _BARS[name]) for name in _literals(Bar))
    return f"## What bars a buyer\n\n{remark}\n\n" + table(("`bar`", "the buyer writes no review after"), rows)


def _silence() -> str:
    rows = []
    for name in _literals(Automatic):
        cells = (_automatic(name, given) for given in (5, 4, 3, None))
        rows.append((code(name), *cells))
    remark = (
        "What is added for a side that was allowed to write and did not, at the end of the time for reviews: by what the other "
        "side gave (S26, S27). It is marked, and in no average (S34)."
    )
    columns = ("`automatic`", "5", "4", "3 or fewer", "nothing either")
    return f"## What silence brings\n\n{remark}\n\n" + table(columns, rows)


def _automatic(name: str, given: int | None) -> str:
    """What comes where one side gave so many stars, by which side it was."""
    found: dict[str, list[str]] = {}
    for side in (Role.BUYER, Role.SELLER):
        reviews = () if given is None else (_review(given, side),)
        order = msgspec.structs.replace(_completed(), reviews=reviews, review_terms=_terms(automatic=name))
        for added in automatic_reviews(order):
            found.setdefault(f"{added.rating} stars", []).append(added.side.value)
    if not found:
        return "·"
    return "; ".join(
        stars if len(set(sides)) == 2 else f"{stars}, from the {sides[0]} alone" for stars, sides in found.items()
    )


def _terms(**changes: object) -> ReviewTerms:
    return msgspec.structs.replace(ReviewTerms(), **changes)


def _revision() -> str:
    rows = [
        (code(name), *(_revisable(name, rating) for rating in range(1, MAX_RATING + 1)))
        for name in _literals(RevisionRule)
    ]
    days = ReviewTerms().revision_for // DAY
    remark = (
        f"What stars can become, by what they were, within `revision_days` ({days} by default) of being left (S28). Words, "
        "photos and criteria are given anew with them."
    )
    columns = ("`revision`", *(str(rating) for rating in range(1, MAX_RATING + 1)))
    return f"## What can be revised\n\n{remark}\n\n" + table(columns, rows)


def _revisable(name: str, rating: int) -> str:
    order = msgspec.structs.replace(_completed(), review_terms=_terms(revision=name))
    if why_not_revisable(order, _review(rating), _now()) is not None:
        return "·"
    low = rating + 1 if must_rise(order) else 1
    return str(low) if low == MAX_RATING else f"{low}–{MAX_RATING}"


def _literals(kind: object) -> Iterable[Any]:
    """The values of a literal type."""
    return get_args(kind)


def _names() -> str:
    parts = (
        f"{title}\n\n"
        + table(
            ("name", "in English", "по-русски"),
            ((code(key.value), text, _RU.gettext(text)) for key, text in of.items()),
        )
        for title, of in (("A review:", REVIEW_STATUSES), ("What a buyer rates apart (S24):", CRITERIA))
    )
    return "## Names\n\n" + "\n\n".join(parts)


def _limits() -> str:
    rows = (
        ("1", "review of a deal by each side, reply to a review, and contesting of what a moderator took down"),
        (f"{MAX_REVIEW_LENGTH}", "characters in a text, as a person counts them (S25)"),
        (str(MAX_PHOTOS), "photos of the deal, and of each product"),
        (str(MAX_REVIEW_PHOTOS), "photos in a review, its products together"),
        (str(MAX_VERSIONS), "versions of a review"),
    )
    return "## Limits\n\n" + table(("at most", "of what"), rows)
