"""Items of an order: how many, for how much, what became of their parts, and what can be done with each."""

from fairhold.domain.actors import Role
from fairhold.domain.astray import Astray, all_astray
from fairhold.domain.consequence import try_first
from fairhold.domain.order import Line, PortionState
from fairhold.domain.reasons import Reason
from fairhold.domain.status import Status, stage, stages
from fairhold.web.views.parts import Blocked, LineView, Link, Pill
from fairhold.web.views.sight import Sight
from fairhold.words.catalog import N_
from fairhold.words.names import pieces, portion_name
from fairhold.words.refusals import refusal_text

_STATE_ICONS = {
    PortionState.HELD: ("shield", "safe"),
    PortionState.DISPUTED: ("chat", "bad"),
    PortionState.CONFIRMED: ("check", ""),
    PortionState.SETTLED: ("check", ""),
    PortionState.REFUNDED: ("return", "safe"),
    PortionState.CANCELLED: ("cross", ""),
}
_WORTH_SAYING = (Reason.NOT_SHIPPED, Reason.LINE_IN_DISPUTE)
"""Why an item cannot be confirmed while others can; of what is over, its state tells."""

_STAGES = {
    Status.AWAITING_SHIPMENT: (N_("not shipped yet"), "parcel"),
    Status.AWAITING_DELIVERY: (N_("on its way"), "truck"),
    Status.AWAITING_CONFIRMATION: (N_("delivered, to be checked"), "clock"),
}

_LOST = {Astray.CAME_BACK: N_("refund came back"), Astray.SENT_AGAIN: N_("refund sent again")}


def lines_of(sight: Sight) -> tuple[LineView, ...]:
    """The order's items as this person sees them."""
    return tuple(_line(sight, line) for line in sight.order.lines)


def picture_of(sight: Sight, line: Line) -> str:
    """Where the item's picture is to be had."""
    return sight.picture(line.image or "")


def _line(sight: Sight, line: Line) -> LineView:
    links, blocked = _actions(sight, line) if sight.actor.role is Role.BUYER else ((), ())
    return LineView(
        id=line.id,
        title=sight.title(line),
        thumb=picture_of(sight, line),
        quantity=quantity_of(sight, line),
        total=sight.sum(line.total),
        advice=_advice(sight, line, bool(links)),
        states=states_of(sight, line),
        links=links,
        blocked=blocked,
    )


def quantity_of(sight: Sight, line: Line) -> str:
    """«2 шт. по 1 300 ₽ и доставка 130 ₽»: what the item's total is made of."""
    number = pieces(sight.reader.words, line.quantity)
    parts = [
        sight.say(N_("%(pieces)s at %(price)s"), pieces=number, price=sight.sum(line.unit_price))
        if line.quantity > 1
        else f"{number} · {sight.sum(line.unit_price)}"
    ]
    if line.discount:
        parts.append(sight.say(N_("discount %(sum)s"), sum=sight.sum(line.discount)))
    if line.shipping:
        parts.append(sight.say(N_("delivery %(sum)s"), sum=sight.sum(line.shipping)))
    if line.tax:
        parts.append(sight.say(N_("tax %(sum)s"), sum=sight.sum(line.tax)))
    return ", ".join(parts)


def states_of(sight: Sight, line: Line) -> tuple[Pill, ...]:
    """What became of the item's parts; nothing where all of the order is in one state, which its head tells."""
    if len(stages(sight.order)) < 2 and len({portion.state for portion in sight.order.portions}) < 2:
        return ()
    lost = all_astray(sight.order)
    counts: dict[tuple[str, str, str], int] = {}
    for portion in sight.order.portions:
        if portion.line == line.id:
            found = stage(sight.order, portion)
            if found is Status.AWAITING_PAYMENT:
                continue
            if found in _STAGES:
                text, icon = _STAGES[found]
                key = (sight.say(text), icon, "turn" if found is Status.AWAITING_CONFIRMATION else "")
            elif portion.state is PortionState.REFUNDED and lost is not None:
                key = (sight.say(_LOST[lost]), "return", "")
            else:
                key = (portion_name(sight.reader.words, portion.state), *_STATE_ICONS[portion.state])
            counts[key] = counts.get(key, 0) + portion.quantity
    if len(counts) == 1:
        return tuple(Pill(text, icon, kind) for text, icon, kind in counts)
    words = sight.reader.words
    return tuple(Pill(f"{pieces(words, number)}: {text}", icon, kind) for (text, icon, kind), number in counts.items())


def _actions(sight: Sight, line: Line) -> tuple[tuple[Link, ...], tuple[Blocked, ...]]:
    confirm = sight.line_action(line.id, "confirm_receipt")
    if confirm is None:
        return (), ()
    dispute = _dispute_link(sight, line)
    if confirm.available:
        text = sight.say(N_("Confirm…"))
        return (Link(text, f"{sight.url}/receipt#pick-{line.id}", describes=line.id), *dispute), ()
    order = sight.action("confirm_receipt")
    if order is None or not order.available or confirm.code not in _WORTH_SAYING:
        return (), ()
    return (), (Blocked(sight.say(N_("Confirm…")), refusal_text(sight.reader.words, confirm.code).title),)


def _dispute_link(sight: Sight, line: Line) -> tuple[Link, ...]:
    """The other action of an item, of the same weight (S10)."""
    action = sight.line_action(line.id, "open_dispute")
    if action is None or not action.available:
        return ()
    return (Link(sight.say(N_("Open a dispute…")), f"{sight.url}/dispute#pick-{line.id}", describes=line.id),)


def _advice(sight: Sight, line: Line, open_now: bool) -> str:
    if not open_now:
        return ""
    if try_first(sight.order, line):
        return sight.say(N_("Switch it on and try it before you confirm."))
    if sight.to_confirm(line.id) > 1:
        return sight.say(N_("You can confirm a part of them and open a dispute on another."))
    return ""
