"""A review in the contract's JSON, as one person may see it at one moment."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from fairhold.access.history import shown_versions
from fairhold.access.reviews import Eyes, eyes_on
from fairhold.api.eyes import day_of
from fairhold.api.pieces import actions_out
from fairhold.api.wire_reviews import (
    LineRatingOut,
    ModerationOut,
    ReplyOut,
    ReportOut,
    ReviewDetail,
    ReviewOut,
    VersionOut,
)
from fairhold.domain.actors import STAFF, Actor, Role
from fairhold.domain.events import Event
from fairhold.domain.guards import review_actions
from fairhold.domain.ids import LineId, PersonId
from fairhold.domain.instants import Instant
from fairhold.domain.order import Order
from fairhold.domain.review import Part, Review, ReviewStatus
from fairhold.domain.review_events import LineReview, ReviewModerated, ReviewReplied, Said
from fairhold.engine.kernel.review_rows import reply_status
from fairhold.engine.ports.reviews import StoredReport, StoredReview
from fairhold.words.dates import rfc3339


class Texts(NamedTuple):
    """What a review and the answer to it say; empty where nothing is known of it."""

    text: str | None = None
    reply: str | None = None
    lines: dict[LineId, str] = {}  # noqa: RUF012 - a value that never changes
    held: tuple[str, ...] = ()


NO_TEXTS = Texts()


def texts_of(row: StoredReview) -> Texts:
    """The texts that the row has."""
    return Texts(row.text or None, row.reply or None, {}, tuple((row.held or "").split()))


def name_of(person: str) -> str:
    """A person as others read it: their id, but never an address of e-mail (S32)."""
    return f"{person[:1]}…" if "@" in person else person


def reviews_of(order: Order, actor: Actor, now: Instant) -> list[ReviewOut]:
    """The reviews of an order that its page may show to this person. Texts stand elsewhere."""
    found = []
    for review in order.reviews:
        eyes = eyes_on(order, review, actor)
        if eyes is not None and eyes.named:
            found.append(review_out(order, review, actor, now, eyes))
    return found


def review_out(
    order: Order, review: Review, actor: Actor, now: Instant, eyes: Eyes, texts: Texts = NO_TEXTS
) -> ReviewOut:
    """The review as `actor` may see it."""
    return ReviewOut(**_fields(order, review, actor, now, eyes, texts))


def _fields(order: Order, review: Review, actor: Actor, now: Instant, eyes: Eyes, texts: Texts) -> dict[str, Any]:
    signed = not review.anonymous and not review.automatic
    exact = eyes.named or signed
    told = eyes.inside or review.status is ReviewStatus.PUBLISHED
    fields: dict[str, Any] = {
        "id": review.id,
        "by": review.by,
        "rating": review.rating if told else None,
        "automatic": review.automatic,
        "status": review.status,
        "revised": review.revised_at is not None,
        "reply": _reply(review, eyes, texts) if told else None,
        "version": review.version,
        "anonymous": review.anonymous and not review.automatic,
        "left_at": _when(review.left_at, exact=exact),
        "actions": actions_out(review_actions(order, review, actor, now)),
        "revised_at": None if review.revised_at is None else _when(review.revised_at, exact=exact),
        "author": name_of(_author(order, review)) if signed or (eyes.named and not review.automatic) else None,
        "order": order.id if eyes.named else None,
        "held": list(texts.held) if eyes.inside else [],
    }
    if told:
        fields |= {criterion.value: stars for criterion, stars in review.criteria.items()}
        fields |= {"text": texts.text, "language": review.language, "photos": list(review.photos)}
        fields["lines"] = _lines(order, review, texts) if eyes.named else []
    return fields


def _when(at: Instant, *, exact: bool) -> str:
    return rfc3339(at if exact else day_of(at))


def _author(order: Order, review: Review) -> PersonId:
    return order.buyer if review.by is Role.BUYER else order.seller


def _lines(order: Order, review: Review, texts: Texts) -> list[LineRatingOut]:
    skus = {line.id: line.sku for line in order.lines}
    return [
        LineRatingOut(
            id=rated.line,
            sku=skus[rated.line],
            rating=rated.rating,
            text=texts.lines.get(rated.line),
            photos=list(rated.photos),
        )
        for rated in review.lines
    ]


def _reply(review: Review, eyes: Eyes, texts: Texts) -> ReplyOut | None:
    """The answer, where it is shown or this person's own."""
    reply = review.reply
    if reply is None:
        return None
    status = reply_status(reply.moderated)
    if eyes.replier or status is ReviewStatus.PUBLISHED:
        return ReplyOut(reply.version, rfc3339(reply.at), status, texts.reply)
    return ReplyOut(reply.version, rfc3339(reply.at), status) if status is ReviewStatus.WITHDRAWN else None


def detail_out(
    order: Order,
    review: Review,
    actor: Actor,
    now: Instant,
    eyes: Eyes,
    history: Sequence[tuple[int, Event]],
    reports: Sequence[StoredReport] = (),
) -> ReviewDetail:
    """The review by itself, out of its order's history: with earlier versions, and what moderators decided."""
    said = [event for _, event in history if isinstance(event, Said) and event.review == review.id]
    replies = [event for _, event in history if isinstance(event, ReviewReplied) and event.review == review.id]
    texts = NO_TEXTS
    if said:
        lines = {line.line: line.text for line in said[-1].lines if line.text}
        texts = Texts(said[-1].text, replies[-1].text if replies else None, lines, said[-1].held)
    fields = _fields(order, review, actor, now, eyes, texts)
    if eyes.inside:
        shown = frozenset(range(1, len(said) + 1))
    elif review.status is ReviewStatus.PUBLISHED:
        shown = shown_versions([event for _, event in history], review.id)
    else:
        shown = frozenset()
    return ReviewDetail(
        **fields,
        reports=len(reports),
        versions=[
            _version(order, number, event, exact=fields["author"] is not None, named=eyes.named)
            for number, event in enumerate(said, 1)
            if number in shown
        ],
        moderation=[
            _moderation(event, actor)
            for _, event in history
            if isinstance(event, ReviewModerated) and event.review == review.id and _is_told(event, eyes)
        ],
        reported=[ReportOut(one.reason, rfc3339(Instant(one.at)), one.reporter, one.text or None) for one in reports],
    )


def _is_told(event: ReviewModerated, eyes: Eyes) -> bool:
    return eyes.inside if event.part is Part.REVIEW else eyes.replier


def _moderation(event: ReviewModerated, actor: Actor) -> ModerationOut:
    by = event.by if actor.role in STAFF else None
    return ModerationOut(event.part, event.decision, event.reasons, rfc3339(event.at), by)


def _version(order: Order, number: int, said: Said, *, exact: bool, named: bool) -> VersionOut:
    skus = {line.id: line.sku for line in order.lines}
    return VersionOut(
        number=number,
        at=_when(said.at, exact=exact),
        rating=said.rating,
        description_accuracy=said.description_accuracy,
        communication=said.communication,
        shipping_speed=said.shipping_speed,
        text=said.text,
        photos=[photo.id for photo in said.photos],
        lines=[_line_said(line, skus[line.line]) for line in said.lines] if named else [],
    )


def _line_said(line: LineReview, sku: str) -> LineRatingOut:
    return LineRatingOut(line.line, sku, line.rating, line.text, [photo.id for photo in line.photos])
