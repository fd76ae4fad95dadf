"""What people, carriers and banks ask when they know what they do: one row for each action that can be on offer."""

import random
from collections.abc import Callable
from functools import partial

from fairhold.domain import commands as c
from fairhold.domain import review_commands as r
from fairhold.domain.actors import Actor, Role
from fairhold.domain.bank_reach import in_reach, payments
from fairhold.domain.conditions import takeable
from fairhold.domain.dispute import DemandKind, Dispute, DisputeReason
from fairhold.domain.evidence import Evidence, PhotoId
from fairhold.domain.guards import actions, dispute_actions, review_actions
from fairhold.domain.ids import LineId
from fairhold.domain.instants import DAY, HOUR, Instant
from fairhold.domain.order import Order, ParcelStatus, PaymentState
from fairhold.domain.payment import Attempt
from fairhold.domain.payment_commands import RecordPayment, RecordPaymentFailure, StartPayment
from fairhold.domain.refund_commands import RecordRefundElsewhere, SendRefundAgain
from fairhold.domain.review import Review, Verdict
from fairhold.domain.support_commands import DeclineAccident, ReportAccident
from fairhold.gateways.sandbox_carrier import PLANS
from fairhold.simulation.people import Ask, somebody

Named = LineId | c.LineQuantity
OfOrder = Callable[[random.Random, Order, Instant], c.Command]
OfDispute = Callable[[random.Random, Dispute], c.Command]
OfReview = Callable[[random.Random, Review], c.Command]

METHODS = ("sandbox:ok",) * 12 + ("sandbox:refund-later", "sandbox:refund-never", "sandbox:declined", "sandbox:odd")
ELSEWHERE = "elsewhere:card"
"""Through a provider on whose pages people pay."""
HELD = r.Screened(length=20, language="en", held=("phone",))
PHOTOS = tuple(Evidence(PhotoId(f"photo-{number}"), f"{number:064x}") for number in range(60))


def _lines(chance: random.Random, order: Order) -> tuple[Named, ...]:
    """Some of the lines, mostly whole."""
    picked = chance.sample(order.lines, chance.randint(1, len(order.lines)))
    return tuple(
        c.LineQuantity(id=line.id, quantity=chance.randint(1, line.quantity)) if chance.random() < 0.3 else line.id
        for line in picked
    )


def tracking_number(chance: random.Random) -> str:
    """One of the carrier's magic numbers, or one of which nothing is heard."""
    return f"{chance.choice((*PLANS, 'FH-DELIVERED', 'FH-DELIVERED', 'RB'))}-{chance.randrange(10_000)}"


def _ship(chance: random.Random, order: Order, now: Instant) -> c.Command:
    some = _lines(chance, order) if chance.random() < 0.4 else ()
    return c.ShipParcel(carrier="post", tracking_number=tracking_number(chance), lines=some)


def _scan(chance: random.Random, order: Order, now: Instant) -> c.Command:
    """Mostly of now, sometimes of long ago."""
    parcel = chance.choice(order.shipments)
    status = chance.choice((*ParcelStatus, ParcelStatus.DELIVERED, ParcelStatus.DELIVERED))
    at = max(1, now - chance.choice((0, 0, 0, HOUR, 2 * DAY, 40 * DAY)))
    return c.RecordCheckpoint(shipment=parcel.id, status=status, at=Instant(at), place="Omsk 644000")


def _dispute(chance: random.Random, order: Order, now: Instant) -> c.Command:
    reason = chance.choice([one for one in DisputeReason if one is not DisputeReason.RETURNED_PARCEL])
    demand = c.Demand(kind=chance.choice(tuple(DemandKind)), amount=None)
    if chance.random() < 0.3:
        demand = c.Demand(kind=DemandKind.REFUND, amount=chance.choice((1, 5, 100)))
    return c.OpenDispute(lines=_lines(chance, order), reason=reason, demand=demand, text="It is broken.")


def _charge(chance: random.Random, order: Order, now: Instant) -> c.Command:
    """The bank knows what was paid, and not what of it went back."""
    payment = chance.choice(tuple(payments(order)) or (0,))
    left = sum(takeable(portion) for portion in order.portions)
    amount = max(1, chance.choice((left, left // 2, 1, in_reach(order, payment))))
    fee = chance.choice((0, 15))
    return c.RecordChargeback(amount=amount, reason="fraud", provider_fee=fee, attempt=payment)


def _bank(chance: random.Random, order: Order, now: Instant) -> c.Command:
    names = [one.id for one in order.chargebacks if one.is_undecided] or ["none"]
    back = chance.choice((0, 0, 15))
    return c.RecordChargebackOutcome(chargeback=chance.choice(names), won=chance.random() < 0.5, provider_fee=back)


def _came_back(chance: random.Random, order: Order) -> int:
    """The number of a refund that waits for a person; there is one where something can be done about it."""
    return chance.choice([refund.number for refund in order.refunds if refund.waits])


def _stated(chance: random.Random, order: Order, side: Role) -> dict[str, object]:
    said: dict[str, object] = {"rating": chance.choice((1, 2, 3, 4, 5, 5)), "anonymous": chance.random() < 0.7}
    if chance.random() < 0.2:
        said |= {"text": "Call me on 8 900 000 00 00.", "screened": HELD}
    if side is Role.BUYER and chance.random() < 0.4:
        said |= {"communication": chance.randint(1, 5), "photos": PHOTOS[:2]}
        line = chance.choice(order.lines)
        said["lines"] = (r.LineStars(id=line.id, rating=chance.randint(1, 5)),)
    return said


def _outage(chance: random.Random, order: Order, now: Instant) -> c.Command:
    end = now - chance.choice((0, HOUR))
    return c.RecordOutage(start=Instant(end - chance.choice((HOUR, DAY, 5 * DAY))), end=Instant(end))


OF_ORDER: dict[str, tuple[float, OfOrder]] = {
    "pay": (20, lambda chance, order, now: c.Pay(method=chance.choice(METHODS))),
    "start_payment": (40, lambda chance, order, now: StartPayment(method=ELSEWHERE, back="https://shop.example/back")),
    "cancel": (0.4, lambda chance, order, now: c.CancelOrder(why="changed my mind")),
    "ship": (12, _ship),
    "record_checkpoint": (3, _scan),
    "confirm_receipt": (3, lambda chance, order, now: c.ConfirmReceipt(lines=_lines(chance, order), acknowledged=True)),
    "undo_receipt": (1, lambda chance, order, now: c.UndoReceipt(lines=_lines(chance, order), why="by accident")),
    "report_accident": (1, lambda chance, order, now: ReportAccident(text="My thumb slipped.")),
    "decline_accident": (1, lambda chance, order, now: DeclineAccident(reasons="It was collected.")),
    "extend_protection": (0.5, lambda chance, order, now: c.ExtendProtection(days=chance.choice((1, 30)))),
    "ask_extension": (0.7, lambda chance, order, now: c.AskExtension(days=chance.choice((1, 30)))),
    "answer_extension": (2, lambda chance, order, now: c.AnswerExtension(granted=chance.random() < 0.5)),
    "open_dispute": (1.2, _dispute),
    "contest_returned_parcel": (1, lambda chance, order, now: c.ContestReturnedParcel(text="That is not what I sent.")),
    "record_chargeback": (0.15, _charge),
    "record_chargeback_outcome": (1, _bank),
    "send_refund_again": (2, lambda chance, order, now: SendRefundAgain(number=_came_back(chance, order))),
    "record_refund_elsewhere": (
        1,
        lambda chance, order, now: RecordRefundElsewhere(number=_came_back(chance, order), reference="in cash"),
    ),
}
"""By the name of an action: how often it is done where it is on offer, and how."""

OF_DISPUTE: dict[str, tuple[float, OfDispute]] = {
    "accept_offer": (2, lambda chance, at: c.AcceptOffer(dispute=at.id, number=max(1, len(at.offers)))),
    "make_offer": (
        2,
        lambda chance, at: c.MakeOffer(
            dispute=at.id,
            refund=chance.choice((0, at.amount // 2, at.amount)),
            return_goods=chance.random() < 0.3,
            resend=chance.random() < 0.15,
        ),
    ),
    "escalate_dispute": (1, lambda chance, at: c.EscalateDispute(dispute=at.id)),
    "withdraw_dispute": (0.6, lambda chance, at: c.WithdrawDispute(dispute=at.id)),
    "ship_return": (
        4,
        lambda chance, at: c.ShipReturn(
            dispute=at.id,
            carrier="post",
            tracking_number=tracking_number(chance),
            postage=chance.choice((0, 0, min(at.amount, 300))),
        ),
    ),
    "receive_return": (
        3,
        lambda chance, at: c.ReceiveReturn(dispute=at.id, accepted=chance.random() < 0.6, text="An empty box."),
    ),
    "ship_replacement": (
        4,
        lambda chance, at: c.ShipReplacement(dispute=at.id, carrier="post", tracking_number=tracking_number(chance)),
    ),
    "take_claim": (1, lambda chance, at: c.TakeClaim(dispute=at.id)),
    "rule_on_dispute": (
        4,
        lambda chance, at: c.RuleOnDispute(
            dispute=at.id, refund=chance.choice((0, at.amount // 3, at.amount)), reasons="As the photos show."
        ),
    ),
    "appeal_ruling": (1, lambda chance, at: c.AppealRuling(dispute=at.id, text="No.")),
    "send_message": (0.5, lambda chance, at: c.SendMessage(dispute=at.id, text="Hello?")),
}
OF_REVIEW: dict[str, tuple[float, OfReview]] = {
    "reply_to_review": (
        1,
        lambda chance, at: r.ReplyToReview(
            review=at.id, text="Thank you.", screened=chance.choice((r.Screened(), r.Screened(), HELD))
        ),
    ),
    "moderate_review": (
        1,
        lambda chance, at: r.ModerateReview(
            review=at.id, decision=chance.choice(tuple(Verdict)), reasons="As the rules say."
        ),
    ),
    "contest_moderation": (2, lambda chance, at: r.ContestModeration(review=at.id, text="That is not fair.")),
}
_REVIEWING = 2.5
_REVISING = 0.7

_ROLES = (Role.BUYER,) * 5 + (Role.SELLER,) * 5 + (Role.MEDIATOR, Role.SUPPORT, Role.OPERATOR)


def sensible(chance: random.Random, order: Order, now: Instant) -> Ask | None:
    """Something that somebody may ask of the order as it was last seen; None where the one who looks can do nothing."""
    actor = somebody(chance, order, _whose_turn(chance, order))
    made: list[tuple[float, Callable[[], c.Command]]] = []
    for action in actions(order, actor, now):
        if action.available:
            made += _of_order(chance, order, now, actor, action.name)
    for dispute in order.disputes:
        if dispute.is_open:
            made += [
                _bound(OF_DISPUTE[action.name], chance, dispute)
                for action in dispute_actions(order, dispute, actor)
                if action.available
            ]
    for review in order.reviews:
        for action in review_actions(order, review, actor, now):
            if action.available:
                made += _of_review(chance, order, review, actor, action.name)
    if not made:
        return None
    [make] = chance.choices([one for _, one in made], [weight for weight, _ in made])
    return Ask(make(), actor)


def _whose_turn(chance: random.Random, order: Order) -> Role:
    """Mostly that of the one for whom everybody waits."""
    if chance.random() < 0.8:
        if order.payment is PaymentState.AWAITED:
            return Role.BUYER
        if not order.shipments and order.closed_at is None:
            return Role.SELLER
    return chance.choice(_ROLES)


Weighed = tuple[float, Callable[[], c.Command]]


def _of_order(chance: random.Random, order: Order, now: Instant, actor: Actor, name: str) -> list[Weighed]:
    if name == "review":
        if _is_silent(order, actor.role):
            return []
        return [(_REVIEWING, lambda: r.WriteReview(**_stated(chance, order, actor.role)))]  # type: ignore[arg-type]  # its fields
    names = ("pay", "start_payment") if name == "pay" else (name,)
    return [(OF_ORDER[one][0], partial(OF_ORDER[one][1], chance, order, now)) for one in names]


def _is_silent(order: Order, side: Role) -> bool:
    """Whether this side never says how it was: one buyer in four, and one seller in four, of other deals."""
    return order.total % 4 == (0 if side is Role.BUYER else 1)


def _bound(row: tuple[float, OfDispute], chance: random.Random, dispute: Dispute) -> Weighed:
    weight, make = row
    return weight, lambda: make(chance, dispute)


def _of_review(chance: random.Random, order: Order, review: Review, actor: Actor, name: str) -> list[Weighed]:
    if name == "revise_review":
        said = _stated(chance, order, actor.role)
        return [(_REVISING, lambda: r.ReviseReview(review=review.id, **said))]  # type: ignore[arg-type]  # its fields
    weight, make = OF_REVIEW[name]
    return [(weight, lambda: make(chance, review))]


def world_speaks(chance: random.Random, order: Order, now: Instant) -> Ask | None:
    """What carriers, banks and the operator report of an order, whether or not anybody waits for it."""
    told: list[tuple[float, OfOrder]] = [(0.3, _outage)]
    if order.shipments:
        told += [(4, _scan), (0.3, _shared)]
    if any(attempt.page for attempt in order.attempts):
        told += [(8 if order.payment is PaymentState.AWAITED else 0.5, _paid), (0.5, _unpaid)]
    if order.paid_at is not None:
        told += [(2 if order.payouts else 0.3, _charge), (0.6, _bank)]
    elif any(payments(order)):
        told += [(0.3, _charge), (0.3, _bank)]
    [make] = chance.choices([one for _, one in told], [weight for weight, _ in told])
    role = Role.OPERATOR if make is _outage or chance.random() < 0.3 else Role.SYSTEM
    if make in (_shared, _paid, _unpaid):
        role = Role.SYSTEM
    return Ask(make(chance, order, now), somebody(chance, order, role))


def _paid(chance: random.Random, order: Order, now: Instant) -> c.Command:
    """The provider says of a payment always the same; of a few, that it was another sum, and of some it keeps half."""
    attempt = _with_page(chance, order)
    amount = order.total + ((order.total + attempt.number) % 23 == 0)
    return RecordPayment(
        provider=attempt.method.partition(":")[0],
        attempt=attempt.number,
        amount=amount,
        currency=order.currency,
        names=attempt.names,
        fee=min(amount, order.total // (50 if order.total % 5 else 2)),
    )


def _unpaid(chance: random.Random, order: Order, now: Instant) -> c.Command:
    return RecordPaymentFailure(attempt=_with_page(chance, order).number, why="declined")


def _with_page(chance: random.Random, order: Order) -> Attempt:
    return chance.choice([attempt for attempt in order.attempts if attempt.page])


def _shared(chance: random.Random, order: Order, now: Instant) -> c.Command:
    return c.ReportSharedNumber(shipment=chance.choice(order.shipments).id, orders=chance.randint(1, 3))
