"""«What happens next»: whose turn it is, what follows, and what if nobody acts."""

from dataclasses import replace

from fairhold.domain.actors import Role
from fairhold.domain.astray import Astray, arrived, instead_of_headline, sums_astray
from fairhold.domain.coming import SETTLING, Because, Deadline
from fairhold.domain.order import PaymentState
from fairhold.domain.settlement import net_of
from fairhold.domain.status import Status, headline, stages
from fairhold.web.views.clocks import ahead_of, leading
from fairhold.web.views.dispute_sentences import if_nobody_acts, is_turn, turn_sentence
from fairhold.web.views.disputes import open_disputes
from fairhold.web.views.parts import Link, Step
from fairhold.web.views.paying import under_way
from fairhold.web.views.sight import Sight
from fairhold.words import dates
from fairhold.words.catalog import N_
from fairhold.words.disputes import reason_name


def steps_of(sight: Sight) -> tuple[Step, ...]:
    """The steps ahead, as this side of the deal reads them."""
    found = ahead_of(sight.order)
    lapses = tuple(_lapse(sight, deadline, alone=len(found) == 1) for deadline in found)
    open_stages = stages(sight.order)
    if not open_stages:
        return (*_closed(sight), *lapses)
    turns = _buyers_turn if sight.actor.role is Role.BUYER else _sellers_turn
    first = turns(sight) if open_stages - {Status.IN_DISPUTE} else ()
    leads, disputes = leading(sight, found), _in_dispute(sight)
    ordered = (*disputes, *first) if leads is not None and leads.dispute is not None else (*first, *disputes)
    return (*one_main(ordered), *lapses)


def one_main(steps: tuple[Step, ...]) -> tuple[Step, ...]:
    """The steps with one main button among them, the first: a page has one way on."""
    found: list[Step] = []
    for step in steps:
        taken = any(link.main for before in found for link in before.links)
        links = tuple(replace(link, main=False) for link in step.links) if taken else step.links
        found.append(replace(step, links=links))
    return tuple(found)


def _in_dispute(sight: Sight) -> tuple[Step, ...]:
    """Each open dispute, with the way to it where this person is to act."""
    return tuple(
        Step(
            sight.say(N_("Dispute: %(reason)s"), reason=_lower(reason_name(sight.reader.words, dispute.reason))),
            f"{turn_sentence(sight, dispute)}.",
            "now",
            links=(Link(sight.say(N_("To the dispute")), sight.dispute_url(dispute), main=is_turn(sight, dispute)),),
        )
        for dispute in open_disputes(sight)
    )


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def _closed(sight: Sight) -> tuple[Step, ...]:
    where = instead_of_headline(sight.order, sight.actor.role)
    if where is None:
        return (_over(sight, sight.order.money.refunded),)
    found = _astray(sight, where)
    if headline(sight.order) is not Status.COMPLETED:
        return (found,)
    return (found, _over(sight, arrived(sight.order)))


def _astray(sight: Sight, where: Astray) -> Step:
    """A refund that is not with the buyer, although nothing else of the order is open."""
    amount = sight.sum(sums_astray(sight.order)[where])
    buying = sight.actor.role is Role.BUYER
    if where is Astray.SENT_AGAIN:
        text = N_("%(sum)s is on its way to the buyer once more. There is nothing to do for you.")
        if buying:
            text = N_(
                "%(sum)s is on its way to you once more. We tell you when the payment provider has carried it out."
            )
        return Step(sight.say(N_("The refund is sent again")), sight.say(text, sum=amount), "now")
    title = sight.say(N_("Now it is our turn"))
    if not buying:
        text = N_(
            "%(sum)s did not reach the buyer. We send it again or pay it in another way. There is nothing to do for you."
        )
        return Step(title, sight.say(text, sum=amount), "now")
    text = N_("We send %(sum)s to you again or pay it in another way. If your card or account was closed, write to us.")
    link = Link(sight.say(N_("Chat with support")), f"{sight.url}/support")
    return Step(title, sight.say(text, sum=amount), "now", links=(link,))


def _over(sight: Sight, returned: int) -> Step:
    money, status = sight.order.money, headline(sight.order)
    if status is Status.CANCELLED:
        return Step(
            sight.say(N_("The order is cancelled")),
            sight.say(N_("No money was taken. Nothing else will happen.")),
            "past",
        )
    if status is Status.REFUNDED:
        text = sight.say(N_("%(sum)s went back to the buyer. Nothing else will happen."), sum=sight.sum(returned))
        return Step(sight.say(N_("The money was returned")), text, "past")
    gross, refunded = sight.sum(money.released + money.fee), sight.sum(returned)
    if returned:
        text = sight.say(
            N_("%(sum)s went to the seller, %(refunded)s back to the buyer."), sum=gross, refunded=refunded
        )
    else:
        text = sight.say(N_("%(sum)s went to the seller. Protection has ended."), sum=gross)
    return Step(sight.say(N_("The deal is complete")), text, "past")


def _buyers_turn(sight: Sight) -> tuple[Step, ...]:
    open_stages = stages(sight.order)
    if Status.AWAITING_PAYMENT in open_stages:
        return _to_pay(sight)
    if Status.AWAITING_CONFIRMATION in open_stages:
        return _to_check(sight)
    if Status.AWAITING_DELIVERY in open_stages:
        return _to_wait_for(sight)
    if Status.AWAITING_SHIPMENT in open_stages:
        length = dates.whole_days(sight.reader, sight.order.terms.protection)
        then = sight.say(N_("From then on protection runs for %(length)s. The money stays with us."), length=length)
        return (
            Step(
                sight.say(N_("Now it is the seller's turn")),
                sight.say(N_("The seller prepares the order. There is nothing to do for you.")),
                "now",
            ),
            Step(sight.say(N_("When the parcel is shipped")), then),
        )
    text = sight.say(N_("Was it a mistake? Write to support before the money leaves: support can undo it."))
    link = Link(sight.say(N_("Chat with support")), f"{sight.url}/support")
    if sight.can("report_accident"):
        link = Link(sight.say(N_("I confirmed by accident…")), f"{sight.url}/accident")
    return (Step(sight.say(N_("Receipt is confirmed")), text, "now", links=(link,)),)


def _to_pay(sight: Sight) -> tuple[Step, ...]:
    links = (Link(sight.say(N_("Pay for the order")), "#pay"),) if sight.can("pay") else ()
    if links and under_way(sight):
        return _payment_under_way(sight)
    shipping = dates.whole_days(sight.reader, sight.order.terms.shipping_deadline)
    after = sight.say(
        N_("We hold the money. The seller has %(length)s to ship, or it all comes back to you."), length=shipping
    )
    return (
        Step(
            sight.say(N_("Now it is your turn")),
            sight.say(N_("Pay for the order. The seller gets nothing until you have the goods.")),
            "now",
            links=links,
        ),
        Step(sight.say(N_("When you have paid")), after),
    )


def _payment_under_way(sight: Sight) -> tuple[Step, ...]:
    return (
        Step(
            sight.say(N_("Your payment is under way")),
            sight.say(N_("As soon as the payment provider has it, the order is paid. That takes a moment.")),
            "now",
            links=(
                Link(sight.say(N_("Go on paying")), f"{sight.url}/payment", main=True),
                Link(sight.say(N_("Pay in another way")), "#pay"),
            ),
        ),
    )


def _confirm_link(sight: Sight, text: str, *, main: bool) -> tuple[Link, ...]:
    return (Link(text, f"{sight.url}/receipt", main=main),) if sight.can("confirm_receipt") else ()


def _to_check(sight: Sight) -> tuple[Step, ...]:
    delay = sight.order.terms.settlement_delay
    leaves = dates.moment_in_text(sight.reader, type(sight.now)(sight.now + delay), sight.now)
    text = sight.say(
        N_(
            "The money for the items you choose goes to the seller %(moment)s. A dispute can no longer be opened on them."
        ),
        moment=leaves,
    )
    check = sight.say(
        N_(
            "Check every item. If it is fine, confirm receipt. "
            "If something is wrong, open a dispute: the money for that item stays with us."
        )
    )
    return (
        Step(
            sight.say(N_("Now it is your turn")),
            check,
            "now",
            links=_confirm_link(sight, sight.say(N_("Choose what you received")), main=True),
        ),
        Step(sight.say(N_("If you confirm today")), text),
    )


def _to_wait_for(sight: Sight) -> tuple[Step, ...]:
    order = sight.order
    links = _confirm_link(sight, sight.say(N_("Already received it…")), main=False)
    if order.promised_by is not None and order.promised_by < sight.now:
        text = sight.say(
            N_("The parcel is late: it was promised by %(day)s. The money stays with us."),
            day=dates.day(sight.reader, order.promised_by, sight.now),
        )
    elif order.promised_by is not None:
        text = sight.say(
            N_("Expected by %(day)s. There is nothing to do for you."),
            day=dates.day(sight.reader, order.promised_by, sight.now),
        )
    else:
        text = sight.say(N_("There is nothing to do for you. The money stays with us."))
    window = dates.whole_days(sight.reader, order.terms.window)
    return (
        Step(sight.say(N_("The parcel is on its way")), text, "now", links=links),
        Step(
            sight.say(N_("When the carrier hands it over")),
            sight.say(N_("You will have %(length)s to check the goods."), length=window),
        ),
    )


def _sellers_turn(sight: Sight) -> tuple[Step, ...]:
    open_stages, order = stages(sight.order), sight.order
    if order.payment is PaymentState.AWAITED:
        return (
            Step(sight.say(N_("The buyer is to pay")), sight.say(N_("Do not ship yet: the money is not here.")), "now"),
        )
    if Status.AWAITING_SHIPMENT in open_stages:
        links = (
            (Link(sight.say(N_("Give the tracking number")), f"{sight.url}/ship", main=True),)
            if sight.can("ship")
            else ()
        )
        text = sight.say(N_("Hand the parcel to the carrier and give us its tracking number."))
        title = N_("Now it is your turn") if sight.actor.role is Role.SELLER else N_("Now it is the seller's turn")
        return (Step(sight.say(title), text, "now", links=links),)
    if Status.AWAITING_CONFIRMATION in open_stages:
        return (
            Step(
                sight.say(N_("The buyer checks the goods")),
                sight.say(N_("The money comes earlier if the buyer confirms receipt.")),
                "now",
            ),
        )
    if Status.AWAITING_DELIVERY in open_stages:
        return (
            Step(
                sight.say(N_("The parcel is on its way")),
                sight.say(N_("After delivery the buyer has time to check the goods.")),
                "now",
            ),
        )
    return (
        Step(
            sight.say(N_("The buyer confirmed receipt")),
            sight.say(N_("Until the money leaves, support can undo an accidental confirmation.")),
            "now",
        ),
    )


_IF_NOBODY = {
    Because.NOT_PAID: N_("The order is cancelled %(moment)s. No money is taken."),
    Because.NOT_SHIPPED: N_("If it is not shipped, all %(sum)s goes back to the buyer %(moment)s."),
    Because.RETURNED_TO_SENDER: N_("If it is not shipped again, %(sum)s goes back to the buyer %(moment)s."),
    Because.DELIVERED: N_("The time to check ends %(moment)s, and %(sum)s goes to the seller. This cannot be undone."),
    Because.SHIPPED: N_("Protection ends %(moment)s, and %(sum)s goes to the seller. This cannot be undone."),
    Because.SHIPPED_LAPSE_EXTENDS: N_(
        "Protection ends %(moment)s; if nothing proves delivery, it goes on once for %(length)s."
    ),
    Because.SHIPPED_LAPSE_DISPUTES: N_(
        "Protection ends %(moment)s; if nothing proves delivery by then, a dispute over %(sum)s is opened for the buyer."
    ),
    **dict.fromkeys(SETTLING, N_("%(sum)s goes to the seller %(moment)s.")),
    Because.PROVIDER_LIMIT: N_(
        "The payment provider stops holding the money %(moment)s: %(sum)s goes back to the buyer."
    ),
}
_TO_THE_SELLER = {
    Because.DELIVERED: N_(
        "The buyer's time to check ends %(moment)s, and %(sum)s comes to you, commission already taken."
    ),
    Because.SHIPPED: N_("Protection ends %(moment)s, and %(sum)s comes to you, commission already taken."),
    **dict.fromkeys(SETTLING, N_("%(sum)s comes to you %(moment)s, commission already taken.")),
}


def _lapse(sight: Sight, deadline: Deadline, *, alone: bool) -> Step:
    """What the deadline brings if nobody acts, with the items it is about where it is not the only one."""
    dispute = sight.order.dispute(deadline.dispute)
    if dispute is not None:
        return Step(sight.moment(deadline.at), if_nobody_acts(sight, dispute, deadline), note=_goods(sight, deadline))
    if deadline.because is Because.BANK_DECIDES:
        text = sight.say(N_("If the bank says nothing by then, the money stays with it."))
        return Step(sight.moment(deadline.at), text)
    messages = {**_IF_NOBODY, **_TO_THE_SELLER} if sight.actor.role is Role.SELLER else _IF_NOBODY
    amount = (
        net_of(sight.order, deadline.spans)[2]
        if deadline.because in _TO_THE_SELLER and messages is not _IF_NOBODY
        else deadline.amount
    )
    text = sight.say(
        messages[deadline.because],
        moment=sight.when(deadline.at),
        sum=sight.sum(amount),
        length=dates.whole_days(sight.reader, sight.order.terms.lapse_extension),
    )
    title = (
        sight.say(N_("If you do nothing"))
        if deadline.owner is sight.actor.role
        else sight.say(N_("If nobody does anything"))
    )
    if deadline.because in SETTLING:
        title = sight.moment(deadline.at)
    if alone:
        return Step(title, text)
    return Step(title, text, note=_goods(sight, deadline))


def _goods(sight: Sight, deadline: Deadline) -> str:
    return "; ".join(sight.title(line) for name in deadline.lines if (line := sight.order.line(name)) is not None)
