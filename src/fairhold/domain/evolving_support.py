"""One function per event of support: the order as it is after it. `evolve.py` holds the table of them."""

from functools import partial

import msgspec

from fairhold.domain.accident import Accident, AccidentState
from fairhold.domain.conditions import awaiting_support, confirmable
from fairhold.domain.instants import Instant
from fairhold.domain.order import Order, Portion
from fairhold.domain.portions import rewrite, rewrite_each
from fairhold.domain.support_events import AccidentDeclined, AccidentOverdue, AccidentReported, ExtensionPassedOn

replace = msgspec.structs.replace


def accident_reported(order: Order, event: AccidentReported) -> Order:
    """Support owes an answer about these units; of two reports the first answer due counts."""
    before = order.accident or Accident(reported_at=event.at, due=event.due)
    order = replace(order, accident=replace(before, due=min(before.due, event.due)))
    order = rewrite(order, event.spans, lambda portion: replace(portion, accident=AccidentState.REPORTED))
    return rewrite_each(order, ((span, partial(_kept_until, until)) for span, until in event.settles))


def _kept_until(until: Instant, portion: Portion) -> Portion:
    return replace(portion, settles_at=until, kept_since=portion.settles_at)


def accident_overdue(order: Order, event: AccidentOverdue) -> Order:
    """The operator owes the answer too."""
    assert order.accident is not None, "only what was reported becomes overdue"
    return replace(order, accident=replace(order.accident, overdue=True))


def accident_declined(order: Order, event: AccidentDeclined) -> Order:
    """The money of these units leaves at the instants given."""
    return rewrite_each(order, ((span, partial(_declined, settles_at)) for span, settles_at in event.settles))


def _declined(settles_at: Instant, portion: Portion) -> Portion:
    return replace(portion, accident=AccidentState.DECLINED, settles_at=settles_at, kept_since=None)


def extension_passed_on(order: Order, event: ExtensionPassedOn) -> Order:
    """The request is somebody else's to answer."""
    assert order.extension_request is not None, "only what was asked for is passed on"
    return replace(order, extension_request=replace(order.extension_request, owner=event.to, due=event.due))


def timely(order: Order) -> Order:
    """The order without what nothing is left of: a report on units that are settled or restored, a request without protection."""
    if order.accident is not None and not any(map(awaiting_support, order.portions)):
        order = replace(order, accident=None)
    request = order.extension_request
    if request is not None and request.owner is not None and not any(confirmable(order, one) for one in order.portions):
        order = replace(order, extension_request=None)
    return order
