"""What the sandbox's shop sells, as plain data: whoever puts Fairhold together hands it over.

A marketplace has its own shop and places orders by the API; this one lets a person play a deal from its beginning.
"""

from dataclasses import dataclass

from fairhold.domain.commands import NewLine
from fairhold.domain.ids import PersonId
from fairhold.domain.money import Currency


@dataclass(frozen=True)
class Ware:
    """Something to buy; `price` in minor units of its shelf's currency."""

    sku: str
    title: str
    price: int
    category: str | None = None
    image: str | None = None

    def line(self, quantity: int) -> NewLine:
        """So many of it, as a line of an order."""
        return NewLine(
            sku=self.sku,
            title=self.title,
            quantity=quantity,
            unit_price=self.price,
            category=self.category,
            image=self.image,
        )


@dataclass(frozen=True)
class Shelf:
    """What one seller sells; `shipping` is what sending an order costs, whatever is in it."""

    seller: PersonId
    currency: Currency
    shipping: int
    wares: tuple[Ware, ...]
