"""Where money goes at the end: to the seller less the commission, or back to the buyer."""

import msgspec

from fairhold.domain.events import Cause, PortionsRefunded, PortionsReleased
from fairhold.domain.instants import Instant
from fairhold.domain.money import half_even
from fairhold.domain.order import CommissionTaken, Order, Span
from fairhold.domain.portions import worth, worth_of

BASIS_POINTS = 10_000


def release(order: Order, spans: tuple[Span, ...], *, at: Instant, by: str, cause: Cause) -> PortionsReleased:
    """These units' money goes to the seller; the commission is taken of it."""
    commission, fee = commission_after(order, spans)
    return PortionsReleased(
        at=at, by=by, spans=spans, gross=worth_of(order, spans), fee=fee, commission=commission, cause=cause
    )


def commission_after(order: Order, spans: tuple[Span, ...]) -> tuple[tuple[CommissionTaken, ...], int]:
    """The commission totals per rate once `spans` are released too, and what is taken of them now (minor units).

    Per rate, the fee is round half even(rate × all released so far) − taken so far: several small releases cost the
    seller exactly what one large release would.
    """
    taken = {total.rate: total for total in order.commission}
    fee = 0
    for rate, gross in _gross_by_rate(order, spans).items():
        before = taken.get(rate, CommissionTaken(rate, 0, 0))
        whole = before.gross + gross
        owed = half_even(rate * whole, BASIS_POINTS)
        fee += owed - before.fee
        taken[rate] = CommissionTaken(rate, whole, owed)
    return tuple(taken[rate] for rate in sorted(taken)), fee


def _gross_by_rate(order: Order, spans: tuple[Span, ...]) -> dict[int, int]:
    gross: dict[int, int] = {}
    for span in spans:
        line = order.line(span.line)
        rate = order.terms.commission_for(line.category if line else None)
        gross[rate] = gross.get(rate, 0) + worth(order, span)
    return gross


def refund(
    order: Order, spans: tuple[Span, ...], *, at: Instant, by: str, cause: Cause, why: str | None = None
) -> PortionsRefunded:
    """These units' money goes back to the buyer, their shares of shipping and tax with it."""
    number = len(order.refunds) + 1
    return PortionsRefunded(
        at=at, by=by, spans=spans, amount=worth_of(order, spans), number=number, cause=cause, why=why
    )


def spans_of_lines(order: Order) -> tuple[Span, ...]:
    """Every unit of the order, as its portions lie."""
    return tuple(portion.span for portion in order.portions)


def net_of(order: Order, spans: tuple[Span, ...]) -> tuple[int, int, int]:
    """Gross, fee and net if `spans` were released now."""
    gross = worth_of(order, spans)
    _, fee = commission_after(order, spans)
    return gross, fee, gross - fee


def with_commission(order: Order, spans: tuple[Span, ...]) -> Order:
    """The order as if the commission on `spans` had been taken: how a forecast adds release after release."""
    commission, _ = commission_after(order, spans)
    return msgspec.structs.replace(order, commission=commission)
