"""The order's status as a pill, for each side."""

from fairhold.domain.actors import Role
from fairhold.domain.astray import Astray, instead_of_headline
from fairhold.domain.status import Status, headline, stages
from fairhold.web.views.dispute_sentences import is_turn
from fairhold.web.views.parts import Pill
from fairhold.web.views.sight import Sight
from fairhold.words.astray import headline_name
from fairhold.words.catalog import N_
from fairhold.words.names import status_name

_ICONS = {
    Status.AWAITING_PAYMENT: "wallet",
    Status.IN_DISPUTE: "chat",
    Status.AWAITING_SHIPMENT: "parcel",
    Status.AWAITING_DELIVERY: "truck",
    Status.AWAITING_CONFIRMATION: "clock",
    Status.SETTLING: "check",
    Status.COMPLETED: "ok",
    Status.REFUNDED: "return",
    Status.CANCELLED: "cross",
}
_TURNS = {
    Role.BUYER: (Status.AWAITING_PAYMENT, Status.AWAITING_CONFIRMATION),
    Role.SELLER: (Status.AWAITING_SHIPMENT,),
}
_SAFE = {Role.BUYER: Status.REFUNDED, Role.SELLER: Status.COMPLETED}


def pill_of(sight: Sight) -> Pill:
    """The headline; where something in the order waits for the reader, that comes first."""
    role = sight.actor.role
    where = instead_of_headline(sight.order, role)
    if where is not None:
        wrong = where is Astray.CAME_BACK and role is not Role.SELLER
        return Pill(headline_name(sight.reader.words, sight.order, role), "return", "bad" if wrong else "")
    open_stages, status = stages(sight.order), headline(sight.order)
    turns = _TURNS.get(role, ())
    status = next((turn for turn in turns if turn in open_stages), status)
    if status is Status.IN_DISPUTE and any(is_turn(sight, dispute) for dispute in sight.order.disputes):
        return Pill(sight.say(N_("Dispute: your turn")), "chat", "turn")
    kind = "bad" if status is Status.IN_DISPUTE else ""
    if status in turns:
        kind = "turn"
    elif _SAFE.get(role) is status:
        kind = "safe"
    return Pill(status_name(sight.reader.words, status, role), _ICONS[status], kind)
