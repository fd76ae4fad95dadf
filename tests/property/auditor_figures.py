"""What the second model knows of a review, and what reviews add up to (S24, S34), counted without the domain."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from fairhold.domain import events as e
from fairhold.domain import review_events as r

DAY = 86_400_000_000
STARS = ("one", "two", "three", "four", "five")
CRITERIA = {"description_accuracy": "accuracy", "communication": "communication", "shipping_speed": "speed"}
"""How an event calls them, and how a figure does."""


@dataclass
class Text:
    """What moderation made of a review, or of the answer to it."""

    standing: str
    by: list[str] = field(default_factory=list)
    contested: bool = False
    reopened: bool = False


@dataclass
class Said:
    """One side's review as it is by now."""

    side: str
    left_at: int
    event: r.Said | None
    stars: int
    text: Text
    version: int = 1
    last_at: int = 0
    blind: bool = False
    reply: Text | None = None
    reply_to: int = 0
    silent_about: set[str] = field(default_factory=set)
    """Lines that an automatic review rates."""

    @property
    def automatic(self) -> bool:
        """Whether nobody wrote it."""
        return self.event is None


def added_up(
    placed: e.OrderPlaced, shown: Iterable[Said], lost: Iterable[int]
) -> dict[tuple[str, int], dict[str, int]]:
    """By whom or what it is about and by day (0: all of them), what is not zero; `lost`: when the seller lost a dispute."""
    parts = [(said.left_at, name, counted) for said in shown for name, counted in _counted(placed, said)]
    parts += [(at, f"seller:{placed.seller}", {"lost": 1}) for at in lost]
    found: dict[tuple[str, int], Counter[str]] = {}
    for at, name, counted in parts:
        for day in (0, at // DAY):
            found.setdefault((name, day), Counter()).update(counted)
    return {figure: dict(+counted) for figure, counted in found.items()}


def _counted(placed: e.OrderPlaced, said: Said) -> Iterator[tuple[str, Mapping[str, int]]]:
    if said.side == "seller":
        yield f"buyer:{placed.buyer}", _counts(said, said.stars, said.event)
        return
    yield f"seller:{placed.seller}", _counts(said, said.stars, said.event)
    rated = {} if said.event is None else {str(line.line): line for line in said.event.lines}
    seen = set()
    for line in placed.lines:
        own = rated.get(str(line.id))
        if line.sku not in seen and (own is not None or str(line.id) in said.silent_about):
            seen.add(line.sku)
            words = own if own is not None and (own.language or own.photos) else said.event
            yield f"product:{placed.seller}/{line.sku}", _counts(said, said.stars if own is None else own.rating, words)


def _counts(said: Said, stars: int, words: r.Said | r.LineReview | None) -> Mapping[str, int]:
    if said.event is None or words is None:
        return {"automatic": 1}
    counted = Counter({STARS[stars - 1]: 1, "with_photo": int(bool(words.photos))})
    counted[f"in_{words.language}"] += words.language is not None
    for name, short in CRITERIA.items():
        given = getattr(said.event, name)
        counted[f"{short}_n"] += given is not None
        counted[f"{short}_stars"] += given or 0
    return counted
