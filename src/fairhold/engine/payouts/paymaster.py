"""Makes payouts on their days and sees them through, beside everything else: providers take their time."""

import threading
from collections.abc import Mapping, Sequence
from typing import Protocol

import structlog

from fairhold.domain.instants import DAY, SECOND, Instant
from fairhold.domain.payout_rules import Schedule, is_due_on
from fairhold.engine.installation.clock import Clock
from fairhold.engine.kernel.envelope import Unavailable
from fairhold.engine.kernel.own_thread import OwnThread
from fairhold.engine.payouts.balances import Balances, Hindrance
from fairhold.engine.payouts.making import PAGE, PayoutMaker
from fairhold.engine.payouts.progress import PayoutProgress
from fairhold.engine.payouts.purses import CatchingUp, Settings
from fairhold.engine.ports.payouts import Account, Owed, PayoutRows
from fairhold.engine.ports.store import StoreUnavailable

_log = structlog.get_logger("fairhold.payouts")

RAN = "payouts_ran"
"""The setting that says up to which day payouts were made."""
LONGEST_SLEEP = 5.0


class Book(Settings, Protocol):
    """Where it is kept up to which day payouts were made."""

    def raise_setting(self, name: str, value: int) -> int:
        """Write a number unless a larger one stands there; answers the larger."""
        ...


class Beside(Protocol):
    """Something else that providers are asked by and by."""

    def once(self, now: Instant) -> int:
        """Do what is to be done by `now`; how many steps that were. Raises StoreUnavailable, Unavailable."""
        ...

    def next_due(self) -> Instant | None:
        """When there is next something to do. Raises StoreUnavailable."""
        ...


class Paymaster:
    """A thread that makes payouts every day at midnight (UTC) and moves the open ones on whenever something is heard of them.

    What stands `beside` has its turn after them.
    """

    def __init__(
        self,
        rows: PayoutRows,
        balances: Balances,
        maker: PayoutMaker,
        progress: PayoutProgress,
        catching_up: CatchingUp,
        book: Book,
        clock: Clock,
    ) -> None:
        self._rows = rows
        self._balances = balances
        self._maker = maker
        self._progress = progress
        self._catching_up = catching_up
        self._book = book
        self._clock = clock
        self.beside: Sequence[Beside] = ()
        self._ran: int | None = None
        self._turn = threading.Lock()
        self._thread = OwnThread("fairhold-payouts", self._take_turn, _failed)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End after what is being asked now."""
        self._thread.stop()

    def wake(self) -> None:
        """Something may go on."""
        self._thread.wake()

    def once(self, until: Instant | None = None) -> int:
        """Do what is to be done by `until` (now); how many steps that were. Blocks; raises StoreUnavailable, Unavailable."""
        now = self._clock.now() if until is None else until
        with self._turn:
            while self._catching_up.once() and not self._thread.stopping:
                continue
            paid = self._progress.once(now) + self._run_of_the_day(now)
            return paid + sum(other.once(now) for other in self.beside)

    def next_due(self) -> Instant | None:
        """When there is next something to do by time alone. Raises StoreUnavailable."""
        looks = (self._rows.next_look(), *(other.next_due() for other in self.beside))
        waits = [at for at in looks if at is not None]
        if self._pays_by_itself():
            waits.append(Instant((self._last_run() + 1) * DAY))
        return min(waits, default=None)

    def _pays_by_itself(self) -> bool:
        """Whether anything is due that leaves on its day."""
        found, own = self._rows.owed(None, PAGE), self._rows.own_schedules()
        return any(self._is_automatic(owed.account, own) for owed in found) or len(found) == PAGE

    def _is_automatic(self, account: Account, own: Mapping[tuple[str, str], Schedule]) -> bool:
        agreed = own.get((account.seller, account.provider))
        return self._balances.is_automatic(account.provider) if agreed is None else agreed != "on_request"

    def _last_run(self) -> int:
        if self._ran is None:
            self._ran = int(self._book.setting(RAN) or -1)
        return self._ran

    def _run_of_the_day(self, now: Instant) -> int:
        """Once a day: whoever's day it is is paid, and whoever owes is asked."""
        day = now // DAY
        if day <= self._last_run():
            return 0
        # Another process may have been through it.
        self._ran = None
        if day <= self._last_run():
            return 0
        made, own = 0, self._rows.own_schedules()
        after: Account | None = None
        while found := self._rows.owed(after, PAGE):
            made += sum(self._safely(owed, day, now) for owed in found if self._is_automatic(owed.account, own))
            after = found[-1].account
        self._ran = self._book.raise_setting(RAN, day)
        return made

    def _safely(self, owed: Owed, day: int, now: Instant) -> int:
        """A seller who cannot be paid holds up no other, and has their turn on their next day."""
        try:
            return self._pay(owed, day, now)
        except (StoreUnavailable, Unavailable):
            raise
        except Exception:  # noqa: BLE001 - whatever it is about this seller, it is not about the others
            _log.exception("a seller cannot be paid", seller=owed.account.seller, provider=owed.account.provider)
            return 0

    def _pay(self, owed: Owed, day: int, now: Instant) -> int:
        account = owed.account
        standing = self._balances.of(owed, now)
        if owed.due < 0 and self._balances.terms(account.provider).takes_back:
            return int(self._maker.ask_back(account, -owed.due, f"day {day}") > 0)
        if not is_due_on(standing.terms.schedule, day):
            return 0
        gathered = self._maker.gather(account, f"day {day}", "system", now)
        if gathered.hindrance in (Hindrance.NO_PROVIDER, Hindrance.NO_ACCOUNT, Hindrance.NOT_PAYABLE, Hindrance.PARKED):
            _log.warning("a seller cannot be paid", seller=account.seller, why=gathered.hindrance.value)
        return len(gathered.payouts)

    def _take_turn(self) -> float:
        return 0.0 if self.once() else self._until_next()

    def _until_next(self) -> float:
        due = self.next_due()
        if due is None:
            return LONGEST_SLEEP
        return min(LONGEST_SLEEP, max(0.02, (due - self._clock.now()) / SECOND))


def _failed(error: Exception) -> float:
    """The database or a provider may be back in a moment."""
    if isinstance(error, StoreUnavailable | Unavailable):
        _log.warning("payouts wait; trying again", error=str(error))
    else:
        _log.error("payouts failed; trying again", exc_info=error)
    return LONGEST_SLEEP
