"""Making the demo's past: real commands through the real engine, each decided as of the moment at which it happened."""

from collections.abc import Sequence

import msgspec

from fairhold.cli.demo.people import PEOPLE, give_addresses
from fairhold.cli.demo.pictures import picture
from fairhold.cli.demo.steps import Complaint, Deal
from fairhold.domain.actors import Actor, Role
from fairhold.domain.evidence import Evidence
from fairhold.domain.ids import OrderId, lane_of
from fairhold.domain.instants import Instant, days
from fairhold.domain.reasons import Refusal
from fairhold.engine.intake.photos import UnknownPhoto
from fairhold.engine.kernel.envelope import Answer, Envelope
from fairhold.engine.kernel.sweeper import submit_patiently
from fairhold.engine.ports.photos import Photo
from fairhold.engine.ports.reviews import StoredReport
from fairhold.wiring import Application


def make_history(app: Application, deals: Sequence[Deal]) -> None:
    """Tell all deals up to now: the first step of each together, then the second of each, and so on.

    Orders do not know of each other, so only the order of one deal's own steps matters; a handful of transactions does
    for months of trade. What fell due on the way fired at its own time, and refunds were carried out at theirs.
    """
    now = app.clock.now()
    deals = sorted(deals, key=lambda deal: -deal.placed)
    orders = [answer.order.id for answer in submit(app, [_placing(app, deal, now) for deal in deals])]
    rounds = max(len(deal.steps) for deal in deals)
    for number in range(rounds):
        submit(
            app,
            [
                _step(app, deal, number, order, now)
                for deal, order in zip(deals, orders, strict=True)
                if number < len(deal.steps)
            ],
        )
        app.courier.once(at_own_time=True)
    while app.sweeper.once() + app.courier.once(at_own_time=True):
        continue
    for deal, order in zip(deals, orders, strict=True):
        for complaint in deal.complaints:
            _complain(app, complaint, order, now)
        _talk(app, deal, order)


def settle_in(app: Application) -> None:
    """The past is told and read, as by people who look in every few days; from now on everybody gets letters."""
    now = app.clock.now()
    app.messages.notifier.remind(now)
    for person in PEOPLE:
        for actor in person.actors:
            app.messages.inbox.read_all(str(actor), Instant(now - days(2)))
    give_addresses(app.contacts)


def _placing(app: Application, deal: Deal, now: Instant) -> Envelope:
    command = deal.placing(app.policies.default, now)
    return Envelope(None, command, deal.actor(Role.BUYER), source="demo", at=Instant(now - deal.placed))


def _step(app: Application, deal: Deal, number: int, order: OrderId, now: Instant) -> Envelope:
    step = deal.steps[number]
    at, actor = Instant(now - step.ago), deal.actor(step.role)
    command = step.command(order, at)
    if step.about is not None:
        command = msgspec.structs.replace(command, review=_review(app, order, step.about))
    if step.pictures:
        kept = _evidence(app, actor, order, step.pictures)
        field = "photos" if hasattr(command, "photos") else "evidence"
        command = msgspec.structs.replace(command, **{field: kept})
    return Envelope(order, command, actor, source="demo", at=at)


def _review(app: Application, order: OrderId, side: Role) -> str:
    """The name of the review that this side wrote."""
    found = app.queries.order(order)
    return next(review.id for review in (found.reviews if found else ()) if review.by is side)


def _complain(app: Application, complaint: Complaint, order: OrderId, now: Instant) -> None:
    review = _review(app, order, Role.BUYER)
    at, reporter = Instant(now - complaint.ago), str(complaint.who)
    row = StoredReport(lane_of(order), review, reporter, complaint.reason, complaint.text, at)
    if not app.store.reports().add_report(row):
        raise AssertionError(f"the demo's complaint was not taken: {complaint}")


def _talk(app: Application, deal: Deal, order: OrderId) -> None:
    found = app.queries.order(order)
    assert found is not None, "the demo has just placed it"
    for number, (role, text) in enumerate(deal.chat):
        app.helping.desk.say(found, str(deal.actor(Role.BUYER)), deal.actor(role), text, key=f"demo-{number}")


def _evidence(app: Application, actor: Actor, order: OrderId, pictures: Sequence[str]) -> tuple[Evidence, ...]:
    kept = [app.photos.keep(actor, picture(name)) for name in pictures]
    evidence = app.photos.attach([photo.id for photo in kept if isinstance(photo, Photo)], actor, order)
    if isinstance(evidence, UnknownPhoto) or len(evidence) < len(pictures):
        raise AssertionError(f"the demo's pictures {pictures} were refused: {kept}")
    return evidence


def submit(app: Application, envelopes: Sequence[Envelope]) -> list[Answer]:
    """Put these commands, all of which are taken; the demo ends otherwise."""
    answers = []
    for envelope, outcome in zip(envelopes, submit_patiently(app.engine, envelopes), strict=True):
        if isinstance(outcome, Exception):
            raise outcome
        if isinstance(outcome, Refusal):
            raise AssertionError(f"the demo's {envelope.command.NAME} of {envelope.command} was refused: {outcome}")
        answers.append(outcome)
    return answers
