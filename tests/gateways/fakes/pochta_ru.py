"""Почта России in small: the history of one number at `/rtm34`, tickets and their answers at `/fc`."""

import re
from dataclasses import dataclass, field

from tests.gateways.fakes.served import Answer, Asked, Mood

LOGIN, PASSWORD = "login", "pass<&>word"
_WHO = f"<{{0}}login>{LOGIN}</{{0}}login><{{0}}password>pass&lt;&amp;&gt;word</{{0}}password>"

Operation = tuple[int, int, str]
"""Type, attribute, and the moment in ISO 8601 with Moscow's offset."""


@dataclass
class RussianPostFake:
    """`known` has the operations of each number; `ready` says whether tickets are answered yet."""

    known: dict[str, list[Operation]] = field(default_factory=dict)
    tickets: dict[str, list[str]] = field(default_factory=dict)
    ready: bool = True
    mood: Mood = Mood.WELL
    asked: list[Asked] = field(default_factory=list)

    def answer(self, asked: Asked) -> Answer:
        text = asked.body.decode()
        if asked.path == "/rtm34":
            said = self._single(text)
            status = 500 if ":Fault>" in said else 200
            return Answer(said.encode(), status, {"content-type": "application/soap+xml"})
        assert asked.path == "/fc"
        return Answer(self._many(text).encode(), 200, {"content-type": "text/xml"})

    def _single(self, text: str) -> str:
        if _WHO.format("data:") not in text:
            return _fault("AuthorizationFault", "Ошибка авторизации")
        [number] = re.findall("<data:Barcode>(.*?)</data:Barcode>", text)
        if not re.fullmatch("[A-Z]{2}[0-9]{9}[A-Z]{2}|[0-9]{14}", number):
            return _fault("OperationHistoryFault", "Некорректный идентификатор отправления")
        return history(number, self.known.get(number, []))

    def _many(self, text: str) -> str:
        if _WHO.format("") not in text:
            return _wrapped(
                '<p:ticketResponse><error ErrorTypeID="3" ErrorName="Ошибка авторизации"/></p:ticketResponse>'
            )
        if "ticketRequest>" in text and "answerByTicketRequest" not in text:
            ticket = f"2026-{len(self.tickets) + 1}"
            self.tickets[ticket] = re.findall('Barcode="(.*?)"', text)
            return _wrapped(f"<p:ticketResponse><value>{ticket}</value></p:ticketResponse>")
        [ticket] = re.findall("<ticket>(.*?)</ticket>", text)
        if not self.ready:
            said = '<error ErrorTypeID="6" ErrorName="Ответ для клиента еще не готов"/>'
        elif ticket not in self.tickets:
            said = '<error ErrorTypeID="1" ErrorName="Билет не найден"/>'
        else:
            said = f"<value>{''.join(map(self._item, self.tickets[ticket]))}</value>"
        return _wrapped(f"<p:answerByTicketResponse>{said}</p:answerByTicketResponse>")

    def _item(self, number: str) -> str:
        operations = self.known.get(number)
        if operations is None:
            return f'<f:Item Barcode="{number}"><f:Error ErrorTypeID="12" ErrorName="Сообщение не найдено"/></f:Item>'
        told = "".join(
            f'<f:Operation OperTypeID="{kind}" OperCtgID="{attribute}" OperName="x" DateOper="{_day_first(when)}"'
            ' IndexOper="644001"/>'
            for kind, attribute, when in operations
        )
        return f'<f:Item Barcode="{number}">{told}</f:Item>'


def history(number: str, operations: list[Operation]) -> str:
    records = "".join(
        "<d:historyRecord><d:AddressParameters><d:OperationAddress><d:Description>Омск 1</d:Description></d:OperationAddress>"
        f"</d:AddressParameters><d:ItemParameters><d:Barcode>{number}</d:Barcode></d:ItemParameters><d:OperationParameters>"
        f"<d:OperType><d:Id>{kind}</d:Id></d:OperType><d:OperAttr><d:Id>{attribute}</d:Id></d:OperAttr>"
        f"<d:OperDate>{when}</d:OperDate></d:OperationParameters></d:historyRecord>"
        for kind, attribute, when in operations
    )
    return (
        '<S:Envelope xmlns:S="http://www.w3.org/2003/05/soap-envelope" xmlns:d="http://russianpost.org/operationhistory/data">'
        f"<S:Body><d:OperationHistoryData>{records}</d:OperationHistoryData></S:Body></S:Envelope>"
    )


def _fault(kind: str, words: str) -> str:
    return (
        '<S:Envelope xmlns:S="http://www.w3.org/2003/05/soap-envelope"><S:Body><S:Fault><S:Code><S:Value>S:Receiver</S:Value>'
        f'</S:Code><S:Reason><S:Text>{words}</S:Text></S:Reason><S:Detail><n:{kind}Reason xmlns:n="u:x"/>'
        f'<n:{kind} xmlns:n="u:x">{words}</n:{kind}></S:Detail></S:Fault></S:Body></S:Envelope>'
    )


def _wrapped(inner: str) -> str:
    return (
        '<S:Envelope xmlns:S="http://schemas.xmlsoap.org/soap/envelope/" xmlns:p="http://fclient.russianpost.org/postserver"'
        f' xmlns:f="http://fclient.russianpost.org"><S:Body>{inner}</S:Body></S:Envelope>'
    )


def _day_first(iso: str) -> str:
    day, clock = iso[:10].split("-"), iso[11:19]
    return f"{day[2]}.{day[1]}.{day[0]} {clock}"
