"""Server-sent events over a real server: messages as they are written, from where the reader was cut off, until sign-out."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import httpx2
import pytest

from fairhold.web.sessions import COOKIE
from tests.browser.conftest import People
from tests.browser.served import Order, Served


@dataclass
class Heard:
    """What a reader of a stream has got so far."""

    events: list[tuple[str, str]] = field(default_factory=list)
    comments: int = 0
    ended: threading.Event = field(default_factory=threading.Event)
    more: threading.Condition = field(default_factory=threading.Condition)

    def wait(self, count: int, seconds: float = 60) -> list[str]:
        """The numbers of the events once there are so many."""
        with self.more:
            assert self.more.wait_for(lambda: len(self.events) >= count, seconds), self.events
            return [number for number, _ in self.events]


@contextmanager
def signed_in(served: Served, person: str) -> Iterator[httpx2.Client]:
    with httpx2.Client(base_url=served.url, timeout=30, follow_redirects=True) as client:
        sign_in(client, person)
        yield client


def sign_in(client: httpx2.Client, person: str) -> None:
    assert (
        client.post("/sign-in", data={"person": person}, headers={"Sec-Fetch-Site": "same-origin"}).status_code == 200
    )
    assert client.cookies.get(COOKIE)


def write(order: Order, text: str, by: str) -> None:
    order.post("support", {"text": text}, by)


@contextmanager
def following(client: httpx2.Client, order: Order, after: int = 0, **headers: str) -> Iterator[Heard]:
    """Reads the buyer's stream meanwhile; a last message lets the reader notice that it is over."""
    path = f"/orders/{order.id}/support/stream?after={after}"
    heard = Heard()
    stop = threading.Event()

    def read() -> None:
        with client.stream("GET", path, headers=headers) as answer:
            assert answer.status_code == 200, answer.status_code
            assert answer.headers["content-type"].startswith("text/event-stream")
            number = data = ""
            for line in answer.iter_lines():
                if line.startswith("id: "):
                    number = line[4:]
                elif line.startswith("data: "):
                    data += line[6:]
                elif not line and number:
                    with heard.more:
                        heard.events.append((number, data))
                        heard.more.notify_all()
                    number = data = ""
                if stop.is_set():
                    return
        heard.ended.set()

    thread = threading.Thread(target=read, daemon=True)
    thread.start()
    try:
        yield heard
    finally:
        stop.set()
        write(order, "Goodbye", f"buyer:{order.buyer}")
        thread.join(60)


@pytest.fixture
def order(served: Served, people: People) -> Order:
    return served.place(people.buyer.id, people.seller.id).pay()


def test_an_open_page_hears_what_is_written_and_begins_again_where_it_was_cut_off(
    served: Served, people: People, order: Order
) -> None:
    buyer = f"buyer:{people.buyer.id}"
    write(order, "One", buyer)
    with signed_in(served, people.buyer.key) as client:
        with following(client, order, 1) as heard:
            write(order, "Two <b>", f"support:{people.support.id}")
            assert heard.wait(1) == ["2"]
            assert "Two &lt;b&gt;" in heard.events[0][1]
            write(order, "Three", buyer)
            assert heard.wait(2) == ["2", "3"]
        with following(client, order, 1, **{"Last-Event-ID": "2"}) as again:
            assert again.wait(1)[0] == "3"


def test_a_stream_ends_when_its_person_signs_out_and_tells_nothing_more(
    served: Served, people: People, order: Order
) -> None:
    with (
        signed_in(served, people.buyer.key) as client,
        following(client, order) as heard,
    ):
        write(order, "One", f"buyer:{people.buyer.id}")
        heard.wait(1)
        page = client.get("/orders").text
        token = page.partition('name="token" value="')[2].partition('"')[0]
        assert client.post("/sign-out", data={"token": token}).status_code == 200
        write(order, "Secret", f"support:{people.support.id}")
        assert heard.ended.wait(20)
        assert [number for number, _ in heard.events] == ["1"]


def test_nobody_keeps_more_pages_open_than_they_may(served: Served, people: People, order: Order) -> None:
    with signed_in(served, people.seller.key) as client:
        path = f"/selling/orders/{order.id}/support/stream"
        streams = [client.stream("GET", path) for _ in range(7)]
        statuses = [stream.__enter__().status_code for stream in streams]
        for stream in streams:
            stream.__exit__(None, None, None)
    assert sorted(statuses) == [200] * 6 + [429]
