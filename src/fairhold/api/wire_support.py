"""Answers of the calls to support."""

from fairhold.api.shapes import At, Out


class ChatMessage(Out, frozen=True):
    """What somebody wrote, or (`note`, with `title` in words) what happened to the order. Numbers count up from 1."""

    number: int
    at: At
    by: str
    text: str
    photos: list[str]
    note: str | None = None
    title: str | None = None


class AccidentOut(Out, frozen=True):
    """«I confirmed by accident»: support answers by `due`; the first of the money leaves at `leaves_at`."""

    since: At
    due: At
    leaves_at: At | None


class RequestOut(Out, frozen=True):
    """The buyer asked for more time, and the seller did not answer. `due`: none once it is the operator's."""

    since: At
    due: At | None


class CaseOut(Out, frozen=True):
    """A conversation. `turn`: whose word is awaited; null where nobody's is."""

    order: str
    person: str
    turn: str | None
    messages: int
    changed_at: At | None
    waiting_since: At | None = None
    claimed_by: str | None = None
    accident: AccidentOut | None = None
    request: RequestOut | None = None
    overdue: bool = False


class ChatOut(Out, frozen=True):
    """A conversation and its messages after number `after`, oldest first, at most 500."""

    case: CaseOut
    items: list[ChatMessage]


class CaseList(Out, frozen=True):
    """Conversations: accidents first, then who waits longest, then those answered last. `counts` of those that wait."""

    items: list[CaseOut]
    next: str | None
    counts: dict[str, int]
