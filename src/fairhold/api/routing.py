"""From a method and a path to a row of the table, in a few dictionary look-ups."""

from typing import NamedTuple

from fairhold.api.problems import Problem
from fairhold.api.rows import Route
from fairhold.words.faults import Fault

OF_ORDER = ("dispute", "chargeback")
"""What carries the name of its order before a dash, so that the order is found without asking."""
WITH_SLASHES = frozenset({"sku"})
"""Names that may be of several segments: all but the one fixed segment behind them."""


class Found(NamedTuple):
    """A row and the names that the path filled in."""

    route: Route
    names: dict[str, str]


class _Node:
    __slots__ = ("fixed", "methods", "name", "named")

    def __init__(self) -> None:
        self.fixed: dict[str, _Node] = {}
        self.named: _Node | None = None
        self.name = ""
        self.methods: dict[str, Route] = {}


class Router:
    """Finds rows by method and path. A path of no row and a method of no row are problems of their own."""

    def __init__(self, routes: tuple[Route, ...]) -> None:
        self._root = _Node()
        for route in routes:
            node = self._root
            for segment in route.path[1:].split("/"):
                node = self._below(node, segment)
            if route.method in node.methods:
                raise ValueError(f"{route.method} {route.path} stands in the table twice")
            node.methods[route.method] = route

    @staticmethod
    def _below(node: _Node, segment: str) -> _Node:
        if not segment.startswith("{"):
            return node.fixed.setdefault(segment, _Node())
        if node.named is None:
            node.named = _Node()
            node.name = segment[1:-1]
        return node.named

    def find(self, method: str, path: str) -> Found | Problem:
        """The row for a path below `/v1`, such as `/orders/…/receipt`; HEAD is answered where GET is."""
        node = self._root
        names: dict[str, str] = {}
        if not path.startswith("/"):
            return Problem(Fault.ROUTE_NOT_FOUND)
        segments = path[1:].split("/")
        while segments:
            if len(segments) > 2 and node.name in WITH_SLASHES:
                segments = ["/".join(segments[:-1]), segments[-1]]
            segment = segments.pop(0)
            below = node.fixed.get(segment)
            if below is None:
                if node.named is None or not segment:
                    return Problem(Fault.ROUTE_NOT_FOUND)
                names[node.name] = segment
                below = node.named
            node = below
        if not node.methods:
            return Problem(Fault.ROUTE_NOT_FOUND)
        route = node.methods.get("GET" if method == "HEAD" else method)
        if route is None:
            allowed = sorted(node.methods) + (["HEAD"] if "GET" in node.methods else [])
            return Problem(Fault.METHOD_NOT_ALLOWED, headers=((b"allow", ", ".join(allowed).encode()),))
        for of_order in OF_ORDER:
            if of_order in names:
                names["order"] = names[of_order].partition("-")[0]
        return Found(route, names)
