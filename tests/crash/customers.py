"""Clients of a server that is killed: they write down each answer before anything else, and ask again where none came."""

import asyncio
import hashlib
import itertools
import json
import os
from collections.abc import Generator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import msgspec

KEY = "operator-key-of-tests"
SELLER = "seller:shop-7"
BUYER = "buyer:ann"
OPERATOR = "operator:ops"
GOODS = {
    "buyer": "ann",
    "seller": "shop-7",
    "currency": "RUB",
    "lines": [
        {"sku": "lamp", "title": "Headlamp", "quantity": 1, "unit_price": 240_000},
        {"sku": "mug", "title": "Mug", "quantity": 3, "unit_price": 50_000},
    ],
}
TOGETHER = 20
"""Orders whose commands one client gives in one request."""
MOST_TOGETHER = 200
"""Commands that are asked again in one request."""
MOST_TRIES = 600


class Command(NamedTuple):
    """What is asked for, under its key."""

    key: str
    actor: str
    path: str
    body: str


class Told(NamedTuple):
    """What was answered: the order, and a digest of all of it."""

    command: Command
    order: str
    digest: str


class Broken(Exception):
    """An answer that nobody should get."""


Life = Generator[Command, dict[str, Any], None]


def life(name: str, number: int) -> Life:
    """What is asked about one order, from its beginning to some end."""

    def command(step: str, actor: str, path: str, body: dict[str, Any]) -> Command:
        return Command(f"{name}/{number}/{step}", actor, path, json.dumps(body))

    order = yield command("place", BUYER, "/orders", GOODS)
    at, lines = f"/orders/{order['id']}", [line["id"] for line in order["lines"]]
    if number % 5 == 0:
        yield command("cancel", BUYER, f"{at}/cancellation", {})
        return
    yield command("pay", BUYER, f"{at}/payment", {"method": "sandbox:ok"})
    if number % 5 == 1:
        # Money goes back: the outbox has something to do.
        yield command("cancel", SELLER, f"{at}/cancellation", {})
        return
    order = yield command("ship", SELLER, f"{at}/shipments", {"carrier": "Post", "tracking_number": "T-1"})
    if number % 5 == 2:
        wants = {"lines": lines[:1], "reason": "damaged", "demand": {"kind": "refund"}, "text": "It broke."}
        yield command("dispute", BUYER, f"{at}/disputes", wants)
        yield command("offer", SELLER, f"/disputes/{order['id']}-d1/offers", {"refund": 1000})
        yield command("accept", BUYER, f"/disputes/{order['id']}-d1/offers/2/acceptance", {})
    if number % 5 == 3:
        [parcel] = order["shipments"]
        scan = {"status": "delivered", "at": parcel["shipped_at"]}
        yield command("scan", OPERATOR, f"{at}/shipments/{parcel['id']}/checkpoints", scan)
    yield command("receive", BUYER, f"{at}/receipt", {"lines": lines[1:], "acknowledged": True})


class Wire:
    """A connection to the server, opened anew where it broke."""

    def __init__(self, url: str) -> None:
        self._address = urlsplit(url)
        self._open: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def post(self, actor: str, key: str, path: str, body: bytes) -> tuple[int, Any]:
        """Status and answer. Raises OSError or IncompleteReadError where nobody knows what became of it."""
        try:
            if self._open is None:
                self._open = await asyncio.open_connection(self._address.hostname, self._address.port)
            reader, writer = self._open
            fields = {
                "Host": "fairhold",
                "Authorization": f"Bearer {KEY}",
                "Fairhold-Actor": actor,
                "Content-Type": "application/json",
                "Content-Length": len(body),
                **({"Idempotency-Key": key} if key else {}),
            }
            head = f"POST /v1{path} HTTP/1.1\r\n" + "".join(f"{name}: {value}\r\n" for name, value in fields.items())
            writer.write(f"{head}\r\n".encode() + body)
            status, *lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
            length = next(int(line.split(":")[1]) for line in lines if line.lower().startswith("content-length:"))
            return int(status.split()[1]), msgspec.json.decode(await reader.readexactly(length))
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Leave."""
        if self._open is not None:
            self._open[1].close()
            self._open = None


class Customers:
    """So many clients, and the log of what they were told. They wait while `up` is not set."""

    def __init__(self, url: str, log: Path, name: str) -> None:
        self.url = url
        self.up = asyncio.Event()
        self.told: list[Told] = []
        self.unknown = 0
        """How often an answer never came."""
        self.turned_away = 0
        self._name = name
        self.log = log
        self._log = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self._ending = False

    async def shop(self, number: int) -> None:
        """Be one client: order after order, a command at a time."""
        with closing(Wire(self.url)) as wire:
            for count in itertools.count():
                lived = life(f"{self._name}/{number}", count + number)
                command: Command | None = next(lived)
                while command is not None:
                    [answer] = await self.ask(wire, [command])
                    if self._ending:
                        return
                    command = _next(lived, answer)

    async def shop_together(self, number: int) -> None:
        """Be one client who gives the commands of many orders in one request."""
        with closing(Wire(self.url)) as wire:
            for count in itertools.count():
                lives = [life(f"{self._name}/{number}", TOGETHER * count + one) for one in range(TOGETHER)]
                asked = [(lived, next(lived)) for lived in lives]
                while asked:
                    answers = await self.ask(wire, [command for _, command in asked], together=True)
                    if self._ending:
                        return
                    asked = [
                        (lived, command)
                        for (lived, _), answer in zip(asked, answers, strict=True)
                        if (command := _next(lived, answer)) is not None
                    ]

    def end(self) -> None:
        """Let each client finish what is under way, and leave."""
        self._ending = True

    async def again(self, told: list[Told]) -> list[str]:
        """Ask all of this once more, by hundreds; what is not answered as it was."""
        wrong = []
        with closing(Wire(self.url)) as wire:
            for begin in range(0, len(told), MOST_TOGETHER):
                some = told[begin : begin + MOST_TOGETHER]
                answers = await self._answers_at_last(wire, [one.command for one in some])
                wrong += [
                    f"{one.command.key} of {one.order} is answered differently: {str(answer)[:400]}"
                    for one, answer in zip(some, answers, strict=True)
                    if _digest(answer) != one.digest
                ]
        return wrong

    async def _answers_at_last(self, wire: Wire, commands: list[Command]) -> list[dict[str, Any]]:
        """What is answered, good or bad, by whichever server lives long enough and keeps the line."""
        for _ in range(MOST_TRIES):
            with suppress(OSError, asyncio.IncompleteReadError):
                return await self._answers(wire, commands, together=True, even_bad=True)
            await asyncio.sleep(0.1)
        raise Broken("nobody answers")

    async def ask(self, wire: Wire, commands: list[Command], *, together: bool = False) -> list[dict[str, Any]]:
        """The answers, from whichever server lives long enough to give them; written down first of all."""
        unknown = False
        while True:
            await self.up.wait()
            try:
                answers = await self._answers(wire, commands, together=together)
            except (OSError, asyncio.IncompleteReadError):
                unknown = True
                self.unknown += len(commands)
                await asyncio.sleep(0.02)
                continue
            made = [
                Told(command, _order(answer), _digest(answer))
                for command, answer in zip(commands, answers, strict=True)
            ]
            os.write(self._log, "".join(f"{one.command.key} {one.order} {one.digest}\n" for one in made).encode())
            self.told += made
            if unknown:
                wrong = await self.again(made)
                if wrong:
                    raise Broken(wrong)
            return answers

    async def _answers(
        self, wire: Wire, commands: list[Command], *, together: bool, even_bad: bool = False
    ) -> list[dict[str, Any]]:
        """All answers, once all are good: what was turned away is asked again. `even_bad`: a refusal is an answer, too."""
        while True:
            if together:
                pieces = [_piece(command) for command in commands]
                body = f'{{"commands":[{",".join(pieces)}]}}'.encode()
                status, answer = await wire.post(OPERATOR, "", "/commands", body)
                outcomes = [(one["status"], one["body"]) for one in answer["outcomes"]] if status == 200 else []
            else:
                [command] = commands
                status, answer = await wire.post(command.actor, command.key, command.path, command.body.encode())
                outcomes = [(status, answer)]
            statuses = {status for status, _ in outcomes} or {status}
            if statuses <= {200, 201} or (even_bad and outcomes and 503 not in statuses):
                return [answer for _, answer in outcomes]
            if not statuses <= {200, 201, 503} and not even_bad:
                raise Broken([outcome for outcome in outcomes if outcome[0] not in (200, 201)] or [answer])
            self.turned_away += 1
            await asyncio.sleep(0.1)


def _piece(command: Command) -> str:
    words = {"path": command.path, "key": command.key, "actor": command.actor}
    # The body goes byte for byte as it would go alone: the key stands for these bytes.
    return f'{json.dumps(words)[:-1]}, "body": {command.body}}}'


def _next(lived: Life, answer: dict[str, Any]) -> Command | None:
    try:
        return lived.send(answer)
    except StopIteration:
        return None


def _order(answer: dict[str, Any]) -> str:
    return str(answer.get("order") or answer["id"])


def _digest(answer: dict[str, Any]) -> str:
    return hashlib.sha256(msgspec.json.encode(answer, order="sorted")).hexdigest()[:20]
