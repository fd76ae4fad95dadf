"""When a webhook is tried again, and when an endpoint is given up."""

from fairhold.domain.instants import DAY, HOUR, MINUTE, SECOND, Duration, Instant, after

PAUSES: tuple[Duration, ...] = (
    Duration(5 * SECOND),
    Duration(5 * MINUTE),
    Duration(30 * MINUTE),
    Duration(2 * HOUR),
    Duration(5 * HOUR),
    Duration(10 * HOUR),
    Duration(14 * HOUR),
    Duration(18 * HOUR),
    Duration(22 * HOUR),
)
"""Between one attempt and the next: ten attempts in 71 hours and 35 minutes, so that a weekend's outage loses nothing."""
JITTER = 0.1
"""By up to this part a pause is shorter or longer, so that not everything that failed together comes together again."""
LONGEST_ASKED = Duration(DAY)
"""How long a receiver may ask to be left alone."""
HELD_FOR = 4
"""As long as an event has been tried fewer times, about 35 minutes, later ones of its order wait for it."""
GIVEN_UP = Duration(5 * DAY)
"""After so long without a success an endpoint is turned off."""
OVERLAP = Duration(DAY)
"""How long the secret before signs too, unless somebody says otherwise."""
KEPT = Duration(30 * DAY)
"""How long what was sent can be looked at and sent again."""


def next_try(tries: int, now: Instant, chance: float, asked_seconds: int | None = None) -> Instant | None:
    """When to try again after `tries` failures in a row; None: never. `chance` lies between 0 and 1.

    `asked_seconds`: what the receiver's `Retry-After` said, which is kept to where that is later.
    """
    if tries > len(PAUSES):
        return None
    pause = PAUSES[tries - 1]
    at = after(now, Duration(int(pause * (1 + JITTER * (2 * chance - 1)))))
    if asked_seconds is not None:
        at = max(at, after(now, min(Duration(asked_seconds * SECOND), LONGEST_ASKED)))
    return at
