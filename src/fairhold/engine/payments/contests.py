"""Evidence against a chargeback: an operator asks for it once, and the provider hands it to the buyer's bank."""

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum

import structlog

from fairhold.access.history import history_for
from fairhold.domain.actors import Actor, Role
from fairhold.domain.dispute import Chargeback, ChargebackState
from fairhold.domain.events import Event
from fairhold.domain.evolve import fold
from fairhold.domain.ids import OrderId
from fairhold.domain.instants import DAY, HOUR, LATEST, MINUTE, Duration, Instant, after, between
from fairhold.domain.order import Order
from fairhold.engine.installation.clock import Clock
from fairhold.engine.kernel.envelope import Unavailable
from fairhold.engine.outside.destinations import TryLater
from fairhold.engine.outside.payment_seen import No
from fairhold.engine.outside.payments import EvidenceAsked, Provider, Refused
from fairhold.engine.ports.contests import Contest, ContestRows, ContestState
from fairhold.engine.ports.store import StoreUnavailable
from fairhold.engine.reading.orders import Queries
from fairhold.proof.heads import day_text

_log = structlog.get_logger("fairhold.contests")

AT_ONCE = 50
TRY_AGAIN = Duration(5 * MINUTE)
LAST_TRY = Duration(30 * MINUTE)
"""So long before the bank stops listening it is tried in any case."""
LONGEST_REST = Duration(12 * HOUR)

Told = Callable[[Order, Sequence[tuple[int, Event]], Instant], str]
"""The history of an order as the bank reads it, told at that moment."""


class Unasked(StrEnum):
    """Why evidence cannot be handed in."""

    NO_CHARGEBACK = "no_chargeback"
    ENDED = "ended"
    """The bank has decided."""
    NOT_CONTESTED = "not_contested"
    """Whoever holds the money takes no evidence, or has no name for the chargeback."""
    TOO_LATE = "too_late"
    ANOTHER_NOTE = "another_note"
    """It was asked for before, with other words, which are those that go to the bank."""


class Contests:
    """Takes what operators ask for, and sees it through beside everything else: providers take their time."""

    def __init__(
        self, rows: ContestRows, providers: Mapping[str, Provider], queries: Queries, clock: Clock, told: Told
    ) -> None:
        self.rows = rows
        self.woken: Callable[[], None] = lambda: None
        self._providers = providers
        self._queries = queries
        self._clock = clock
        self._told = told

    def ask(self, order: Order, chargeback: str, note: str, by: str) -> Contest | Unasked:
        """Have it handed in; asked again with the same words, it is what it was, unless the provider refused it."""
        found = _named(order, chargeback)
        if found is None:
            return Unasked.NO_CHARGEBACK
        known = self.rows.contest(chargeback)
        if known is not None and known.state is not ContestState.REFUSED:
            return known if known.note == note else Unasked.ANOTHER_NOTE
        now = self._clock.now()
        hindrance = self.hindrance(order, found, now)
        if hindrance is not None:
            return hindrance
        asked = Contest(
            chargeback, order.id, found.reference or "", _provider(order, found), now, by, note, next_at=now
        )
        if known is None:
            kept = self.rows.ask(asked)
        else:
            self.rows.move(known, asked._replace(tries=known.tries + 1))
            kept = self.rows.contest(chargeback) or asked
        self.woken()
        return kept if kept.note == note else Unasked.ANOTHER_NOTE

    def hindrance(self, order: Order, chargeback: Chargeback, now: Instant) -> Unasked | None:
        """What is in the way of contesting it now."""
        provider = self._providers.get(_provider(order, chargeback))
        if chargeback.state is not ChargebackState.OPEN:
            return Unasked.ENDED
        if provider is None or not provider.terms.contests or not chargeback.reference:
            return Unasked.NOT_CONTESTED
        if chargeback.answer_by is not None and chargeback.answer_by <= now:
            return Unasked.TOO_LATE
        return None

    def once(self, now: Instant) -> int:
        """Ask providers wherever that is due; how many steps that were. Raises StoreUnavailable and Unavailable."""
        return sum(self._step(contest, now) for contest in self.rows.due(now, AT_ONCE))

    def next_due(self) -> Instant | None:
        """When a provider is to be asked next. Raises StoreUnavailable."""
        return self.rows.next_due()

    def _step(self, contest: Contest, now: Instant) -> bool:
        """One that cannot be handed in holds up no other."""
        try:
            moved = self._handed_in(contest, now)
        except Refused as refused:
            _log.warning(
                "evidence is refused", chargeback=contest.chargeback, why=refused.why.value, words=refused.words
            )
            moved = _ended(contest, ContestState.REFUSED, now)._replace(why=refused.why.value)
        except TryLater as later:
            moved = contest._replace(next_at=self._again(contest, now, later.rest))
        except (StoreUnavailable, Unavailable):
            raise
        except Exception:  # noqa: BLE001 - a provider's answer that nobody has thought of must not stop everybody's payouts
            _log.exception("evidence cannot be handed in; trying again", chargeback=contest.chargeback)
            moved = contest._replace(next_at=self._again(contest, now, None))
        return self.rows.move(contest, moved)

    def _handed_in(self, contest: Contest, now: Instant) -> Contest:
        provider = self._providers.get(contest.provider)
        if provider is None:
            if self._answer_by(contest) < now:
                raise Refused(No.TOO_LATE, f"{contest.provider} has no keys here any more")
            raise TryLater(f"{contest.provider} has no keys here any more")
        # Under one key the provider wants the same words, however much has happened to the order meanwhile.
        known = [one for one in self._queries.history(OrderId(contest.order)) if one[1].at <= contest.asked_at]
        if not known:
            raise Refused(No.BROKEN, "the order has no history")
        order = fold([event for _, event in known])
        # The bank decides for the seller: what they may not read of the other side is not theirs to show.
        seen = history_for(order, Actor(Role.SELLER, order.seller), known)
        told = self._told(order, seen, contest.asked_at)
        asked = EvidenceAsked(
            contest.order, contest.reference, _words(order, contest.note), told.encode(), "text/plain"
        )
        provider.contest(asked, f"contest-{contest.chargeback}-{contest.tries}")
        return _ended(contest, ContestState.HANDED_IN, now)

    def _again(self, contest: Contest, now: Instant, rest: Duration | None) -> Instant:
        """The longer it has not worked, the longer the rest; but there is a try shortly before the bank stops listening.

        After that only the provider knows whether what was sent last has arrived: it is asked until it answers.
        """
        if rest is None:
            rest = min(max(TRY_AGAIN, between(contest.asked_at, now)), LONGEST_REST)
        last = max(self._answer_by(contest) - LAST_TRY, now + TRY_AGAIN)
        return Instant(min(after(now, rest), last))

    def _answer_by(self, contest: Contest) -> Instant:
        order = self._queries.order(OrderId(contest.order))
        found = None if order is None else _named(order, contest.chargeback)
        return LATEST if found is None or found.answer_by is None else found.answer_by


def _named(order: Order, chargeback: str) -> Chargeback | None:
    return next((one for one in order.chargebacks if one.id == chargeback), None)


def _provider(order: Order, chargeback: Chargeback) -> str:
    """Whose payment the bank took back."""
    other = next((one.method for one in order.attempts if one.number == chargeback.attempt), None)
    return (other or order.payment_method or "").partition(":")[0]


def _ended(contest: Contest, state: ContestState, now: Instant) -> Contest:
    return contest._replace(state=state, why="", next_at=None, done_at=now)


def _words(order: Order, note: str) -> dict[str, str]:
    """What is known of the deal, by the kinds that providers ask for."""
    going = [parcel for parcel in order.shipments if parcel.returns is None]
    place = order.destination
    words = {
        "carrier": ", ".join(dict.fromkeys(parcel.carrier for parcel in going)),
        "tracking_number": ", ".join(parcel.tracking_number for parcel in going),
        "shipped_on": day_text(going[0].shipped_at // DAY) if going else "",
        "address": "" if place is None else ", ".join(filter(None, (place.postcode, place.town, place.country))),
        "goods": "\n".join(f"{line.quantity} × {line.title}" for line in order.lines),
        "story": note,
    }
    return {kind: text for kind, text in words.items() if text}
