"""Parcels with their journeys."""

from urllib.parse import quote

from fairhold.domain.actors import Role
from fairhold.domain.order import Checkpoint, ParcelStatus, Shipment
from fairhold.domain.tracking_numbers import meant
from fairhold.web.views.parts import ParcelView, Pill, Scan
from fairhold.web.views.sight import Sight
from fairhold.words.catalog import N_
from fairhold.words.names import carrier_name, parcel_name, pieces

SITES: dict[str, str] = {
    "pochta-ru": "https://www.pochta.ru/tracking?barcode={}",
    "cdek": "https://www.cdek.ru/ru/tracking?order_id={}",
    "boxberry": "https://boxberry.ru/tracking-page?id={}",
    "dhl": "https://www.dhl.com/en/express/tracking.html?AWB={}",
    "ups": "https://www.ups.com/track?tracknum={}",
    "usps": "https://tools.usps.com/go/TrackConfirmAction?tLabels={}",
    "correios": "https://rastreamento.correios.com.br/app/index.php?objeto={}",
    "china-post": "https://t.17track.net/en#nums={}",
}
"""Where carriers let people follow a parcel. A link for people to press; no page asks them anything by itself."""

_PILLS = {
    ParcelStatus.DELIVERED: ("check", ""),
    ParcelStatus.AVAILABLE_FOR_PICKUP: ("home", "turn"),
    ParcelStatus.EXCEPTION: ("alert", "bad"),
    ParcelStatus.ATTEMPT_FAILED: ("alert", "turn"),
    ParcelStatus.EXPIRED: ("alert", "turn"),
    ParcelStatus.RETURNED_TO_SENDER: ("return", "turn"),
}


def parcels_of(sight: Sight) -> tuple[ParcelView, ...]:
    """The order's parcels, newest first."""
    count = len(sight.order.shipments)
    return tuple(
        _parcel(sight, shipment, position, count)
        for position, shipment in reversed(tuple(enumerate(sight.order.shipments, 1)))
    )


def _parcel(sight: Sight, shipment: Shipment, position: int, count: int) -> ParcelView:
    title = sight.say(N_("Parcel")) if count == 1 else sight.say(N_("Parcel %(position)d"), position=position)
    if shipment.returns is not None:
        title = sight.say(N_("Parcel %(position)d, back to the seller"), position=position)
    site = SITES.get(shipment.carrier)
    scans = sorted(shipment.checkpoints, key=lambda scan: scan.at, reverse=True)
    return ParcelView(
        id=shipment.id,
        title=title,
        pill=parcel_pill(sight, shipment),
        scans=tuple(_scan(sight, scan) for scan in scans),
        carrier=carrier_name(sight.reader.words, shipment.carrier),
        number=shipment.tracking_number,
        contents=_contents(sight, shipment) if count > 1 else (),
        track_url=site.format(quote(shipment.tracking_number, safe="")) if site else "",
        doubt=_doubt(sight, shipment),
    )


def _doubt(sight: Sight, shipment: Shipment) -> str:
    """A word about a number that breaks a rule of its kind, until the carrier says something about it."""
    if shipment.checkpoints or meant(shipment.tracking_number, shipment.carrier) is None:
        return ""
    sender = Role.BUYER if shipment.returns is not None else Role.SELLER
    if sight.actor.role is sender:
        return sight.say(N_("The check digit of this number does not fit the others. Compare it with the receipt."))
    return sight.say(
        N_("The check digit of this number does not fit: if the carrier does not know it, ask the sender.")
    )


def parcel_pill(sight: Sight, shipment: Shipment) -> Pill:
    """Where the parcel is, in two words."""
    icon, kind = _PILLS.get(shipment.status, ("truck", ""))
    return Pill(parcel_name(sight.reader.words, shipment.status), icon, kind)


def _scan(sight: Sight, scan: Checkpoint) -> Scan:
    where = " · ".join(part for part in (sight.moment(scan.at), scan.place) if part)
    return Scan(parcel_name(sight.reader.words, scan.status), where, scan.note or "")


def _contents(sight: Sight, shipment: Shipment) -> tuple[str, ...]:
    found = []
    for line in sight.order.lines:
        number = sum(span.quantity for span in shipment.spans if span.line == line.id)
        if number:
            found.append(f"{sight.title(line)}, {pieces(sight.reader.words, number)}")
    return tuple(found)


def latest_news(sight: Sight, shipment: Shipment) -> str:
    """The last scan in a line: «13 мая, 21:50 — Екатеринбург, в пути»."""
    if not shipment.checkpoints:
        return ""
    last = max(shipment.checkpoints, key=lambda scan: scan.at)
    name = parcel_name(sight.reader.words, last.status)
    return (
        f"{sight.moment(last.at)} — {last.place}, {name[:1].lower()}{name[1:]}"
        if last.place
        else f"{sight.moment(last.at)} — {name}"
    )
