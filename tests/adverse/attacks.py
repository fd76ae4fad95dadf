"""Texts that make a regular expression work hardest: what comes before a repetition, what it repeats, and then what does not fit.

They are made from the pattern itself as Python reads it, for each repetition in it and each pair of neighbouring ones.
"""

import re
from collections.abc import Iterator
from re import _constants as kinds
from re import _parser as parser
from typing import Any, NamedTuple

_REPEATS = (kinds.MAX_REPEAT, kinds.MIN_REPEAT, kinds.POSSESSIVE_REPEAT)
LONG = 20
"""A repetition of at most so many is no danger by itself."""
_ENDS = ("\0", "!", "")


class Attack(NamedTuple):
    """`before`, then `pumped` again and again, then `after`."""

    before: str
    pumped: str
    after: str

    def text(self, length: int) -> str:
        """About so many characters."""
        return self.before + self.pumped * (length // max(1, len(self.pumped))) + self.after


def attacks(pattern: str, flags: int = 0) -> list[Attack]:
    """What to try; nothing for a pattern that repeats nothing."""
    found: dict[Attack, None] = {}
    for before, pumped in _pumps(parser.parse(pattern, flags), ""):
        if pumped:
            found |= {Attack(before, pumped, end): None for end in _ENDS}
            # Without what comes before: a search begins at each character anew.
            found |= {Attack("", pumped, end): None for end in _ENDS}
    return list(found)


def _pumps(sequence: Any, before: str) -> Iterator[tuple[str, str]]:
    repeated: list[str] = []
    for operation, argument in sequence:
        if operation in _REPEATS:
            _, most, body = argument
            samples = _samples(body)
            if most > LONG:
                for sample in samples:
                    yield before, sample
                # Of two neighbours that both could take the text, each takes its share: tried together.
                for other in repeated[-3:]:
                    yield before, other + samples[0]
                repeated += samples
            yield from _pumps(body, before)
        elif operation is kinds.SUBPATTERN:
            yield from _pumps(argument[3], before)
        elif operation is kinds.ATOMIC_GROUP:
            yield from _pumps(argument, before)
        elif operation in (kinds.ASSERT, kinds.ASSERT_NOT):
            yield from _pumps(argument[1], before)
        elif operation is kinds.BRANCH:
            for branch in argument[1]:
                yield from _pumps(branch, before)
        before += _samples([(operation, argument)])[0]


def _samples(sequence: Any) -> list[str]:
    """A few texts that fit a part of a pattern, the plainest first."""
    found = [""]
    for operation, argument in sequence:
        found = [begun + more for begun in found for more in _of_operation(operation, argument)][:6]
    return found


def _of_operation(operation: Any, argument: Any) -> list[str]:
    if operation is kinds.LITERAL:
        return [chr(argument)]
    if operation is kinds.NOT_LITERAL:
        return ["a" if argument != ord("a") else "b"]
    if operation is kinds.ANY:
        return ["a"]
    if operation is kinds.IN:
        return _of_set(argument)
    if operation in _REPEATS:
        least, _, body = argument
        return [sample * max(1, least) for sample in _samples(body)]
    if operation is kinds.SUBPATTERN:
        return _samples(argument[3])
    if operation is kinds.ATOMIC_GROUP:
        return _samples(argument)
    if operation is kinds.BRANCH:
        return [sample for branch in argument[1] for sample in _samples(branch)][:6]
    return [""]


_OF_CATEGORY = {
    kinds.CATEGORY_DIGIT: "1",
    kinds.CATEGORY_SPACE: " ",
    kinds.CATEGORY_WORD: "a",
    kinds.CATEGORY_NOT_DIGIT: "a",
    kinds.CATEGORY_NOT_SPACE: "a",
    kinds.CATEGORY_NOT_WORD: "-",
}
_TRIED = "a1 -_.,:/@AZя\t\n\x80\u200b😀"


def _of_set(members: Any) -> list[str]:
    """Letters of a set: one of each of its parts, or the first that it does not shut out."""
    if members[0][0] is kinds.NEGATE:
        shut = {letter for letter in _TRIED if any(_takes(member, letter) for member in members[1:])}
        return [letter for letter in _TRIED if letter not in shut][:2] or [""]
    letters: list[str] = []
    for kind, argument in members:
        if kind is kinds.LITERAL:
            letters.append(chr(argument))
        elif kind is kinds.RANGE:
            letters.append(chr(argument[0]))
        elif kind is kinds.CATEGORY:
            letters.append(_OF_CATEGORY[argument])
    return list(dict.fromkeys(letters))[:4]


def _takes(member: Any, letter: str) -> bool:
    kind, argument = member
    if kind is kinds.LITERAL:
        return bool(ord(letter) == argument)
    if kind is kinds.RANGE:
        return bool(argument[0] <= ord(letter) <= argument[1])
    return bool(re.match(_CLASS[argument], letter))


_CLASS = {
    kinds.CATEGORY_DIGIT: r"\d",
    kinds.CATEGORY_SPACE: r"\s",
    kinds.CATEGORY_WORD: r"\w",
    kinds.CATEGORY_NOT_DIGIT: r"\D",
    kinds.CATEGORY_NOT_SPACE: r"\S",
    kinds.CATEGORY_NOT_WORD: r"\W",
}
