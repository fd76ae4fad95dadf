"""The post office: takes letters that are due out of the queue, has them written, and hands them to a transport.

A letter is sent at least once and, as long as a server's answer arrives, not twice: its row is claimed before it goes,
and every attempt carries the same `Message-ID`. Several processes may serve one queue.
"""

import random
import threading
from collections.abc import Callable, Sequence

import structlog

from fairhold.domain.instants import DAY, HOUR, MINUTE, SECOND, Duration, Instant
from fairhold.engine.installation.clock import Clock
from fairhold.engine.installation.metrics import Metrics
from fairhold.engine.kernel.own_thread import OwnThread
from fairhold.engine.ports.contacts import RefusedAddresses
from fairhold.engine.ports.mail import (
    Fate,
    LetterWriter,
    Mail,
    MailRows,
    MailState,
    Outgoing,
    Queued,
    Refused,
    Sent,
    Transport,
    TryLater,
)
from fairhold.engine.ports.store import StoreUnavailable

_log = structlog.get_logger("fairhold.mail")

CLAIM = 50
LEASE = Duration(10 * MINUTE)
"""Longer than a transport takes over what is claimed at once, with every one of its time limits reached."""
MOST_ATTEMPTS = 12
LONGEST_PAUSE = Duration(8 * HOUR)
"""With doubling pauses from one minute this gives a mail server almost two days before a person must look."""
KEYS_KEPT = Duration(400 * DAY)
"""As long as the keys of commands."""
LONGEST_SLEEP = 1.0
FAILED_SLEEP = 5.0


class PostOffice:
    """Sends what is queued. `once` sends what is due now; `start` does so as time passes, in a thread of its own.

    A thread of its own: a mail server that hangs must not keep deadlines waiting.
    """

    def __init__(
        self,
        rows: MailRows,
        writer: LetterWriter,
        transport: Transport,
        refused: RefusedAddresses,
        clock: Clock,
        metrics: Metrics | None = None,
        *,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._rows = rows
        self._writer = writer
        self._transport = transport
        self._refused = refused
        self._clock = clock
        self._metrics = metrics or Metrics()
        self._chance = chance
        self._turn = threading.Lock()
        self._thread = OwnThread("fairhold-mail", self._take_turn, _failed)
        self._forget_at = Instant(0)

    def post(self, mail: Mail) -> bool:
        """Queue durably; False where that key is known already. Raises StoreUnavailable."""
        queued = self._rows.post(mail)
        if queued:
            self.wake()
        return queued

    def forget(self, person: str) -> None:
        """Send nothing of what still waits for this person, who is being forgotten. Raises StoreUnavailable."""
        self._rows.drop_for(person, self._clock.now())

    def wake(self) -> None:
        """There may be something to send."""
        self._thread.wake()

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End after what is being sent now."""
        self._thread.stop()

    def once(self, until: Instant | None = None) -> int:
        """Send what is due by `until` (now); how many were looked at. Blocks; raises StoreUnavailable."""
        now = self._clock.now() if until is None else until
        done = 0
        with self._turn:
            # Looking costs nobody anything; claiming holds other writers of a SQLite file up.
            while not self._thread.stopping and (due := self._rows.next_due()) is not None and due <= now:
                claimed = self._rows.claim(now, LEASE, CLAIM)
                if not claimed:
                    break
                self._send(claimed, now)
                done += len(claimed)
            self._forget(now)
        return done

    def next_due(self) -> Instant | None:
        """When the next letter is to go. Raises StoreUnavailable."""
        return self._rows.next_due()

    def _send(self, claimed: Sequence[Queued], now: Instant) -> None:
        going: list[Queued] = []
        outgoing: list[Outgoing] = []
        for queued in claimed:
            letter = self._written(queued, now)
            if letter is not None:
                going.append(queued)
                outgoing.append(letter)
        if not outgoing:
            return
        fates = self._transport.send(outgoing)
        for number, queued in enumerate(going):
            if self._thread.stopping:
                for left in going[number:]:
                    self._rows.retry(left.mail.key, now, "stopped before its turn")
                return
            # Noted one by one: a process that dies has at most one letter on its way.
            self._settle(queued, next(fates), now)

    def _written(self, queued: Queued, now: Instant) -> Outgoing | None:
        """The letter, where it is to go; else its row says what became of it."""
        mail = queued.mail
        try:
            written = self._writer.write(mail, now)
        except StoreUnavailable:
            raise
        except Exception as error:  # noqa: BLE001 - one letter that cannot be written must not hold up the others
            _log.error("letter cannot be written", template=mail.template, error=type(error).__name__)
            self._settle(queued, TryLater(f"not written: {type(error).__name__}: {error}"), now)
            return None
        if written is None:
            self._rows.finish(mail.key, MailState.DROPPED, now)
            self._metrics.mailed("dropped")
            return None
        return Outgoing(mail.key, mail.to, mail.language, now, written)

    def _settle(self, queued: Queued, fate: Fate, now: Instant) -> None:
        mail = queued.mail
        match fate:
            case Sent():
                self._rows.finish(mail.key, MailState.SENT, now)
                self._metrics.mailed("sent")
            case Refused(why, address):
                if address:
                    self._refused.note_refused(mail.to, now, why[:500])
                self._park(mail, why, now)
            case TryLater(why) if queued.attempts >= MOST_ATTEMPTS:
                self._park(mail, why, now)
            case TryLater(why):
                pause = min(MINUTE << (queued.attempts - 1), LONGEST_PAUSE)
                later = now + pause // 2 + int(pause * self._chance())
                self._rows.retry(mail.key, Instant(later), why[:500])
                self._metrics.mailed("retried")

    def _park(self, mail: Mail, why: str, now: Instant) -> None:
        # What a server answers often repeats the address: that stands in the row and not in the log.
        _log.error("letter parked", template=mail.template)
        self._rows.finish(mail.key, MailState.PARKED, now, why[:500])
        self._metrics.mailed("parked")

    def _forget(self, now: Instant) -> None:
        if now >= self._forget_at:
            self._forget_at = Instant(now + HOUR)
            while self._rows.forget_before(Instant(now - KEYS_KEPT)) >= 1000:
                continue

    def _take_turn(self) -> float:
        self.once()
        return self._until_next()

    def _until_next(self) -> float:
        due = self._rows.next_due()
        if due is None:
            return LONGEST_SLEEP
        return min(LONGEST_SLEEP, max(0.02, (due - self._clock.now()) / SECOND))


def _failed(error: Exception) -> float:
    """The database may be back in a moment. What the error says may be what a letter says, and is not for the log."""
    _log.warning("letters wait; trying again", error=type(error).__name__)
    return FAILED_SLEEP
