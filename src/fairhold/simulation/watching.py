"""Who watches a simulation that is no test of the simulator itself."""

from collections.abc import Collection

from fairhold.domain.evolve import fold
from fairhold.domain.ids import OrderId
from fairhold.domain.instants import Instant
from fairhold.engine.codec import decode_event, decode_order
from fairhold.engine.envelope import Answer, Envelope
from fairhold.simulation.house import House
from fairhold.simulation.witness import Line, Witness


class Watchman:
    """Sees that orders are the fold of their events, and that what was acknowledged is there."""

    def __init__(self, house: House) -> None:
        self._reader = house.store.reader()
        self._known: dict[str, int] = {}

    def acknowledged(self, envelope: Envelope, answer: Answer) -> None:  # noqa: ARG002 - the witness' shape
        """Remember how far it is."""
        order = answer.order
        self._known[order.id] = max(order.version, self._known.get(order.id, 0))

    def unanswered(self, envelope: Envelope) -> None:
        """Nothing follows."""

    def stated(self, line: Line) -> None:
        """Nothing follows."""

    def look(self, step: int, now: Instant, orders: Collection[str]) -> None:  # noqa: ARG002 - the witness' shape
        """Compare each with its events."""
        for order in orders:
            found = self._reader.order(OrderId(order))
            if found is None:
                assert order not in self._known, f"{order} was acknowledged and is not there"
                continue
            version, snapshot = found
            assert version >= self._known.get(order, 0), f"{order} lost events"
            events = self._reader.events(OrderId(order))
            assert fold([decode_event(row.data) for row in events]) == decode_order(snapshot), f"{order} is no fold"

    def reopened(self, step: int, now: Instant) -> None:
        """Look at everything again."""
        self.look(step, now, tuple(self._known))

    def settled(self, step: int, now: Instant) -> None:
        """Nothing follows."""

    def finish(self, step: int, now: Instant) -> None:
        """Look at everything again."""
        self.look(step, now, tuple(self._known))


def watched(house: House) -> Witness:
    """Who watches this house."""
    return Watchman(house)
