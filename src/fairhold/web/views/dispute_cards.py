"""The cards of a dispute's page: the offer on the table, and what mediators ruled, each with its sums for both sides."""

from dataclasses import dataclass

from fairhold.domain.actors import Role
from fairhold.domain.bank_money import foreseen
from fairhold.domain.coming import Because
from fairhold.domain.dispute import Dispute, DisputeState, Offer, OfferStatus, offer_status
from fairhold.domain.dispute_events import DisputeRuled
from fairhold.domain.dispute_status import dispute_deadlines
from fairhold.domain.events import Event
from fairhold.web.views.clocks import clock_for
from fairhold.web.views.commission import broken_down
from fairhold.web.views.parts import Clock, Link, Sum
from fairhold.web.views.sight import Sight
from fairhold.web.views.talk import words_of_offer
from fairhold.words.catalog import N_
from fairhold.words.disputes import offer_words


@dataclass(frozen=True)
class OfferCard:
    """The offer on the table: `sums` are for both sides, `said` is what came with it."""

    title: str
    clock: Clock | None
    sums: tuple[Sum, ...]
    text: str
    said: str
    links: tuple[Link, ...]
    hint: str
    turn: bool


@dataclass(frozen=True)
class RulingCard:
    """What a mediator ruled, with the reasons."""

    title: str
    when: str
    sums: tuple[Sum, ...]
    reasons: str
    text: str
    link: Link | None


def sums_of(sight: Sight, dispute: Dispute, refund: int) -> tuple[Sum, ...]:
    """What giving the buyer `refund` (minor units) means to either side, as this one reads sums."""
    ahead = foreseen(sight.order, dispute, refund)
    if sight.actor.role is Role.BUYER:
        return (
            Sum(sight.say(N_("Comes back to you")), sight.sum(ahead.refund), safe=True),
            Sum(sight.say(N_("Goes on to the seller")), sight.sum(ahead.gross)),
        )
    return (
        Sum(sight.say(N_("Goes back to the buyer")), sight.sum(ahead.refund)),
        Sum(sight.say(N_("Comes to you, net")), sight.sum(ahead.net), safe=True),
        *broken_down(sight, ahead.fee, ahead.fixed, ahead.provider),
    )


def offer_card(sight: Sight, dispute: Dispute, events: tuple[Event, ...]) -> OfferCard | None:
    """The offer on the table, with what this person can do about it; none once it has gone."""
    offer = dispute.offer
    if offer is None or offer_status(dispute, offer) is not OfferStatus.OPEN:
        return None
    waiting = next((one for one in dispute_deadlines(sight.order, dispute) if one.because is Because.OFFERED), None)
    mine = offer.by is sight.actor.role
    links: tuple[Link, ...] = ()
    if sight.can_in(dispute, "accept_offer"):
        accept = Link(_accept_words(sight, offer), f"{sight.dispute_url(dispute)}/offers/{offer.number}", main=True)
        links = (accept,)
    if sight.can_in(dispute, "make_offer"):
        text = N_("Change your offer…") if mine else N_("Offer something else…")
        links = (*links, Link(sight.say(text), f"{sight.dispute_url(dispute)}/offer"))
    hint = N_("As long as it is not accepted you can change it.")
    if not mine:
        hint = N_("Accepting closes the dispute for good. Before that we show the sums and ask once more.")
        if offer.resend or offer.return_goods:
            hint = N_("What is accepted cannot be taken back. Before that we show what follows and ask once more.")
    return OfferCard(
        title=_offer_title(sight, offer),
        clock=clock_for(sight, waiting) if waiting is not None else None,
        sums=() if offer.resend else sums_of(sight, dispute, offer.refund),
        text=offer_text(sight, offer),
        said=words_of_offer(events, offer.number),
        links=links,
        hint=sight.say(hint),
        turn=not mine,
    )


def _accept_words(sight: Sight, offer: Offer) -> str:
    if offer.resend:
        return sight.say(
            N_("Accept: have it sent again…") if sight.actor.role is Role.BUYER else N_("Accept: send it again…")
        )
    if offer.return_goods:
        return sight.say(N_("Accept: the goods go back…"))
    if not offer.refund:
        return sight.say(N_("Accept: no refund…"))
    return sight.say(N_("Accept %(sum)s…"), sum=sight.sum(offer.refund))


def _offer_title(sight: Sight, offer: Offer) -> str:
    if offer.by is sight.actor.role:
        return sight.say(N_("You demand") if offer.number == 1 else N_("Your offer"))
    if offer.by is Role.BUYER:
        return sight.say(N_("The buyer demands") if offer.number == 1 else N_("The buyer's offer"))
    return sight.say(N_("The seller's offer")) if offer.refund or offer.resend else sight.say(N_("The seller declines"))


def offer_text(sight: Sight, offer: Offer) -> str:
    """What the offer says, as a sentence."""
    return f"{offer_words(sight.reader, offer, sight.order.currency)}."


def ruling_cards(sight: Sight, dispute: Dispute, events: tuple[Event, ...]) -> tuple[RulingCard, ...]:
    """What was ruled, the last first."""
    ruled = [event for event in events if isinstance(event, DisputeRuled)]
    cards = []
    for position, event in enumerate(ruled):
        last = position == len(ruled) - 1
        text = ""
        if position == 0 and len(ruled) > 1:
            text = sight.say(N_("It was appealed, and another mediator ruled."))
        elif dispute.state is DisputeState.APPEALED:
            text = sight.say(N_("It was appealed: another mediator rules, and that ruling stands."))
        elif dispute.state is DisputeState.RULED and dispute.due is not None:
            text = sight.say(N_("It can be appealed once, until %(moment)s."), moment=sight.moment(dispute.due))
        link = None
        if last and sight.can_in(dispute, "appeal_ruling"):
            link = Link(sight.say(N_("Appeal…")), f"{sight.dispute_url(dispute)}/appeal")
        cards.append(
            RulingCard(
                title=sight.say(N_("The mediator's ruling")) if position == 0 else sight.say(N_("The second ruling")),
                when=sight.moment(event.at),
                sums=_ruled_sums(sight, dispute, event.refund),
                reasons=event.reasons,
                text=text,
                link=link,
            )
        )
    return tuple(reversed(cards))


def _ruled_sums(sight: Sight, dispute: Dispute, refund: int) -> tuple[Sum, ...]:
    if dispute.is_open:
        return sums_of(sight, dispute, refund)
    rest = dispute.amount - refund
    to_buyer, to_seller = N_("To the buyer"), N_("To the seller, commission included")
    return (Sum(sight.say(to_buyer), sight.sum(refund)), Sum(sight.say(to_seller), sight.sum(rest)))
