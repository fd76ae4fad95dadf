"""The picture of where goods can go: places as boxes, ways as arrows, read off the walk. Only the layout is made by hand."""

from html import escape

from scripts.reference.states import label, moving
from scripts.reference.walk import Edge, Node

WIDTH, HEIGHT = 1240, 800
BOX_WIDTH, BOX_HEIGHT = 176, 50
LETTERS, LINE = 30, 15
"""How many letters stand on one line, and how far lines are apart (pixels)."""

PLACES: dict[Node, tuple[int, int]] = {
    Node.AWAITING_PAYMENT: (110, 60),
    Node.AWAITING_SHIPMENT: (370, 60),
    Node.AWAITING_DELIVERY: (660, 60),
    Node.AWAITING_CONFIRMATION: (990, 60),
    Node.RETURNED_TO_SENDER: (500, 270),
    Node.SETTLING: (1060, 300),
    Node.IN_DISPUTE: (700, 480),
    Node.CANCELLED: (110, 730),
    Node.REFUNDED: (380, 730),
    Node.COMPLETED: (1020, 730),
}
BENDS: dict[tuple[Node, Node], int] = {
    (Node.AWAITING_DELIVERY, Node.AWAITING_CONFIRMATION): -26,
    (Node.AWAITING_CONFIRMATION, Node.AWAITING_DELIVERY): -26,
    (Node.AWAITING_DELIVERY, Node.RETURNED_TO_SENDER): 40,
    (Node.RETURNED_TO_SENDER, Node.AWAITING_DELIVERY): 40,
    (Node.AWAITING_DELIVERY, Node.SETTLING): -34,
    (Node.SETTLING, Node.AWAITING_DELIVERY): -34,
    (Node.AWAITING_CONFIRMATION, Node.SETTLING): 50,
    (Node.SETTLING, Node.AWAITING_CONFIRMATION): 50,
    (Node.AWAITING_CONFIRMATION, Node.COMPLETED): -320,
    (Node.AWAITING_CONFIRMATION, Node.RETURNED_TO_SENDER): -30,
    (Node.SETTLING, Node.RETURNED_TO_SENDER): -40,
    (Node.AWAITING_DELIVERY, Node.COMPLETED): -60,
    (Node.AWAITING_SHIPMENT, Node.REFUNDED): 60,
    (Node.AWAITING_DELIVERY, Node.REFUNDED): 150,
    (Node.AWAITING_CONFIRMATION, Node.REFUNDED): 170,
    (Node.AWAITING_DELIVERY, Node.IN_DISPUTE): -30,
    (Node.IN_DISPUTE, Node.AWAITING_DELIVERY): -30,
    (Node.AWAITING_CONFIRMATION, Node.IN_DISPUTE): -36,
    (Node.IN_DISPUTE, Node.AWAITING_CONFIRMATION): -36,
    (Node.RETURNED_TO_SENDER, Node.IN_DISPUTE): -36,
    (Node.IN_DISPUTE, Node.RETURNED_TO_SENDER): -36,
}
"""How far a way bows to one side, so that ways there and back do not lie on each other (pixels)."""

LABELS: dict[tuple[Node, Node], float] = {
    (Node.AWAITING_CONFIRMATION, Node.RETURNED_TO_SENDER): 0.75,
    (Node.SETTLING, Node.AWAITING_DELIVERY): 0.25,
    (Node.AWAITING_DELIVERY, Node.SETTLING): 0.3,
    (Node.AWAITING_CONFIRMATION, Node.SETTLING): 0.35,
    (Node.SETTLING, Node.AWAITING_CONFIRMATION): 0.35,
    (Node.AWAITING_DELIVERY, Node.COMPLETED): 0.72,
    (Node.RETURNED_TO_SENDER, Node.AWAITING_DELIVERY): 0.35,
    (Node.AWAITING_DELIVERY, Node.REFUNDED): 0.72,
    (Node.RETURNED_TO_SENDER, Node.REFUNDED): 0.3,
    (Node.AWAITING_CONFIRMATION, Node.REFUNDED): 0.68,
    (Node.AWAITING_DELIVERY, Node.IN_DISPUTE): 0.45,
    (Node.IN_DISPUTE, Node.AWAITING_DELIVERY): 0.35,
    (Node.AWAITING_CONFIRMATION, Node.IN_DISPUTE): 0.75,
    (Node.IN_DISPUTE, Node.AWAITING_CONFIRMATION): 0.5,
    (Node.IN_DISPUTE, Node.RETURNED_TO_SENDER): 0.35,
}
"""Where along its way a label stands, where the middle is taken (0 to 1)."""

_STYLE = """
svg { font: 13px system-ui, sans-serif; }
rect { fill: #fff; stroke: #8a94a3; rx: 8px; }
.end rect { fill: #eef6f0; stroke: #2f7d53; }
.place text { fill: #16202c; text-anchor: middle; font-weight: 600; }
path { fill: none; stroke: #5b6675; stroke-width: 1.4; }
.deadline path { stroke-dasharray: 5 4; }
.way text { fill: #3c4756; text-anchor: middle; font-size: 12px; paint-order: stroke; stroke: #f7f8fa; stroke-width: 5px; }
.ground { fill: #f7f8fa; stroke: none; }
marker path { fill: #5b6675; stroke: none; }
@media (prefers-color-scheme: dark) {
  rect { fill: #1c2430; stroke: #6d7b8d; }
  .end rect { fill: #173325; stroke: #58b184; }
  .place text { fill: #eef2f6; }
  path { stroke: #9aa7b6; }
  .way text { fill: #c9d2dc; stroke: #10161e; }
  .ground { fill: #10161e; }
  marker path { fill: #9aa7b6; }
}
"""


def picture() -> str:
    """The picture as SVG: a dashed arrow is a deadline, and what only some policies do is left out."""
    grouped: dict[tuple[Node, Node, bool], list[Edge]] = {}
    for edge in moving():
        if not edge.by_policy:
            grouped.setdefault((edge.source, edge.target, not edge.who), []).append(edge)
    ways = [_way(source, target, edges, deadline=late) for (source, target, late), edges in grouped.items()]
    places = [_place(node) for node in Node]
    body = "\n".join((*ways, *places))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-labelledby="what">\n'
        '<title id="what">Where goods can go, from awaiting payment to completed, refunded or cancelled</title>\n'
        f"<style>{_STYLE}</style>\n"
        '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto-start-reverse">'
        '<path d="M0 0 8 4 0 8z"/></marker></defs>\n'
        f'<rect class="ground" width="{WIDTH}" height="{HEIGHT}"/>\n{body}\n</svg>\n'
    )


def _place(node: Node) -> str:
    x, y = PLACES[node]
    kind = "place end" if node in (Node.COMPLETED, Node.REFUNDED, Node.CANCELLED) else "place"
    return (
        f'<g class="{kind}"><rect x="{x - BOX_WIDTH // 2}" y="{y - BOX_HEIGHT // 2}" width="{BOX_WIDTH}" '
        f'height="{BOX_HEIGHT}"/><text x="{x}" y="{y + 5}">{node.value.replace("_", " ")}</text></g>'
    )


def _way(source: Node, target: Node, edges: list[Edge], *, deadline: bool) -> str:
    start, end = PLACES[source], PLACES[target]
    bow = BENDS.get((source, target), 0) + _apart(source, target, deadline=deadline)
    length = max(1.0, ((end[0] - start[0]) ** 2 + (end[1] - start[1]) ** 2) ** 0.5)
    middle = ((start[0] + end[0]) / 2, (start[1] + end[1]) / 2)
    bend = (middle[0] - (end[1] - start[1]) / length * bow, middle[1] + (end[0] - start[0]) / length * bow)
    first, last = _border(start, bend), _border(end, bend)
    text = _along(first, bend, last, LABELS.get((source, target), 0.5))
    curve = f"M{first[0]:.0f} {first[1]:.0f}Q{bend[0]:.0f} {bend[1]:.0f} {last[0]:.0f} {last[1]:.0f}"
    return (
        f'<g class="way{" deadline" if deadline else ""}"><path d="{curve}" marker-end="url(#tip)"/>'
        f"{_written(list(map(label, edges)), text)}</g>"
    )


def _written(labels: list[str], at: tuple[float, float]) -> str:
    """What stands on a way, in several lines where it is much."""
    lines = [labels[0]]
    for more in labels[1:]:
        joined = f"{lines[-1]}, {more}"
        lines = [*lines[:-1], joined] if len(joined) <= LETTERS else [*lines[:-1], f"{lines[-1]},", more]
    top = at[1] + 4 - (len(lines) - 1) * LINE / 2
    return "".join(
        f'<text x="{at[0]:.0f}" y="{top + number * LINE:.0f}">{escape(line)}</text>'
        for number, line in enumerate(lines)
    )


def _along(
    first: tuple[float, float], bend: tuple[float, float], last: tuple[float, float], t: float
) -> tuple[float, float]:
    """The point of the curve at `t` (0 to 1)."""
    x, y = ((1 - t) ** 2 * a + 2 * t * (1 - t) * b + t * t * c for a, b, c in zip(first, bend, last, strict=True))
    return x, y


def _apart(source: Node, target: Node, *, deadline: bool) -> int:
    """A command and a deadline between the same two places lie side by side."""
    both = {not edge.who for edge in moving() if (edge.source, edge.target) == (source, target) and not edge.by_policy}
    return 0 if len(both) == 1 else 46 if deadline else -46


def _border(centre: tuple[int, int], towards: tuple[float, float]) -> tuple[float, float]:
    """Where the line from a box's centre leaves the box, with a little room."""
    across, down = towards[0] - centre[0], towards[1] - centre[1]
    reach = min(
        (BOX_WIDTH / 2 + 3) / abs(across) if across else float("inf"),
        (BOX_HEIGHT / 2 + 3) / abs(down) if down else float("inf"),
    )
    return centre[0] + across * reach, centre[1] + down * reach
