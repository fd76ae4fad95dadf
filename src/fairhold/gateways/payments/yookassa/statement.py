"""What came and went at YooKassa, out of its lists of payments, refunds and payouts.

It has no statement: of its commission for payouts, of what it passes on to our bank, and of chargebacks its API tells nothing;
those stand in the registers that it sends by mail. A payment stands where it was captured, a payout where it had succeeded. A
refund has no moment but that of its making: one that succeeds only after its time was read is found by reading that time again.
Its lists go back three years, newest first.
"""

import heapq
from collections.abc import Iterator
from operator import attrgetter

from fairhold.domain.instants import DAY, Duration, Instant
from fairhold.engine.outside.payment_seen import Line, LineKind
from fairhold.gateways.answers import moment, moment_written
from fairhold.gateways.payments.yookassa.calling import Way
from fairhold.gateways.payments.yookassa.reading import SUCCEEDED, Payment, Payout, Refund, fee
from fairhold.gateways.payments.yookassa.sums import minor

LONGEST_PAYOUT = Duration(7 * DAY)
"""How long a payout may be on its way: its list can be asked only by when it was made."""


def lines(shop: Way, gateway: Way, first: Instant, last: Instant) -> Iterator[Line]:
    """All lines from `first` to before `last`, oldest first. Raises TryLater, Refused or Unreadable."""
    parts = (_payments(shop, first, last), _refunds(shop, first, last), _payouts(gateway, first, last))
    return heapq.merge(*(sorted(part, key=attrgetter("at")) for part in parts), key=attrgetter("at"))


def _payments(shop: Way, first: Instant, last: Instant) -> Iterator[Line]:
    within = {"captured_at__gte": moment_written(first), "captured_at__lt": moment_written(last)}
    for one in shop.every("payments", Payment, status=SUCCEEDED, **within):
        at = moment(one.captured_at or one.created_at)
        yield Line(one.id, LineKind.PAYMENT, minor(one.amount), fee(one), one.amount.currency, at, one.id)


def _refunds(shop: Way, first: Instant, last: Instant) -> Iterator[Line]:
    within = {"created_at__gte": moment_written(first), "created_at__lt": moment_written(last)}
    for one in shop.every("refunds", Refund, status=SUCCEEDED, **within):
        yield Line(one.id, LineKind.REFUND, -minor(one.amount), 0, one.amount.currency, moment(one.created_at), one.id)


def _payouts(gateway: Way, first: Instant, last: Instant) -> Iterator[Line]:
    since = Instant(max(0, first - LONGEST_PAYOUT))
    within = {"created_at__gte": moment_written(since), "created_at__lt": moment_written(last)}
    for one in gateway.every("payouts", Payout, status=SUCCEEDED, **within):
        at = moment(one.succeeded_at or one.created_at)
        if first <= at < last:
            yield Line(one.id, LineKind.TRANSFER, -minor(one.amount), 0, one.amount.currency, at, one.id)
