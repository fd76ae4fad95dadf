"""Calls that read disputes."""

import msgspec

from fairhold.access import whose
from fairhold.access.history import history_for
from fairhold.api.disputes import dispute_out
from fairhold.api.history import event_out
from fairhold.api.moments import moment
from fairhold.api.parameters import ON_A_PAGE
from fairhold.api.parts import Call, Parts
from fairhold.api.problems import Problem
from fairhold.api.readings import Reading
from fairhold.api.wire import DisputeDetail, DisputeList, ListedDispute
from fairhold.domain.actors import STAFF
from fairhold.domain.dispute import DisputeReason, DisputeState, Outcome
from fairhold.domain.dispute_status import DISPUTE_TAB_BITS
from fairhold.domain.instants import Instant
from fairhold.domain.reasons import Reason, Refusal
from fairhold.engine.ports.disputes import DisputeQuery, DisputeSort, StoredDispute
from fairhold.words.dates import rfc3339
from fairhold.words.faults import Fault


def disputes(parts: Parts, call: Call) -> Reading:
    """The caller's own disputes by tab; everybody's for staff, as a queue too."""
    actor, query = call.actor, call.query
    sort = query.get("sort", DisputeSort.NEWEST)
    if sort is not DisputeSort.NEWEST and actor.role not in STAFF:
        return Refusal(Reason.NOT_ALLOWED, "sort")
    behind = None
    if "cursor" in query:
        behind = parts.cursors.read(f"disputes/{sort.name}", query["cursor"])
        if behind is None:
            return Problem(Fault.INVALID_CURSOR, "cursor")
    tab, own = query.get("tab"), whose(actor)
    asked = DisputeQuery(
        buyer=own.buyer,
        seller=own.seller,
        tab=0 if tab is None else DISPUTE_TAB_BITS[tab],
        sort=sort,
        limit=query.get("limit", ON_A_PAGE),
    )
    page, counts = parts.queries.disputes.list_disputes(asked, further=behind), parts.queries.disputes.counts(asked)
    names = {0: "all", **{bit: one.value for one, bit in DISPUTE_TAB_BITS.items()}}
    return DisputeList(
        items=[_listed(row) for row in page.items],
        next=None if page.further is None else parts.cursors.write(f"disputes/{sort.name}", page.further),
        counts={name: counts.numbers.get(bit, 0) for bit, name in names.items()},
        counts_at_least=[name for bit, name in names.items() if bit in counts.at_least],
    )


def _listed(row: StoredDispute) -> ListedDispute:
    return ListedDispute(
        id=row.id,
        order=row.order_id,
        buyer=row.buyer,
        seller=row.seller,
        status=DisputeState(row.state),
        reason=DisputeReason(row.reason),
        amount=row.amount,
        currency=row.currency,
        turn=row.turn or None,
        deadline_at=moment(None if row.deadline_at is None else Instant(row.deadline_at)),
        claimed=bool(row.claimed),
        opened_at=rfc3339(Instant(row.opened_at)),
        mediator=row.mediator,
        refund=row.refund,
        closed_at=moment(None if row.closed_at is None else Instant(row.closed_at)),
        outcome=None if row.outcome is None else Outcome(row.outcome),
    )


def dispute(parts: Parts, call: Call) -> Reading:
    """One dispute, with its own part of the order's history."""
    order = parts.order(call.actor, call.names["order"])
    if isinstance(order, Refusal):
        return order
    found = order.dispute(call.names["dispute"])
    if found is None:
        return Refusal(Reason.UNKNOWN_DISPUTE)
    now = parts.queries.now()
    messages = [
        event_out(order, seq, event, now, call.reader)
        for seq, event in history_for(order, call.actor, parts.queries.history(order.id))
        if getattr(event, "dispute", None) == found.id
    ]
    shown = msgspec.structs.asdict(dispute_out(order, found, call.actor, call.reader))
    return DisputeDetail(**shown, messages=messages)
