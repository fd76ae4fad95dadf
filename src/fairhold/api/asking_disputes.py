"""From a body to the domain's command, for disputes and chargebacks."""

from collections.abc import Callable
from typing import Any

from fairhold.api.asking import Asked, Context
from fairhold.api.dispute_bodies import Accepting, BankSaid, ChargingBack, Inspecting, Offering, Opening
from fairhold.domain import commands
from fairhold.domain.commands import Command
from fairhold.domain.evidence import Evidence
from fairhold.domain.ids import OrderId
from fairhold.domain.reasons import Reason, Refusal
from fairhold.engine.intake.photos import UnknownPhoto


def photos_of(ids: tuple[str, ...], context: Context) -> tuple[Evidence, ...] | Refusal:
    """The photos of those names, which the caller uploaded. Nothing is asked where there are none."""
    if not ids:
        return ()
    found = context.photos.attach(ids, context.actor, OrderId(context.names["order"]))
    if isinstance(found, UnknownPhoto):
        return Refusal(Reason.PHOTO_NOT_YOURS, f"evidence[{ids.index(found.id)}]")
    return found


def open_dispute(body: Opening, context: Context) -> Asked:
    """The buyer's complaint."""
    evidence = photos_of(body.evidence, context)
    if isinstance(evidence, Refusal):
        return evidence
    return commands.OpenDispute(
        lines=body.lines, reason=body.reason, demand=body.demand, text=body.text, evidence=evidence
    )


def contest(body: Any, context: Context) -> Asked:
    """The seller's word on a parcel that came back."""
    evidence = photos_of(body.evidence, context)
    if isinstance(evidence, Refusal):
        return evidence
    return commands.ContestReturnedParcel(lines=body.lines, text=body.text, evidence=evidence)


def with_photos(command: Callable[..., Command], *fields: str) -> Callable[[Any, Context], Asked]:
    """A command to the dispute in the path, with these fields of the body and its photos."""

    def build(body: Any, context: Context) -> Asked:
        evidence = photos_of(body.evidence, context)
        if isinstance(evidence, Refusal):
            return evidence
        named = {field: getattr(body, field) for field in fields}
        return command(dispute=context.names["dispute"], evidence=evidence, **named)

    return build


def to_dispute(command: Callable[..., Command], *fields: str) -> Callable[[Any, Context], Asked]:
    """A command to the dispute in the path, with these fields of the body."""

    def build(body: Any, context: Context) -> Asked:
        return command(dispute=context.names["dispute"], **{field: getattr(body, field) for field in fields})

    return build


def make_offer(body: Offering, context: Context) -> Asked:
    """An offer; only one to send the goods again names no sum."""
    if body.refund is None and not body.resend:
        return Refusal(Reason.INVALID, "refund")
    return commands.MakeOffer(
        dispute=context.names["dispute"],
        refund=body.refund or 0,
        return_goods=body.return_goods,
        resend=body.resend,
        text=body.text,
    )


def accept_offer(body: Accepting, context: Context) -> Asked:
    """The offer that the path names by its number."""
    number = context.names["number"]
    if not number.isascii() or not number.isdecimal() or len(number) > 5 or number == "0":
        return Refusal(Reason.UNKNOWN_OFFER)
    return commands.AcceptOffer(dispute=context.names["dispute"], number=int(number))


def receive_return(body: Inspecting, context: Context) -> Asked:
    """Goods that came back: as they should, or not."""
    return with_photos(commands.ReceiveReturn, "accepted", "text")(body, context)


def record_chargeback(body: ChargingBack, context: Context) -> Asked:
    """The bank took money back; the body names the order."""
    return commands.RecordChargeback(amount=body.amount, reason=body.reason)


def record_outcome(body: BankSaid, context: Context) -> Asked:
    """The bank has decided."""
    return commands.RecordChargebackOutcome(chargeback=context.names["chargeback"], won=body.won)
