"""`POST /clock/advance`: the sandbox's clock moves, and with it everything that falls due."""

import hashlib
from collections.abc import Callable
from threading import Lock

from fairhold.api.bodies import Advance
from fairhold.api.instants import parse_instant
from fairhold.api.parts import Call, Parts
from fairhold.api.problems import Problem
from fairhold.api.reading import Form
from fairhold.api.wire import ClockOut
from fairhold.domain.instants import LATEST, SECOND, Instant, after
from fairhold.domain.reasons import Reason, Refusal
from fairhold.engine.background import LONGEST_ADVANCE, CannotAdvance
from fairhold.engine.ports.store import Store
from fairhold.words.dates import rfc3339
from fairhold.words.faults import Fault

_FORM: Form[Advance] = Form(Advance)
_HEAD_START = 50_000
"""Microseconds: the clock ticks while it is being moved, and must not have passed its target by itself ("seconds": 0)."""


class ClockHands:
    """Moves the clock once per idempotency key, whichever of several processes is asked.

    What a key is to do is written down before it is done: whoever repeats it moves the clock to the same moment, and not
    once more by the same step.
    """

    def __init__(self, advance: Callable[[Instant], Instant], store: Store) -> None:
        self._advance = advance
        self._store = store
        self._turn = Lock()

    def move(self, parts: Parts, call: Call, key: str | None, body: bytes) -> ClockOut | Problem | Refusal:
        """Move as the body says; blocks until everything due has happened."""
        if not parts.sandbox:
            return Problem(Fault.SANDBOX_ONLY)
        wanted = _FORM.read(body)
        if isinstance(wanted, Problem):
            return wanted
        fingerprint = hashlib.sha256(f"{call.actor}\n".encode() + _FORM.canonical(wanted)).hexdigest()
        with self._turn:
            return self._once(parts, wanted, key, fingerprint)

    def _once(self, parts: Parts, wanted: Advance, key: str | None, fingerprint: str) -> ClockOut | Problem | Refusal:
        name = None if key is None else f"advance/{hashlib.sha256(key.encode()).hexdigest()}"
        kept = self._store.setting(name) if name else None
        now = parts.queries.now()
        if not kept:
            to = _target(wanted, now)
            if isinstance(to, Problem):
                return to
            kept = f"{fingerprint} {to}"
            if name:
                kept = self._store.keep_setting(name, kept) or kept
        first, target, *answered = kept.split()
        if first != fingerprint:
            return Refusal(Reason.IDEMPOTENCY_KEY_REUSED, "Idempotency-Key")
        if answered:
            return ClockOut(answered[0])
        try:
            answer = rfc3339(self._advance(Instant(max(int(target), now + _HEAD_START))))
        except CannotAdvance as refused:
            if name:
                self._store.set_setting(name, "")  # nothing is kept under the key of what was refused
            return _refused(refused, "to" if wanted.seconds is None else "seconds", now)
        if name:
            self._store.set_setting(name, f"{kept} {answer}")
        return ClockOut(answer)


def _target(wanted: Advance, now: Instant) -> Instant | Problem:
    if (wanted.seconds is None) == (wanted.to is None):
        return Problem(Fault.INVALID_VALUE, "seconds", "one of two")
    if wanted.seconds is not None:
        to = Instant(now + max(wanted.seconds * SECOND, _HEAD_START))
        return to if to <= LATEST else Problem(Fault.INVALID_VALUE, "seconds", "out of range")
    moment = parse_instant(wanted.to or "")
    if moment is None:
        return Problem(Fault.INVALID_VALUE, "to", "instant")
    return moment if moment >= now else Problem(Fault.INVALID_VALUE, "to", "at least", rfc3339(now))


def _refused(refused: CannotAdvance, field: str, now: Instant) -> Problem:
    if refused.reason == "not_movable":
        return Problem(Fault.SANDBOX_ONLY)
    if refused.reason == "backwards":
        return Problem(Fault.INVALID_VALUE, field, "at least", rfc3339(now))
    return Problem(Fault.INVALID_VALUE, field, "at most", rfc3339(after(now, LONGEST_ADVANCE)))
