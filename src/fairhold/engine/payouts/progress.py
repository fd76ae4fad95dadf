"""Sees payouts through: from orders to the provider, from there to the seller's bank, and to a person where they stop."""

from collections.abc import Callable, Mapping

import structlog

from fairhold.domain.instants import HOUR, MINUTE, Duration, Instant, after
from fairhold.domain.reasons import Reason
from fairhold.engine.kernel.envelope import Unavailable
from fairhold.engine.outside.destinations import TryLater
from fairhold.engine.outside.payment_seen import AccountSeen, No, PayoutSeen, State
from fairhold.engine.outside.payments import Answer, PayoutAsked, Refused
from fairhold.engine.payouts.balances import Balances
from fairhold.engine.payouts.making import PAGE, PayoutMaker
from fairhold.engine.ports.payouts import PartStage, Payout, PayoutPlace, PayoutRows, PayoutStage
from fairhold.engine.ports.store import StoreUnavailable

_log = structlog.get_logger("fairhold.payouts")

MOST_FAILURES = 3
"""After so many that did not arrive in a row a person looks, whatever the reason."""
MOST_TRIES = 10
FOR_A_PERSON = frozenset(
    {No.ACCOUNT_CLOSED.value, No.UNSUPPORTED.value, No.BROKEN.value, No.DECLINED.value, "returned"}
)
"""Reasons that waiting does not mend."""
NOTHING_BEGAN = Reason.NOT_DUE.value
"""All its orders had given what was due to another payout, made at the same moment: nobody needs to know."""
TAKEN_BACK = "taken_back"
"""All of it was taken back before it went to the bank."""
LOOK_AGAIN = Duration(30 * MINUTE)
TRY_AGAIN = Duration(5 * MINUTE)
LONGEST_REST = Duration(12 * HOUR)

Told = Callable[[Payout], None]


class PayoutProgress:
    """Moves open payouts on. `ended` hears of each that came to its end. Raises StoreUnavailable and Unavailable."""

    def __init__(self, rows: PayoutRows, balances: Balances, maker: PayoutMaker, ended: Told) -> None:
        self._rows = rows
        self._balances = balances
        self._maker = maker
        self._ended = ended

    def once(self, now: Instant) -> int:
        """Move on whatever can be moved; how many steps that were."""
        steps = 0
        after: PayoutPlace | None = None
        while found := self._rows.movable(now, after, PAGE):
            steps += sum(self._safely(payout, now) for payout in found)
            after = PayoutPlace(found[-1].made_at, found[-1].id)
        return steps + self._note_failures(now)

    def _safely(self, payout: Payout, now: Instant) -> bool:
        """One that cannot be moved holds up no other."""
        try:
            return self._step(payout, now)
        except (StoreUnavailable, Unavailable):
            raise
        except Exception:  # noqa: BLE001 - a provider's answer that nobody has thought of must not stop everybody's payouts
            _log.exception("a payout cannot be moved on", payout=payout.id)
            return False

    def _step(self, payout: Payout, now: Instant) -> bool:
        match payout.stage:
            case PayoutStage.MADE:
                # Whoever made it ended before all its orders were told.
                self._maker.start(payout)
                return True
            case PayoutStage.ON_ITS_WAY:
                return self._gather_parts(payout, now)
            case _:
                return self._send_to_bank(payout, now)

    def _gather_parts(self, payout: Payout, now: Instant) -> bool:
        """Once every order has an answer, what arrived is known."""
        stages = self._rows.parts_by_stage(payout.id)
        if PartStage.PLANNED in stages or PartStage.STARTED in stages:
            return False
        _, sent = stages.get(PartStage.SENT, (0, 0))
        if not sent:
            return self._end(payout, now, PayoutStage.FAILED, why=self._why_nothing(payout, stages))
        if self._balances.terms(payout.account.provider).pays_seller == "at_once":
            return self._end(payout, now, PayoutStage.DONE, arrived=sent)
        onwards = payout._replace(stage=PayoutStage.TO_BANK, arrived=sent, next_at=now)
        return self._rows.move(payout, onwards)

    def _why_nothing(self, payout: Payout, stages: Mapping[PartStage, tuple[int, int]]) -> str:
        if stages.keys() <= {PartStage.DROPPED}:
            return NOTHING_BEGAN
        parts = self._rows.parts(payout.id, "", PAGE)
        return next((part.why for part in parts if part.stage is not PartStage.DROPPED), "")

    def _send_to_bank(self, payout: Payout, now: Instant) -> bool:
        """Ask for it, or how it stands: under one name it is done once."""
        provider = self._balances.provider(payout.account.provider)
        if provider is None:
            self._rows.move(payout, payout._replace(next_at=after(now, LOOK_AGAIN)))
            return False
        if not payout.reference:
            begun = self._begin(payout, now)
            if begun is None:
                return True
            payout = begun
        name = name_of_try(payout)
        asked = PayoutAsked(name, payout.arrived, payout.account.currency, payout.to, payout.made_at)
        try:
            answer = provider.pay_out(asked, name)
        except Refused as refused:
            if refused.why is No.INSUFFICIENT_BALANCE:
                less = self._what_is_left(payout, now)
                if less is not None:
                    return less
            answer = Answer(payout.reference, State.FAILED, why=refused.why)
        except TryLater as later:
            rest = min(later.rest or TRY_AGAIN, LONGEST_REST)
            return self._rows.move(payout, payout._replace(next_at=after(now, rest)))
        return self._banked(payout, answer.state, answer.reference, answer.why, now)

    def _begin(self, payout: Payout, now: Instant) -> Payout | None:
        """Settle on what is sent, before it is asked for: what was taken back of its parts until now is not.

        Sent again, it is what came back. Of that only what was taken from the account since is missing: what was taken
        back of its parts before may have come from another payout, which then arrived with less.
        """
        if payout.tries > 1:
            sent = max(0, min(payout.arrived, self._rows.lying(payout)))
        else:
            _, sent = self._rows.parts_by_stage(payout.id).get(PartStage.SENT, (0, 0))
        if not sent:
            self._end(payout, now, PayoutStage.FAILED, why=TAKEN_BACK)
            return None
        begun = payout._replace(arrived=sent, reference=name_of_try(payout))
        return begun if self._rows.move(payout, begun) else None

    def _what_is_left(self, payout: Payout, now: Instant) -> bool | None:
        """What was taken back came from the account, whichever payout had brought it there: so less is left to be sent.

        Another sum is another try. None: by what is known here all of it should be there.
        """
        left = min(payout.arrived, self._rows.lying(payout))
        if left <= 0:
            return self._end(payout, now, PayoutStage.FAILED, why=TAKEN_BACK)
        if left == payout.arrived or payout.tries >= MOST_TRIES:
            return None
        anew = payout._replace(tries=payout.tries + 1, arrived=left, next_at=after(now, TRY_AGAIN))
        return self._rows.move(payout, anew._replace(reference=name_of_try(anew)))

    def _banked(self, payout: Payout, state: State, reference: str, why: No | None, now: Instant) -> bool:
        known = payout._replace(reference=reference[:64])
        if state is State.DONE:
            return self._end(payout, now, PayoutStage.DONE, reference=known.reference, arrived=payout.arrived)
        if state in (State.FAILED, State.RETURNED):
            stage = PayoutStage.RETURNED if state is State.RETURNED else PayoutStage.PARKED
            told = why.value if why else "returned"
            self._park(payout, told, now)
            return self._end(payout, now, stage, reference=known.reference, why=told, arrived=payout.arrived)
        return self._rows.move(payout, known._replace(next_at=after(now, LOOK_AGAIN)))

    def take_payout(self, provider: str, seen: PayoutSeen, now: Instant) -> bool:
        """What the provider tells of a way to the bank, which may come late, twice and after the end; whether it was news."""
        found = self._rows.payout(seen.payout.partition("-")[0])
        if found is None or found.account.provider != provider or name_of_try(found) != seen.payout:
            return False
        was_done = found.stage is PayoutStage.DONE and seen.state in (State.RETURNED, State.FAILED)
        if found.stage is not PayoutStage.TO_BANK and not was_done:
            return False
        return self._banked(found, State.RETURNED if was_done else seen.state, seen.reference, seen.why, now)

    def take_account(self, provider: str, seen: AccountSeen, now: Instant) -> None:
        """What it tells of a seller's account."""
        self._rows.seen_account(provider, seen.account, seen.wanting, now, may_be_paid=seen.may_be_paid)

    def _end(
        self,
        payout: Payout,
        now: Instant,
        stage: PayoutStage,
        *,
        arrived: int = 0,
        reference: str | None = None,
        why: str = "",
    ) -> bool:
        ended = payout._replace(
            stage=stage,
            arrived=arrived,
            reference=payout.reference if reference is None else reference,
            why=why,
            next_at=None,
            done_at=now,
        )
        if not self._rows.move(payout, ended):
            return False
        if stage is PayoutStage.DONE:
            self._rows.no_failure(payout.account.seller, payout.account.provider)
        if why not in (NOTHING_BEGAN, TAKEN_BACK):
            self._ended(ended)
        return True

    def _note_failures(self, now: Instant) -> int:
        """What did not arrive is due again by itself; where waiting does not mend it, a person has to look first."""
        noted = 0
        counted: set[str] = set()
        for part, payout in self._rows.unnoted(PAGE):
            if not self._rows.note(part):
                continue
            noted += 1
            why = "returned" if part.stage is PartStage.RETURNED else part.why
            _log.error("money did not reach a seller", order=part.order, payout=payout.id, why=why)
            seller, provider, _ = payout.account
            if why in FOR_A_PERSON or (
                payout.id not in counted and self._rows.count_failure(seller, provider) >= MOST_FAILURES
            ):
                self._park(payout, why, now)
            counted.add(payout.id)
        return noted

    def _park(self, payout: Payout, why: str, now: Instant) -> None:
        seller, provider, _ = payout.account
        if self._rows.park(seller, provider, why, now):
            _log.critical("payouts to a seller wait for a person", seller=seller, provider=provider, why=why)


def name_of_try(payout: Payout) -> str:
    """What the provider hears it called: asked for anew after it failed, it is another."""
    return payout.id if payout.tries == 1 else f"{payout.id}-{payout.tries}"
