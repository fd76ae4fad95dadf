"""Answers of the calls on bank transfers."""

from fairhold.api.shapes import At, Out
from fairhold.domain.money import Money
from fairhold.engine.ports.bank import Said, TaskKind, TaskState


class BankWordOut(Out, frozen=True):
    """What was said of a transfer: `first_by` and, where two people are needed, `second_by`.

    While a second person is wanted only the first reads the sum, the reference and the reason: the second writes what they see.
    """

    said: Said
    first_by: str
    first_at: At
    amount: Money | None = None
    reference: str | None = None
    why: str | None = None
    second_by: str | None = None
    second_at: At | None = None


class BankTaskOut(Out, frozen=True):
    """A transfer that is to come in or go out. `id` is what it quotes.

    `about` is the payment that a refund or transfer is of, or what came back. `awaits_second`: one
    person has said the word, and another has to say the same.
    """

    id: str
    kind: TaskKind
    state: TaskState
    order: str
    number: int
    amount: Money
    asked_at: At
    awaits_second: bool
    two_people: bool
    account: str | None = None
    about: str | None = None
    until: At | None = None
    word: BankWordOut | None = None
    settled_at: At | None = None


class BankTaskList(Out, frozen=True):
    """Transfers: those that wait for a word oldest first, others newest first."""

    items: list[BankTaskOut]
    next: str | None
