"""No regular expression of the product can be kept busy: each is given the texts that cost it most, ever longer ones."""

import re
import time

import pytest

from tests.adverse.attacks import Attack, attacks
from tests.adverse.expressions import Expression, expressions

LENGTHS = (*range(12, 60), 90, 150, 250, 500, 1_000, 2_000, 4_000, 8_000)
"""Characters, step by step: an exponential one is seen among the first, before anybody would have to wait for it. As much as a
review has at most; nothing longer reaches any of them, except where a limit of its own is named in `SHORTER`."""
SHORTER = {"engine/installation/settings.py": 1_000, "cli/policy/places.py": 1_000, "cli/demo/steps.py": 1_000}
"""What only the operator writes, on their own machine: a line of settings, or of a policy; and what our own demo says."""
BOUND = 0.1
"""Seconds of the processor for one text."""
FOUND = expressions()


def seconds(one: Expression, pattern: re.Pattern[str], text: str) -> float:
    """How long it takes to compare a text with it, as the product does."""
    begun = time.thread_time()
    pattern.fullmatch(text)
    for _ in pattern.finditer(text) if one.searches else ():
        pass
    return time.thread_time() - begun


def worst(one: Expression) -> tuple[float, Attack | None]:
    """The longest that any attack took, and which."""
    pattern = re.compile(one.pattern, one.flags)
    most: tuple[float, Attack | None] = (0.0, None)
    longest = SHORTER.get(one.place.partition(":")[0], LENGTHS[-1])
    for attack in attacks(one.pattern, one.flags):
        for length in (step for step in LENGTHS if step <= longest):
            taken = seconds(one, pattern, attack.text(length))
            if taken > BOUND:
                # Again: the machine may have been busy with something else.
                taken = min(taken, seconds(one, pattern, attack.text(length)))
            most = max(most, (taken, attack), key=lambda pair: pair[0])
            if taken > BOUND:
                return most
    return most


def test_each_pattern_is_known_before_anything_runs() -> None:
    assert len(FOUND) > 100
    assert not [one for one in FOUND if one.error], "make it a constant of its module, so that it can be tried"


@pytest.mark.parametrize("place", sorted({one.place.partition("/")[0] for one in FOUND}))
def test_no_regular_expression_runs_away(place: str) -> None:
    slow = []
    for one in FOUND:
        if one.place.partition("/")[0] == place and r"\X" not in one.pattern:
            taken, attack = worst(one)
            if taken > BOUND:
                slow.append(f"{one.place}: {one.pattern!r} took {taken:.2f} s for {attack}")
    assert not slow, "\n".join(slow)


@pytest.mark.parametrize(
    "pattern",
    [
        r"(a+)+$",
        r"^(\w+\s?)*$",
        r"(a|aa)+$",
        r"^([a-zA-Z0-9])(([\-.]|[_]+)?([a-zA-Z0-9]+))*(@){1}[a-z0-9]+[.]{1}(([a-z]{2,3})|([a-z]{2,3}[.]{1}[a-z]{2,3}))$",
        r"\s*\s*\s*x",
    ],
)
def test_one_that_runs_away_would_be_noticed(pattern: str) -> None:
    assert worst(Expression("here", pattern))[0] > BOUND
