"""A review that is being written: what its form says, as it was written, and what is wrong with it.

The form carries everything with it, so that adding a photo, or a fault in one field, loses nothing in another.
"""

from collections.abc import Iterable
from dataclasses import replace

from fairhold.domain.actors import Role
from fairhold.domain.commands import MAX_PHOTOS
from fairhold.domain.evidence import Evidence
from fairhold.domain.ids import LineId
from fairhold.domain.order import Order
from fairhold.domain.reasons import Refusal
from fairhold.domain.review import MAX_RATING, Criterion, ReviewId
from fairhold.domain.review_commands import LineStars, WriteReview
from fairhold.domain.review_events import ReviewWritten, Said
from fairhold.domain.rules.reviews import write_review
from fairhold.engine.intake.screened import screened
from fairhold.web.handlers.evidence import attached, newly_sent
from fairhold.web.handlers.reviews_texts import text_fault, written
from fairhold.web.views.reviews_form import Piece, ReviewDraft
from fairhold.web.visits import Visit
from fairhold.words.catalog import N_

Errors = dict[str, str]
"""What is wrong, by the field at fault."""


def rated_lines(visit: Visit, found: Order) -> tuple[LineId, ...]:
    """The lines that a review of this order may rate, where there is more than one; none for a seller."""
    if visit.who().role is not Role.BUYER:
        return ()
    outcome = write_review(found, WriteReview(rating=MAX_RATING), visit.who(), visit.now, ReviewId(""))
    if isinstance(outcome, Refusal):
        return ()
    lines = tuple(line.line for event in outcome if isinstance(event, ReviewWritten) for line in event.lines)
    return lines if len(lines) > 1 else ()


def begun(visit: Visit, found: Order) -> ReviewDraft:
    """An empty draft of this person's review."""
    buys = visit.who().role is Role.BUYER
    return ReviewDraft(
        criteria=dict.fromkeys(Criterion) if buys else {},
        products=dict.fromkeys(rated_lines(visit, found), Piece()),
    )


def draft_of_form(visit: Visit, lines: Iterable[LineId]) -> ReviewDraft:
    """The draft that the form carries. A box that is not ticked is told apart from one that the form did not have."""
    buyer = visit.who().role is Role.BUYER
    return ReviewDraft(
        deal=_piece(visit, ""),
        criteria={criterion: _stars(visit, criterion.value) for criterion in Criterion} if buyer else {},
        anonymous=bool(visit.field("anonymous", 5)) or not visit.field("anonymous_asked", 5),
        products={line: _piece(visit, f"-{line}") for line in lines},
        photos_for=visit.field("photos_for", 64),
    )


def draft_of_said(said: Said, lines: Iterable[LineId], *, buys: bool, rises: bool) -> ReviewDraft:
    """The draft with which a revision begins: what was said last; where it has to rise, without the stars."""
    own = {line.line: line for line in said.lines if line.own}
    return ReviewDraft(
        deal=Piece(None if rises else said.rating, said.text or "", tuple(photo.id for photo in said.photos)),
        criteria={criterion: getattr(said, criterion.value) for criterion in Criterion} if buys else {},
        anonymous=said.anonymous,
        products={
            line: Piece(own[line].rating, own[line].text or "", tuple(photo.id for photo in own[line].photos))
            if line in own
            else Piece()
            for line in lines
        },
    )


def _piece(visit: Visit, ending: str) -> Piece:
    photos = dict.fromkeys(name[:64] for name in visit.fields(f"photo{ending}")[:50])
    photos.pop(visit.field(f"remove{ending}", 64), None)
    return Piece(_stars(visit, f"rating{ending}"), written(visit, f"text{ending}"), tuple(photos))


def _stars(visit: Visit, name: str) -> int | None:
    text = visit.field(name, 2)
    return int(text) if text in {str(number) for number in range(1, MAX_RATING + 1)} else None


def with_files(visit: Visit, draft: ReviewDraft) -> tuple[ReviewDraft, Errors]:
    """The draft with the photos that just came, and what was wrong with a file."""
    errors: Errors = {}

    def filled(piece: Piece, ending: str) -> Piece:
        too_many = visit.say(N_("At most %(most)d photos here."), most=MAX_PHOTOS)
        sent = newly_sent(visit, max(0, MAX_PHOTOS - len(piece.photos)), f"files{ending}", too_many)
        if isinstance(sent, str):
            errors[f"photos{ending}"] = sent
            return piece
        return replace(piece, photos=tuple(dict.fromkeys((*piece.photos, *sent))))

    deal = filled(draft.deal, "")
    products = {line: filled(piece, f"-{line}") for line, piece in draft.products.items()}
    return replace(draft, deal=deal, products=products), errors


def faults(visit: Visit, found: Order, draft: ReviewDraft) -> Errors:
    """Everything that is wrong with the draft, each fault at its field."""
    errors: Errors = {}
    if draft.deal.rating is None:
        errors["rating"] = visit.say(N_("Choose the stars for the whole deal: a review needs them."))
    for ending, piece in _pieces(draft):
        fault = text_fault(visit, found, piece.text) if piece.text else ""
        if fault:
            errors[f"text{ending}"] = fault
        if len(piece.photos) > MAX_PHOTOS:
            errors[f"photos{ending}"] = visit.say(N_("At most %(most)d photos here."), most=MAX_PHOTOS)
        elif attached(visit, found.id, piece.photos) is None:
            errors[f"photos{ending}"] = visit.say(N_("One of the photos is gone. Take it out and add it again."))
    return errors


def _pieces(draft: ReviewDraft) -> Iterable[tuple[str, Piece]]:
    yield "", draft.deal
    for line, piece in draft.products.items():
        yield f"-{line}", piece


def command_fields(visit: Visit, found: Order, draft: ReviewDraft) -> dict[str, object]:
    """What a command to write or to revise takes from a draft without faults. The order may show the photos from now on."""
    assert draft.deal.rating is not None, "the faults have been looked at"
    text = draft.deal.text or None
    return {
        "rating": draft.deal.rating,
        **{criterion.value: stars for criterion, stars in draft.criteria.items()},
        "text": text,
        "photos": _evidence(visit, found, draft.deal),
        "anonymous": draft.anonymous,
        "lines": tuple(
            # Words without stars of their own go with those of the deal.
            LineStars(
                id=line,
                rating=piece.rating or draft.deal.rating,
                text=piece.text or None,
                photos=_evidence(visit, found, piece),
                screened=screened(piece.text or None),
            )
            for line, piece in draft.products.items()
            if not piece.empty
        ),
        "screened": screened(text),
    }


def _evidence(visit: Visit, found: Order, piece: Piece) -> tuple[Evidence, ...]:
    evidence = attached(visit, found.id, piece.photos)
    assert evidence is not None, "the faults have been looked at"
    return evidence


def texts_of(draft: ReviewDraft) -> tuple[str, ...]:
    """All that was written."""
    return tuple(piece.text for _, piece in _pieces(draft) if piece.text)
