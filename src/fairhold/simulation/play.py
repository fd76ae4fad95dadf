"""Plays steps: has people ask, processes sweep and die and time pass, and shows every step to the witness."""

import hashlib
import random
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Literal, TypeVar

import msgspec

from fairhold.access.history import history_for
from fairhold.domain.actors import SYSTEM
from fairhold.domain.commands import Command
from fairhold.domain.dispute_events import ChargebackReceived, ChargebackWon
from fairhold.domain.ids import OrderId
from fairhold.domain.instants import DAY, HOUR, MINUTE, SECOND, Duration, Instant
from fairhold.domain.order import Order
from fairhold.domain.payment_commands import RecordPayment
from fairhold.domain.reasons import Refusal
from fairhold.engine.kernel.codec import decode_event, decode_order
from fairhold.engine.kernel.envelope import Answer, Envelope, Faulty, Outcome, Unavailable
from fairhold.engine.ports.store import Batch, StoredEvent, StoreUnavailable
from fairhold.simulation.asking import asked
from fairhold.simulation.auditor import Operation
from fairhold.simulation.deals import Deal, Notebook, envelope, is_crowded, to_pay
from fairhold.simulation.goods import odd_placing, placing
from fairhold.simulation.house import House, Process
from fairhold.simulation.mishaps import MISHAPS, Crash, Fault, Mishap
from fairhold.simulation.people import buyer_of
from fairhold.simulation.plan import SAID, SKEW, Kind, Step
from fairhold.simulation.sellers import ask_operator
from fairhold.simulation.sensible import ELSEWHERE
from fairhold.simulation.witness import Witness
from fairhold.wiring import Application

T = TypeVar("T")

_LEAPS = (1, SECOND, 10 * MINUTE, HOUR, HOUR, 3 * HOUR, 6 * HOUR, 6 * HOUR, DAY, DAY, 3 * DAY)
_OF_THE_BANK: dict[str, Literal["chargeback", "given_back"]] = {
    "chargeback_received": "chargeback",
    "chargeback_won": "given_back",
}
_ODD_ORDERS = 0.06


class Stuck(AssertionError):
    """The engine did something that no store, no provider and no person can be blamed for."""


class Play:
    """A simulation on its way. `deals` by their number; `counts` is what it came across so far."""

    def __init__(self, house: House, witness: Witness) -> None:
        self.house = house
        self.witness = witness
        self.deals: dict[int, Deal] = {}
        self.counts: dict[str, Counter[str]] = {
            "events": Counter(),
            "refusals": Counter(),
            "mishaps": house.happened,
            "steps": Counter(),
        }
        self.done = 0
        self._by_id: dict[str, Deal] = {}
        self._ordered: dict[str, Command] = {}
        self._notebook = Notebook()
        self._touched: set[str] = set()
        self._taken: dict[str, int] = {}
        self._paid_pages: dict[tuple[str, int], Envelope] = {}
        self._hash = hashlib.sha256()
        self._swept: Instant | None = None
        self._turn: Sequence[Step] = ()
        house.world.state_to(witness.stated)
        house.wrote = self._wrote
        house.meanwhile = self._meanwhile

    @property
    def event_hash(self) -> str:
        """Of every event that was ever durable, in the order in which it became so."""
        return self._hash.hexdigest()

    @property
    def completed(self) -> int:
        """How many orders have run their course: nothing of them is open, and nothing will happen by itself."""
        return sum(deal.over for deal in self._by_id.values())

    def play(self, turn: Sequence[Step]) -> None:
        """What happens at once. Raises what the witness raises."""
        self._turn = turn
        first = turn[0]
        for step in turn:
            self.counts["steps"][step.kind] += 1
        if first.kind in SAID:
            self._said(turn)
        elif first.kind is Kind.TELL:
            self._tell(first)
        elif first.kind is Kind.RESTART:
            self._restart(first)
        elif first.kind is Kind.NEWS:
            self._tell_news(first)
        elif first.kind in (Kind.WAIT, Kind.WAKE):
            self._time(first)
        else:
            self._background(first)
        self.done += 1
        if self._touched:
            touched, self._touched = sorted(self._touched), set()
            self.witness.look(self.done, self.latest, touched)
        if self._swept is not None:
            self.witness.settled(self.done, self._swept)
            self._swept = None

    def finish(self) -> None:
        """Nothing more happens: buyers read what there is, and the witness looks at everything."""
        for deal in self._by_id.values():
            if deal.row is not None:
                order = decode_order(deal.row.snapshot)
                self._read_by_buyer(order)
        self.witness.finish(self.done, self.latest)

    def _read_by_buyer(self, order: Order) -> None:
        if not order.payouts:
            return
        reader = buyer_of(order)
        events = [(row.seq, decode_event(row.data)) for row in self.house.store.reader().events(order.id)]
        told = [str(event.__struct_config__.tag) for _, event in history_for(order, reader, events)]
        self.witness.shown(order.id, str(reader), told)

    @property
    def latest(self) -> Instant:
        """The latest that any process's clock may show now."""
        return Instant(self.house.clock.now() + SKEW)

    # what people say

    def _said(self, turn: Sequence[Step]) -> None:
        first = turn[0]
        process = self.house.process(first.place)
        made: list[tuple[Step, Envelope]] = []
        for step in turn:
            made += [(step, one) for one in self._envelopes(step, process)]
        made = [(step, one) for step, one in made if not self.house.world.does(one)]
        for _, one in made:
            self._takes_money(one)
        if not made:
            return
        envelopes = [one for _, one in made]
        for order in {one.order for one in envelopes if one.order is not None} & self._by_id.keys():
            self._touched.add(order)
        for _, one in made:
            if one.order is None and one.key is not None and one.key not in self._ordered:
                self._ordered[one.key] = one.command
        outcomes = self._run(process, first, lambda app: app.engine.submit_many_waiting(envelopes))
        for number, (step, one) in enumerate(made):
            self._answered(step, one, None if outcomes is None else outcomes[number])

    def _envelopes(self, step: Step, process: Process) -> list[Envelope]:
        chance = random.Random(step.chance)
        now = self.house.clock.now()
        if step.kind is Kind.PLACE:
            odd = chance.random() < _ODD_ORDERS
            ask = odd_placing(chance, now) if odd else placing(chance, now)
            made = envelope(None, ask, f"place-{step.deal}")
            return [made, made] if chance.random() < 0.05 else [made]
        if step.kind is Kind.AGAIN:
            again = self._notebook.again(chance)
            return [] if again is None else [again]
        deal = self.deals.get(step.deal)
        if deal is None or deal.row is None:
            return []
        today = process.app.policies.today
        seen = deal.seen if deal.seen is not None and chance.random() < 0.2 else deal.look(today)
        return asked(chance, step, deal.id, seen, now)

    def _answered(self, step: Step, one: Envelope, outcome: Outcome | Faulty | Unavailable | None) -> None:
        match outcome:
            case Answer():
                if step.kind is Kind.PLACE and one.order is None:
                    self._placed(step, outcome)
                if not one.dry_run:
                    self._notebook.note(one, outcome)
                    self._touched.add(outcome.order.id)
                    self.witness.acknowledged(one, outcome, self.latest)
            case Refusal():
                self.counts["refusals"][outcome.reason.name] += 1
            case Faulty():
                if self._struck is not Fault.WRITE_BROKEN:
                    raise Stuck(f"{one.command.NAME} by {one.actor} on {one.order}: {outcome}")
            case _:
                self._notebook.note(one, None)
                self.witness.unanswered(one)

    def _placed(self, step: Step, answer: Answer) -> None:
        deal = self._by_id.get(answer.order.id)
        if deal is None:
            raise Stuck(f"{answer.order.id} was acknowledged and never written")
        if step.deal not in self.deals:
            self.deals[step.deal] = deal
        if answer.order.total != deal.expected:
            raise Stuck(f"{answer.order.id} is to cost {answer.order.total}, and what was ordered {deal.expected}")

    def _takes_money(self, one: Envelope) -> None:
        """Before a provider tells us that the buyer has paid on its page, they have: once, however often we are told."""
        command = one.command
        if not isinstance(command, RecordPayment) or one.actor != SYSTEM or one.order is None:
            return
        page = (one.order, command.attempt)
        if page not in self._paid_pages:
            self._paid_pages[page] = one
            line = Operation("accepted", ELSEWHERE, command.amount, command.currency, one.order)
            self.witness.stated(line)

    def _tell(self, step: Step) -> None:
        """The provider tells once more of every page that was paid on: whatever was lost, it is known now."""
        told = [msgspec.structs.replace(one, key=None) for one in self._paid_pages.values()]
        process = self.house.process(step.place)
        outcomes = self._run(process, step, lambda app: app.engine.submit_many_waiting(told)) if told else []
        assert outcomes is not None, "nothing befalls this step"
        for one, outcome in zip(told, outcomes, strict=True):
            self._answered(step, one, outcome)
        for tell in self.house.world.all_news():
            self._by_itself(process, step, tell)

    def _tell_news(self, step: Step) -> None:
        """Something happens in the world, and some of it is told of, or of what was told of before."""
        for tell in self.house.world.news(random.Random(step.chance)):
            self._by_itself(self.house.process(step.place), step, tell)

    # what happens by itself

    def _background(self, step: Step) -> None:
        process = self.house.process(step.place)
        work: dict[Kind, Callable[[Application], object]] = {
            Kind.SWEEP: lambda app: app.sweeper.once(),
            Kind.DELIVER: lambda app: app.courier.once(),
            Kind.NIGHT: lambda app: app.background.tick(),
            Kind.PAYOUTS: lambda app: app.payouts.paymaster.once(),
            Kind.REQUEST: lambda app: ask_operator(random.Random(step.chance), app),
        }
        if self._by_itself(process, step, work[step.kind]) and step.kind is Kind.NIGHT and self.house.places == 1:
            self._swept = process.clock.now()

    def _by_itself(self, process: Process, step: Step, work: Callable[[Application], object]) -> bool:
        """Have it done; whether nothing befell it."""
        try:
            self._run(process, step, work)
        except (StoreUnavailable, Unavailable, RuntimeError):
            # As the background's own thread: it was logged, and is tried again at its next turn.
            if self._struck is None:
                raise
        return self._struck is None

    def _run(self, process: Process, step: Step, work: Callable[[Application], T]) -> T | None:
        """What the process answers, or None where it died of it."""
        mishap = None if step.mishap is None else MISHAPS[step.mishap]
        before = self.house.happened.total()
        self._struck: Mishap | None = None
        try:
            return process.run(work, mishap, step.occasion)
        except Crash:
            self._restart(step)
            return None
        finally:
            if self.house.happened.total() > before:
                self._struck = mishap

    def _restart(self, step: Step) -> None:
        off = Duration(random.Random(step.chance + 1).randint(-SKEW, SKEW))
        self.house.start(step.place, off)
        self.witness.reopened(self.done, self.latest)

    def _time(self, step: Step) -> None:
        chance, now = random.Random(step.chance), self.house.clock.now()
        to = now + chance.choice(_LEAPS)
        if step.kind is Kind.WAKE:
            wakes = [deal.row.next_deadline_at for deal in self.deals.values() if deal.row is not None]
            coming = [wake for wake in wakes if wake is not None and wake > now]
            if coming:
                to = min(coming) + chance.choice((-1, 0, 0, 0, 1))
        self.house.clock.move_to(Instant(max(now, to)))

    # what processes tell of

    def _wrote(self, batch: Batch) -> None:
        for row in batch.orders:
            self._touched.add(row.id)
            deal = self._by_id.get(row.id)
            if deal is None:
                deal = self._by_id[row.id] = Deal(OrderId(row.id), 0)
            deal.row = row
        for key in batch.keys:
            if not key.order_id and key.made in self._by_id:
                self._by_id[key.made].expected = to_pay(self._ordered[key.key])
                self._by_id[key.made].crowded = is_crowded(self._ordered[key.key])
                number = int(key.key.partition("-")[2])
                self.deals.setdefault(number, self._by_id[key.made])
        for event in batch.events:
            self._state(event)
            self.counts["events"][event.type] += 1
            self._hash.update(f"{event.order_id} {event.seq} {event.by} {event.at} ".encode())
            self._hash.update(event.data)

    def _state(self, event: StoredEvent) -> None:
        """What the buyer's bank knows of by itself: it took the money, or gave it back."""
        kind = _OF_THE_BANK.get(event.type)
        if kind is None:
            return
        deal = self._by_id[event.order_id]
        assert deal.row is not None, "it was just written"
        told = decode_event(event.data)
        assert isinstance(told, ChargebackReceived | ChargebackWon), "the table names no others"
        amount = self._taken.setdefault(told.chargeback, getattr(told, "amount", 0))
        self.witness.stated(Operation(kind, told.chargeback, amount, deal.row.currency, event.order_id))

    def _meanwhile(self, process: Process) -> None:
        """Another process is faster with what this one has just loaded."""
        others = [other for other in self.house.living() if other is not process]
        step = self._turn[0]
        if not others or step.deal < 0:
            return
        chance = random.Random(step.chance + 2)
        other = chance.choice(others)
        again = Step(Kind.ASK, step.chance + 3, step.deal, other.number)
        for one in self._envelopes(again, other):
            outcome = other.app.engine.submit_many_waiting([one])[0]
            self._answered(again, one, outcome)


__all__ = ["Play", "Stuck"]
