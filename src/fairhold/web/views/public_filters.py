"""Which reviews somebody asks to see on a public page: read out of the address, and the links that change one of them.

Every wish can be put on and taken off alone, and none forgets the others. What the address says wrongly counts for nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from starlette.datastructures import QueryParams

from fairhold.domain.reputation import Tally
from fairhold.domain.review import MAX_RATING
from fairhold.engine.ports.reviews import ReviewSort
from fairhold.engine.reading.reviews import Filter
from fairhold.words.catalog import N_
from fairhold.words.reader import Reader

SORTS: Mapping[str, ReviewSort] = {
    "newest": ReviewSort.NEWEST,
    "best": ReviewSort.HIGHEST,
    "worst": ReviewSort.LOWEST,
}
_SORT_NAMES = {"newest": N_("newest"), "best": N_("best"), "worst": N_("worst")}
_LANGUAGES = {"ru": N_("In Russian"), "en": N_("In English")}
_FIRST_SORT = "newest"
_LONGEST_CURSOR = 80


@dataclass(frozen=True)
class Wish:
    """What is asked for; `further` and `back` are cursors, and any change of the rest begins at the first page again."""

    stars: tuple[int, ...] = ()
    photo: bool = False
    spoken: str = ""
    sort: str = _FIRST_SORT
    further: str = ""
    back: str = ""

    @property
    def filtered(self) -> bool:
        """Whether it leaves anything out."""
        return bool(self.stars or self.photo or self.spoken)

    @property
    def plain(self) -> bool:
        """Whether this is the page itself, and no view of it."""
        return self == Wish()

    def filter(self) -> Filter:
        """As the queries take it."""
        return Filter(self.stars, self.photo, self.spoken)

    def query(self) -> str:
        """As the end of an address: empty, or with its question mark. The fragment leads to the list."""
        pairs = [("stars", str(given)) for given in self.stars]
        pairs += [("photo", "1")] * self.photo + [("in", self.spoken)] * bool(self.spoken)
        pairs += [("sort", self.sort)] * (self.sort != _FIRST_SORT)
        pairs += [("further", self.further)] * bool(self.further) + [("back", self.back)] * bool(self.back)
        return f"?{urlencode(pairs)}#reviews" if pairs else "#reviews"


@dataclass(frozen=True)
class Choice:
    """A link that puts something on or takes it off; `does` says which, for whoever cannot see that it is on."""

    text: str
    url: str
    on: bool
    does: str = ""
    count: int | None = None


def wish_of(given: QueryParams) -> Wish:
    """What the address asks for."""
    stars = {int(text) for text in given.getlist("stars") if text in {str(n) for n in range(1, MAX_RATING + 1)}}
    spoken, sort = given.get("in", ""), given.get("sort", _FIRST_SORT)
    return Wish(
        stars=tuple(sorted(stars)),
        photo=given.get("photo") == "1",
        spoken=spoken if spoken in _LANGUAGES else "",
        sort=sort if sort in SORTS else _FIRST_SORT,
        further=given.get("further", "")[:_LONGEST_CURSOR],
        back=given.get("back", "")[:_LONGEST_CURSOR],
    )


def _first(wish: Wish) -> Wish:
    return replace(wish, further="", back="")


def with_stars(wish: Wish, stars: int) -> Wish:
    """These stars put on, or taken off where they are on."""
    found = set(wish.stars) ^ {stars}
    return _first(replace(wish, stars=tuple(sorted(found))))


def star_name(reader: Reader, stars: int) -> str:
    """«5 звёзд»."""
    return reader.words.ngettext("%(num)d star", "%(num)d stars", stars)


def choices_of(reader: Reader, page: str, wish: Wish, tally: Tally) -> tuple[Choice, ...]:
    """What can be asked for beside stars, and the stars that are asked for, each to be taken off.

    Of what there is none, no link is made; what is on stays there in any case.
    """
    words = reader.words
    off, on = words.gettext(N_("Take off: %(filter)s")), words.gettext(N_("Show only: %(filter)s"))
    found = [
        (star_name(reader, stars), with_stars(wish, stars), True, tally.by_stars[stars - 1])
        for stars in reversed(wish.stars)
    ]
    found.append(
        (words.gettext(N_("With photos")), _first(replace(wish, photo=not wish.photo)), wish.photo, tally.with_photo)
    )
    for language, name in _LANGUAGES.items():
        chosen = wish.spoken == language
        changed = _first(replace(wish, spoken="" if chosen else language))
        found.append((words.gettext(name), changed, chosen, tally.in_ru if language == "ru" else tally.in_en))
    return tuple(
        Choice(text, page + changed.query(), chosen, (off if chosen else on) % {"filter": text}, count)
        for text, changed, chosen, count in found
        if count or chosen
    )


def sorts_of(reader: Reader, page: str, wish: Wish) -> tuple[Choice, ...]:
    """The ways to sort the list."""
    return tuple(
        Choice(reader.words.gettext(name), page + _first(replace(wish, sort=sort)).query(), sort == wish.sort)
        for sort, name in _SORT_NAMES.items()
    )


def reset_of(page: str, wish: Wish) -> str:
    """The page with nothing left out; empty where nothing is. The sorting stays."""
    return page + Wish(sort=wish.sort).query() if wish.filtered else ""


def neighbours(page: str, wish: Wish, further: str, back: str) -> tuple[str, str]:
    """The ways to the page before this one and to the next; empty where there is none."""
    first = _first(wish)
    return (
        page + replace(first, back=back).query() if back else "",
        page + replace(first, further=further).query() if further else "",
    )
