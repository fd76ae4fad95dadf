"""What the parts of a dispute are called, and what its offers say."""

from fairhold.domain.dispute import ChargebackState, DemandKind, DisputeReason, DisputeState, Offer, Outcome
from fairhold.domain.dispute_status import DisputeTab
from fairhold.words.catalog import N_, Words
from fairhold.words.money import money
from fairhold.words.reader import Reader

DISPUTE_STATES: dict[DisputeState, str] = {
    DisputeState.AWAITING_ANSWER: N_("Waiting for the seller's answer"),
    DisputeState.NEGOTIATING: N_("Under negotiation"),
    DisputeState.CLAIMED: N_("With a mediator"),
    DisputeState.RULED: N_("Ruled, can be appealed"),
    DisputeState.APPEALED: N_("Appealed, with another mediator"),
    DisputeState.RETURN_DUE: N_("The buyer is to send the goods back"),
    DisputeState.RETURNING: N_("The goods are on their way back"),
    DisputeState.RESEND_DUE: N_("The seller is to send the goods again"),
    DisputeState.SETTLED: N_("Settled"),
    DisputeState.RESENT: N_("Settled: the goods were sent again"),
    DisputeState.WITHDRAWN: N_("Withdrawn by the one who opened it"),
}

DISPUTE_REASONS: dict[DisputeReason, str] = {
    DisputeReason.NOT_RECEIVED: N_("The goods did not come"),
    DisputeReason.LATE: N_("The goods are late"),
    DisputeReason.DAMAGED: N_("Damaged or of poor quality"),
    DisputeReason.NOT_AS_DESCRIBED: N_("Not as described"),
    DisputeReason.WRONG_ITEM: N_("Something else was sent"),
    DisputeReason.MISSING_ITEMS: N_("Something is missing"),
    DisputeReason.COUNTERFEIT: N_("Counterfeit"),
    DisputeReason.RETURNED_PARCEL: N_("The parcel came back to the seller"),
}

DEMANDS: dict[DemandKind, str] = {
    DemandKind.REFUND: N_("Money back, keep the goods"),
    DemandKind.RETURN_AND_REFUND: N_("Send the goods back, then money back"),
    DemandKind.RESEND: N_("The goods sent again"),
}

OUTCOMES: dict[Outcome, str] = {
    Outcome.SILENCE: N_("The seller did not answer in time"),
    Outcome.AGREED: N_("Both sides agreed"),
    Outcome.RULED: N_("A mediator ruled"),
    Outcome.RETURNED: N_("The goods were sent back"),
    Outcome.NOT_SENT_BACK: N_("The goods were not sent back in time"),
    Outcome.NOT_RESENT: N_("The goods were not sent again in time"),
    Outcome.RESENT: N_("The goods were sent again"),
    Outcome.WITHDRAWN: N_("The dispute was withdrawn"),
    Outcome.UNDECIDED: N_("Nobody decided in time"),
    Outcome.PROVIDER_CEILING: N_("The payment provider could not hold the money any longer"),
}

CHARGEBACK_STATES: dict[ChargebackState, str] = {
    ChargebackState.OPEN: N_("The bank is deciding"),
    ChargebackState.WON: N_("Won: the bank gave the money back"),
    ChargebackState.LOST: N_("Lost: the money stays with the buyer's bank"),
}

DISPUTE_TABS: dict[DisputeTab, str] = {
    DisputeTab.OPEN: N_("Open disputes"),
    DisputeTab.AWAITING_SELLER: N_("The seller's turn"),
    DisputeTab.AWAITING_BUYER: N_("The buyer's turn"),
    DisputeTab.AWAITING_RULING: N_("To rule on"),
    DisputeTab.OVERDUE: N_("Overdue"),
    DisputeTab.RULED: N_("Ruled"),
    DisputeTab.TRAVELLING: N_("Goods on their way"),
    DisputeTab.CLOSED: N_("Closed"),
    DisputeTab.APPEALED: N_("Appealed"),
}


def offer_words(reader: Reader, offer: Offer, currency: str) -> str:
    """What an offer says, in one line."""
    say = reader.words.gettext
    if offer.resend:
        return say(N_("The goods are sent again"))
    if not offer.refund:
        return say(N_("No refund"))
    refund = money(reader, offer.refund, currency)
    if offer.return_goods:
        return say(N_("The goods go back, then %(sum)s to the buyer"), sum=refund)
    return say(N_("%(sum)s to the buyer, who keeps the goods"), sum=refund)


def state_name(words: Words, state: DisputeState) -> str:
    """What a dispute's state is called."""
    return words.gettext(DISPUTE_STATES[state])


def reason_name(words: Words, reason: DisputeReason) -> str:
    """What is wrong, in a few words."""
    return words.gettext(DISPUTE_REASONS[reason])
