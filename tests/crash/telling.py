"""Servers killed while they tell the world outside: marketplaces by webhooks, people by letters, a carrier by its questions.

The outside is on the side of the test: it notes what reaches it, and kills the server at that very moment, before or after it
has answered. Everybody must hear of everything in the end, under the same name each time.
"""

import asyncio
import json
import os
import random
import signal
import socket
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass, field
from email import message_from_bytes
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

from fairhold.domain.instants import Instant
from fairhold.engine.ports.contacts import Contact
from fairhold.engine.ports.mail import Outgoing, Written
from fairhold.engine.ports.store import Store
from fairhold.gateways.mail.message import Sender, message_of
from fairhold.store import open_store
from fairhold.store.contacts import ContactTables
from tests.crash.customers import BUYER, GOODS, OPERATOR, SELLER, Command, Customers, Life, Wire
from tests.crash.kills import Shop, audited
from tests.crash.nursery import PATIENCE_SECONDS, Nursery, alive, gone
from tests.gateways.fakes.post import Post
from tests.gateways.fakes.served import Answer, Asked, served
from tests.gateways.fakes.seventeentrack import KEY as CARRIER_KEY
from tests.gateways.fakes.seventeentrack import SeventeenTrackFake, event
from tests.postgres.cluster import in_memory
from tests.receiver import Got, answering, receiving

CLIENTS = 4
TYPES = ("order.placed", "order.paid", "parcel.shipped", "parcel.delivered")
LETTERS = 4
"""To the buyer about each order: placed, paid, shipped, delivered. The first is dropped where it goes after the payment."""
SENT = 3


@dataclass
class Outside:
    """What reached the world outside, and when it strikes."""

    chance: random.Random
    strikes: int
    process: int = 0
    struck: Counter[str] = field(default_factory=Counter)
    webhooks: Counter[tuple[str, str, int, str]] = field(default_factory=Counter)
    """By webhook id, order, number and type of the event."""
    letters: Counter[str] = field(default_factory=Counter)
    """By Message-ID."""
    asked: Counter[str] = field(default_factory=Counter)
    """Numbers of parcels, by how often the carrier was asked about them."""
    lock: threading.Lock = field(default_factory=threading.Lock)

    def strike(self, where: str) -> None:
        """Kill the server here and now, sometimes."""
        with self.lock:
            if not self.process or self.struck.total() >= self.strikes or self.chance.random() > 0.06:
                return
            self.struck[where] += 1
            process, self.process = self.process, 0
        with suppress(ProcessLookupError):
            os.killpg(process, signal.SIGKILL)

    def hook(self, connection: socket.socket, got: Got) -> None:
        """A webhook came."""
        body = json.loads(got.body)
        data = body["data"]
        with self.lock:
            self.webhooks[got.id, data["order"]["id"], data["event"]["seq"], body["type"]] += 1
        self.strike("webhook, unanswered")
        answering()(connection, got)
        self.strike("webhook, answered")

    def told_of(self) -> set[tuple[str, int, str]]:
        """The events that webhooks have told of."""
        with self.lock:
            return {place[1:] for place in self.webhooks}

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """A letter came."""
        assert isinstance(envelope.content, bytes)
        self.letters[message_from_bytes(envelope.content)["Message-ID"]] += 1
        self.strike("letter, unanswered")
        threading.Timer(0.001, self.strike, ["letter, answered"]).start()
        return "250 OK"


@dataclass
class Carrier(SeventeenTrackFake):
    """Knows of each parcel that it was delivered, as soon as it was told of it."""

    outside: Outside | None = None

    def answer(self, asked: Asked) -> Answer:
        """What it says to a call."""
        assert self.outside is not None
        self.outside.strike("carrier, unanswered")
        for item in json.loads(asked.body):
            self.outside.asked[item["number"]] += 1
        found = super().answer(asked)
        now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        for number, events in self.known.items():
            self.known[number] = events or [event("Delivered_Other", now)]
        self.outside.strike("carrier, answered")
        return found


@dataclass
class Seen:
    """What became of it."""

    struck: Counter[str] = field(default_factory=Counter)
    orders: int = 0
    webhooks: int = 0
    letters: int = 0
    again: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        where = ", ".join(f"{place}: {count}" for place, count in sorted(self.struck.items()))
        more = ", ".join(f"{count} {what}" for what, count in sorted(self.again.items()))
        return (
            f"{self.struck.total()} kills ({where}); {self.orders} orders, {self.webhooks} webhooks, {self.letters} letters;"
            f" told again: {more or 'nothing'}; {len(self.wrong)} wrong"
        )


def tell(nursery: Nursery, database: Callable[[Path], str], name: str, kills: int, orders: int, seen: Seen) -> None:
    """Have so many orders lived through while the outside strikes so often at most. Adds to `seen`."""
    outside = Outside(random.Random(name), kills)
    with tempfile.TemporaryDirectory(prefix="fhtell", dir=in_memory()) as folder, _listening(outside) as settings:
        url = database(Path(folder))
        _acquaint(url)
        shop = Shop(
            nursery, Path(folder), url, 1, {**settings, "FAIRHOLD_URL": "http://localhost:8000"}, "tests.crash.haste"
        )
        try:
            asyncio.run(_tell(shop, outside, name, orders, seen))
        finally:
            outside.process = 0
            if alive(shop.process):
                os.killpg(shop.process, signal.SIGKILL)


@contextmanager
def _listening(outside: Outside) -> Iterator[dict[str, str]]:
    """The outside, and the settings by which a server finds it."""
    with ExitStack() as open_:
        receiver = open_.enter_context(receiving())
        receiver.behave = outside.hook
        carrier = open_.enter_context(served(Carrier(quota=1_000_000, outside=outside)))
        post = Post(outside)
        post.start()
        open_.callback(post.stop)
        yield {
            "FAIRHOLD_MAIL": f"smtp://127.0.0.1:{post.port}",
            "FAIRHOLD_MAIL_FROM": "no-reply@example.org",
            "FAIRHOLD_WEBHOOK_NETWORKS": "127.0.0.0/8",
            "FAIRHOLD_17TRACK_KEY": CARRIER_KEY,
            "FAIRHOLD_TEST_CARRIER": carrier,
            "HOOK": receiver.url,
        }


def _acquaint(url: str) -> None:
    """Say where the buyer is written to."""
    with closing(open_store(url)) as store:
        store.migrate()
        ContactTables(store.tables()).set_contact(Contact("ann", "ann@example.org", "en", "UTC", "Ann"))


async def _tell(shop: Shop, outside: Outside, name: str, orders: int, seen: Seen) -> None:
    shop.start()
    customers = Customers(shop.url, shop.folder / "told", name)
    customers.up.set()
    hook = json.dumps({"url": shop.settings["HOOK"], "types": list(TYPES)})
    with closing(Wire(shop.url)) as wire:
        await customers.ask(wire, [Command("hook", OPERATOR, "/webhooks", hook)])
    outside.process = shop.process
    minder = asyncio.create_task(_mind(shop, outside))
    numbers = iter(range(orders))

    async def client() -> None:
        with closing(Wire(shop.url)) as wire:
            for number in numbers:
                lived = shipped(name, number)
                command = next(lived)
                with suppress(StopIteration):
                    while True:
                        [answer] = await customers.ask(wire, [command])
                        command = lived.send(answer)

    await asyncio.gather(*(client() for _ in range(CLIENTS)))
    until = time.monotonic() + PATIENCE_SECONDS
    while left := _left(shop.database, outside, orders):
        assert time.monotonic() < until, f"not told, long after the last kill: {left}"
        assert not minder.done(), minder.result()
        await asyncio.sleep(0.3)
    minder.cancel()
    outside.process = 0
    # Whoever is told twice is told soon: leases are of seconds.
    await asyncio.sleep(1)
    shop.stop()
    seen.orders += orders
    _judge(shop.database, outside, orders, seen)


def shipped(name: str, number: int) -> Life:
    """An order until its parcel is on its way; the carrier delivers it."""

    def command(step: str, actor: str, path: str, body: object) -> Command:
        return Command(f"{name}/{number}/{step}", actor, path, json.dumps(body))

    order = yield command("place", BUYER, "/orders", GOODS)
    at = f"/orders/{order['id']}"
    yield command("pay", BUYER, f"{at}/payment", {"method": "sandbox:ok"})
    yield command("ship", SELLER, f"{at}/shipments", {"carrier": "Post", "tracking_number": f"RB{number:09d}CN"})


async def _mind(shop: Shop, outside: Outside) -> None:
    """Start the server again whenever it was killed."""
    while True:
        await asyncio.sleep(0.01)
        if not outside.process:
            await asyncio.to_thread(gone, [shop.process])
            await asyncio.to_thread(shop.start)
            outside.process = shop.process


def _left(database: str, outside: Outside, orders: int) -> dict[str, int]:
    """What is still to be told, as far as the outside knows and as the database has it."""
    with closing(open_store(database)) as store:
        counted = {
            "webhooks": len(TYPES) * orders - len(outside.told_of()),
            "letters": LETTERS * orders - _count(store, "SELECT count(*) FROM mail"),
            "letters that wait": _count(store, "SELECT count(*) FROM mail WHERE state = ?", "waiting"),
            "webhooks that wait": _count(store, "SELECT count(*) FROM webhook_deliveries WHERE state = ?", "waiting"),
            "news": sum(1 for row in store.reader().outbox(("waiting", "parked"), 1000) if row.destination == "news"),
            "parcels": orders - _count(store, "SELECT count(*) FROM parcels WHERE heard_at IS NOT NULL"),
        }
    return {what: count for what, count in counted.items() if count}


def _count(store: Store, statement: str, *values: object) -> int:
    return int(store.tables().rows(statement, *values)[0][0])


def _judge(database: str, outside: Outside, orders: int, seen: Seen) -> None:
    hooks = {place[1:]: place[0] for place in outside.webhooks}
    twice = {
        "webhooks": outside.webhooks.total() - len(outside.webhooks),
        "letters": outside.letters.total() - len(outside.letters),
    }
    wrong = audited(database)
    if len(hooks) != len(outside.webhooks):
        wrong.append("an event came under two ids")
    if len(set(hooks.values())) != len(hooks):
        wrong.append("an id tells of two events")
    # One is on its way when a process dies; what it had claimed beside it is untouched.
    if twice["letters"] > outside.struck.total():
        wrong.append(f"{twice['letters']} letters came twice, with {outside.struck.total()} kills")
    with closing(open_store(database)) as store:
        sent = {_name(key) for (key,) in store.tables().rows("SELECT key FROM mail WHERE state = ?", "sent")}
        if sent != set(outside.letters) or len(sent) < SENT * orders:
            wrong.append(f"{len(sent)} letters are noted as sent, {len(outside.letters)} came, about {orders} orders")
        for state in ("parked", "failed"):
            for table in ("mail", "webhook_deliveries"):
                if count := _count(store, f"SELECT count(*) FROM {table} WHERE state = ?", state):
                    wrong.append(f"{count} rows of {table} are {state}")
    seen.struck.update(outside.struck)
    seen.webhooks += len(outside.webhooks)
    seen.letters += len(outside.letters)
    seen.again.update({what: count for what, count in twice.items() if count})
    seen.wrong += wrong


def _name(key: str) -> str:
    """The Message-ID under which a letter goes, however often."""
    letter = Outgoing(key, "ann@example.org", "en", Instant(0), Written("", "", ""))
    return str(message_from_bytes(message_of(Sender("Fairhold", "no-reply@example.org"), letter))["Message-ID"])
