"""An auditor that shares no code with the engine: it reads rows and bytes, keeps its own simple books, and compares.

Nothing in this package may import anything else of Fairhold (import-linter holds it to that). Its rules are read anew from
the domain's description; events and snapshots are JSON to it.

How a simulator talks to it:

    auditor = Auditor(Rows(store.tables().rows))      # the database itself, past every fault that is simulated
    auditor.acknowledged(envelope, answer, now)       # each Answer that a caller was given, repeated ones too
    auditor.stated(Operation("refund", key, amount, "RUB", order=order))  # each thing the provider's statement shows
    auditor.look(step, now, orders)                   # after every step: what it wrote or may have written
    auditor.reopened(step, now)                       # after a crash: what was there is there, from the first event on
    auditor.settled(step, now)                        # after a sweep, with nothing left to deliver: nothing is overdue
    auditor.finish(step, now)                         # at the end: everything, from the first event on

`now` is the latest that any engine's clock may show in the step, in microseconds. `orders` are the ids of all orders that the
step may have written (those in each batch a writer was given, and of each answer). Of a provider's statement tell what it
*did*, whether or not anybody was told: `accepted` payments, each `refund` under the key that it was asked for under, and what
the bank took (`chargeback`) or gave back (`given_back`); with `statement=False` nothing is compared with it.

Each of these methods raises `Violated` with everything that is wrong.
"""

from fairhold.simulation.auditor.auditor import Auditor
from fairhold.simulation.auditor.invariants import STATEMENTS, Invariant, Violated, Violation
from fairhold.simulation.auditor.rows import Operation, Rows

__all__ = ["STATEMENTS", "Auditor", "Invariant", "Operation", "Rows", "Violated", "Violation"]
