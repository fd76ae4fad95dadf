"""How one of the staff sees disputes outside their orders: as rows, with names of people and ways to the cases."""

from dataclasses import dataclass
from enum import StrEnum

from fairhold.domain.actors import Role
from fairhold.domain.dispute import DisputeReason, DisputeState, Outcome
from fairhold.domain.ids import ORDER_ID_LENGTH, OrderId, PersonId, order_number
from fairhold.engine.ports.disputes import StoredDispute
from fairhold.web.views.onlooker import Onlooker
from fairhold.words.catalog import N_
from fairhold.words.disputes import OUTCOMES, reason_name, state_name
from fairhold.words.money import money

FOLDERS = {
    Role.MEDIATOR: "/mediation/disputes",
    Role.SUPPORT: "/support/disputes",
    Role.OPERATOR: "/operator/disputes",
}
"""Where each of the staff has the disputes."""


class Ending(StrEnum):
    """How a dispute ended, as the two sides felt it."""

    OPEN = "open"
    BUYER = "buyer"
    SPLIT = "split"
    SELLER = "seller"
    WITHDRAWN = "withdrawn"
    RESENT = "resent"


ENDINGS: dict[Ending, str] = {
    Ending.OPEN: N_("Still open"),
    Ending.BUYER: N_("All of it to the buyer"),
    Ending.SPLIT: N_("Split"),
    Ending.SELLER: N_("All of it to the seller"),
    Ending.RESENT: N_("Goods sent again"),
    Ending.WITHDRAWN: N_("Withdrawn"),
}


def ending(row: StoredDispute) -> Ending:
    """How this dispute ended."""
    if row.closed_at is None:
        return Ending.OPEN
    if row.outcome == Outcome.WITHDRAWN:
        return Ending.WITHDRAWN
    if row.outcome == Outcome.RESENT:
        return Ending.RESENT
    refund = row.refund or 0
    if refund >= row.amount:
        return Ending.BUYER
    return Ending.SPLIT if refund else Ending.SELLER


@dataclass(frozen=True)
class Office(Onlooker):
    """Whoever works on disputes."""

    @property
    def folder(self) -> str:
        """Where this person has the disputes."""
        return FOLDERS[self.actor.role]

    def url(self, dispute: str) -> str:
        """The page of a case."""
        return f"{self.folder}/{dispute}"

    def sum(self, amount: int, currency: str) -> str:
        """An amount in minor units, exactly."""
        return money(self.reader, amount, currency, minor=True)

    def buyer(self, who: str) -> str:
        """A buyer's name."""
        return self.names.name(Role.BUYER, PersonId(who), self.reader.language)

    def seller(self, who: str) -> str:
        """A seller's name."""
        return self.names.name(Role.SELLER, PersonId(who), self.reader.language)

    def mediator(self, who: str) -> str:
        """A mediator's name, or the operator's who ruled in their place."""
        for role in (Role.MEDIATOR, Role.OPERATOR):
            name = self.names.name(role, PersonId(who), self.reader.language)
            if name != who:
                return name
        return who

    def number(self, row: StoredDispute) -> str:
        """The case's number: that of its order, and which of the order's disputes it is where it is not the first."""
        number, position = order_number(OrderId(row.order_id)), row.id[ORDER_ID_LENGTH + 2 :]
        return number if position == "1" else f"{number}/{position}"

    def reason(self, row: StoredDispute) -> str:
        """What is wrong."""
        return reason_name(self.reader.words, DisputeReason(row.reason))

    def state(self, row: StoredDispute) -> str:
        """Where it stands, or how it ended."""
        if row.outcome:
            return self.say(OUTCOMES[Outcome(row.outcome)])
        return state_name(self.reader.words, DisputeState(row.state))

    def decided(self, row: StoredDispute) -> str:
        """What a closed dispute gave the buyer of the disputed sum, in a few words; nothing where no money was decided."""
        match ending(row):
            case Ending.BUYER:
                return self.say(N_("all of it to the buyer"))
            case Ending.SELLER:
                return self.say(N_("all of it to the seller"))
            case Ending.SPLIT:
                return self.say(N_("%(sum)s to the buyer"), sum=self.sum(row.refund or 0, row.currency))
            case _:
                return ""
