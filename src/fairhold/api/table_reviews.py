"""The calls on reviews and on what people are known for: the third part of the table of routes."""

from fairhold.api import asking_reviews as build
from fairhold.api import readings_public as public
from fairhold.api import readings_reviews as readings
from fairhold.api import reporting
from fairhold.api.parameters import CURSOR, DRY_RUN, LIMIT, ROLE
from fairhold.api.parameters_reviews import LANGUAGE, PHOTO, RATING, REVIEW_SORT, REVIEW_TAB
from fairhold.api.review_bodies import (
    ContestingModeration,
    Moderating,
    Replying,
    Reporting,
    Reviewing,
    Revising,
)
from fairhold.api.rows import Route, ask, ask_review, change, read
from fairhold.api.wire_reviews import PublicReviews, ReputationOut, ReviewDetail, ReviewList, StandingOut
from fairhold.domain.actors import PEOPLE, Role
from fairhold.domain.review_commands import ContestModeration, ModerateReview, ReplyToReview, ReviseReview, WriteReview

_BUYER, _SELLER, _MEDIATOR, _OPERATOR = Role.BUYER, Role.SELLER, Role.MEDIATOR, Role.OPERATOR
_WORDS = ("text_too_long", "link_in_text", "language_not_taken")
_STATED = (
    *_WORDS,
    "only_buyer_rates_this",
    "unknown_line",
    "duplicate_line",
    "photo_not_yours",
    "too_many_photos_in_review",
    "not_completed",
)
_FILTERS = (RATING, PHOTO, LANGUAGE, REVIEW_SORT, LIMIT, CURSOR)

REVIEW_ROUTES: tuple[Route, ...] = (
    ask(
        "/orders/{order}/reviews",
        "writeReview",
        "What one side thinks of the deal, from the first line that completes until 30 days after the last one (S22). Stars"
        " can stand alone.",
        Reviewing,
        build.write,
        (WriteReview,),
        {_BUYER, _SELLER},
        *_STATED,
        "barred_by_claim",
        "barred_by_full_refund",
        "barred_by_dispute",
        "already_reviewed",
        "reviews_over",
    )._replace(reads_texts=True),
    read(
        "/reviews",
        "listReviews",
        "The caller's reviews, those about them, and orders that await one (S30); for the staff the moderators' queue.",
        readings.reviews,
        ReviewList,
        PEOPLE,
        ROLE,
        REVIEW_TAB,
        LIMIT,
        CURSOR,
    ),
    read(
        "/reviews/{review}",
        "getReview",
        "One review with its versions; for its author and the staff also what moderators decided. A published one is there for"
        " everybody with a key.",
        readings.review,
        ReviewDetail,
        PEOPLE,
    ),
    ask_review(
        "/reviews/{review}/revision",
        "reviseReview",
        "Its author says it anew (S28); by the usual policy only below three stars, and only for the better.",
        Revising,
        build.revise,
        (ReviseReview,),
        {_BUYER, _SELLER},
        *_STATED,
        "only_upward",
        "rating_too_high_to_revise",
        "revision_too_late",
        "revision_off",
        "too_many_versions",
        "review_taken_down",
        "automatic_review",
    ),
    ask_review(
        "/reviews/{review}/reply",
        "replyToReview",
        "The other side answers, once (S29).",
        Replying,
        build.reply,
        (ReplyToReview,),
        {_BUYER, _SELLER},
        *_WORDS,
        "already_replied",
        "not_published",
        "automatic_review",
    ),
    change(
        "/reviews/{review}/report",
        "reportReview",
        "Somebody says that a published review should not be there. It goes to the moderators and changes nothing by itself."
        " One person reports a review once: a repeat answers the same.",
        Reporting,
        reporting.report,
        ReviewDetail,
        PEOPLE,
        "not_published",
        "too_many_reports",
    )._replace(parameters=(DRY_RUN,)),
    ask_review(
        "/reviews/{review}/moderation",
        "moderateReview",
        "A moderator publishes, hides or (after a legal demand) withdraws a review, or with `part` the answer to it. The author"
        " is told the reasons.",
        Moderating,
        build.moderate,
        (ModerateReview,),
        {_MEDIATOR, _OPERATOR},
        "already_published",
        "review_taken_down",
        "no_reply",
        "automatic_review",
        "conflict_of_interest",
        "same_mediator",
    ),
    ask_review(
        "/reviews/{review}/contest",
        "contestModeration",
        "The author of what was taken down asks for another moderator, once.",
        ContestingModeration,
        build.contest,
        (ContestModeration,),
        {_BUYER, _SELLER},
        "not_taken_down",
        "already_contested",
        "no_reply",
    ),
    read(
        "/sellers/{seller}/reviews",
        "listSellerReviews",
        "Published reviews about a seller, and all of them counted.",
        public.seller_reviews,
        PublicReviews,
        PEOPLE,
        *_FILTERS,
    )._replace(public=True, shared=True),
    read(
        "/sellers/{seller}/products/{sku}/reviews",
        "listProductReviews",
        "Published reviews about a product. The SKU is percent-encoded, its slashes too.",
        public.product_reviews,
        PublicReviews,
        PEOPLE,
        *_FILTERS,
    )._replace(public=True, shared=True),
    read(
        "/sellers/{seller}/reputation",
        "getReputation",
        "What a seller is known for: averages per criterion, how fast they ship, disputes lost.",
        public.reputation,
        ReputationOut,
        PEOPLE,
    )._replace(public=True, shared=True),
    read(
        "/buyers/{buyer}/standing",
        "getStanding",
        "What a buyer is known for: deals, reviews given, and what sellers say (S35).",
        public.standing,
        StandingOut,
        PEOPLE,
    )._replace(public=True, shared=True),
)
