"""The tests notice a broken rule: each of these bugs, planted alone, is found by the golden table or by the machine."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from fairhold.domain import (
    conditions,
    deadlines,
    decide,
    evolve,
    firing,
    guards,
    reputation,
    restoring,
    reviewing,
    settlement,
)
from fairhold.domain.actors import Role
from fairhold.domain.coming import Because, Deadline
from fairhold.domain.commands import AnswerExtension, ConfirmReceipt, UndoReceipt
from fairhold.domain.events import Event, ParcelDelivered, ReceiptUndone
from fairhold.domain.instants import HOUR, Instant
from fairhold.domain.money import half_even
from fairhold.domain.order import CommissionTaken, Order, PaymentState, Portion, PortionState, Shipment
from fairhold.domain.portions import left_of, worth_of
from fairhold.domain.review import Moderated, Review, other_side
from fairhold.domain.review_commands import ReplyToReview, WriteReview
from fairhold.domain.review_events import AutomaticReview, ReviewRevised
from fairhold.domain.review_guards import REVIEW_GUARD, REVIEW_GUARDS
from fairhold.domain.rules import accidents, receipt, reviews, shipping
from fairhold.domain.spans import Span
from fairhold.domain.status import is_sent
from fairhold.ledger import posting
from tests.golden.test_who_may_do_what import wrong_cells
from tests.golden.test_who_may_do_what_with_reviews import wrong_cells as wrong_with_reviews
from tests.golden.test_who_may_do_what_with_support import wrong_cells as wrong_with_support
from tests.property.core_machine import Core

Patch = pytest.MonkeyPatch
_GUARDS: dict[Any, Any] = guards._BY_COMMAND
_RULES: dict[Any, Any] = decide._RULES
_REVIEW_GUARD: dict[Any, Any] = REVIEW_GUARD
replace = msgspec.structs.replace

LOOK = settings(
    max_examples=1500,
    stateful_step_count=40,
    deadline=None,
    derandomize=True,
    database=None,
    phases=(Phase.generate,),
    report_multiple_bugs=False,
    print_blob=False,
    suppress_health_check=list(HealthCheck),
)


def the_command_wins_at_the_deadline(patch: Patch) -> None:
    real = decide._Course.take_due
    patch.setattr(decide._Course, "take_due", lambda course, now: real(course, Instant(now - 1)))


def deadlines_are_dated_with_the_sweep(patch: Patch) -> None:
    real = decide._Course.take_due

    def late(course: decide._Course, now: Instant) -> None:
        start, before = course.order, len(course.happened)
        real(course, now)
        events = [happened.event for happened in course.happened[before:]]
        course.order = start
        del course.happened[before:]
        for event in events:
            course.take(replace(event, at=now))

    patch.setattr(decide._Course, "take_due", late)


def the_window_runs_from_the_scan_alone(patch: Patch) -> None:
    patch.setattr(shipping, "_window_end", lambda order, portion, scan: Instant(scan.at + order.terms.window))


def a_missed_shipping_deadline_refunds_what_was_shipped_too(patch: Patch) -> None:
    def fire(order: Order, deadline: Deadline) -> Event:
        if deadline.because is Because.NOT_SHIPPED:
            held = tuple(portion.span for portion in order.portions if portion.state is PortionState.HELD)
            deadline = replace(deadline, spans=held)
        return firing.fire(order, deadline)

    patch.setattr(decide, "fire", fire)


def the_commission_is_rounded_on_each_release(patch: Patch) -> None:
    def alone(order: Order, spans: tuple[Span, ...]) -> tuple[tuple[CommissionTaken, ...], int]:
        return order.commission, half_even(order.terms.commission * worth_of(order, spans), 10_000)

    patch.setattr(settlement, "commission_after", alone)


def units_lose_their_fractions(patch: Patch) -> None:
    for module in (settlement, receipt):
        patch.setattr(module, "left_of", lambda order, spans: left_of(order, spans) // 2 * 2)


def the_seller_may_confirm(patch: Patch) -> None:
    guard = guards._BY_COMMAND[ConfirmReceipt]
    patch.setitem(_GUARDS, ConfirmReceipt, replace(guard, roles=frozenset({Role.BUYER, Role.SELLER})))


def nothing_ticked_means_everything(patch: Patch) -> None:
    def confirm(order: Order, command: ConfirmReceipt, *rest: object) -> object:
        lines = command.lines or tuple(line.id for line in order.lines)
        return receipt.confirm_receipt(order, replace(command, lines=lines), *rest)  # type: ignore[arg-type]

    patch.setitem(_RULES, ConfirmReceipt, confirm)


def the_timer_pays_for_a_parcel_that_came_back(patch: Patch) -> None:
    real = deadlines._of_held

    def of_held(order: Order, portion: Portion) -> tuple[Instant, Because] | None:
        if portion.ship_again_by is not None and portion.protection_ends is not None:
            return portion.protection_ends, Because.SHIPPED
        return real(order, portion)

    patch.setattr(deadlines, "_of_held", of_held)


def an_undo_gives_back_an_hour(patch: Patch) -> None:
    patch.setattr(restoring, "_given_back", lambda order, ends, since, now, minimum: Instant(now + HOUR))


def a_hand_over_to_the_sender_starts_the_window(patch: Patch) -> None:
    real = shipping._consequences

    def consequences(order: Order, shipment: Shipment, scan: object, by: str, now: Instant) -> tuple[Event, ...]:
        made = real(order, replace(shipment, returned_at=None), scan, by, now)  # type: ignore[arg-type]
        return tuple(event for event in made if isinstance(event, ParcelDelivered)) or made

    patch.setattr(shipping, "_consequences", consequences)


def a_weak_proof_gives_time_without_end(patch: Patch) -> None:
    real = shipping._doubted_until

    def until(order: Order, portion: Portion, shipment: Shipment, standing: Any) -> Instant:
        return Instant(real(order, portion, shipment, standing) + order.terms.doubted_delivery)

    patch.setattr(shipping, "_doubted_until", until)


def what_was_never_shipped_can_be_confirmed(patch: Patch) -> None:
    def confirmable(order: Order, portion: Portion) -> bool:
        return portion.state is PortionState.HELD and order.payment is PaymentState.RECEIVED

    patch.setattr(conditions, "confirmable", confirmable)
    patch.setattr(receipt, "confirmable", confirmable)


def a_button_shows_and_then_refuses(patch: Patch) -> None:
    """The guard lets undo through as long as anything was ever confirmed; the rule itself knows better."""
    guard = guards._BY_COMMAND[UndoReceipt]
    ever = conditions.Condition(
        "confirmed once",
        lambda order, actor, now: any(portion.confirmed_at is not None for portion in order.portions),
        conditions.why_not_undoable,
    )
    loose = replace(guard, conditions=(ever,))
    patch.setitem(_GUARDS, UndoReceipt, loose)
    patch.setattr(guards, "_SHOWN", tuple(loose if shown is guard else shown for shown in guards._SHOWN))


def a_parcel_travelling_is_not_protected_by_a_deadline(patch: Patch) -> None:
    real = deadlines._of_held

    def of_held(order: Order, portion: Portion) -> tuple[Instant, Because] | None:
        return None if is_sent(order, portion) and portion.window_ends is None else real(order, portion)

    patch.setattr(deadlines, "_of_held", of_held)


def the_books_forget_the_commission(patch: Patch) -> None:
    real = posting._released
    patch.setattr(posting, "_released", lambda *about: real(*about)[:2])


def a_review_is_taken_when_its_time_is_over(patch: Patch) -> None:
    _guarded_less(patch, conditions.REVIEWS_OPEN)


def one_side_reviews_twice(patch: Patch) -> None:
    _guarded_less(patch, conditions.NOT_REVIEWED)


def a_buyer_who_is_barred_reviews(patch: Patch) -> None:
    _guarded_less(patch, conditions.NOT_BARRED)


def _guarded_less(patch: Patch, condition: conditions.Condition) -> None:
    guard = guards._BY_COMMAND[WriteReview]
    loose = replace(guard, conditions=tuple(one for one in guard.conditions if one is not condition))
    patch.setitem(_GUARDS, WriteReview, loose)
    shown_to = {
        role: tuple(loose if one is guard else one for one in shown) for role, shown in guards._SHOWN_TO.items()
    }
    patch.setattr(guards, "_SHOWN_TO", shown_to)


def silence_answers_few_stars_too(patch: Patch) -> None:
    def rating(order: Order, silent: Role) -> int | None:
        return 4 if reviewing.review_by(order, other_side(silent)) is not None else None

    patch.setattr(reviewing, "_automatic_rating", rating)


def a_side_that_was_barred_stayed_silent(patch: Patch) -> None:
    real = reviewing.automatic_reviews

    def automatic(order: Order) -> tuple[AutomaticReview, ...]:
        with patch.context() as inner:
            inner.setattr(reviewing, "barred", lambda order, side: None)
            return real(order)

    patch.setattr(firing, "automatic_reviews", automatic)
    patch.setattr(reviewing, "automatic_reviews", automatic)


def a_review_may_be_revised_for_the_worse(patch: Patch) -> None:
    patch.setattr(reviews, "must_rise", lambda order: False)


def a_revision_is_another_first_version(patch: Patch) -> None:
    real = evolve._STEPS[ReviewRevised]
    patch.setitem(evolve._STEPS, ReviewRevised, lambda order, event: real(order, replace(event, version=1)))


def the_author_answers_their_own_review(patch: Patch) -> None:
    guard = REVIEW_GUARD[ReplyToReview]
    own = replace(guard, whose=lambda review, part: frozenset({review.by}))
    patch.setitem(_REVIEW_GUARD, ReplyToReview, own)
    patch.setattr(guards, "REVIEW_GUARDS", tuple(own if one is guard else one for one in REVIEW_GUARDS))


def a_blind_review_is_shown_at_once(patch: Patch) -> None:
    patch.setattr(reviews, "waits_for_other", lambda order, side: False)


def what_was_hidden_goes_on_counting(patch: Patch) -> None:
    def of_review(order: Order, review: Review) -> Any:
        return real(order, replace(review, moderated=Moderated(), blind=False, early=False))

    real = reputation._of_review
    patch.setattr(reputation, "_of_review", of_review)


def the_time_for_reviews_runs_from_the_first_line(patch: Patch) -> None:
    real = reviewing.reviews_end

    def end(order: Order) -> Instant | None:
        done = [at for portion in order.portions if (at := reviewing.completed_at(order, portion)) is not None]
        window = reviewing.terms_of_reviews(order).window
        return Instant(min(done) + window) if real(order) is not None else None

    for module in (reviewing, conditions):
        patch.setattr(module, "reviews_end", end)


def a_no_leaves_the_money_waiting(patch: Patch) -> None:
    patch.setattr(accidents, "_would_have_left", lambda portion, now: portion.settles_at)


def money_waits_without_end_for_the_answer(patch: Patch) -> None:
    patch.setattr(accidents, "kept_until", lambda order, now: Instant(now + 10 * order.terms.accident_freeze))


def what_is_confirmed_anew_counts_as_reported(patch: Patch) -> None:
    real = evolve._STEPS[ReceiptUndone]

    def step(order: Order, event: ReceiptUndone) -> Order:
        told = {portion.span: portion.accident for portion in order.portions}
        after = real(order, event)
        return replace(
            after, portions=tuple(replace(one, accident=told.get(one.span, one.accident)) for one in after.portions)
        )

    patch.setitem(evolve._STEPS, ReceiptUndone, step)


def support_answers_before_the_seller_had_their_time(patch: Patch) -> None:
    guard = guards._BY_COMMAND[AnswerExtension]
    patch.setitem(_GUARDS, AnswerExtension, replace(guard, roles=frozenset({Role.SELLER, Role.SUPPORT})))


BUGS: tuple[Callable[[Patch], None], ...] = (
    the_command_wins_at_the_deadline,
    deadlines_are_dated_with_the_sweep,
    the_window_runs_from_the_scan_alone,
    a_missed_shipping_deadline_refunds_what_was_shipped_too,
    the_commission_is_rounded_on_each_release,
    units_lose_their_fractions,
    the_seller_may_confirm,
    nothing_ticked_means_everything,
    the_timer_pays_for_a_parcel_that_came_back,
    an_undo_gives_back_an_hour,
    a_hand_over_to_the_sender_starts_the_window,
    a_weak_proof_gives_time_without_end,
    what_was_never_shipped_can_be_confirmed,
    a_button_shows_and_then_refuses,
    a_parcel_travelling_is_not_protected_by_a_deadline,
    the_books_forget_the_commission,
    a_review_is_taken_when_its_time_is_over,
    one_side_reviews_twice,
    a_buyer_who_is_barred_reviews,
    silence_answers_few_stars_too,
    a_side_that_was_barred_stayed_silent,
    a_review_may_be_revised_for_the_worse,
    a_revision_is_another_first_version,
    the_author_answers_their_own_review,
    a_blind_review_is_shown_at_once,
    what_was_hidden_goes_on_counting,
    the_time_for_reviews_runs_from_the_first_line,
    a_no_leaves_the_money_waiting,
    money_waits_without_end_for_the_answer,
    what_is_confirmed_anew_counts_as_reported,
    support_answers_before_the_seller_had_their_time,
)


def found_by_table() -> bool:
    """Whether the table differs from the core, or a state of it cannot even be reached."""
    with suppress(AssertionError, ValueError):
        return bool(wrong_cells() or wrong_with_reviews() or wrong_with_support())
    return True


def found_by_machine() -> bool:
    """Whether throwing commands at the core trips over something."""
    try:
        run_state_machine_as_test(type("Planted", (Core,), {}), settings=LOOK)
    except Exception:  # noqa: BLE001
        return True
    return False


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.parametrize("plant", BUGS, ids=lambda plant: plant.__name__)
def test_a_planted_bug_is_found(plant: Callable[[Patch], None], monkeypatch: Patch) -> None:
    plant(monkeypatch)
    assert found_by_table() or found_by_machine()


def test_without_a_planted_bug_the_table_finds_nothing() -> None:
    assert not found_by_table()
