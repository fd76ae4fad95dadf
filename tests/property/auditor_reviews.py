"""The second model's part about reviews: who said what, until when, and what it adds up to; it shares no code with the domain.

It reads the rules anew from DOMAIN (S15, S16, S22–S34): when anything of the deal was completed it sees from what becomes of
the single units.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fairhold.domain import dispute_events as d
from fairhold.domain import events as e
from fairhold.domain import review_events as r
from fairhold.domain.deadlines import deadlines
from fairhold.domain.order import Order
from fairhold.domain.policy import ReviewTerms
from tests.property.auditor_figures import CRITERIA, Said, Text, added_up

if TYPE_CHECKING:
    from tests.property.auditor import Parcel, Unit

SIDES = ("buyer", "seller")
OPEN = ("held", "disputed")
DECIDED = ("settled", "refunded")
GIVEN = ("agreed", "silence", "returned", "not_resent")
"""Ways in which a dispute ends with what the seller gave, or let pass."""


@dataclass
class Quarrel:
    """What of a dispute bars a review."""

    amount: int
    claimed: bool
    outcome: str = ""
    decided: int = 0
    ended_at: int = 0


class ReviewAuditor:
    """Sees every event of one order. `today` are the rules of the day, where they are not those of placing."""

    def __init__(
        self, units: dict[tuple[str, int], Unit], parcels: dict[str, Parcel], today: ReviewTerms | None
    ) -> None:
        self.units, self.parcels, self._today = units, parcels, today
        self.placed: e.OrderPlaced | None = None
        self.completed: dict[tuple[str, int], int | None] = {}
        self._decided: set[tuple[str, int]] = set()
        self.in_vain: int = 0
        """When something last ended without completing."""
        self.quarrels: dict[str, Quarrel] = {}
        self.outages: list[tuple[int, int]] = []
        self.said: dict[str, Said] = {}
        self.over = False

    def watch(self, event: e.Event) -> None:
        """Note what any other event means for reviews; called once it has happened to the units."""
        match event:
            case e.OrderPlaced():
                self.placed = event
            case e.OutageRecorded():
                self.outages.append((event.start, event.end))
            case d.DisputeOpened():
                self.quarrels[event.dispute] = Quarrel(event.amount, claimed=event.ruling_due is not None)
            case d.DisputeEscalated():
                self.quarrels[event.dispute].claimed = True
            case d.DisputeSettled():
                quarrel = self.quarrels[event.dispute]
                quarrel.outcome, quarrel.decided, quarrel.ended_at = event.outcome.value, event.decided, event.at
            case d.DisputeWithdrawn():
                self.quarrels[event.dispute].outcome = "withdrawn"
            case d.ReplacementShipped():
                self.quarrels[event.dispute].outcome = "resent"
            case _:
                pass
        ends = isinstance(event, (e.PortionsReleased, d.DisputeSettled))
        for key, unit in self.units.items():
            if unit.state == "confirmed":
                self.completed[key] = unit.confirmed_at
            elif unit.state not in DECIDED:
                self.completed[key] = None
            elif key not in self._decided and self.completed[key] is None:
                self.completed[key] = event.at if ends else None
                self.in_vain = self.in_vain if ends else event.at
        self._decided = {key for key, unit in self.units.items() if unit.state in DECIDED}

    # what the rules say

    @property
    def rules(self) -> ReviewTerms:
        """Those of the day."""
        assert self.placed is not None
        return self._today or self.placed.terms.reviews

    def _completed(self) -> list[int]:
        return [at for at in self.completed.values() if at is not None]

    def _beyond_outages(self, at: int) -> int:
        for start, end in self.outages:
            at += end - start if start <= at <= end else 0
        return at

    def end(self) -> int | None:
        """Until when reviews are taken; None while something of the order is open."""
        if any(unit.state in OPEN for unit in self.units.values()) or not self._completed():
            return None
        assert self.placed is not None
        last, undo = max(self._completed()), self.placed.terms.settlement_delay
        last = self.in_vain if self.in_vain > last + undo else last
        return self._beyond_outages(last + max(self.rules.window, undo))

    def barred(self) -> bool:
        """Whether the buyer may not review."""
        quarrels = self.quarrels.values()
        match self.rules.bar:
            case "claim_or_full_refund":
                return any(quarrel.claimed for quarrel in quarrels) or self._all_given_back()
            case "any_dispute_unless_refunded":
                return any(not _satisfied(quarrel) for quarrel in quarrels)
            case "any_dispute":
                return bool(quarrels)
            case "none":
                return False

    def _all_given_back(self) -> bool:
        over = all(unit.state in ("refunded", "cancelled") for unit in self.units.values())
        last = [self.units[key].dispute for key, at in self.completed.items() if at is not None]
        ends = [self.quarrels.get(name or "") for name in last]
        full = all(end is not None and end.outcome in GIVEN and end.decided >= end.amount for end in ends)
        return over and bool(ends) and full

    def _of(self, side: str) -> Said | None:
        return next((said for said in self.said.values() if said.side == side), None)

    def _may_write(self, side: str) -> bool:
        return self._of(side) is None and not (side == "buyer" and self.barred())

    def closing(self) -> int | None:
        """When the end of the time for reviews decides something."""
        end, told = self.end(), list(self.said.values())
        if self.over or end is None:
            return None
        waits = len(told) == 1 or any(said.blind for said in told) or (not told and bool(self._silence()))
        return max([end, *(said.last_at for said in told)]) if waits else None

    def _silence(self) -> set[tuple[str, int]]:
        """Which sides are taken to have given how many stars."""
        found = set()
        for side, other in (SIDES, SIDES[::-1]):
            given = self._of(other)
            stars = given.stars if given is not None and given.text.standing in ("standing", "held") else 0
            if not self._may_write(side):
                continue
            match self.rules.automatic:
                case "four_for_four" if stars >= 4:
                    found.add((side, 4))
                case "same_for_five" if stars == 5:
                    found.add((side, 5))
                case "five_for_silent_buyer" if side == "buyer":
                    found.add((side, 5))
                case _:
                    pass
        return found

    def _reached(self) -> set[str]:
        """Lines of which something is, was or will soon be in the buyer's hands."""
        on_its_way = {
            line
            for (line, _), unit in self.units.items()
            if unit.state in OPEN and unit.parcel is not None and not self.parcels[unit.parcel].returned
        }
        return on_its_way | {line for (line, _), at in self.completed.items() if at is not None}

    # one branch per event

    def see(self, event: e.Event) -> None:
        """Take one event of reviews in; an AssertionError says which rule it breaks."""
        match event:
            case r.ReviewWritten():
                self._written(event)
            case r.ReviewRevised():
                self._revised(event)
            case r.ReviewReplied():
                self._replied(event)
            case r.ReviewModerated():
                self._moderated(event)
            case r.ModerationContested():
                self._contested(event)
            case r.ReviewsClosed():
                self._closed(event)
            case _:
                raise AssertionError(f"nobody knows {event}")

    def _written(self, event: r.ReviewWritten) -> None:
        side, end = event.side.value, self.end()
        assert event.by == self._name(side), "somebody reviewed for somebody else"
        assert self._completed(), "S15: a review before anything was completed"
        assert not self.over, "a review after the end"
        assert end is None or event.at < end, "S22: a review after the end"
        assert self._of(side) is None, "S22: a second review by one side"
        assert not (side == "buyer" and self.barred()), "S23: the buyer is barred"
        self._check_said(side, event)
        other = "seller" if side == "buyer" else "buyer"
        waits = self.rules.publication == "blind" and self._may_write(other)
        assert event.blind == waits, "blind where it is not, or not where it is"
        told = self._of(other)
        assert event.reveals == (told is not None and told.blind)
        if event.reveals:
            self._show()
        self.said[event.review] = Said(side, event.at, event, event.rating, _new_text(event.held), blind=event.blind)
        self.said[event.review].last_at = event.at

    def _name(self, side: str) -> str:
        assert self.placed is not None
        return f"{side}:{self.placed.buyer if side == 'buyer' else self.placed.seller}"

    def _check_said(self, side: str, event: r.Said) -> None:
        stars = [event.rating, *(line.rating for line in event.lines)]
        criteria = [getattr(event, name) for name in CRITERIA]
        stars += [given for given in criteria if given is not None]
        assert all(1 <= given <= 5 for given in stars), "S24: stars are one to five"
        lines = [str(line.line) for line in event.lines]
        if side == "seller":
            assert not lines, "a seller rates products"
            assert criteria == [None] * 3, "S24: a seller rates criteria"
            return
        assert len(lines) == len(set(lines)), "a product rated twice"
        assert set(lines) == self._reached(), "a product that never came has stars, or one that did has none"

    def _revised(self, event: r.ReviewRevised) -> None:
        said, rules = self.said[event.review], self.rules
        assert event.by == self._name(said.side), "somebody else revised it"
        assert not said.automatic
        assert self._completed(), "S16: nothing is completed"
        assert said.text.standing in ("standing", "held"), "what was taken down was revised"
        assert rules.revision != "none"
        assert event.at < self._beyond_outages(said.left_at + rules.revision_for), "S28: within so many days"
        if rules.revision.startswith("below_three"):
            assert said.stars < 3, "S28: only what was below three"
        if rules.revision.endswith("upward"):
            assert event.rating > said.stars, "S28: only for the better"
        assert event.version == said.version + 1 <= 20, "versions count up"
        self._check_said(said.side, event)
        said.event, said.stars, said.version, said.last_at = event, event.rating, event.version, event.at
        said.text = _new_text(event.held)

    def _replied(self, event: r.ReviewReplied) -> None:
        said = self.said[event.review]
        other = "seller" if said.side == "buyer" else "buyer"
        assert event.by == self._name(other), "S29: the other side answers"
        assert self._is_shown(said), "somebody answered what they cannot see"
        assert not said.automatic
        assert said.reply is None, "answered twice"
        assert event.version == said.version, "an answer to a version that is not there"
        said.reply, said.reply_to, said.last_at = _new_text(event.held), event.version, event.at

    def _moderated(self, event: r.ReviewModerated) -> None:
        said, (role, _, person) = self.said[event.review], event.by.partition(":")
        text = self._text(said, event.part.value)
        assert role in ("mediator", "operator")
        assert self.placed is not None
        assert person not in (self.placed.buyer, self.placed.seller), "a party moderates"
        assert not said.automatic
        made = {"publish": "standing", "hide": "hidden", "withdraw": "withdrawn"}[event.decision.value]
        leaves = (event.part.value, made) == ("review", "standing")
        assert text.reopened or leaves or text.standing != made, "nothing was decided"
        assert not (text.reopened and person in text.by), "whoever decided it decides it again"
        text.standing, text.reopened = made, False
        text.by.append(person)

    def _contested(self, event: r.ModerationContested) -> None:
        said, part = self.said[event.review], event.part.value
        text = self._text(said, part)
        other = "seller" if said.side == "buyer" else "buyer"
        assert event.by == self._name(said.side if part == "review" else other), "somebody else contests"
        assert text.standing in ("hidden", "withdrawn")
        assert not text.contested, "contested twice"
        assert not said.automatic
        text.contested = text.reopened = True

    def _closed(self, event: r.ReviewsClosed) -> None:
        assert event.by == "system"
        assert event.at == self.closing(), "the end came at another time"
        found = {(one.side.value, one.rating) for one in event.automatic}
        assert len(found) == len(event.automatic)
        assert found == self._silence(), "S26, S27: silence is answered as the policy says"
        self._show()
        self.over = True
        for one in event.automatic:
            assert one.review not in self.said
            given = {str(line) for line in one.lines}
            assert given == (self._reached() if one.side.value == "buyer" else set()), "silence rates what never came"
            said = Said(one.side.value, event.at, None, one.rating, Text("standing"), silent_about=given)
            self.said[one.review] = said

    def _show(self) -> None:
        for said in self.said.values():
            said.blind = False

    def _text(self, said: Said, part: str) -> Text:
        if part == "review":
            return said.text
        assert said.reply is not None, "there is no answer"
        return said.reply

    # what an order has to say

    def _is_shown(self, said: Said) -> bool:
        return bool(self._completed()) and not said.blind and said.text.standing == "standing"

    def check(self, order: Order) -> None:
        """The order says the same as this model, and waits for the end where that decides something."""
        if order.reviews or self.said:
            sides = Counter(review.by.value for review in order.reviews)
            assert max(sides.values()) == 1, "two reviews by one side"
            assert [review.id for review in order.reviews] == list(self.said)
        for review in order.reviews:
            said = self.said[review.id]
            assert (review.by.value, review.rating, review.version) == (said.side, said.stars, said.version)
            assert (review.left_at, review.blind, review.automatic) == (said.left_at, said.blind, said.automatic)
            assert (review.status.value == "published") == self._is_shown(said), "shown, or not, against the rules"
            assert review.moderated.standing.value == said.text.standing
            assert (review.reply is not None) == (said.reply is not None)
            if review.reply is not None and said.reply is not None:
                assert review.reply.version == said.reply_to <= said.version
                assert review.reply.moderated.standing.value == said.reply.standing
        assert order.reviews_closed == self.over
        comes = [deadline.at for deadline in deadlines(order) if deadline.kind.value == "review"]
        assert comes == [at for at in (self.closing(),) if at is not None], (
            "the end is to come, or not, against the rules"
        )

    def figures(self) -> dict[tuple[str, int], dict[str, int]]:
        """What the reviews add up to: by whom or what, and the day, what is not zero."""
        assert self.placed is not None
        lost = [
            quarrel.ended_at
            for quarrel in self.quarrels.values()
            if quarrel.outcome == "ruled" and 2 * quarrel.decided > quarrel.amount
        ]
        return added_up(self.placed, [said for said in self.said.values() if self._is_shown(said)], lost)


def _new_text(held: tuple[str, ...]) -> Text:
    return Text("held" if held else "standing")


def _satisfied(quarrel: Quarrel) -> bool:
    if quarrel.claimed:
        return False
    return quarrel.outcome == "resent" or (quarrel.outcome in GIVEN and quarrel.decided > 0)
