"""Bodies of the calls, where the wire differs from the domain's own commands: moments as text, policies by name."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from fairhold.domain.commands import MAX_LINES, Amount, DayCount, NewLine, Note, Person, Short
from fairhold.domain.destination import Destination
from fairhold.domain.money import Currency
from fairhold.domain.order import ParcelStatus
from fairhold.domain.payment_commands import Address

Moment = Annotated[
    str,
    Meta(
        max_length=40,
        description="A moment as RFC 3339 writes it, such as 2026-05-19T15:40:00Z.",
        extra_json_schema={"format": "date-time"},
    ),
]
ONE_LINE = r"^[^\u0000-\u001f\u007f]*$"
"""What cannot be seen has no business in a text of one line: it would stand in lists, and be compared all the same."""
MAX_COMMANDS = 1000
MAX_SECONDS = 3653 * 24 * 60 * 60


class Wire(msgspec.Struct, frozen=True, gc=False, kw_only=True, forbid_unknown_fields=True):
    """A body; a field it does not know is refused by name."""


class Payment(Wire, frozen=True):
    """How the buyer pays: `sandbox:…` at once, through a provider (`stripe`, `yookassa:bank_card`) on a page of its own.

    That page speaks `language`, and sends the buyer to `return_url` afterwards, or to the order's own page.
    """

    method: Short
    return_url: Address | None = None
    language: Literal["ru", "en"] = "en"


class Placing(Wire, frozen=True):
    """What buyer and seller agreed on. Amounts in minor units; `shipping`, `discount` and `tax` are for the whole order.

    `destination` is the country, town and postcode to which the goods go, to compare deliveries with; no public page shows it.
    """

    buyer: Person
    seller: Person
    currency: Currency
    lines: Annotated[tuple[NewLine, ...], Meta(max_length=MAX_LINES)]
    shipping: Amount = 0
    discount: Amount = 0
    tax: Amount = 0
    shipping_days: DayCount | None = None
    protection_days: DayCount | None = None
    promised_by: Moment | None = None
    policy: Short | None = None
    reference: Short | None = None
    destination: Destination | None = None


class Scan(Wire, frozen=True):
    """One scan of a parcel; `at` is when the carrier says it happened, `code` the carrier's own word for it."""

    status: ParcelStatus
    at: Moment
    place: Note | None = None
    note: Note | None = None
    code: Short | None = None


class Extension(Wire, frozen=True):
    """How many more days of protection: given by the seller, asked for by the buyer."""

    days: DayCount


class Advance(Wire, frozen=True):
    """By how many seconds, or to which moment, the test clock goes; exactly one of the two."""

    seconds: Annotated[int, Meta(ge=0, le=MAX_SECONDS)] | None = None
    to: Moment | None = None


class Entry(Wire, frozen=True):
    """One command of a batch, as its own POST would be: `path` without `/v1`, `body`, the idempotency `key`, the `actor`."""

    path: Annotated[str, Meta(min_length=1, max_length=400)]
    body: msgspec.Raw = msgspec.Raw(b"{}")
    key: str | None = None
    actor: str | None = None


class Commands(Wire, frozen=True):
    """A batch."""

    commands: Annotated[tuple[msgspec.Raw, ...], Meta(max_length=MAX_COMMANDS)]
