"""Orders in every state, made by real commands at fixed instants: what each test of the core begins with."""

from __future__ import annotations

from dataclasses import dataclass, replace

import msgspec

from fairhold.domain import decide
from fairhold.domain.actors import SYSTEM, Actor, Role
from fairhold.domain.commands import (
    AcceptOffer,
    AppealRuling,
    ApplyDeadlines,
    AskExtension,
    CancelOrder,
    Command,
    ConfirmReceipt,
    ContestReturnedParcel,
    Demand,
    EscalateDispute,
    ExtendProtection,
    LineQuantity,
    MakeOffer,
    NewLine,
    OpenDispute,
    Pay,
    PlaceOrder,
    ReceiveReturn,
    RecordChargeback,
    RecordChargebackOutcome,
    RecordCheckpoint,
    RecordRefundPaid,
    RuleOnDispute,
    ShipParcel,
    ShipReplacement,
    ShipReturn,
    UndoReceipt,
    WithdrawDispute,
)
from fairhold.domain.dispute import DemandKind, Dispute, DisputeReason, chargeback_id, dispute_id
from fairhold.domain.events import Event
from fairhold.domain.evolve import evolve
from fairhold.domain.ids import Lane, LineId, OrderId, PersonId, ShipmentId, line_id, order_id, shipment_id
from fairhold.domain.instants import DAY, HOUR, MINUTE, SECOND, Duration, Instant
from fairhold.domain.money import Currency
from fairhold.domain.order import Order, ParcelStatus
from fairhold.domain.payment import ProviderNames
from fairhold.domain.payment_commands import RecordPayment, RecordPaymentFailure, RecordPaymentPage, StartPayment
from fairhold.domain.payout_commands import (
    RecordPayoutFailed,
    RecordPayoutNotTakenBack,
    RecordPayoutSent,
    RecordPayoutTakenBack,
    StartPayout,
    TakePayoutBack,
)
from fairhold.domain.policy import Policy
from fairhold.domain.reasons import Reason, Refusal
from fairhold.domain.refund_commands import RecordRefundReturned
from fairhold.domain.review import Review, ReviewId
from fairhold.domain.review_commands import ReviseReview, WriteReview
from fairhold.domain.support_commands import DeclineAccident, ReportAccident

T0 = Instant(1_767_600_000 * SECOND)
"""2026-01-05T08:00:00Z: when the orders of tests are placed."""

ID = order_id(T0 // 1000, 0x1234_5678_9A, Lane(0))
OTHER_ID = order_id(T0 // 1000, 0x7F_EDCB_A987, Lane(0))
LINE_1, LINE_2 = line_id(ID, 1), line_id(ID, 2)
PARCEL_1, PARCEL_2 = shipment_id(ID, 1), shipment_id(ID, 2)
DISPUTE_1, DISPUTE_2 = dispute_id(ID, 1), dispute_id(ID, 2)
CHARGEBACK_1 = chargeback_id(ID, 1)


def fresh_id(position: int) -> OrderId:
    """The fresh id with which an order's review at `position`, from 1, is written."""
    return order_id(T0 // 1000, 0x5E_0000_0000 + position, Lane(0))


REVIEW_1, REVIEW_2 = ReviewId(fresh_id(1)), ReviewId(fresh_id(2))

BUYER = Actor(Role.BUYER, PersonId("ann"))
SELLER = Actor(Role.SELLER, PersonId("shop-7"))
STRANGE_BUYER = Actor(Role.BUYER, PersonId("bob"))
STRANGE_SELLER = Actor(Role.SELLER, PersonId("shop-8"))
MEDIATOR = Actor(Role.MEDIATOR, PersonId("mia"))
OTHER_MEDIATOR = Actor(Role.MEDIATOR, PersonId("max"))
SUPPORT = Actor(Role.SUPPORT, PersonId("sam"))
OPERATOR = Actor(Role.OPERATOR, PersonId("ops"))

ACTORS: dict[str, Actor] = {
    "buyer": BUYER,
    "seller": SELLER,
    "operator": OPERATOR,
    "support": SUPPORT,
    "mediator": MEDIATOR,
    "system": SYSTEM,
    "strange_buyer": STRANGE_BUYER,
    "strange_seller": STRANGE_SELLER,
}

POLICY = Policy(name="aliexpress")
"""Every option at its default, which is the source's main reading."""


def at(*, days: int = 0, hours: int = 0, minutes: int = 0, seconds: int = 0, start: Instant = T0) -> Instant:
    """The instant so long after `start`."""
    return Instant(start + days * DAY + hours * HOUR + minutes * MINUTE + seconds * SECOND)


def policy(**sections: dict[str, object]) -> Policy:
    """The default policy with some options changed: `policy(receipt={"window_days": 3})`."""
    return msgspec.convert({"name": "aliexpress", **sections}, Policy)


def new_line(unit_price: int = 1000, quantity: int = 1, *, sku: str = "sku", category: str | None = None) -> NewLine:
    """Goods of no particular kind."""
    return NewLine(sku=sku, title=f"Goods {sku}", quantity=quantity, unit_price=unit_price, category=category)


TWO_LINES = (new_line(1000, 1, sku="lamp"), new_line(300, 3, sku="cup"))


def place(**changes: object) -> PlaceOrder:
    """The command that places the order of two lines (1 lamp of 10.00, 3 cups of 3.00), with some fields changed."""
    command = PlaceOrder(buyer=BUYER.id, seller=SELLER.id, currency=Currency("RUB"), lines=TWO_LINES, policy=POLICY)
    return msgspec.structs.replace(command, **changes)


@dataclass(frozen=True)
class Deal:
    """An order on its way: the order, all its events, and what time it is. Each step gives a new one."""

    order: Order
    events: tuple[Event, ...]
    now: Instant

    def do(self, command: Command, actor: Actor, when: Instant | None = None) -> Deal:
        """Carry `command` out at `when` (by default: now); a refusal fails the test."""
        now = self.now if when is None else when
        made = decide.decide(self.order, command, actor, now, fresh_id(len(self.order.reviews) + 1))
        assert not isinstance(made, Refusal), f"{command.NAME} at {now - T0} was refused: {made}"
        return self._after(made, now)

    def ask(self, command: Command, actor: Actor, when: Instant | None = None) -> tuple[Event, ...] | Refusal:
        """What the answer to `command` would be."""
        fresh = fresh_id(len(self.order.reviews) + 1)
        return decide.decide(self.order, command, actor, self.now if when is None else when, fresh)

    def refused(self, command: Command, actor: Actor, when: Instant | None = None) -> Refusal:
        """The refusal that `command` meets; to be carried out fails the test."""
        made = self.ask(command, actor, when)
        assert isinstance(made, Refusal), (
            f"{command.NAME} was not refused but made {[name_of(event) for event in made]}"
        )
        return made

    def until(self, when: Instant) -> Deal:
        """Everything due by `when` has happened."""
        return self._after(decide.due(self.order, when), when)

    def waiting(self, when: Instant) -> Deal:
        """It is `when`, and nobody has applied what was due."""
        return replace(self, now=when)

    def _after(self, made: tuple[Event, ...], now: Instant) -> Deal:
        order = self.order
        for event in made:
            order = evolve(order, event)
        return Deal(order, (*self.events, *made), now)

    # the ordinary steps, so that tests read as stories

    def pay(self, when: Instant | None = None) -> Deal:
        return self.do(Pay(method="sandbox:ok"), BUYER, when)

    def begin_paying(self, method: str = "stripe:card", when: Instant | None = None) -> Deal:
        return self.do(StartPayment(method=method, back="https://shop.example/back"), BUYER, when)

    def page(self, attempt: int = 1, when: Instant | None = None) -> Deal:
        names = ProviderNames(payment=f"pi_{attempt}")
        page = RecordPaymentPage(attempt=attempt, names=names, page=f"https://pay.example/{attempt}")
        return self.do(page, SYSTEM, when)

    def money_comes(
        self, attempt: int = 1, amount: int | None = None, when: Instant | None = None, fee: int = 0
    ) -> Deal:
        names = ProviderNames(payment=f"pi_{attempt}", charge=f"ch_{attempt}")
        taken = self.order.total if amount is None else amount
        return self.do(self._taken(attempt, taken, names, fee), SYSTEM, when)

    def _taken(self, attempt: int, amount: int, names: ProviderNames, fee: int) -> RecordPayment:
        begun = self.order.attempt(attempt)
        assert begun is not None
        provider = begun.method.partition(":")[0]
        return RecordPayment(
            provider=provider, attempt=attempt, amount=amount, currency=self.order.currency, names=names, fee=fee
        )

    def payment_fails(self, attempt: int = 1, when: Instant | None = None) -> Deal:
        return self.do(RecordPaymentFailure(attempt=attempt, why="declined"), SYSTEM, when)

    def ship(self, *lines: LineId | LineQuantity, when: Instant | None = None) -> Deal:
        number = f"RB{len(self.order.shipments) + 1:09d}CN"
        return self.do(ShipParcel(carrier="post", tracking_number=number, lines=lines), SELLER, when)

    def scan(
        self,
        status: str,
        when: Instant | None = None,
        *,
        scanned: Instant | None = None,
        parcel: ShipmentId | None = None,
    ) -> Deal:
        now = self.now if when is None else when
        return self.do(scan(status, now if scanned is None else scanned, parcel or PARCEL_1), SYSTEM, now)

    def confirm(self, *lines: LineId | LineQuantity, when: Instant | None = None) -> Deal:
        return self.do(ConfirmReceipt(lines=lines, acknowledged=True), BUYER, when)

    def undo(self, *lines: LineId | LineQuantity, when: Instant | None = None) -> Deal:
        return self.do(UndoReceipt(lines=lines, why="pressed by accident"), SUPPORT, when)

    def report(self, *lines: LineId | LineQuantity, when: Instant | None = None) -> Deal:
        return self.do(ReportAccident(lines=lines, text="My thumb slipped."), BUYER, when)

    def decline(self, when: Instant | None = None, *, by: Actor = SUPPORT) -> Deal:
        return self.do(DeclineAccident(reasons="The parcel was collected an hour before."), by, when)

    def extend(self, days: int, when: Instant | None = None) -> Deal:
        return self.do(ExtendProtection(days=days), SELLER, when)

    def dispute(
        self,
        *lines: LineId | LineQuantity,
        reason: str = "damaged",
        kind: str = "refund",
        amount: int | None = None,
        when: Instant | None = None,
    ) -> Deal:
        return self.do(open_dispute(*lines, reason=reason, kind=kind, amount=amount), BUYER, when)

    def offer(
        self,
        actor: Actor,
        refund: int,
        when: Instant | None = None,
        *,
        return_goods: bool = False,
        resend: bool = False,
    ) -> Deal:
        command = MakeOffer(dispute=self.disputed.id, refund=refund, return_goods=return_goods, resend=resend)
        return self.do(command, actor, when)

    def accept(self, actor: Actor, when: Instant | None = None) -> Deal:
        return self.do(AcceptOffer(dispute=self.disputed.id, number=len(self.disputed.offers)), actor, when)

    def escalate(self, actor: Actor = BUYER, when: Instant | None = None) -> Deal:
        return self.do(EscalateDispute(dispute=self.disputed.id), actor, when)

    def rule(self, refund: int, when: Instant | None = None, *, by: Actor = MEDIATOR) -> Deal:
        return self.do(RuleOnDispute(dispute=self.disputed.id, refund=refund, reasons="as the photos show"), by, when)

    def appeal(self, actor: Actor = BUYER, when: Instant | None = None) -> Deal:
        return self.do(AppealRuling(dispute=self.disputed.id), actor, when)

    def withdraw(self, when: Instant | None = None) -> Deal:
        return self.do(WithdrawDispute(dispute=self.disputed.id), BUYER, when)

    def charge_back(self, amount: int, when: Instant | None = None) -> Deal:
        return self.do(RecordChargeback(amount=amount, reason="fraud"), OPERATOR, when)

    def bank_says(self, *, won: bool, when: Instant | None = None, name: str = CHARGEBACK_1) -> Deal:
        return self.do(RecordChargebackOutcome(chargeback=name, won=won), OPERATOR, when)

    def review(self, actor: Actor, rating: int, when: Instant | None = None, **said: object) -> Deal:
        return self.do(said_of(rating, **said), actor, when)

    def revise(self, actor: Actor, rating: int, when: Instant | None = None, **said: object) -> Deal:
        return self.do(said_anew(rating, self.reviewed.id, **said), actor, when)

    def refund_paid(self, number: int = 1, when: Instant | None = None) -> Deal:
        return self.do(RecordRefundPaid(number=number, reference=f"re_{number}"), SYSTEM, when)

    def refund_returns(self, number: int = 1, when: Instant | None = None) -> Deal:
        return self.do(RecordRefundReturned(number=number, reference=f"re_{number}", why="declined"), SYSTEM, when)

    def pay_out(self, amount: int, payout: str = "po_1", when: Instant | None = None) -> Deal:
        return self.do(StartPayout(payout=payout, amount=amount, account="acct_7"), SYSTEM, when)

    def payout_sent(self, number: int = 1, when: Instant | None = None) -> Deal:
        return self.do(RecordPayoutSent(number=number, reference=f"tr_{number}"), SYSTEM, when)

    def payout_fails(self, number: int = 1, when: Instant | None = None) -> Deal:
        return self.do(RecordPayoutFailed(number=number, why="account_closed"), SYSTEM, when)

    def take_payout_back(self, amount: int, number: int = 1, when: Instant | None = None) -> Deal:
        return self.do(TakePayoutBack(number=number, amount=amount), SYSTEM, when)

    def payout_taken_back(self, number: int = 1, when: Instant | None = None) -> Deal:
        return self.do(RecordPayoutTakenBack(number=number, reference=f"trr_{number}"), SYSTEM, when)

    def payout_not_taken_back(self, number: int = 1, when: Instant | None = None) -> Deal:
        return self.do(RecordPayoutNotTakenBack(number=number, why="insufficient_balance"), SYSTEM, when)

    @property
    def reviewed(self) -> Review:
        """The newest review."""
        return self.order.reviews[-1]

    @property
    def disputed(self) -> Dispute:
        """The newest dispute."""
        return self.order.disputes[-1]


def name_of(event: Event) -> str:
    """The name under which an event is stored."""
    tag = event.__struct_config__.tag
    assert isinstance(tag, str)
    return tag


def scan(status: str, scanned: Instant, parcel: ShipmentId = PARCEL_1) -> RecordCheckpoint:
    """A carrier's report."""
    return RecordCheckpoint(shipment=parcel, status=ParcelStatus(status), at=scanned)


def open_dispute(
    *lines: LineId | LineQuantity, reason: str = "damaged", kind: str = "refund", amount: int | None = None
) -> OpenDispute:
    """The buyer's complaint."""
    demand = Demand(kind=DemandKind(kind), amount=amount)
    return OpenDispute(lines=lines, reason=DisputeReason(reason), demand=demand, text="It arrived broken.")


def said_of(rating: int, **said: object) -> WriteReview:
    """One side's stars for the deal, and what else it says."""
    return msgspec.structs.replace(WriteReview(rating=rating), **said)


def said_anew(rating: int, name: str = REVIEW_1, **said: object) -> ReviseReview:
    """The same once more."""
    return msgspec.structs.replace(ReviseReview(rating=rating, review=name), **said)


SEND_BACK = ShipReturn(dispute=DISPUTE_1, carrier="post", tracking_number="RT000000001CN")
SEND_ANEW = ShipReplacement(dispute=DISPUTE_1, carrier="post", tracking_number="RB000000002CN")
CAME_BACK = ReceiveReturn(dispute=DISPUTE_1)
CONTESTED = ReceiveReturn(dispute=DISPUTE_1, accepted=False, text="An empty box came back.")
CONTEST_PARCEL = ContestReturnedParcel(text="The buyer refused it at the door.")


def part(line: LineId, quantity: int) -> LineQuantity:
    """Some units of a line."""
    return LineQuantity(id=line, quantity=quantity)


def start(command: PlaceOrder | None = None, *, when: Instant = T0, name: OrderId = ID, actor: Actor = BUYER) -> Deal:
    """A deal just placed."""
    made = decide.decide(None, command or place(), actor, when, name)
    assert not isinstance(made, Refusal), made
    order: Order | None = None
    for event in made:
        order = evolve(order, event)
    assert order is not None
    return Deal(order, made, when)


def start_refused(command: PlaceOrder, *, when: Instant = T0, actor: Actor = BUYER) -> Refusal:
    """The refusal that placing meets."""
    made = decide.decide(None, command, actor, when, ID)
    assert isinstance(made, Refusal), made
    return made


# An order in each state. Paid after an hour, shipped after a day, delivered on day 11, as real parcels are.

PAID_AT = at(hours=1)
SHIPPED_AT = at(days=1)
DELIVERED_AT = at(days=11)


def awaiting_payment() -> Deal:
    return start().waiting(PAID_AT)


def payment_lapsed() -> Deal:
    return start().waiting(at(hours=24))


def paid() -> Deal:
    return start().pay(PAID_AT)


def partly_shipped() -> Deal:
    return paid().ship(LINE_1, when=SHIPPED_AT).waiting(at(days=2))


def shipped(command: PlaceOrder | None = None) -> Deal:
    return start(command).pay(PAID_AT).ship(when=SHIPPED_AT).scan("in_transit", at(days=2)).waiting(at(days=3))


def delivered(command: PlaceOrder | None = None) -> Deal:
    return shipped(command).scan("delivered", DELIVERED_AT).waiting(at(days=12))


def returned_to_sender() -> Deal:
    return shipped().scan("returned_to_sender", DELIVERED_AT).waiting(at(days=12))


def one_line_confirmed() -> Deal:
    return delivered().confirm(LINE_1, when=at(days=12)).waiting(at(days=12, hours=1))


def all_confirmed() -> Deal:
    return delivered().confirm(LINE_1, LINE_2, when=at(days=12)).waiting(at(days=12, hours=1))


def released() -> Deal:
    return all_confirmed().until(at(days=13))


def completed(**reviews: object) -> Deal:
    """Both lines confirmed on day 12, and paid for; reviewed until day 42 unless `reviews`, the policy's rules, say else."""
    deal = delivered(place(policy=policy(reviews=reviews))).confirm(LINE_1, LINE_2, when=at(days=12))
    return deal.until(at(days=14))


def refunded_not_shipped() -> Deal:
    return paid().until(at(days=8))


def cancelled_unpaid() -> Deal:
    return awaiting_payment().do(CancelOrder(), BUYER)


def cancelled_paid() -> Deal:
    return paid().do(CancelOrder(), BUYER)


def extension_asked() -> Deal:
    return shipped().do(AskExtension(days=10), BUYER, at(days=4)).waiting(at(days=5))


def extensions_used_up() -> Deal:
    return shipped().extend(10, at(days=4)).extend(10, at(days=5)).waiting(at(days=6))


APPLY = ApplyDeadlines()


def length(*, days: int = 0, hours: int = 0, minutes: int = 0) -> Duration:
    """A length of time."""
    return Duration(days * DAY + hours * HOUR + minutes * MINUTE)


def reason(refusal: Refusal) -> Reason:
    """Why."""
    return refusal.reason
