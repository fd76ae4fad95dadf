"""«I confirmed by accident»: how long the money is still here, what support does, and where to turn once it has left (S16)."""

from collections.abc import Iterable
from dataclasses import dataclass

from fairhold.domain.conditions import reportable
from fairhold.domain.events import Event
from fairhold.domain.instants import Instant, between
from fairhold.domain.order import Line, PortionState
from fairhold.domain.settlement import sellers_part
from fairhold.domain.support_events import AccidentReported
from fairhold.web.views.lines import picture_of
from fairhold.web.views.parts import Step, Sum
from fairhold.web.views.quantities import choices_of
from fairhold.web.views.receipts import Box
from fairhold.web.views.sight import Sight
from fairhold.words import dates
from fairhold.words.catalog import N_
from fairhold.words.names import pieces


@dataclass(frozen=True)
class AccidentPage:
    """The request. `boxes` where there is a choice; `sums` and `steps` say what it is about and what follows."""

    number: str
    url: str
    order_url: str
    until: str
    ends: str
    left: str
    zone: str
    sums: tuple[Sum, ...]
    total: str
    steps: tuple[Step, ...]
    boxes: tuple[Box, ...]


@dataclass(frozen=True)
class TooLate:
    """The money has left: how much, when, and whom the buyer can still turn to."""

    number: str
    order_url: str
    text: str
    steps: tuple[Step, ...]
    bundle: str
    chat: str


def accident_page(sight: Sight, told: Iterable[Event]) -> AccidentPage:
    """What a report would say now; `told` are the events of a dry run."""
    report = next(event for event in told if isinstance(event, AccidentReported))
    order = sight.order
    portions = [one for one in order.portions if reportable(order, one)]
    leaves = min(one.settles_at for one in portions if one.settles_at is not None)
    lines = [line for line in order.lines if any(one.line == line.id for one in portions)]
    sums = tuple(
        Sum(sight.title(line), sight.sum(sum(one.left for one in portions if one.line == line.id))) for line in lines
    )
    boxes = tuple(_box(sight, line, sum(one.quantity for one in portions if one.line == line.id)) for line in lines)
    return AccidentPage(
        number=sight.number,
        url=f"{sight.url}/accident",
        order_url=sight.url,
        until=sight.moment(leaves),
        ends=dates.to_the_second(leaves),
        left=dates.length(sight.reader, between(sight.now, leaves)),
        zone=dates.zone_name(sight.reader),
        sums=sums if len(sums) > 1 else (),
        total=sight.sum(report.amount),
        steps=_steps(sight, report, leaves),
        boxes=boxes if len(boxes) > 1 else (),
    )


def _box(sight: Sight, line: Line, count: int) -> Box:
    """Ticked: whoever asks for too much loses nothing by it."""
    return Box(
        id=line.id,
        title=sight.title(line),
        thumb=picture_of(sight, line),
        quantity=pieces(sight.reader.words, count),
        advice="",
        most=count,
        choices=choices_of(sight, count),
        ticked=True,
        chosen=count,
    )


def _steps(sight: Sight, report: AccidentReported, leaves: Instant) -> tuple[Step, ...]:
    """What happens once it is said."""
    kept = min((until for _, until in report.settles), default=None)
    alarmed = sight.say(N_("Support is alarmed; your request stands first in their queue."))
    steps = [Step(sight.say(N_("At once")), alarmed, "now")]
    if kept is not None:
        text = N_("The money stays here until support answers, at most until %(moment)s.")
        steps.append(Step(sight.say(N_("Meanwhile")), sight.say(text, moment=sight.moment(kept))))
    steps.append(
        Step(
            sight.say(N_("By %(moment)s"), moment=sight.moment(report.due)),
            sight.say(N_("Support undoes the confirmation, or tells you why not.")),
        )
    )
    minimum = dates.whole_days(sight.reader, sight.order.terms.undo_minimum)
    text = N_("The money is protected again, and you get back the time that was left, at least %(length)s.")
    steps.append(Step(sight.say(N_("If it is undone")), sight.say(text, length=minimum)))
    if kept is None:
        text = N_("%(sum)s goes to the seller if nobody has undone it by then.")
        steps.append(Step(sight.moment(leaves), sight.say(text, sum=sight.sum(report.amount))))
    return tuple(steps)


def too_late(sight: Sight) -> TooLate | None:
    """Where to turn once confirmed money has left; None where none has."""
    order = sight.order
    gone = [one for one in order.portions if one.state is PortionState.SETTLED and one.confirmed_at is not None]
    if not gone or any(one.state is PortionState.CONFIRMED for one in order.portions):
        return None
    amount = sum(sellers_part(one) for one in gone)
    text = sight.say(
        N_("%(sum)s has gone to the seller. Neither you nor support can take the confirmation back any more."),
        sum=sight.sum(amount),
    )
    steps = (
        Step(
            sight.say(N_("Your bank")),
            sight.say(
                N_(
                    "If you paid by card and the goods never came or are not what was promised, ask the bank that issued it"
                    " for a card chargeback. Banks set a time for it, often 120 days: do not wait."
                )
            ),
            "now",
        ),
        Step(
            sight.say(N_("Take along")),
            sight.say(
                N_(
                    "The evidence bundle: every step of the order with its moment, the parcel's journey, and the photos."
                )
            ),
        ),
    )
    return TooLate(sight.number, sight.url, text, steps, f"{sight.url}/evidence-bundle", f"{sight.url}/support")
