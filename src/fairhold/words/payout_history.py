"""What happened to an order's money on its way to the seller, in words: the seller's and the staff's part of its history."""

from collections.abc import Callable
from typing import Any

from fairhold.domain.payout_events import (
    PayoutAskedBack,
    PayoutFailed,
    PayoutNotTakenBack,
    PayoutReturned,
    PayoutSent,
    PayoutStarted,
    PayoutTakenBack,
)
from fairhold.words.catalog import N_
from fairhold.words.scene import Scene, Told


def _started(scene: Scene, event: PayoutStarted) -> Told:
    return Told(
        scene.say(N_("%(sum)s is on its way to the seller"), sum=scene.sum(event.amount)),
        scene.say(N_("The payment provider was asked to pass it on.")),
    )


def _sent(scene: Scene, event: PayoutSent) -> Told:
    return Told(scene.say(N_("%(sum)s has left for the seller"), sum=scene.sum(event.amount)))


def _failed(scene: Scene, event: PayoutFailed) -> Told:
    return Told(
        scene.say(N_("%(sum)s could not be passed on"), sum=scene.sum(event.amount)),
        scene.say(N_("It is here, and due to the seller as before.")),
    )


def _returned(scene: Scene, event: PayoutReturned) -> Told:
    return Told(
        scene.say(N_("The seller's bank sent %(sum)s back"), sum=scene.sum(event.amount)),
        scene.say(N_("It is here, and due to the seller as before.")),
    )


def _asked_back(scene: Scene, event: PayoutAskedBack) -> Told:
    return Told(
        scene.say(N_("%(sum)s is asked back of the seller"), sum=scene.sum(event.amount)),
        scene.say(N_("The buyer's bank took it after it had been paid out.")),
    )


def _taken_back(scene: Scene, event: PayoutTakenBack) -> Told:
    return Told(scene.say(N_("%(sum)s was taken back from the seller"), sum=scene.sum(event.amount)))


def _not_taken_back(scene: Scene, event: PayoutNotTakenBack) -> Told:
    return Told(
        scene.say(N_("%(sum)s could not be taken back"), sum=scene.sum(event.amount)),
        scene.say(N_("The seller owes it: it is kept of what they are to get.")),
    )


PAYOUT_TELLERS: dict[type, Callable[[Scene, Any], Told]] = {
    PayoutStarted: _started,
    PayoutSent: _sent,
    PayoutFailed: _failed,
    PayoutReturned: _returned,
    PayoutAskedBack: _asked_back,
    PayoutTakenBack: _taken_back,
    PayoutNotTakenBack: _not_taken_back,
}
"""Who tells of which event."""
