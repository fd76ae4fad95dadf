"""Commands to throw at an order: for each action the bodies that make sense, and for any command bodies that need not."""

from collections.abc import Callable
from typing import Any, get_args

from hypothesis import strategies as st

from fairhold.domain.commands import (
    AnswerExtension,
    ApplyDeadlines,
    AskExtension,
    CancelOrder,
    Command,
    ConfirmReceipt,
    ContestReturnedParcel,
    Demand,
    DisputeCommand,
    ExtendProtection,
    LineQuantity,
    NewLine,
    OpenDispute,
    Pay,
    PlaceOrder,
    RecordChargeback,
    RecordChargebackOutcome,
    RecordCheckpoint,
    RecordRefundPaid,
    ReportSharedNumber,
    SendMessage,
    ShipParcel,
    UndoReceipt,
)
from fairhold.domain.dispute import DemandKind, Dispute, DisputeReason
from fairhold.domain.ids import LineId, ShipmentId, line_id, shipment_id
from fairhold.domain.instants import DAY, HOUR, MINUTE, SECOND, Instant
from fairhold.domain.money import Currency
from fairhold.domain.order import Order, ParcelStatus
from fairhold.domain.policy import Automatic, Bar, Publication, RevisionRule
from fairhold.domain.refund_commands import RecordRefundElsewhere, SendRefundAgain
from fairhold.domain.review import Review
from fairhold.domain.review_commands import LineStars, ReviseReview, Screened, WriteReview
from fairhold.domain.support_commands import DeclineAccident, ReportAccident
from tests.builders import BUYER, OTHER_ID, SELLER, policy
from tests.search import bodies as searched
from tests.search import review_bodies

Named = LineId | LineQuantity

SENSIBLE: dict[str, Callable[[Order, Instant], list[Command]]] = {
    "pay": lambda order, now: [Pay(method="sandbox:ok")],
    "cancel": lambda order, now: [CancelOrder(), CancelOrder(why="changed my mind")],
    "ship": lambda order, now: [ShipParcel(carrier="post", tracking_number="RB1"), *_per_line(order, _ship)],
    "record_checkpoint": lambda order, now: [
        RecordCheckpoint(shipment=_last_parcel(order), status=ParcelStatus.IN_TRANSIT, at=now)
    ],
    "confirm_receipt": lambda order, now: _per_line(order, _confirm),
    "undo_receipt": lambda order, now: _per_line(order, _undo),
    "report_accident": lambda order, now: [ReportAccident(), *_per_line(order, _report)],
    "decline_accident": lambda order, now: [DeclineAccident(reasons="it was collected")],
    "extend_protection": lambda order, now: [ExtendProtection(days=1), ExtendProtection(days=30)],
    "ask_extension": lambda order, now: [AskExtension(days=1), AskExtension(days=30)],
    "answer_extension": lambda order, now: [AnswerExtension(granted=True), AnswerExtension(granted=False)],
    "open_dispute": lambda order, now: _per_line(order, _dispute),
    "contest_returned_parcel": lambda order, now: [ContestReturnedParcel(text="not what we sent")],
    "review": lambda order, now: [WriteReview(rating=2), WriteReview(rating=5)],
    "record_chargeback": lambda order, now: [RecordChargeback(amount=1)],
    "send_refund_again": lambda order, now: [SendRefundAgain(number=number) for number in _refunds(order)],
    "record_refund_elsewhere": lambda order, now: [
        RecordRefundElsewhere(number=number, reference="r") for number in _refunds(order)
    ],
    "record_chargeback_outcome": lambda order, now: [
        RecordChargebackOutcome(chargeback=_last_chargeback(order), won=won) for won in (True, False)
    ],
}
"""By the name of an action: bodies of which one succeeds exactly where the action is available."""

UNSHOWN: dict[str, Callable[[Order, Instant], list[Command]]] = {
    "record_refund_paid": lambda order, now: [RecordRefundPaid(number=len(order.refunds), reference="r")],
    "apply_deadlines": lambda order, now: [ApplyDeadlines()],
}
"""What no person is offered."""


def _refunds(order: Order) -> range:
    """The numbers of the order's refunds; the first even where there is none."""
    return range(1, max(1, len(order.refunds)) + 1)


def _ship(line: Named) -> Command:
    return ShipParcel(carrier="post", tracking_number="RB1", lines=(line,))


def _confirm(line: Named) -> Command:
    return ConfirmReceipt(lines=(line,), acknowledged=True)


def _undo(line: Named) -> Command:
    return UndoReceipt(lines=(line,), why="by accident")


def _report(line: Named) -> Command:
    return ReportAccident(lines=(line,))


def _dispute(line: Named) -> Command:
    return searched.open_dispute(line)


FOR_LINE: dict[str, Callable[[Named], Command]] = {
    "ship": _ship,
    "confirm_receipt": _confirm,
    "undo_receipt": _undo,
    "report_accident": _report,
    "open_dispute": _dispute,
}


def in_dispute(dispute: Dispute) -> list[searched.Ask]:
    """What the two sides, mediators and the operator may say in it."""
    return [ask for make in searched.OF_DISPUTE.values() for ask in make(dispute)]


def of_review(review: Review) -> list[searched.Ask]:
    """What its author, the other side and moderators may say to it."""
    return [searched.Ask(*said) for make in review_bodies.OF_REVIEW.values() for said in make(review)]


def _per_line(order: Order, make: Callable[[Named], Command]) -> list[Command]:
    return [make(line.id) for line in order.lines]


def _last_chargeback(order: Order) -> str:
    """One that the bank has not decided, where there is one."""
    undecided = [one.id for one in order.chargebacks if one.is_undecided]
    return [*undecided, *(one.id for one in order.chargebacks), "none"][0]


def _last_parcel(order: Order) -> ShipmentId:
    return shipment_id(order.id, max(1, len(order.shipments)))


# orders of every kind

CATEGORIES = st.sampled_from([None, "books", "electronics"])
PRICES = st.sampled_from([0, 1, 9, 10, 333, 1000, 99_999]) | st.integers(0, 10**6)


REVIEWS = st.fixed_dictionaries(
    {
        "window_days": st.sampled_from([30, 30, 1, 5]),
        "bar": st.sampled_from(get_args(Bar)),
        "automatic": st.sampled_from(get_args(Automatic)),
        "revision": st.sampled_from(get_args(RevisionRule)),
        "revision_days": st.sampled_from([30, 1, 40]),
        "publication": st.sampled_from(get_args(Publication)),
    }
)
"""Rules of reviews, any of them with any other."""


@st.composite
def placings(draw: st.DrawFn, rules: st.SearchStrategy[dict[str, Any]] = REVIEWS) -> PlaceOrder:
    """An order that can be placed, under a policy with some options changed; `rules` are those of its reviews."""
    lines = draw(
        st.lists(
            st.builds(
                NewLine,
                sku=st.sampled_from(["lamp", "lamp", "cup"]),
                title=st.just("goods"),
                quantity=st.integers(1, 4),
                unit_price=PRICES,
                category=CATEGORIES,
            ),
            min_size=1,
            max_size=3,
        )
    )
    goods = sum(line.unit_price * line.quantity for line in lines)
    shipping = draw(st.sampled_from([0, 1, 100, 499]))
    discount = draw(st.sampled_from([0, 1, 77, goods]))
    discount = min(discount, goods)
    tax = draw(st.sampled_from([0, 19])) if goods - discount + shipping else 1
    reviews = draw(rules)
    commission = {
        "basis_points": draw(st.sampled_from([500, 0, 333, 10_000])),
        "categories": {"books": 1250},
        "fixed": draw(st.sampled_from([{}, {}, {"RUB": 100, "JPY": 1, "KWD": 7}, {"RUB": 10**6, "JPY": 500}])),
        "category_fixed": draw(st.sampled_from([{}, {"books": {"RUB": 33}, "electronics": {"JPY": 0}}])),
    }
    chosen = policy(
        receipt={
            "settlement_delay_hours": draw(st.sampled_from([24, 24, 0, 72])),
            "category_window_days": {"electronics": 14},
            "seller_marks_delivered": draw(st.booleans()),
            "delivery_evidence": draw(st.booleans()),
            "accident_freeze_hours": draw(st.sampled_from([0, 0, 12, 72])),
        },
        protection={
            "on_lapse": draw(st.sampled_from(["pay", "extend_once", "dispute"])),
            "extensions": draw(st.sampled_from([2, 2, 0, 1])),
        },
        commission=commission,
        disputes={"refund_undecided_after_days": draw(st.sampled_from([0, 0, 7, 30]))},
        reviews=reviews,
        providers=[{"name": "sandbox", "ceiling_days": draw(st.sampled_from([0, 0, 30, 70]))}],  # type: ignore[arg-type]
    )
    if chosen.receipt.settlement_delay_hours:
        undo = {"settlement_delay_hours": chosen.receipt.settlement_delay_hours, "buyer_undo_minutes": 30}
        undo["accident_freeze_hours"] = chosen.receipt.accident_freeze_hours
        if draw(st.booleans()):
            chosen = policy(
                receipt={**undo, "category_window_days": {"electronics": 14}},
                protection={"on_lapse": chosen.protection.on_lapse, "extensions": chosen.protection.extensions},
                commission=commission,
                disputes={"refund_undecided_after_days": chosen.disputes.refund_undecided_after_days},
                reviews=reviews,
                providers=[{"name": "sandbox", "ceiling_days": chosen.providers[0].ceiling_days}],  # type: ignore[arg-type]
            )
    return PlaceOrder(
        buyer=BUYER.id,
        seller=SELLER.id,
        currency=Currency(draw(st.sampled_from(["RUB", "JPY", "KWD"]))),
        lines=tuple(lines),
        policy=chosen,
        shipping=shipping,
        discount=discount,
        tax=tax,
        shipping_days=draw(st.sampled_from([None, 1, 30])),
        protection_days=draw(st.sampled_from([None, 15, 16, 90])),
    )


# anything at all


def _lines(order: Order) -> st.SearchStrategy[tuple[Named, ...]]:
    names = st.sampled_from([line.id for line in order.lines])
    quantities = st.sampled_from([None, 1, 1, 2, 3, 5, 100_000])
    known = names | st.builds(LineQuantity, id=names, quantity=quantities)
    odd = st.sampled_from([LineId(""), LineId("nothing"), line_id(OTHER_ID, 1), line_id(order.id, 99)])
    one_each = st.permutations([line.id for line in order.lines]).map(tuple)
    lists: st.SearchStrategy[list[Named]] = st.lists(known | known | known | odd, max_size=3)
    return st.one_of(st.tuples(known), one_each, lists.map(tuple), st.just(()))


def _scan_times(now: Instant) -> st.SearchStrategy[Instant]:
    offsets = st.sampled_from([0, 0, -1, -HOUR, -2 * DAY, -40 * DAY, HOUR, DAY, DAY + 1, 400 * DAY, -now])
    return offsets.map(lambda offset: Instant(now + offset))


def scans(order: Order, now: Instant) -> st.SearchStrategy[Command]:
    """What a carrier may say of a parcel that there is."""
    return st.builds(
        RecordCheckpoint,
        shipment=st.sampled_from([shipment.id for shipment in order.shipments]),
        status=st.sampled_from(
            [*ParcelStatus, *(ParcelStatus.DELIVERED,) * 5, *(ParcelStatus.RETURNED_TO_SENDER,) * 2]
        ),
        at=_scan_times(now),
    )


def _disputes(order: Order) -> st.SearchStrategy[Command]:
    amounts = st.sampled_from([None, None, 0, 1, 10, 10**6])
    return st.builds(
        OpenDispute,
        lines=_lines(order),
        reason=st.sampled_from(list(DisputeReason)),
        demand=st.builds(Demand, kind=st.sampled_from(list(DemandKind)), amount=amounts),
        text=st.just("broken"),
    ) | st.builds(ContestReturnedParcel, lines=st.just(()) | _lines(order), text=st.just("no"))


def _talk(order: Order) -> st.SearchStrategy[Command]:
    """What makes sense in one of its disputes at some time, and what never does."""
    said = [ask.command for dispute in order.disputes for ask in in_dispute(dispute)]
    said += [ask.command for ask in searched.odd(order) if isinstance(ask.command, DisputeCommand)]
    return st.sampled_from(said or [SendMessage(dispute="none", text="hello")])


def reviews(order: Order) -> st.SearchStrategy[Command]:
    """What one side may say of the deal, with all there is to say, and what may be said to what it said."""
    asked = [ask.command for review in order.reviews for ask in of_review(review)]
    asked += [command for command, _ in review_bodies.odd(order)]
    return st.integers(0, 10**6).map(lambda number: _said(order, number)) | st.sampled_from(asked)


def _said(order: Order, number: int) -> Command:
    """Stars and everything that can come with them, read off a number: building it of strategies takes far longer."""
    picked = _Digits(number)
    rating = 1 + picked.next(5)
    said: dict[str, Any] = {"rating": rating, "screened": _SCREENED[picked.next(4)], "photos": _PHOTOS[picked.next(2)]}
    for name in ("description_accuracy", "communication", "shipping_speed"):
        said[name] = (None, None, 1, 5)[picked.next(4)]
    if order.reviews and picked.next(2):
        return ReviseReview(review=order.reviews[picked.next(len(order.reviews))].id, **said)
    lines = [order.lines[picked.next(len(order.lines))].id for _ in range(picked.next(3))]
    own = [
        LineStars(id=line, rating=6 - rating, screened=_SCREENED[picked.next(3)], photos=_PHOTOS[picked.next(2)])
        for line in lines
    ]
    return WriteReview(anonymous=bool(picked.next(2)), lines=tuple(own), **said)


_SCREENED = (Screened(), Screened(length=5, language="ru"), Screened(length=5, language="en"), review_bodies.HELD)
_PHOTOS = ((), searched.PHOTOS[:1])


class _Digits:
    """A number, taken apart into smaller ones."""

    def __init__(self, number: int) -> None:
        self._left = number

    def next(self, below: int) -> int:
        self._left, digit = divmod(self._left, below)
        return digit


def _chargebacks(order: Order) -> st.SearchStrategy[str]:
    return st.sampled_from([*(one.id for one in order.chargebacks), "none"])


def anything(order: Order, now: Instant) -> st.SearchStrategy[Command]:
    """A command with a body that may be sensible, on the border, or nonsense."""
    parcels = [shipment.id for shipment in order.shipments] or [shipment_id(order.id, 1)]
    some_parcel = st.sampled_from([*parcels, parcels[-1], parcels[-1], shipment_id(OTHER_ID, 1), ShipmentId("")])
    days = st.sampled_from([1, 1, 10, 30, 31, 400])
    odd_scans = st.builds(
        RecordCheckpoint, shipment=some_parcel, status=st.sampled_from(list(ParcelStatus)), at=_scan_times(now)
    )
    confirms = st.builds(ConfirmReceipt, lines=_lines(order), acknowledged=st.sampled_from([True, True, True, False]))
    ships = st.builds(
        ShipParcel,
        carrier=st.just("post"),
        tracking_number=st.sampled_from(["RB1", "RB2"]),
        lines=st.just(()) | _lines(order),
    )
    return st.one_of(
        st.builds(Pay, method=st.sampled_from(["sandbox:ok", "sandbox:ok", "sandbox:declined", "cash:ok", ""])),
        ships,
        ships,
        odd_scans,
        st.builds(ReportSharedNumber, shipment=some_parcel, orders=st.sampled_from([1, 1, 2])),
        confirms,
        confirms,
        _disputes(order),
        _disputes(order),
        _talk(order),
        _talk(order),
        reviews(order),
        st.builds(RecordChargeback, amount=st.sampled_from([1, 1, 7, 1000, 10**6]) | st.integers(1, 10**6)),
        st.builds(RecordChargebackOutcome, chargeback=_chargebacks(order), won=st.booleans()),
        st.builds(UndoReceipt, lines=_lines(order), why=st.just("by accident")),
        st.builds(ReportAccident, lines=st.just(()) | _lines(order), text=st.sampled_from([None, "my thumb slipped"])),
        st.builds(DeclineAccident, reasons=st.just("it was collected")),
        st.builds(ExtendProtection, days=days),
        st.builds(AskExtension, days=days),
        st.builds(AnswerExtension, granted=st.booleans()),
        st.builds(RecordRefundPaid, number=st.sampled_from([-1, 0, 1, 2, 3]), reference=st.just("r")),
        st.builds(CancelOrder, why=st.sampled_from([None, "why"])),
        st.just(ApplyDeadlines()),
    )


STEPS = (1, SECOND, MINUTE, HOUR, 12 * HOUR, DAY, 3 * DAY)
"""How far the clock may go where no deadline draws it."""
