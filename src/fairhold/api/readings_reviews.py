"""Calls that read reviews, for people with a key."""

import msgspec

from fairhold.access.reviews import eyes_on, may_see_reports
from fairhold.api import places
from fairhold.api.eyes import Seen, seen_review
from fairhold.api.moments import moment
from fairhold.api.parameters import ON_A_PAGE
from fairhold.api.parameters_reviews import ReviewTab
from fairhold.api.parts import Call, Parts
from fairhold.api.problems import Problem
from fairhold.api.readings import Reading
from fairhold.api.reviews import detail_out, review_out, texts_of
from fairhold.api.wire_reviews import AwaitedLine, AwaitingOut, ReviewDetail, ReviewList, ReviewOut
from fairhold.domain.actors import STAFF
from fairhold.domain.ids import order_number
from fairhold.domain.order import Order
from fairhold.domain.reasons import Reason, Refusal
from fairhold.domain.reviewing import reviews_end
from fairhold.engine.ports.reviews import StoredReview
from fairhold.words.faults import Fault


def review(parts: Parts, call: Call) -> Reading:
    """One review."""
    seen = seen_review(parts, call)
    return seen if isinstance(seen, Refusal) else detail_of(parts, call, seen)


def detail_of(parts: Parts, call: Call, seen: Seen) -> ReviewDetail:
    """The review as the caller sees it now."""
    reports = parts.queries.reviews.reports(seen.row.id) if may_see_reports(call.actor) else ()
    history = parts.queries.history(seen.order.id)
    return detail_out(seen.order, seen.review, call.actor, parts.queries.now(), seen.eyes, history, reports)


def reviews(parts: Parts, call: Call) -> Reading:
    """One's own reviews by tab; for the staff what moderators have to look at."""
    actor, query = call.actor, call.query
    staff = actor.role in STAFF
    if query.get("role", actor.role) != actor.role and not staff:
        return Refusal(Reason.NOT_ALLOWED, "role")
    tab: ReviewTab = query.get("tab", ReviewTab.QUEUE if staff else ReviewTab.ACTIVE)
    if (tab is ReviewTab.QUEUE) is not staff:
        return Refusal(Reason.NOT_ALLOWED, "tab")
    ask = parts.queries.reviews
    kind = f"reviews/{tab.value}/{actor}"
    position = None
    if "cursor" in query:
        position = parts.cursors.read(kind, query["cursor"])
        if position is not None and tab is ReviewTab.RECEIVED:
            position = places.read(ask, position)
        if position is None:
            return Problem(Fault.INVALID_CURSOR, "cursor")
    limit = query.get("limit", ON_A_PAGE)
    if tab is ReviewTab.AWAITING:
        awaiting = ask.awaiting(actor, older_than=position, limit=limit)
        return _listed(parts, kind, [_awaiting(order) for order in awaiting.items], awaiting.older)
    if tab is ReviewTab.QUEUE:
        page = ask.queue(behind=position, limit=limit)
    elif tab is ReviewTab.ACTIVE:
        page = ask.by(actor, behind=position, limit=limit)
    else:
        page = ask.about(actor.role, actor.id, behind=position, limit=limit)
        page = page._replace(further=places.written(page.further))
    found = _listed(parts, kind, [out for row in page.items for out in _review(parts, call, row)], page.further)
    return ReviewList(found.items, found.next, ask.waiting()) if tab is ReviewTab.QUEUE else found


def _listed(parts: Parts, kind: str, items: list[ReviewOut | AwaitingOut], further: str | None) -> ReviewList:
    return ReviewList(items, None if further is None else parts.cursors.write(kind, further))


def _awaiting(order: Order) -> AwaitingOut:
    return AwaitingOut(
        order=order.id,
        number=order_number(order.id),
        buyer=order.buyer,
        seller=order.seller,
        lines=[AwaitedLine(line.id, line.sku, line.title, line.quantity) for line in order.lines],
        until=moment(reviews_end(order)),
    )


def _review(parts: Parts, call: Call, row: StoredReview) -> list[ReviewOut]:
    """The row's review as the caller sees it: none where its order tells that they do not, by now."""
    order = parts.queries.reviews.order_of(row)
    found = None if order is None else order.review(row.id)
    eyes = None if order is None or found is None else eyes_on(order, found, call.actor)
    if order is None or found is None or eyes is None:
        return []
    out = review_out(order, found, call.actor, parts.queries.now(), eyes, texts_of(row))
    return [msgspec.structs.replace(out, reports=row.reports or 0)] if may_see_reports(call.actor) else [out]
