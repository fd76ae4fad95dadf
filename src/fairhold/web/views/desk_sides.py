"""The two sides of a case: what each wants, how many disputes they had and how those ended."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import urlencode

from fairhold.domain.actors import Role
from fairhold.domain.dispute import Dispute, Offer
from fairhold.domain.dispute_events import DisputeOpened, OfferMade
from fairhold.domain.events import Event
from fairhold.engine.ports.disputes import StoredDispute
from fairhold.web.views.office import ENDINGS, Ending, Office, ending
from fairhold.web.views.parts import Fact
from fairhold.web.views.sight import Sight
from fairhold.words.catalog import N_
from fairhold.words.disputes import offer_words


class Record(NamedTuple):
    """What the marketplace knows of one side: their latest disputes, whether those are all, and how many orders they had."""

    rows: Sequence[StoredDispute]
    whole: bool
    orders: int
    or_more: bool


@dataclass(frozen=True)
class SideView:
    """One side: who, what they want now and in which words, and their history with the marketplace."""

    heading: str
    id: str
    wants: str
    when: str
    said: str
    facts: tuple[Fact, ...]
    numbers_url: str


def side_of(
    sight: Sight, office: Office, dispute: Dispute, role: Role, record: Record, events: Sequence[Event]
) -> SideView:
    """The side as the staff see it."""
    buyer = role is Role.BUYER
    name, person = (sight.buyer(), sight.order.buyer) if buyer else (sight.seller(), sight.order.seller)
    heading = sight.say(N_("Buyer: %(name)s"), name=name) if buyer else sight.say(N_("Seller: %(name)s"), name=name)
    offer = latest_offer(dispute, role)
    wants, when, said = sight.say(N_("Has proposed nothing so far.")), "", ""
    if offer is not None:
        wants = offer_words(sight.reader, offer, sight.order.currency) + "."
        made = _made(events, offer)
        if made is not None:
            when, said = sight.moment(made.at), made.text or ""
    return SideView(
        heading=heading,
        id=person,
        wants=wants,
        when=when,
        said=said,
        facts=_facts(office, record, dispute.id),
        numbers_url="" if buyer else f"{office.folder}/numbers?{urlencode({'days': 365, 'seller': person})}",
    )


def latest_offer(dispute: Dispute, role: Role) -> Offer | None:
    """What that side proposed last; the buyer's demand counts."""
    return next((offer for offer in reversed(dispute.offers) if offer.by is role), None)


def _made(events: Sequence[Event], offer: Offer) -> DisputeOpened | OfferMade | None:
    made = (event for event in events if isinstance(event, DisputeOpened | OfferMade))
    return next((event for event in made if event.offer is not None and event.offer.number == offer.number), None)


def _facts(office: Office, record: Record, this: str) -> tuple[Fact, ...]:
    orders = f"{record.orders}+" if record.or_more else str(record.orders)
    others = [row for row in record.rows if row.id != this]
    found = [Fact(office.say(N_("Orders")), orders)]
    count = str(len(others)) if record.whole else office.say(N_("the latest %(number)d"), number=len(others))
    found.append(Fact(office.say(N_("Other disputes")), count))
    by_ending = Counter(ending(row) for row in others)
    found += [Fact(office.say(text), str(by_ending[kind])) for kind, text in ENDINGS.items() if by_ending[kind]]
    return tuple(found)


@dataclass(frozen=True)
class Past:
    """A dispute of before: beside a case, between the same two or about the same."""

    number: str
    url: str
    when: str
    reason: str
    sum: str
    end: str
    share: str = ""
    words: str = ""


def past_of(office: Office, row: StoredDispute, *, share: str = "", words: str = "") -> Past:
    """The dispute in a line; `share` is what of the sum the buyer got, `words` why it was ruled so."""
    decided = office.decided(row)
    return Past(
        number=office.number(row),
        url=office.url(row.id),
        when=office.moment(row.closed_at or row.opened_at),
        reason=office.reason(row),
        sum=office.sum(row.amount, row.currency),
        end=f"{office.state(row)}: {decided}" if decided else office.state(row),
        share=share,
        words=words,
    )


@dataclass(frozen=True)
class Finding:
    """What the check for conflicts of interest looked at: `clear`, `bad`, or merely something to know."""

    text: str
    kind: str


@dataclass(frozen=True)
class Interests:
    """What connects the person with the two sides: ids that are theirs, and deals of their own with either."""

    own: frozenset[str]
    with_buyer: int
    with_seller: int


def conflict(sight: Sight, interests: Interests) -> bool:
    """Whether one of the person's own sides is a party to this deal."""
    return bool({sight.order.buyer, sight.order.seller} & interests.own)


def findings(
    sight: Sight, office: Office, dispute: Dispute, interests: Interests, buyers: Record, sellers: Record
) -> tuple[Finding, ...]:
    """Everything that was looked at, what is wrong first of all."""
    order, found = sight.order, []
    if order.buyer in interests.own:
        found.append(Finding(sight.say(N_("You are the buyer of this deal.")), "bad"))
    if order.seller in interests.own:
        found.append(Finding(sight.say(N_("You are the seller of this deal.")), "bad"))
    if not found:
        found.append(Finding(sight.say(N_("You are neither the buyer nor the seller of this deal.")), "clear"))
    if any(ruling.by in interests.own for ruling in dispute.rulings):
        found.append(Finding(sight.say(N_("You ruled on this dispute before: another mediator decides now.")), "bad"))
    found.append(_deals(sight, interests.with_buyer, sight.buyer()))
    found.append(_deals(sight, interests.with_seller, sight.seller()))
    found.append(_rulings(office, interests, buyers, sight.buyer(), dispute.id))
    found.append(_rulings(office, interests, sellers, sight.seller(), dispute.id))
    return tuple(found)


def _deals(sight: Sight, count: int, name: str) -> Finding:
    if not count:
        return Finding(sight.say(N_("You have no deals of your own with %(name)s."), name=name), "clear")
    text = sight.reader.words.ngettext(
        "You have %(num)d deal of your own with %(name)s. Leave the case to another mediator.",
        "You have %(num)d deals of your own with %(name)s. Leave the case to another mediator.",
        count,
        name=name,
    )
    return Finding(text, "bad")


def _rulings(office: Office, interests: Interests, record: Record, name: str, this: str) -> Finding:
    own = [
        ending(row)
        for row in record.rows
        if row.id != this and row.mediator in interests.own and row.outcome == "ruled"
    ]
    if not own:
        return Finding(office.say(N_("You have ruled on no dispute of %(name)s so far."), name=name), "clear")
    by_ending = Counter(own)
    text = office.reader.words.ngettext(
        "You ruled on %(num)d dispute of %(name)s: %(buyer)d for the buyer, %(split)d split, %(seller)d for the seller.",
        "You ruled on %(num)d disputes of %(name)s: %(buyer)d for the buyer, %(split)d split, %(seller)d for the seller.",
        len(own),
        name=name,
        buyer=by_ending[Ending.BUYER],
        split=by_ending[Ending.SPLIT],
        seller=by_ending[Ending.SELLER],
    )
    return Finding(text, "know")
