"""The page of a dispute, for either side: whose turn until when, what if nobody acts, offers with their sums, the talk."""

from collections.abc import Iterable
from dataclasses import dataclass

from fairhold.domain.actors import Role
from fairhold.domain.dispute import Dispute, OfferStatus, Outcome, offer_status
from fairhold.domain.dispute_status import dispute_deadlines
from fairhold.domain.events import Event
from fairhold.domain.order import PortionState
from fairhold.web.views.clocks import clock_for
from fairhold.web.views.dispute_cards import OfferCard, RulingCard, offer_card, offer_text, ruling_cards
from fairhold.web.views.dispute_sentences import if_nobody_acts, is_turn, next_deadline_of, turn_sentence
from fairhold.web.views.disputes import dispute_pill, goods_of_spans, outcome_sentence
from fairhold.web.views.parcels import parcels_of
from fairhold.web.views.parts import Clock, Fact, Link, Note, ParcelView, Pill, Step, Sum
from fairhold.web.views.sight import Sight
from fairhold.web.views.talk import Talk, events_of, talk_of
from fairhold.words.catalog import N_
from fairhold.words.disputes import DEMANDS, OUTCOMES, offer_words, reason_name


@dataclass(frozen=True)
class DisputePage:
    """Everything on the page of a dispute."""

    url: str
    order_url: str
    number: str
    title: str
    head: str
    pill: Pill
    note: Note | None
    clock: Clock | None
    offer: OfferCard | None
    rulings: tuple[RulingCard, ...]
    steps: tuple[Step, ...]
    end: Note | None
    end_sums: tuple[Sum, ...]
    goods: tuple[tuple[str, str], ...]
    facts: tuple[Fact, ...]
    total: str
    stays: str
    photos: tuple[str, ...]
    offers: tuple[Step, ...]
    parcel: ParcelView | None
    talk: Talk
    may_say: bool
    say_why_not: str
    others: tuple[Link, ...]


def dispute_page(
    sight: Sight, dispute: Dispute, history: Iterable[tuple[int, Event]], note: Note | None
) -> DisputePage:
    """The dispute as this side sees it."""
    events = events_of(dispute, history)
    offer = offer_card(sight, dispute, events)
    leading = next_deadline_of(sight, dispute)
    return DisputePage(
        url=sight.dispute_url(dispute),
        order_url=sight.url,
        number=sight.number,
        title=sight.say(N_("Dispute: %(reason)s"), reason=_lower(reason_name(sight.reader.words, dispute.reason))),
        head=_head(sight, dispute),
        pill=_pill(sight, dispute),
        note=note,
        clock=clock_for(sight, leading) if leading is not None and (offer is None or offer.clock is None) else None,
        offer=offer,
        rulings=ruling_cards(sight, dispute, events),
        steps=_steps(sight, dispute),
        end=_end(sight, dispute),
        end_sums=_end_sums(sight, dispute),
        goods=_goods(sight, dispute),
        facts=_facts(sight, dispute),
        total=sight.sum(dispute.amount),
        stays=_stays(sight, dispute),
        photos=tuple(photo.id for photo in dispute.evidence),
        offers=_offers(sight, dispute),
        parcel=_parcel(sight, dispute),
        talk=talk_of(sight, events),
        may_say=sight.can_in(dispute, "send_message"),
        say_why_not="" if dispute.is_open else sight.say(N_("The dispute is closed; nothing can be added to it.")),
        others=_others(sight, dispute),
    )


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def _head(sight: Sight, dispute: Dispute) -> str:
    opened = sight.moment(dispute.opened_at)
    if sight.actor.role is Role.BUYER:
        return sight.say(N_("Opened %(moment)s · seller %(who)s"), moment=opened, who=sight.seller())
    return sight.say(N_("Opened %(moment)s · buyer %(who)s"), moment=opened, who=sight.buyer())


def _pill(sight: Sight, dispute: Dispute) -> Pill:
    if is_turn(sight, dispute):
        return Pill(turn_sentence(sight, dispute), "clock", "turn")
    return dispute_pill(sight, dispute)


_WAYS_ON = (
    ("ship_return", N_("Enter the tracking number"), "return", True),
    ("receive_return", N_("They are here and as they should be…"), "return/receipt", True),
    ("receive_return", N_("Something is wrong with them…"), "return/receipt?wrong=yes", False),
    ("ship_replacement", N_("Enter the tracking number"), "resend", True),
    ("escalate_dispute", N_("Ask for a mediator…"), "escalation", False),
)
"""What moves a dispute on beside offers: the command, what its link says and where it leads, whether it is the main one."""


def _steps(sight: Sight, dispute: Dispute) -> tuple[Step, ...]:
    found = dispute_deadlines(sight.order, dispute)
    if not found:
        return ()
    links = []
    for name, text, path, main in _WAYS_ON:
        if sight.can_in(dispute, name):
            icon = "scales" if name == "escalate_dispute" else ""
            links.append(Link(sight.say(text), f"{sight.dispute_url(dispute)}/{path}", main=main, icon=icon))
    if dispute.offer is None and sight.can_in(dispute, "make_offer"):
        links.insert(0, Link(sight.say(N_("Make an offer…")), f"{sight.dispute_url(dispute)}/offer", main=True))
    now = Step(sight.say(N_("Now")), f"{turn_sentence(sight, dispute)}.", "now", links=tuple(links))
    return (now, *(Step(sight.moment(one.at), if_nobody_acts(sight, dispute, one)) for one in found))


def _end(sight: Sight, dispute: Dispute) -> Note | None:
    if dispute.end is None:
        return None
    title = sight.say(OUTCOMES[dispute.end.outcome])
    when = sight.say(N_("Closed %(moment)s."), moment=sight.moment(dispute.end.at))
    text = outcome_sentence(sight, dispute) if dispute.end.outcome in (Outcome.WITHDRAWN, Outcome.RESENT) else when
    return Note(title, text, "safe", "ok")


def _end_sums(sight: Sight, dispute: Dispute) -> tuple[Sum, ...]:
    end = dispute.end
    if end is None or end.outcome in (Outcome.WITHDRAWN, Outcome.RESENT):
        return ()
    buyer = sight.actor.role is Role.BUYER
    found = [
        Sum(
            sight.say(N_("Returned to you") if buyer else N_("Returned to the buyer")),
            sight.sum(end.refunded),
            safe=buyer,
        ),
        Sum(sight.say(N_("To the seller, commission included")), sight.sum(end.released)),
    ]
    by_bank = end.decided - end.refunded
    if by_bank > 0:
        found.append(Sum(sight.say(N_("Taken back through the bank")), sight.sum(by_bank)))
    return tuple(found)


def _goods(sight: Sight, dispute: Dispute) -> tuple[tuple[str, str], ...]:
    """Each item with its picture."""
    found = []
    for line in sight.order.lines:
        spans = tuple(span for span in dispute.spans if span.line == line.id)
        if spans:
            found.append((sight.picture(line.image or ""), goods_of_spans(sight, spans)[0]))
    return tuple(found)


def _facts(sight: Sight, dispute: Dispute) -> tuple[Fact, ...]:
    found = [Fact(sight.say(N_("Reason")), reason_name(sight.reader.words, dispute.reason))]
    if dispute.offers:
        demand = dispute.offers[0]
        whole = demand.refund == dispute.amount or demand.resend
        words = sight.say(DEMANDS[dispute.demand]) if whole else offer_words(sight.reader, demand, sight.order.currency)
        found.append(Fact(sight.say(N_("Demanded")), words))
    return tuple(found)


def _stays(sight: Sight, dispute: Dispute) -> str:
    if not dispute.is_open:
        return ""
    said = sight.say(N_("The money is with us until the dispute is settled."))
    rest = sum(portion.amount for portion in sight.order.portions if portion.state is PortionState.HELD)
    if not rest:
        return said
    other = sight.say(N_("Another %(sum)s of the order is protected and not part of it."), sum=sight.sum(rest))
    return f"{said} {other}"


def _offers(sight: Sight, dispute: Dispute) -> tuple[Step, ...]:
    words = {
        OfferStatus.OPEN: N_("on the table"),
        OfferStatus.REPLACED: N_("replaced"),
        OfferStatus.EXPIRED: N_("expired"),
        OfferStatus.ACCEPTED: N_("accepted"),
        OfferStatus.GRANTED: N_("granted"),
        OfferStatus.CLOSED: N_("not accepted"),
    }
    found = []
    for offer in reversed(dispute.offers):
        status = offer_status(dispute, offer)
        kind = "now" if status is OfferStatus.OPEN else "past"
        title = f"{offer.number}. {sight.who(offer.by)}: {offer_text(sight, offer)}"
        note = sight.say(words[status])
        if status is OfferStatus.OPEN and offer.expires is not None:
            note = sight.say(N_("on the table until %(moment)s"), moment=sight.moment(offer.expires))
        found.append(Step(title, kind=kind, note=note))
    return tuple(found)


def _parcel(sight: Sight, dispute: Dispute) -> ParcelView | None:
    """The parcel with which the goods go back, or with which they were sent again."""
    shipments = sight.order.shipments
    own = {shipment.id for shipment in shipments if shipment.returns == dispute.id}
    if dispute.end is not None and dispute.end.outcome is Outcome.RESENT:
        # What was sent again ended the dispute; of several parcels of that moment it is the last one of these lines.
        at, lines = dispute.end.at, {span.line for span in dispute.spans}
        sent = [one for one in shipments if one.returns is None and one.shipped_at == at]
        again = [one.id for one in sent if {span.line for span in one.spans} == lines]
        own = set(again[-1:])
    return next((parcel for parcel in parcels_of(sight) if parcel.id in own), None)


def _others(sight: Sight, dispute: Dispute) -> tuple[Link, ...]:
    if not sight.can_in(dispute, "withdraw_dispute"):
        return ()
    return (Link(sight.say(N_("Withdraw the dispute…")), f"{sight.dispute_url(dispute)}/withdrawal"),)
