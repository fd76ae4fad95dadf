"""Who may see what of reviews, photos and events; and that no function that decides it goes without a test."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import msgspec
import pytest

from fairhold import access
from fairhold.access import history, may_have_event, may_see_photo, photos_shown, reviews
from fairhold.access.history import history_for, may_read, shown_versions
from fairhold.access.reviews import Eyes, eyes_on, may_see_reports, version_for
from fairhold.domain.events import OrderPlaced, PaymentReceived
from fairhold.domain.evidence import Evidence, PhotoId
from tests import states
from tests.builders import (
    ACTORS,
    BUYER,
    LINE_1,
    OPERATOR,
    REVIEW_1,
    SELLER,
    STRANGE_BUYER,
    STRANGE_SELLER,
    SUPPORT,
    Deal,
    completed,
    delivered,
    open_dispute,
)

PARTY = {"buyer", "seller", "support", "operator", "mediator"}
INSIDE = Eyes(party=True, named=True, inside=True, replier=False)
STAFF = Eyes(party=True, named=True, inside=True, replier=True)
OUTSIDE = Eyes(party=False, named=False, inside=False, replier=False)


@pytest.mark.parametrize(
    ("make", "actor", "eyes"),
    [
        (states.low, "buyer", INSIDE),
        (states.low, "seller", Eyes(party=True, named=False, inside=False, replier=True)),
        (states.low, "mediator", STAFF),
        (states.low, "strange_buyer", OUTSIDE),
        (states.low, "strange_seller", OUTSIDE),
        (states.blind, "buyer", INSIDE),
        (states.blind, "seller", None),
        (states.blind, "support", STAFF),
        (states.blind, "strange_buyer", None),
        (states.held, "buyer", INSIDE),
        (states.held, "seller", None),
        (states.held, "operator", STAFF),
        (states.held, "strange_seller", None),
        (states.withdrawn_review, "strange_buyer", OUTSIDE),
    ],
)
def test_a_review_is_seen_by_its_author_the_staff_and_once_it_is_public_by_all(
    make: Callable[[], Deal], actor: str, eyes: Eyes | None
) -> None:
    order = make().order
    assert eyes_on(order, order.reviews[0], ACTORS[actor]) == eyes


def test_the_version_that_the_other_side_reads_does_not_count_an_anonymous_review() -> None:
    before, after = completed(), completed().review(BUYER, 2)
    for actor in (BUYER, OPERATOR):
        assert version_for(after.order, actor) == after.order.version
    assert version_for(after.order, SELLER) == version_for(before.order, SELLER) == before.order.version


def test_reports_are_read_by_the_staff() -> None:
    may = {name for name, actor in ACTORS.items() if may_see_reports(actor)}
    assert may == {"mediator", "support", "operator"}


def test_a_photo_is_its_senders_and_the_staffs_and_in_evidence_both_sides_see_it() -> None:
    photo = PhotoId("p1")
    opening = msgspec.structs.replace(open_dispute(LINE_1), evidence=(Evidence(photo, "0" * 64),))
    order = delivered().do(opening, BUYER).order
    assert photos_shown(order) == {photo}
    owner = f"{BUYER}"
    for actor, alone, shown in ((BUYER, True, True), (SELLER, False, True), (STRANGE_SELLER, False, False)):
        assert may_see_photo(actor, owner, photo, ()) is alone
        assert may_see_photo(actor, owner, photo, (order,)) is shown
    assert may_see_photo(OPERATOR, owner, photo, ())
    assert not may_see_photo(STRANGE_BUYER, owner, PhotoId("p2"), (order,))


def test_the_means_of_payment_are_the_buyers_own() -> None:
    events = completed().events
    [paid] = [event for event in events if isinstance(event, PaymentReceived)]
    [placed] = [event for event in events if isinstance(event, OrderPlaced)]
    assert [may_have_event(actor, paid) for actor in (BUYER, SELLER, OPERATOR)] == [True, False, True]
    assert may_have_event(SELLER, placed)


def test_of_an_anonymous_review_the_other_side_reads_no_event_and_no_number_that_is_missing() -> None:
    deal = completed().review(BUYER, 2)
    listed = list(enumerate(deal.events, 1))
    assert history_for(deal.order, BUYER, listed) == listed
    assert history_for(deal.order, SUPPORT, listed) == listed
    sellers = history_for(deal.order, SELLER, listed)
    assert [number for number, _ in sellers] == list(range(1, len(listed)))
    assert deal.events[-1] not in [event for _, event in sellers]
    assert may_read(deal.order, SELLER, deal.events) == (True,) * len(sellers) + (False,)


def test_a_version_that_was_held_until_it_was_replaced_was_never_shown() -> None:
    assert shown_versions(states.low().events, REVIEW_1) == {1}
    assert shown_versions(states.held().events, REVIEW_1) == frozenset()
    assert shown_versions(states.blind().events, REVIEW_1) == frozenset()


@pytest.mark.parametrize("module", [access, reviews, history], ids=lambda module: module.__name__)
def test_every_function_that_decides_who_sees_what_is_called_by_a_test_of_its_own(module: ModuleType) -> None:
    here = Path(__file__).parent.parent
    tests = "\n".join(path.read_text(encoding="utf-8") for path in here.rglob("test_*.py"))
    for name, function in inspect.getmembers(module, inspect.isfunction):
        if function.__module__ == module.__name__ and not name.startswith("_"):
            assert f"{name}(" in tests, f"{module.__name__}.{name}"
