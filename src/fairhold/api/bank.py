"""`/bank/tasks`: bank transfers that people see to, and what they say of them."""

from fairhold.api.acting import Given
from fairhold.api.bank_bodies import BankReturn, BankWord
from fairhold.api.moments import moment
from fairhold.api.parameters import ON_A_PAGE
from fairhold.api.parts import Call, Parts
from fairhold.api.problems import Problem
from fairhold.api.shapes import Out
from fairhold.api.webhook_bodies import Nothing
from fairhold.api.wire_bank import BankTaskList, BankTaskOut, BankWordOut
from fairhold.domain.instants import Instant
from fairhold.domain.money import Currency, Money
from fairhold.domain.reasons import Refusal
from fairhold.engine.payments.bank_words import Unsaid, two_wanted
from fairhold.engine.ports.bank import Place, Said, Shelf, Task, Word
from fairhold.words.dates import rfc3339
from fairhold.words.faults import Fault

Answer = Out | Problem | Refusal

_UNSAID = {
    Unsaid.NOT_FOUND: Problem(Fault.BANK_TASK_NOT_FOUND),
    Unsaid.OWN_ORDER: Problem(Fault.BANK_OWN_ORDER),
    Unsaid.NOT_OF_THIS: Problem(Fault.INVALID_VALUE, "said", "choice"),
    Unsaid.SUM: Problem(Fault.INVALID_VALUE, "amount", "bank sum"),
    Unsaid.REFERENCE: Problem(Fault.MISSING_FIELD, "reference"),
    Unsaid.WHY: Problem(Fault.MISSING_FIELD, "why"),
    Unsaid.ANOTHER_WORD: Problem(Fault.BANK_ANOTHER_WORD),
    Unsaid.SETTLED: Problem(Fault.BANK_SETTLED),
}


def listed(parts: Parts, call: Call) -> Answer:
    """A part of the list."""
    shelf = call.query.get("state", Shelf.OPEN)
    behind = None
    if "cursor" in call.query:
        position = parts.cursors.read(f"bank/{shelf}", call.query["cursor"])
        if position is None:
            return Problem(Fault.INVALID_CURSOR, "cursor")
        at, _, name = position.partition(" ")
        behind = Place(Instant(int(at)), name)
    limit = call.query.get("limit", ON_A_PAGE)
    found = parts.bank.shelf(shelf, behind, limit + 1)
    more = None
    if len(found) > limit:
        last = found[limit - 1]
        more = parts.cursors.write(f"bank/{shelf}", f"{last.asked_at} {last.id}")
    return BankTaskList([_out(parts, call, task) for task in found[:limit]], more)


def one(parts: Parts, call: Call) -> Answer:
    """One transfer."""
    return _answer(parts, call, parts.bank.task(call.names["task"]) or Unsaid.NOT_FOUND)


def say(parts: Parts, call: Call, given: Given[BankWord] | Problem) -> Answer:
    """A person's word."""
    wrong = _first(parts, call, given)
    if wrong is not None or isinstance(given, Problem):
        return wrong or _UNSAID[Unsaid.NOT_FOUND]
    body = given.body
    word = Word(body.said, body.amount, body.reference.strip(), body.why.strip())
    return _answer(parts, call, parts.bank.say(call.names["task"], call.actor, word))


def take_back(parts: Parts, call: Call, given: Given[Nothing] | Problem) -> Answer:
    """The first word is taken back."""
    wrong = _first(parts, call, given)
    return wrong or _answer(parts, call, parts.bank.take_back(call.names["task"], call.actor))


def came_back(parts: Parts, call: Call, given: Given[BankReturn] | Problem) -> Answer:
    """The bank sent back what had been sent."""
    wrong = _first(parts, call, given)
    if wrong is not None or isinstance(given, Problem):
        return wrong or _UNSAID[Unsaid.NOT_FOUND]
    amount, reference = given.body.amount, given.body.reference.strip()
    return _answer(parts, call, parts.bank.came_back(call.names["task"], call.actor, amount, reference))


def _first(parts: Parts, call: Call, given: object) -> Problem | None:
    """What is answered before the word is looked at: there is no such task, or the request cannot be read."""
    if parts.bank.task(call.names["task"]) is None:
        return _UNSAID[Unsaid.NOT_FOUND]
    return given if isinstance(given, Problem) else None


def _answer(parts: Parts, call: Call, done: Task | Unsaid) -> Answer:
    return _UNSAID[done] if isinstance(done, Unsaid) else _out(parts, call, done)


def _out(parts: Parts, call: Call, task: Task) -> BankTaskOut:
    word = task.word
    return BankTaskOut(
        id=task.id,
        kind=task.kind,
        state=task.state,
        order=task.order,
        number=task.number,
        amount=Money(task.amount, Currency(task.currency)),
        asked_at=rfc3339(task.asked_at),
        awaits_second=task.awaits_second,
        two_people=two_wanted(task, word or Word(Said.NOT_DONE), parts.bank.two_from),
        account=task.account or None,
        about=task.about or None,
        until=moment(task.until),
        word=_word(task, whole=not task.awaits_second or task.first_by == str(call.actor)),
        settled_at=moment(task.settled_at),
    )


def _word(task: Task, *, whole: bool) -> BankWordOut | None:
    """What was said. Whoever is to be the second person writes what they see themselves: a shown slip is a confirmed one."""
    if task.said is None or task.first_by is None or task.first_at is None:
        return None
    moved = task.said is not Said.NOT_DONE
    return BankWordOut(
        said=task.said,
        first_by=task.first_by,
        first_at=rfc3339(task.first_at),
        amount=Money(task.sum, Currency(task.currency)) if whole and moved else None,
        reference=(task.reference or None) if whole else None,
        why=(task.why or None) if whole else None,
        second_by=task.second_by,
        second_at=moment(task.second_at),
    )
