"""The second steps of a dispute: what a deed would do in sums and dates, before it is done."""

from collections.abc import Iterable
from dataclasses import dataclass

from fairhold.domain.actors import Role
from fairhold.domain.bargaining import ruling_due
from fairhold.domain.conditions import contestable
from fairhold.domain.dispute import Dispute, Offer
from fairhold.domain.dispute_events import DisputeAgreed, DisputeWithdrawn
from fairhold.domain.events import Event
from fairhold.domain.instants import Instant
from fairhold.domain.portions import left_of
from fairhold.domain.settlement import refund_with_postage
from fairhold.web.views.dispute_cards import sums_of
from fairhold.web.views.disputes import goods_of_spans
from fairhold.web.views.parts import Step, Sum
from fairhold.web.views.sight import Sight
from fairhold.words import dates
from fairhold.words.catalog import N_
from fairhold.words.disputes import offer_words


@dataclass(frozen=True)
class Asking:
    """What may be said with the deed: a label for the text, whether there has to be one, whether photos go with it."""

    label: str
    needed: bool = False
    photos: bool = False
    hint: str = ""


@dataclass(frozen=True)
class Question:
    """A page that asks once more. `action` is where its form goes, `back` where «no» leads; `final`: it cannot be undone.

    `change` is where its form goes to be filled in differently, `said` what is sent with the deed.
    """

    title: str
    action: str
    back: str
    crumb: str
    yes: str
    no: str
    final: bool = False
    text: str = ""
    said: str = ""
    change: str = ""
    goods: tuple[str, ...] = ()
    sums: tuple[Sum, ...] = ()
    steps: tuple[Step, ...] = ()
    asking: Asking | None = None
    fields: tuple[tuple[str, str], ...] = ()


def _question(sight: Sight, dispute: Dispute, **parts: object) -> Question:
    url = sight.dispute_url(dispute)
    parts["action"] = f"{url}/{parts['action']}"
    return Question(
        back=url,
        crumb=sight.say(N_("Dispute, order %(number)s"), number=sight.number),
        no=sight.say(N_("Cancel, back to the dispute")),
        goods=goods_of_spans(sight, dispute.spans),
        **parts,  # type: ignore[arg-type]  # the fields of Question, each given by its name below
    )


def accepting(sight: Sight, dispute: Dispute, offer: Offer, events: Iterable[Event]) -> Question:
    """What taking the newest offer does; `events` are those of a dry run."""
    travels = next((event for event in events if isinstance(event, DisputeAgreed)), None)
    common = {
        "action": f"offers/{offer.number}/acceptance",
        "text": f"{offer_words(sight.reader, offer, sight.order.currency)}.",
        "final": True,
    }
    if travels is None:
        steps = (
            Step(sight.say(N_("At once")), _moved(sight, dispute, offer.refund), "now"),
            Step(
                sight.say(N_("After that")),
                sight.say(
                    N_("The dispute is closed. It cannot be opened again on these items, and neither side can undo it.")
                ),
            ),
        )
        return _question(
            sight,
            dispute,
            title=sight.say(N_("Accept this offer?")),
            sums=sums_of(sight, dispute, offer.refund),
            steps=steps,
            yes=sight.say(N_("Yes, accept")),
            **common,
        )
    due, again = sight.moment(travels.due), offer.resend
    sums = () if again else sums_of(sight, dispute, offer.refund)
    return _question(
        sight,
        dispute,
        title=sight.say(N_("Agree that the goods are sent again?") if again else N_("Agree that the goods go back?")),
        sums=sums,
        steps=_resending(sight, dispute, due) if again else _returning(sight, dispute, offer, due),
        yes=sight.say(N_("Yes, agree")),
        **common,
    )


def _moved(sight: Sight, dispute: Dispute, refund: int) -> str:
    """Whose money goes where, in a sentence."""
    rest = dispute.amount - refund
    buyer = sight.actor.role is Role.BUYER
    if not refund:
        message = (
            N_("All %(rest)s goes to the seller.") if buyer else N_("All %(rest)s goes to you, less the commission.")
        )
    elif not rest:
        message = N_("All %(refund)s comes back to you.") if buyer else N_("All %(refund)s goes back to the buyer.")
    else:
        message = (
            N_("%(refund)s comes back to you, %(rest)s goes to the seller.")
            if buyer
            else N_("%(refund)s goes back to the buyer, %(rest)s to you, less the commission.")
        )
    return sight.say(message, refund=sight.sum(refund), rest=sight.sum(rest))


def _returning(sight: Sight, dispute: Dispute, offer: Offer, due: str) -> tuple[Step, ...]:
    look = dates.whole_days(sight.reader, sight.order.terms.disputes.return_inspection)
    refund = sight.sum(offer.refund)
    if sight.actor.role is Role.BUYER:
        return (
            Step(
                sight.say(N_("By %(moment)s"), moment=due),
                sight.say(
                    N_(
                        "You send the goods back and enter the tracking number. If you do not, the money goes to the seller."
                    )
                ),
                "now",
            ),
            Step(
                sight.say(N_("When they are there")),
                sight.say(
                    N_(
                        "The seller has %(length)s to look at them. Then %(refund)s comes back to you; silence pays you too."
                    ),
                    length=look,
                    refund=refund,
                ),
            ),
        )
    return (
        Step(
            sight.say(N_("By %(moment)s"), moment=due),
            sight.say(N_("The buyer sends the goods back. If they do not, the money comes to you.")),
            "now",
        ),
        Step(
            sight.say(N_("When they are there")),
            sight.say(
                N_(
                    "You have %(length)s to look at them. If something is wrong, a mediator decides; if you "
                    "say nothing, %(refund)s goes back to the buyer."
                ),
                length=look,
                refund=refund,
            ),
        ),
    )


def _resending(sight: Sight, dispute: Dispute, due: str) -> tuple[Step, ...]:
    buyer = sight.actor.role is Role.BUYER
    sends = (
        N_("The seller sends the goods again. If they do not, all %(whole)s comes back to you.")
        if buyer
        else N_(
            "You send the goods again and enter the tracking number. If you do not, all %(whole)s goes back to the buyer."
        )
    )
    then = (
        N_(
            "The new parcel is protected as the first one was: you check the goods, and "
            "only then does the money go to the seller."
        )
        if buyer
        else N_(
            "The new parcel is protected as the first one was: the money comes to you once the buyer has the goods."
        )
    )
    return (
        Step(sight.say(N_("By %(moment)s"), moment=due), sight.say(sends, whole=sight.sum(dispute.amount)), "now"),
        Step(sight.say(N_("After that")), sight.say(then)),
    )


def escalating(sight: Sight, dispute: Dispute) -> Question:
    """What asking for a mediator does."""
    due = sight.moment(ruling_due(sight.order, sight.now))
    return _question(
        sight,
        dispute,
        title=sight.say(N_("Ask for a mediator?")),
        action="escalation",
        steps=(
            Step(
                sight.say(N_("At once")),
                sight.say(
                    N_(
                        "A mediator of the marketplace reads everything: the talk, the photos, the "
                        "tracking. The money stays with us."
                    )
                ),
                "now",
            ),
            Step(
                sight.say(N_("By %(moment)s"), moment=due),
                sight.say(
                    N_(
                        "The mediator rules how the money is shared, with reasons. Until then you "
                        "can still agree between yourselves."
                    )
                ),
            ),
            Step(
                sight.say(N_("After that")),
                sight.say(N_("Either side can appeal the ruling once, within %(length)s."), length=_appeal(sight)),
            ),
        ),
        asking=Asking(sight.say(N_("What should the mediator know?"))),
        yes=sight.say(N_("Ask for a mediator")),
    )


def _appeal(sight: Sight) -> str:
    return dates.whole_days(sight.reader, sight.order.terms.disputes.appeal)


def withdrawing(sight: Sight, dispute: Dispute, events: Iterable[Event]) -> Question:
    """What comes back when the dispute is withdrawn; `events` are those of a dry run."""
    event = next((event for event in events if isinstance(event, DisputeWithdrawn)), None)
    restored = event.restored if event is not None else ()
    ends = [one.window_ends or one.ship_again_by or one.protection_ends for one in restored]
    until = max(ends, default=sight.now)
    return _question(
        sight,
        dispute,
        title=sight.say(N_("Withdraw the dispute?")),
        action="withdrawal",
        steps=(
            *_given_back(sight, dispute, until),
            Step(sight.say(N_("The talk")), sight.say(N_("It stays readable, with the photos."))),
        ),
        yes=sight.say(N_("Withdraw the dispute")),
    )


def _given_back(sight: Sight, dispute: Dispute, until: Instant) -> tuple[Step, ...]:
    whole, moment = sight.sum(dispute.amount), sight.moment(until)
    if sight.actor.role is Role.SELLER:
        text = sight.say(
            N_("The parcel counts as returned again: ship it anew by %(moment)s, or %(whole)s goes back to the buyer."),
            moment=moment,
            whole=whole,
        )
        return (Step(sight.say(N_("At once")), text, "now"),)
    if until <= sight.now:
        text = sight.say(N_("No protection time is left: %(whole)s goes to the seller at once."), whole=whole)
        return (Step(sight.say(N_("At once")), text, "now"),)
    left = dates.length(sight.reader, type(sight.order.terms.window)(until - sight.now))
    again = sight.say(N_("While it lasts you can confirm the items, or open a dispute again."))
    return (
        Step(
            sight.say(N_("At once")),
            sight.say(
                N_("The protection time that was left comes back: %(left)s, until %(moment)s."),
                left=left,
                moment=moment,
            ),
            "now",
        ),
        Step(sight.say(N_("Until %(moment)s"), moment=moment), again),
        Step(
            sight.say(N_("If you do nothing")),
            sight.say(N_("After that %(whole)s goes to the seller by itself."), whole=whole),
        ),
    )


def appealing(sight: Sight, dispute: Dispute) -> Question:
    """What an appeal does."""
    ruling = dispute.rulings[-1]
    return _question(
        sight,
        dispute,
        title=sight.say(N_("Appeal the ruling?")),
        action="appeal",
        text=sight.say(N_("So it was ruled:")),
        sums=sums_of(sight, dispute, ruling.refund),
        steps=(
            Step(
                sight.say(N_("At once")),
                sight.say(N_("The ruling is not carried out. The money stays with us.")),
                "now",
            ),
            Step(
                sight.say(N_("By %(moment)s"), moment=sight.moment(ruling_due(sight.order, sight.now))),
                sight.say(
                    N_(
                        "Another mediator rules anew, in favour of either side. That ruling "
                        "stands and is carried out at once."
                    )
                ),
            ),
        ),
        asking=Asking(
            sight.say(N_("What is wrong with the ruling? What is new?")),
            photos=True,
            hint=sight.say(N_("There is one appeal, so say everything.")),
        ),
        yes=sight.say(N_("Appeal")),
    )


def taking_back(sight: Sight, dispute: Dispute) -> Question:
    """What it means that the goods came back as they should."""
    refund = refund_with_postage(dispute)
    return _question(
        sight,
        dispute,
        title=sight.say(N_("Did the goods come back as they should?")),
        action="return/receipt",
        sums=sums_of(sight, dispute, refund),
        steps=(
            Step(sight.say(N_("At once")), _moved(sight, dispute, refund), "now"),
            Step(sight.say(N_("After that")), sight.say(N_("The dispute is closed, and neither side can undo it."))),
        ),
        yes=sight.say(N_("Yes, pay the buyer")),
        final=True,
        fields=(("accepted", "yes"),),
    )


def _then_ruled(sight: Sight) -> Step:
    """What comes of asking for a mediator now."""
    due = sight.moment(ruling_due(sight.order, sight.now))
    text = sight.say(N_("The mediator rules how the money is shared, with reasons."))
    return Step(sight.say(N_("By %(moment)s"), moment=due), text)


def not_as_it_should(sight: Sight, dispute: Dispute) -> Question:
    """What it means to contest goods that were sent back."""
    return _question(
        sight,
        dispute,
        title=sight.say(N_("What is wrong with the goods that came back?")),
        action="return/contest",
        steps=(
            Step(
                sight.say(N_("At once")),
                sight.say(N_("Nobody is paid yet. The buyer and a mediator read what you write.")),
                "now",
            ),
            _then_ruled(sight),
        ),
        asking=Asking(sight.say(N_("What is wrong?")), needed=True, photos=True),
        yes=sight.say(N_("Send it to a mediator")),
        fields=(("accepted", "no"),),
    )


def contesting(sight: Sight) -> Question:
    """What it means to contest that a returned parcel is simply refunded."""
    spans = tuple(portion.span for portion in sight.order.portions if contestable(sight.order, portion))
    return Question(
        title=sight.say(N_("Contest the refund of a parcel that came back?")),
        action=f"{sight.url}/returned-parcel",
        back=sight.url,
        crumb=sight.say(N_("Order %(number)s"), number=sight.number),
        no=sight.say(N_("Back to the order")),
        yes=sight.say(N_("Ask for a mediator")),
        goods=goods_of_spans(sight, spans),
        sums=(Sum(sight.say(N_("In dispute, stays with us")), sight.sum(left_of(sight.order, spans)), "held"),),
        steps=(
            Step(
                sight.say(N_("At once")),
                sight.say(N_("The money is neither refunded nor paid to you. The buyer reads what you write.")),
                "now",
            ),
            _then_ruled(sight),
        ),
        asking=Asking(sight.say(N_("What happened to the parcel?")), needed=True, photos=True),
    )
