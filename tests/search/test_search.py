"""Every state of small markets is visited: nothing is wrong with any of them, and every rule was met on the way."""

import multiprocessing
import os
import sys
import typing
from concurrent.futures import ProcessPoolExecutor

import pytest

from fairhold.domain.dispute_guards import DISPUTE_GUARDS
from fairhold.domain.events import Event
from fairhold.domain.guards import GUARDS
from fairhold.domain.money import MAX_AMOUNT, Currency
from fairhold.domain.reasons import Reason
from fairhold.domain.review_guards import REVIEW_GUARDS
from tests.builders import BUYER, at, new_line, place, start_refused
from tests.search.explore import Covered, Found, search
from tests.search.models import LARGE, SMALL, Model, begin
from tests.search.review_models import REVIEWS

IS_LARGE = os.environ.get("FAIRHOLD_SEARCH") == "large"
MODELS = (*(LARGE if IS_LARGE else SMALL), *REVIEWS)

NOT_OF_THE_CORE = frozenset({Reason.UNKNOWN_POLICY, Reason.IDEMPOTENCY_KEY_REUSED, Reason.PHOTO_NOT_YOURS})
"""What only the faces and the engine can say: a policy by its name, a key used before, whose photo it is."""

ON_PAGES = frozenset({"start_payment", "record_payment_page", "record_payment", "record_payment_failure"})
TO_SELLERS = frozenset(
    {
        "start_payout",
        "record_payout_sent",
        "record_payout_failed",
        "take_payout_back",
        "record_payout_taken_back",
        "record_payout_not_taken_back",
    }
)
BACK_TO_BUYERS = frozenset({"record_refund_returned", "send_refund_again", "record_refund_elsewhere"})
REASONS_ELSEWHERE = frozenset(
    {
        Reason.NO_REFUND_RETURNED,
        Reason.TAKEN_BY_BANK,
        Reason.TOO_LATE_TO_PAY,
        Reason.TOO_MANY_ATTEMPTS,
        Reason.NOT_DUE,
        Reason.NOT_OWED,
    }
)
EVENTS_ELSEWHERE = frozenset(
    {
        "payment_started",
        "payment_page_opened",
        "payment_failed",
        "payment_returned",
        "refund_returned",
        "refund_sent_again",
        "refund_paid_elsewhere",
        "payout_started",
        "payout_sent",
        "payout_failed",
        "payout_returned",
        "payout_asked_back",
        "payout_taken_back",
        "payout_not_taken_back",
    }
)
"""Payments and payouts through a provider are no part of the small markets: they have golden tables, and the simulator."""

ORDERS_REFUSED = (
    place(seller=BUYER.id),
    place(currency=Currency("ZZZ")),
    place(lines=()),
    place(discount=10_000),
    place(lines=(new_line(MAX_AMOUNT, 2),)),
    place(lines=(new_line(0),)),
    place(shipping_days=99),
    place(protection_days=1),
    place(promised_by=at(days=-1)),
    place(promised_by=at(days=401)),
)


WHO_REVIEWS = {
    "revise_review": ("buyer", "seller"),
    "reply_to_review": ("buyer", "seller"),
    "moderate_review": ("mediator", "operator"),
    "contest_moderation": ("buyer", "seller"),
}
NEVER_KEPT_FROM = {
    ("answer_extension", "the policy allows one more extension"),
    ("answer_extension", "protection runs on something shipped"),
}
"""Second fences: whatever uses up the last extension, or ends protection, also ends the request for it."""


def run(model: Model) -> Found:
    """The search of one market."""
    with pytest.MonkeyPatch.context() as patch:
        model.limit(patch)
        return search(model.explorer(), [begin(model)])


def of_placing() -> set[Reason]:
    """Why orders are not placed: before there is a state."""
    return {start_refused(command).reason for command in ORDERS_REFUSED}


@pytest.fixture(scope="module")
def found() -> dict[str, Found]:
    """All searches, in as many processes as there are cores."""
    with ProcessPoolExecutor(os.cpu_count(), multiprocessing.get_context("spawn")) as pool:
        return dict(zip((model.name for model in MODELS), pool.map(run, MODELS), strict=True))


@pytest.mark.slow
@pytest.mark.timeout(0 if IS_LARGE else 600)
def test_no_state_of_the_small_markets_breaks_a_rule_and_every_rule_was_met(
    found: dict[str, Found], capsys: pytest.CaptureFixture[str]
) -> None:
    seen = [f"{one.states:9,} states, {one.steps:9,} steps: {name}" for name, one in found.items()]
    with capsys.disabled():
        sys.stdout.write("\n".join(["", *seen, f"{sum(one.states for one in found.values()):9,} states in all", ""]))
    covered = Covered()
    for one in found.values():
        covered.add(one.covered)
    missing = {
        reason.name for reason in set(Reason) - NOT_OF_THE_CORE - REASONS_ELSEWHERE - covered.reasons - of_placing()
    }
    assert not missing, f"never given: {sorted(missing)}"
    assert not covered.reasons & NOT_OF_THE_CORE
    rows = {(guard.command.NAME, role.value) for guard in GUARDS for role in guard.roles}
    rows |= {(guard.command.NAME, role.value) for guard in DISPUTE_GUARDS for role in guard.roles}
    rows |= {(name, role) for name, roles in WHO_REVIEWS.items() for role in roles}
    rows = {(name, role) for name, role in rows if name not in ON_PAGES | TO_SELLERS | BACK_TO_BUYERS}
    assert not sorted(rows - covered.done), "nobody in that role ever did it"
    in_state = {(guard.command.NAME, state.value) for guard in DISPUTE_GUARDS for state in guard.states}
    assert not sorted(in_state - covered.in_state), "never done in that state"
    kept_from = {(guard.command.NAME, one.name) for guard in GUARDS for one in guard.conditions}
    kept_from |= {(guard.command.NAME, one.name) for guard in DISPUTE_GUARDS for one in guard.conditions}
    kept_from |= {(guard.command.NAME, one.name) for guard in REVIEW_GUARDS for one in guard.conditions}
    kept_from = {(name, why) for name, why in kept_from if name not in ON_PAGES | TO_SELLERS | BACK_TO_BUYERS}
    assert kept_from - covered.kept_from == NEVER_KEPT_FROM, "this condition never failed, or does by now"
    kinds = {kind.__struct_config__.tag for kind in typing.get_args(Event)} - {"order_placed"} - EVENTS_ELSEWHERE
    assert not sorted(kinds - covered.events), "never happened"
