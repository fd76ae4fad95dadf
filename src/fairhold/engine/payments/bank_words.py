"""What becomes of a bank transfer when somebody says something of it, and what the order is told then. Plain functions."""

from collections.abc import Mapping
from enum import Enum, auto

from fairhold.domain.instants import Instant
from fairhold.engine.outside.payment_seen import No, Paid, PaymentSeen, RefundSeen, Seen, State, TransferSeen
from fairhold.engine.ports.bank import INCOMING, Said, Task, TaskKind, TaskState, Word

EXPIRED, CALLED_OFF = "expired", "called_off"
"""Why nobody waits for a payment any more."""


class Unsaid(Enum):
    """Why a word does not count."""

    NOT_FOUND = auto()
    OWN_ORDER = auto()
    """Whoever says it buys or sells there."""
    NOT_OF_THIS = auto()
    """Nothing is sent in a task for money that comes in, and nothing comes in the other."""
    SUM = auto()
    """No sum, or not one that this task can have."""
    REFERENCE = auto()
    """Money that moved has a reference of the bank's, money that did not has a reason."""
    WHY = auto()
    ANOTHER_WORD = auto()
    """Somebody has said something else, and that has to be taken back first."""
    SETTLED = auto()
    """What came of it is settled."""


def two_wanted(task: Task, word: Word, two_from: Mapping[str, int]) -> bool:
    """Whether another person has to say the same: the sum is large, or of a currency for which nobody said what large is."""
    return max(task.amount, word.amount) >= two_from.get(task.currency, 0)


def heard(task: Task, word: Word, by: str, now: Instant, two_from: Mapping[str, int]) -> Task | Unsaid:
    """What the task becomes when `by` says `word` of it; the same task where they have said so before."""
    wrong = _wrong(task, word)
    if wrong is not None:
        return wrong
    if by in (task.first_by, task.second_by) and same(task, word):
        return task
    if is_final(task):
        return Unsaid.SETTLED
    if task.awaits_second:
        if not same(task, word):
            return Unsaid.ANOTHER_WORD
        return _settled(task._replace(second_by=by, second_at=now), now)
    if word.said is Said.NOT_DONE and task.state is not TaskState.OPEN:
        return Unsaid.SETTLED
    said = task._replace(
        said=word.said,
        sum=_sum(task, word),
        reference="" if word.said is Said.NOT_DONE else word.reference,
        why=word.why if word.said is Said.NOT_DONE else "",
        first_by=by,
        first_at=now,
        second_by=None,
        second_at=None,
        settled_at=None,
        told_at=None,
    )
    return said if two_wanted(task, word, two_from) else _settled(said, now)


def is_final(task: Task) -> bool:
    """Whether nothing more can be said of it.

    Of money that could not be sent the order knows, and has it go out in another task: to send it after all would be to pay
    twice.
    """
    outgoing = task.kind in (TaskKind.TRANSFER, TaskKind.REFUND)
    return task.state is TaskState.DONE or (task.state is TaskState.FAILED and outgoing)


def unheard(task: Task) -> Task | Unsaid:
    """The task without the first word, which moved nothing; as it is where nothing was said, or it was taken back before."""
    if task.settled_at is not None:
        return Unsaid.SETTLED
    if not task.awaits_second:
        return task
    # Whoever takes it back says what is true now; what had become of the task before stands.
    return task._replace(said=None, sum=0, reference="", why="", first_by=None, first_at=None)


def same(task: Task, word: Word) -> bool:
    """Whether a second person says what the first did; of two reasons why nothing moved the first stands."""
    if task.said is not word.said:
        return False
    if word.said is Said.NOT_DONE:
        return True
    return (task.sum, _plain(task.reference)) == (_sum(task, word), _plain(word.reference))


def _plain(reference: str) -> str:
    """A reference as it is compared: banks and people write the same one with spaces, or in small letters."""
    return "".join(reference.split()).casefold()


def _sum(task: Task, word: Word) -> int:
    return {Said.CAME: word.amount, Said.SENT: task.amount, Said.NOT_DONE: 0}[word.said]


def _wrong(task: Task, word: Word) -> Unsaid | None:
    incoming = task.kind in INCOMING
    if word.said is (Said.SENT if incoming else Said.CAME):
        return Unsaid.NOT_OF_THIS
    if word.said is Said.NOT_DONE:
        return None if word.why else Unsaid.WHY
    if not word.reference:
        return Unsaid.REFERENCE
    if incoming:
        right = word.amount > 0 and (task.kind is TaskKind.PAYMENT or word.amount <= task.amount)
    else:
        right = word.amount in (0, task.amount)
    return None if right else Unsaid.SUM


def _settled(task: Task, now: Instant) -> Task:
    state = TaskState.FAILED if task.said is Said.NOT_DONE else TaskState.DONE
    return task._replace(state=state, settled_at=now)


def payment_seen(task: Task, now: Instant) -> PaymentSeen:
    """How it stands with a payment."""
    state, why = _of(task, No.DECLINED)
    if task.state is TaskState.CLOSED:
        state, why = State.FAILED, No.EXPIRED if task.why == EXPIRED else No.TOO_LATE
    if is_over(task, now):
        state, why = State.FAILED, No.EXPIRED
    amount = task.sum if task.state is TaskState.DONE else task.amount
    return PaymentSeen(task.order, task.number, Paid(task.id), state, amount, task.currency, 0, why)


def is_over(task: Task, now: Instant) -> bool:
    """Whether nobody has said anything of a payment in its time."""
    return (
        task.kind is TaskKind.PAYMENT
        and task.state is TaskState.OPEN
        and task.first_by is None
        and task.until is not None
        and now >= task.until
    )


def seen(task: Task, gone: Task | None, now: Instant) -> Seen:
    """What a task tells its order; of money that came back, what is now true of the task by which it had `gone`."""
    match task.kind:
        case TaskKind.PAYMENT:
            return payment_seen(task, now)
        case TaskKind.REFUND:
            state, why = _of(task, No.DECLINED)
            return RefundSeen(task.order, task.number, task.id, state, task.amount, task.currency, why)
        case TaskKind.TRANSFER:
            state, why = _of(task, No.ACCOUNT_CLOSED)
            return TransferSeen(task.order, task.number, task.id, task.amount, 0, task.currency, state, why)
    assert gone is not None, "something had been sent"
    told = seen(gone, None, now)
    if task.state is not TaskState.DONE:
        return told
    if isinstance(told, RefundSeen):
        return told._replace(state=State.FAILED, why=No.DECLINED)
    assert isinstance(told, TransferSeen)
    return told._replace(state=State.RETURNED, why=No.ACCOUNT_CLOSED)


def _of(task: Task, no: No) -> tuple[State, No | None]:
    match task.state:
        case TaskState.DONE:
            return State.DONE, None
        case TaskState.FAILED:
            return State.FAILED, no
        case _:
            return State.PENDING, None
