"""The order page and the small pages that hang on it."""

from collections.abc import Iterable
from dataclasses import dataclass

from fairhold.domain.actors import Role
from fairhold.domain.conditions import awaiting_support
from fairhold.domain.events import Event
from fairhold.domain.instants import DAY
from fairhold.domain.order import ExtensionRequest, PaymentState
from fairhold.domain.reasons import Reason
from fairhold.domain.status import Status, stages
from fairhold.web.views.clocks import ahead_of, clock_of
from fairhold.web.views.disputes import DisputeRow, chargeback_notes, dispute_rows
from fairhold.web.views.funds import money_of
from fairhold.web.views.lines import lines_of
from fairhold.web.views.parcels import doubt_notes, parcels_of
from fairhold.web.views.parts import Clock, LineView, Link, Money, Note, ParcelView, Pill, Step, Sum
from fairhold.web.views.pills import pill_of
from fairhold.web.views.public import seller_url
from fairhold.web.views.refunds import refund_notes
from fairhold.web.views.reviews_waiting import OrderReviews
from fairhold.web.views.seen import seen_of
from fairhold.web.views.sight import Sight
from fairhold.web.views.steps import steps_of
from fairhold.web.views.story import story_of
from fairhold.words import dates
from fairhold.words.catalog import N_


@dataclass(frozen=True)
class OrderPage:
    """Everything on the page of an order, for either side."""

    id: str
    number: str
    url: str
    head: str
    pill: Pill
    notes: tuple[Note, ...]
    clock: Clock | None
    steps: tuple[Step, ...]
    lines: tuple[LineView, ...]
    money: Money
    parcels: tuple[ParcelView, ...]
    story: tuple[Step, ...]
    disputes: tuple[DisputeRow, ...]
    may_pay: bool
    total: str
    others: tuple[Link, ...]
    help: tuple[Link, ...]
    reference: str
    reviews: OrderReviews | None
    seller_url: str
    """What buyers say of the seller; empty on the seller's own page."""
    seen: str
    """What the device may remember of the order."""
    calendar: str
    """Where its dates are to be had for a calendar; empty where none is to come."""

    @property
    def has_main(self) -> bool:
        """Whether something else than a review is the page's way on."""
        return self.may_pay or any(link.main for step in self.steps for link in step.links)


def order_page(
    sight: Sight,
    history: Iterable[tuple[int, Event]],
    note: Note | None = None,
    reviews: OrderReviews | None = None,
) -> OrderPage:
    """The page of an order as the buyer or the seller sees it."""
    order = sight.order
    return OrderPage(
        id=order.id,
        number=sight.number,
        url=sight.url,
        head=_head(sight),
        pill=pill_of(sight),
        notes=(
            *(found for found in (note, _accident(sight), _late(sight), _asked(sight), _came_back(sight)) if found),
            *doubt_notes(sight),
            *refund_notes(sight),
            *chargeback_notes(sight),
        ),
        clock=clock_of(sight),
        steps=steps_of(sight),
        lines=lines_of(sight),
        money=money_of(sight),
        parcels=parcels_of(sight),
        story=story_of(sight, history),
        disputes=dispute_rows(sight),
        may_pay=sight.can("pay"),
        total=sight.sum(order.total),
        others=_others(sight),
        help=_help(sight),
        reference=order.reference or "",
        reviews=reviews,
        seller_url="" if sight.actor.role is Role.SELLER else seller_url(order.seller),
        seen=seen_of(sight),
        calendar=f"{sight.url}/deadlines.ics" if ahead_of(order) else "",
    )


def _head(sight: Sight) -> str:
    order = sight.order
    placed = dates.full_day(sight.reader, order.placed_at)
    who = sight.other_side()
    if order.paid_at is None:
        return sight.say(N_("%(who)s · ordered on %(day)s"), who=who, day=placed)
    paid = dates.full_day(sight.reader, order.paid_at)
    if paid == placed:
        return sight.say(N_("%(who)s · ordered and paid on %(day)s"), who=who, day=placed)
    return sight.say(N_("%(who)s · ordered on %(day)s, paid on %(paid)s"), who=who, day=placed, paid=paid)


def _late(sight: Sight) -> Note | None:
    promised = sight.order.promised_by
    if promised is None or promised >= sight.now or Status.AWAITING_DELIVERY not in stages(sight.order):
        return None
    title = sight.say(
        N_("The parcel is late: it was promised by %(day)s."), day=dates.day(sight.reader, promised, sight.now)
    )
    return Note(title, sight.say(N_("The money stays with us while protection runs.")), "turn", "truck")


def _asked(sight: Sight) -> Note | None:
    request = sight.order.extension_request
    if request is None:
        return None
    length = dates.whole_days(sight.reader, request.length)
    if sight.actor.role is Role.SELLER:
        title = sight.say(N_("The buyer asks for %(length)s more of protection."), length=length)
        link = Link(sight.say(N_("Answer")), f"{sight.url}/protection") if sight.can("answer_extension") else None
        return Note(title, _answered_by(sight, request), "turn", "clock", link)
    title = sight.say(N_("You asked for %(length)s more of protection."), length=length)
    return Note(title, _answered_by(sight, request), "", "clock")


def _answered_by(sight: Sight, request: ExtensionRequest) -> str:
    """Who answers a request for more time, and until when; meanwhile protection runs as before."""
    selling = sight.actor.role is Role.SELLER
    if request.owner in (Role.SUPPORT, Role.OPERATOR):
        text = N_("The seller did not answer: support does, in the chat. Protection runs as before.")
        if selling:
            text = N_("Your time to answer is over, and support decides. You still can while it has not.")
        return sight.say(text)
    if request.due is None:
        text = N_("The seller has not answered yet. Protection runs as before.")
        return sight.say(N_("Until you answer, protection runs as before.") if selling else text)
    text = N_("The seller answers by %(due)s, after that support does. Protection runs as before.")
    if selling:
        text = N_("Answer by %(due)s, after that support decides. Meanwhile protection runs as before.")
    return sight.say(text, due=sight.moment(request.due))


def _accident(sight: Sight) -> Note | None:
    """That support owes the buyer an answer, and until when the money is here."""
    accident = sight.order.accident
    waiting = [one for one in sight.order.portions if awaiting_support(one)]
    if accident is None or not waiting:
        return None
    leaves = min(one.settles_at for one in waiting if one.settles_at is not None)
    if sight.actor.role is Role.SELLER:
        title = sight.say(N_("The buyer says that receipt was confirmed by accident."))
        text = N_("Support answers by %(due)s. Until then the money may still go back under protection.")
        return Note(title, sight.say(text, due=sight.moment(accident.due)), "", "clock")
    title = sight.say(N_("Support knows that you confirmed by accident."))
    text = N_("They answer by %(due)s. The money is here until %(leaves)s.")
    if accident.overdue:
        text = N_("The answer is late; the operator sees to it as well. The money is here until %(leaves)s.")
    link = Link(sight.say(N_("To the chat")), f"{sight.url}/support")
    said = sight.say(text, due=sight.moment(accident.due), leaves=sight.moment(leaves))
    return Note(title, said, "turn", "clock", link)


def _help(sight: Sight) -> tuple[Link, ...]:
    """Support first, and for whoever confirmed, the way to say that it was an accident."""
    found = [Link(sight.say(N_("Chat with support")), f"{sight.url}/support", icon="chat")]
    if sight.actor.role is Role.BUYER:
        action = sight.action("report_accident")
        if action is not None and (action.available or action.code is Reason.TOO_LATE_TO_UNDO):
            found.append(Link(sight.say(N_("I confirmed by accident…")), f"{sight.url}/accident", icon="return"))
    return tuple(found)


def _came_back(sight: Sight) -> Note | None:
    """The seller's choice about a parcel that came back: ship it again, let it be refunded, or contest."""
    if not sight.can("contest_returned_parcel"):
        return None
    title = sight.say(N_("The parcel came back to you."))
    text = sight.say(
        N_("Ship it again, or the buyer gets the money back. Is what came back not what you sent? Ask a mediator.")
    )
    return Note(title, text, "turn", "return", Link(sight.say(N_("Contest…")), f"{sight.url}/returned-parcel"))


def _others(sight: Sight) -> tuple[Link, ...]:
    """Rarer actions, each a page of its own."""
    found = []
    if sight.can("ask_extension"):
        found.append(Link(sight.say(N_("Ask for more time…")), f"{sight.url}/protection"))
    if sight.can("extend_protection"):
        found.append(Link(sight.say(N_("Give the buyer more time…")), f"{sight.url}/protection"))
    if sight.can("cancel"):
        found.append(Link(sight.say(N_("Cancel the order…")), f"{sight.url}/cancellation"))
    return tuple(found)


@dataclass(frozen=True)
class Cancellation:
    """The consequence page of cancelling."""

    number: str
    url: str
    sums: tuple[Sum, ...]
    steps: tuple[Step, ...]


def cancellation_of(sight: Sight) -> Cancellation:
    """What cancelling would mean."""
    order = sight.order
    total = sight.sum(order.total)
    sums: tuple[Sum, ...] = ()
    if order.payment is PaymentState.RECEIVED:
        name = N_("Comes back to you") if sight.actor.role is Role.BUYER else N_("Goes back to the buyer")
        sums = (Sum(sight.say(name), total, strong=True),)
        message = (
            N_("All %(sum)s comes back to you.")
            if sight.actor.role is Role.BUYER
            else N_("All %(sum)s goes back to the buyer.")
        )
        money = sight.say(message, sum=total)
    else:
        money = sight.say(N_("No money was taken, so none has to go back."))
    steps = (
        Step(sight.say(N_("At once")), money, "now"),
        Step(
            sight.say(N_("Afterwards")),
            sight.say(N_("The deal is over and cannot be taken up again. The goods can be ordered anew.")),
        ),
    )
    return Cancellation(sight.number, sight.url, sums, steps)


@dataclass(frozen=True)
class Extension:
    """The page about more time, for either side."""

    number: str
    url: str
    clock: Clock | None
    choices: tuple[tuple[int, str], ...]
    asked: str
    answered: str
    """Who answers what was asked, and until when."""
    left: str


def extension_of(sight: Sight) -> Extension:
    """How much more time there can be."""
    order, terms = sight.order, sight.order.terms
    most = terms.extension_max // DAY
    wanted = [number for number in (7, 15, 30, 60) if number <= most] or [most]
    if most not in wanted:
        wanted.append(most)
    words = sight.reader.words
    choices = tuple((number, words.ngettext("%(num)d day", "%(num)d days", number)) for number in wanted)
    request = order.extension_request
    left = terms.extensions - order.extensions_granted
    return Extension(
        number=sight.number,
        url=sight.url,
        clock=clock_of(sight),
        choices=choices,
        asked=dates.whole_days(sight.reader, request.length) if request else "",
        answered=_answered_by(sight, request) if request else "",
        left=words.ngettext(
            "Protection can be extended %(num)d more time.", "Protection can be extended %(num)d more times.", left
        ),
    )
