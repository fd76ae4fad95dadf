"""What a seller or a product is known for, as everybody may see it: the score and what it is made of (S34).

Averages are of people's reviews alone. The automatic ones are counted beside them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote

from babel.numbers import format_decimal

from fairhold.domain.instants import DAY, Duration
from fairhold.domain.reputation import Tally
from fairhold.domain.review import MAX_RATING
from fairhold.engine.reading.reputation import Reputation, Shipping
from fairhold.web.views.public_filters import Wish, star_name, with_stars
from fairhold.words.catalog import N_
from fairhold.words.money import percent
from fairhold.words.reader import Reader


def seller_url(seller: str) -> str:
    """The public page of a seller."""
    return f"/sellers/{quote(seller, safe='')}"


def product_url(seller: str, sku: str) -> str:
    """The public page of a product. A SKU may hold anything that can be printed, slashes and blanks too."""
    return f"{seller_url(seller)}/products/{quote(sku, safe='')}"


@dataclass(frozen=True)
class Rating:
    """An average: in figures, as a share of all five stars in per cent, and in words for whoever sees no stars."""

    figure: str
    share: int
    text: str
    people: str


@dataclass(frozen=True)
class StarBar:
    """How many gave so many stars; the link asks for these alone, or takes that off."""

    stars: int
    count: int
    name: str
    url: str
    on: bool


@dataclass(frozen=True)
class Measure:
    """Something measured: `value` in per cent where it is to be drawn, `note` says of how many."""

    name: str
    figure: str
    value: int | None = None
    note: str = ""


@dataclass(frozen=True)
class Score:
    """The whole of it: without `rating` nobody has said anything so far."""

    rating: Rating | None
    bars: tuple[StarBar, ...]
    top: int
    automatic: str
    criteria: tuple[Measure, ...]


def average(tally: Tally) -> float | None:
    """The stars of people's reviews, on average."""
    return tally.stars / tally.people if tally.people else None


def one_digit(reader: Reader, value: float) -> str:
    """«4,7»."""
    return format_decimal(value, "0.0", locale=reader.words.locale)


def number(reader: Reader, value: int) -> str:
    """«1 846»."""
    return format_decimal(value, "#,##0", locale=reader.words.locale)


def rating_of(reader: Reader, tally: Tally) -> Rating | None:
    """The average; None where no person has reviewed."""
    mean = average(tally)
    if mean is None:
        return None
    words, figure = reader.words, one_digit(reader, mean)
    text = words.gettext(N_("%(average)s of %(most)d"), average=figure, most=MAX_RATING)
    return Rating(figure, round(mean * 100 / MAX_RATING), text, reviews_in_words(reader, tally.people))


def reviews_in_words(reader: Reader, count: int) -> str:
    """«312 отзывов»."""
    return reader.words.ngettext("%(count)s review", "%(count)s reviews", count, count=number(reader, count))


def score_of(reader: Reader, page: str, wish: Wish, tally: Tally) -> Score:
    """The average, how many gave how many stars, and the criteria."""
    bars = tuple(
        StarBar(
            stars=stars,
            count=tally.by_stars[stars - 1],
            name=star_name(reader, stars),
            url=page + with_stars(wish, stars).query(),
            on=stars in wish.stars,
        )
        for stars in range(MAX_RATING, 0, -1)
    )
    automatic = ""
    if tally.automatic:
        automatic = reader.words.ngettext(
            "%(count)s automatic rating is not part of it.",
            "%(count)s automatic ratings are not part of it.",
            tally.automatic,
            count=number(reader, tally.automatic),
        )
    return Score(rating_of(reader, tally), bars, max(tally.people, 1), automatic, _criteria(reader, tally))


def _criteria(reader: Reader, tally: Tally) -> tuple[Measure, ...]:
    words = reader.words
    given = (
        (words.gettext(N_("As described")), tally.accuracy_n, tally.accuracy_stars),
        (words.gettext("Communication"), tally.communication_n, tally.communication_stars),
        (words.gettext("Shipping speed"), tally.speed_n, tally.speed_stars),
    )
    return tuple(
        Measure(name, one_digit(reader, stars / count), round(stars * 20 / count))
        for name, count, stars in given
        if count
    )


_PERIODS = {
    1: N_("In a month"),
    3: N_("In 3 months"),
    6: N_("In 6 months"),
    12: N_("In a year"),
}


def periods_of(reader: Reader, reputation: Reputation) -> tuple[Measure, ...]:
    """What share gave four or five, lately and in all."""
    words = reader.words
    tallies: Mapping[str, Tally] = {
        **{words.gettext(_PERIODS[months]): tally for months, tally in reputation.months.items()},
        words.gettext(N_("In all")): reputation.whole,
    }
    return tuple(_positive(reader, name, tally) for name, tally in tallies.items())


def _positive(reader: Reader, name: str, tally: Tally) -> Measure:
    if not tally.people:
        return Measure(name, "—", None, reader.words.gettext(N_("no reviews")))
    share = round(tally.positive * 100 / tally.people)
    return Measure(name, percent(reader, share * 100), share, reviews_in_words(reader, tally.people))


def deals_of(reader: Reader, reputation: Reputation, completed: int, *, or_more: bool) -> tuple[Measure, ...]:
    """How the deals go: how many there were, how fast parcels are, how many disputes were lost."""
    words = reader.words
    found = []
    if completed:
        shown = number(reader, completed) + ("+" if or_more else "")
        found.append(Measure(words.gettext(N_("Completed deals")), shown))
    found += _shipping(reader, reputation.shipping)
    if completed or reputation.whole.lost:
        lost, lately = reputation.whole.lost, reputation.months[12].lost
        note = words.gettext(N_("%(count)s of them in a year"), count=number(reader, lately)) if lost else ""
        found.append(Measure(words.gettext(N_("Lost disputes")), number(reader, lost), None, note))
    return tuple(found)


def deals_in_words(reader: Reader, completed: int, *, or_more: bool) -> str:
    """«51 завершённая сделка»."""
    if not completed:
        return reader.words.gettext(N_("A new seller: no completed deals yet"))
    shown = number(reader, completed) + ("+" if or_more else "")
    return reader.words.ngettext("%(count)s completed deal", "%(count)s completed deals", completed, count=shown)


def _shipping(reader: Reader, shipping: Shipping) -> list[Measure]:
    words = reader.words
    given = ((N_("Usually ships"), shipping.dispatch), (N_("Usually on the way"), shipping.delivery))
    return [Measure(words.gettext(name), about(reader, length)) for name, length in given if length is not None]


def about(reader: Reader, length: Duration) -> str:
    """«за 2 дня», «за день», «за несколько часов»: how long it usually takes, rounded up to whole days."""
    words, days = reader.words, -(-length // DAY)
    if length < DAY // 2:
        return words.gettext(N_("in a few hours"))
    return words.ngettext("in %(num)d day", "in %(num)d days", days)


def joined(reader: Reader, parts: list[str]) -> str:
    """Facts in a row."""
    return " · ".join(part for part in parts if part)
