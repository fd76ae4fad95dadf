"""What the buyer's bank took counts wherever the buyer is owed: nobody is refunded twice, on one line or across two.

A chargeback (S21) names an order and a sum, not goods. It is first booked on the units that are likeliest meant. Where a
refund is decided later on others, what the bank has is counted there first (`ChargebackMoved`), so that the buyer gets
only what their bank did not give them, and the units on which it lay until then have their own money again.
"""

from collections.abc import Iterable
from typing import NamedTuple

from fairhold.domain.dispute import Dispute, Outcome
from fairhold.domain.dispute_events import ChargebackMoved
from fairhold.domain.events import Cause, Event
from fairhold.domain.evolve import evolve
from fairhold.domain.instants import Instant
from fairhold.domain.order import Order, Portion, PortionState
from fairhold.domain.settlement import borne_taken, commission_on, fixed_taken, in_dispute, refund, split
from fairhold.domain.spans import Span

_HELD = (PortionState.HELD, PortionState.DISPUTED)
_DECIDED = (PortionState.SETTLED, PortionState.REFUNDED)
ORDER_OF_TAKING = (
    PortionState.DISPUTED,
    PortionState.HELD,
    PortionState.CONFIRMED,
    PortionState.SETTLED,
    PortionState.REFUNDED,
)
"""On what a chargeback is booked: whoever disputes goods with us and at their bank means the same goods."""

Amounts = Iterable[tuple[Portion, int]]


class Parts(NamedTuple):
    """Amounts of portions, by where the money of each lies: held, settling, or with the seller."""

    held: int
    settling: int
    released: tuple[tuple[Portion, int], ...]

    @classmethod
    def of(cls, amounts: Amounts) -> "Parts":
        """As the portions are now."""
        found = tuple(amounts)
        return cls(
            sum(amount for portion, amount in found if portion.state in _HELD),
            sum(amount for portion, amount in found if portion.state is PortionState.CONFIRMED),
            tuple((portion, amount) for portion, amount in found if portion.state in _DECIDED),
        )

    @property
    def gross(self) -> int:
        """What is the seller's, commission included."""
        return sum(amount for _, amount in self.released)


def spans_of(amounts: Amounts) -> tuple[tuple[Span, int], ...]:
    """The same, as events name units."""
    return tuple((portion.span, amount) for portion, amount in amounts)


def of_the_seller(portion: Portion) -> int:
    """What of the money that the bank has of these units was decided to be the seller's (minor units)."""
    if portion.state not in _DECIDED:
        return 0
    return portion.charged - max(0, min(portion.charged, portion.owed - portion.returned))


def of_either(portion: Portion) -> int:
    """What of it nobody has decided to be the buyer's (minor units)."""
    return of_the_seller(portion) if portion.state in _DECIDED else portion.charged


def moved(order: Order, targets: tuple[Span, ...], wanted: int, *, at: Instant, by: str) -> ChargebackMoved | None:
    """Up to `wanted` (minor units) of what the bank took of other units, counted on `targets`; None where there is none.

    `targets` are whole portions whose money is held. What lies on units of the seller moves first, then what is open.
    """
    if wanted <= 0 or not order.chargebacks:
        return None
    here = set(targets)
    sources = [
        portion
        for state in reversed(ORDER_OF_TAKING)
        for portion in order.portions
        if portion.state is state and portion.span not in here
    ]
    gives = _filled(((portion, of_either(portion)) for portion in sources), wanted)
    found = sum(amount for _, amount in gives)
    if not found:
        return None
    takes = _filled(((portion, portion.left) for portion in order.portions if portion.span in here), found)
    parts = Parts.of(gives)
    commission, fee = commission_on(order, [(portion.line, amount) for portion, amount in parts.released])
    return ChargebackMoved(
        at=at,
        by=by,
        takes=spans_of(takes),
        gives=spans_of(gives),
        to_held=parts.held,
        to_settling=parts.settling,
        gross=parts.gross,
        fee=fee,
        commission=commission,
    )


def _filled(room: Amounts, amount: int) -> list[tuple[Portion, int]]:
    """`amount` put into what has room, in order, as far as it goes."""
    found: list[tuple[Portion, int]] = []
    for portion, most in room:
        part = min(amount, most)
        if part > 0:
            found.append((portion, part))
            amount -= part
    return found


def settled(
    order: Order, dispute: Dispute, decided: int, *, at: Instant, by: str, outcome: Outcome
) -> tuple[Event, ...]:
    """The dispute ends with `decided` of the disputed sum for the buyer, less what their bank has, wherever it lies."""
    portions = in_dispute(order, dispute)
    wanted = decided - sum(portion.charged for portion in portions)
    moving = moved(order, tuple(portion.span for portion in portions), wanted, at=at, by=by)
    if moving is None:
        return (split(order, dispute, decided, at=at, by=by, outcome=outcome),)
    return moving, split(evolve(order, moving), dispute, decided, at=at, by=by, outcome=outcome)


def refunded(
    order: Order, spans: tuple[Span, ...], *, at: Instant, by: str, cause: Cause, why: str | None = None
) -> tuple[Event, ...]:
    """The money of these units, as the portions lie, goes back to the buyer, less what their bank has."""
    wanted = 0
    if order.chargebacks:
        wanted = sum(portion.left for portion in order.portions if portion.span in spans)
    moving = moved(order, spans, wanted, at=at, by=by)
    if moving is None:
        return (refund(order, spans, at=at, by=by, cause=cause, why=why),)
    return moving, refund(evolve(order, moving), spans, at=at, by=by, cause=cause, why=why)


class Foreseen(NamedTuple):
    """What a decision would do (minor units): to the buyer from us, and to the seller before and after the commission.

    `fixed` is what of the commission is its fixed part, and `provider` what of it all is the payment provider's fee.
    """

    refund: int
    gross: int
    fee: int
    fixed: int = 0
    provider: int = 0

    @property
    def net(self) -> int:
        """What reaches the seller."""
        return self.gross - self.fee


def foreseen(order: Order, dispute: Dispute, decided: int) -> Foreseen:
    """What giving the buyer `decided` of the disputed sum would do, were it done now; nothing once the dispute is closed."""
    if not dispute.is_open:
        return Foreseen(0, 0, 0)
    before, fixed_before, borne_before = order.money, fixed_taken(order), borne_taken(order)
    for event in settled(order, dispute, decided, at=dispute.opened_at, by="", outcome=Outcome.AGREED):
        order = evolve(order, event)
    after = order.money
    fee = after.fee - before.fee
    return Foreseen(
        after.refunded - before.refunded,
        after.released - before.released + fee,
        fee,
        fixed_taken(order) - fixed_before,
        borne_taken(order) - borne_before,
    )
