"""What happened where somebody turned to support, one sentence an event."""

from collections.abc import Callable
from typing import Any

from fairhold.domain.actors import Role
from fairhold.domain.support_events import AccidentDeclined, AccidentOverdue, AccidentReported, ExtensionPassedOn
from fairhold.words.catalog import N_
from fairhold.words.scene import Scene, Told


def _reported(scene: Scene, event: AccidentReported) -> Told:
    parts = [
        scene.say(
            N_("Support answers by %(moment)s. The sum is %(sum)s."),
            moment=scene.until(event.due),
            sum=scene.sum(event.amount),
        )
    ]
    if event.settles:
        until = min(settles_at for _, settles_at in event.settles)
        parts.append(
            scene.say(N_("The money waits here for that, at most until %(moment)s."), moment=scene.until(until))
        )
    return Told(scene.say(N_("The buyer says that receipt was confirmed by accident")), " ".join(parts))


def _overdue(scene: Scene, _: AccidentOverdue) -> Told:
    return Told(
        scene.say(N_("Support has not answered in time")),
        scene.say(N_("The operator is to see to it as well. No money has moved.")),
    )


def _declined(scene: Scene, event: AccidentDeclined) -> Told:
    return Told(scene.say(N_("Support does not undo the confirmation")), event.reasons)


_PASSED_ON = {
    Role.SUPPORT: N_("The seller did not answer the request for more time; support does"),
    Role.OPERATOR: N_("Support did not answer the request for more time; the operator is to see to it as well"),
}


def _passed_on(scene: Scene, event: ExtensionPassedOn) -> Told:
    title = scene.say(_PASSED_ON[event.to])
    if event.due is None:
        return Told(title)
    return Told(title, scene.say(N_("The answer is due by %(moment)s."), moment=scene.until(event.due)))


SUPPORT_TELLERS: dict[type, Callable[[Scene, Any], Told]] = {
    AccidentReported: _reported,
    AccidentOverdue: _overdue,
    AccidentDeclined: _declined,
    ExtensionPassedOn: _passed_on,
}
