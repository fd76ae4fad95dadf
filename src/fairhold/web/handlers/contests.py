"""An operator hands in evidence against a chargeback."""

from starlette.exceptions import HTTPException
from starlette.responses import Response

from fairhold.domain.reasons import Reason, Refusal
from fairhold.engine.payments.contests import Unasked
from fairhold.engine.ports.contests import LONGEST_NOTE
from fairhold.web.handlers.staff import show_order
from fairhold.web.long_texts import read_text
from fairhold.web.views.parts import Note
from fairhold.web.visits import Visit
from fairhold.words.faults import Fault
from fairhold.words.problems import fault_text

_FAULTS = {
    Unasked.NOT_CONTESTED: Fault.EVIDENCE_NOT_TAKEN,
    Unasked.TOO_LATE: Fault.TOO_LATE_FOR_EVIDENCE,
    Unasked.ANOTHER_NOTE: Fault.EVIDENCE_ASKED_BEFORE,
}


def hand_in(visit: Visit) -> Response:
    """What was asked once stays as it is, so that the same form sent twice asks once."""
    order, name = visit.order(), visit.request.path_params["chargeback"]
    note, wrong = read_text(visit, "note", LONGEST_NOTE)
    if wrong:
        return show_order(visit, order, status=422, typed=(name, note, wrong))
    done = visit.site.contests.ask(order, name, note, str(visit.who()))
    if done is Unasked.NO_CHARGEBACK:
        raise HTTPException(404)
    if done is Unasked.ENDED:
        return show_order(visit, order, visit.refusal_note(Refusal(Reason.CHARGEBACK_ENDED)), 409, (name, note, ""))
    if isinstance(done, Unasked):
        title, detail = fault_text(visit.reader.words, _FAULTS[done])
        refused = Note(title, detail, "bad", "alert", focus=True)
        return show_order(visit, order, refused, 409, (name, note, ""))
    return visit.go(f"{visit.sight(order).url}?done=evidence")
