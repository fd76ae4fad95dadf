"""A review as pages show it: to its author, to the other side, to everybody. `templates/review_parts.html` lays it out.

`review_card` needs a row of the engine's (`StoredReview`), what to call the author (`author_name`), and, where the review
was revised, its versions (`queries.reviews.versions`). It decides nothing about who may see what: whoever lists rows has
done that. What a reader may not know, the caller leaves out, such as an `about` that would tell the order of an anonymous
review.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from fairhold.domain.actors import Role
from fairhold.domain.ids import PersonId
from fairhold.domain.instants import Instant
from fairhold.domain.review import MAX_RATING, ReviewStatus
from fairhold.engine.ports.reviews import StoredProductReview, StoredReview
from fairhold.engine.reading.reviews import Version
from fairhold.web.people import Directory
from fairhold.web.views.parts import Pill
from fairhold.words import dates
from fairhold.words.catalog import N_, Words
from fairhold.words.reader import Reader


@dataclass(frozen=True)
class Stars:
    """Stars in a row: `given` of `most`, and the same in words."""

    given: int
    most: int
    text: str


@dataclass(frozen=True)
class CriterionView:
    """What one criterion got, shortly."""

    name: str
    stars: int


@dataclass(frozen=True)
class ProductView:
    """What a review says of one product apart: its stars, and words and photos of its own where it has any."""

    title: str
    thumb: str
    stars: Stars
    text: str = ""
    language: str = ""
    photos: tuple[str, ...] = ()


@dataclass(frozen=True)
class Earlier:
    """What the review said before it was revised; `text` is empty where the reader sees the stars alone."""

    stars: Stars
    when: str
    at: str
    text: str = ""


@dataclass(frozen=True)
class ReplyView:
    """The other side's answer; `about` says which version it answers where the review has changed since."""

    title: str
    when: str
    at: str
    text: str
    about: str = ""
    pill: Pill | None = None
    note: str = ""


@dataclass(frozen=True)
class ReviewCard:
    """A review, ready to show. `gone` stands in place of everything that was said, where it was withdrawn.

    `who` heads the card and leads to `url`, if there is one. `note` says what follows from the pills. `language` is the
    text's, for the `lang` of its paragraph. Photos are names, shown from `/photos/{name}`.
    """

    id: str
    who: str
    url: str
    when: str
    at: str
    about: str
    about_url: str
    stars: Stars
    pills: tuple[Pill, ...]
    note: str
    text: str
    language: str
    criteria: tuple[CriterionView, ...]
    photos: tuple[str, ...]
    products: tuple[ProductView, ...]
    earlier: tuple[Earlier, ...]
    reply: ReplyView | None
    gone: str


def review_card(
    reader: Reader,
    now: Instant,
    review: StoredReview,
    *,
    who: str,
    about: str = "",
    about_url: str = "",
    own: StoredProductReview | None = None,
    versions: Sequence[Version] = (),
) -> ReviewCard:
    """The card of a review; of a product's, with the product's `own` row, its stars, words and photos.

    `about` is what it is about, such as titles of goods, and leads to `about_url`, if there is one. Of earlier versions it
    has the stars alone, and no answer that is not published. What one's own pages show beyond that, they put in its place:
    `url`, `products`, `earlier_of(…, whole=True)`, `reply_of(…, own=True)`.
    """
    words = reader.words
    apart = own is not None and bool(own.text or own.pictures)
    text = (own.text if own is not None and apart else review.text) or ""
    pictures = own.pictures if own is not None and apart else review.pictures
    gone = _gone(words, review)
    return ReviewCard(
        id=review.id,
        who=who,
        url="",
        when=dates.full_day(reader, Instant(review.left_at)),
        at=_date(reader, Instant(review.left_at)),
        about=about,
        about_url=about_url,
        stars=stars(words, own.rating if own is not None else review.rating),
        pills=() if gone else _pills(reader, review, versions),
        note=words.gettext("It was left for whoever stayed silent, and is no part of any average.")
        if review.automatic and not gone
        else "",
        text="" if gone else text,
        language=review.language,
        criteria=() if gone else _criteria(words, review),
        photos=() if gone else tuple(pictures.split()),
        products=(),
        earlier=() if gone else earlier_of(reader, versions),
        reply=reply_of(reader, now, review),
        gone=gone,
    )


def _date(reader: Reader, at: Instant) -> str:
    """The day for machines. No page tells the minute: it would tell whose deal an anonymous review is about (S32)."""
    return dates.local(reader, at).date().isoformat()


def stars(words: Words, given: int) -> Stars:
    """«4 из 5»."""
    return Stars(given, MAX_RATING, words.gettext("%(given)d of %(most)d", given=given, most=MAX_RATING))


def author_of(review: StoredReview) -> tuple[Role, PersonId]:
    """Who wrote it, or is taken to have."""
    role, _, who = review.author.partition(":")
    return Role(role), PersonId(who)


def subject_of(review: StoredReview) -> tuple[Role, PersonId]:
    """Whom it is about."""
    role, _, who = review.subject.partition(":")
    return Role(role), PersonId(who)


def author_name(names: Directory, reader: Reader, review: StoredReview) -> str:
    """What strangers and the other side call the author: nobody's name where the review is anonymous (S32)."""
    role, who = author_of(review)
    if review.automatic:
        return reader.words.gettext("Automatic rating")
    if review.anonymous:
        return side_name(reader.words, role)
    return names.name(role, who, reader.language)


def side_name(words: Words, role: Role) -> str:
    """What to call somebody whose name is not told."""
    return words.gettext("Seller") if role is Role.SELLER else words.gettext("Buyer")


_KINDS = {
    "bare_domain": N_("the address of a site"),
    "disguised_link": N_("the address of a site in disguise"),
    "phone": N_("a phone number"),
    "email": N_("an e-mail address"),
    "messenger": N_("a contact in a messenger"),
    "language": N_("another language"),
}


def found_in_words(words: Words, held: str) -> str:
    """«адрес сайта, номер телефона»: what a reading by machine found, out of the row's `held`."""
    return ", ".join(words.gettext(_KINDS[kind]) for kind in held.split() if kind in _KINDS)


def _is_withdrawn(review: StoredReview) -> bool:
    return review.status == ReviewStatus.WITHDRAWN.value


def _gone(words: Words, review: StoredReview) -> str:
    if not _is_withdrawn(review):
        return ""
    return words.gettext("This review was withdrawn: the law demanded it. Nothing of it is shown or counted.")


def _pills(reader: Reader, review: StoredReview, versions: Sequence[Version]) -> tuple[Pill, ...]:
    words, found = reader.words, []
    if review.automatic:
        found.append(Pill(words.gettext("Automatic"), "info"))
    if len(versions) > 1:
        was, became = versions[0].said.rating, versions[-1].said.rating
        changed = words.gettext("Revised: was %(was)d, became %(became)d", was=was, became=became)
        found.append(Pill(changed if was != became else words.gettext("Revised"), ""))
    elif review.version > 1:
        found.append(Pill(words.gettext("Revised"), ""))
    return tuple(found)


def _criteria(words: Words, review: StoredReview) -> tuple[CriterionView, ...]:
    given = (
        (words.gettext("Description"), review.accuracy),
        (words.gettext("Communication"), review.communication),
        (words.gettext("Shipping speed"), review.speed),
    )
    return tuple(CriterionView(name, got) for name, got in given if got is not None)


def earlier_of(reader: Reader, versions: Sequence[Version], *, whole: bool = False) -> tuple[Earlier, ...]:
    """What the review was before its last version; `whole`: with its words."""
    return tuple(
        Earlier(
            stars(reader.words, version.said.rating),
            dates.full_day(reader, version.at),
            _date(reader, version.at),
            (version.said.text or "") if whole else "",
        )
        for version in versions[:-1]
    )


_REPLY_PILLS = {
    ReviewStatus.IN_MODERATION.value: (N_("Being checked"), "search", ""),
    ReviewStatus.HIDDEN.value: (N_("Hidden"), "alert", "bad"),
    ReviewStatus.WITHDRAWN.value: (N_("Withdrawn after a legal demand"), "cross", ""),
}
_REPLY_NOTES = {
    ReviewStatus.IN_MODERATION.value: N_("A moderator looks at it first; until then only you see it."),
    ReviewStatus.HIDDEN.value: N_("A moderator has hidden it; only you see it."),
    ReviewStatus.WITHDRAWN.value: N_("It was withdrawn: the law demanded it."),
}


def reply_of(reader: Reader, now: Instant, review: StoredReview, *, own: bool = False) -> ReplyView | None:
    """The answer, where it is published; `own`: the reader wrote it and sees it, whatever a moderator made of it."""
    words, shown = reader.words, review.reply_status == ReviewStatus.PUBLISHED.value
    if review.reply_at is None or not (shown or own) or (_is_withdrawn(review) and not own):
        return None
    role, _ = subject_of(review)
    titles = {Role.SELLER: words.gettext("The seller's reply"), Role.BUYER: words.gettext("The buyer's reply")}
    about = ""
    if review.reply_version is not None and review.reply_version < review.version:
        about = words.gettext("It answers an earlier version of the review.")
    pill, note = None, ""
    if not shown:
        text, icon, kind = _REPLY_PILLS[review.reply_status]
        pill, note = Pill(words.gettext(text), icon, kind), words.gettext(_REPLY_NOTES[review.reply_status])
    at = Instant(review.reply_at)
    return ReplyView(
        title=words.gettext("Your reply") if own else titles[role],
        when=dates.day(reader, at, now),
        at=_date(reader, at),
        text=review.reply or "",
        about=about,
        pill=pill,
        note=note,
    )
