"""The form of an offer, and what making it means."""

from collections.abc import Iterable
from dataclasses import dataclass

from fairhold.domain.actors import Role
from fairhold.domain.dispute import Dispute
from fairhold.domain.dispute_events import OfferMade
from fairhold.domain.events import Event
from fairhold.web.views.dispute_cards import sums_of
from fairhold.web.views.dispute_opening import Choice
from fairhold.web.views.dispute_questions import Question
from fairhold.web.views.disputes import goods_of_spans
from fairhold.web.views.parts import Step, Sum
from fairhold.web.views.sight import Sight
from fairhold.words.catalog import N_
from fairhold.words.disputes import offer_words

SUM, RETURN, RESEND, NONE = "sum", "return", "resend", "none"
KINDS = (SUM, RETURN, RESEND, NONE)


@dataclass(frozen=True)
class OfferPage:
    """The form: `sums` say what the sum that is written would mean to both sides."""

    title: str
    url: str
    crumb: str
    goods: tuple[str, ...]
    table: str
    choices: tuple[Choice, ...]
    amount: str
    bounds: str
    sums: tuple[Sum, ...]
    text: str


def offer_page(sight: Sight, dispute: Dispute, kind: str, written: str, amount: int | None, text: str) -> OfferPage:
    """What can be offered, within which bounds."""
    seller = sight.actor.role is Role.SELLER
    found = [
        (
            SUM,
            N_("Money back, the goods stay with the buyer") if seller else N_("Money back, the goods stay with you"),
            "",
        ),
        (RETURN, N_("The goods go back, then the money"), N_("The money moves once the seller has the goods.")),
    ]
    if seller:
        found += [
            (RESEND, N_("Send the goods again"), N_("No money moves; the new parcel is protected.")),
            (NONE, N_("No refund"), N_("You decline. The two of you can go on talking, or a mediator decides.")),
        ]
    choices = tuple(
        Choice(value, sight.say(name), sight.say(hint) if hint else "", value == kind) for value, name, hint in found
    )
    fits = amount is not None and 0 < amount <= dispute.amount
    return OfferPage(
        title=sight.say(N_("What do you offer?")),
        url=sight.dispute_url(dispute),
        crumb=sight.say(N_("Dispute, order %(number)s"), number=sight.number),
        goods=goods_of_spans(sight, dispute.spans),
        table=_on_the_table(sight, dispute),
        choices=choices,
        amount=written,
        bounds=sight.say(N_("From %(least)s to %(whole)s."), least=sight.sum(1), whole=sight.sum(dispute.amount)),
        sums=sums_of(sight, dispute, amount) if fits and amount is not None else (),
        text=text,
    )


def _on_the_table(sight: Sight, dispute: Dispute) -> str:
    if dispute.offer is None:
        return ""
    words = offer_words(sight.reader, dispute.offer, sight.order.currency)
    return sight.say(
        N_("On the table is number %(number)d, by %(who)s: %(offer)s."),
        number=dispute.offer.number,
        who=_who(sight, dispute.offer.by),
        offer=words,
    )


def _who(sight: Sight, role: Role) -> str:
    return sight.say(N_("yourself")) if role is sight.actor.role else sight.who(role)


def offering(sight: Sight, dispute: Dispute, events: Iterable[Event], fields: tuple[tuple[str, str], ...]) -> Question:
    """What making the offer does; `events` are those of a dry run, `fields` what the form said."""
    made = next(event for event in events if isinstance(event, OfferMade))
    offer, url = made.offer, sight.dispute_url(dispute)
    until = offer.expires or dispute.due or sight.now
    binding = N_("The other side can accept it. Then it is settled for good, and you cannot take it back.")
    if offer.resend or offer.return_goods:
        binding = N_("The other side can accept it. Then it is agreed, and you cannot take it back.")
    if not offer.refund and not offer.resend:
        binding = N_("The buyer can agree to that, offer something else, or ask for a mediator.")
    steps = [
        Step(sight.say(N_("At once")), sight.say(N_("Your offer takes the place of the one on the table.")), "now"),
        Step(sight.say(N_("Until %(moment)s"), moment=sight.moment(until)), sight.say(binding)),
    ]
    if dispute.negotiation_due is not None and dispute.claimed_at is None:
        steps.append(
            Step(
                sight.moment(dispute.negotiation_due),
                sight.say(N_("If you two have not agreed by then, a mediator decides.")),
            )
        )
    return Question(
        title=sight.say(N_("Make this offer?") if offer.refund or offer.resend else N_("Decline a refund?")),
        action=f"{url}/offers",
        back=url,
        change=f"{url}/offer",
        crumb=sight.say(N_("Dispute, order %(number)s"), number=sight.number),
        yes=sight.say(N_("Make the offer") if offer.refund or offer.resend else N_("Decline")),
        no=sight.say(N_("Cancel, back to the dispute")),
        text=f"{offer_words(sight.reader, offer, sight.order.currency)}.",
        said=made.text or "",
        goods=goods_of_spans(sight, dispute.spans),
        sums=() if offer.resend else sums_of(sight, dispute, offer.refund),
        steps=tuple(steps),
        fields=fields,
    )
