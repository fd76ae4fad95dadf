"""The page of a dispute, for buyer and seller alike, and what is said and asked there."""

from collections.abc import Callable
from typing import NamedTuple

import msgspec
from starlette.exceptions import HTTPException
from starlette.responses import Response

from fairhold.domain.commands import (
    MAX_PHOTOS,
    AcceptOffer,
    AppealRuling,
    Command,
    DisputeCommand,
    EscalateDispute,
    SendMessage,
    WithdrawDispute,
)
from fairhold.domain.dispute import Dispute, dispute_id
from fairhold.domain.evidence import Evidence
from fairhold.domain.order import Order
from fairhold.domain.reasons import Reason, Refusal
from fairhold.web.drafts import MOST_TEXT
from fairhold.web.handlers.evidence import attached, newly_sent
from fairhold.web.long_texts import typed_text
from fairhold.web.views.dispute_page import dispute_page
from fairhold.web.views.dispute_questions import Question, accepting, appealing, escalating, withdrawing
from fairhold.web.views.parts import Note
from fairhold.web.visits import Visit, fresh_key, status_of
from fairhold.words.catalog import N_

Errors = dict[str, str]

_SAID = {
    "opened": (
        N_("The dispute is open."),
        N_("The time for these items stands still. The seller has been told and is to answer."),
    ),
    "offered": (N_("The offer is made."), N_("The other side can accept it now.")),
    "accepted": (N_("The offer is accepted."), N_("What was agreed is being carried out.")),
    "escalated": (N_("A mediator has been asked."), N_("Until the ruling you can still agree between yourselves.")),
    "withdrawn": (N_("The dispute is withdrawn."), N_("The protection time that was left runs on.")),
    "said": (N_("Sent."), ""),
    "appealed": (N_("The ruling is appealed."), N_("Another mediator rules anew. The money stays with us.")),
    "sent_back": (N_("The parcel is recorded."), N_("When the seller has the goods, they have time to look at them.")),
    "resent": (N_("The parcel is recorded."), N_("The goods are protected anew on their way to the buyer.")),
    "taken": (N_("Recorded: the goods came back."), N_("The money goes back to the buyer.")),
    "contested": (N_("A mediator has been asked."), N_("Nobody is paid before the ruling.")),
}
"""What has just happened, for `?done=`."""


def dispute_of(visit: Visit, found: Order) -> Dispute:
    """The dispute that the path names. Raises 404 where the order has none of that number."""
    position = visit.request.path_params["dispute"]
    dispute = found.dispute(dispute_id(found.id, position)) if 0 < position < 1000 else None
    if dispute is None:
        raise HTTPException(404)
    return dispute


def page(visit: Visit) -> Response:
    """The page of the dispute."""
    found = visit.order()
    return show_dispute(visit, found, dispute_of(visit, found))


def show_dispute(
    visit: Visit,
    found: Order,
    dispute: Dispute,
    note: Note | None = None,
    status: int = 200,
    errors: Errors | None = None,
    photos: tuple[str, ...] = (),
) -> Response:
    """The page, with what just happened where something did, and with what was typed where that was not taken."""
    said = _SAID.get(visit.query("done", 20)) if note is None and status == 200 else None
    if said:
        note = Note(visit.say(said[0]), visit.say(said[1]) if said[1] else "", "safe", "ok")
    view = dispute_page(visit.sight(found), dispute, visit.site.queries.history(found.id), note)
    return visit.show(
        "dispute.html",
        status,
        page=view,
        errors=errors or {},
        text=statement(visit) if errors else "",
        photos=photos,
        key=fresh_key(),
    )


def statement(visit: Visit) -> str:
    """What was written, a character more than may be, so that too much is seen as such."""
    return typed_text(visit, "text", 3 * MOST_TEXT)


def kept_photos(visit: Visit) -> tuple[str, ...]:
    """The names of photos that the form sent before."""
    return tuple(dict.fromkeys(name[:64] for name in visit.fields("photo")[:50]))


def refused(visit: Visit, refusal: Refusal) -> Response:
    """The dispute as it now is, with why nothing was done."""
    found = visit.order()
    dispute = dispute_of(visit, found)
    return show_dispute(visit, found, dispute, visit.refusal_note(refusal), status_of(refusal))


def why_not(visit: Visit, found: Order, dispute: Dispute, name: str) -> Refusal | None:
    """What keeps this person from the command just now."""
    action = visit.sight(found).dispute_action(dispute, name)
    if action is None:
        return Refusal(Reason.NOT_ALLOWED)
    return None if action.code is None else Refusal(action.code)


def give(visit: Visit, found: Order, command: Command | Refusal, done: str) -> Response:
    """Put a command and show the dispute: with `done` where it happened, with the refusal where it did not."""
    outcome = command if isinstance(command, Refusal) else visit.ask(found.id, command)
    if isinstance(outcome, Refusal):
        return refused(visit, outcome)
    return visit.go(f"{visit.sight(outcome.order).dispute_url(dispute_of(visit, outcome.order))}?done={done}")


def show_question(
    visit: Visit,
    question: Question,
    status: int = 200,
    errors: Errors | None = None,
    photos: tuple[str, ...] = (),
) -> Response:
    """A second step, with what was typed where that was not taken."""
    text = statement(visit) if errors else ""
    return visit.show("dispute_question.html", status, page=question, errors=errors or {}, text=text, photos=photos)


Build = Callable[[Visit, Order, Dispute], Question | Refusal]


def question_page(name: str, build: Build) -> Callable[[Visit], Response]:
    """The second step of the command `name`; where it cannot be given now, the dispute with the reason."""

    def asked(visit: Visit) -> Response:
        found = visit.order()
        dispute = dispute_of(visit, found)
        question = why_not(visit, found, dispute, name) or build(visit, found, dispute)
        return refused(visit, question) if isinstance(question, Refusal) else show_question(visit, question)

    return asked


def read_statement(visit: Visit, *, needed: bool) -> tuple[str | None, Errors]:
    """The text of a form, or what is wrong with it."""
    text = statement(visit)
    if not text:
        return None, {"text": visit.say(N_("Write something first."))} if needed else {}
    if len(text) > MOST_TEXT:
        return None, {"text": visit.say(N_("At most %(most)d characters, please."), most=MOST_TEXT)}
    try:
        msgspec.convert({"dispute": "", "text": text}, SendMessage)
    except msgspec.ValidationError:
        return None, {"text": visit.say(N_("There are signs in it that cannot be shown. Write it anew."))}
    return text, {}


def read_photos(visit: Visit) -> tuple[tuple[str, ...], Errors]:
    """The photos of a form, those sent before with those sent now, or what is wrong with one."""
    kept = kept_photos(visit)
    sent = newly_sent(visit, max(0, MAX_PHOTOS - len(kept)))
    if isinstance(sent, str):
        return kept, {"photos": sent}
    return tuple(dict.fromkeys((*kept, *sent))), {}


class Words(NamedTuple):
    """What a form says and shows; `errors` where something in it is wrong, and then `photos` are those to show again."""

    text: str | None
    evidence: tuple[Evidence, ...]
    photos: tuple[str, ...]
    errors: Errors


def read_words(visit: Visit, found: Order, *, needed: bool) -> Words:
    """A form's text and photos. The order may show the photos from now on."""
    photos, wrong = read_photos(visit)
    text, errors = read_statement(visit, needed=needed)
    evidence = () if wrong else attached(visit, found.id, photos)
    if evidence is None:
        evidence, photos, wrong = (), (), {"photos": visit.say(N_("One of the photos is gone. Add it again."))}
    return Words(text, evidence, photos, {**errors, **wrong})


def _accepting(visit: Visit, found: Order, dispute: Dispute) -> Question | Refusal:
    number = visit.request.path_params["number"]
    if number != len(dispute.offers):
        return Refusal(Reason.OFFER_REPLACED if 0 < number < len(dispute.offers) else Reason.UNKNOWN_OFFER)
    outcome = visit.ask(found.id, AcceptOffer(dispute=dispute.id, number=number), dry_run=True)
    if isinstance(outcome, Refusal):
        return outcome
    return accepting(visit.sight(found), dispute, dispute.offers[-1], outcome.events)


accept_page = question_page("accept_offer", _accepting)


def accept(visit: Visit) -> Response:
    """Take the offer that the page showed; a newer one is never taken in its place."""
    found, number = visit.order(), visit.request.path_params["number"]
    dispute = dispute_of(visit, found)
    if not 0 < number < 100_000:
        return refused(visit, Refusal(Reason.UNKNOWN_OFFER))
    return give(visit, found, AcceptOffer(dispute=dispute.id, number=number), "accepted")


def _withdrawing(visit: Visit, found: Order, dispute: Dispute) -> Question | Refusal:
    outcome = visit.ask(found.id, WithdrawDispute(dispute=dispute.id), dry_run=True)
    return outcome if isinstance(outcome, Refusal) else withdrawing(visit.sight(found), dispute, outcome.events)


withdraw_page = question_page("withdraw_dispute", _withdrawing)


def withdraw(visit: Visit) -> Response:
    """Take the dispute back."""
    found = visit.order()
    return give(visit, found, WithdrawDispute(dispute=dispute_of(visit, found).id), "withdrawn")


def _escalating(visit: Visit, found: Order, dispute: Dispute) -> Question:
    return escalating(visit.sight(found), dispute)


escalate_page = question_page("escalate_dispute", _escalating)


def escalate(visit: Visit) -> Response:
    """Ask for a mediator."""
    found = visit.order()
    dispute = dispute_of(visit, found)
    text, errors = read_statement(visit, needed=False)
    if errors:
        return show_question(visit, _escalating(visit, found, dispute), 422, errors)
    return give(visit, found, EscalateDispute(dispute=dispute.id, text=text), "escalated")


def _appealing(visit: Visit, found: Order, dispute: Dispute) -> Question:
    return appealing(visit.sight(found), dispute)


appeal_page = question_page("appeal_ruling", _appealing)


def appeal(visit: Visit) -> Response:
    """Ask another mediator, with what is new."""
    return put_with_photos(visit, "appeal_ruling", _appealing, AppealRuling, "appealed", needed=False)


def put_with_photos(
    visit: Visit,
    name: str,
    build: Callable[[Visit, Order, Dispute], Question],
    kind: type[DisputeCommand],
    done: str,
    *,
    needed: bool,
    **more: object,
) -> Response:
    """Give a command made of a form's text and photos; the same page again where something in them is wrong."""
    found = visit.order()
    dispute = dispute_of(visit, found)
    words = read_words(visit, found, needed=needed)
    if words.errors:
        why = why_not(visit, found, dispute, name)
        if why is not None:
            return refused(visit, why)
        return show_question(visit, build(visit, found, dispute), 422, words.errors, words.photos)
    command = kind(dispute=dispute.id, text=words.text, evidence=words.evidence, **more)  # type: ignore[call-arg]  # every kind that comes here has them
    return give(visit, found, command, done)


def say(visit: Visit) -> Response:
    """A message to everybody concerned, with photos."""
    found = visit.order()
    dispute = dispute_of(visit, found)
    words = read_words(visit, found, needed=True)
    if words.errors or words.text is None:
        return show_dispute(visit, found, dispute, None, 422, words.errors, words.photos)
    return give(visit, found, SendMessage(dispute=dispute.id, text=words.text, evidence=words.evidence), "said")
