"""How to go on in the sandbox, where one person plays all sides of a deal."""

from fairhold.domain.actors import Role
from fairhold.domain.status import Status, stages
from fairhold.web.views.sight import Sight
from fairhold.words.catalog import N_

_FOR_BUYERS = {
    Status.AWAITING_SHIPMENT: N_("Sandbox: to go on, sign in as %(seller)s and ship the parcel."),
    Status.AWAITING_DELIVERY: N_(
        "Sandbox: the operator on duty reports scans as the carrier would, and moves the test clock."
    ),
    Status.AWAITING_CONFIRMATION: N_("Sandbox: do not want to wait? The operator on duty moves the test clock."),
    Status.SETTLING: N_("Sandbox: do not want to wait? The operator on duty moves the test clock."),
}
_FOR_SELLERS = {
    **_FOR_BUYERS,
    Status.AWAITING_PAYMENT: N_("Sandbox: to go on, sign in as %(buyer)s and pay."),
    Status.AWAITING_SHIPMENT: "",
}
_FIRST_TO_LAST = (
    Status.AWAITING_PAYMENT,
    Status.AWAITING_SHIPMENT,
    Status.AWAITING_CONFIRMATION,
    Status.AWAITING_DELIVERY,
    Status.SETTLING,
)


def hint_of(sight: Sight) -> str:
    """Who is to be played next; empty where this person can go on alone or nothing is left to do."""
    messages = _FOR_SELLERS if sight.actor.role is Role.SELLER else _FOR_BUYERS
    now = stages(sight.order)
    message = next((messages.get(stage, "") for stage in _FIRST_TO_LAST if stage in now), "")
    return sight.say(message, seller=sight.seller(), buyer=sight.buyer()) if message else ""
