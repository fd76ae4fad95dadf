"""Почта России is asked, in SOAP: one number at a time (`getOperationHistory`), or many by a ticket.

Single access is for a hundred calls a day unless agreed otherwise; a ticket is for up to 3,000 numbers, and its answer takes
a quarter of an hour. Login and password stand in the body, as the Post wants it.
"""

import re
from collections.abc import Sequence
from xml.etree.ElementTree import Element
from xml.sax.saxutils import escape, quoteattr

import structlog

from fairhold.domain.instants import HOUR, MINUTE, SECOND, Duration
from fairhold.domain.tracking_numbers import RUSSIAN_POST, compared
from fairhold.engine.outside.destinations import TryLater, Unreadable
from fairhold.engine.outside.tracking import Report, Wanted
from fairhold.gateways.carriers.calling import Line
from fairhold.gateways.carriers.pochta_ru import history_of, named_anywhere, parsed

URL = "https://tracking.russianpost.ru/"
CALLS_A_DAY = 100
MOST_BY_TICKET = 500
"""The Post takes 3,000; what it answers to so many is more than we read at once."""
FEW = 10
"""Up to so many are asked about one by one, as long as no more than a tenth of the day's calls goes on it."""
READY = Duration(15 * MINUTE)
NOT_READY_YET = "6"
"""The error of a ticket that is being worked on."""

_log = structlog.get_logger("fairhold.tracking")

_NUMBER = re.compile(r"[A-Z]{2}[0-9]{9}[A-Z]{2}|[0-9]{14}")
_OF_RUSSIA = re.compile(r"[A-Z]{2}[0-9]{9}RU")

_SINGLE = """<?xml version="1.0" encoding="UTF-8"?>
<soap:Envelope xmlns:soap="http://www.w3.org/2003/05/soap-envelope" xmlns:oper="http://russianpost.org/operationhistory"\
 xmlns:data="http://russianpost.org/operationhistory/data" xmlns:env="http://schemas.xmlsoap.org/soap/envelope/">
<soap:Header/><soap:Body><oper:getOperationHistory><data:OperationHistoryRequest><data:Barcode>{number}</data:Barcode>\
<data:MessageType>0</data:MessageType><data:Language>RUS</data:Language></data:OperationHistoryRequest>\
<data:AuthorizationHeader env:mustUnderstand="1"><data:login>{login}</data:login><data:password>{password}</data:password>\
</data:AuthorizationHeader></oper:getOperationHistory></soap:Body></soap:Envelope>"""
_TICKET = """<?xml version="1.0" encoding="UTF-8"?>
<env:Envelope xmlns:env="http://schemas.xmlsoap.org/soap/envelope/" xmlns:pos="http://fclient.russianpost.org/postserver"\
 xmlns:fcl="http://fclient.russianpost.org"><env:Header/><env:Body><pos:ticketRequest><request>{items}</request>\
<login>{login}</login><password>{password}</password><language>RUS</language></pos:ticketRequest></env:Body></env:Envelope>"""
_COLLECT = """<?xml version="1.0" encoding="UTF-8"?>
<env:Envelope xmlns:env="http://schemas.xmlsoap.org/soap/envelope/" xmlns:pos="http://fclient.russianpost.org/postserver">\
<env:Header/><env:Body><pos:answerByTicketRequest><ticket>{ticket}</ticket><login>{login}</login>\
<password>{password}</password></pos:answerByTicketRequest></env:Body></env:Envelope>"""


class RussianPost:
    """The Post, under a login and a password."""

    name = RUSSIAN_POST
    registers = False
    pause = Duration(SECOND)

    def __init__(
        self, login: str, password: str, *, calls_a_day: int = CALLS_A_DAY, url: str = URL, seconds: float = 20.0
    ) -> None:
        self.calls_a_day: int | None = calls_a_day
        self._who = {"login": escape(login), "password": escape(password)}
        self._line = Line(url, {}, seconds=seconds)

    def close(self) -> None:
        """Hang up."""
        self._line.close()

    def takes(self, wanted: Wanted) -> bool:
        """Its own numbers, and all that are Russian."""
        number = compared(wanted.number)
        return bool(_OF_RUSSIA.fullmatch(number) or (wanted.carrier == RUSSIAN_POST and _NUMBER.fullmatch(number)))

    def batch(self, due: int, calls_left: int | None, /) -> int:
        """One where they are few and calls are plenty; else as many as go on one ticket."""
        few = FEW if calls_left is None else min(FEW, calls_left // 10)
        return 1 if due <= few else min(due, MOST_BY_TICKET)

    def register(self, _: Sequence[Wanted], /) -> Report:
        """It need not be told."""
        return Report()

    def ask(self, parcels: Sequence[Wanted]) -> Report:
        """Where one is; a ticket for several."""
        if len(parcels) == 1:
            return self._single(parcels[0])
        items = "".join(f"<fcl:Item Barcode={quoteattr(compared(one.number))}/>" for one in parcels)
        root = self._call("fc", _TICKET.format(items=items, **self._who), "text/xml; charset=utf-8")
        ticket = next((one.text for one in named_anywhere(root, "value") if one.text and one.text.strip()), None)
        if ticket is None or len(ticket) > 200:
            raise TryLater(f"it gave no ticket: {_error(root)}")
        return Report(ticket=ticket.strip(), ready=READY)

    def collect(self, ticket: str, /) -> Report:
        """The answer, or the ticket again while it is being worked on. One that is lost is asked for anew with time."""
        body = _COLLECT.format(ticket=escape(ticket), **self._who)
        root = self._call("fc", body, "text/xml; charset=utf-8")
        error = _error(root)
        if error is not None and error[0] == NOT_READY_YET:
            return Report(ticket=ticket, ready=Duration(5 * MINUTE))
        try:
            return Report(history_of(root))
        except Unreadable as unreadable:
            _log.error("an answer by ticket cannot be read", error=str(unreadable))
            return Report()

    def _single(self, wanted: Wanted) -> Report:
        number = compared(wanted.number)
        body = _SINGLE.format(number=escape(number), **self._who)
        root = self._call("rtm34", body, "application/soap+xml; charset=utf-8")
        fault = _fault(root)
        if fault is not None and "OperationHistoryFault" not in fault:
            raise TryLater(fault, Duration(HOUR) if "AuthorizationFault" in fault else None)
        try:
            return Report(history_of(root)) if fault is None else Report(refused={wanted.number: fault})
        except Unreadable as unreadable:
            return Report(refused={wanted.number: f"what is told of it cannot be read: {unreadable}"})

    def _call(self, path: str, body: str, content_type: str) -> Element:
        told = self._line.call("POST", path, body.encode(), soap=True, content_type=content_type)
        try:
            return parsed(told.body)
        except Unreadable as error:
            raise TryLater(f"it answered {told.status}, which cannot be read: {error}") from None


def _fault(root: Element) -> str | None:
    """What is wrong, where something is: the names of the fault's details, and its words."""
    fault = next(named_anywhere(root, "Fault"), None)
    if fault is None:
        return None
    parts = [one.tag.rpartition("}")[2] for one in fault.iter() if one.tag.endswith("Fault") and one is not fault]
    return " ".join([*parts, *(text.strip() for text in fault.itertext() if text.strip())])[:200] or "a fault"


def _error(root: Element) -> tuple[str, str] | None:
    """The error of a whole answer by ticket, as its number and its words; those of single items are not looked at."""
    for one in named_anywhere(root, "error"):
        return one.get("ErrorTypeID", ""), one.get("ErrorName", "")[:100]
    return None
