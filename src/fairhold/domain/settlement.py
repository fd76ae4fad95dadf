"""Where money goes at the end: to the seller less the commission, or back to the buyer."""

from collections.abc import Iterable, Mapping

import msgspec

from fairhold.domain.commission import BASIS_POINTS, Taken, of_the_providers_fee, on_line
from fairhold.domain.dispute import Dispute, Outcome
from fairhold.domain.dispute_events import DisputeSettled
from fairhold.domain.events import Cause, PortionsRefunded, PortionsReleased
from fairhold.domain.ids import LineId
from fairhold.domain.instants import Instant
from fairhold.domain.money import allocate, half_even
from fairhold.domain.order import CommissionTaken, Line, Order, Portion, PortionState
from fairhold.domain.payment import AttemptState
from fairhold.domain.portions import left_of, shared, worth
from fairhold.domain.spans import Span


def release(order: Order, spans: tuple[Span, ...], *, at: Instant, by: str, cause: Cause) -> PortionsReleased:
    """These units' money goes to the seller; the commission is taken of it."""
    commission, fee = commission_after(order, spans)
    return PortionsReleased(
        at=at, by=by, spans=spans, gross=left_of(order, spans), fee=fee, commission=commission, cause=cause
    )


def commission_after(order: Order, spans: tuple[Span, ...]) -> tuple[tuple[CommissionTaken, ...], int]:
    """The commission totals per rate once `spans` are released too, and what is taken of them now (minor units)."""
    return commission_on(order, _amounts(order, spans))


def _amounts(order: Order, spans: tuple[Span, ...]) -> list[tuple[LineId, int]]:
    if not order.chargebacks:
        return [(span.line, worth(order, span)) for span in spans]
    return [(portion.line, left) for portion, _, _, left in shared(order, spans)]


def commission_on(order: Order, released: Iterable[tuple[LineId, int]]) -> tuple[tuple[CommissionTaken, ...], int]:
    """The commission totals per rate once so much of these lines is released too, and what is taken of it now (minor units).

    Per rate, the fee is round half even(rate × all released so far) − taken so far: several small releases cost the
    seller exactly what one large release would. A line with a fixed part is reckoned by itself (`commission.py`), and is
    in none of the totals. Where money is taken back, amounts and fee are below zero. What the seller bears of the payment
    provider's fee is part of the fee, and comes after the commission.
    """
    by_rate, by_line = _by_rate_and_line(order, released)
    commission, fee = _own(order, by_rate, by_line)
    return commission, fee + _borne_more(order, sum(by_rate.values()) + sum(by_line.values()) - fee)


def _own(
    order: Order, by_rate: Mapping[int, int], by_line: Mapping[LineId, int]
) -> tuple[tuple[CommissionTaken, ...], int]:
    """The commission itself."""
    taken = {total.rate: total for total in order.commission}
    fee = _on_lines(order, by_line).fee
    for rate, gross in by_rate.items():
        before = taken.get(rate, CommissionTaken(rate, 0, 0))
        whole = before.gross + gross
        owed = half_even(rate * whole, BASIS_POINTS)
        fee += owed - before.fee
        taken[rate] = CommissionTaken(rate, whole, owed)
    return tuple(taken[rate] for rate in sorted(taken)), fee


def _by_rate_and_line(order: Order, released: Iterable[tuple[LineId, int]]) -> tuple[dict[int, int], dict[LineId, int]]:
    """The amounts by the rate of the commission on them, and by line where it has a fixed part."""
    by_rate: dict[int, int] = {}
    by_line: dict[LineId, int] = {}
    for name, amount in released:
        line = order.line(name)
        category = line.category if line else None
        if order.terms.fixed_for(category):
            by_line[name] = by_line.get(name, 0) + amount
        else:
            rate = order.terms.commission_for(category)
            by_rate[rate] = by_rate.get(rate, 0) + amount
    return by_rate, by_line


def _on_lines(order: Order, released: Mapping[LineId, int]) -> Taken:
    """What is taken of so much of these lines, beside what the seller has of them already."""
    if not released:
        return Taken(0, 0)
    had = _sellers_parts(order)
    percentage = fixed = 0
    for line in order.lines:
        if line.id in released:
            before, now = had[line.id], had[line.id] + released[line.id]
            old, new = _of_line(order, line, before), _of_line(order, line, now)
            percentage += new.percentage - old.percentage
            fixed += new.fixed - old.fixed
    return Taken(percentage, fixed)


def _of_line(order: Order, line: Line, released: int) -> Taken:
    terms = order.terms
    return on_line(line.total, terms.commission_for(line.category), terms.fixed_for(line.category), released)


def _sellers_parts(order: Order) -> dict[LineId, int]:
    found = {line.id: 0 for line in order.lines}
    for portion in order.portions:
        found[portion.line] += sellers_part(portion)
    return found


def fixed_taken(order: Order) -> int:
    """What of the commission that was taken so far is its fixed part (minor units)."""
    if not (order.terms.fixed_commission or order.terms.category_fixed):
        return 0
    had = _sellers_parts(order)
    lines = (line for line in order.lines if order.terms.fixed_for(line.category))
    return sum(_of_line(order, line, had[line.id]).fixed for line in lines)


def fixed_of(order: Order, spans: tuple[Span, ...]) -> int:
    """What of the commission would be its fixed part if `spans` were released now (minor units)."""
    return fixed_on(order, _amounts(order, spans))


def fixed_on(order: Order, released: Iterable[tuple[LineId, int]]) -> int:
    """The same if so much of these lines were released."""
    return _on_lines(order, _by_rate_and_line(order, released)[1]).fixed


def borne_taken(order: Order) -> int:
    """What of the payment provider's fee the seller has borne so far: a part of what was taken, as the commission is."""
    return _borne(order, _kept(order)) if _providers_fee(order) else 0


def borne_of(order: Order, spans: tuple[Span, ...]) -> int:
    """What of it would be taken if `spans` were released now (minor units)."""
    by_rate, by_line = _by_rate_and_line(order, _amounts(order, spans))
    _, fee = _own(order, by_rate, by_line)
    return _borne_more(order, sum(by_rate.values()) + sum(by_line.values()) - fee)


def _borne_more(order: Order, more: int) -> int:
    """What is taken of the seller for it when they have so much `more` after the commission."""
    if not _providers_fee(order):
        return 0
    before = _kept(order)
    return _borne(order, before + more) - _borne(order, before)


def _borne(order: Order, kept: int) -> int:
    first = order.terms.provider_fees_on_refund == "seller"
    return of_the_providers_fee(_providers_fee(order), kept, 0 if first else _kept_of_all(order), first=first)


def _providers_fee(order: Order) -> int:
    """What the provider kept of the payment that paid the order, where the seller bears it."""
    return sum(attempt.fee for attempt in order.attempts if attempt.state is AttemptState.PAID)


def _kept(order: Order) -> int:
    """What the seller has of the order by now, after the commission."""
    had = _sellers_parts(order)
    lines = (line for line in order.lines if order.terms.fixed_for(line.category))
    return sum(had[line.id] - _of_line(order, line, had[line.id]).fee for line in lines) + sum(
        total.gross - total.fee for total in order.commission
    )


def _kept_of_all(order: Order) -> int:
    """The same if all of the order were released."""
    nothing_yet = msgspec.structs.replace(order, portions=(), commission=())
    by_rate, by_line = _by_rate_and_line(order, ((line.id, line.total) for line in order.lines))
    _, fee = _own(nothing_yet, by_rate, by_line)
    return order.total - fee


def refund(
    order: Order, spans: tuple[Span, ...], *, at: Instant, by: str, cause: Cause, why: str | None = None
) -> PortionsRefunded:
    """These units' money goes back to the buyer, their shares of shipping and tax with it."""
    number = len(order.refunds) + 1
    return PortionsRefunded(
        at=at, by=by, spans=spans, amount=left_of(order, spans), number=number, cause=cause, why=why
    )


def spans_of_lines(order: Order) -> tuple[Span, ...]:
    """Every unit of the order, as its portions lie."""
    return tuple(portion.span for portion in order.portions)


def net_of(order: Order, spans: tuple[Span, ...]) -> tuple[int, int, int]:
    """Gross, fee and net if `spans` were released now."""
    gross = left_of(order, spans)
    _, fee = commission_after(order, spans)
    return gross, fee, gross - fee


def in_dispute(order: Order, dispute: Dispute) -> tuple[Portion, ...]:
    """The units that this dispute is about, as portions lie."""
    return tuple(
        portion
        for portion in order.portions
        if portion.state is PortionState.DISPUTED and portion.dispute == dispute.id
    )


def disputed_sum(order: Order, dispute: Dispute) -> int:
    """What is left to be decided in this dispute (minor units): less than at its beginning where the bank took a part."""
    return sum(portion.left for portion in in_dispute(order, dispute))


def refund_with_postage(dispute: Dispute) -> int:
    """What goods that came back as agreed bring the buyer: what was agreed, and the postage, up to the disputed sum."""
    assert dispute.agreed is not None, "goods come back because it was agreed on"
    return min(dispute.agreed.refund + dispute.postage, dispute.amount)


def split(order: Order, dispute: Dispute, decided: int, *, at: Instant, by: str, outcome: Outcome) -> DisputeSettled:
    """The dispute ends: `decided` of the disputed sum is the buyer's, the rest the seller's less the commission (S2).

    What the buyer's bank has taken of these units counts as given to them; what it has of others `bank_money.settled`
    counts here first. The rest is shared among the units pro rata of what is left of each (largest remainder).
    """
    portions = in_dispute(order, dispute)
    charged = tuple(portion.charged for portion in portions)
    lefts = tuple(portion.left for portion in portions)
    refund = max(0, decided - sum(charged))
    shares = allocate(refund, lefts) if refund else (0,) * len(lefts)
    by_bank = charged if refund or not sum(charged) else allocate(decided, charged)
    rest = [(portion.line, left - share) for portion, left, share in zip(portions, lefts, shares, strict=True)]
    commission, fee = commission_on(order, rest)
    return DisputeSettled(
        at=at,
        by=by,
        dispute=dispute.id,
        outcome=outcome,
        decided=decided,
        spans=tuple(portion.span for portion in portions),
        owed=tuple(share + part for share, part in zip(shares, by_bank, strict=True)),
        shares=shares,
        refund=refund,
        number=len(order.refunds) + 1 if refund else 0,
        gross=sum(lefts) - refund,
        fee=fee,
        commission=commission,
    )


def sellers_part(portion: Portion) -> int:
    """What of these units' worth went to the seller, commission included (minor units)."""
    if portion.state not in (PortionState.SETTLED, PortionState.REFUNDED):
        return 0
    return portion.amount - portion.charged - portion.returned
