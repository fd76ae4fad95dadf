"""A real server process of the product with a database of its own, and its HTTP API as tests use it."""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2

from tests.ports import port_of_its_own

KEY = "operator-key-of-tests"
SECRET = "a-secret-of-tests-only"
STARTS_WITHIN = 180.0


@dataclass
class Served:
    """A server that runs, and commands for it. Amounts in minor units."""

    url: str
    key: str = KEY
    database: str = ""
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def __post_init__(self) -> None:
        self._client = httpx2.Client(
            base_url=f"{self.url}/v1", headers={"Authorization": f"Bearer {self.key}"}, timeout=60
        )

    def close(self) -> None:
        """Give the connections back."""
        self._client.close()

    def get(self, path: str, actor: str = "operator:ops") -> Any:
        """What a GET answers; anything but 200 fails the test."""
        answer = self._client.get(path, headers={"Fairhold-Actor": actor})
        assert answer.status_code == 200, f"GET {path}: {answer.status_code} {answer.text}"
        return answer.json()

    def post(self, path: str, body: Mapping[str, Any], actor: str = "operator:ops") -> Any:
        """What a POST answers; a refusal fails the test."""
        headers = {"Fairhold-Actor": actor, "Idempotency-Key": f"test-{next(self._numbers)}-{time.time_ns()}"}
        answer = self._client.post(path, json=body, headers=headers)
        assert answer.status_code in (200, 201), f"POST {path}: {answer.status_code} {answer.text}"
        return answer.json()

    def place(self, buyer: str, seller: str, **changes: Any) -> Order:
        """An order of two kinds of goods, for 25.20 and 27.30 roubles in all; `changes` replace fields."""
        body: dict[str, Any] = {
            "buyer": buyer,
            "seller": seller,
            "currency": "RUB",
            "lines": list(TWO_LINES),
            **changes,
        }
        return Order(self, self.post("/orders", body, f"buyer:{buyer}")["id"], buyer, seller)

    def now(self) -> str:
        """What time it is on the test clock."""
        return str(self.get("/clock")["now"])

    def advance(self, **how: Any) -> None:
        """Move the test clock: `seconds=` or `to=`."""
        self.post("/clock/advance", how)

    def pass_days(self, days: float) -> None:
        """So many days go by."""
        self.advance(seconds=int(days * 86_400))

    def balances(self, currency: str = "RUB") -> dict[str, int]:
        """Every account's balance in one currency."""
        accounts = self.get("/ledger/accounts?limit=200")["items"]
        return {one["name"]: one["balance"]["amount"] for one in accounts if one["balance"]["currency"] == currency}


TWO_LINES = (
    {
        "sku": "lamp",
        "title": "Фонарь налобный «Полюс 600»",
        "quantity": 1,
        "unit_price": 252_000,
        "category": "electronics",
    },
    {"sku": "mug", "title": "Термокружка с вакуумной колбой", "quantity": 2, "unit_price": 136_500},
)


@dataclass(frozen=True)
class Order:
    """An order on the server."""

    served: Served
    id: str
    buyer: str
    seller: str

    def read(self, actor: str = "operator:ops") -> Any:
        """The order as it now is."""
        return self.served.get(f"/orders/{self.id}", actor)

    def line(self, number: int) -> str:
        """The id of a line, counted from 0."""
        return str(self.read()["lines"][number]["id"])

    def post(self, path: str, body: Mapping[str, Any], actor: str) -> Any:
        """A command on the order."""
        return self.served.post(f"/orders/{self.id}/{path}", body, actor)

    def pay(self) -> Order:
        """The buyer pays."""
        self.post("payment", {"method": "sandbox:ok"}, f"buyer:{self.buyer}")
        return self

    def ship(self, number: str = "80083794021845") -> Order:
        """The seller ships everything."""
        self.post("shipments", {"carrier": "Почта России", "tracking_number": number}, f"seller:{self.seller}")
        return self

    def scan(self, status: str, place: str | None = "Москва, отделение 125195") -> Order:
        """The carrier reports about the first parcel."""
        parcel = self.read()["shipments"][0]["id"]
        body = {"status": status, "at": self.served.now(), "place": place}
        self.post(
            f"shipments/{parcel}/checkpoints", {key: value for key, value in body.items() if value}, "operator:ops"
        )
        return self

    def delivered(self) -> Order:
        """Paid, shipped, and handed to the addressee."""
        return self.pay().ship().scan("in_transit").scan("delivered")

    def confirm(self, *lines: str) -> Order:
        """The buyer confirms receipt of these lines."""
        self.post("receipt", {"lines": list(lines), "acknowledged": True}, f"buyer:{self.buyer}")
        return self

    @property
    def status(self) -> str:
        """The headline."""
        return str(self.read()["status"])

    def states(self) -> list[str]:
        """The status of each line."""
        return [line["status"] for line in self.read()["lines"]]


@contextmanager
def serving(folder: Path, *command: str, **settings: str) -> Iterator[Served]:
    """`fairhold serve` in the sandbox, with its database in `folder`; ended by its process id."""
    port = port_of_its_own()
    environment = {key: value for key, value in os.environ.items() if not key.startswith("FAIRHOLD_")} | {
        "FAIRHOLD_DATABASE": f"sqlite:///{folder / 'fairhold.db'}",
        "FAIRHOLD_SANDBOX": "1",
        "FAIRHOLD_OPERATOR_KEY": KEY,
        "FAIRHOLD_SECRET": SECRET,
        **settings,
    }
    log = (folder / "server.log").open("wb")
    arguments = command or ("serve", "--host", "127.0.0.1")
    process = subprocess.Popen(
        [sys.executable, "-m", "fairhold", *arguments, "--port", str(port)],
        cwd=folder, env=environment, stdout=log, stderr=subprocess.STDOUT,
    )  # fmt: skip
    try:
        _await(f"http://127.0.0.1:{port}", process, folder / "server.log")
        served = Served(
            f"http://127.0.0.1:{port}", environment["FAIRHOLD_OPERATOR_KEY"], environment["FAIRHOLD_DATABASE"]
        )
        yield served
        served.close()
    finally:
        process.terminate()
        try:
            process.wait(60)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        log.close()


def _await(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    ends = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < ends:
        if process.poll() is not None:
            break
        try:
            if httpx2.get(f"{url}/health", timeout=2).status_code == 200:
                return
        except httpx2.TransportError:
            time.sleep(0.1)
    raise AssertionError(f"the server does not answer:\n{log.read_text(encoding='utf-8', errors='replace')[-4000:]}")
