"""Every code a request can be refused with, in both languages."""

from fairhold.api.problems import STATUSES
from fairhold.domain.reasons import Blame, Reason, blame
from fairhold.words.catalog import Language, words_of
from fairhold.words.faults import Fault
from fairhold.words.problems import fault_text
from fairhold.words.refusals import refusal_text
from scripts.reference import markdown
from scripts.reference.markdown import code, table

_GROUPS = (
    (Blame.REQUEST, "The request itself (422)", "Sending it again unchanged gives the same answer."),
    (
        Blame.STATE,
        "The state of the order (409)",
        "The request was fine, the order is elsewhere by now. Read it again before you go on.",
    ),
    (Blame.ROLE, "Who asks (403)", "This person sees the order and may never do this."),
    (Blame.UNKNOWN, "What does not exist (404)", "What somebody may not see answers exactly like what does not exist."),
)
_INTRO = """
A refusal changes nothing. It is `application/problem+json` (RFC 9457) with a stable `code`; `title` and `detail` are for
people, in the language of `Accept-Language`, and may be reworded. Decide on `code`. `field` names the part of the request
at fault where there is one. A refusal is not kept under its idempotency key: mend the request and use the same key or a new one.
"""


def _row_of_reason(reason: Reason) -> tuple[str, str, str, str]:
    """A row: the code, what happened in English, what to do, and what happened in Russian."""
    english, russian = (refusal_text(words_of(language), reason) for language in (Language.EN, Language.RU))
    return code(reason.value), english.title, english.detail, russian.title


def _row_of_fault(fault: Fault) -> tuple[str, str, str, str, str]:
    english, russian = (fault_text(words_of(language), fault) for language in (Language.EN, Language.RU))
    return code(fault.value), str(STATUSES[fault]), english.title, english.detail, russian.title


def page() -> str:
    """The page."""
    parts = [_INTRO]
    for group, heading, remark in _GROUPS:
        rows = [_row_of_reason(reason) for reason in Reason if blame(reason) is group]
        parts.append(
            f"## {heading}\n\n{remark}\n\n" + table(("code", "what happened", "what to do", "по-русски"), rows)
        )
    columns = ("code", "status", "what happened", "what to do", "по-русски")
    faults = table(columns, (_row_of_fault(fault) for fault in Fault))
    parts.append(f"## Before any rule is asked\n\nWhat can be wrong with a call as such.\n\n{faults}")
    return markdown.page("Reasons for a refusal", *parts)
