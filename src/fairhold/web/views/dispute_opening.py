"""The guide through opening a dispute: what each step shows and carries on."""

from collections.abc import Iterable
from dataclasses import dataclass

from fairhold.domain.bargaining import ruling_due
from fairhold.domain.conditions import disputable
from fairhold.domain.dispute import DisputeReason
from fairhold.domain.dispute_events import DisputeOpened
from fairhold.domain.instants import Instant, after
from fairhold.domain.order import Line, Portion
from fairhold.domain.portions import worth_of
from fairhold.domain.reasons import Refusal
from fairhold.domain.rules.disputes import open_dispute
from fairhold.domain.status import is_late
from fairhold.web.drafts import ALL, BUYERS_REASONS, PART, RESEND, RETURN, Draft
from fairhold.web.views.disputes import goods_of_spans
from fairhold.web.views.lines import picture_of
from fairhold.web.views.parts import Step, Sum
from fairhold.web.views.quantities import choices_of
from fairhold.web.views.receipts import Box
from fairhold.web.views.sight import Sight
from fairhold.words import dates
from fairhold.words.catalog import N_
from fairhold.words.disputes import offer_words, reason_name
from fairhold.words.names import pieces

Carried = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Choice:
    """An answer to choose: `why_not` says why it cannot be chosen now."""

    value: str
    text: str
    hint: str = ""
    chosen: bool = False
    why_not: str = ""


@dataclass(frozen=True)
class ItemsPage:
    """The step with the boxes."""

    boxes: tuple[Box, ...]
    method: str
    carried: Carried


def items_page(sight: Sight, draft: Draft) -> ItemsPage:
    """What can be disputed. Nothing is ticked, unless the person ticked it before and came back (S11)."""
    open_lines = [line for line in sight.order.lines if sight.to_dispute(line.id)]
    boxes = tuple(_box(sight, line, draft) for line in open_lines)
    return ItemsPage(boxes, _method(draft), draft.carried("line", "quantity"))


def _method(draft: Draft) -> str:
    return "post" if draft.private else "get"


def _box(sight: Sight, line: Line, draft: Draft) -> Box:
    most = sight.to_dispute(line.id)
    own = [found for found in sight.order.portions if found.line == line.id and disputable(sight.order, found)]
    amount = sight.sum(worth_of(sight.order, (found.span for found in own)))
    return Box(
        id=line.id,
        title=sight.title(line),
        thumb=picture_of(sight, line),
        quantity=sight.say(
            N_("%(pieces)s · %(sum)s all included"), pieces=pieces(sight.reader.words, most), sum=amount
        ),
        advice="",
        most=most,
        choices=choices_of(sight, most),
        ticked=line.id in draft.lines,
        chosen=draft.lines.get(line.id) or most,
    )


_HINTS = {
    DisputeReason.NOT_RECEIVED: N_(
        "The time has passed, or the carrier says that it was handed over, and you have nothing."
    ),
    DisputeReason.LATE: N_("It is on its way longer than was promised."),
    DisputeReason.DAMAGED: N_("Broken, torn, leaking, does not work."),
    DisputeReason.NOT_AS_DESCRIBED: N_("Another size, colour, material or model than on the page."),
    DisputeReason.WRONG_ITEM: N_("It is not at all what you ordered."),
    DisputeReason.MISSING_ITEMS: N_("Fewer pieces, or a part of the set is not there."),
    DisputeReason.COUNTERFEIT: N_("It carries a brand's name, and the brand did not make it."),
}


@dataclass(frozen=True)
class ReasonPage:
    """The step with the reasons."""

    choices: tuple[Choice, ...]
    method: str
    carried: Carried


def reason_page(sight: Sight, draft: Draft) -> ReasonPage:
    """All reasons; those that need lateness say why not yet and from when (S20)."""
    choices = tuple(
        Choice(
            value=reason.value,
            text=reason_name(sight.reader.words, reason),
            hint=sight.say(_HINTS[reason]),
            chosen=draft.reason == reason.value,
            why_not=_why_not_yet(sight, draft, reason),
        )
        for reason in BUYERS_REASONS
    )
    return ReasonPage(choices, _method(draft), draft.carried("reason"))


def _why_not_yet(sight: Sight, draft: Draft, reason: DisputeReason) -> str:
    command = draft.command(reason=reason)
    if isinstance(command, Refusal) or not isinstance(
        open_dispute(sight.order, command, sight.actor, sight.now), Refusal
    ):
        return ""
    chosen = [found for found in sight.order.portions if found.line in draft.lines and disputable(sight.order, found)]
    waiting = [found for found in chosen if not is_late(sight.order, found, sight.now)]
    last = max((_promised(sight, found) for found in waiting), default=sight.now)
    if last > sight.now:
        return sight.say(N_("Not yet: it can be said once %(moment)s has passed."), moment=sight.moment(last))
    return sight.say(N_("It came within the time that was promised."))


def _promised(sight: Sight, portion: Portion) -> Instant:
    """The moment from which on the units are late, unless they have come."""
    shipment = sight.order.shipment(portion.shipment)
    if sight.order.promised_by is not None or shipment is None:
        return sight.order.promised_by or sight.now
    return after(shipment.shipped_at, sight.order.terms.late_after)


@dataclass(frozen=True)
class DemandPage:
    """The step with what the buyer would like."""

    choices: tuple[Choice, ...]
    amount: str
    bounds: str
    goods: tuple[str, ...]
    method: str
    carried: Carried


def demand_page(sight: Sight, draft: Draft) -> DemandPage:
    """What can be asked for; nobody sends back what never came."""
    event = _opened(sight, draft)
    whole = sight.sum(event.amount)
    terms = sight.order.terms
    back = dates.whole_days(sight.reader, terms.disputes.return_shipping)
    again = dates.whole_days(sight.reader, terms.shipping_deadline)
    found = [
        (ALL, N_("All the money back: %(whole)s"), N_("The goods stay with you."), ""),
        (PART, N_("Part of the money back"), N_("The goods stay with you, the seller gets the rest."), ""),
        (
            RETURN,
            N_("Send the goods back and get %(whole)s"),
            N_("Once the seller agrees you have %(length)s to send them."),
            back,
        ),
        (
            RESEND,
            N_("Have the goods sent again"),
            N_("Once the seller agrees they have %(length)s to send them; protection then begins anew."),
            again,
        ),
    ]
    never_came = draft.reason_given() in (DisputeReason.NOT_RECEIVED, DisputeReason.LATE)
    choices = tuple(
        Choice(wish, sight.say(text, whole=whole), sight.say(hint, length=length), draft.wish == wish)
        for wish, text, hint, length in found
        if not (wish == RETURN and never_came)
    )
    return DemandPage(
        choices=choices,
        amount=draft.amount,
        bounds=sight.say(N_("From %(least)s to %(whole)s."), least=sight.sum(1), whole=whole),
        goods=goods_of_spans(sight, event.spans),
        method=_method(draft),
        carried=draft.carried("wish", "amount"),
    )


def _opened(sight: Sight, draft: Draft) -> DisputeOpened:
    command = draft.command()
    assert not isinstance(command, Refusal), "the steps before have been looked at"
    outcome = open_dispute(sight.order, command, sight.actor, sight.now)
    assert not isinstance(outcome, Refusal), "the steps before have been looked at"
    [event] = outcome
    assert isinstance(event, DisputeOpened)
    return event


@dataclass(frozen=True)
class DetailsPage:
    """The step with text and photos."""

    text: str
    photos: tuple[str, ...]
    carried: Carried


def details_page(sight: Sight, draft: Draft) -> DetailsPage:
    """Text and photos as they are so far."""
    return DetailsPage(draft.text, draft.photos, draft.carried("text", "photo"))


@dataclass(frozen=True)
class CheckPage:
    """The last step: what was said, what comes next."""

    goods: tuple[str, ...]
    reason: str
    demand: str
    text: str
    photos: tuple[str, ...]
    sums: tuple[Sum, ...]
    steps: tuple[Step, ...]
    stays: str
    carried: Carried


def check_page(sight: Sight, draft: Draft, event: DisputeOpened) -> CheckPage:
    """What opening the dispute does: to these items, to the rest, and if the seller says nothing."""
    assert event.offer is not None, "a buyer's dispute begins with a demand"
    sums = [Sum(sight.say(N_("In dispute, stays with us")), sight.sum(event.amount), "held", strong=True)]
    if not event.offer.resend:
        sums.append(Sum(sight.say(N_("You ask for")), sight.sum(event.offer.refund), "buyer"))
    return CheckPage(
        goods=goods_of_spans(sight, event.spans),
        reason=reason_name(sight.reader.words, event.reason),
        demand=offer_words(sight.reader, event.offer, sight.order.currency),
        text=draft.text,
        photos=draft.photos,
        sums=tuple(sums),
        steps=tuple(_steps(sight, event)),
        stays=_stays(sight, event),
        carried=draft.carried(),
    )


_SILENCE = {
    "refund": N_("If the seller does not answer by then, %(refund)s comes back to you by itself."),
    "return": N_(
        "If the seller does not answer by then, your demand is granted: you send the goods back and get %(refund)s."
    ),
    "resend": N_("If the seller does not answer by then, all %(refund)s comes back to you."),
}


def _steps(sight: Sight, event: DisputeOpened) -> Iterable[Step]:
    offer = event.offer
    assert offer is not None
    assert event.answer_due is not None
    assert event.negotiation_due is not None
    kind = "resend" if offer.resend else "return" if offer.return_goods else "refund"
    refund = sight.sum(event.amount if offer.resend else offer.refund)
    yield Step(
        sight.say(N_("At once")),
        sight.say(N_("The time for these items stands still, and their money stays with us until it is settled.")),
        "now",
    )
    yield Step(
        sight.say(N_("By %(moment)s"), moment=sight.moment(event.answer_due)),
        sight.say(N_("The seller agrees, offers something else, or declines."))
        + " "
        + sight.say(_SILENCE[kind], refund=refund),
    )
    yield Step(
        sight.say(N_("By %(moment)s"), moment=sight.moment(event.negotiation_due)),
        sight.say(
            N_(
                "If you two do not agree, a mediator decides, by %(ruling)s at the latest. You can ask for one earlier."
            ),
            ruling=sight.moment(ruling_due(sight.order, event.negotiation_due)),
        ),
    )
    yield Step(
        sight.say(N_("At any time")),
        sight.say(
            N_("You can withdraw the dispute as long as nothing is agreed or ruled: the time that was left comes back.")
        ),
    )


def _stays(sight: Sight, event: DisputeOpened) -> str:
    """What becomes of the items that the dispute is not about."""
    units: dict[str, int] = {}
    for span in event.spans:
        units[span.line] = units.get(span.line, 0) + span.quantity
    rest = sum(sight.to_confirm(line.id) - units.get(line.id, 0) for line in sight.order.lines)
    if rest <= 0:
        return ""
    return sight.reader.words.ngettext(
        "%(num)d other piece is not part of it: its time runs on, and you can confirm it as usual.",
        "%(num)d other pieces are not part of it: their time runs on, and you can confirm them as usual.",
        rest,
    )
