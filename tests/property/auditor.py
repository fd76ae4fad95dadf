"""A second, much simpler model of an order: every single unit by itself, moved by events and by nothing else.

It knows nothing of portions, guards or `evolve`, reads the rules anew from DOMAIN, and complains where an event breaks one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction

from fairhold.domain import events as e
from fairhold.domain.actors import Role
from fairhold.domain.instants import Duration, Instant
from fairhold.domain.order import Order, Sums
from fairhold.domain.policy import ReviewTerms, Terms
from fairhold.domain.spans import Span
from tests.property.auditor_disputes import OVER, AuditsDisputes, Case
from tests.property.auditor_reviews import ReviewAuditor
from tests.property.auditor_support import AuditsSupport, Desk

HELD, DISPUTED, CONFIRMED = "held", "disputed", "confirmed"
SETTLED, REFUNDED, CANCELLED = "settled", "refunded", "cancelled"
LATEST = 32_503_680_000_000_000


@dataclass
class Unit:
    """One piece of goods."""

    amount: int
    category: str | None
    line: str
    state: str = HELD
    parcel: str | None = None
    protected_until: int | None = None
    window_ends: int | None = None
    ship_again_by: int | None = None
    confirmed_at: int | None = None
    settles_at: int | None = None
    lapse_extended: bool = False
    shipped_again: bool = False
    charged: int = 0
    owed: int = 0
    returned: int = 0
    dispute: str | None = None
    disputes: int = 0
    accident: str | None = None

    @property
    def left(self) -> int:
        """What the bank has not taken."""
        return self.amount - self.charged


@dataclass
class Parcel:
    """What the carrier said of a parcel, and when we heard it."""

    delivered: list[e.CheckpointRecorded] = field(default_factory=list)
    returned: bool = False
    shared_with: int = 0
    doubted: bool = False


class Auditor(AuditsDisputes, AuditsSupport):
    """Sees every event of one order, in order. `today` are the rules of reviews, where they are not those of placing."""

    def __init__(self, today: ReviewTerms | None = None) -> None:
        self.units: dict[tuple[str, int], Unit] = {}
        self.parcels: dict[str, Parcel] = {}
        self.refunds: dict[int, int] = {}
        self.refunds_paid: set[int] = set()
        self.commission: dict[tuple[int, int, str], tuple[int, int]] = {}
        self.paid = self.released = self.fee = self.refunded = 0
        self.seen = self.extensions = 0
        self.last_at = -(2**62)
        self.paid_at: int | None = None
        self.payment_due: int | None = None
        self.shipping_due: int | None = None
        self.came_back_at: int | None = None
        self.terms: Terms | None = None
        self.cases: dict[str, Case] = {}
        self.charged_back: dict[str, int | None] = {}
        self.silent_until: dict[str, int] = {}
        self.lapsed: dict[str, int] = {}
        self.desk = Desk()
        self.reviews = ReviewAuditor(self.units, self.parcels, today)

    def see(self, event: e.Event) -> None:
        """Take one event in; an AssertionError says which rule it breaks."""
        if not isinstance(event, e.OutageRecorded):
            assert event.at >= self.last_at, f"{event} happened before what came before it"
            self.last_at = event.at
        self.seen += 1
        happen = getattr(self, f"_{type(event).__name__}", None)
        if happen is None:
            self.reviews.see(event)
        else:
            happen(event)
            self.reviews.watch(event)

    def check(self, order: Order) -> None:
        """The order says the same as this model."""
        assert order.version == self.seen
        found: dict[tuple[str, int], tuple[str, str | None]] = {}
        for portion in order.portions:
            assert portion.quantity > 0
            for unit in range(portion.start, portion.start + portion.quantity):
                key = (str(portion.line), unit)
                assert key not in found, f"unit {key} lies in two portions"
                found[key] = (portion.state.value, portion.shipment)
            units = self._of([portion.span])
            assert portion.amount == sum(unit.amount for unit in units)
            said = (portion.charged, portion.owed, portion.returned)
            assert said == tuple(sum(getattr(unit, of) for unit in units) for of in ("charged", "owed", "returned"))
        assert found == {key: (unit.state, unit.parcel) for key, unit in self.units.items()}
        assert order.money == Sums(
            paid=self.paid,
            held=self._left(HELD, DISPUTED) if self.paid else 0,
            settling=self._left(CONFIRMED),
            released=self.released,
            fee=self.fee,
            refunded=self.refunded,
            charged_back=sum(unit.charged for unit in self.units.values()),
        )
        returned = sum(unit.returned for unit in self.units.values())
        assert returned == self.refunded
        assert self._left(SETTLED, REFUNDED) - returned == self.released + self.fee
        self.check_cases(order)
        self.check_desk(order)
        self.reviews.check(order)

    def _left(self, *states: str) -> int:
        return sum(unit.left for unit in self.units.values() if unit.state in states)

    def _of(self, spans: Iterable[Span]) -> list[Unit]:
        keys = [(str(span.line), unit) for span in spans for unit in range(span.start, span.start + span.quantity)]
        assert keys, "an event about no units"
        assert len(keys) == len(set(keys)), "a unit named twice"
        return [self.units[key] for key in keys]

    @property
    def _terms(self) -> Terms:
        assert self.terms is not None
        return self.terms

    def _ceiling(self) -> int:
        if self._terms.ceiling is None or self.paid_at is None:
            return LATEST
        return self.paid_at + self._terms.ceiling

    # one method per event

    def _OrderPlaced(self, event: e.OrderPlaced) -> None:  # noqa: N802
        assert self.seen == 1
        self.terms = event.terms
        self.payment_due = event.payment_due
        assert event.payment_due == event.at + event.terms.payment_deadline
        assert sum(line.total for line in event.lines) > 0
        for line in event.lines:
            assert line.total == line.unit_price * line.quantity - line.discount + line.shipping + line.tax >= 0
            for unit in range(line.quantity):
                amount = line.total * (unit + 1) // line.quantity - line.total * unit // line.quantity
                self.units[str(line.id), unit] = Unit(amount, line.category, str(line.id))

    def _PaymentReceived(self, event: e.PaymentReceived) -> None:  # noqa: N802
        assert self.paid_at is None
        assert self.payment_due is not None
        assert event.at < self.payment_due, "the deadline wins at its own instant"
        assert all(unit.state == HELD for unit in self.units.values())
        assert event.amount == sum(unit.amount for unit in self.units.values())
        assert event.shipping_due == event.at + self._terms.shipping_deadline
        self.paid, self.paid_at, self.shipping_due = event.amount, event.at, event.shipping_due

    def _OrderCancelled(self, event: e.OrderCancelled) -> None:  # noqa: N802
        assert self.paid_at is None
        if event.lapsed:
            assert (event.at, event.by) == (self.payment_due, "system")
        for unit in self.units.values():
            assert unit.state == HELD
            unit.state = CANCELLED

    def _ParcelShipped(self, event: e.ParcelShipped) -> None:  # noqa: N802
        assert self.paid_at is not None
        assert event.by.startswith("seller:")
        assert event.shipment not in self.parcels
        assert event.protection_ends == event.at + self._terms.protection
        for unit in self._of(event.spans):
            assert unit.state == HELD
            assert unit.parcel is None or self.parcels[unit.parcel].returned, "shipped twice"
            due = self.shipping_due if unit.ship_again_by is None else unit.ship_again_by
            assert due is not None
            assert event.at < due
            unit.shipped_again |= unit.ship_again_by is not None
            unit.parcel = event.shipment
            unit.protected_until = max(unit.protected_until or 0, event.protection_ends)
            unit.window_ends = unit.ship_again_by = None
        self.parcels[event.shipment] = Parcel()

    def _CheckpointRecorded(self, event: e.CheckpointRecorded) -> None:  # noqa: N802
        if event.checkpoint.status.value == "delivered":
            self.parcels[event.shipment].delivered.append(event)

    def _ParcelDelivered(self, event: e.ParcelDelivered) -> None:  # noqa: N802
        parcel = self.parcels[event.shipment]
        assert not parcel.returned, "a parcel that came back is not delivered by a hand-over to its sender"
        first_known = min(
            max(scan.checkpoint.at, scan.at) for scan in parcel.delivered if scan.checkpoint.at == event.delivered_at
        )
        for span, ends in event.windows:
            for unit in self._of([span]):
                assert unit.state == HELD
                assert unit.parcel == event.shipment
                window = self._terms.category_windows.get(unit.category or "", self._terms.window)
                assert ends >= first_known + window, "the buyer has the whole window from the later of scan and news"
                assert ends <= max(first_known + window, unit.window_ends or 0)
                unit.window_ends = ends

    def _NumberShared(self, event: e.NumberShared) -> None:  # noqa: N802
        parcel = self.parcels[event.shipment]
        assert event.by == "system"
        assert event.orders > parcel.shared_with
        parcel.shared_with = event.orders

    def _DeliveryDoubted(self, event: e.DeliveryDoubted) -> None:  # noqa: N802
        parcel = self.parcels[event.shipment]
        assert self._terms.delivery_evidence, "the policy does not weigh deliveries"
        assert parcel.delivered, "what was not delivered is not doubted"
        assert not parcel.returned
        assert event.doubts
        assert event.windows or parcel.doubted, "the first doubt gives more time"
        parcel.doubted = True
        stretch = self._terms.doubted_delivery
        last_news = max(max(scan.checkpoint.at, scan.at) for scan in parcel.delivered)
        for span, ends in event.windows:
            for unit in self._of([span]):
                assert (unit.state, unit.parcel) == (HELD, event.shipment)
                assert unit.window_ends is not None
                window = self._terms.category_windows.get(unit.category or "", self._terms.window)
                assert unit.window_ends < ends <= max(unit.window_ends, last_news + window) + stretch
                unit.window_ends = ends

    def _DeliveryCorrected(self, event: e.DeliveryCorrected) -> None:  # noqa: N802
        for unit in self.units.values():
            if unit.parcel == event.shipment and unit.state == HELD:
                unit.window_ends = None
        self.parcels[event.shipment].doubted = False
        assert all(unit.window_ends is None for unit in self._of(event.spans)) if event.spans else True

    def _ParcelReturned(self, event: e.ParcelReturned) -> None:  # noqa: N802
        parcel = self.parcels[event.shipment]
        assert not parcel.returned
        parcel.returned = True
        self.came_back_at = event.at
        assert event.ship_again_by == event.at + self._terms.returned_parcel
        for unit in self.units.values():
            if unit.parcel == event.shipment and unit.state == HELD:
                unit.window_ends, unit.ship_again_by = None, event.ship_again_by

    def _ProtectionExtended(self, event: e.ProtectionExtended) -> None:  # noqa: N802
        units = self._of(event.spans)
        if event.on_lapse:
            assert self._terms.on_lapse == "extend_once"
            assert event.length == self._terms.lapse_extension
        else:
            self.extensions += 1
            self._check_answerer(event.by)
            assert self.extensions <= self._terms.extensions
            assert event.length <= self._terms.extension_max
        for unit in units:
            assert unit.state == HELD
            assert unit.protected_until is not None
            if event.on_lapse:
                assert not unit.lapse_extended, "extended on lapse twice"
                assert (event.at, unit.window_ends) == (unit.protected_until, None)
                unit.lapse_extended = True
            unit.protected_until += event.length

    def _ExtensionAsked(self, event: e.ExtensionAsked) -> None:  # noqa: N802
        assert event.by.startswith("buyer:")
        assert event.length <= self._terms.extension_max
        assert event.due == event.at + self._terms.extension_answer
        self.desk.request_owner, self.desk.request_due = Role.SELLER, event.due

    def _ExtensionDeclined(self, event: e.ExtensionDeclined) -> None:  # noqa: N802
        self._check_answerer(event.by)

    def _check_answerer(self, by: str) -> None:
        """The seller; once they were silent, support, and once support was, the operator."""
        role, silent = Role(by.partition(":")[0]), self.desk.request_owner
        assert role is Role.SELLER or role is silent or (role, silent) == (Role.SUPPORT, Role.OPERATOR)

    def _ReceiptConfirmed(self, event: e.ReceiptConfirmed) -> None:  # noqa: N802
        assert event.by.startswith("buyer:"), "S9: only the buyer confirms"
        units = self._of(event.spans)
        assert event.amount == sum(unit.left for unit in units)
        assert event.settles_at == max(event.at, min(event.at + self._terms.settlement_delay, self._ceiling()))
        for unit in units:
            assert unit.state == HELD
            assert unit.parcel is not None
            assert not self.parcels[unit.parcel].returned
            ends = [found for found in (unit.window_ends, unit.protected_until) if found is not None]
            assert event.at < min(ends), "what lapsed cannot be confirmed"
            unit.state, unit.confirmed_at, unit.settles_at = CONFIRMED, event.at, event.settles_at

    def _ReceiptUndone(self, event: e.ReceiptUndone) -> None:  # noqa: N802
        units = self._of(restored.span for restored in event.restored)
        assert event.amount == sum(unit.left for unit in units)
        late = event.by.startswith("operator:") and self.desk.overdue
        assert event.by.startswith("support:") or late or (event.by.startswith("buyer:") and self._terms.buyer_undo)
        for restored in event.restored:
            for unit in self._of([restored.span]):
                assert unit.state == CONFIRMED
                assert unit.settles_at is not None
                assert unit.confirmed_at is not None
                assert event.at < unit.settles_at, "S16: until the money has left"
                if event.by.startswith("buyer:"):
                    assert event.at < unit.confirmed_at + self._terms.buyer_undo
                ends = [end for end in (restored.window_ends, restored.protection_ends, restored.ship_again_by) if end]
                assert min(ends) >= min(event.at + self._terms.undo_minimum, self._ceiling()), "S16: at least 72 h"
                assert restored.protection_ends - event.at >= min(
                    (unit.protected_until or 0) - unit.confirmed_at, self._ceiling() - event.at
                ), "S16: the time that was left"
                unit.state, unit.confirmed_at, unit.settles_at, unit.accident = HELD, None, None, None
                self.desk.would_leave.pop(id(unit), None)
                unit.protected_until = restored.protection_ends
                unit.window_ends, unit.ship_again_by = restored.window_ends, restored.ship_again_by

    def _PortionsReleased(self, event: e.PortionsReleased) -> None:  # noqa: N802
        units = self._of(event.spans)
        assert event.gross == sum(unit.left for unit in units)
        for unit in units:
            if event.cause is e.Cause.CONFIRMED:
                assert (unit.state, unit.settles_at) == (CONFIRMED, event.at)
            elif event.cause is e.Cause.CONFIRMATION_WINDOW:
                assert (unit.state, unit.window_ends) == (HELD, event.at)
                assert event.at <= (unit.protected_until or 0)
            else:
                assert event.cause is e.Cause.PROTECTION
                assert (unit.state, unit.protected_until, unit.ship_again_by) == (HELD, event.at, None)
                asked = self._terms.on_lapse == "dispute" and (unit.disputes or not unit.left)
                assert unit.lapse_extended or unit.window_ends or self._terms.on_lapse == "pay" or asked
            unit.state = SETTLED
        assert event.fee == self.commission_on([(unit, unit.left) for unit in units])
        self.released += event.gross - event.fee
        self.fee += event.fee

    def commission_on(self, parts: Iterable[tuple[Unit, int]]) -> int:
        """Half even of all released so far, less what was taken; a line with a fixed part is reckoned by itself."""
        fee, found = 0, list(parts)
        for key in {self._reckoned_with(unit) for unit, _ in found}:
            gross, taken = self.commission.get(key, (0, 0))
            gross += sum(amount for unit, amount in found if self._reckoned_with(unit) == key)
            owed = self._owed(key, gross)
            fee += owed - taken
            self.commission[key] = (gross, owed)
        return fee

    def _reckoned_with(self, unit: Unit) -> tuple[int, int, str]:
        """The rate, the fixed part, and the line where there is one."""
        category = unit.category or ""
        rate = self._terms.category_commission.get(category, self._terms.commission)
        fixed = self._terms.category_fixed.get(category, self._terms.fixed_commission)
        return rate, fixed, unit.line if fixed else ""

    def _owed(self, key: tuple[int, int, str], gross: int) -> int:
        rate, fixed, line = key
        percentage = round(Fraction(rate * gross, 10_000))
        if not fixed:
            return percentage
        total = sum(unit.amount for unit in self.units.values() if unit.line == line)
        most = total - round(Fraction(rate * total, 10_000))
        return percentage + (round(Fraction(min(fixed, most) * (gross - percentage), most)) if most else 0)

    def _PortionsRefunded(self, event: e.PortionsRefunded) -> None:  # noqa: N802
        units = self._of(event.spans)
        assert event.amount == sum(unit.left for unit in units)
        assert event.number == len(self.refunds) + 1
        for unit in units:
            assert unit.state == HELD
            match event.cause:
                case e.Cause.NOT_SHIPPED:
                    assert (unit.parcel, event.at) == (None, self.shipping_due)
                case e.Cause.RETURNED_TO_SENDER:
                    second_time = unit.shipped_again and event.at == self.came_back_at
                    assert second_time or unit.ship_again_by == event.at
                case e.Cause.CANCELLED:
                    assert not self.parcels
                    assert event.by != "system"
                case _:
                    assert (event.cause, event.at) == (e.Cause.PROVIDER_CEILING, self._ceiling())
            unit.state, unit.owed, unit.returned = REFUNDED, unit.amount, unit.left
        self.refunds[event.number] = event.amount
        self.refunded += event.amount

    def _RefundPaid(self, event: e.RefundPaid) -> None:  # noqa: N802
        assert event.number not in self.refunds_paid
        assert self.refunds[event.number] == event.amount
        self.refunds_paid.add(event.number)

    def _OutageRecorded(self, event: e.OutageRecorded) -> None:  # noqa: N802
        length = Duration(event.end - event.start)

        def moved(deadline: int | None) -> int | None:
            inside = deadline is not None and event.start <= deadline <= event.end
            return Instant(deadline + length) if inside and deadline is not None else deadline

        self.payment_due, self.shipping_due = moved(self.payment_due), moved(self.shipping_due)
        self.desk.due, self.desk.request_due = moved(self.desk.due), moved(self.desk.request_due)
        for case in self.cases.values():
            if case.state not in OVER:
                case.due, case.negotiation_due, case.last = (
                    moved(case.due),
                    moved(case.negotiation_due),
                    moved(case.last),
                )
                case.expires = moved(case.expires)
        for unit in self.units.values():
            if unit.state == HELD:
                unit.protected_until = moved(unit.protected_until)
                unit.window_ends = moved(unit.window_ends)
                unit.ship_again_by = moved(unit.ship_again_by)
