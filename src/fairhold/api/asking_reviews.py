"""From a body to the domain's command, for reviews: photos are looked up and every text is read by machine."""

from typing import Any

from fairhold.api.asking import Asked, Context
from fairhold.api.review_bodies import ContestingModeration, Moderating, Replying, Reviewing, Revising
from fairhold.domain import review_commands
from fairhold.domain.evidence import Evidence
from fairhold.domain.ids import OrderId
from fairhold.domain.reasons import Reason, Refusal
from fairhold.domain.review_commands import LineStars
from fairhold.domain.rules.reviews import MAX_REVIEW_PHOTOS
from fairhold.engine.intake.photos import UnknownPhoto
from fairhold.engine.intake.screened import screened


def write(body: Reviewing, context: Context) -> Asked:
    """What one side thinks of the deal."""
    stated = _stated(body, context)
    return stated if isinstance(stated, Refusal) else review_commands.WriteReview(**stated)


def revise(body: Revising, context: Context) -> Asked:
    """What its author thinks now."""
    stated = _stated(body, context)
    if isinstance(stated, Refusal):
        return stated
    return review_commands.ReviseReview(review=context.names["review"], **stated)


def reply(body: Replying, context: Context) -> Asked:
    """The other side's answer."""
    return review_commands.ReplyToReview(review=context.names["review"], text=body.text, screened=screened(body.text))


def moderate(body: Moderating, context: Context) -> Asked:
    """A moderator's decision."""
    return review_commands.ModerateReview(
        review=context.names["review"], decision=body.decision, reasons=body.reasons, part=body.part
    )


def contest(body: ContestingModeration, context: Context) -> Asked:
    """The author asks for another moderator."""
    return review_commands.ContestModeration(review=context.names["review"], text=body.text, part=body.part)


def _stated(body: Reviewing, context: Context) -> dict[str, Any] | Refusal:
    found = _photos(body, context)
    if isinstance(found, Refusal):
        return found
    lines = tuple(
        LineStars(
            id=line.id,
            rating=line.rating,
            text=line.text,
            photos=_of(line.photos, found),
            screened=screened(line.text),
        )
        for line in body.lines
    )
    return {
        "rating": body.rating,
        "description_accuracy": body.description_accuracy,
        "communication": body.communication,
        "shipping_speed": body.shipping_speed,
        "text": body.text,
        "photos": _of(body.photos, found),
        "anonymous": body.anonymous,
        "lines": lines,
        "screened": screened(body.text),
    }


def _photos(body: Reviewing, context: Context) -> dict[str, Evidence] | Refusal:
    """The caller's own photos by name. Nothing is asked where there are none, or too many."""
    places: dict[str, str] = {}
    count = len(body.photos) + sum(len(line.photos) for line in body.lines)
    if count > MAX_REVIEW_PHOTOS:
        return Refusal(Reason.TOO_MANY_PHOTOS, "photos", MAX_REVIEW_PHOTOS)
    if not count:
        return {}
    for place, name in enumerate(body.photos):
        places.setdefault(name, f"photos[{place}]")
    for at, line in enumerate(body.lines):
        for place, name in enumerate(line.photos):
            places.setdefault(name, f"lines[{at}].photos[{place}]")
    found = context.photos.attach(tuple(places), context.actor, OrderId(context.names["order"]))
    if isinstance(found, UnknownPhoto):
        return Refusal(Reason.PHOTO_NOT_YOURS, places[found.id])
    return {photo.id: photo for photo in found}


def _of(names: tuple[str, ...], found: dict[str, Evidence]) -> tuple[Evidence, ...]:
    """The photos of these names, each once."""
    return tuple(found[name] for name in dict.fromkeys(names))
