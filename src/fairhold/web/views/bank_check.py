"""What a word about a bank transfer would do, before it is said."""

from fairhold.domain.ids import OrderId, order_number
from fairhold.engine.ports.bank import INCOMING, Said, Task, TaskKind, Word
from fairhold.web.views.bank import Cashier, task_url
from fairhold.web.views.deeds import Deed
from fairhold.web.views.parts import Fact
from fairhold.words.catalog import N_


def deed_of(cashier: Cashier, task: Task, word: Word, *, back: bool, two: bool, said: dict[str, str]) -> Deed:
    """The word as a deed; `said` is how the form has it. `back`: the bank sent back what the task had sent."""
    came_back = back or (task.kind is TaskKind.RETURN and word.said is Said.CAME)
    amount = task.amount if word.said is Said.SENT else word.amount
    facts = [Fact(cashier.say(N_("Order")), order_number(OrderId(task.order)))]
    if word.said is Said.NOT_DONE:
        facts.append(Fact(cashier.say(N_("Why")), word.why))
    else:
        facts.append(Fact(cashier.say(N_("Sum")), cashier.sum(task, amount)))
        facts.append(Fact(cashier.say(N_("The bank's reference")), "", word.reference))
    two = two and not task.awaits_second
    waits = cashier.say(N_("The sum is large: nothing moves until another operator has said the same."))
    if came_back:
        text = (waits, *_returned(cashier, task, amount, final=False)) if two else _returned(cashier, task, amount)
    else:
        text = (waits,) if two else (_consequence(cashier, task, word, amount),)
    return Deed(
        title=_question(cashier, task, word, back=came_back, amount=amount),
        text=text,
        facts=tuple(facts),
        url=f"{task_url(task.id)}/words",
        back=task_url(task.id),
        button=_button(cashier, word, back=came_back),
        fields=tuple(said.items()),
    )


def withdrawal_of(cashier: Cashier, task: Task) -> Deed:
    """Taking back the word that waits for a second one, as a deed."""
    return Deed(
        title=cashier.say(N_("Take the word back?")),
        text=(cashier.say(N_("It has moved nothing. What was written is gone, and two people have to say it anew.")),),
        facts=(
            Fact(cashier.say(N_("Order")), order_number(OrderId(task.order))),
            Fact(cashier.say(N_("Sum")), cashier.sum(task, task.amount)),
            *cashier.first_word(task),
        ),
        url=f"{task_url(task.id)}/withdrawal",
        back=task_url(task.id),
        button=cashier.say(N_("Take it back")),
    )


def _question(cashier: Cashier, task: Task, word: Word, *, back: bool, amount: int) -> str:
    shown = cashier.sum(task, amount)
    if back:
        return cashier.say(N_("Did %(sum)s come back from the bank?"), sum=shown)
    if word.said is Said.CAME:
        return cashier.say(N_("Did %(sum)s come?"), sum=shown)
    if word.said is Said.SENT:
        return cashier.say(N_("Was %(sum)s sent?"), sum=shown)
    failed = N_("Did the money not come?") if task.kind in INCOMING else N_("Can it not be sent?")
    return cashier.say(failed)


def _returned(cashier: Cashier, task: Task, amount: int, *, final: bool = True) -> tuple[str, ...]:
    """What is true once money is back; of less than was sent, who bears the rest."""
    learns = cashier.say(N_("The order learns that this money is with us again. That cannot be taken back."))
    if amount == task.amount:
        return (learns,) if final else ()
    short = cashier.say(
        N_(
            "%(missing)s is missing: whoever was to get the money still gets all of it, %(whole)s is owed again. What is "
            "missing stays open in reconciliation, as a difference to be explained."
        ),
        missing=cashier.sum(task, task.amount - amount),
        whole=cashier.sum(task, task.amount),
    )
    return (learns, short) if final else (short,)


def _consequence(cashier: Cashier, task: Task, word: Word, amount: int) -> str:
    if word.said is Said.NOT_DONE:
        failed = {
            TaskKind.PAYMENT: N_("The buyer can pay again, in another way or in this one."),
            TaskKind.TRANSFER: N_(
                "The order learns it, and the money is due to the seller again. Do not send this transfer any more."
            ),
            TaskKind.REFUND: N_(
                "The order learns it, and the refund waits for a person, who sends it again or pays it in another way. Do not "
                "send this transfer any more."
            ),
            TaskKind.RETURN: N_("What had been sent stays sent. It can still be said to have come back."),
        }
        return cashier.say(failed[task.kind])
    if task.kind is TaskKind.PAYMENT and amount != task.amount:
        return cashier.say(
            N_("%(asked)s was asked for. Another sum does not pay the order: it goes back to the buyer."),
            asked=cashier.sum(task, task.amount),
        )
    if word.said is Said.CAME:
        return cashier.say(N_("The order learns at once that it is paid. That cannot be taken back."))
    return cashier.say(N_("The order learns at once that the money is on its way. That cannot be taken back."))


def _button(cashier: Cashier, word: Word, *, back: bool) -> str:
    if back:
        return cashier.say(N_("It came back"))
    deeds = {
        Said.CAME: N_("Yes, it is on our account"),
        Said.SENT: N_("Yes, it has been sent"),
        Said.NOT_DONE: N_("Say so"),
    }
    return cashier.say(deeds[word.said])
