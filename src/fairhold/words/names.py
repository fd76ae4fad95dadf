"""Names of states, roles and scans, as people on each side of a deal call them."""

from fairhold.domain.actors import Role
from fairhold.domain.order import Doubt, ParcelStatus, PortionState
from fairhold.domain.status import Status, Tab
from fairhold.words.catalog import N_, Words

STATUSES: dict[Status, str] = {
    Status.AWAITING_PAYMENT: N_("Awaiting payment"),
    Status.IN_DISPUTE: N_("In dispute"),
    Status.AWAITING_SHIPMENT: N_("Being prepared"),
    Status.AWAITING_DELIVERY: N_("On its way"),
    Status.AWAITING_CONFIRMATION: N_("Being checked by the buyer"),
    Status.SETTLING: N_("Receipt confirmed"),
    Status.COMPLETED: N_("Completed"),
    Status.REFUNDED: N_("Money returned to the buyer"),
    Status.CANCELLED: N_("Cancelled"),
}
"""Neutral names: for staff and for machines' readers."""

BUYER_STATUSES: dict[Status, str] = {
    **STATUSES,
    Status.AWAITING_PAYMENT: N_("Your turn: pay for the order"),
    Status.AWAITING_CONFIRMATION: N_("Your turn: check the goods"),
    Status.REFUNDED: N_("Money returned to you"),
}

SELLER_STATUSES: dict[Status, str] = {
    **STATUSES,
    Status.AWAITING_PAYMENT: N_("Waiting for the buyer to pay"),
    Status.AWAITING_SHIPMENT: N_("Your turn: ship the order"),
    Status.AWAITING_CONFIRMATION: N_("With the buyer, being checked"),
}

BUYER_TABS: dict[Tab, str] = {
    Tab.AWAITING_CONFIRMATION: N_("Check the goods"),
    Tab.IN_DISPUTE: N_("Disputes"),
    Tab.AWAITING_PAYMENT: N_("To pay"),
    Tab.AWAITING_SHIPMENT: N_("Being prepared"),
    Tab.SHIPPED: N_("Order shipped"),
    Tab.SETTLING: N_("Money on its way"),
    Tab.CLOSED: N_("Closed"),
}

SELLER_TABS: dict[Tab, str] = {
    Tab.AWAITING_SHIPMENT: N_("To ship"),
    Tab.IN_DISPUTE: N_("Disputes"),
    Tab.AWAITING_PAYMENT: N_("Awaiting payment"),
    Tab.AWAITING_DELIVERY: N_("On its way"),
    Tab.AWAITING_CONFIRMATION: N_("With the buyer"),
    Tab.SETTLING: N_("Money on its way"),
    Tab.CLOSED: N_("Closed"),
}

STAFF_TABS: dict[Tab, str] = {
    Tab.AWAITING_PAYMENT: N_("Awaiting payment"),
    Tab.AWAITING_SHIPMENT: N_("Being prepared"),
    Tab.AWAITING_DELIVERY: N_("On its way"),
    Tab.AWAITING_CONFIRMATION: N_("Being checked"),
    Tab.IN_DISPUTE: N_("Disputes"),
    Tab.SETTLING: N_("Receipt confirmed"),
    Tab.COMPLETED: N_("Completed"),
    Tab.REFUNDED: N_("Refunded"),
    Tab.CANCELLED: N_("Cancelled"),
    Tab.REFUND_RETURNED: N_("Refund came back"),
}

PARCELS: dict[ParcelStatus, str] = {
    ParcelStatus.PENDING: N_("No scans yet"),
    ParcelStatus.INFO_RECEIVED: N_("Announced to the carrier"),
    ParcelStatus.IN_TRANSIT: N_("In transit"),
    ParcelStatus.OUT_FOR_DELIVERY: N_("Out for delivery"),
    ParcelStatus.ATTEMPT_FAILED: N_("Delivery was attempted"),
    ParcelStatus.AVAILABLE_FOR_PICKUP: N_("Ready for pickup"),
    ParcelStatus.DELIVERED: N_("Handed to the addressee"),
    ParcelStatus.EXCEPTION: N_("Held up on the way"),
    ParcelStatus.EXPIRED: N_("No news for a long time"),
    ParcelStatus.RETURNED_TO_SENDER: N_("Returned to the sender"),
}

SOURCES: dict[str, str] = {
    "17track": N_("17TRACK"),
    "aftership": N_("AfterShip"),
    "pochta-ru": N_("Russian Post"),
    "webhook": N_("the carrier itself"),
    "sandbox": N_("the sandbox's carrier"),
}
"""Who tells us where parcels are; any other is called as it is."""

DOUBTS: dict[Doubt, str] = {
    Doubt.SHARED_NUMBER: N_("The same tracking number is on orders of other buyers."),
    Doubt.ACCEPTED_BEFORE_PAYMENT: N_("The carrier had this parcel before the order was paid."),
    Doubt.OTHER_TOWN: N_("It was handed over in another town than the address of the order."),
    Doubt.NO_MOVEMENT: N_("The carrier says that it was handed over, and nobody saw it on the way."),
}
"""What speaks against a delivery, in a sentence for everybody."""

PORTIONS: dict[PortionState, str] = {
    PortionState.HELD: N_("protected"),
    PortionState.DISPUTED: N_("in dispute"),
    PortionState.CONFIRMED: N_("receipt confirmed"),
    PortionState.SETTLED: N_("money with the seller"),
    PortionState.REFUNDED: N_("money returned"),
    PortionState.CANCELLED: N_("cancelled"),
}

ROLES: dict[Role, str] = {
    Role.BUYER: N_("Buyer"),
    Role.SELLER: N_("Seller"),
    Role.MEDIATOR: N_("Mediator"),
    Role.SUPPORT: N_("Support"),
    Role.OPERATOR: N_("Operator"),
    Role.SYSTEM: N_("Fairhold"),
}

CARRIERS: dict[str, str] = {
    "pochta-ru": N_("Russian Post"),
    "cdek": N_("CDEK"),
    "boxberry": N_("Boxberry"),
    "dhl": N_("DHL"),
    "ups": N_("UPS"),
    "usps": N_("USPS"),
    "correios": N_("Correios"),
    "china-post": N_("China Post"),
}
"""Carriers known by a code; any other is called as it was given."""
PROVIDERS: dict[str, str] = {
    "stripe": "Stripe",
    "yookassa": N_("YooKassa"),
    "bank": N_("Bank transfer"),
    "sandbox": N_("Sandbox"),
}


def status_name(words: Words, status: Status, role: Role | None = None) -> str:
    """The headline as `role` reads it; neutral where no role is given."""
    names = {Role.BUYER: BUYER_STATUSES, Role.SELLER: SELLER_STATUSES}.get(role, STATUSES) if role else STATUSES
    return words.gettext(names[status])


def parcel_name(words: Words, status: ParcelStatus) -> str:
    """What a scan says."""
    return words.gettext(PARCELS[status])


def doubt_text(words: Words, doubt: Doubt) -> str:
    """What speaks against a delivery."""
    return words.gettext(DOUBTS[doubt])


def source_name(words: Words, source: str) -> str:
    """Who told us of a scan."""
    return words.gettext(SOURCES[source]) if source in SOURCES else source


def carrier_name(words: Words, code: str) -> str:
    """The carrier's name."""
    return words.gettext(CARRIERS[code]) if code in CARRIERS else code


def provider_name(words: Words, name: str) -> str:
    """What people call a payment provider by the name that methods begin with."""
    return words.gettext(PROVIDERS[name]) if name in PROVIDERS else name


def portion_name(words: Words, state: PortionState) -> str:
    """What became of a part of a line."""
    return words.gettext(PORTIONS[state])


def role_name(words: Words, role: Role) -> str:
    """In which capacity somebody acts."""
    return words.gettext(ROLES[role])


def pieces(words: Words, number: int) -> str:
    """«4 шт.»."""
    return words.ngettext("%(num)d pc.", "%(num)d pcs.", number)


def items(words: Words, number: int) -> str:
    """«2 товара»."""
    return words.ngettext("%(num)d item", "%(num)d items", number)
