"""Почта России: the history of operations by `getOperationHistory` and by ticket, both SOAP.

An operation is a pair of numbers, its type and its attribute; names differ between years and are not looked at. «Вручение»
(2) is said of the addressee and of the sender alike: only the attribute tells which, and an attribute that is not known starts
nobody's clock.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple
from xml.etree.ElementTree import Element, ParseError, fromstring

from fairhold.domain.order import ParcelStatus
from fairhold.domain.tracking_numbers import RUSSIAN_POST
from fairhold.engine.outside.destinations import Unreadable
from fairhold.engine.outside.tracking import CarrierScan, News
from fairhold.gateways.answers import moment
from fairhold.gateways.carriers.scans import printable

_ACCEPTED = 1
_GIVEN = 2
_TO_ADDRESSEE = frozenset({1, 3, 5, 6, 8, 10, 11, 12, 13})
_TO_SENDER = frozenset({2, 4, 7, 9})
_RETURN = 3
_IN_THE_BOX = 21
_FAILED, _NOT_DELIVERED = 12, 22
_FETCHES_IT, _LOST = 9, 28
_TEMPORARILY_KEPT = 6
_PROCESSING = 8
_OF_PROCESSING = {
    ParcelStatus.AVAILABLE_FOR_PICKUP: {2, 9, 10, 14, 23, 24, 25, 27, 28, 33, 35, 42, 43},
    ParcelStatus.OUT_FOR_DELIVERY: {15, 18},
    ParcelStatus.EXCEPTION: {29, 36, 40, 41, 47},
}
_CUSTOMS = 14
_CLEARED = frozenset({1, 3, 10, 12, 13, 16, 26})
_ANNOUNCED = frozenset({13, 20, 27})
_MOVING = frozenset({1, 4, 9, 10, 11, 19})
_TROUBLE = frozenset({5, 7, 15, 16, 17, 18, 23, 24, 25, 26})

MOST_BYTES = 4_000_000
_DAY_FIRST = "%d.%m.%Y %H:%M:%S"
_MOSCOW = "+03:00"
"""Answers by ticket write moments without an offset; the Post's systems keep Moscow's time."""


class _Operation(NamedTuple):
    number: str
    kind: int
    attribute: int
    at: str
    place: str | None
    name: str | None


def read_history(body: bytes) -> tuple[News, ...]:
    """What an answer tells, by number. One about a number that is not known tells nothing.

    Raises:
        Unreadable: the body is not what the Post documents.

    """
    return history_of(parsed(body))


def history_of(root: Element) -> tuple[News, ...]:
    """As `read_history`, of an answer that was read as XML already."""
    by_number: dict[str, list[_Operation]] = {}
    for operation in (*_of_history(root), *_of_ticket(root)):
        by_number.setdefault(operation.number, []).append(operation)
    return tuple(News(number, RUSSIAN_POST, _scans(operations)) for number, operations in by_number.items())


def status_of(kind: int, attribute: int) -> ParcelStatus:
    """What an operation means for a parcel that is on its way to the addressee."""
    if kind == _PROCESSING:
        return next((said for said, all_ in _OF_PROCESSING.items() if attribute in all_), ParcelStatus.IN_TRANSIT)
    if kind == _GIVEN:
        if attribute in _TO_ADDRESSEE:
            return ParcelStatus.DELIVERED
        return ParcelStatus.RETURNED_TO_SENDER if attribute in _TO_SENDER else ParcelStatus.EXCEPTION
    if kind == _FAILED:
        special = {_FETCHES_IT: ParcelStatus.AVAILABLE_FOR_PICKUP, _LOST: ParcelStatus.EXCEPTION}
        return special.get(attribute, ParcelStatus.ATTEMPT_FAILED)
    if kind == _CUSTOMS:
        return ParcelStatus.IN_TRANSIT if attribute in _CLEARED else ParcelStatus.EXCEPTION
    return _PLAIN.get(kind, ParcelStatus.IN_TRANSIT)


_PLAIN = {
    **dict.fromkeys(_ANNOUNCED, ParcelStatus.INFO_RECEIVED),
    **dict.fromkeys(_MOVING, ParcelStatus.IN_TRANSIT),
    **dict.fromkeys(_TROUBLE, ParcelStatus.EXCEPTION),
    _RETURN: ParcelStatus.EXCEPTION,
    _TEMPORARILY_KEPT: ParcelStatus.AVAILABLE_FOR_PICKUP,
    _IN_THE_BOX: ParcelStatus.DELIVERED,
    _NOT_DELIVERED: ParcelStatus.ATTEMPT_FAILED,
}

_ON_THE_WAY_BACK = frozenset(
    {ParcelStatus.AVAILABLE_FOR_PICKUP, ParcelStatus.OUT_FOR_DELIVERY, ParcelStatus.ATTEMPT_FAILED}
)
"""What is said of the sender's office once the parcel has turned round; the buyer has nothing to fetch there."""


_ARRIVED = _ON_THE_WAY_BACK | {ParcelStatus.DELIVERED, ParcelStatus.RETURNED_TO_SENDER}
"""What cannot be said before a parcel was accepted: an acceptance after it is a repeat, or of another parcel."""


def _scans(operations: list[_Operation]) -> tuple[CarrierScan, ...]:
    turned = [moment(one.at) for one in operations if one.kind == _RETURN]
    arrived = [moment(one.at) for one in operations if status_of(one.kind, one.attribute) in _ARRIVED]
    scans = []
    for one in operations:
        at, status = moment(one.at), status_of(one.kind, one.attribute)
        if one.kind == _ACCEPTED and arrived and at > min(arrived):
            continue
        if status in _ON_THE_WAY_BACK and turned and at >= min(turned):
            status = ParcelStatus.EXCEPTION
        scans.append(CarrierScan(status, at, f"{one.kind}/{one.attribute}", one.place, one.name))
    return tuple(dict.fromkeys(scans))


def parsed(body: bytes) -> Element:
    """Read XML from outside. Whatever declares entities is refused, so nothing in it can grow or point elsewhere.

    Raises:
        Unreadable: it is no XML, or none that is taken.

    """
    if len(body) > MOST_BYTES:
        raise Unreadable(f"an answer of {len(body)} bytes")
    try:
        text = body.decode()
        if "<!DOCTYPE" in text or "<!ENTITY" in text:
            raise Unreadable("the answer declares a document type")
        return fromstring(text)  # noqa: S314 - see above
    except (ParseError, ValueError) as error:
        raise Unreadable(str(error)) from None


def named_anywhere(root: Element, name: str) -> Iterator[Element]:
    """All elements of that name, in whatever namespace."""
    return (element for element in root.iter() if _name(element) == name)


def _named(parent: Element, *path: str) -> Element | None:
    """A descendant by the names of its line, in whatever namespace: the Post has had several."""
    found: Element | None = parent
    for name in path:
        found = None if found is None else next((child for child in found if _name(child) == name), None)
    return found


def _name(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def _text(parent: Element, *path: str) -> str | None:
    found = _named(parent, *path)
    return None if found is None else printable(found.text)


def _number(text: str | None) -> int:
    return int(text) if text is not None and text.isascii() and text.isdigit() and len(text) < 6 else 0


def _of_history(root: Element) -> Iterator[_Operation]:
    for record in named_anywhere(root, "historyRecord"):
        number, at = _text(record, "ItemParameters", "Barcode"), _text(record, "OperationParameters", "OperDate")
        kind = _number(_text(record, "OperationParameters", "OperType", "Id"))
        if number is None or at is None or not kind:
            raise Unreadable("a record without a number, a moment or an operation")
        yield _Operation(
            number,
            kind,
            _number(_text(record, "OperationParameters", "OperAttr", "Id")),
            at,
            _text(record, "AddressParameters", "OperationAddress", "Description"),
            _text(record, "OperationParameters", "OperAttr", "Name")
            or _text(record, "OperationParameters", "OperType", "Name"),
        )


def _of_ticket(root: Element) -> Iterator[_Operation]:
    for item in named_anywhere(root, "Item"):
        number = printable(item.get("Barcode"))
        for operation in item if number is not None else ():
            if _name(operation) != "Operation" or number is None:
                continue
            kind, at = _number(operation.get("OperTypeID")), operation.get("DateOper")
            if not kind or at is None:
                raise Unreadable("an operation without a type or a moment")
            yield _Operation(
                number,
                kind,
                _number(operation.get("OperCtgID")),
                _of_moscow(at),
                printable(operation.get("IndexOper")),
                printable(operation.get("OperName")),
            )


def _of_moscow(text: str) -> str:
    try:
        return datetime.strptime(text, _DAY_FIRST).isoformat() + _MOSCOW  # noqa: DTZ007 - the offset is put behind it
    except ValueError:
        raise Unreadable(f"no moment: {text!r}") from None
