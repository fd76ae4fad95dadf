"""The mediators' desk: the queue of claims, and a case with everything about it. Support and operators read the same."""

from typing import NamedTuple
from urllib.parse import urlencode

import msgspec
from starlette.exceptions import HTTPException
from starlette.responses import Response

from fairhold.access import may_see_order
from fairhold.domain.actors import Role
from fairhold.domain.commands import Command, SendMessage, TakeClaim
from fairhold.domain.dispute import Dispute, Outcome
from fairhold.domain.dispute_status import DISPUTE_TAB_BITS, DisputeTab
from fairhold.domain.ids import ORDER_ID_LENGTH, OrderId
from fairhold.domain.order import Order
from fairhold.domain.reasons import Reason, Refusal
from fairhold.engine.ports.disputes import DisputeQuery, DisputeSort
from fairhold.engine.reading.disputes import DisputePage
from fairhold.web.handlers.case_reading import in_conflict, show_case
from fairhold.web.long_texts import typed_text
from fairhold.web.views.desk_queue import case_row, workload_of
from fairhold.web.views.office import Office
from fairhold.web.views.parts import Empty, Link, Note, Tab
from fairhold.web.visits import Visit, invalid, status_of
from fairhold.words.catalog import N_

PER_PAGE = 20
RULED = (Outcome.RULED.value,)
_SORTS = {"deadline": DisputeSort.DEADLINE, "sum": DisputeSort.AMOUNT}


class Shelf(NamedTuple):
    """A tab of the queue: its name, which disputes stand in it, and whether these are claims in the queue's own orders."""

    name: str
    tab: DisputeTab | None
    queue: bool = True
    mine: bool = False


SHELVES: dict[str, Shelf] = {
    "ruling": Shelf(N_("To rule on"), DisputeTab.AWAITING_RULING),
    "mine": Shelf(N_("Mine"), None, mine=True),
    "overdue": Shelf(N_("Overdue"), DisputeTab.OVERDUE),
    "appealed": Shelf(N_("Appealed"), DisputeTab.APPEALED),
    "ruled": Shelf(N_("Can be appealed"), DisputeTab.RULED),
    "open": Shelf(N_("All open disputes"), DisputeTab.OPEN, queue=False),
    "closed": Shelf(N_("Closed"), DisputeTab.CLOSED, queue=False),
}


def office_of(visit: Visit) -> Office:
    """How this person sees disputes."""
    return Office(visit.who(), visit.now, visit.reader, visit.site.directory)


def entrance(visit: Visit) -> Response:
    """Mediators have nothing but disputes: the short address leads there."""
    return visit.go(office_of(visit).folder)


def queue(visit: Visit) -> Response:
    """The claims by deadline or by sum; other disputes by age."""
    office = office_of(visit)
    shelves = {key: shelf for key, shelf in SHELVES.items() if not shelf.mine or visit.who().role is Role.MEDIATOR}
    key = visit.query("tab", 20)
    key = key if key in shelves else "ruling"
    sort = visit.query("sort", 10)
    sort = sort if sort in _SORTS else "deadline"
    query = _query(visit, shelves[key], sort)
    further, back = visit.query("further", 80) or None, visit.query("back", 80) or None
    page = visit.site.queries.disputes.list_disputes(query, further=further, back=back)
    kept = {"tab": key, "sort": sort} if shelves[key].queue else {"tab": key}
    return visit.show(
        "desk_queue.html",
        shelves=_tabs(visit, office, shelves, key, sort),
        sorts=_sorts(visit, office, key, sort) if shelves[key].queue else (),
        rows=[case_row(office, row) for row in page.items],
        closed=key == "closed",
        ways=_ways(office, page, kept),
        nothing=None if page.items else _empty(visit, office, key),
        load=workload_of(office, visit.site.queries.disputes.load(RULED)),
        folder=office.folder,
    )


def _query(visit: Visit, shelf: Shelf, sort: str) -> DisputeQuery:
    return DisputeQuery(
        mediator=visit.who().id if shelf.mine else None,
        tab=DISPUTE_TAB_BITS[shelf.tab] if shelf.tab else 0,
        sort=_SORTS[sort] if shelf.queue else DisputeSort.NEWEST,
        limit=PER_PAGE,
    )


def _tabs(visit: Visit, office: Office, shelves: dict[str, Shelf], current: str, sort: str) -> list[Tab]:
    disputes = visit.site.queries.disputes
    counted = {
        kind: disputes.counts(_query(visit, shelf, sort))
        for kind, shelf in {(shelf.queue, shelf.mine): shelf for shelf in shelves.values()}.items()
    }
    found = []
    for key, shelf in shelves.items():
        numbers, at_least = counted[shelf.queue, shelf.mine]
        bit = DISPUTE_TAB_BITS[shelf.tab] if shelf.tab else 0
        kept = {"tab": key, "sort": sort} if shelf.queue else {"tab": key}
        url = f"{office.folder}?{urlencode(kept)}"
        turn = key in ("mine", "overdue") or (key == "ruling" and visit.who().role is Role.MEDIATOR)
        found.append(Tab(visit.say(shelf.name), url, numbers.get(bit, 0), key == current, turn, bit in at_least))
    return found


def _sorts(visit: Visit, office: Office, key: str, current: str) -> list[tuple[str, str, bool]]:
    names = {"deadline": N_("By deadline"), "sum": N_("By sum")}
    return [
        (visit.say(name), f"{office.folder}?{urlencode({'tab': key, 'sort': sort})}", sort == current)
        for sort, name in names.items()
    ]


def _ways(office: Office, page: DisputePage, kept: dict[str, str]) -> tuple[str, str]:
    back, further = (
        f"{office.folder}?{urlencode({**kept, name: cursor})}" if cursor else ""
        for name, cursor in (("back", page.back), ("further", page.further))
    )
    return back, further


_EMPTY = {
    "ruling": (
        "ok",
        N_("No claim waits for a ruling"),
        N_("When two sides cannot agree and ask for a mediator, the case appears here."),
    ),
    "mine": ("scales", N_("You have no cases now"), N_("Take one from those to rule on.")),
    "overdue": (
        "ok",
        N_("Nothing is overdue"),
        N_("A claim that nobody ruled on in time appears here, and the operator is alarmed."),
    ),
    "appealed": (
        "scales",
        N_("Nothing is appealed"),
        N_("A ruling that one side does not accept comes here, to another mediator."),
    ),
    "ruled": ("clock", N_("No ruling waits for its time"), N_("Rulings that can still be appealed stand here.")),
    "open": ("chat", N_("No open disputes"), N_("Everything that was disputed is settled.")),
    "closed": ("file", N_("No closed disputes yet"), N_("Disputes that are settled or withdrawn appear here.")),
}


def _empty(visit: Visit, office: Office, key: str) -> Empty:
    icon, title, text = _EMPTY[key]
    link = None if key == "ruling" else Link(visit.say(N_("To rule on")), office.folder)
    return Empty(icon, visit.say(title), visit.say(text), link)


def found_case(visit: Visit) -> tuple[Order, Dispute]:
    """The order and the dispute that the path names. Raises 404 where there is none."""
    name = visit.request.path_params["dispute"]
    order = visit.site.queries.order(OrderId(name[:ORDER_ID_LENGTH])) if name.isascii() else None
    dispute = order.dispute(name) if order is not None and may_see_order(visit.who(), order) else None
    if order is None or dispute is None:
        raise HTTPException(404)
    return order, dispute


_SAID = {
    "taken": (N_("The case is yours."), N_("Other mediators see that you have it.")),
    "asked": (N_("Sent."), N_("Both sides read it in their dispute.")),
    "ruled": (N_("The ruling is given."), N_("Both sides see it with its reasons, and until when it can be appealed.")),
    "final": (N_("The ruling is given and carried out."), N_("It was on an appeal, so the money goes at once.")),
}


def case(visit: Visit) -> Response:
    """The case."""
    order, dispute = found_case(visit)
    said = _SAID.get(visit.query("done", 20))
    note = Note(visit.say(said[0]), visit.say(said[1]), "safe", "ok") if said else None
    return show_case(visit, office_of(visit), order, dispute, note)


def give(visit: Visit, order: Order, command: Command | Refusal, done: str, text: str = "") -> Response:
    """Put a command and show the case: with `done` where it happened, with the refusal where it did not."""
    outcome = command if isinstance(command, Refusal) else visit.ask(order.id, command)
    if isinstance(outcome, Refusal):
        order, dispute = found_case(visit)
        note = visit.refusal_note(outcome)
        return show_case(visit, office_of(visit), order, dispute, note, status_of(outcome), text=text)
    return visit.go(f"{office_of(visit).url(visit.request.path_params['dispute'])}?done={done}")


def take(visit: Visit) -> Response:
    """Take the case, so that no two read the same."""
    order, dispute = found_case(visit)
    if in_conflict(visit, order):
        return give(visit, order, Refusal(Reason.CONFLICT_OF_INTEREST), "taken")
    return give(visit, order, TakeClaim(dispute=dispute.id), "taken")


def ask(visit: Visit) -> Response:
    """A question or a word to both sides."""
    order, dispute = found_case(visit)
    text = typed_text(visit, "text", 5000)
    command: SendMessage | Refusal
    try:
        command = msgspec.convert({"dispute": dispute.id, "text": text}, SendMessage)
    except msgspec.ValidationError:
        command = invalid("text")
    return give(visit, order, command, "asked", text)
