"""How one person sees one order at one moment: what every builder of views is given."""

from collections.abc import Callable
from dataclasses import dataclass

from fairhold.domain.actors import Actor, Role
from fairhold.domain.conditions import confirmable, disputable
from fairhold.domain.dispute import Dispute
from fairhold.domain.guards import Action, actions, dispute_actions, line_actions
from fairhold.domain.ids import LineId, order_number
from fairhold.domain.instants import Instant
from fairhold.domain.order import Line, Order
from fairhold.web.people import Directory
from fairhold.web.views.office import FOLDERS
from fairhold.words import dates
from fairhold.words.catalog import N_
from fairhold.words.money import money
from fairhold.words.reader import Reader
from fairhold.words.typography import keep_numbers

STAFF_PATHS = {Role.SUPPORT: "/support/orders", Role.OPERATOR: "/operator/orders", Role.MEDIATOR: "/support/orders"}


@dataclass(frozen=True)
class Sight:
    """The order as it is now, who looks at it, in which language, and where names and pictures come from."""

    order: Order
    now: Instant
    actor: Actor
    reader: Reader
    names: Directory
    picture: Callable[[str], str]

    @property
    def number(self) -> str:
        """The order's short number."""
        return order_number(self.order.id)

    @property
    def url(self) -> str:
        """The order's page for this role."""
        folder = {Role.BUYER: "/orders", Role.SELLER: "/selling/orders"}.get(self.actor.role)
        return f"{folder or STAFF_PATHS[self.actor.role]}/{self.order.id}"

    @property
    def exact(self) -> bool:
        """Whether sums show their fraction even where it is zero: on sellers' and staff pages."""
        return self.actor.role is not Role.BUYER

    def sum(self, amount: int) -> str:
        """An amount of the order in words."""
        return money(self.reader, amount, self.order.currency, minor=self.exact)

    def say(self, message: str, **values: object) -> str:
        """A marked message in the reader's language."""
        return self.reader.words.gettext(message, **values)

    def moment(self, at: Instant) -> str:
        """«19 мая, 18:40»."""
        return dates.moment(self.reader, at, self.now)

    def when(self, at: Instant) -> str:
        """«19 мая в 18:40», «завтра в 10:20»."""
        return dates.moment_in_text(self.reader, at, self.now)

    def seller(self) -> str:
        """The seller's name."""
        return self.names.name(Role.SELLER, self.order.seller, self.reader.language)

    def buyer(self) -> str:
        """The buyer's name."""
        return self.names.name(Role.BUYER, self.order.buyer, self.reader.language)

    def title(self, line: Line) -> str:
        """What the item is called; a number stays with its unit."""
        return keep_numbers(line.title)

    def other_side(self) -> str:
        """With whom the deal is, seen from here."""
        return self.buyer() if self.actor.role is Role.SELLER else self.seller()

    def action(self, name: str) -> Action | None:
        """What the guards say about a command; None where this role never gives it."""
        return next((found for found in actions(self.order, self.actor, self.now) if found.name == name), None)

    def can(self, name: str) -> bool:
        """Whether this person may give the command now."""
        found = self.action(name)
        return found is not None and found.available

    def dispute_url(self, dispute: Dispute) -> str:
        """The dispute's page for this role: staff have a desk for them."""
        if self.actor.role in FOLDERS:
            return f"{FOLDERS[self.actor.role]}/{dispute.id}"
        return f"{self.url}/disputes/{dispute.id.rpartition('-d')[2]}"

    def dispute_action(self, dispute: Dispute, name: str) -> Action | None:
        """What the guards say about a command to a dispute; None where this role never gives it."""
        found = dispute_actions(self.order, dispute, self.actor)
        return next((action for action in found if action.name == name), None)

    def can_in(self, dispute: Dispute, name: str) -> bool:
        """Whether this person may give the command to the dispute now."""
        found = self.dispute_action(dispute, name)
        return found is not None and found.available

    def who(self, role: Role) -> str:
        """Who stands behind a role: «you», or the other side's name."""
        if role is self.actor.role:
            return self.say(N_("You"))
        return self.seller() if role is Role.SELLER else self.buyer()

    def line_action(self, line: LineId, name: str) -> Action | None:
        """What the guards say about a command on one line."""
        found = line_actions(self.order, self.actor, self.now).get(line, ())
        return next((action for action in found if action.name == name), None)

    def to_confirm(self, line: LineId) -> int:
        """How many units of the line can be confirmed."""
        portions = self.order.portions
        return sum(found.quantity for found in portions if found.line == line and confirmable(self.order, found))

    def to_dispute(self, line: LineId) -> int:
        """How many units of the line a dispute can be opened on."""
        portions = self.order.portions
        return sum(found.quantity for found in portions if found.line == line and disputable(self.order, found))
