"""A case read together from everywhere: its order and history, both sides' disputes, what is similar, whose interest it is."""

from collections.abc import Sequence

from starlette.responses import Response

from fairhold.domain.actors import Role
from fairhold.domain.dispute import Dispute, Outcome
from fairhold.domain.dispute_events import DisputeRuled
from fairhold.domain.events import Event
from fairhold.domain.guards import Action, dispute_actions
from fairhold.domain.ids import OrderId
from fairhold.domain.order import Order
from fairhold.domain.reasons import Reason
from fairhold.engine.ports.disputes import DisputeQuery, StoredDispute
from fairhold.web.views.desk_case import (
    ahead_of,
    case_pill,
    decisions_of,
    end_of,
    goods_of,
    head_of,
    order_facts,
    talk_of_case,
)
from fairhold.web.views.desk_ruling import Typed, hundredth, ruling_form
from fairhold.web.views.desk_sides import Interests, Past, Record, conflict, findings, past_of, side_of
from fairhold.web.views.funds import money_of
from fairhold.web.views.lines import lines_of
from fairhold.web.views.office import Office
from fairhold.web.views.parcels import parcels_of
from fairhold.web.views.parts import Blocked, Note
from fairhold.web.views.sight import Sight
from fairhold.web.visits import Visit
from fairhold.words.catalog import N_
from fairhold.words.disputes import reason_name
from fairhold.words.money import percent
from fairhold.words.refusals import refusal_text

HISTORY = 100
"""How many disputes of each side, the latest, are counted."""
DEALS = 20
"""How many deals of one's own with a side are counted, at most."""


def show_case(
    visit: Visit,
    office: Office,
    order: Order,
    dispute: Dispute,
    note: Note | None = None,
    status: int = 200,
    typed: Typed | None = None,
    text: str = "",
) -> Response:
    """The case, with what was typed where that was not taken."""
    sight, queries = visit.sight(order), visit.site.queries
    own = [event for _, event in queries.history(order.id) if getattr(event, "dispute", None) == dispute.id]
    records = record_of(visit, order, Role.BUYER), record_of(visit, order, Role.SELLER)
    row = queries.disputes.dispute(dispute.id)
    similar = queries.disputes.similar(row, (Outcome.RULED.value,)) if row is not None else []
    return visit.show(
        "desk_case.html",
        status,
        title=sight.say(
            N_("Case %(number)s: %(reason)s"),
            number=office.number(row) if row is not None else sight.number,
            reason=_lower(reason_name(sight.reader.words, dispute.reason)),
        ),
        url=office.url(dispute.id),
        folder=office.folder,
        order_url=sight.url,
        number=sight.number,
        note=note,
        text=text,
        between=_between(visit, office, order, dispute),
        similar=[_similar(visit, office, found) for found in similar],
        **_told(sight, office, dispute, own, records),
        **_judging(visit, sight, office, dispute, records, typed or Typed(), similar),
    )


def _told(
    sight: Sight, office: Office, dispute: Dispute, events: Sequence[Event], records: tuple[Record, Record]
) -> dict[str, object]:
    """What the page tells of the dispute and its order."""
    sides = zip((Role.BUYER, Role.SELLER), records, strict=True)
    return {
        "pill_view": case_pill(sight, dispute),
        "head": head_of(sight, dispute),
        "ahead": ahead_of(sight, dispute),
        "goods": goods_of(sight, dispute),
        "total": sight.sum(dispute.amount),
        "end": end_of(sight, dispute),
        "decisions": decisions_of(sight, office, dispute, events),
        "sides": [side_of(sight, office, dispute, role, record, events) for role, record in sides],
        "talk": talk_of_case(sight, office, dispute, events),
        "parcels": parcels_of(sight),
        "lines_list": lines_of(sight),
        "money": money_of(sight),
        "facts": order_facts(sight),
    }


def _judging(
    visit: Visit,
    sight: Sight,
    office: Office,
    dispute: Dispute,
    records: tuple[Record, Record],
    typed: Typed,
    similar: Sequence[StoredDispute],
) -> dict[str, object]:
    """What this person may do, and the check of their interest where they might rule."""
    interests = interests_of(visit, sight.order)
    may = _may(sight.order, dispute, sight, interests)
    rules, takes = may.get("rule_on_dispute"), may.get("take_claim")
    if not dispute.is_open or (rules is not None and rules.code is Reason.NOT_ALLOWED):
        # Over, or the operator's only once it is overdue: there is nothing to say about what cannot be done.
        rules = takes = None
    mine = dispute.mediator == visit.who().id
    return {
        "check": findings(sight, office, dispute, interests, *records) if rules or takes else (),
        "mediator": office.mediator(dispute.mediator) if dispute.mediator else "",
        "mine": mine,
        "take": None if mine else takes,
        "take_blocked": _blocked(sight, takes, N_("Take the case")),
        "form": ruling_form(sight, dispute, typed, similar) if rules is not None and rules.available else None,
        "rule_blocked": _blocked(sight, rules, N_("Rule")),
        "may_say": _may_say(may, sight),
    }


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def record_of(visit: Visit, order: Order, role: Role) -> Record:
    """The latest disputes of one side of the order, and how many orders they had."""
    queries = visit.site.queries
    buyer, seller = (order.buyer, None) if role is Role.BUYER else (None, order.seller)
    page = queries.disputes.list_disputes(DisputeQuery(buyer=buyer, seller=seller, limit=HISTORY))
    counts = queries.tab_counts(buyer=buyer, seller=seller)
    return Record(page.items, page.further is None, counts.numbers[None], None in counts.at_least)


def own_ids(visit: Visit) -> frozenset[str]:
    """Every id that this person has, in any role."""
    return frozenset({visit.who().id, *(actor.id for actor in (visit.person.actors if visit.person else ()))})


def interests_of(visit: Visit, order: Order) -> Interests:
    """What connects this person with the deal: every id that is theirs in any role, and their own deals with either side."""
    own = own_ids(visit)
    deals = dict.fromkeys((order.buyer, order.seller), 0)
    for me in own:
        for party in deals:
            bought = visit.site.queries.list_orders(buyer=me, search=party, limit=DEALS).items
            sold = visit.site.queries.list_orders(seller=me, search=party, limit=DEALS).items
            deals[party] += sum(found.seller == party for found in bought) + sum(found.buyer == party for found in sold)
    return Interests(own, deals[order.buyer], deals[order.seller])


def _may(order: Order, dispute: Dispute, sight: Sight, interests: Interests) -> dict[str, Action]:
    """What the guards say; and where another id of this person is a party, what they would say of that one."""
    found = {action.name: action for action in dispute_actions(order, dispute, sight.actor)}
    if conflict(sight, interests):
        for name in {"take_claim", "rule_on_dispute"} & found.keys():
            if found[name].available:
                found[name] = Action(name, False, Reason.CONFLICT_OF_INTEREST)
    return found


def why_not_rule(visit: Visit, order: Order, dispute: Dispute) -> Reason | None:
    """What keeps this person from ruling, other ids of theirs included."""
    action = _may(order, dispute, visit.sight(order), interests_of(visit, order)).get("rule_on_dispute")
    return Reason.NOT_ALLOWED if action is None else action.code


def _may_say(may: dict[str, Action], sight: Sight) -> bool:
    """Support only reads; the operator speaks where the ruling is theirs."""
    rules = "rule_on_dispute" in may and may["rule_on_dispute"].available
    speaks = sight.actor.role is Role.MEDIATOR or rules
    return speaks and "send_message" in may and may["send_message"].available


def in_conflict(visit: Visit, order: Order) -> bool:
    """Whether an id of this person, in whatever role, is a party to the deal. The core knows only the one who asks."""
    return bool({order.buyer, order.seller} & own_ids(visit))


def _blocked(sight: Sight, action: Action | None, name: str) -> Blocked | None:
    if action is None or action.code is None:
        return None
    return Blocked(sight.say(name), refusal_text(sight.reader.words, action.code).title)


def _between(visit: Visit, office: Office, order: Order, dispute: Dispute) -> list[Past]:
    rows = visit.site.queries.disputes.between(order.buyer, order.seller)
    return [past_of(office, row) for row in rows if row.id != dispute.id]


def _similar(visit: Visit, office: Office, row: StoredDispute) -> Past:
    share = percent(visit.reader, hundredth(row.refund or 0, row.amount) * 100)
    return past_of(office, row, share=share, words=_reasons(_events(visit, row)))


def _events(visit: Visit, row: StoredDispute) -> Sequence[Event]:
    return [
        event
        for _, event in visit.site.queries.history(OrderId(row.order_id))
        if getattr(event, "dispute", None) == row.id
    ]


def _reasons(events: Sequence[Event]) -> str:
    return next((event.reasons for event in reversed(events) if isinstance(event, DisputeRuled)), "")
