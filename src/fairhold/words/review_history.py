"""What happened to an order's reviews, one sentence an event."""

from collections.abc import Callable
from typing import Any

from fairhold.domain.actors import Role
from fairhold.domain.review import Part, Verdict
from fairhold.domain.review_events import (
    ModerationContested,
    ReviewModerated,
    ReviewReplied,
    ReviewRevised,
    ReviewsClosed,
    ReviewWritten,
    Said,
)
from fairhold.words.catalog import N_
from fairhold.words.reviews import stars
from fairhold.words.scene import Scene, Told

_WRITTEN = {
    Role.BUYER: N_("The buyer's review: %(stars)s"),
    Role.SELLER: N_("The seller's review: %(stars)s"),
}
_AUTOMATIC = {
    Role.BUYER: N_("The buyer left no review; the seller has an automatic rating: %(stars)s."),
    Role.SELLER: N_("The seller left no review; the buyer has an automatic rating: %(stars)s."),
}
_DECIDED = {
    (Part.REVIEW, Verdict.PUBLISH): N_("A moderator published the review"),
    (Part.REVIEW, Verdict.HIDE): N_("A moderator took the review down"),
    (Part.REVIEW, Verdict.WITHDRAW): N_("The review was withdrawn after a legal demand"),
    (Part.REPLY, Verdict.PUBLISH): N_("A moderator published the reply"),
    (Part.REPLY, Verdict.HIDE): N_("A moderator took the reply down"),
    (Part.REPLY, Verdict.WITHDRAW): N_("The reply was withdrawn after a legal demand"),
}


def _joined(*parts: str | None) -> str:
    return " ".join(part for part in parts if part)


def _stars(scene: Scene, rating: int) -> str:
    return stars(scene.reader.words, rating)


def _first_read(scene: Scene, event: Said | ReviewReplied) -> str | None:
    return scene.say(N_("A moderator reads it first.")) if event.held else None


def _written(scene: Scene, event: ReviewWritten) -> Told:
    waits = scene.say(N_("It is shown once both have written, or the time for reviews is over."))
    title = scene.say(_WRITTEN[event.side], stars=_stars(scene, event.rating))
    return Told(title, _joined(event.text, _first_read(scene, event), waits if event.blind else None))


def _revised(scene: Scene, event: ReviewRevised) -> Told:
    title = scene.say(N_("Review revised: %(stars)s"), stars=_stars(scene, event.rating))
    return Told(title, _joined(event.text, _first_read(scene, event)))


def _replied(scene: Scene, event: ReviewReplied) -> Told:
    return Told(scene.say(N_("Reply to the review")), _joined(event.text, _first_read(scene, event)))


def _moderated(scene: Scene, event: ReviewModerated) -> Told:
    return Told(scene.say(_DECIDED[event.part, event.decision]), event.reasons)


def _contested(scene: Scene, event: ModerationContested) -> Told:
    return Told(scene.say(N_("The author asks for another moderator")), event.text)


def _closed(scene: Scene, event: ReviewsClosed) -> Told:
    added = [scene.say(_AUTOMATIC[one.side], stars=_stars(scene, one.rating)) for one in event.automatic]
    return Told(scene.say(N_("The time for reviews is over")), " ".join(added))


REVIEW_TELLERS: dict[type, Callable[[Scene, Any], Told]] = {
    ReviewWritten: _written,
    ReviewRevised: _revised,
    ReviewReplied: _replied,
    ReviewModerated: _moderated,
    ModerationContested: _contested,
    ReviewsClosed: _closed,
}
