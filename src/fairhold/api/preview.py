"""`GET /orders/{id}/receipt`: what confirming would do, in words, sums and dates. The text of the second step (S13)."""

from fairhold.api.parts import Call, Parts
from fairhold.api.readings import Reading
from fairhold.api.wire import ConsequenceOut, PartOut
from fairhold.domain.commands import ConfirmReceipt
from fairhold.domain.consequence import of_confirming
from fairhold.domain.decide import decide
from fairhold.domain.evolve import evolve
from fairhold.domain.reasons import Refusal
from fairhold.words.consequence import consequence, sentences
from fairhold.words.dates import rfc3339


def receipt(parts: Parts, call: Call) -> Reading:
    """What the buyer confirms with these lines, decided by the rules themselves and not carried out."""
    order = parts.order(call.actor, call.names["order"])
    if isinstance(order, Refusal):
        return order
    now = parts.queries.now()
    command = ConfirmReceipt(lines=call.query.get("lines", ()), acknowledged=True)
    events = decide(order, command, call.actor, now)
    if isinstance(events, Refusal):
        return events
    sums = of_confirming(order, command.lines, now)
    assert not isinstance(sums, Refusal), "the rules just allowed it"
    after = order
    for event in events:
        after = evolve(after, event)
    told = consequence(order, after, events, now, call.reader)
    return ConsequenceOut(
        lines=[PartOut(part.line, part.title, part.quantity, part.amount) for part in told.parts],
        currency=order.currency,
        amount=sums.amount,
        fee=sums.fee,
        net=sums.net,
        settles_at=rfc3339(sums.settles_at),
        undo_until=None if told.undo_until is None else rfc3339(told.undo_until),
        in_transit=sums.in_transit,
        still_held=after.money.held,
        still_protected_until=None if sums.still_protected_until is None else rfc3339(sums.still_protected_until),
        question=told.question,
        text=sentences(told, now, call.reader),
    )
