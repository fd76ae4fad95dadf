"""An order's history as one page that needs nothing else: for a bank, on paper, years from now."""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import NamedTuple

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from fairhold.domain.astray import arrived, sums_astray
from fairhold.domain.events import Event
from fairhold.domain.ids import order_number
from fairhold.domain.instants import Instant
from fairhold.domain.order import Order, Shipment
from fairhold.words import dates
from fairhold.words.astray import SUMS as ASTRAY
from fairhold.words.astray import headline_name
from fairhold.words.catalog import N_
from fairhold.words.history import done_by, tell
from fairhold.words.money import money
from fairhold.words.names import carrier_name, parcel_name
from fairhold.words.reader import Reader


class Picture(NamedTuple):
    """A photo as the page names it; `here` says whether it lies beside the page."""

    name: str
    sha256: str
    here: bool


class _Row(NamedTuple):
    term: str
    value: str


class _Step(NamedTuple):
    seq: int
    at: str
    when: str
    by: str
    title: str
    text: str


class _Parcel(NamedTuple):
    title: str
    status: str
    scans: tuple[_Row, ...]


@cache
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("fairhold.words", "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("timeline.html")


def timeline(
    order: Order,
    history: Iterable[tuple[int, Event]],
    pictures: Sequence[Picture],
    made_for: str,
    key: str,
    now: Instant,
    reader: Reader,
) -> bytes:
    """The page: the order, its parcels, what happened (the oldest first), photos, and how to check it all.

    `made_for` is who asked (`buyer:ann`), `key` the fingerprint of the signing key. `pictures` lie beside the page.
    """
    page = _template().render(
        _=reader.words.gettext,
        language=reader.language.value,
        number=order_number(order.id),
        facts=_facts(order, reader),
        lines=[(line.title, line.quantity, money(reader, line.total, order.currency)) for line in order.lines],
        sums=_sums(order, reader),
        parcels=[_parcel(shipment, reader) for shipment in order.shipments],
        steps=[_step(order, seq, event, now, reader) for seq, event in history],
        pictures=pictures,
        zone=dates.zone_name(reader),
        made_at=_moment(reader, now),
        made_for=made_for,
        key=key,
    )
    return page.encode()


def _moment(reader: Reader, at: Instant) -> str:
    """Always with the year: the page will be read in another one."""
    return f"{dates.full_day(reader, at)}, {dates.time_of_day(reader, at)}"


def _facts(order: Order, reader: Reader) -> list[_Row]:
    say = reader.words.gettext
    rows = [
        _Row(say(N_("Order")), order.id),
        _Row(say(N_("Buyer")), order.buyer),
        _Row(say(N_("Seller")), order.seller),
        _Row(say(N_("Placed")), _moment(reader, order.placed_at)),
        _Row(say(N_("State")), headline_name(reader.words, order)),
    ]
    if order.reference:
        rows.append(_Row(say(N_("The marketplace's reference")), order.reference))
    return rows


_SUMS = (
    ("paid", N_("Paid by the buyer")),
    ("held", N_("Held")),
    ("settling", N_("On its way to the seller")),
    ("released", N_("Gone to the seller")),
    ("fee", N_("Commission and fees")),
    ("refunded", N_("Returned to the buyer")),
    ("charged_back", N_("Taken back by the bank")),
)


def _sums(order: Order, reader: Reader) -> list[_Row]:
    """What was paid and where it is; what is nothing is left out."""
    amounts = [(text, arrived(order) if name == "refunded" else getattr(order.money, name)) for name, text in _SUMS]
    amounts += [(ASTRAY[where], amount) for where, amount in sums_astray(order).items()]
    return [
        _Row(reader.words.gettext(text), money(reader, amount, order.currency)) for text, amount in amounts if amount
    ]


def _parcel(shipment: Shipment, reader: Reader) -> _Parcel:
    scans = []
    for scan in shipment.checkpoints:
        said = [parcel_name(reader.words, scan.status), scan.place, scan.note]
        scans.append(_Row(_moment(reader, scan.at), " · ".join(part for part in said if part)))
    title = f"{carrier_name(reader.words, shipment.carrier)}, {shipment.tracking_number}"
    return _Parcel(title, parcel_name(reader.words, shipment.status), tuple(scans))


def _step(order: Order, seq: int, event: Event, now: Instant, reader: Reader) -> _Step:
    told = tell(order, event, now, reader)
    by = f"{done_by(event.by, reader)} ({event.by})" if ":" in event.by else done_by(event.by, reader)
    return _Step(seq, dates.to_the_second(event.at), _moment(reader, event.at), by, told.title, told.text)
