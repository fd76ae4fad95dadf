"""A disputed case on one screen: the goods, both sides, all that was said and shown, tracking, what was decided."""

from collections.abc import Sequence
from dataclasses import dataclass

from fairhold.domain.actors import Role
from fairhold.domain.bank_money import foreseen
from fairhold.domain.coming import Deadline
from fairhold.domain.dispute import Dispute, Offer, OfferStatus, offer_status
from fairhold.domain.dispute_events import ClaimTaken, DisputeOpened, DisputeRuled, MessageSent, OfferMade
from fairhold.domain.dispute_status import dispute_deadlines
from fairhold.domain.events import Event
from fairhold.domain.ids import PersonId
from fairhold.domain.instants import between
from fairhold.domain.portions import worth_of
from fairhold.web.views.lines import picture_of
from fairhold.web.views.office import Office
from fairhold.web.views.parts import Fact, LineView, Pill, Sum
from fairhold.web.views.sight import Sight
from fairhold.words import dates
from fairhold.words.catalog import N_
from fairhold.words.commission import of_order
from fairhold.words.deadlines import because, effect
from fairhold.words.disputes import CHARGEBACK_STATES, DEMANDS, OUTCOMES, offer_words, state_name
from fairhold.words.history import done_by, tell
from fairhold.words.names import pieces, role_name


@dataclass(frozen=True)
class Ahead:
    """What happens by itself: when, in how long, what, why, and who could act before."""

    when: str
    at: str
    left: str
    effect: str
    because: str
    owner: str


@dataclass(frozen=True)
class Entry:
    """Something said, offered, decided or done. `side` is `buyer`, `seller`, `staff`, or `event` for what merely happened."""

    side: str
    who: str
    when: str
    at: str
    title: str
    text: str = ""
    sums: tuple[Sum, ...] = ()
    status: str = ""
    photos: tuple[str, ...] = ()


@dataclass(frozen=True)
class Decision:
    """A ruling: by whom and when, the sums as they were decided, why, and what became of it."""

    title: str
    who: str
    when: str
    sums: tuple[Sum, ...]
    reasons: str
    became: str


def ahead_of(sight: Sight, dispute: Dispute) -> tuple[Ahead, ...]:
    """The deadlines of this dispute, soonest first."""
    return tuple(_ahead(sight, deadline) for deadline in dispute_deadlines(sight.order, dispute))


def _ahead(sight: Sight, deadline: Deadline) -> Ahead:
    return Ahead(
        when=sight.moment(deadline.at),
        at=dates.to_the_second(deadline.at),
        left=dates.remaining(sight.reader, between(sight.now, deadline.at)) if deadline.at > sight.now else "",
        effect=effect(sight.order, deadline, sight.reader),
        because=because(deadline, sight.reader),
        owner=role_name(sight.reader.words, deadline.owner),
    )


def case_pill(sight: Sight, dispute: Dispute) -> Pill:
    """Where the case stands."""
    if dispute.end is not None:
        return Pill(sight.say(OUTCOMES[dispute.end.outcome]), "ok")
    if dispute.overdue:
        return Pill(sight.say(N_("The ruling is overdue")), "alert", "bad")
    return Pill(state_name(sight.reader.words, dispute.state), "scales" if dispute.claimed_at else "chat", "turn")


def goods_of(sight: Sight, dispute: Dispute) -> tuple[LineView, ...]:
    """The disputed units, by line, with what they are worth."""
    found = []
    for line in sight.order.lines:
        spans = [span for span in dispute.spans if span.line == line.id]
        count = sum(span.quantity for span in spans)
        if not count:
            continue
        shown = pieces(sight.reader.words, count)
        if count < line.quantity:
            shown = sight.say(N_("%(number)d of %(all)d"), number=count, all=line.quantity)
        found.append(
            LineView(
                id=f"disputed-{line.id}",
                title=sight.title(line),
                thumb=picture_of(sight, line),
                quantity=f"{shown} · {line.sku}",
                total=sight.sum(worth_of(sight.order, spans)),
            )
        )
    return tuple(found)


def head_of(sight: Sight, dispute: Dispute) -> str:
    """When it was opened, by whom it is read, what was asked for: a line under the title."""
    parts = [sight.say(N_("opened %(moment)s"), moment=sight.moment(dispute.opened_at))]
    if dispute.claimed_at is not None:
        parts.append(sight.say(N_("with a mediator since %(moment)s"), moment=sight.moment(dispute.claimed_at)))
    if dispute.offers:
        demand = sight.say(DEMANDS[dispute.demand])
        parts.append(sight.say(N_("demand: %(demand)s"), demand=demand[:1].lower() + demand[1:]))
    return " · ".join(parts)


def order_facts(sight: Sight) -> tuple[Fact, ...]:
    """The order's dates and the terms that it was placed under."""
    order, terms, reader = sight.order, sight.order.terms, sight.reader
    found = [
        Fact(sight.say(N_("Order id")), "", order.id),
        Fact(sight.say(N_("Placed")), sight.moment(order.placed_at)),
    ]
    if order.reference:
        found.append(Fact(sight.say(N_("The marketplace's reference")), "", order.reference))
    if order.paid_at is not None:
        found.append(Fact(sight.say(N_("Paid")), sight.moment(order.paid_at)))
    if order.promised_by is not None:
        found.append(Fact(sight.say(N_("Promised by")), dates.day(reader, order.promised_by, sight.now)))
    return (
        *found,
        Fact(
            sight.say(N_("Policy")),
            sight.say(N_("%(name)s, version %(version)d"), name=terms.policy.name, version=terms.policy.version),
        ),
        Fact(sight.say(N_("Commission")), of_order(reader, order)),
        Fact(sight.say(N_("Time for a ruling")), dates.whole_days(reader, terms.disputes.ruling)),
        Fact(sight.say(N_("Time to appeal")), dates.whole_days(reader, terms.disputes.appeal)),
        *(
            Fact(
                sight.say(N_("Card chargeback")), f"{sight.sum(one.amount)}, {sight.say(CHARGEBACK_STATES[one.state])}"
            )
            for one in order.chargebacks
        ),
    )


def talk_of_case(sight: Sight, office: Office, dispute: Dispute, events: Sequence[Event]) -> tuple[Entry, ...]:
    """Everything of the dispute in order, oldest first: texts, offers with both sums, photos, and what happened between."""
    return tuple(_entry(sight, office, dispute, event) for event in events)


_SIDES = {Role.BUYER: "buyer", Role.SELLER: "seller", Role.SYSTEM: "event"}


def _entry(sight: Sight, office: Office, dispute: Dispute, event: Event) -> Entry:
    told = tell(sight.order, event, sight.now, sight.reader)
    role = Role(event.by.partition(":")[0])
    offer = event.offer if isinstance(event, DisputeOpened | OfferMade) else None
    said = event.reasons if isinstance(event, DisputeRuled) else getattr(event, "text", None)
    plain_event = not said and offer is None and not isinstance(event, MessageSent)
    return Entry(
        side="event" if plain_event or isinstance(event, ClaimTaken) else _SIDES.get(role, "staff"),
        who=_speaker(sight, office, event.by),
        when=sight.moment(event.at),
        at=dates.to_the_second(event.at),
        title="" if isinstance(event, MessageSent) else told.title,
        text=said or "",
        sums=_offer_sums(sight, dispute, offer) if offer is not None else (),
        status=_offer_state(sight, dispute, offer) if offer is not None else "",
        photos=tuple(photo.id for photo in getattr(event, "evidence", ())),
    )


def _speaker(sight: Sight, office: Office, by: str) -> str:
    role, _, person = by.partition(":")
    match Role(role):
        case Role.BUYER:
            return sight.buyer()
        case Role.SELLER:
            return sight.seller()
        case Role.MEDIATOR | Role.OPERATOR | Role.SUPPORT:
            name = office.names.name(Role(role), PersonId(person), sight.reader.language)
            return f"{name}, {done_by(by, sight.reader).lower()}"
        case _:
            return done_by(by, sight.reader)


_STATUSES = {
    OfferStatus.OPEN: N_("on the table"),
    OfferStatus.REPLACED: N_("replaced"),
    OfferStatus.EXPIRED: N_("expired"),
    OfferStatus.ACCEPTED: N_("accepted"),
    OfferStatus.GRANTED: N_("granted: no answer came in time"),
    OfferStatus.CLOSED: N_("not accepted"),
}


def _offer_state(sight: Sight, dispute: Dispute, offer: Offer) -> str:
    """What became of the offer; of the demand, which its entry does not name, also what it was."""
    # The entry holds the offer as it was made; what became of it since, the dispute knows.
    became = sight.say(_STATUSES[offer_status(dispute, dispute.offers[offer.number - 1])])
    if offer.number > 1:
        return became[:1].upper() + became[1:]
    return f"{offer_words(sight.reader, offer, sight.order.currency)}: {became}"


def _offer_sums(sight: Sight, dispute: Dispute, offer: Offer) -> tuple[Sum, ...]:
    """What the offer would give each side now; nothing once the dispute is closed, and nothing of money in goods sent again."""
    if not dispute.is_open or offer.resend:
        return ()
    seen = foreseen(sight.order, dispute, offer.refund)
    return (
        Sum(sight.say(N_("To the buyer")), sight.sum(seen.refund), "buyer"),
        Sum(sight.say(N_("To the seller")), sight.sum(seen.net), "seller"),
    )


def decisions_of(sight: Sight, office: Office, dispute: Dispute, events: Sequence[Event]) -> tuple[Decision, ...]:
    """The rulings so far, the latest first."""
    ruled = [event for event in events if isinstance(event, DisputeRuled)]
    return tuple(
        _decision(sight, office, dispute, event, position, latest=position == len(ruled))
        for position, event in reversed(tuple(enumerate(ruled, 1)))
    )


def _decision(
    sight: Sight, office: Office, dispute: Dispute, event: DisputeRuled, position: int, *, latest: bool
) -> Decision:
    if not latest or dispute.state.value == "appealed":
        became = sight.say(N_("It was appealed and did not take effect."))
    elif dispute.is_open:
        became = sight.say(N_("It can be appealed until %(moment)s."), moment=sight.moment(event.effective_at))
    else:
        became = sight.say(N_("It took effect."))
    return Decision(
        title=sight.say(N_("Ruling on the appeal")) if position > 1 else sight.say(N_("Ruling")),
        who=_speaker(sight, office, event.by),
        when=sight.moment(event.at),
        sums=(
            Sum(sight.say(N_("To the buyer")), sight.sum(event.refund), "buyer"),
            Sum(
                sight.say(N_("To the seller, commission included")), sight.sum(dispute.amount - event.refund), "seller"
            ),
        ),
        reasons=event.reasons,
        became=became,
    )


def end_of(sight: Sight, dispute: Dispute) -> tuple[Sum, ...]:
    """The sums of a closed dispute."""
    end = dispute.end
    if end is None:
        return ()
    sums = [
        Sum(sight.say(N_("Returned to the buyer")), sight.sum(end.refunded), "buyer", strong=True),
        Sum(sight.say(N_("To the seller, commission included")), sight.sum(end.released), "seller", strong=True),
    ]
    by_bank = end.decided - end.refunded
    if by_bank > 0:
        sums.insert(1, Sum(sight.say(N_("Taken back through the bank before")), sight.sum(by_bank), "buyer"))
    return tuple(sums)
