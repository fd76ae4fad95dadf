"""Bank transfers: the operators' list, one of them with what can be said of it, and the buyer's page that says how to pay."""

from dataclasses import dataclass

from fairhold.domain.actors import Role
from fairhold.domain.ids import OrderId, PersonId, order_number
from fairhold.domain.instants import Instant, between
from fairhold.engine.payments.bank_words import Unsaid, is_final, is_over
from fairhold.engine.ports.bank import INCOMING, Said, Shelf, Task, TaskKind, TaskState
from fairhold.web.views.onlooker import Onlooker
from fairhold.web.views.parts import Empty, Fact, Note, Pill
from fairhold.words import dates
from fairhold.words.catalog import N_
from fairhold.words.faults import Fault
from fairhold.words.money import money
from fairhold.words.problems import TEXTS
from fairhold.words.reader import Reader

FOLDER = "/operator/bank"
SHELVES = {
    Shelf.OPEN: N_("To do"),
    Shelf.DONE: N_("Done"),
    Shelf.ENDED: N_("Came to nothing"),
}
_KINDS = {
    TaskKind.PAYMENT: N_("Payment from the buyer"),
    TaskKind.REFUND: N_("Refund to the buyer"),
    TaskKind.TRANSFER: N_("Transfer to the seller"),
    TaskKind.RETURN: N_("Sent back by the bank"),
}
_NOTHING = {
    Shelf.OPEN: (
        N_("No transfer waits for you"),
        N_("A transfer appears here when a buyer chooses to pay through a bank, or money has to go out."),
    ),
    Shelf.DONE: (N_("Nothing is done yet"), N_("Transfers that came or were sent are kept here.")),
    Shelf.ENDED: (
        N_("Nothing came to nothing"),
        N_("Payments that never came, and transfers that could not be sent, are kept here."),
    ),
}
_UNSAID = {
    Unsaid.OWN_ORDER: Fault.BANK_OWN_ORDER,
    Unsaid.ANOTHER_WORD: Fault.BANK_ANOTHER_WORD,
    Unsaid.SETTLED: Fault.BANK_SETTLED,
}
FIELD_ERRORS = {
    Unsaid.SUM: ("amount", N_("Write the sum as the bank's statement has it, such as 1,250.00.")),
    Unsaid.REFERENCE: (
        "reference",
        N_("Write what the bank calls this transfer: its number or line in the statement."),
    ),
    Unsaid.WHY: ("why", N_("Say why, in a few words: whoever looks next reads it.")),
}


@dataclass(frozen=True)
class TaskRow:
    """A transfer in the list; `age` where it waits for somebody's word."""

    id: str
    url: str
    kind: str
    incoming: bool
    sum: str
    order: str
    order_url: str
    age: str
    asked: str
    pill: Pill


@dataclass(frozen=True)
class TaskPage:
    """One transfer. `may_move` and the like say which forms there are; `two` says that another person has to say the same."""

    id: str
    url: str
    title: str
    lead: str
    incoming: bool
    sum: str
    order: str
    order_url: str
    pill: Pill
    facts: tuple[Fact, ...]
    words: tuple[Fact, ...]
    two: bool
    waits: Note | None
    may_move: bool
    may_fail: bool
    may_return: bool
    may_take_back: bool


@dataclass(frozen=True)
class PayPage:
    """How the buyer pays; `open`: whether they still should."""

    order: str
    sum: str
    reference: str
    details: tuple[str, ...]
    until: str
    note: Note
    open: bool
    back: str


class Cashier(Onlooker):
    """Whoever sees to bank transfers, looking at them."""

    def row(self, task: Task) -> TaskRow:
        """The transfer as a row of the list."""
        return TaskRow(
            id=task.id,
            url=task_url(task.id),
            kind=self.say(_KINDS[task.kind]),
            incoming=task.kind in INCOMING,
            sum=self.sum(task, task.amount),
            order=order_number(OrderId(task.order)),
            order_url=f"/operator/orders/{task.order}",
            age=dates.length(self.reader, between(task.asked_at, self.now)) if _waits(task) else "",
            asked=self.moment(task.asked_at),
            pill=self.pill(task),
        )

    def page(self, task: Task, paid: Task | None, *, two: bool, shown: bool) -> TaskPage:
        """The transfer with what can be said of it. `paid` is what it is of; `shown`: the first word, which is not the same."""
        incoming, open_ = task.kind in INCOMING, task.state is TaskState.OPEN
        going = task.kind in (TaskKind.REFUND, TaskKind.TRANSFER)
        return TaskPage(
            id=task.id,
            url=task_url(task.id),
            title=self.say(_KINDS[task.kind]),
            lead=self._lead(task),
            incoming=incoming,
            sum=self.sum(task, task.amount),
            order=order_number(OrderId(task.order)),
            order_url=f"/operator/orders/{task.order}",
            pill=self.pill(task),
            facts=self._facts(task, paid),
            words=self._words(task, shown or not task.awaits_second or task.first_by == str(self.actor)),
            two=two,
            waits=self._waits(task),
            may_move=not is_final(task) and not self._mine(task),
            may_fail=(open_ or (task.awaits_second and task.said is Said.NOT_DONE)) and not self._mine(task),
            may_return=going and task.state is TaskState.DONE,
            may_take_back=task.awaits_second,
        )

    def sum(self, task: Task, amount: int) -> str:
        """A sum as the statement of a bank has it."""
        return money(self.reader, amount, task.currency, minor=True)

    def pill(self, task: Task) -> Pill:
        """How it stands with it."""
        if task.awaits_second:
            return Pill(self.say(N_("A second person is needed")), "person", "turn")
        match task.state:
            case TaskState.DONE:
                done = N_("Came") if task.kind in INCOMING else N_("Sent")
                return Pill(self.say(done), "check", "safe")
            case TaskState.FAILED:
                failed = N_("Did not come") if task.kind in INCOMING else N_("Cannot be sent")
                return Pill(self.say(failed), "alert", "bad")
            case TaskState.CLOSED:
                return Pill(self.say(N_("Nobody waits for it")), "cross")
        waits = N_("Has it come?") if task.kind in INCOMING else N_("To be sent")
        return Pill(self.say(waits), "clock", "turn")

    def refused(self, why: Unsaid) -> Note:
        """Why a word does not count."""
        title, detail = TEXTS[_UNSAID.get(why, Fault.INVALID_VALUE)]
        return Note(self.say(title), self.say(detail), "bad", "alert", focus=True)

    def nothing(self, shelf: Shelf) -> Empty:
        """What is said where the list is empty."""
        title, text = _NOTHING[shelf]
        return Empty("wallet", self.say(title), self.say(text))

    def _mine(self, task: Task) -> bool:
        return task.awaits_second and task.first_by == str(self.actor)

    def _called(self, actor: str) -> str:
        role, _, who = actor.partition(":")
        return self.names.name(Role(role), PersonId(who), self.reader.language)

    def _lead(self, task: Task) -> str:
        if task.state is TaskState.DONE and task.kind is not TaskKind.RETURN:
            return ""
        leads = {
            TaskKind.PAYMENT: N_("Look for it in the bank's statement: it quotes the reference below."),
            TaskKind.REFUND: N_("Send it back to the account that the payment came from, then say so here."),
            TaskKind.TRANSFER: N_("Send it to the seller's account, quoting the reference below, then say so here."),
            TaskKind.RETURN: N_("What had been sent is on our account again."),
        }
        return self.say(leads[task.kind])

    def _facts(self, task: Task, paid: Task | None) -> tuple[Fact, ...]:
        facts = [Fact(self.say(N_("Reference that it quotes")), "", task.id)]
        if task.account:
            facts.append(Fact(self.say(N_("The seller's account")), "", task.account))
        if paid is not None and paid.reference:
            name = (
                N_("The payment's reference at the bank")
                if paid.kind is TaskKind.PAYMENT
                else N_("It had been sent as")
            )
            facts.append(Fact(self.say(name), "", paid.reference))
        facts.append(Fact(self.say(N_("Asked for")), self.moment(task.asked_at)))
        if task.until is not None:
            facts.append(Fact(self.say(N_("The order waits until")), self.moment(task.until)))
        return tuple(facts)

    def _words(self, task: Task, whole: bool) -> tuple[Fact, ...]:
        if task.said is None:
            return ()
        facts = list(self.first_word(task))
        if task.second_by and task.second_at:
            facts.append(Fact(self.say(N_("Second person")), self._by(task.second_by, task.second_at)))
        if whole and task.said is Said.NOT_DONE:
            facts.append(Fact(self.say(N_("Why")), task.why))
        elif whole:
            name = N_("Came") if task.said is Said.CAME else N_("Sent")
            facts.append(Fact(self.say(name), self.sum(task, task.sum)))
            facts.append(Fact(self.say(N_("The bank's reference")), "", task.reference))
        return tuple(facts)

    def first_word(self, task: Task) -> tuple[Fact, ...]:
        """Who said the first word, and when."""
        if task.first_by is None or task.first_at is None:
            return ()
        return (Fact(self.say(N_("First person")), self._by(task.first_by, task.first_at)),)

    def _by(self, actor: str, at: Instant) -> str:
        return f"{self._called(actor)}, {self.moment(at)}"

    def _waits(self, task: Task) -> Note | None:
        if not task.awaits_second or task.first_by is None:
            return None
        if self._mine(task):
            return Note(
                self.say(N_("Your word is noted. Nothing has moved yet.")),
                self.say(N_("The sum is large: another operator has to look at the statement and say the same.")),
                "turn",
                "clock",
            )
        return Note(
            self.say(N_("%(who)s has looked. You are the second person."), who=self._called(task.first_by)),
            self.say(
                N_("Look at the bank's statement yourself and write what you see there. Both words have to agree.")
            ),
            "turn",
            "person",
        )


def _waits(task: Task) -> bool:
    return task.state is TaskState.OPEN or task.awaits_second


def task_url(id: str) -> str:
    """The page of a transfer."""
    return f"{FOLDER}/{id}"


def pay_page(task: Task, details: str, now: Instant, reader: Reader) -> PayPage:
    """The buyer's page about their transfer."""
    open_ = task.state is TaskState.OPEN and not is_over(task, now)
    return PayPage(
        order=order_number(OrderId(task.order)),
        sum=money(reader, task.amount, task.currency, minor=True),
        reference=task.id,
        details=tuple(details.split("\n")),
        until="" if task.until is None else dates.moment(reader, task.until, now),
        note=_standing(task, open_, reader),
        open=open_,
        back=task.back,
    )


def _standing(task: Task, open_: bool, reader: Reader) -> Note:
    say = reader.words.gettext
    if task.state is TaskState.DONE:
        return Note(say(N_("The money has come.")), say(N_("Your order shows what happens next.")), "safe", "check")
    if task.awaits_second or open_:
        text = N_(
            "A person looks at our account, mostly within a working day. This page then says so, and so does your order."
        )
        return Note(say(N_("We are waiting for your transfer.")), say(text), "turn", "clock")
    return Note(
        say(N_("Nobody waits for this transfer any more.")),
        say(N_("Please do not send the money. If you have sent it, it comes back to you.")),
        "bad",
        "alert",
    )
