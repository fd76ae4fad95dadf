"""The form of a review: what it asks for, and what it says around that. `templates/reviews_form.html` lays it out."""

from dataclasses import dataclass, field

from fairhold.domain.actors import Role
from fairhold.domain.commands import MAX_PHOTOS
from fairhold.domain.ids import LineId
from fairhold.domain.order import Line
from fairhold.domain.review import MAX_RATING, Criterion, Review, other_side
from fairhold.domain.review_commands import MAX_REVIEW_LENGTH
from fairhold.domain.reviewing import barred, must_rise, reviews_end, terms_of_reviews
from fairhold.web.views.lines import picture_of
from fairhold.web.views.parts import Link
from fairhold.web.views.review_cards import side_name
from fairhold.web.views.sight import Sight
from fairhold.words import dates
from fairhold.words.catalog import N_, Words
from fairhold.words.reviews import CRITERIA

BASES = {Role.BUYER: "/reviews", Role.SELLER: "/selling/reviews"}
"""Where each side's own reviews are."""
_WORDS = (N_("bad"), N_("so-so"), N_("all right"), N_("good"), N_("excellent"))


@dataclass(frozen=True)
class Star:
    """One choice: `text` is for ears, `word` for eyes; `off` where it may not be chosen."""

    value: int
    text: str
    word: str
    chosen: bool
    off: bool


@dataclass(frozen=True)
class Rate:
    """A row of stars to choose from; `name` is its field's."""

    name: str
    label: str
    stars: tuple[Star, ...]
    hint: str = ""


@dataclass(frozen=True)
class PieceForm:
    """Words and photos for the deal, or for one product; `ending` tells their fields from others'."""

    ending: str
    label: str
    text: str
    photos: tuple[str, ...]
    most_photos: int = MAX_PHOTOS
    most_signs: int = MAX_REVIEW_LENGTH


@dataclass(frozen=True)
class ProductForm:
    """A product with stars, words and photos of its own. `begun`: something was said; `adding`: a photo is to be chosen."""

    id: str
    title: str
    thumb: str
    rate: Rate
    piece: PieceForm
    begun: bool
    adding: bool


@dataclass(frozen=True)
class ReviewForm:
    """Everything on the form. It is sent to `action`, and looked at again at `look`."""

    title: str
    crumb: Link
    lead: str
    action: str
    look: str
    rate: Rate
    criteria: tuple[Rate, ...]
    piece: PieceForm
    languages: str
    products: tuple[ProductForm, ...]
    anonymous: bool
    anonymous_hint: str
    submit: str
    later: Link
    blind: str
    foot: str


@dataclass(frozen=True)
class Piece:
    """What is said of the deal, or of one product: `rating` is None where no star was chosen, `photos` are names."""

    rating: int | None = None
    text: str = ""
    photos: tuple[str, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether nothing is said."""
        return self.rating is None and not self.text and not self.photos


@dataclass(frozen=True)
class ReviewDraft:
    """What was said so far. None of it is trusted, but for the names of lines. `photos_for`: the line to add photos to."""

    deal: Piece = Piece()
    criteria: dict[Criterion, int | None] = field(default_factory=dict)
    anonymous: bool = True
    products: dict[LineId, Piece] = field(default_factory=dict)
    photos_for: str = ""


def review_form(sight: Sight, draft: ReviewDraft, revised: Review | None = None) -> ReviewForm:
    """The form as it stands; `revised` is the review that it would change."""
    least = 1 if revised is None or not must_rise(sight.order) else revised.rating + 1
    hint = ""
    if revised is not None and least > 1:
        hint = sight.say(N_("Now it is %(now)d of 5. The stars can only become more."), now=revised.rating)
    base = BASES[sight.actor.role]
    url = f"{sight.url}/review" if revised is None else f"{base}/{revised.id}/revision"
    buyer = sight.actor.role is Role.BUYER
    label = N_("What to tell other buyers") if buyer else N_("What to tell other sellers")
    crumb = Link(sight.say(N_("Order %(number)s"), number=sight.number), sight.url)
    return ReviewForm(
        title=_title(sight, revised),
        crumb=crumb if revised is None else Link(sight.say(N_("My reviews")), f"{base}?tab=given"),
        lead=_lead(sight, revised),
        action=url,
        look=f"{url}/form",
        rate=_rate(sight, "rating", sight.say(N_("The deal as a whole")), draft.deal.rating, least, hint=hint),
        criteria=tuple(_criterion(sight, criterion, stars) for criterion, stars in draft.criteria.items()),
        piece=PieceForm("", sight.say(label), draft.deal.text, draft.deal.photos),
        languages=languages_sentence(sight.reader.words, terms_of_reviews(sight.order).languages),
        products=tuple(
            _product(sight, line, draft.products[line.id], draft)
            for line in sight.order.lines
            if line.id in draft.products
        ),
        anonymous=draft.anonymous,
        anonymous_hint=_anonymous_hint(sight),
        submit=sight.say(N_("Publish the review") if revised is None else N_("Publish the new version")),
        later=Link(sight.say(N_("Later")), sight.url)
        if revised is None
        else Link(sight.say(N_("Leave it as it is")), f"{base}?tab=given"),
        blind=_blind(sight) if revised is None or revised.blind else "",
        foot=automatic_sentence(sight) if revised is None else sight.say(N_("Earlier versions stay on record.")),
    )


def _title(sight: Sight, revised: Review | None) -> str:
    if revised is not None:
        return sight.say(N_("Revise the review"))
    return sight.say(N_("How was the purchase?") if sight.actor.role is Role.BUYER else N_("How was the buyer?"))


def _lead(sight: Sight, revised: Review | None) -> str:
    who = sight.other_side()
    head = sight.say(N_("Order %(number)s · %(who)s."), number=sight.number, who=who)
    if revised is not None:
        return head
    ends = reviews_end(sight.order)
    if ends is None:
        when = sight.say(N_("You can leave it now or later. Stars alone are enough."))
    else:
        day = dates.moment(sight.reader, ends, sight.now)
        when = sight.say(N_("You can leave it now or later, until %(moment)s. Stars alone are enough."), moment=day)
    return f"{head} {when}"


def _rate(sight: Sight, name: str, label: str, chosen: int | None, least: int = 1, *, hint: str = "") -> Rate:
    stars = tuple(
        Star(
            value=value,
            text=sight.say(
                N_("%(given)d of %(most)d: %(word)s"), given=value, most=MAX_RATING, word=sight.say(_WORDS[value - 1])
            ),
            word=sight.say(_WORDS[value - 1]),
            chosen=value == chosen and value >= least,
            off=value < least,
        )
        for value in range(1, MAX_RATING + 1)
    )
    return Rate(name, label, stars, hint)


def _criterion(sight: Sight, criterion: Criterion, chosen: int | None) -> Rate:
    return _rate(sight, criterion.value, sight.say(CRITERIA[criterion]), chosen)


def _product(sight: Sight, line: Line, piece: Piece, draft: ReviewDraft) -> ProductForm:
    ending = f"-{line.id}"
    return ProductForm(
        id=line.id,
        title=sight.title(line),
        thumb=picture_of(sight, line),
        rate=_rate(sight, f"rating{ending}", sight.say(N_("Stars for this item")), piece.rating),
        piece=PieceForm(ending, sight.say(N_("About this item")), piece.text, piece.photos),
        begun=not piece.empty,
        adding=draft.photos_for == line.id,
    )


def languages_sentence(words: Words, languages: tuple[str, ...]) -> str:
    """In which languages reviews are written here; nothing where any will do."""
    match tuple(sorted(languages)):
        case ("en", "ru"):
            return words.gettext("Write in Russian or in English.")
        case ("ru",):
            return words.gettext("Write in Russian.")
        case ("en",):
            return words.gettext("Write in English.")
        case _:
            return ""


def _anonymous_hint(sight: Sight) -> str:
    side = side_name(sight.reader.words, sight.actor.role)
    if sight.actor.role is Role.BUYER:
        return sight.say(
            N_("The review is signed “%(side)s” and says nothing of the order. The seller never sees your e-mail."),
            side=side,
        )
    return sight.say(N_("The review is signed “%(side)s” and says nothing of the order."), side=side)


def _blind(sight: Sight) -> str:
    order = sight.order
    if terms_of_reviews(order).publication != "blind" or barred(order, other_side(sight.actor.role)) is not None:
        return ""
    ends = reviews_end(order)
    if ends is None:
        return sight.say(
            N_("Neither side sees the other's review before both have written, or the time for it is over.")
        )
    return sight.say(
        N_("Neither side sees the other's review before both have written, or before %(moment)s."),
        moment=sight.moment(ends),
    )


_IF_SILENT = {
    Role.BUYER: {
        "four_for_four": N_("If you leave no review and the seller gives you 4 or 5, the seller gets an automatic 4."),
        "same_for_five": N_("If you leave no review and the seller gives you 5, the seller gets an automatic 5."),
        "five_for_silent_buyer": N_("If you leave no review, the seller gets an automatic 5."),
    },
    Role.SELLER: {
        "four_for_four": N_("If you leave no review and the buyer gives you 4 or 5, the buyer gets an automatic 4."),
        "same_for_five": N_("If you leave no review and the buyer gives you 5, the buyer gets an automatic 5."),
    },
}


def automatic_sentence(sight: Sight) -> str:
    """What silence brings (S26); nothing where it brings nothing."""
    sentence = _IF_SILENT.get(sight.actor.role, {}).get(terms_of_reviews(sight.order).automatic)
    if sentence is None:
        return ""
    marked = sight.say(N_("It is marked as such and is no part of any average."))
    return f"{sight.say(sentence)} {marked}"
