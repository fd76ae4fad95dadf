"""Orders that await a review, and the part of an order's page that is about reviews."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from fairhold.domain.actors import Role
from fairhold.domain.instants import DAY, Instant, between
from fairhold.domain.order import PaymentState
from fairhold.domain.reasons import Reason
from fairhold.domain.review import MAX_RATING, Review, other_side
from fairhold.domain.review_guards import is_named, may_see_review
from fairhold.domain.reviewing import completed_at, review_by, reviews_end
from fairhold.domain.status import stages
from fairhold.web.views.lines import picture_of
from fairhold.web.views.parts import Link, Pill
from fairhold.web.views.reviews_form import BASES, automatic_sentence
from fairhold.web.views.reviews_lists import ListedReview
from fairhold.web.views.sight import Sight
from fairhold.words import dates
from fairhold.words.catalog import N_
from fairhold.words.refusals import refusal_text

_SOON = 3 * DAY


@dataclass(frozen=True)
class Awaited:
    """An order in the list of those that await the reader's review."""

    id: str
    head: str
    url: str
    pill: Pill
    thumb: str
    title: str
    more: str
    lead: str
    text: str
    link: Link


def awaited(sight: Sight) -> Awaited:
    """The order as a card: until when, and what the other side has said."""
    order, more = sight.order, len(sight.order.lines) - 1
    words = sight.reader.words
    return Awaited(
        id=order.id,
        head=sight.say(N_("Order %(number)s · %(who)s"), number=sight.number, who=sight.other_side()),
        url=sight.url,
        pill=_until(sight),
        thumb=picture_of(sight, order.lines[0]),
        title=sight.title(order.lines[0]),
        more=words.ngettext("and %(num)d more item", "and %(num)d more items", more) if more else "",
        lead=_given(sight),
        text=_completed(sight),
        link=Link(sight.say(N_("Leave a review")), f"{sight.url}/review", main=True),
    )


def one_main(cards: Iterable[Awaited]) -> tuple[Awaited, ...]:
    """The cards with one main button among them: a page has one way on."""
    return tuple(
        replace(card, link=replace(card.link, main=False)) if position else card for position, card in enumerate(cards)
    )


def _until(sight: Sight) -> Pill:
    ends = reviews_end(sight.order)
    if ends is None:
        return Pill(sight.say(N_("Can be reviewed already")), "clock")
    day, left = sight.moment(ends), between(sight.now, ends)
    if left < _SOON:
        remaining = dates.remaining(sight.reader, left, coarse=True)
        return Pill(sight.say(N_("%(left)s, until %(moment)s"), left=_capital(remaining), moment=day), "clock", "turn")
    return Pill(sight.say(N_("Until %(moment)s"), moment=day), "clock")


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _completed(sight: Sight) -> str:
    order = sight.order
    last = max((at for portion in order.portions if (at := completed_at(order, portion)) is not None), default=None)
    if last is None:
        return ""
    day = dates.day(sight.reader, Instant(last), sight.now)
    if stages(order) and reviews_end(order) is None:
        return sight.say(N_("A part of the order was completed on %(day)s."), day=day)
    return sight.say(N_("The deal was completed on %(day)s."), day=day)


def _given(sight: Sight) -> str:
    """What the other side has given the reader, where the reader may know it."""
    theirs = review_by(sight.order, other_side(sight.actor.role))
    if theirs is None or theirs.automatic or not is_shown(sight, theirs):
        return ""
    message = N_("The seller gave you %(given)d of %(most)d.")
    if sight.actor.role is Role.SELLER:
        message = N_("The buyer gave you %(given)d of %(most)d.")
    return sight.say(message, given=theirs.rating, most=MAX_RATING)


def is_shown(sight: Sight, review: Review) -> bool:
    """Whether the reader may know that the other side's review is about this order (S32)."""
    return may_see_review(review, sight.actor) and is_named(review, sight.actor)


@dataclass(frozen=True)
class OrderReviews:
    """Reviews beside an order: `text` says until when one can be left, or why none can."""

    text: str
    foot: str
    link: Link | None
    mine: ListedReview | None
    theirs: ListedReview | None
    every: Link


def order_reviews(sight: Sight, mine: ListedReview | None, theirs: ListedReview | None) -> OrderReviews | None:
    """What the order's page says about reviews; None while there is nothing to say."""
    mine = _beside(mine, sight.say(N_("Your review")))
    by_seller = sight.actor.role is Role.BUYER
    theirs = _beside(
        theirs, sight.say(N_("The seller's review of you") if by_seller else N_("The buyer's review of you"))
    )
    every = Link(sight.say(N_("All my reviews")), BASES[sight.actor.role])
    action = sight.action("review")
    if action is None or (action.code is Reason.NOT_COMPLETED and not _may_complete(sight)):
        return None
    if action.available:
        ends = reviews_end(sight.order)
        text = sight.say(N_("Tell how the deal went. Stars alone are enough."))
        if ends is not None:
            text = sight.say(
                N_("Tell how the deal went, until %(moment)s. Stars alone are enough."), moment=sight.moment(ends)
            )
        link = Link(sight.say(N_("Leave a review")), f"{sight.url}/review", main=True)
        return OrderReviews(text, automatic_sentence(sight), link, mine, theirs, every)
    text = ""
    if action.code is Reason.NOT_COMPLETED:
        text = refusal_text(sight.reader.words, Reason.NOT_COMPLETED).detail
    elif action.code is not None and mine is None:
        text = refusal_text(sight.reader.words, action.code).title
    return OrderReviews(text, "", None, mine, theirs, every)


def _beside(listed: ListedReview | None, title: str) -> ListedReview | None:
    """The review as it stands on its order's page, which tells the rest."""
    return replace(listed, card=replace(listed.card, who=title, url="", about="")) if listed is not None else None


def _may_complete(sight: Sight) -> bool:
    return sight.order.payment is PaymentState.RECEIVED and bool(stages(sight.order))
