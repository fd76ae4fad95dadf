"""Cards of «My orders»: one order each, with the sentence that matters now."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from fairhold.domain.actors import Role
from fairhold.domain.astray import Astray, instead_of_headline, sums_astray
from fairhold.domain.coming import Because, Deadline
from fairhold.domain.instants import between
from fairhold.domain.status import Status, headline, stages
from fairhold.web.views.clocks import ahead_of, clock_for, leading
from fairhold.web.views.dispute_sentences import is_turn
from fairhold.web.views.disputes import disputes_in_short
from fairhold.web.views.lines import picture_of
from fairhold.web.views.parts import Bar, Link, Pill
from fairhold.web.views.pills import pill_of
from fairhold.web.views.seen import seen_of
from fairhold.web.views.sight import Sight
from fairhold.words import dates
from fairhold.words.catalog import N_


@dataclass(frozen=True)
class Card:
    """An order in a list: `lead` is what to do, `text` what follows, `aside` what may be skipped.

    `seen` is what the device may remember of it.
    """

    id: str
    head: str
    pill: Pill
    thumb: str
    title: str
    url: str
    more: str
    lead: str
    text: str
    aside: str
    dispute: str
    bar: Bar | None
    total: str
    link: Link
    seen: str


def card_of(sight: Sight) -> Card:
    """The order as a card."""
    order, words = sight.order, sight.reader.words
    lead, text, aside = _sentences(sight)
    main = leading(sight, ahead_of(order))
    turn = main is not None and main.because is Because.DELIVERED and sight.actor.role is Role.BUYER
    more = len(order.lines) - 1
    return Card(
        id=order.id,
        head=sight.say(N_("Order %(number)s · %(who)s"), number=sight.number, who=sight.other_side()),
        pill=pill_of(sight),
        thumb=picture_of(sight, order.lines[0]),
        title=sight.title(order.lines[0]),
        url=sight.url,
        more=words.ngettext("and %(num)d more item", "and %(num)d more items", more) if more else "",
        lead=lead,
        text=text,
        aside=aside,
        dispute=disputes_in_short(sight),
        bar=clock_for(sight, main).bar if turn and main else None,
        total=sight.sum(order.total),
        link=_link(sight, turn=turn),
        seen=seen_of(sight),
    )


def one_main(cards: Iterable[Card]) -> tuple[Card, ...]:
    """The cards with one main button among them, on the first whose turn it is: a page has one way on."""
    found: list[Card] = []
    for card in cards:
        second = card.link.main and any(before.link.main for before in found)
        found.append(replace(card, link=replace(card.link, main=False)) if second else card)
    return tuple(found)


def _link(sight: Sight, *, turn: bool) -> Link:
    if sight.can("pay"):
        return Link(sight.say(N_("Pay…")), f"{sight.url}#pay", main=True)
    waiting = [dispute for dispute in sight.order.disputes if is_turn(sight, dispute)]
    if waiting and not turn:
        return Link(sight.say(N_("To the dispute")), sight.dispute_url(waiting[0]), main=True)
    return Link(sight.say(N_("Open the order")), sight.url, main=turn)


def _sentences(sight: Sight) -> tuple[str, str, str]:
    """What to do (bold), what follows, and an aside."""
    ahead = ahead_of(sight.order)
    # What disputes are waiting for has a line of its own.
    found = leading(sight, [deadline for deadline in ahead if deadline.dispute is None and deadline.chargeback is None])
    if found is None:
        return "", "" if stages(sight.order) else _over(sight), ""
    values = {
        "moment": sight.moment(found.at),
        "when": sight.when(found.at),
        "left": dates.remaining(sight.reader, between(sight.now, found.at)),
        "sum": sight.sum(found.amount),
    }
    if sight.order.promised_by is not None:
        values["day"] = dates.day(sight.reader, sight.order.promised_by, sight.now)
    lead, text, aside = _messages(sight, found)
    return tuple(sight.say(message, **values) if message else "" for message in (lead, text, aside))  # type: ignore[return-value]  # three in, three out


def _messages(sight: Sight, found: Deadline) -> tuple[str, str, str]:
    match found.because:
        case Because.NOT_PAID:
            return (
                N_("Pay by %(moment)s"),
                N_("or the order is cancelled. The money stays with us until you have the goods."),
                "",
            )
        case Because.DELIVERED:
            return N_("Check by %(moment)s"), N_("— %(left)s. Then %(sum)s goes to the seller."), ""
        case Because.SHIPPED | Because.SHIPPED_LAPSE_EXTENDS | Because.PROVIDER_LIMIT:
            promised = sight.order.promised_by
            if promised is None or Status.AWAITING_DELIVERY not in stages(sight.order):
                return "", N_("Protection runs until %(moment)s."), ""
            late = N_("It was promised by %(day)s.") if promised < sight.now else N_("Expected by %(day)s.")
            return "", late, N_("Protection runs until %(moment)s.")
        case Because.NOT_SHIPPED:
            return "", N_("The seller has to ship by %(moment)s."), N_("If not, we return all %(sum)s to you.")
        case Because.RETURNED_TO_SENDER:
            return (
                "",
                N_("The parcel came back to the seller, who has to ship it again by %(moment)s."),
                N_("If not, we return %(sum)s to you."),
            )
        case Because.CONFIRMED:
            return (
                "",
                N_("%(sum)s goes to the seller %(when)s."),
                N_("Confirmed by mistake? Until then support can help."),
            )
        case Because.ACCIDENT_SETTLES | Because.ACCIDENT_OVERDUE:
            return (
                "",
                N_("%(sum)s goes to the seller %(when)s."),
                N_("You said that you confirmed by mistake; until then support can undo it."),
            )
        case Because.SHIPPED_LAPSE_DISPUTES:
            return (
                "",
                N_("Protection runs until %(moment)s."),
                N_("If nothing proves delivery by then, a dispute is opened for you."),
            )
        case _:
            raise AssertionError(f"{found.because} has a line of its own")


def _over(sight: Sight) -> str:
    where = instead_of_headline(sight.order)
    if where is not None:
        text = N_("%(sum)s did not reach you. We send it again or pay it in another way.")
        if where is Astray.SENT_AGAIN:
            text = N_("%(sum)s is on its way to you once more.")
        return sight.say(text, sum=sight.sum(sums_astray(sight.order)[where]))
    money, status = sight.order.money, headline(sight.order)
    if status is Status.CANCELLED:
        return sight.say(N_("No money was taken."))
    if status is Status.REFUNDED:
        return sight.say(N_("We returned %(sum)s to you."), sum=sight.sum(money.refunded))
    if money.refunded:
        return sight.say(
            N_("%(sum)s went to the seller, %(refunded)s came back to you."),
            sum=sight.sum(money.released + money.fee),
            refunded=sight.sum(money.refunded),
        )
    return sight.say(N_("%(sum)s went to the seller."), sum=sight.sum(money.released + money.fee))
