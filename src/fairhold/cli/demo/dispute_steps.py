"""Telling a dispute: who said what, and what happened how long ago. Each deal of the demo has one dispute."""

from collections.abc import Callable

from fairhold.cli.demo.steps import CARRIER, Pick, Step, ago, picked
from fairhold.domain import commands
from fairhold.domain.actors import Actor, Role
from fairhold.domain.commands import Command, Demand
from fairhold.domain.dispute import DemandKind, DisputeReason, chargeback_id, dispute_id
from fairhold.domain.ids import OrderId, PersonId

MIA = Actor(Role.MEDIATOR, PersonId("mia"))
MAX = Actor(Role.MEDIATOR, PersonId("max"))
BUYER, SELLER = Role.BUYER, Role.SELLER


def _in_dispute(when: str, who: Role | Actor, command: Callable[[str], Command], *pictures: str) -> Step:
    return Step(ago(when), lambda order, at: command(dispute_id(order, 1)), who, pictures)


def opened(
    when: str,
    reason: str,
    text: str,
    *picks: Pick,
    demand: str = "refund",
    amount: int | None = None,
    pictures: tuple[str, ...] = (),
) -> Step:
    """The buyer opened a dispute."""

    def command(order: OrderId, _: object) -> Command:
        return commands.OpenDispute(
            lines=picked(order, picks),
            reason=DisputeReason(reason),
            demand=Demand(kind=DemandKind(demand), amount=amount),
            text=text,
        )

    return Step(ago(when), command, BUYER, pictures)


def contested(when: str, text: str, *pictures: str) -> Step:
    """The seller contested a parcel that came back."""
    return Step(ago(when), lambda order, at: commands.ContestReturnedParcel(text=text), SELLER, pictures)


def offered(when: str, who: Role, refund: int, text: str, *, return_goods: bool = False, resend: bool = False) -> Step:
    """One side made an offer."""
    return _in_dispute(
        when,
        who,
        lambda name: commands.MakeOffer(
            dispute=name, refund=refund, return_goods=return_goods, resend=resend, text=text
        ),
    )


def accepted(when: str, who: Role, number: int) -> Step:
    """The other side agreed."""
    return _in_dispute(when, who, lambda name: commands.AcceptOffer(dispute=name, number=number))


def escalated(when: str, who: Role, text: str) -> Step:
    """One side asked for a mediator."""
    return _in_dispute(when, who, lambda name: commands.EscalateDispute(dispute=name, text=text))


def withdrawn(when: str) -> Step:
    """The buyer took it back."""
    return _in_dispute(when, BUYER, lambda name: commands.WithdrawDispute(dispute=name))


def said(when: str, who: Role | Actor, text: str, *pictures: str) -> Step:
    """Somebody wrote."""
    return _in_dispute(when, who, lambda name: commands.SendMessage(dispute=name, text=text), *pictures)


def sent_back(when: str, number: str, carrier: str = "Почта России") -> Step:
    """The buyer sent the goods back."""
    return _in_dispute(
        when, BUYER, lambda name: commands.ShipReturn(dispute=name, carrier=carrier, tracking_number=number)
    )


def looked_at(when: str, *, accepted: bool, text: str | None = None) -> Step:
    """The seller looked at what came back."""
    return _in_dispute(when, SELLER, lambda name: commands.ReceiveReturn(dispute=name, accepted=accepted, text=text))


def sent_again(when: str, number: str, carrier: str = "СДЭК") -> Step:
    """The seller sent the goods again."""
    return _in_dispute(
        when, SELLER, lambda name: commands.ShipReplacement(dispute=name, carrier=carrier, tracking_number=number)
    )


def taken(when: str, who: Actor = MIA) -> Step:
    """A mediator took the case."""
    return _in_dispute(when, who, lambda name: commands.TakeClaim(dispute=name))


def ruled(when: str, refund: int, reasons: str, who: Actor = MIA) -> Step:
    """A mediator decided."""
    return _in_dispute(when, who, lambda name: commands.RuleOnDispute(dispute=name, refund=refund, reasons=reasons))


def appealed(when: str, who: Role, text: str) -> Step:
    """One side disagreed."""
    return _in_dispute(when, who, lambda name: commands.AppealRuling(dispute=name, text=text))


def charged_back(when: str, amount: int, reason: str) -> Step:
    """The buyer's bank took money back."""
    return Step(ago(when), lambda order, at: commands.RecordChargeback(amount=amount, reason=reason), CARRIER)


def bank_said(when: str, *, won: bool) -> Step:
    """The bank decided."""
    return Step(
        ago(when),
        lambda order, at: commands.RecordChargebackOutcome(chargeback=chargeback_id(order, 1), won=won),
        CARRIER,
    )
