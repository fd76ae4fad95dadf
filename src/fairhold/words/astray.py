"""Headlines and sums of orders whose refund is not with the buyer, in words."""

from fairhold.domain.actors import Role
from fairhold.domain.astray import Astray, instead_of_headline
from fairhold.domain.order import Order
from fairhold.domain.status import headline
from fairhold.words.catalog import N_, Words
from fairhold.words.names import status_name

NAMES: dict[Astray, str] = {
    Astray.CAME_BACK: N_("Refund came back"),
    Astray.SENT_AGAIN: N_("Refund sent again"),
}
"""Neutral names, as those of statuses are."""
_NAMES_BY_ROLE: dict[Role, dict[Astray, str]] = {
    Role.BUYER: {
        Astray.CAME_BACK: N_("Refund came back: we are on it"),
        Astray.SENT_AGAIN: N_("Refund sent to you again"),
    },
    Role.SELLER: {
        Astray.CAME_BACK: N_("Refund did not reach the buyer"),
        Astray.SENT_AGAIN: N_("Refund sent to the buyer again"),
    },
}

SUMS: dict[Astray, str] = {
    Astray.CAME_BACK: N_("Did not reach the buyer, still theirs"),
    Astray.SENT_AGAIN: N_("Sent to the buyer again"),
}
BUYER_SUMS: dict[Astray, str] = {
    Astray.CAME_BACK: N_("Did not reach you, still yours"),
    Astray.SENT_AGAIN: N_("Sent to you again"),
}


def headline_name(words: Words, order: Order, role: Role | None = None) -> str:
    """The order's headline as `role` reads it; neutral where no role is given."""
    where = instead_of_headline(order, role)
    if where is None:
        return status_name(words, headline(order), role)
    return words.gettext(_NAMES_BY_ROLE.get(role, NAMES)[where] if role else NAMES[where])
