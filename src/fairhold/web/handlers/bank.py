"""Bank transfers: where operators say what came and went, and the page that tells a buyer how to pay."""

from starlette.exceptions import HTTPException
from starlette.responses import Response

from fairhold.domain.instants import Instant
from fairhold.engine.payments.bank_words import Unsaid, two_wanted
from fairhold.engine.ports.bank import LONGEST_REFERENCE, LONGEST_WHY, Place, Said, Shelf, Task, TaskKind, Word
from fairhold.web.sums import LONGEST, read_sum
from fairhold.web.views.bank import FIELD_ERRORS, FOLDER, SHELVES, Cashier, pay_page, task_url
from fairhold.web.views.bank_check import deed_of, withdrawal_of
from fairhold.web.views.parts import Note
from fairhold.web.visits import Visit
from fairhold.words.catalog import N_

PER_PAGE = 25
BACK = "came_back"
"""What is said of a transfer that the bank sent back; the other words are those of `Said`."""
_WORDS = (*(said.value for said in Said), BACK)
_SAID = {
    "said": N_("Noted. The order knows."),
    "first": N_("Your word is noted. Another operator has to say the same."),
    "taken": N_("The word is taken back. Nothing has moved."),
}


def _cashier(visit: Visit) -> Cashier:
    return Cashier(visit.who(), visit.now, visit.reader, visit.site.directory)


def _task(visit: Visit) -> Task:
    found = visit.site.bank.task(visit.request.path_params["task"])
    if found is None:
        raise HTTPException(404)
    return found


def listing(visit: Visit) -> Response:
    """What waits for somebody, what is done, and what came to nothing."""
    bank, cashier, wanted = visit.site.bank, _cashier(visit), visit.query("q", 40).upper()
    if wanted:
        found = bank.task(wanted)
        if found is not None:
            return visit.go(task_url(found.id))
    asked = visit.query("state", 10)
    shelf = Shelf(asked) if asked in SHELVES else Shelf.OPEN
    tasks = bank.shelf(shelf, _place(visit.query("after", 60)), PER_PAGE + 1)
    further = ""
    if len(tasks) > PER_PAGE:
        last = tasks[PER_PAGE - 1]
        further = f"{FOLDER}?state={shelf.value}&after={last.asked_at}.{last.id}"
    rows = [cashier.row(task) for task in tasks[:PER_PAGE]]
    return visit.show(
        "bank_tasks.html",
        rows=rows,
        shelves=[(one.value, visit.say(name), one is shelf) for one, name in SHELVES.items()],
        nothing=None if rows else cashier.nothing(shelf),
        missed=wanted,
        waited=visit.say(N_("Waits") if shelf is Shelf.OPEN else N_("Asked for")),
        further=further,
        folder=FOLDER,
    )


def _place(text: str) -> Place | None:
    at, _, name = text.partition(".")
    return Place(Instant(int(at)), name) if at.isascii() and at.isdigit() and len(at) < 19 else None


def page(visit: Visit) -> Response:
    """One transfer."""
    text = _SAID.get(visit.query("done", 10))
    return _page(visit, _task(visit), Note(visit.say(text), "", "safe", "ok") if text else None)


def _page(
    visit: Visit,
    task: Task,
    note: Note | None = None,
    errors: dict[str, str] | None = None,
    *,
    shown: bool = False,
    status: int = 200,
) -> Response:
    bank = visit.site.bank
    two = two_wanted(task, task.word or Word(Said.NOT_DONE), bank.two_from)
    paid = bank.task(task.about) if task.about else None
    return visit.show(
        "bank_task.html",
        status,
        page=_cashier(visit).page(task, paid, two=two, shown=shown),
        note=note,
        errors=errors or {},
        typed={name: visit.field(name, 200) for name in ("said", "amount", "reference", "why")},
        folder=FOLDER,
    )


def _typed(visit: Visit, task: Task) -> Word | Unsaid:
    """What the form says, as a word; which field is wrong."""
    said, reference, why = visit.field("said", 20), visit.field("reference", 500), visit.field("why", 1000)
    if said not in _WORDS:
        return Unsaid.NOT_OF_THIS
    if said == Said.NOT_DONE:
        return Word(Said.NOT_DONE, why=why) if _fits(why, LONGEST_WHY) else Unsaid.WHY
    amount = 0
    if said in (Said.CAME, BACK):
        read = read_sum(visit.field("amount", LONGEST + 1), task.currency)
        if not read or (task.kind is not TaskKind.PAYMENT and read > task.amount):
            return Unsaid.SUM
        amount = read
    if not _fits(reference, LONGEST_REFERENCE):
        return Unsaid.REFERENCE
    return Word(Said.SENT if said == Said.SENT else Said.CAME, amount, reference)


def _fits(text: str, longest: int) -> bool:
    return 0 < len(text) <= longest and text.isprintable()


def check(visit: Visit) -> Response:
    """What the word would do, before it is said."""
    task = _task(visit)
    word = _typed(visit, task)
    if isinstance(word, Unsaid):
        return _refused(visit, task, word)
    said = visit.field("said", 20)
    typed = {"said": said, "amount": visit.field("amount", LONGEST), "reference": word.reference, "why": word.why}
    two = two_wanted(task, word, visit.site.bank.two_from)
    return visit.show("deed.html", page=deed_of(_cashier(visit), task, word, back=said == BACK, two=two, said=typed))


def say(visit: Visit) -> Response:
    """The word counts. The same form sent twice says it once."""
    task = _task(visit)
    word, bank = _typed(visit, task), visit.site.bank
    if isinstance(word, Unsaid):
        return _refused(visit, task, word)
    if visit.field("said", 20) == BACK:
        done = bank.came_back(task.id, visit.who(), word.amount, word.reference)
    else:
        done = bank.say(task.id, visit.who(), word)
    if isinstance(done, Unsaid):
        return _refused(visit, _task(visit), done)
    return visit.go(f"{task_url(done.id)}?done={'first' if done.awaits_second else 'said'}")


def taking_back(visit: Visit) -> Response:
    """What taking the first word back would do."""
    task = _task(visit)
    if not task.awaits_second:
        return _refused(visit, task, Unsaid.SETTLED)
    return visit.show("deed.html", page=withdrawal_of(_cashier(visit), task))


def take_back(visit: Visit) -> Response:
    """The first word is taken back."""
    task = _task(visit)
    done = visit.site.bank.take_back(task.id, visit.who())
    return _refused(visit, task, done) if isinstance(done, Unsaid) else visit.go(f"{task_url(task.id)}?done=taken")


def _refused(visit: Visit, task: Task, why: Unsaid) -> Response:
    if why in FIELD_ERRORS:
        field, text = FIELD_ERRORS[why]
        return _page(visit, task, errors={field: visit.say(text)}, status=422)
    if why is Unsaid.NOT_OF_THIS:
        raise HTTPException(404)
    # Whoever sees something else has to see what the first person saw, to find out who is wrong.
    note = _cashier(visit).refused(why)
    status = 403 if why is Unsaid.OWN_ORDER else 409
    return _page(visit, task, note, shown=why is Unsaid.ANOTHER_WORD, status=status)


def pay(visit: Visit) -> Response:
    """How to pay by a transfer: for whoever has the address, which nobody can guess."""
    site, name = visit.site, visit.request.path_params["task"]
    task = site.bank.task(name) if site.bank.pages.opens(name, visit.request.path_params["token"]) else None
    if task is None or task.kind is not TaskKind.PAYMENT:
        raise HTTPException(404)
    response = visit.show("bank_pay.html", page=pay_page(task, site.bank_details, visit.now, visit.reader))
    response.headers["Cache-Control"] = "no-store"
    return response
