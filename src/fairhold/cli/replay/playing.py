"""Playing history: commands into the real engine, each at its own time, and whatever falls due in between."""

from collections.abc import Callable, Iterator, Sequence

from fairhold.cli.replay.rows import Row, Skipped
from fairhold.cli.replay.script import Happening, Step, Terms, happenings, later, placing, policy_for_history
from fairhold.cli.stopping import Stop
from fairhold.domain.ids import OrderId
from fairhold.domain.instants import Duration, Instant, after, days
from fairhold.domain.liveness import longest_path
from fairhold.domain.policy import Policy
from fairhold.domain.reasons import Reason, Refusal
from fairhold.engine.installation.clock import VirtualClock
from fairhold.engine.kernel.envelope import Answer, Envelope
from fairhold.engine.kernel.sweeper import submit_patiently
from fairhold.wiring import Application

Progress = Callable[[int, int], None]
"""Called with how many happenings are done, and how many there are."""

WINDOW = 1000
"""Happenings that go to the engine together; what falls due among them fires at its own time all the same."""

_TOO_LATE = frozenset(
    {Reason.ORDER_CLOSED, Reason.ALREADY_REFUNDED, Reason.ALREADY_CONFIRMED, Reason.NOT_PAID, Reason.NOT_SHIPPED,
     Reason.UNKNOWN_SHIPMENT}
)  # fmt: skip
"""Refusals that history may meet: a deadline had ended the order before its payment or its parcel came."""


class Playing:
    """One run of history under one policy. `orders` are the ids that the rows' orders got, by place in `rows`."""

    def __init__(
        self, app: Application, clock: VirtualClock, rows: Sequence[Row], policy: Policy, terms: Terms
    ) -> None:
        self._app = app
        self._clock = clock
        self._rows = rows
        self._policy = policy_for_history(policy, terms)
        self._terms = terms
        self.orders: dict[int, OrderId] = {}
        self.refused: list[Skipped] = []

    def run(self, progress: Progress) -> None:
        """Play everything, then let time pass until no deadline is left."""
        story = happenings(self._rows)
        done = 0
        progress(done, len(story))
        for window in _windows(story):
            self._place([one for one in window if one.step is Step.PLACE])
            self._go_on([one for one in window if one.step is not Step.PLACE])
            self._let_pass(window[-1].at)
            done += len(window)
            progress(done, len(story))
        self._let_everything_pass()

    def _place(self, window: Sequence[Happening]) -> None:
        envelopes = []
        for one in window:
            command, buyer = placing(self._rows[one.row], self._policy, self._terms)
            envelopes.append(Envelope(None, command, buyer, source="replay", at=one.at))
        for one, outcome in zip(window, self._submit(envelopes), strict=True):
            if isinstance(outcome, Refusal):
                row = self._rows[one.row]
                self.refused.append(Skipped(row.line, f"it cannot be placed: {outcome.reason} ({outcome.field})"))
            else:
                self.orders[one.row] = outcome.order.id

    def _go_on(self, window: Sequence[Happening]) -> None:
        known = [one for one in window if one.row in self.orders]
        envelopes = []
        for one in known:
            order = self.orders[one.row]
            command, actor = later(one.step, self._rows[one.row], order, one.at, self._terms)
            envelopes.append(Envelope(order, command, actor, source="replay", at=one.at))
        for one, outcome in zip(known, self._submit(envelopes), strict=True):
            if isinstance(outcome, Refusal) and outcome.reason not in _TOO_LATE:
                line = self._rows[one.row].line
                raise Stop(f"Line {line}: the engine refused to {one.step.name.lower()} the order: {outcome.reason}.")

    def _submit(self, envelopes: Sequence[Envelope]) -> Iterator[Answer | Refusal]:
        for outcome in submit_patiently(self._app.engine, envelopes):
            if isinstance(outcome, Exception):
                raise outcome
            yield outcome

    def _let_pass(self, to: Instant) -> None:
        """Go on to `to`: every deadline until then fires, every refund is carried out as of its own time."""
        if to > self._clock.now():
            self._clock.move_to(to)
        while self._app.sweeper.once() + self._app.courier.once(at_own_time=True):
            continue

    def _let_everything_pass(self) -> None:
        """Go on by the longest way that an order can take under the policy: by then nothing is open."""
        longest = sum(step.length for step in longest_path(self._policy))
        self._let_pass(after(self._clock.now(), Duration(longest + days(self._terms.payment_days))))


def _windows(story: Sequence[Happening]) -> Iterator[Sequence[Happening]]:
    for start in range(0, len(story), WINDOW):
        yield story[start : start + WINDOW]
