"""Whoever money or a deadline concerns is told. What counts as such follows from the ledger and from the deadlines."""

import typing
from collections.abc import Iterator
from functools import cache

import pytest

from fairhold.domain.actors import Role
from fairhold.domain.coming import RULES, Because, Deadline
from fairhold.domain.deadlines import deadlines
from fairhold.domain.events import Event
from fairhold.domain.evolve import evolve
from fairhold.domain.order import Order
from fairhold.domain.payment_events import PaymentStarted
from fairhold.domain.policy import Policy
from fairhold.domain.review import SIDES
from fairhold.engine.notices.notifying import notices_of
from fairhold.engine.notices.reminders import LEADS, is_current, reminders_of, told
from fairhold.engine.notices.tellings import TELLINGS, Topic
from fairhold.engine.ports.notices import ABOUT_MONEY, Notice, actor_of
from fairhold.ledger import posting
from fairhold.words.catalog import Language
from fairhold.words.notices.reminders import REMINDER_TEXTS
from fairhold.words.notices.telling import TEXTS, tell_notice
from fairhold.words.reader import reader_of
from tests.builders import (
    LINE_1,
    MEDIATOR,
    SELLER,
    Deal,
    all_confirmed,
    at,
    delivered,
    name_of,
    place,
    policy,
    shipped,
    start,
)
from tests.golden.test_stored import HISTORIES, history
from tests.states import REVIEW_STATES, STATES, SUPPORT_STATES, blind, claim_taken, disputed, good, negotiating, undone

MOVING = typing.get_args(posting._Moving)


class Step(typing.NamedTuple):
    """One event of a history, with the order before and after it."""

    name: str
    seq: int
    before: Order | None
    event: Event
    after: Order

    @property
    def started(self) -> set[Deadline]:
        """Deadlines that were not there before; which units one covers may have changed without that."""
        known = {(one.because, one.at, one.dispute) for one in deadlines(self.before)} if self.before else set()
        return {one for one in deadlines(self.after) if (one.because, one.at, one.dispute) not in known}

    @property
    def started_now(self) -> set[Deadline]:
        """Those of which somebody has to hear at once: for a review they are asked some days later.

        While a payment is under way the order waits a little longer for it, as nobody needs to know.
        """
        asked = any(one.stands.because is Because.REVIEWS_OPEN for one in reminders_of(self.after, self.event.at))
        later = {Because.REVIEWS_OPEN} if asked else set()
        later |= {Because.NOT_PAID} if isinstance(self.event, PaymentStarted) else set()
        return {one for one in self.started if one.because not in later}

    @property
    def notices(self) -> list[Notice]:
        return notices_of(self.after, [(self.seq, self.event)])


def steps_of(name: str, events: typing.Iterable[Event]) -> Iterator[Step]:
    order: Order | None = None
    for seq, event in enumerate(events, 1):
        before, order = order, evolve(order, event)
        yield Step(name, seq, before, event, order)


def more_deals() -> dict[str, Deal]:
    """What no state of the library has: deadlines of other policies and of a payment provider with a short breath."""
    found = {
        f"on lapse {what}": shipped_under(policy(protection={"on_lapse": what})) for what in ("extend_once", "dispute")
    }
    short = shipped_under(policy(providers=[{"name": "sandbox", "ceiling_days": 30}]))  # type: ignore[arg-type]
    late = short.scan("delivered", at(days=28))
    return {**found, "short of breath": late, "short, disputed": late.dispute(LINE_1).escalate()}


def shipped_under(rules: Policy) -> Deal:
    return start(place(policy=rules)).pay().ship()


@cache
def all_steps() -> tuple[Step, ...]:
    deals = {name: make() for name, make in {**STATES, **REVIEW_STATES, **SUPPORT_STATES}.items()} | more_deals()
    found = [step for name, deal in deals.items() for step in steps_of(name, deal.events)]
    found += [step for name, deal in deals.items() for step in steps_of(name, deal.until(at(days=400)).events)]
    found += [step for path in HISTORIES for step in steps_of(path.stem, history(path))]
    return tuple(found)


def test_every_event_that_moves_money_or_starts_a_deadline_is_told_to_somebody() -> None:
    """Of money on its way to the seller they are told once for the whole payout (`paymaster.py`)."""
    silent = {
        f"{step.name}: {name_of(step.event)}"
        for step in all_steps()
        if not step.notices
        and not name_of(step.event).startswith("payout_")
        and (posting.post(step.before, step.event, step.after) or step.started_now)
    }
    assert not silent


def test_whoever_is_expected_to_act_is_told_when_their_time_begins() -> None:
    """Unless they set it off themselves. What is only the rest of a time that ran before began earlier."""
    untold = {
        f"{step.name}: {name_of(step.event)} starts {deadline.because} for the {deadline.owner}"
        for step in all_steps()
        for deadline in step.started
        if deadline.owner in SIDES
        and not step.event.by.startswith(f"{deadline.owner}:")
        and deadline.owner not in {actor_of(notice.recipient).role for notice in step.notices}
    }
    assert not untold


def test_every_kind_of_event_that_the_ledger_books_is_told_to_both_sides_or_to_whom_it_concerns() -> None:
    for kind in MOVING:
        rows = TELLINGS[kind]
        assert rows, kind
        assert all(row.kind in ABOUT_MONEY for row in rows), kind


def test_the_histories_start_every_deadline_there_is() -> None:
    """Otherwise the test above would not have seen who is told of it."""
    started = {one.because for step in all_steps() for one in step.started}
    assert set(RULES) - started == set()


def test_the_histories_hold_every_kind_of_event() -> None:
    assert {type(step.event) for step in all_steps()} == set(typing.get_args(Event))


def test_every_event_and_every_deadline_has_a_row() -> None:
    assert set(TELLINGS) == set(typing.get_args(Event))
    assert set(LEADS) == set(Because)
    assert {because for because, leads in LEADS.items() if leads} == set(REMINDER_TEXTS) - {Because.REVIEWS_OPEN}


def test_deadlines_of_which_nobody_is_reminded_are_nobodys_but_the_staffs() -> None:
    silent = {because for because, leads in LEADS.items() if not leads}
    assert all(RULES[because].owner in {Role.OPERATOR, Role.SUPPORT, Role.SYSTEM} for because in silent)


def test_every_topic_has_words() -> None:
    assert {topic for topic, _ in TEXTS} == set(Topic) - {Topic.REMINDER}


@pytest.mark.parametrize("language", Language)
def test_every_notice_of_every_history_can_be_said(language: Language) -> None:
    reader = reader_of(language, "Europe/Moscow")
    for step in all_steps():
        found = step.notices
        found += [
            notice
            for reminder in reminders_of(step.after, step.event.at)
            if (notice := told(step.after, reminder, reminder.due_at)) is not None
        ]
        for notice in found:
            said = tell_notice(notice, reader, notice.at)
            assert said.title
            assert "%" not in said.title.replace("\u00a0%", "")
            assert all(sentence.strip() and "%(" not in sentence for sentence in said.sentences)
            assert len(said.title) < 120


def test_the_same_events_make_the_same_notices_and_no_two_share_a_key() -> None:
    deal = all_confirmed().until(at(days=60))
    events = list(enumerate(deal.events, 1))
    first, second = notices_of(deal.order, events), notices_of(deal.order, events)
    assert first == second
    assert len({notice.key for notice in first}) == len(first)


def reminders(deal: Deal, topic: str = Topic.REMINDER) -> list[tuple[str, int]]:
    """Who is reminded how many hours before what."""
    found = []
    for reminder in reminders_of(deal.order, deal.events[-1].at):
        notice = told(deal.order, reminder, reminder.due_at)
        if notice is not None and notice.topic == topic:
            found.append((reminder.recipient.partition(":")[0], reminder.lead // 3_600_000_000))
    return sorted(found)


def test_seven_three_and_one_day_before_protection_ends_the_buyer_is_reminded() -> None:
    assert reminders(shipped()) == [("buyer", 24), ("buyer", 72), ("buyer", 168)]


def test_a_window_of_seven_days_is_not_reminded_of_at_once() -> None:
    assert reminders(delivered()) == [("buyer", 24), ("buyer", 72)]


def test_sellers_and_mediators_are_reminded_of_their_answers() -> None:
    assert [entry for entry in reminders(disputed()) if entry[0] == "seller"] == [("seller", 24), ("seller", 72)]
    assert [entry for entry in reminders(claim_taken()) if entry[0] != "buyer"] == [("mediator", 24), ("mediator", 72)]
    due = reminders_of(claim_taken().order, claim_taken().now)
    assert {one.recipient for one in due if one.stands.because is Because.CLAIMED} == {str(MEDIATOR)}


def test_nobody_is_reminded_of_what_has_been_done() -> None:
    before, after = (
        delivered(),
        delivered().confirm(*delivered().order.lines and [line.id for line in delivered().order.lines]),
    )
    for reminder in reminders_of(before.order, before.now):
        assert told(after.order, reminder, reminder.due_at) is None


def test_a_reminder_whose_deadline_moved_is_not_told() -> None:
    before = shipped()
    after = before.extend(10)
    for reminder in reminders_of(before.order, before.now):
        assert told(after.order, reminder, reminder.due_at) is None
    assert len(reminders(after)) == 3


def test_a_reminder_that_comes_too_late_is_not_told() -> None:
    deal = delivered()
    [reminder, *_] = reminders_of(deal.order, deal.now)
    assert told(deal.order, reminder, reminder.stands.at) is None


def test_a_notice_stops_being_current_with_its_deadline() -> None:
    deal = delivered()
    [notice] = [
        one
        for one in notices_of(deal.order, enumerate(deal.events, 1))
        if one.topic == Topic.DELIVERED and one.recipient.startswith("buyer")
    ]
    assert is_current(notice, deal.order)
    assert not is_current(notice, deal.confirm(*[line.id for line in deal.order.lines]).order)


def test_whoever_made_an_offer_is_not_told_of_it() -> None:
    deal = negotiating()
    made = [(seq, event) for seq, event in enumerate(deal.events, 1) if name_of(event) == "offer_made"]
    assert [actor_of(notice.recipient).role for notice in notices_of(deal.order, made)] == [Role.BUYER]
    assert deal.events[-1].by == str(SELLER)


def test_a_review_is_asked_for_three_days_after_completion_of_those_who_wrote_none() -> None:
    asked = reminders(all_confirmed(), Topic.REVIEW_ASKED)
    assert asked == [("buyer", 0), ("seller", 0)]
    assert reminders(good(), Topic.REVIEW_ASKED) == [("seller", 0)]
    assert reminders(undone(), Topic.REVIEW_ASKED) == []


def received(deal: Deal) -> list[Notice]:
    return [one for one in notices_of(deal.order, enumerate(deal.events, 1)) if one.topic == Topic.REVIEW_RECEIVED]


def test_an_anonymous_review_is_told_without_its_order_and_on_another_day() -> None:
    [notice] = received(good())
    assert notice.recipient == str(SELLER)
    assert notice.order is None
    assert set(notice.values) == {"rating", "review"}
    assert notice.at % 86_400_000_000 == 0
    assert notice.at > good().events[-1].at


def test_a_blind_review_is_nobodys_until_both_have_written() -> None:
    assert received(blind()) == []
    both = blind().review(SELLER, 5)
    assert {one.recipient.partition(":")[0] for one in received(both)} == {"buyer", "seller"}
    assert {one.recipient.partition(":")[0] for one in received(blind().until(at(days=400)))} == {"seller"}


def test_a_review_is_told_once_whatever_brings_it_up() -> None:
    deal = good().until(at(days=400))
    keys = [one.key for one in received(deal)]
    assert len(set(keys)) == 1
