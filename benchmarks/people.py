"""Who buys and who sells in a loaded database."""

import random
from typing import NamedTuple

FAVOURITE_OF = "seller-00000"
FAVOURITE = "sku-0000000"
"""A product that is bought far more than any other, where a loader is told so."""
PRODUCTS = 30
"""Of each seller."""


class People(NamedTuple):
    """How many there are. The first seller has a tenth of all orders, the next nine have three of a hundred each."""

    buyers: int
    sellers: int

    @classmethod
    def of(cls, orders: int) -> "People":
        """As many as a marketplace of that size has: twenty orders a buyer, a thousand a small shop."""
        return cls(max(50, orders // 20), max(20, orders // 1000))

    def buyer(self, chance: random.Random) -> str:
        """Some buyer."""
        return f"buyer-{int(chance.random() * self.buyers):07d}"

    def seller(self, chance: random.Random) -> str:
        """Some seller, large ones more often."""
        share = chance.random()
        if share < 0.1:
            return "seller-00000"
        if share < 0.37:
            return f"seller-{1 + int((share - 0.1) / 0.03):05d}"
        return f"seller-{10 + int(chance.random() * (self.sellers - 10)):05d}"

    def product(self, chance: random.Random) -> str:
        """Some product, not the favourite."""
        return f"sku-{1 + int(chance.random() * PRODUCTS):07d}"
