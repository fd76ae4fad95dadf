"""Where an order's money is, for each side: what the buyer paid and gets back, what the seller gets after commission."""

from fairhold.domain.actors import Role
from fairhold.domain.astray import Astray, arrived, sums_astray
from fairhold.domain.dispute import ChargebackState
from fairhold.domain.order import Order, PaymentState, PortionState
from fairhold.domain.settlement import borne_of, borne_taken, fixed_of, fixed_taken, net_of
from fairhold.web.views.commission import broken_down
from fairhold.web.views.parts import Money, Share, Sum
from fairhold.web.views.sight import Sight
from fairhold.words.astray import BUYER_SUMS, SUMS
from fairhold.words.catalog import N_
from fairhold.words.commission import rate_of
from fairhold.words.names import pieces


def money_of(sight: Sight) -> Money:
    """The card «Где деньги»."""
    order = sight.order
    places = () if order.payment is not PaymentState.RECEIVED else _places(sight)
    return Money(shares=_shares(order), places=places, total=_total(sight), made_of=_made_of(sight))


def _shares(order: Order) -> tuple[Share, ...]:
    money = order.money
    if not money.paid:
        return ()
    back = sums_astray(order).get(Astray.CAME_BACK, 0)
    parts = (
        ("held", money.held + money.settling + back),
        ("seller", money.released + money.fee),
        ("buyer", money.refunded - back + money.charged_back),
    )
    found, start, given = [], 0, 0
    for kind, amount in parts:
        given += amount
        end = given * 100 // money.paid
        if end > start:
            found.append(Share(kind, start, end - start))
        start = end
    return tuple(found)


def _places(sight: Sight) -> tuple[Sum, ...]:
    money = sight.order.money
    found = [Sum(sight.say(N_("Held by us, protected")), sight.sum(money.held), "held", strong=True, safe=True)]
    if money.settling:
        found.append(Sum(sight.say(N_("Confirmed, still with us")), sight.sum(money.settling), "held"))
    if sight.actor.role is Role.BUYER:
        found.append(Sum(sight.say(N_("Gone to the seller")), sight.sum(money.released + money.fee), "seller"))
        found.append(Sum(sight.say(N_("Returned to you")), sight.sum(arrived(sight.order)), "buyer"))
    else:
        found.append(Sum(sight.say(N_("Gone to the seller, net")), sight.sum(money.released), "seller"))
        found += broken_down(sight, money.fee, fixed_taken(sight.order), borne_taken(sight.order), "seller")
        found.append(Sum(sight.say(N_("Returned to the buyer")), sight.sum(arrived(sight.order)), "buyer"))
    found += _astray(sight)
    if money.charged_back:
        found.append(Sum(sight.say(N_("Taken back through the bank")), sight.sum(money.charged_back), "buyer"))
    lost = sum(one.beyond for one in sight.order.chargebacks if one.state is not ChargebackState.WON)
    if lost:
        name = N_("Taken by the bank besides, after it had gone back")
        found.append(Sum(sight.say(name), sight.sum(lost), "buyer"))
    return tuple(found)


def _astray(sight: Sight) -> list[Sum]:
    """Of what goes back to the buyer, that which is not with them."""
    names = BUYER_SUMS if sight.actor.role is Role.BUYER else SUMS
    return [
        Sum(sight.say(names[where]), sight.sum(amount), "held" if where is Astray.CAME_BACK else "buyer")
        for where, amount in sums_astray(sight.order).items()
    ]


def _total(sight: Sight) -> Sum:
    order = sight.order
    paid = order.payment is PaymentState.RECEIVED
    if sight.actor.role is Role.BUYER:
        name = N_("You paid") if paid else N_("To pay")
    else:
        name = N_("The buyer paid") if paid else N_("The buyer is to pay")
    return Sum(sight.say(name), sight.sum(order.total))


def _made_of(sight: Sight) -> tuple[Sum, ...]:
    order = sight.order
    units = sum(line.quantity for line in order.lines)
    goods = sum(line.unit_price * line.quantity for line in order.lines)
    number = pieces(sight.reader.words, units)
    found = [Sum(sight.say(N_("Items, %(pieces)s"), pieces=number), sight.sum(goods))]
    for name, amount in (
        (N_("Delivery"), sum(line.shipping for line in order.lines)),
        (N_("Tax"), sum(line.tax for line in order.lines)),
        (N_("Discount"), -sum(line.discount for line in order.lines)),
    ):
        if amount:
            found.append(Sum(sight.say(name), sight.sum(amount)))
    if order.payment is PaymentState.RECEIVED and sight.actor.role is Role.BUYER:
        found.append(Sum(sight.say(N_("Paid by")), method_name(sight, order.payment_method or "")))
    if sight.actor.role is Role.SELLER:
        found += _net(sight)
    return tuple(found)


def _net(sight: Sight) -> list[Sum]:
    """What the seller gets of what is still open, were all of it released."""
    open_states = (PortionState.HELD, PortionState.CONFIRMED, PortionState.DISPUTED)
    spans = tuple(portion.span for portion in sight.order.portions if portion.state in open_states)
    if not spans:
        return []
    _, fee, net = net_of(sight.order, spans)
    rate, fixed = rate_of(sight.reader, sight.order), fixed_of(sight.order, spans)
    provider = borne_of(sight.order, spans)
    found = [Sum(sight.say(N_("Commission on what is open, %(rate)s"), rate=rate), sight.sum(provider - fee))]
    if fixed:
        found.append(Sum(sight.say(N_("of it the fixed part")), sight.sum(-fixed)))
    if provider:
        found.append(Sum(sight.say(N_("Payment provider's fee")), sight.sum(-provider)))
    return [*found, Sum(sight.say(N_("To you, of what is open")), sight.sum(net), strong=True)]


def method_name(sight: Sight, method: str) -> str:
    """How the order was paid, in words."""
    return sight.say(N_("test card")) if method.startswith("sandbox:") else method
