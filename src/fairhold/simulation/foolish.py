"""What people ask by mistake or in bad faith: every kind of request with every kind of wrong in it."""

import random
from collections.abc import Callable

from fairhold.domain import commands as c
from fairhold.domain import review_commands as r
from fairhold.domain.actors import Role
from fairhold.domain.dispute import DemandKind, DisputeReason
from fairhold.domain.ids import LineId, ShipmentId
from fairhold.domain.instants import DAY, HOUR, Instant
from fairhold.domain.order import Order, ParcelStatus
from fairhold.domain.payment import ProviderNames
from fairhold.domain.payment_commands import RecordPaymentFailure, RecordPaymentPage, StartPayment
from fairhold.domain.payout_commands import RecordPayoutFailed, RecordPayoutSent, StartPayout, TakePayoutBack
from fairhold.domain.refund_commands import RecordRefundElsewhere, RecordRefundReturned, SendRefundAgain
from fairhold.domain.review import Part, Verdict, other_side
from fairhold.domain.support_commands import DeclineAccident, ReportAccident
from fairhold.simulation.people import MEDIATORS, OPERATOR, Ask, anybody, somebody
from fairhold.simulation.sensible import ELSEWHERE, METHODS, PHOTOS

Lines = tuple[LineId | c.LineQuantity, ...]
Make = Callable[[random.Random, Order, Instant], c.Command]


def _lines(chance: random.Random, order: Order) -> Lines:
    line = chance.choice(order.lines).id
    return chance.choice(
        (
            (line,),
            (line,),
            (line,),
            tuple(one.id for one in order.lines),
            (),
            (LineId("none-1"),),
            (line, line),
            (c.LineQuantity(id=line, quantity=99_999),),
            (c.LineQuantity(id=line, quantity=1),),
        )
    )


def _parcel(chance: random.Random, order: Order) -> ShipmentId:
    return chance.choice((ShipmentId("none-s1"), *(parcel.id for parcel in order.shipments)))


def _dispute(chance: random.Random, order: Order) -> str:
    names = [dispute.id for dispute in order.disputes]
    return chance.choice(("none", *names, *names[-1:] * 4))


def _newest(order: Order) -> int:
    """The number of the last offer in the last dispute."""
    return max(1, len(order.disputes[-1].offers)) if order.disputes else 1


def _review(chance: random.Random, order: Order) -> str:
    return chance.choice(("none", *[one.id for one in order.reviews] * 3))


def _chargeback(chance: random.Random, order: Order) -> str:
    return chance.choice(("none", *(one.id for one in order.chargebacks)))


def _refund(chance: random.Random, order: Order) -> int:
    return chance.choice((999, *(one.number for one in order.refunds)))


def _amount(chance: random.Random, order: Order) -> int:
    return chance.choice((0, 1, order.total, order.total + 1, 10**12))


def _demand(chance: random.Random, order: Order) -> c.Demand:
    return c.Demand(kind=chance.choice(tuple(DemandKind)), amount=chance.choice((None, _amount(chance, order))))


_SCREENED = (
    r.Screened(),
    r.Screened(length=5, language="ru", clearly="ru"),
    r.Screened(length=5, clearly="other"),
    r.Screened(length=1001),
    r.Screened(length=9, link=True),
    r.Screened(length=9, held=("phone",)),
)


def _said(chance: random.Random, order: Order) -> dict[str, object]:
    line = chance.choice((*(line.id for line in order.lines), LineId("none-1")))
    stars = r.LineStars(id=line, rating=3, screened=chance.choice(_SCREENED))
    return {
        "rating": chance.randint(1, 5),
        "screened": chance.choice(_SCREENED),
        "communication": chance.choice((None, 1)),
        "photos": chance.choice(((), PHOTOS[:10])),
        "lines": chance.choice(
            (
                (),
                (stars,),
                (stars, stars),
                tuple(r.LineStars(id=line, rating=2, photos=PHOTOS[:10]) for line in [line] * 4),
            )
        ),
    }


def _photographed(chance: random.Random, order: Order) -> dict[str, object]:
    """More photos than a review takes."""
    return {"rating": 1, "photos": PHOTOS[:31]}


OF_ORDER: tuple[Make, ...] = (
    lambda chance, order, now: c.Pay(
        method=chance.choice((*METHODS, "sandbox:declined", "sandbox:expired_card", "sandbox:odd", "cash"))
    ),
    lambda chance, order, now: StartPayment(
        method=chance.choice((ELSEWHERE, "sandbox:ok", "nowhere:card")), back="https://shop.example/back"
    ),
    lambda chance, order, now: RecordPaymentPage(
        attempt=chance.choice((1, 99)), names=ProviderNames(payment="another"), page="https://pay.example/another"
    ),
    lambda chance, order, now: RecordPaymentFailure(attempt=chance.choice((1, 2, 99)), why="expired"),
    lambda chance, order, now: c.CancelOrder(),
    lambda chance, order, now: c.ShipParcel(carrier="post", tracking_number="RB1", lines=_lines(chance, order)),
    lambda chance, order, now: c.RecordCheckpoint(
        shipment=_parcel(chance, order),
        status=chance.choice(tuple(ParcelStatus)),
        at=Instant(max(0, now + chance.choice((-400 * DAY, -DAY, 0, HOUR, 2 * DAY)))),
    ),
    lambda chance, order, now: c.ReportSharedNumber(shipment=_parcel(chance, order), orders=2),
    lambda chance, order, now: c.ConfirmReceipt(lines=_lines(chance, order), acknowledged=chance.random() < 0.7),
    lambda chance, order, now: c.UndoReceipt(lines=_lines(chance, order), why="by accident"),
    lambda chance, order, now: ReportAccident(lines=_lines(chance, order)),
    lambda chance, order, now: DeclineAccident(reasons="no"),
    lambda chance, order, now: c.ExtendProtection(days=chance.choice((1, 31, 400))),
    lambda chance, order, now: c.AskExtension(days=chance.choice((1, 31, 400))),
    lambda chance, order, now: c.AnswerExtension(granted=chance.random() < 0.5),
    lambda chance, order, now: c.OpenDispute(
        lines=_lines(chance, order),
        reason=chance.choice(tuple(DisputeReason)),
        demand=_demand(chance, order),
        text="bad",
        evidence=PHOTOS[: chance.choice((0, 2, 10))],
    ),
    lambda chance, order, now: c.ContestReturnedParcel(lines=_lines(chance, order), text="no"),
    lambda chance, order, now: c.RecordChargeback(amount=max(1, _amount(chance, order))),
    lambda chance, order, now: c.RecordChargebackOutcome(
        chargeback=_chargeback(chance, order), won=chance.random() < 0.5
    ),
    lambda chance, order, now: c.RecordRefundPaid(number=999, reference="r"),
    lambda chance, order, now: RecordRefundReturned(number=999, reference="r", why="account_closed"),
    lambda chance, order, now: SendRefundAgain(number=_refund(chance, order)),
    lambda chance, order, now: RecordRefundElsewhere(number=_refund(chance, order), reference="in cash"),
    lambda chance, order, now: c.RecordOutage(
        start=Instant(now - chance.choice((0, DAY))), end=Instant(now + chance.choice((-HOUR, -2 * DAY, HOUR)))
    ),
    lambda chance, order, now: c.ApplyDeadlines(),
    lambda chance, order, now: StartPayout(
        payout="po_another", amount=chance.choice((order.total + 1, 10**12)), account="acct-another"
    ),
    lambda chance, order, now: TakePayoutBack(number=chance.choice((1, 2, 999)), amount=10**12),
    lambda chance, order, now: RecordPayoutSent(number=999, reference="tr-another"),
    lambda chance, order, now: RecordPayoutFailed(number=999, why="declined"),
)
OF_DISPUTE: tuple[Make, ...] = (
    lambda chance, order, now: c.MakeOffer(
        dispute=_dispute(chance, order),
        refund=_amount(chance, order),
        return_goods=chance.random() < 0.3,
        resend=chance.random() < 0.3,
    ),
    lambda chance, order, now: c.AcceptOffer(
        dispute=_dispute(chance, order), number=chance.choice((1, 2, 3, 999, _newest(order), _newest(order)))
    ),
    lambda chance, order, now: c.EscalateDispute(dispute=_dispute(chance, order)),
    lambda chance, order, now: c.WithdrawDispute(dispute=_dispute(chance, order)),
    lambda chance, order, now: c.SendMessage(
        dispute=_dispute(chance, order), text="Hello", evidence=PHOTOS[: chance.choice((0, 3))]
    ),
    lambda chance, order, now: c.ShipReturn(
        dispute=_dispute(chance, order), carrier="post", tracking_number="RT1", postage=_amount(chance, order)
    ),
    lambda chance, order, now: c.ReceiveReturn(dispute=_dispute(chance, order), accepted=chance.random() < 0.5),
    lambda chance, order, now: c.ShipReplacement(
        dispute=_dispute(chance, order), carrier="post", tracking_number="RB2"
    ),
    lambda chance, order, now: c.TakeClaim(dispute=_dispute(chance, order)),
    lambda chance, order, now: c.RuleOnDispute(
        dispute=_dispute(chance, order), refund=_amount(chance, order), reasons="so"
    ),
    lambda chance, order, now: c.AppealRuling(dispute=_dispute(chance, order)),
)
OF_REVIEW: tuple[Make, ...] = (
    lambda chance, order, now: r.WriteReview(**_said(chance, order)),  # type: ignore[arg-type]  # its fields
    lambda chance, order, now: r.WriteReview(**_photographed(chance, order)),  # type: ignore[arg-type]  # its fields
    lambda chance, order, now: r.ReviseReview(review=_review(chance, order), **_said(chance, order)),  # type: ignore[arg-type]  # its fields
    lambda chance, order, now: r.ReplyToReview(
        review=_review(chance, order), text="so", screened=chance.choice(_SCREENED)
    ),
    lambda chance, order, now: r.ModerateReview(
        review=_review(chance, order),
        decision=chance.choice(tuple(Verdict)),
        reasons="so",
        part=chance.choice(tuple(Part)),
    ),
    lambda chance, order, now: r.ContestModeration(
        review=_review(chance, order), text="so", part=chance.choice(tuple(Part))
    ),
)
"""Any command, with a body that may be sensible, on the border, or nonsense."""

_LINE_COMMANDS = (c.ConfirmReceipt, c.OpenDispute, c.ShipParcel, c.UndoReceipt)


def anything(chance: random.Random, order: Order, now: Instant) -> Ask:
    """Anything at all, mostly by one whose business it is."""
    made = OF_ORDER
    stars = [review for review in order.reviews if review.automatic]
    if stars and chance.random() < 0.3:
        # Nobody wrote these, so there is nothing to answer and nothing to take down.
        return chance.choice(
            (
                Ask(r.ReplyToReview(review=stars[0].id, text="Why?"), somebody(chance, order, other_side(stars[0].by))),
                Ask(r.ModerateReview(review=stars[0].id, decision=Verdict.PUBLISH, reasons="so"), OPERATOR),
            )
        )
    if order.disputes and chance.random() < 0.5:
        made = OF_DISPUTE
    elif (order.reviews or order.closed_at is not None) and chance.random() < 0.5:
        made = OF_REVIEW
    command = chance.choice(made)(chance, order, now)
    role = _whose(chance, command)
    return Ask(command, anybody(chance, order) if chance.random() < 0.3 else somebody(chance, order, role))


def _whose(chance: random.Random, command: c.Command) -> Role:
    if isinstance(command, c.RuleOnDispute | c.TakeClaim | r.ModerateReview):
        return Role.MEDIATOR
    if isinstance(command, c.UndoReceipt | DeclineAccident):
        return chance.choice((Role.SUPPORT, Role.BUYER))
    if isinstance(command, c.RecordChargeback | c.RecordChargebackOutcome | c.RecordOutage):
        return Role.OPERATOR
    if isinstance(
        command,
        c.RecordCheckpoint
        | c.ReportSharedNumber
        | c.RecordRefundPaid
        | c.ApplyDeadlines
        | RecordPaymentPage
        | RecordPaymentFailure
        | StartPayout
        | TakePayoutBack
        | RecordPayoutSent
        | RecordPayoutFailed,
    ):
        return Role.SYSTEM
    if isinstance(command, r.WriteReview | r.ReviseReview):
        return chance.choice((Role.BUYER,) * 3 + (Role.SELLER,))
    return chance.choice((Role.BUYER, Role.SELLER))


def in_bad_faith(chance: random.Random, order: Order, now: Instant, ask: Ask) -> Ask:
    """What one person may ask, asked by another: a stranger, the other side, a colleague, or staff who trade here themselves."""
    taken = [dispute for dispute in order.disputes if dispute.is_open and dispute.mediator is not None]
    if taken and chance.random() < 0.5:
        dispute = chance.choice(taken)
        others = [one for one in MEDIATORS if one.id != dispute.mediator]
        return Ask(c.TakeClaim(dispute=dispute.id), chance.choice(others))
    if chance.random() < 0.1:
        return Ask(ask.command, somebody(chance, order, ask.actor.role))
    return Ask(ask.command, anybody(chance, order))
