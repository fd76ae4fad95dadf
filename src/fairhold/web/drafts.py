"""A dispute that is being written: what the steps of the guide carry with them, so that going back loses nothing.

Until something private was written the draft travels in the address, and the browser's own Back works; from the text and
the photos on it travels in the form, because addresses end up in logs.
"""

from dataclasses import dataclass, replace

import msgspec

from fairhold.domain.commands import Demand, OpenDispute
from fairhold.domain.dispute import DemandKind, DisputeReason
from fairhold.domain.evidence import Evidence
from fairhold.domain.reasons import Reason, Refusal
from fairhold.web.handlers.receipts import chosen_lines, line_fields
from fairhold.web.sums import read_sum
from fairhold.web.visits import Visit
from fairhold.words.lines import plain_lines

ALL, PART, RETURN, RESEND = "all", "part", "return", "resend"
WISHES = {
    ALL: DemandKind.REFUND,
    PART: DemandKind.REFUND,
    RETURN: DemandKind.RETURN_AND_REFUND,
    RESEND: DemandKind.RESEND,
}
BUYERS_REASONS = tuple(reason for reason in DisputeReason if reason is not DisputeReason.RETURNED_PARCEL)
MOST_TEXT = 4000


@dataclass(frozen=True)
class Draft:
    """What was said so far, as it was written; none of it is trusted. `photos` are names of photos that were sent."""

    lines: dict[str, int | None]
    reason: str
    wish: str
    amount: str
    text: str
    photos: tuple[str, ...]

    @property
    def private(self) -> bool:
        """Whether there is anything in it that no address may carry."""
        return bool(self.text or self.photos)

    def carried(self, *here: str) -> tuple[tuple[str, str], ...]:
        """The hidden fields of a form, except those that the step itself asks for (`here`)."""
        found: list[tuple[str, str]] = []
        for line, quantity in self.lines.items():
            found.append(("line", line))
            if quantity is not None:
                found.append((f"quantity-{line}", str(quantity)))
        found += [("reason", self.reason), ("wish", self.wish), ("amount", self.amount), ("text", self.text)]
        found += [("photo", photo) for photo in self.photos]
        return tuple((name, value) for name, value in found if value and name.partition("-")[0] not in here)

    def with_photos(self, *photos: str) -> "Draft":
        """The draft with these photos too, each once."""
        return replace(self, photos=tuple(dict.fromkeys((*self.photos, *photos))))

    def without_photo(self, photo: str) -> "Draft":
        """The draft without one of its photos."""
        return replace(self, photos=tuple(kept for kept in self.photos if kept != photo))

    def reason_given(self) -> DisputeReason | None:
        """The reason, if it is one that a buyer can have."""
        return next((reason for reason in BUYERS_REASONS if reason.value == self.reason), None)

    def demand(self, currency: str) -> Demand | None:
        """What the buyer asks for; None where that is not said, or no sum can be read."""
        kind = WISHES.get(self.wish)
        if kind is None:
            return None
        if self.wish != PART:
            return Demand(kind=kind)
        amount = read_sum(self.amount, currency)
        return None if amount is None else Demand(kind=kind, amount=amount)

    def command(
        self,
        *,
        reason: DisputeReason = DisputeReason.DAMAGED,
        demand: Demand | None = None,
        text: str = "…",
        evidence: tuple[Evidence, ...] = (),
    ) -> OpenDispute | Refusal:
        """The command, as far as it is known: a step that comes later is taken for granted."""
        try:
            return msgspec.convert(
                {
                    "lines": line_fields(self.lines),
                    "reason": reason,
                    "demand": demand or Demand(kind=DemandKind.REFUND),
                    "text": text,
                    "evidence": evidence,
                },
                OpenDispute,
            )
        except msgspec.ValidationError:
            return Refusal(Reason.UNKNOWN_LINE, "lines")


def draft_of(visit: Visit) -> Draft:
    """The draft that the address or the form carries."""
    given = visit.form if visit.request.method == "POST" else visit.request.query_params

    def one(name: str, longest: int) -> str:
        value = given.get(name)
        return value[:longest].strip() if isinstance(value, str) else ""

    def several(name: str) -> list[str]:
        return [value for value in given.getlist(name) if isinstance(value, str)]

    return Draft(
        lines=chosen_lines(visit, several("line")),
        reason=one("reason", 40),
        wish=one("wish", 20),
        amount=one("amount", 40),
        text=plain_lines(one("text", 3 * MOST_TEXT)),
        photos=tuple(dict.fromkeys(name[:64] for name in several("photo")[:50])),
    )
