"""The second model's half about disputes and chargebacks: each dispute as a few plain facts, moved by events alone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from fairhold.domain import dispute_events as e
from fairhold.domain.deadlines import deadlines
from fairhold.domain.dispute import DisputeReason, Offer, Outcome
from fairhold.domain.order import Order
from fairhold.domain.policy import Terms
from fairhold.domain.spans import Span

if TYPE_CHECKING:
    from tests.property.auditor import Parcel, Unit

ASKED, TALKING, CLAIMED, RULED, APPEALED = "awaiting_answer", "negotiating", "claimed", "ruled", "appealed"
RETURN_DUE, RETURNING, RESEND_DUE = "return_due", "returning", "resend_due"
OVER = ("settled", "resent", "withdrawn")
DAY = 86_400_000_000


@dataclass
class Case:
    """What is known of one dispute."""

    spans: tuple[Span, ...]
    amount: int
    opened_at: int
    state: str
    due: int | None
    negotiation_due: int | None = None
    last: int | None = None
    offer: Offer | None = None
    expires: int | None = None
    count: int = 0
    by_seller: bool = False
    goods_back: bool = False
    rulings: list[tuple[str, int]] = field(default_factory=list)
    agreed: Offer | None = None


class _Audits(Protocol):
    """What the other half knows."""

    units: dict[tuple[str, int], Unit]
    parcels: dict[str, Parcel]
    refunds: dict[int, int]
    cases: dict[str, Case]
    charged_back: dict[str, int | None]
    silent_until: dict[str, int]
    lapsed: dict[str, int]
    """What counts as lost by silence, and may be given back later still."""
    released: int
    fee: int
    refunded: int

    @property
    def _terms(self) -> Terms: ...
    def _of(self, spans: Iterable[Span]) -> list[Unit]: ...
    def _ceiling(self) -> int: ...
    def commission_on(self, parts: Iterable[tuple[Unit, int]]) -> int: ...


class AuditsDisputes:
    """Methods for the events of disputes and chargebacks, and what must be true of both at any time."""

    def check_cases(self: _Audits, order: Order) -> None:
        """Each open dispute has an owner and a deadline, and its units, which nothing else may move, are in dispute."""
        coming = deadlines(order)
        for name, case in self.cases.items():
            found = order.dispute(name)
            assert found is not None
            assert found.state.value == case.state
            assert (found.due, found.amount, len(found.offers)) == (case.due, case.amount, case.count)
            waits = [deadline for deadline in coming if deadline.dispute == name]
            if case.state in OVER:
                assert not waits
                continue
            assert waits, "a dispute with no owner and no deadline"
            assert all(unit.state == "disputed" and unit.dispute == name for unit in self._of(case.spans))
        assert {unit.dispute for unit in self.units.values() if unit.state == "disputed"} == {
            name for name, case in self.cases.items() if case.state not in OVER
        }

    def _DisputeOpened(self: _Audits, event: e.DisputeOpened) -> None:  # noqa: N802
        units, terms = self._of(event.spans), self._terms.disputes
        assert event.amount == sum(unit.amount for unit in units)
        by_seller = event.reason is DisputeReason.RETURNED_PARCEL
        for unit in units:
            assert unit.state == "held"
            assert unit.parcel is not None
            unit.state, unit.dispute, unit.disputes = "disputed", event.dispute, unit.disputes + 1
            assert by_seller == (unit.ship_again_by is not None)
            if event.by == "system":
                assert (self._terms.on_lapse, unit.protected_until) == ("dispute", event.at)
            else:
                assert unit.disputes <= 3
                ends = (unit.ship_again_by,) if by_seller else (unit.window_ends, unit.protected_until)
                assert event.at < min(end for end in ends if end is not None)
        case = Case(event.spans, event.amount, event.at, ASKED, event.answer_due, by_seller=by_seller)
        if by_seller:
            assert event.by.startswith("seller:")
            assert event.ruling_due == event.at + terms.ruling
            case.state, case.due = CLAIMED, event.ruling_due
        else:
            assert event.by == "system" or event.by.startswith("buyer:")
            assert event.answer_due == event.at + terms.answer
            talk = max(event.at, min(event.at + terms.negotiation, self._ceiling() - terms.ruling))
            assert event.negotiation_due in (talk, event.at + terms.negotiation)
            assert event.offer is not None
            assert event.offer.refund <= event.amount
            case.negotiation_due, case.offer, case.count = event.negotiation_due, event.offer, 1
        case.last = event.undecided_after
        assert case.last == (None if by_seller or not terms.undecided_after else event.at + terms.undecided_after)
        assert event.dispute not in self.cases
        self.cases[event.dispute] = case

    def _OfferMade(self: _Audits, event: e.OfferMade) -> None:  # noqa: N802
        case, offer = self.cases[event.dispute], event.offer
        assert case.state in (ASKED, TALKING, CLAIMED)
        assert 0 <= offer.refund <= case.amount
        assert event.by.startswith(offer.by.value)
        assert not (offer.return_goods and (case.goods_back or case.by_seller))
        case.count += 1
        assert offer.number == case.count
        case.offer, case.expires = offer, offer.expires
        if offer.by.value == "seller" and case.state == ASKED:
            assert case.due is not None
            assert event.at < case.due
            case.state, case.due = TALKING, case.negotiation_due

    def _OfferLapsed(self: _Audits, event: e.OfferLapsed) -> None:  # noqa: N802
        case = self.cases[event.dispute]
        assert (event.at, event.number) == (case.expires, case.count)
        assert case.state in (TALKING, CLAIMED)
        case.offer = case.expires = None

    def _DisputeAgreed(self: _Audits, event: e.DisputeAgreed) -> None:  # noqa: N802
        case = self.cases[event.dispute]
        assert case.state in (ASKED, TALKING, CLAIMED)
        assert event.offer == case.offer
        if event.silence:
            assert (event.by, event.at, case.state) == ("system", case.due, ASKED)
            assert not event.offer.resend
        else:
            assert not event.by.startswith(event.offer.by.value)
        terms = self._terms
        length = terms.shipping_deadline if event.offer.resend else terms.disputes.return_shipping
        assert event.due == event.at + length
        case.state, case.due, case.agreed = RESEND_DUE if event.offer.resend else RETURN_DUE, event.due, event.offer

    def _DisputeEscalated(self: _Audits, event: e.DisputeEscalated) -> None:  # noqa: N802
        case = self.cases[event.dispute]
        assert event.contested == (case.state == RETURNING)
        assert event.contested or case.state in (ASKED, TALKING)
        if event.by == "system":
            assert case.due is not None
            assert event.at >= case.due
        assert event.due == event.at + self._terms.disputes.ruling
        case.state, case.due = CLAIMED, event.due
        if event.contested:
            case.offer = case.expires = None
            case.goods_back, case.last = True, None if case.last is None else max(case.last, event.due)

    def _ClaimTaken(self: _Audits, event: e.ClaimTaken) -> None:  # noqa: N802
        assert self.cases[event.dispute].state in (CLAIMED, APPEALED)
        assert event.by.startswith("mediator:")

    def _RulingOverdue(self: _Audits, event: e.RulingOverdue) -> None:  # noqa: N802
        case = self.cases[event.dispute]
        assert case.state in (CLAIMED, APPEALED)
        assert event.at == case.due
        assert event.due == event.at + self._terms.disputes.ruling
        case.due = event.due

    def _DisputeRuled(self: _Audits, event: e.DisputeRuled) -> None:  # noqa: N802
        case = self.cases[event.dispute]
        assert case.state in (CLAIMED, APPEALED)
        assert event.by.partition(":")[0] in ("mediator", "operator")
        person = event.by.partition(":")[2]
        assert person not in [by for by, _ in case.rulings]
        assert 0 <= event.refund <= case.amount
        assert event.effective_at == event.at + (0 if case.rulings else self._terms.disputes.appeal)
        case.rulings.append((person, event.refund))
        case.state, case.due = RULED, event.effective_at

    def _RulingAppealed(self: _Audits, event: e.RulingAppealed) -> None:  # noqa: N802
        case = self.cases[event.dispute]
        assert (case.state, len(case.rulings)) == (RULED, 1)
        assert case.due is not None
        assert event.at < case.due
        assert event.due == event.at + self._terms.disputes.ruling
        case.state, case.due = APPEALED, event.due
        case.last = None if case.last is None else max(case.last, event.due)

    def _MessageSent(self: _Audits, event: e.MessageSent) -> None:  # noqa: N802
        assert self.cases[event.dispute].state not in OVER

    def _ReturnShipped(self: _Audits, event: e.ReturnShipped) -> None:  # noqa: N802
        from tests.property.auditor import Parcel  # noqa: PLC0415

        case = self.cases[event.dispute]
        assert case.state == RETURN_DUE
        assert case.due is not None
        assert event.at < case.due
        assert event.due == event.at + self._terms.late_after + self._terms.disputes.return_inspection
        case.state, case.due = RETURNING, event.due
        assert event.shipment not in self.parcels
        self.parcels[event.shipment] = Parcel()

    def _ReturnArrived(self: _Audits, event: e.ReturnArrived) -> None:  # noqa: N802
        case = self.cases[event.dispute]
        assert case.state == RETURNING
        assert event.due >= event.at
        case.due = event.due

    def _ReplacementShipped(self: _Audits, event: e.ReplacementShipped) -> None:  # noqa: N802
        from tests.property.auditor import Parcel  # noqa: PLC0415

        case = self.cases[event.dispute]
        assert case.state == RESEND_DUE
        assert event.protection_ends == event.at + self._terms.protection
        for unit in self._of(event.spans):
            assert (unit.state, unit.dispute) == ("disputed", event.dispute)
            unit.state, unit.parcel = "held", event.shipment
            unit.protected_until, unit.window_ends, unit.ship_again_by = event.protection_ends, None, None
        self.parcels[event.shipment] = Parcel()
        case.state, case.due = "resent", None

    def _DisputeWithdrawn(self: _Audits, event: e.DisputeWithdrawn) -> None:  # noqa: N802
        case = self.cases[event.dispute]
        assert case.state in (ASKED, TALKING, CLAIMED)
        assert event.by.startswith("seller:" if case.by_seller else "buyer:")
        for restored in event.restored:
            for unit in self._of([restored.span]):
                assert (unit.state, unit.dispute) == ("disputed", event.dispute)
                left = max(0, (unit.protected_until or 0) - case.opened_at)
                assert restored.protection_ends == max(event.at, min(event.at + left, self._ceiling()))
                if unit.ship_again_by is not None:
                    assert restored.ship_again_by is not None
                    assert restored.ship_again_by - event.at <= unit.ship_again_by - case.opened_at
                unit.state, unit.protected_until = "held", restored.protection_ends
                unit.window_ends, unit.ship_again_by = restored.window_ends, restored.ship_again_by
        case.state, case.due = "withdrawn", None

    def _DisputeSettled(self: _Audits, event: e.DisputeSettled) -> None:  # noqa: N802
        case, units = self.cases[event.dispute], self._of(event.spans)
        assert all((unit.state, unit.dispute) == ("disputed", event.dispute) for unit in units)
        assert len(units) == len(self._of(case.spans))
        assert event.decided == _deciding(case, event, self._ceiling())
        by_bank = sum(unit.charged for unit in units)
        assert event.refund == max(0, event.decided - by_bank)
        assert event.refund + event.gross + by_bank == case.amount
        parts: list[tuple[Unit, int]] = []
        for span, owed, share in zip(event.spans, event.owed, event.shares, strict=True):
            there = self._of([span])
            parts.append((there[0], sum(unit.left for unit in there) - share))
            back = event.decided == case.amount or (owed > 0 and owed == sum(unit.amount for unit in there))
            for unit in there:
                unit.state = "refunded" if back else "settled"
            _spread(there, "owed", owed)
            _spread(there, "returned", share)
        assert event.fee == self.commission_on(parts)
        if event.number:
            assert event.number == len(self.refunds) + 1
            self.refunds[event.number] = event.refund
        self.refunded += event.refund
        self.released += event.gross - event.fee
        self.fee += event.fee
        case.state, case.due = "settled", None

    def _ChargebackReceived(self: _Audits, event: e.ChargebackReceived) -> None:  # noqa: N802
        assert sum(amount for _, amount in event.takes) == event.amount - event.beyond
        assert event.due == event.at + 180 * DAY
        parts: list[tuple[Unit, int]] = []
        held = settling = 0
        for span, amount in event.takes:
            units = self._of([span])
            _spread(units, "charged", sum(unit.charged for unit in units) + amount)
            if units[0].state in ("held", "disputed"):
                held += amount
            elif units[0].state == "confirmed":
                settling += amount
            else:
                parts.append((units[0], -amount))
        assert (held, settling) == (event.from_held, event.from_settling)
        assert event.gross == event.amount - event.beyond - held - settling
        assert not event.beyond or not sum(unit.left - unit.returned for unit in self.units.values())
        assert -event.fee == self.commission_on(parts)
        self.released -= event.gross - event.fee
        self.fee -= event.fee
        self.charged_back[event.chargeback] = event.amount - event.beyond
        self.silent_until[event.chargeback] = event.due

    def _ChargebackMoved(self: _Audits, event: e.ChargebackMoved) -> None:  # noqa: N802
        assert sum(amount for _, amount in event.takes) == sum(amount for _, amount in event.gives) > 0
        assert not {span for span, _ in event.takes} & {span for span, _ in event.gives}
        for span, amount in event.takes:
            units = self._of([span])
            assert all(unit.state in ("held", "disputed") for unit in units)
            _spread(units, "charged", sum(unit.charged for unit in units) + amount)
        parts: list[tuple[Unit, int]] = []
        held = settling = 0
        for span, amount in event.gives:
            units = self._of([span])
            _spread(units, "charged", sum(unit.charged for unit in units) - amount)
            if units[0].state in ("held", "disputed"):
                held += amount
            elif units[0].state == "confirmed":
                settling += amount
            else:
                parts.append((units[0], amount))
                assert sum(unit.owed for unit in units) <= sum(unit.charged + unit.returned for unit in units)
        assert (held, settling, sum(amount for _, amount in parts)) == (event.to_held, event.to_settling, event.gross)
        assert event.fee == self.commission_on(parts)
        self.released += event.gross - event.fee
        self.fee += event.fee

    def _ChargebackWon(self: _Audits, event: e.ChargebackWon) -> None:  # noqa: N802
        taken = self.charged_back[event.chargeback]
        assert sum(amount for _, amount in event.gives) == (
            self.lapsed.pop(event.chargeback) if taken is None else taken
        )
        parts: list[tuple[Unit, int]] = []
        for (span, amount), back in zip(event.gives, event.refunds, strict=True):
            units = self._of([span])
            _spread(units, "charged", sum(unit.charged for unit in units) - amount)
            _spread(units, "returned", sum(unit.returned for unit in units) + back)
            decided = units[0].state in ("settled", "refunded")
            assert decided or not back
            if decided:
                parts.append((units[0], amount - back))
                owed = sum(unit.owed for unit in units)
                assert owed <= sum(unit.charged + unit.returned for unit in units)
        assert event.fee == self.commission_on(parts)
        assert sum(event.refunds) == event.refund
        if event.number:
            self.refunds[event.number] = event.refund
        self.refunded += event.refund
        self.released += event.gross - event.fee
        self.fee += event.fee
        self.charged_back[event.chargeback] = None

    def _ChargebackLost(self: _Audits, event: e.ChargebackLost) -> None:  # noqa: N802
        taken = self.charged_back[event.chargeback]
        assert taken is not None
        self.charged_back[event.chargeback] = None
        if event.at == self.silent_until[event.chargeback]:
            self.lapsed[event.chargeback] = taken


def _spread(units: list[Unit], field_name: str, total: int) -> None:
    """So much on these units, the first of them first."""
    for unit in units:
        part = min(unit.amount, total)
        setattr(unit, field_name, part)
        total -= part
    assert total == 0, "more than they are worth"


def _deciding(case: Case, event: e.DisputeSettled, ceiling: int) -> int:
    """What of the disputed sum is the buyer's, by how it ended."""
    match event.outcome:
        case Outcome.AGREED:
            assert case.offer is not None
            assert not event.by.startswith(case.offer.by.value)
            return case.offer.refund
        case Outcome.SILENCE:
            assert case.offer is not None
            assert (case.state, event.at) == (ASKED, case.due)
            return case.amount if case.offer.resend else case.offer.refund
        case Outcome.RULED:
            assert case.state == RULED
            assert event.at in (case.due, ceiling)
            return case.rulings[-1][1]
        case Outcome.RETURNED:
            assert case.state == RETURNING
            assert case.agreed is not None
            return case.agreed.refund
        case Outcome.NOT_SENT_BACK:
            assert (case.state, event.at) == (RETURN_DUE, case.due)
            return 0
        case Outcome.NOT_RESENT:
            assert (case.state, event.at) == (RESEND_DUE, case.due)
        case Outcome.UNDECIDED:
            assert event.at == case.last
        case _:
            assert (event.outcome, event.at) == (Outcome.PROVIDER_CEILING, ceiling)
    return case.rulings[-1][1] if case.state == APPEALED else case.amount
