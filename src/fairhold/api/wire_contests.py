"""How evidence against a chargeback stands, as an answer says it."""

from fairhold.api.shapes import At, Out
from fairhold.engine.ports.contests import ContestState


class ContestOut(Out, frozen=True):
    """Evidence against a chargeback. `asked`: the provider has not answered yet; `handed_in` at `done_at`; or `refused`.

    `why` is the provider's word for a refusal: `too_late`, `unsupported`, `broken` and the like. `tries` counts how often
    somebody asked.
    """

    chargeback: str
    order: str
    provider: str
    state: ContestState
    asked_at: At
    asked_by: str
    tries: int
    note: str | None = None
    done_at: At | None = None
    why: str | None = None
