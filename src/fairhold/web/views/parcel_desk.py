"""What of tracking needs somebody: parcels that nobody reports on, and numbers that are nobody's."""

from collections.abc import Sequence
from dataclasses import dataclass

from fairhold.domain.ids import order_number
from fairhold.domain.instants import Instant
from fairhold.engine.parcels.watch import MOST, Silent
from fairhold.engine.ports.parcels import Parcel, ParcelState, UnknownNumber
from fairhold.web.views.parts import Empty
from fairhold.words import dates
from fairhold.words.catalog import N_
from fairhold.words.names import carrier_name, source_name
from fairhold.words.reader import Reader


@dataclass(frozen=True)
class SilentRow:
    """A parcel that should have been told of."""

    number: str
    carrier: str
    order: str
    url: str
    shipped: str
    heard: str
    why: str


@dataclass(frozen=True)
class UnknownRow:
    """A number that no parcel has."""

    number: str
    source: str
    scans: str
    last: str


@dataclass(frozen=True)
class ParcelDesk:
    """The page; `more` says that there are more than it shows."""

    silent: tuple[SilentRow, ...]
    unknown: tuple[UnknownRow, ...]
    more: bool
    empty: Empty


def parcel_desk(silent: Sequence[Silent], unknown: Sequence[UnknownNumber], now: Instant, reader: Reader) -> ParcelDesk:
    """The page as an operator reads it."""
    say = reader.words.gettext
    return ParcelDesk(
        silent=tuple(_silent(one, now, reader) for one in silent),
        unknown=tuple(
            UnknownRow(
                one.number,
                source_name(reader.words, one.source),
                reader.words.ngettext("%(num)d scan", "%(num)d scans", one.scans),
                dates.moment(reader, one.last_learned_at, now),
            )
            for one in unknown
        ),
        more=len(silent) >= MOST or len(unknown) >= MOST,
        empty=Empty(
            "truck",
            say(N_("Every parcel is reported on")),
            say(N_("A parcel appears here when nobody tells of it within three days, or for ten days.")),
        ),
    )


def _silent(one: Silent, now: Instant, reader: Reader) -> SilentRow:
    parcel = one.parcel
    learned = max((scan.learned_at for scan in one.shipment.checkpoints), default=None)
    return SilentRow(
        number=parcel.written,
        carrier=carrier_name(reader.words, parcel.carrier),
        order=order_number(parcel.order),
        url=f"/operator/orders/{parcel.order}",
        shipped=dates.moment(reader, parcel.shipped_at, now),
        heard="" if learned is None else dates.moment(reader, learned, now),
        why=_why(parcel, reader),
    )


def _why(parcel: Parcel, reader: Reader) -> str:
    say = reader.words.gettext
    if not parcel.provider:
        return say(N_("Nobody is asked about it: no service is set up that takes such a number."))
    name = source_name(reader.words, parcel.provider)
    if parcel.state is ParcelState.REFUSED:
        return say(N_("%(name)s does not take it: %(why)s"), name=name, why=parcel.error or "—")
    if parcel.error:
        return say(N_("%(name)s did not answer: %(why)s"), name=name, why=parcel.error)
    return say(N_("%(name)s knows nothing of it."), name=name)
