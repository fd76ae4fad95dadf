"""A bank account as the engine asks it: everything it is asked becomes a task for people, and their word the answer.

What it keeps are its tasks: sums, our references and the bank's. Where the money lies is said to buyers and stored nowhere; where
a seller's money goes is known to whoever sends it, under the name that we have for that account.
"""

from collections.abc import Iterator, Mapping

from fairhold.domain.instants import Instant
from fairhold.engine.installation.clock import Clock
from fairhold.engine.outside.destinations import Unreadable
from fairhold.engine.outside.payment_seen import (
    AccountSeen,
    Line,
    LineKind,
    No,
    Paid,
    PaymentSeen,
    RefundSeen,
    Seen,
    TransferSeen,
)
from fairhold.engine.outside.payments import (
    PLAIN_TERMS,
    Answer,
    EvidenceAsked,
    Page,
    PageAsked,
    PayoutAsked,
    RefundAsked,
    Refused,
    TakingBackAsked,
    TransferAsked,
)
from fairhold.engine.payments.bank_transfers import BankPages, task_name
from fairhold.engine.payments.bank_words import CALLED_OFF, EXPIRED, is_over, payment_seen, seen
from fairhold.engine.ports.bank import BANK, BankRows, Task, TaskKind, TaskState

LONGEST_ACCOUNT = 200
_TERMS = PLAIN_TERMS._replace(chargebacks=False, needs_account=False)
_SIGNS = {TaskKind.PAYMENT: 1, TaskKind.REFUND: -1, TaskKind.TRANSFER: -1, TaskKind.RETURN: 1}
_LINES = {TaskKind.PAYMENT: LineKind.PAYMENT, TaskKind.REFUND: LineKind.REFUND, TaskKind.TRANSFER: LineKind.TRANSFER}


class Bank:
    """Asks people. A question asked again is the same task, whatever its key."""

    name = BANK
    terms = _TERMS

    def __init__(self, rows: BankRows, pages: BankPages, clock: Clock) -> None:
        self._rows = rows
        self._pages = pages
        self._clock = clock

    def hang_up(self) -> None:
        """There is nobody to hang up on."""

    def open(self, asked: PageAsked, key: str) -> Page:  # noqa: ARG002 - the port's shape
        """Our own page: it says where to send the money, how much, and what to quote."""
        task = self._asked(
            Task(
                task_name(TaskKind.PAYMENT, asked.order, asked.attempt),
                TaskKind.PAYMENT,
                asked.order,
                asked.attempt,
                asked.amount,
                asked.currency,
                self._clock.now(),
                back=asked.back,
                until=asked.until,
            )
        )
        return Page(task.id, self._pages.address(task.id))

    def capture(self, paid: Paid, amount: int, currency: str, key: str) -> Answer:  # noqa: ARG002 - the port's shape
        """Money has come or has not."""
        raise Refused(No.UNSUPPORTED, "a bank transfer is never only authorized")

    def close(self, payment: str, key: str) -> None:  # noqa: ARG002 - the port's shape
        """Wait for it no longer. Money that comes all the same can still be said to have come."""
        while True:
            task = self._payment(payment)
            if task.state is TaskState.DONE:
                raise Refused(No.TOO_LATE, "it is paid")
            if task.state is not TaskState.OPEN or self._closed(task, CALLED_OFF):
                return

    def refund(self, asked: RefundAsked, key: str) -> Answer:  # noqa: ARG002 - the port's shape
        """Have somebody send it back to where it came from."""
        paid = self._payment(asked.paid.payment)
        return self._answer(self._going(TaskKind.REFUND, asked.order, asked.number, asked.amount, paid))

    def transfer(self, asked: TransferAsked, key: str) -> Answer:  # noqa: ARG002 - the port's shape
        """Have somebody send it to the seller."""
        account = _account(asked.account)
        paid = self._payment(asked.paid.payment)
        return self._answer(self._going(TaskKind.TRANSFER, asked.order, asked.number, asked.amount, paid, account))

    def take_back(self, asked: TakingBackAsked, key: str) -> Answer:  # noqa: ARG002 - the port's shape
        """What is on the seller's account is the seller's to send."""
        raise Refused(No.UNSUPPORTED, "a bank transfer cannot be taken back")

    def pay_out(self, asked: PayoutAsked, key: str) -> Answer:  # noqa: ARG002 - the port's shape
        """A transfer is one to the seller's bank."""
        raise Refused(No.UNSUPPORTED, "a transfer goes to the seller's bank at once")

    def contest(self, asked: EvidenceAsked, key: str) -> Answer:  # noqa: ARG002 - the port's shape
        """Nobody charges a bank transfer back."""
        raise Refused(No.UNSUPPORTED, "bank transfers are not charged back")

    def account(self, account: str) -> AccountSeen:
        """Whoever sends has to know the account; that there is a name for it is all that can be seen."""
        try:
            return AccountSeen(_account(account), may_be_paid=True)
        except Refused:
            return AccountSeen(account, may_be_paid=False, wanting=("account",))

    def read(self, headers: Mapping[str, str], body: bytes, address: str, now: Instant) -> tuple[Seen, ...]:  # noqa: ARG002 - the port's shape
        """Nobody notifies us: people say it."""
        raise Unreadable("nobody sends notifications of bank transfers")

    def payment(self, payment: str) -> PaymentSeen:
        """How it stands with a payment. One whose time has passed without a word is closed by looking at it."""
        task, now = self._payment(payment), self._clock.now()
        if is_over(task, now):
            self._closed(task, EXPIRED)
            task = self._payment(payment)
        return payment_seen(task, now)

    def statement(self, first: Instant, last: Instant) -> Iterator[Line]:
        """What people said came and went, by when it was settled, oldest first. The bank's own fees are not in it."""
        for task in self._rows.settled(first, last):
            assert task.settled_at is not None
            kind = _LINES.get(task.kind)
            if kind is None:
                gone = self._rows.task(task.about)
                refund = gone is not None and gone.kind is TaskKind.REFUND
                kind = LineKind.REFUND_FAILED if refund else LineKind.PAYOUT_RETURNED
            about = task.about if task.kind is TaskKind.RETURN else task.id
            yield Line(task.id, kind, _SIGNS[task.kind] * task.sum, 0, task.currency, task.settled_at, about)

    def _going(self, kind: TaskKind, order: str, number: int, amount: int, paid: Task, account: str = "") -> Task:
        if paid.state is not TaskState.DONE:
            raise Refused(No.TOO_LATE, "that money never came")
        name, now = task_name(kind, order, number), self._clock.now()
        return self._asked(Task(name, kind, order, number, amount, paid.currency, now, account, about=paid.id))

    def _asked(self, task: Task) -> Task:
        kept = self._rows.ask(task)
        if kept is None:
            raise Refused(No.TOO_MUCH, "more than is left of what came")
        if (kept.kind, kept.order, kept.number) != (task.kind, task.order, task.number):
            raise Refused(No.BROKEN, f"two tasks by the name of {task.id}")
        if (kept.amount, kept.currency, kept.account) != (task.amount, task.currency, task.account):
            raise Refused(No.BROKEN, f"{task.id} was asked for before, with another sum or account")
        return kept

    def _answer(self, task: Task) -> Answer:
        """What came of what was to be sent: if it came back, it has failed."""
        back = self._rows.task(task_name(TaskKind.RETURN, task.order, task.id))
        told = seen(task, None, self._clock.now()) if back is None else seen(back, task, self._clock.now())
        assert isinstance(told, RefundSeen | TransferSeen)
        return Answer(task.id, told.state, why=told.why)

    def _payment(self, payment: str) -> Task:
        task = self._rows.task(payment)
        if task is None or task.kind is not TaskKind.PAYMENT:
            raise Refused(No.BROKEN, f"not a payment of ours: {payment[:40]!r}")
        return task

    def _closed(self, task: Task, why: str) -> bool:
        # A word that waits for another person's stays: the money may well be there.
        kept = task.why if task.awaits_second else why
        return self._rows.change(task, task._replace(state=TaskState.CLOSED, why=kept))


def _account(account: str) -> str:
    name = account.strip()
    if not name or len(name) > LONGEST_ACCOUNT or not name.isprintable():
        raise Refused(No.ACCOUNT_CLOSED, "no name of an account")
    return name
