"""Agreeing, paying, cancelling (S1)."""

from fairhold.domain.actors import Actor, Role
from fairhold.domain.bank_money import refunded
from fairhold.domain.commands import CancelOrder, NewLine, Pay, PlaceOrder
from fairhold.domain.events import Cause, Event, OrderCancelled, OrderPlaced, PaymentReceived
from fairhold.domain.ids import OrderId, line_id
from fairhold.domain.instants import Instant, after, days
from fairhold.domain.money import MAX_AMOUNT, allocate, is_currency
from fairhold.domain.order import Line, Order, PaymentState
from fairhold.domain.policy import terms_of
from fairhold.domain.reasons import Reason, Refusal
from fairhold.domain.settlement import spans_of_lines

LONGEST_PROMISE = days(400)

DECLINED_METHOD = "sandbox:declined"
METHOD_PREFIXES = ("sandbox:",)


def place_order(command: PlaceOrder, actor: Actor, now: Instant, new_id: OrderId) -> tuple[Event, ...] | Refusal:
    """The deal as agreed: sums allocated to lines, the policy's money rules frozen into it."""
    if actor.role is Role.BUYER and actor.id != command.buyer:
        return Refusal(Reason.NOT_ALLOWED, "buyer")
    if actor.role not in (Role.BUYER, Role.OPERATOR):
        return Refusal(Reason.NOT_ALLOWED)
    refusal = _why_not_placed(command, now)
    if refusal is not None:
        return refusal
    terms = terms_of(
        command.policy,
        command.currency,
        shipping_days=command.shipping_days,
        protection_days=command.protection_days,
        provider=command.provider,
        seller=command.seller,
        categories={line.category for line in command.lines},
    )
    return (
        OrderPlaced(
            at=now,
            by=str(actor),
            order=new_id,
            buyer=command.buyer,
            seller=command.seller,
            currency=command.currency,
            terms=terms,
            lines=_lines(command, new_id),
            payment_due=after(now, terms.payment_deadline),
            promised_by=command.promised_by,
            reference=command.reference,
            destination=command.destination,
        ),
    )


def _why_not_placed(command: PlaceOrder, now: Instant) -> Refusal | None:
    if command.buyer == command.seller:
        return Refusal(Reason.BUYER_IS_SELLER, "seller")
    if not is_currency(command.currency):
        return Refusal(Reason.UNKNOWN_CURRENCY, "currency")
    if not command.lines:
        return Refusal(Reason.NO_LINES, "lines")
    goods = sum(line.unit_price * line.quantity for line in command.lines)
    if command.discount > goods:
        return Refusal(Reason.DISCOUNT_TOO_LARGE, "discount", goods)
    total = goods - command.discount + command.shipping + command.tax
    if max(total, goods) > MAX_AMOUNT:
        return Refusal(Reason.AMOUNT_TOO_LARGE, "lines", MAX_AMOUNT)
    if total == 0:
        return Refusal(Reason.NOTHING_TO_PAY, "lines")
    return _why_not_dated(command, now)


def _why_not_dated(command: PlaceOrder, now: Instant) -> Refusal | None:
    shipping, protection = command.policy.shipping, command.policy.protection
    if command.shipping_days is not None and command.shipping_days > shipping.deadline_max_days:
        return Refusal(Reason.SHIPPING_DAYS_OUT_OF_BOUNDS, "shipping_days", shipping.deadline_max_days)
    if command.protection_days is not None:
        if command.protection_days < protection.min_days:
            return Refusal(Reason.PROTECTION_DAYS_OUT_OF_BOUNDS, "protection_days", protection.min_days)
        if command.protection_days > protection.max_days:
            return Refusal(Reason.PROTECTION_DAYS_OUT_OF_BOUNDS, "protection_days", protection.max_days)
    if command.promised_by is not None:
        if command.promised_by < now:
            return Refusal(Reason.PROMISED_IN_THE_PAST, "promised_by")
        if command.promised_by > after(now, LONGEST_PROMISE):
            return Refusal(Reason.PROMISED_TOO_FAR, "promised_by")
    return None


def _lines(command: PlaceOrder, order: OrderId) -> tuple[Line, ...]:
    """The order's lines, each with its share of discount, shipping and tax, pro rata of its price (largest remainder)."""
    prices = tuple(line.unit_price * line.quantity for line in command.lines)
    shares = zip(
        allocate(command.discount, prices),
        allocate(command.shipping, prices),
        allocate(command.tax, prices),
        strict=True,
    )
    return tuple(
        _line(new, order, position, price, share)
        for position, (new, price, share) in enumerate(zip(command.lines, prices, shares, strict=True), 1)
    )


def _line(new: NewLine, order: OrderId, position: int, price: int, share: tuple[int, int, int]) -> Line:
    discount, shipping, tax = share
    return Line(
        id=line_id(order, position),
        sku=new.sku,
        title=new.title,
        quantity=new.quantity,
        unit_price=new.unit_price,
        total=price - discount + shipping + tax,
        discount=discount,
        shipping=shipping,
        tax=tax,
        category=new.category,
        image=new.image,
    )


def pay(order: Order, command: Pay, actor: Actor, now: Instant) -> tuple[Event, ...] | Refusal:
    """The whole order is paid and held; the seller's time to ship begins."""
    if not command.method.startswith(METHOD_PREFIXES):
        return Refusal(Reason.UNKNOWN_PAYMENT_METHOD, "method")
    if command.method == DECLINED_METHOD:
        return Refusal(Reason.PAYMENT_DECLINED, "method")
    due = after(now, order.terms.shipping_deadline)
    return (PaymentReceived(at=now, by=str(actor), amount=order.total, method=command.method, shipping_due=due),)


def cancel(order: Order, command: CancelOrder, actor: Actor, now: Instant) -> tuple[Event, ...] | Refusal:
    """Before payment the deal simply ends; after it everything goes back to the buyer."""
    if order.payment is PaymentState.AWAITED:
        return (OrderCancelled(at=now, by=str(actor), why=command.why),)
    return refunded(order, spans_of_lines(order), at=now, by=str(actor), cause=Cause.CANCELLED, why=command.why)
