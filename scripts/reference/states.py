"""Where goods can stand, what leads where, and who may do what: read off the guards and the rules by walking them."""

from collections.abc import Iterable

from fairhold.domain.actors import Role
from fairhold.domain.commands import Command
from fairhold.domain.guards import GUARDS, check
from fairhold.domain.instants import MINUTE, Instant
from fairhold.domain.status import Status, Tab
from fairhold.words.catalog import Language, words_of
from fairhold.words.names import BUYER_TABS, PARCELS, PORTIONS, SELLER_TABS, STATUSES
from scripts.reference import markdown
from scripts.reference.bodies import examples
from scripts.reference.markdown import code, codes, table
from scripts.reference.walk import PEOPLE, Edge, Node, walk

_INTRO = """
One unit of goods stands in one of these places. An order's headline `status` derives from all of its goods: the first of
the open places below that any of them is in, in the order of the first table. A line of eight can have three confirmed, four
disputed and one refunded; `portions` of a line says how many are where.

![Where goods can go](states.svg)
"""
_MEANING: dict[Node, str] = {
    Node.AWAITING_PAYMENT: "The deal is agreed, the money is not here.",
    Node.AWAITING_SHIPMENT: "The money is held, the goods are with the seller.",
    Node.AWAITING_DELIVERY: "The goods travel; protection runs.",
    Node.RETURNED_TO_SENDER: "The parcel came back: the seller ships once more, or the buyer is refunded. (`awaiting_shipment`)",
    Node.AWAITING_CONFIRMATION: "The carrier handed the parcel over; the buyer checks the goods.",
    Node.IN_DISPUTE: "Something is wrong: the clocks of these goods stand still while [the dispute](disputes.md) runs.",
    Node.SETTLING: "The buyer confirmed; support can still undo it.",
    Node.COMPLETED: "The seller has the money, less the commission; after a dispute perhaps only a part of it.",
    Node.REFUNDED: "The buyer has all of the money back.",
    Node.CANCELLED: "Nothing was ever paid.",
}


def page() -> str:
    """The page."""
    return markdown.page(
        "States", _INTRO, _nodes(), _mermaid(), _ways(), _staying(), _who(), _guards(), _names(), _tabs()
    )


def _nodes() -> str:
    return "## Places\n\n" + table(("place", "meaning"), ((code(node.value), _MEANING[node]) for node in Node))


def moving() -> list[Edge]:
    """The ways that lead from one place to another, in the order of the places."""
    order = {node: position for position, node in enumerate(Node)}
    found = (edge for edge in walk().edges.values() if edge.source is not edge.target)
    return sorted(found, key=lambda edge: (order[edge.source], order[edge.target], edge.what))


def label(edge: Edge) -> str:
    """What the diagram writes on a way."""
    return f"{edge.what.replace('_', ' ')}{' *' if edge.by_policy else ''}"


def _mermaid() -> str:
    grouped: dict[tuple[Node, Node], list[Edge]] = {}
    for edge in moving():
        grouped.setdefault((edge.source, edge.target), []).append(edge)
    lines = ["stateDiagram-v2", "    [*] --> awaiting_payment: place order"]
    for (source, target), edges in grouped.items():
        lines.append(f"    {source.value} --> {target.value}: {', '.join(map(label, edges))}")
    lines.extend(f"    {node.value} --> [*]" for node in (Node.COMPLETED, Node.REFUNDED, Node.CANCELLED))
    return "The same as text that draws itself:\n\n```mermaid\n" + "\n".join(lines) + "\n```"


def _ways() -> str:
    rows = (
        (
            code(edge.source.value),
            code(edge.what) + (" *" if edge.by_policy else ""),
            _by(edge),
            code(edge.target.value),
        )
        for edge in moving()
    )
    remark = (
        "\\* under some policies or periods only; see [policy](policy.md). What comes back to its sender a second time is "
        "refunded at once."
    )
    return "## Ways\n\n" + table(("from", "by", "whose", "to"), rows) + f"\n\n{remark}"


def _by(edge: Edge) -> str:
    return ", ".join(edge.who) if edge.who else "a deadline"


def _staying() -> str:
    scans = {"in_transit", "delivered", "attempt_failed", "returned_to_sender"}
    stays: dict[str, list[str]] = {}
    for edge in walk().edges.values():
        if edge.source is edge.target and edge.source is not Node.IN_DISPUTE and edge.what not in scans:
            stays.setdefault(edge.what, []).append(edge.source.value)
    rows = ((code(what), codes(dict.fromkeys(places))) for what, places in stays.items())
    remark = (
        "These change the time left, or what the buyer's bank has of the money, and not the place. Scans of a parcel are noted "
        "wherever the goods stand, even after the money has gone (S8). What leads on within a dispute stands under "
        "[disputes](disputes.md)."
    )
    return f"## What leads nowhere else\n\n{remark}\n\n" + table(("by", "in"), rows)


def _who() -> str:
    guards = [guard for guard in GUARDS if any(True for _ in examples(guard.command, Instant(0)))]
    rows = [(code(node.value), *(_allowed(node, guard.command) for guard in guards)) for node in Node]
    remark = (
        "For goods in one place, each cell names who can at some time. A buyer's undo and a seller's word about delivery take a "
        "policy that says so. In a dispute, commands to the dispute itself are possible: see [disputes](disputes.md)."
    )
    columns = ("place", *(code(guard.command.NAME) for guard in guards))
    return f"## Who may do what\n\n{remark}\n\n" + table(columns, rows)


def _allowed(node: Node, command_type: type[Command]) -> str:
    found: set[Role] = set()
    for order in walk().orders[node]:
        now = Instant(max(order.placed_at, order.paid_at or 0, *(p.confirmed_at or 0 for p in order.portions)) + MINUTE)
        _, command = next(examples(command_type, now))
        found.update(role for role in Role if check(order, command, PEOPLE[role], now) is None)
    return ", ".join(role.value for role in Role if role in found) or "·"


def _guards() -> str:
    rows = (
        (
            code(guard.command.NAME),
            ", ".join(sorted(role.value for role in guard.roles)),
            "; ".join(condition.name for condition in guard.conditions) or "·",
        )
        for guard in GUARDS
    )
    remark = (
        "The whole table that the engine, the API's `actions` and the buttons of the pages read. Conditions are looked at from "
        "the left; the first that fails is [the reason](reasons.md) of the refusal. Commands to one dispute have [a table of "
        "their own](disputes.md#guards), and so have [those to one review](reviews.md#guards)."
    )
    return f"## Guards\n\n{remark}\n\n" + table(("command", "roles", "must hold"), rows)


def _names() -> str:
    headlines = _in_both((status.value, STATUSES[status]) for status in Status)
    portions = _in_both((state.value, text) for state, text in PORTIONS.items())
    parcels = _in_both((state.value, text) for state, text in PARCELS.items())
    return f"## Names\n\nAn order:\n\n{headlines}\n\nA portion:\n\n{portions}\n\nA parcel:\n\n{parcels}"


def _tabs() -> str:
    rows = [(code(tab.value), _english(BUYER_TABS.get(tab, "·")), _english(SELLER_TABS.get(tab, "·"))) for tab in Tab]
    remark = "`status=` of a list is one of these. An order can stand in several: its goods may be in different places."
    return f"## Tabs\n\n{remark}\n\n" + table(("tab", "the buyer's", "the seller's"), rows)


def _english(text: str) -> str:
    return words_of(Language.EN).gettext(text)


def _in_both(rows: Iterable[tuple[str, str]]) -> str:
    russian = words_of(Language.RU)
    return table(
        ("status", "in English", "по-русски"),
        ((code(key), _english(text), russian.gettext(text)) for key, text in rows),
    )
