"""`POST /clock/advance`: the sandbox's clock moves, and with it everything that falls due."""

import hashlib
from collections import OrderedDict
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
from fairhold.words.dates import rfc3339
from fairhold.words.problems import Fault

_FORM: Form[Advance] = Form(Advance)
_REMEMBERED = 1000
_HEAD_START = 50_000
"""Microseconds: the clock ticks while it is being moved, and must not have passed its target by itself ("seconds": 0)."""


class ClockHands:
    """Moves the clock once per idempotency key. Keys are remembered while the process runs: the sandbox has one."""

    def __init__(self, advance: Callable[[Instant], Instant]) -> None:
        self._advance = advance
        self._done: OrderedDict[str, tuple[bytes, ClockOut]] = OrderedDict()
        self._turn = Lock()

    def move(self, parts: Parts, call: Call, key: str | None, body: bytes) -> ClockOut | Problem | Refusal:
        """Move as the body says; blocks until everything due has happened."""
        if not parts.sandbox:
            return Problem(Fault.SANDBOX_ONLY)
        wanted = _FORM.read(body)
        if isinstance(wanted, Problem):
            return wanted
        fingerprint = hashlib.sha256(f"{call.actor}\n".encode() + _FORM.canonical(wanted)).digest()
        with self._turn:
            return self._once(parts, wanted, key, fingerprint)

    def _once(self, parts: Parts, wanted: Advance, key: str | None, fingerprint: bytes) -> ClockOut | Problem | Refusal:
        if key is not None and key in self._done:
            before, answer = self._done[key]
            return answer if before == fingerprint else Refusal(Reason.IDEMPOTENCY_KEY_REUSED, "Idempotency-Key")
        now = parts.queries.now()
        to = _target(wanted, now)
        if isinstance(to, Problem):
            return to
        try:
            answer = ClockOut(rfc3339(self._advance(to)))
        except CannotAdvance as refused:
            return _refused(refused, "to" if wanted.seconds is None else "seconds", now)
        if key is not None:
            self._done[key] = fingerprint, answer
            if len(self._done) > _REMEMBERED:
                self._done.popitem(last=False)
        return answer


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
