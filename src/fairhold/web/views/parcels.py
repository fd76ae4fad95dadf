"""Parcels with their journeys."""

from urllib.parse import quote

from fairhold.domain.actors import STAFF, Role
from fairhold.domain.delivery_evidence import doubts_about, is_low, score
from fairhold.domain.order import OPEN_STATES, Checkpoint, ParcelStatus, Shipment
from fairhold.domain.tracking_numbers import meant
from fairhold.web.views.parts import Note, ParcelView, Pill, Scan
from fairhold.web.views.sight import Sight
from fairhold.words.catalog import N_
from fairhold.words.names import carrier_name, doubt_text, parcel_name, pieces, source_name

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
        sources=_sources(sight, shipment),
        # The two parties read it on top of the page.
        warning=_warning(sight, shipment) if sight.actor.role in STAFF else None,
    )


def _sources(sight: Sight, shipment: Shipment) -> str:
    """«17TRACK, Почта России»: whoever told of the scans, the last one first."""
    told = [scan.source for scan in reversed(shipment.checkpoints) if scan.source]
    return ", ".join(source_name(sight.reader.words, source) for source in dict.fromkeys(told))


def doubt_notes(sight: Sight) -> tuple[Note, ...]:
    """A warning on top of the order's page for each delivery that is weakly proved and not decided yet."""
    return tuple(
        warning
        for shipment in sight.order.shipments
        if any(portion.shipment == shipment.id and portion.state in OPEN_STATES for portion in sight.order.portions)
        and (warning := _warning(sight, shipment)) is not None
    )


def _warning(sight: Sight, shipment: Shipment) -> Note | None:
    """What speaks against a delivery, and what whoever reads this can do about it."""
    doubts = doubts_about(sight.order, shipment)
    if not is_low(doubts) or shipment.delivered_at is None:
        return None
    said = [doubt_text(sight.reader.words, doubt) for doubt in doubts]
    ends = [portion.window_ends for portion in sight.order.portions if portion.shipment == shipment.id]
    last = max((end for end in ends if end is not None), default=None)
    match sight.actor.role:
        case Role.BUYER:
            said.append(sight.say(N_("If you do not have this parcel, open a dispute before the time to check ends.")))
        case Role.SELLER:
            said.append(sight.say(N_("Keep the receipt of posting: it proves where the parcel went.")))
        case _:
            said.append(sight.say(N_("It is no proof of deceit: carriers lose scans, too.")))
    if last is not None:
        said.append(sight.say(N_("The time to check is longer: until %(moment)s."), moment=sight.moment(last)))
    title = sight.say(N_("The delivery is weakly proved: %(score)d of 100"), score=score(doubts))
    return Note(title, " ".join(said), "turn", "alert")


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
    note = scan.note or ""
    if scan.code and sight.actor.role in STAFF:
        note = " · ".join(part for part in (note, sight.say(N_("code %(code)s"), code=scan.code)) if part)
    return Scan(parcel_name(sight.reader.words, scan.status), where, note)


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
