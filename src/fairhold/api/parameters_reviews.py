"""Parameters of the addresses of reviews."""

from enum import StrEnum

from fairhold.api.parameters import Parameter, Wrong, flag
from fairhold.domain.review import MAX_RATING
from fairhold.engine.ports.reviews import ReviewSort

_SORTS = {"newest": ReviewSort.NEWEST, "highest": ReviewSort.HIGHEST, "lowest": ReviewSort.LOWEST}
_STARS = tuple(str(stars) for stars in range(1, MAX_RATING + 1))


class ReviewTab(StrEnum):
    """The tabs of one's own reviews (S30), and the moderators' queue."""

    AWAITING = "awaiting"
    ACTIVE = "active"
    RECEIVED = "received"
    QUEUE = "queue"


def _tab(text: str) -> ReviewTab:
    try:
        return ReviewTab(text)
    except ValueError:
        raise Wrong("choice") from None


def _ratings(text: str) -> tuple[int, ...]:
    parts = text.split(",")
    if any(part not in _STARS for part in parts):
        raise Wrong("choice")
    return tuple(sorted({int(part) for part in parts}))


def _language(text: str) -> str:
    if text not in {"ru", "en"}:
        raise Wrong("choice")
    return text


def _sort(text: str) -> ReviewSort:
    if text not in _SORTS:
        raise Wrong("choice")
    return _SORTS[text]


REVIEW_TAB = Parameter(
    "tab",
    _tab,
    {"type": "string", "enum": [tab.value for tab in ReviewTab]},
    "`awaiting`: orders that the caller may review; `active`, where none is named: reviews that they wrote; `received`: those"
    " about them. For the staff `queue` alone: what moderators have to look at, the longest waiting first.",
)
RATING = Parameter(
    "rating",
    _ratings,
    {"type": "string", "pattern": "^[1-5](,[1-5])*$"},
    "Only those with so many stars; several with commas between them.",
)
PHOTO = Parameter(
    "photo",
    flag,
    {"type": "string", "enum": ["0", "1", "false", "true"]},
    "`1`: only those with a photo.",
)
LANGUAGE = Parameter("language", _language, {"type": "string", "enum": ["en", "ru"]}, "Only those in this language.")
REVIEW_SORT = Parameter(
    "sort",
    _sort,
    {"type": "string", "enum": list(_SORTS), "default": "newest"},
    "Those of equal stars by time, the latest first.",
)
