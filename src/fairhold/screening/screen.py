"""What a review's text is held or refused for.

A full link is refused, and so is a text that clearly is in a language the marketplace does not take; whatever is bare,
disguised or doubtful waits for a moderator and is never dropped (S25, S33).
"""

from itertools import chain

from fairhold.screening.disguises import disguised_links
from fairhold.screening.emails import emails
from fairhold.screening.findings import Finding, Kind, Screening, Verdict
from fairhold.screening.language import told
from fairhold.screening.links import bare_domains, full_links
from fairhold.screening.messengers import messengers
from fairhold.screening.normal import fold
from fairhold.screening.phones import phones

_REFUSED = frozenset({Kind.LINK, Kind.LANGUAGE})


def screen(text: str, languages: tuple[str, ...]) -> Screening:
    """Screen a text for a marketplace that takes these languages, or any where none is named.

    Answers for every string whatever, and always the same.
    """
    folded = fold(text)
    found: list[Finding] = []
    covered = bytearray(len(text))
    # What is surer comes first: an address is not reported again as the site after its sign.
    for one in chain(
        full_links(text),
        emails(folded),
        disguised_links(folded),
        bare_domains(folded),
        messengers(folded),
        phones(folded),
    ):
        if not any(covered[one.start : one.end]):
            covered[one.start : one.end] = b"\x01" * (one.end - one.start)
            found.append(one)
    language = told(text)
    if languages and language.sure and language.language not in languages:
        found.append(Finding(Kind.LANGUAGE, 0, len(text), text))
    found.sort(key=lambda one: (one.start, one.end))
    return Screening(
        _verdict(found),
        tuple(found),
        "ru" if language.language == "ru" else "en" if language.language == "en" else None,
    )


def _verdict(found: list[Finding]) -> Verdict:
    if any(one.kind in _REFUSED for one in found):
        return Verdict.REFUSED
    return Verdict.HELD if found else Verdict.CLEAR
