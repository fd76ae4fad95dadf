"""Confirming receipt: the boxes of the first step, the sums and dates of the second, and what is said when it is done."""

from collections.abc import Iterable
from dataclasses import dataclass

from fairhold.domain.conditions import confirmable
from fairhold.domain.consequence import Consequence as Plan
from fairhold.domain.consequence import try_first
from fairhold.domain.events import Event, ReceiptConfirmed
from fairhold.domain.order import Line, Order, PortionState
from fairhold.domain.portions import worth_of
from fairhold.domain.status import Status, stage
from fairhold.web.views.clocks import ahead_of, clock_for, leading
from fairhold.web.views.lines import picture_of
from fairhold.web.views.parcels import latest_news
from fairhold.web.views.parts import Clock, Fact, Note, Step, Sum
from fairhold.web.views.quantities import Choice, choices_of
from fairhold.web.views.sight import Sight
from fairhold.words import dates
from fairhold.words.catalog import N_
from fairhold.words.consequence import Consequence, consequence
from fairhold.words.names import carrier_name, parcel_name, pieces


@dataclass(frozen=True)
class Box:
    """An item that can be ticked, up to `most` pieces of it; `choices` are the quantities where there are few."""

    id: str
    title: str
    thumb: str
    quantity: str
    advice: str
    most: int
    choices: tuple[Choice, ...]
    ticked: bool
    chosen: int


@dataclass(frozen=True)
class FirstStep:
    """The page with the boxes."""

    title: str
    travelling: Note | None
    clock: Clock | None
    facts: tuple[Fact, ...]
    boxes: tuple[Box, ...]


def first_step(sight: Sight, ticked: dict[str, int] | None = None) -> FirstStep:
    """Time left and tracking number above the boxes, and a warning while anything travels (S10).

    Nothing is ticked, unless the person ticked it before and came back (`ticked`: line to quantity).
    """
    travelling = _travelling(sight)
    open_lines = [line for line in sight.order.lines if sight.to_confirm(line.id)]
    spans = {portion.span for portion in sight.order.portions if confirmable(sight.order, portion)}
    concerned = [found for found in ahead_of(sight.order) if spans & set(found.spans)]
    main = leading(sight, concerned)
    return FirstStep(
        title=sight.say(N_("The parcel is still on its way")) if travelling else sight.say(N_("What did you receive?")),
        travelling=travelling,
        clock=clock_for(sight, main) if main else None,
        facts=_facts(sight),
        boxes=tuple(_box(sight, line, ticked or {}) for line in open_lines),
    )


def _travelling(sight: Sight) -> Note | None:
    on_the_way = [
        portion
        for portion in sight.order.portions
        if confirmable(sight.order, portion) and stage(sight.order, portion) is Status.AWAITING_DELIVERY
    ]
    if not on_the_way:
        return None
    names = {portion.shipment for portion in on_the_way}
    news = [
        found for shipment in sight.order.shipments if shipment.id in names and (found := latest_news(sight, shipment))
    ]
    warning = sight.say(
        N_(
            "Confirm only if the goods are already with you. After that no dispute can be "
            "opened, even if the parcel never comes."
        )
    )
    title = sight.say(N_("By the carrier's data you have not received it yet."))
    if any(confirmable(sight.order, found) and found not in on_the_way for found in sight.order.portions):
        title = sight.say(N_("By the carrier's data you have not received all of it yet."))
    return Note(title, " ".join([*(f"{line}." for line in news), warning]), "turn", "truck")


def _facts(sight: Sight) -> tuple[Fact, ...]:
    found = []
    if sight.order.promised_by is not None:
        day = dates.day(sight.reader, sight.order.promised_by, sight.now)
        found.append(Fact(sight.say(N_("Promised by")), day))
    for shipment in sight.order.shipments:
        status = parcel_name(sight.reader.words, shipment.status)
        when = sight.moment(shipment.delivered_at) if shipment.delivered_at is not None else ""
        found.append(Fact(sight.say(N_("Parcel")), f"{status}, {when}" if when else status))
        found.append(
            Fact(
                sight.say(N_("Tracking number")),
                carrier_name(sight.reader.words, shipment.carrier),
                shipment.tracking_number,
            )
        )
    return tuple(found)


def _box(sight: Sight, line: Line, ticked: dict[str, int]) -> Box:
    words, most = sight.reader.words, sight.to_confirm(line.id)
    spans = tuple(
        found.span for found in sight.order.portions if found.line == line.id and confirmable(sight.order, found)
    )
    amount = sight.sum(worth_of(sight.order, spans))
    return Box(
        id=line.id,
        title=sight.title(line),
        thumb=picture_of(sight, line),
        quantity=sight.say(N_("%(pieces)s · %(sum)s all included"), pieces=pieces(words, most), sum=amount),
        advice=sight.say(N_("Have you switched it on? Does everything work?")) if try_first(sight.order, line) else "",
        most=most,
        choices=choices_of(sight, most),
        ticked=line.id in ticked,
        chosen=ticked.get(line.id, most),
    )


@dataclass(frozen=True)
class SecondStep:
    """The page with sums and dates."""

    text: Consequence
    sums: tuple[Sum, ...]
    total: str
    steps: tuple[Step, ...]
    warning: Note | None


def second_step(sight: Sight, after: Order, events: Iterable[Event], plan: Plan | None) -> SecondStep:
    """What a dry run of the confirmation would do, and what would come without it (`plan`, S7)."""
    text = consequence(sight.order, after, events, sight.now, sight.reader)
    words = sight.reader.words
    sums = tuple(
        Sum(f"{part.title}, {pieces(words, part.quantity)}" if part.quantity > 1 else part.title, part.shown)
        for part in text.parts
    )
    steps = [Step(sight.say(N_("At once")), text.at_once, "now")]
    if text.undo_until is not None:
        moment = sight.moment(text.undo_until)
        steps.append(Step(sight.say(N_("Until %(moment)s"), moment=moment), text.undo))
        steps.append(
            Step(moment, sight.say(N_("%(sum)s goes to the seller, %(who)s."), sum=text.total, who=sight.seller()))
        )
    else:
        steps.append(
            Step(
                sight.say(N_("At once too")),
                sight.say(N_("%(sum)s goes to the seller, %(who)s."), sum=text.total, who=sight.seller()),
            )
        )
    warning = None
    if plan is not None and plan.otherwise_at is not None and plan.otherwise_at > plan.settles_at:
        waiting = sight.say(
            N_("The money goes to the seller by itself only %(moment)s; until then protection runs."),
            moment=sight.when(plan.otherwise_at),
        )
        steps.append(Step(sight.say(N_("If you wait instead")), waiting))
    if plan is not None and plan.in_transit:
        title = sight.say(N_("By the carrier's data it is still on its way."))
        warning = Note(
            title,
            sight.say(N_("Once confirmed, no dispute can be opened, even if the parcel never comes.")),
            "turn",
            "truck",
        )
    return SecondStep(text, sums, text.total, tuple(steps), warning)


@dataclass(frozen=True)
class Done:
    """The page after the deed."""

    note: Note
    help: str
    stays: str


def done(sight: Sight, history: Iterable[tuple[int, Event]]) -> Done:
    """What the last confirmation in the history did."""
    last = next((event for _, event in reversed(tuple(history)) if isinstance(event, ReceiptConfirmed)), None)
    title = sight.say(N_("Receipt confirmed."))
    if last is None:
        return Done(Note(sight.say(N_("Nothing has been confirmed here yet.")), "", "", "info"), "", "")
    amount = sight.sum(last.amount)
    held = sum(portion.amount for portion in sight.order.portions if portion.state is PortionState.HELD)
    stays = (
        sight.say(N_("%(sum)s stays protected for the items that you have not confirmed."), sum=sight.sum(held))
        if held
        else ""
    )
    if last.settles_at <= sight.now:
        return Done(Note(title, sight.say(N_("%(sum)s went to the seller."), sum=amount), "safe", "ok"), "", stays)
    text = sight.say(N_("%(sum)s goes to the seller %(moment)s."), sum=amount, moment=sight.when(last.settles_at))
    help_text = sight.say(
        N_("Confirmed by mistake? Support can undo it until %(moment)s."), moment=sight.moment(last.settles_at)
    )
    return Done(Note(title, text, "safe", "ok"), help_text, stays)
