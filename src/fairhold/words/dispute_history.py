"""What happened in a dispute or at the buyer's bank, one sentence an event."""

from collections.abc import Callable
from typing import Any

from fairhold.domain.dispute_events import (
    ChargebackLost,
    ChargebackMoved,
    ChargebackReceived,
    ChargebackWon,
    ClaimTaken,
    DisputeAgreed,
    DisputeEscalated,
    DisputeOpened,
    DisputeRuled,
    DisputeSettled,
    DisputeWithdrawn,
    MessageSent,
    OfferLapsed,
    OfferMade,
    ReplacementShipped,
    ReturnArrived,
    ReturnShipped,
    RulingAppealed,
    RulingOverdue,
)
from fairhold.words.catalog import N_
from fairhold.words.disputes import DISPUTE_REASONS, OUTCOMES, offer_words
from fairhold.words.names import carrier_name
from fairhold.words.scene import Scene, Told


def _joined(*parts: str | None) -> str:
    return " ".join(part for part in parts if part)


def _opened(scene: Scene, event: DisputeOpened) -> Told:
    title = scene.say(
        N_("Dispute opened over %(sum)s: %(reason)s"),
        sum=scene.sum(event.amount),
        reason=scene.say(DISPUTE_REASONS[event.reason]),
    )
    demand = None if event.offer is None else offer_words(scene.reader, event.offer, scene.order.currency) + "."
    return Told(title, _joined(demand, event.text))


def _offered(scene: Scene, event: OfferMade) -> Told:
    offer = offer_words(scene.reader, event.offer, scene.order.currency)
    return Told(scene.say(N_("Offer %(number)d: %(offer)s"), number=event.offer.number, offer=offer), event.text or "")


def _lapsed(scene: Scene, event: OfferLapsed) -> Told:
    return Told(
        scene.say(N_("Offer %(number)d expired"), number=event.number), scene.say(N_("The negotiation goes on."))
    )


def _agreed(scene: Scene, event: DisputeAgreed) -> Told:
    offer = offer_words(scene.reader, event.offer, scene.order.currency)
    title = N_("The seller did not answer in time: the demand is granted") if event.silence else N_("Offer accepted")
    until = scene.say(N_("To be sent by %(moment)s."), moment=scene.until(event.due))
    return Told(scene.say(title), f"{offer}. {until}")


def _escalated(scene: Scene, event: DisputeEscalated) -> Told:
    until = scene.say(N_("A mediator rules by %(moment)s."), moment=scene.until(event.due))
    title = N_("The seller contests the returned goods") if event.contested else N_("Escalated to a mediator")
    return Told(scene.say(title), _joined(until, event.text))


def _taken(scene: Scene, _: ClaimTaken) -> Told:
    return Told(scene.say(N_("A mediator took the case")))


def _overdue(scene: Scene, event: RulingOverdue) -> Told:
    return Told(
        scene.say(N_("The ruling is overdue")),
        scene.say(N_("The operator sees to it by %(moment)s. No money moved."), moment=scene.until(event.due)),
    )


def _ruled(scene: Scene, event: DisputeRuled) -> Told:
    dispute = scene.order.dispute(event.dispute)
    rest = (dispute.amount if dispute is not None else event.refund) - event.refund
    title = scene.say(
        N_("Ruling: %(refund)s to the buyer, %(rest)s to the seller"),
        refund=scene.sum(event.refund),
        rest=scene.sum(rest),
    )
    if event.effective_at == event.at:
        return Told(title, event.reasons)
    until = scene.say(N_("It can be appealed until %(moment)s."), moment=scene.until(event.effective_at))
    return Told(title, _joined(event.reasons, until))


def _appealed(scene: Scene, event: RulingAppealed) -> Told:
    until = scene.say(N_("Another mediator rules by %(moment)s."), moment=scene.until(event.due))
    return Told(scene.say(N_("Ruling appealed")), _joined(until, event.text))


def _said(scene: Scene, event: MessageSent) -> Told:
    return Told(scene.say(N_("Message")), event.text)


def _sent_back(scene: Scene, event: ReturnShipped) -> Told:
    carrier = carrier_name(scene.reader.words, event.carrier)
    return Told(scene.say(N_("The goods are on their way back")), f"{carrier}, {event.tracking_number}.")


def _arrived(scene: Scene, event: ReturnArrived) -> Told:
    text = scene.say(N_("The seller looks at the goods until %(moment)s."), moment=scene.until(event.due))
    return Told(scene.say(N_("News of the goods that were sent back")), text)


def _resent(scene: Scene, event: ReplacementShipped) -> Told:
    text = scene.say(
        N_("%(carrier)s, %(number)s. Protection runs until %(moment)s."),
        carrier=carrier_name(scene.reader.words, event.carrier),
        number=event.tracking_number,
        moment=scene.until(event.protection_ends),
    )
    return Told(scene.say(N_("The goods were sent again")), text)


def _withdrawn(scene: Scene, _: DisputeWithdrawn) -> Told:
    return Told(scene.say(N_("Dispute withdrawn")), scene.say(N_("Protection runs on for the time that was left.")))


def _settled(scene: Scene, event: DisputeSettled) -> Told:
    title = scene.say(
        N_("Dispute settled: %(refund)s to the buyer, %(rest)s to the seller"),
        refund=scene.sum(event.refund),
        rest=scene.sum(event.gross),
    )
    return Told(title, scene.say(OUTCOMES[event.outcome]) + ".")


def _charged_back(scene: Scene, event: ChargebackReceived) -> Told:
    title = scene.say(N_("The buyer's bank took back %(sum)s"), sum=scene.sum(event.amount))
    text = scene.say(N_("The bank is deciding. Nothing of it is paid out meanwhile."))
    if event.beyond:
        known = N_("%(sum)s of it the buyer had back already; the platform bears that.")
        text = f"{text} {scene.say(known, sum=scene.sum(event.beyond))}"
    return Told(title, text)


def _counted_elsewhere(scene: Scene, event: ChargebackMoved) -> Told:
    amount = sum(part for _, part in event.takes)
    title = scene.say(N_("%(sum)s that the buyer's bank has counts towards this refund"), sum=scene.sum(amount))
    return Told(title, scene.say(N_("The buyer has it already; nobody is refunded twice.")))


def _given_back(scene: Scene, event: ChargebackWon) -> Told:
    amount = event.beyond + sum(part for _, part in event.gives)
    return Told(scene.say(N_("The buyer's bank gave back %(sum)s"), sum=scene.sum(amount)))


def _lost(scene: Scene, _: ChargebackLost) -> Told:
    return Told(scene.say(N_("The chargeback was lost")), scene.say(N_("The money stays with the buyer's bank.")))


DISPUTE_TELLERS: dict[type, Callable[[Scene, Any], Told]] = {
    DisputeOpened: _opened,
    OfferMade: _offered,
    OfferLapsed: _lapsed,
    DisputeAgreed: _agreed,
    DisputeEscalated: _escalated,
    ClaimTaken: _taken,
    RulingOverdue: _overdue,
    DisputeRuled: _ruled,
    RulingAppealed: _appealed,
    MessageSent: _said,
    ReturnShipped: _sent_back,
    ReturnArrived: _arrived,
    ReplacementShipped: _resent,
    DisputeWithdrawn: _withdrawn,
    DisputeSettled: _settled,
    ChargebackReceived: _charged_back,
    ChargebackMoved: _counted_elsewhere,
    ChargebackWon: _given_back,
    ChargebackLost: _lost,
}
