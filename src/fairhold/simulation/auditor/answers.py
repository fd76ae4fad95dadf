"""What callers were told: each answer has to survive, and a key has one effect and one answer."""

from collections.abc import Callable
from typing import NamedTuple

from fairhold.simulation.auditor.book import Complain
from fairhold.simulation.auditor.invariants import Invariant
from fairhold.simulation.auditor.rows import Answered, Asked, KeyRow, Source


class _Effect(NamedTuple):
    """What a key brought about: which version of which order."""

    order: str
    version: int


class Answers:
    """Every acknowledgement so far: by order, the latest version that somebody was told of; by key, what it brought about."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self.told: dict[str, int] = {}
        self._effects: dict[tuple[str, str], _Effect] = {}
        self._unanswered: list[Asked] = []

    def acknowledged(
        self, asked: Asked, answer: Answered, complain: Complain, forgotten: Callable[[str], bool]
    ) -> None:
        """Somebody was told that what they asked has happened. Keys of `forgotten` orders need not be kept any more."""
        if asked.dry_run:
            return
        order, version = str(answer.order.id), int(answer.order.version)
        self.told[order] = max(self.told.get(order, 0), version)
        if asked.key is None:
            return
        scope = str(asked.order or "")
        effect, known = _Effect(order, version), self._effects.get((scope, asked.key))
        if known is not None and not answer.repeated and forgotten(known.order):
            self._effects[scope, asked.key] = effect
            known = None
        elif known is not None and not answer.repeated:
            what = f"key {asked.key!r} has had its effect as version {known.version} of {known.order}, and again"
            complain(Invariant.ONE_KEY_ONE_EFFECT, f"{what} as version {version} of {order}")
        elif known is not None and known != effect:
            what = f"key {asked.key!r} was answered with version {known.version} of {known.order}, later"
            complain(Invariant.ONE_KEY_ONE_EFFECT, f"{what} with version {version} of {order}")
        self._effects.setdefault((scope, asked.key), effect)
        if known is None and not answer.repeated:
            self._check_noted(asked, effect, self._source.key(order, scope, asked.key), complain)

    def unanswered(self, asked: Asked) -> None:
        """Nobody knows whether it happened: the database will tell, and from then on it has, or has not."""
        self._unanswered.append(asked)

    def look(self) -> None:
        """Note the effects of what was never answered."""
        asked, self._unanswered = self._unanswered, []
        for one in asked:
            if one.key is None or one.dry_run:
                continue
            scope = str(one.order or "")
            row = self._source.key(scope, scope, one.key) if scope else self._source.placed(one.key)
            if row is not None:
                self._effects.setdefault((scope, one.key), _Effect(row.made or scope, row.version))

    def _check_noted(self, asked: Asked, effect: _Effect, row: KeyRow | None, complain: Complain) -> None:
        if row is None:
            complain(Invariant.ONE_KEY_ONE_EFFECT, f"key {asked.key!r} had its effect and is not noted")
        elif (row.made or effect.order, row.version, bytes(row.fingerprint)) != (*effect, asked.fingerprint):
            what = f"key {asked.key!r} is noted with version {row.version} of {row.made or effect.order}"
            complain(Invariant.ONE_KEY_ONE_EFFECT, f"{what}, it brought about version {effect.version}")
