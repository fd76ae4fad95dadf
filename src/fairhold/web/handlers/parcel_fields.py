"""The fields of a parcel as a form has them: by whom it travels, and under which number."""

from typing import NamedTuple

from fairhold.domain.tracking_numbers import meant, tidied
from fairhold.web.visits import Visit
from fairhold.words.catalog import N_

LONGEST = 64


class Doubt(NamedTuple):
    """The number breaks a rule of its kind: what is said of it, and the numbers that may have been meant."""

    number: str
    title: str
    text: str
    meant: tuple[str, ...]


class ParcelFields(NamedTuple):
    """What was typed, what is wrong with it by field, and a doubt that the person has not yet put aside."""

    carrier: str
    number: str
    errors: dict[str, str]
    doubt: Doubt | None


def parcel_fields(visit: Visit) -> ParcelFields:
    """Read them. One character more than there is room for is kept, so that what is too long is refused and not cut."""
    carrier = visit.field("other_carrier", LONGEST + 1) or visit.field("carrier", LONGEST + 1)
    number = tidied(visit.field("meant", LONGEST + 1) or visit.field("tracking_number", LONGEST + 1), carrier)
    errors = {}
    if not carrier:
        errors["carrier"] = visit.say(N_("Choose the carrier or write its name."))
    if not number:
        errors["tracking_number"] = visit.say(N_("Write the tracking number as the carrier gave it."))
    return ParcelFields(carrier, number, errors, None if errors else _doubt(visit, carrier, number))


def kept_fields(visit: Visit) -> dict[str, str]:
    """What was typed, to be shown again; a number that was taken instead of it stays taken."""
    kept = {name: visit.field(name, LONGEST) for name in ("carrier", "other_carrier", "tracking_number")}
    return kept | {"tracking_number": visit.field("meant", LONGEST) or kept["tracking_number"]}


def _doubt(visit: Visit, carrier: str, number: str) -> Doubt | None:
    others = meant(number, carrier)
    if others is None or number == visit.field("checked_number", LONGEST + 1):
        return None
    return Doubt(
        number,
        visit.say(N_("Is the number right?")),
        visit.say(
            N_(
                "Its check digit does not fit the others, as after a slip of the finger. Compare it with the receipt; if it"
                " says the same, record the parcel as it is."
            )
        ),
        others,
    )
