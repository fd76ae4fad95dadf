"""What those hear who tell us: carriers, tracking services, payment providers."""

from fairhold.api.shapes import Out


class NewsTaken(Out, frozen=True):
    """How many parcels a message was about, and how many of its scans their orders had not known."""

    parcels: int
    scans: int


class PaymentNewsTaken(Out, frozen=True):
    """How many orders a message was about, and how many of its news they had not known."""

    orders: int
    news: int
