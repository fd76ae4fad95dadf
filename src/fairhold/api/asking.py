"""From a body to the domain's command: where the wire writes a moment as text or a policy by its name."""

from typing import Any, NamedTuple, Protocol

from fairhold.api.bodies import Extension, Payment, Placing, Scan
from fairhold.api.instants import parse_instant
from fairhold.api.problems import Problem
from fairhold.domain.actors import Actor, Role
from fairhold.domain.commands import AskExtension, Command, ExtendProtection, Pay, PlaceOrder, RecordCheckpoint
from fairhold.domain.ids import ShipmentId
from fairhold.domain.payment_commands import StartPayment
from fairhold.domain.policy import Policy
from fairhold.domain.reasons import Reason, Refusal
from fairhold.domain.rules.checkout import METHOD_PREFIXES
from fairhold.engine.intake.photos import Photos
from fairhold.words.faults import Fault


class Policies(Protocol):
    """Where policies are found by name."""

    def get(self, name: str | None = None) -> Policy | None:
        """The policy of that name, or the marketplace's own."""
        ...


class Context(NamedTuple):
    """What a command depends on beside its body."""

    actor: Actor
    names: dict[str, str]
    policies: Policies
    photos: Photos


Asked = Command | Problem | Refusal


def as_it_is(body: Any, context: Context) -> Asked:
    """The body is the command."""
    assert isinstance(body, Command)
    return body


def pay(body: Payment, context: Context) -> Asked:
    """At once in the sandbox; through a provider it begins with a page."""
    if body.method.startswith(METHOD_PREFIXES):
        return Pay(method=body.method)
    return StartPayment(method=body.method, back=body.return_url or "", language=body.language)


def place(body: Placing, context: Context) -> Asked:
    """The policy by its name, the promised date as an instant."""
    policy = context.policies.get(body.policy)
    if policy is None:
        return Refusal(Reason.UNKNOWN_POLICY, "policy")
    promised_by = None if body.promised_by is None else parse_instant(body.promised_by)
    if promised_by is None and body.promised_by is not None:
        return Problem(Fault.INVALID_VALUE, "promised_by", "instant")
    return PlaceOrder(
        buyer=body.buyer,
        seller=body.seller,
        currency=body.currency,
        lines=body.lines,
        policy=policy,
        shipping=body.shipping,
        discount=body.discount,
        tax=body.tax,
        shipping_days=body.shipping_days,
        protection_days=body.protection_days,
        promised_by=promised_by,
        reference=body.reference,
        destination=body.destination,
    )


def record_checkpoint(body: Scan, context: Context) -> Asked:
    """A scan of the parcel that the path names."""
    at = parse_instant(body.at)
    if at is None:
        return Problem(Fault.INVALID_VALUE, "at", "instant")
    shipment = ShipmentId(context.names["shipment"])
    return RecordCheckpoint(
        shipment=shipment, status=body.status, at=at, place=body.place, note=body.note, code=body.code
    )


def extend_or_ask(body: Extension, context: Context) -> Asked:
    """The seller extends; anybody else asks (and the guards say who may)."""
    if context.actor.role is Role.SELLER:
        return ExtendProtection(days=body.days)
    return AskExtension(days=body.days)
