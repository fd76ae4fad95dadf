"""The worker that sends webhooks, with a sender that does what a test tells it."""

import base64
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from fairhold.domain.instants import DAY, HOUR, MINUTE, SECOND, Duration, Instant
from fairhold.engine.installation.clock import VirtualClock
from fairhold.engine.installation.metrics import Metrics
from fairhold.engine.installation.sealing import Seal
from fairhold.engine.ports.accounts import Account
from fairhold.engine.ports.contacts import Contact
from fairhold.engine.ports.mail import Mail
from fairhold.engine.ports.store import StoreUnavailable
from fairhold.engine.ports.webhook_sending import Answered, Trouble, UnusableUrl
from fairhold.engine.ports.webhooks import Delivery, DeliveryState, Endpoint, Message, OffBecause
from fairhold.engine.webhooks.notice import NoticeToOperators
from fairhold.engine.webhooks.schedule import HELD_FOR, PAUSES, next_try
from fairhold.engine.webhooks.signing import PURPOSE, signed_headers
from fairhold.engine.webhooks.trying import Trier
from fairhold.engine.webhooks.worker import AT_ONCE, WebhookWorker
from fairhold.store import open_store
from fairhold.store.webhooks import WebhookTables
from fairhold.words.letters.writing import Desk
from tests.databases import up_to_date

T0 = Instant(1_800_000_000_000_000)
GOOD, BAD = Answered(None, 200), Answered(Trouble.STATUS, 500)
SECRET = "a-secret-of-the-tests"


@dataclass
class Acting:
    """A sender that does for each URL what a test says, and remembers who was there at the same time."""

    do: dict[str, Callable[[], Answered]] = field(default_factory=dict)
    sent: list[tuple[str, str]] = field(default_factory=list)
    now: Counter[str] = field(default_factory=Counter)
    most: Counter[str] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def judge(self, url: str) -> UnusableUrl | None:
        return None

    def send(self, url: str, headers: Mapping[str, str], body: bytes) -> Answered:
        with self.lock:
            self.sent.append((url, headers["webhook-id"]))
            self.now[url] += 1
            self.most[url] = max(self.most[url], self.now[url])
        try:
            return self.do.get(url, lambda: GOOD)()
        finally:
            with self.lock:
                self.now[url] -= 1

    def of(self, url: str) -> list[str]:
        with self.lock:
            return [message for where, message in self.sent if where == url]


@dataclass
class Post:
    """Rows on a real database, and everything to send them with."""

    rows: WebhookTables
    clock: VirtualClock
    sender: Acting
    notices: list[tuple[str, OffBecause]] = field(default_factory=list)

    def worker(self) -> WebhookWorker:
        trier = Trier(self.sender, Seal(SECRET, PURPOSE), self.clock, chance=lambda: 0.5)
        return WebhookWorker(
            self.rows, trier, self.clock, Metrics(), notice=lambda one, because: self.notices.append((one.id, because))
        )

    def endpoint(self, name: str) -> Endpoint:
        made = Endpoint(name, name, "", (), None, T0, Seal(SECRET, PURPOSE).seal(b"secret", name), T0)
        assert self.rows.add_endpoint(made, 99, None) is True
        return made

    def told(self, to: str, *messages: tuple[str, int]) -> None:
        """Have these, each (order, seq), sent there."""
        made = [Message(f"{order}-{seq}", order, seq, "order.paid", self.clock.now(), b"{}") for order, seq in messages]
        waiting = DeliveryState.WAITING
        self.rows.add(
            made,
            [Delivery(to, one.id, one.order, one.seq, one.type, waiting, 0, 0, one.at, one.at) for one in made],
        )

    def state(self, to: str, message: str) -> Delivery:
        found = self.rows.delivery(to, message)
        assert found is not None
        return found[0]


@pytest.fixture
def post(tmp_path: Path) -> Iterator[Post]:
    store = open_store(f"sqlite:///{up_to_date(tmp_path / 'test.db')}")
    yield Post(WebhookTables(store.tables()), VirtualClock(T0), Acting())
    store.close()


@contextmanager
def running(worker: WebhookWorker) -> Iterator[None]:
    worker.start()
    try:
        yield
    finally:
        worker.stop()


def eventually(true: Callable[[], bool], seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until, "it did not come to that"
        time.sleep(0.01)


def test_a_slow_endpoint_holds_up_nobody_else(post: Post) -> None:
    gate = threading.Event()

    def hang() -> Answered:
        gate.wait(120)
        return Answered(Trouble.TOO_SLOW)

    for n in range(5):
        post.endpoint(f"slow-{n}")
        post.sender.do[f"slow-{n}"] = hang
        post.told(f"slow-{n}", *((f"o{m}", 1) for m in range(20)))
    post.endpoint("quick")
    with running(post.worker()):
        eventually(lambda: all(post.sender.now[f"slow-{n}"] == AT_ONCE for n in range(5)))
        post.told("quick", *((f"o{m}", 1) for m in range(50)))
        eventually(lambda: len(post.sender.of("quick")) == 50)
        assert all(post.sender.most[f"slow-{n}"] == AT_ONCE for n in range(5))
        gate.set()


def test_an_endpoint_that_fails_is_tried_one_at_a_time(post: Post) -> None:
    post.endpoint("bad")
    post.sender.do["bad"] = lambda: BAD
    post.rows.failing("bad", T0)
    post.told("bad", *((f"o{n}", 1) for n in range(10)))
    with running(post.worker()):
        eventually(lambda: len(post.sender.of("bad")) == 10)
    assert post.sender.most["bad"] == 1


def test_events_of_an_order_arrive_in_their_order_however_many_are_sent_at_once(post: Post) -> None:
    post.endpoint("shop")
    post.told("shop", *((f"o{n}", seq) for seq in range(1, 6) for n in range(20)))
    with running(post.worker()):
        eventually(lambda: len(post.sender.of("shop")) == 100)
    for n in range(20):
        assert [one for one in post.sender.of("shop") if one.startswith(f"o{n}-")] == [
            f"o{n}-{seq}" for seq in range(1, 6)
        ]


def test_two_processes_send_each_message_once(post: Post) -> None:
    post.endpoint("shop")
    post.told("shop", *((f"o{n}", 1) for n in range(60)))
    with running(post.worker()), running(post.worker()):
        eventually(lambda: len(post.sender.of("shop")) >= 60)
        eventually(lambda: post.rows.undelivered("shop", 99) == (0, 0))
    assert sorted(post.sender.of("shop")) == sorted(f"o{n}-1" for n in range(60))


def test_stopping_notes_down_what_was_under_way(post: Post) -> None:
    entered, gate = threading.Event(), threading.Event()

    def slowly() -> Answered:
        entered.set()
        gate.wait(120)
        return GOOD

    post.endpoint("shop")
    post.sender.do["shop"] = slowly
    post.told("shop", ("o1", 1))
    worker = post.worker()
    worker.start()
    assert entered.wait(60)
    threading.Timer(0.2, gate.set).start()
    worker.stop()
    assert post.state("shop", "o1-1").state is DeliveryState.DELIVERED


def test_what_cannot_be_noted_down_is_noted_once_the_database_is_back(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    post.endpoint("shop")
    post.told("shop", ("o1", 1))
    record, away = post.rows.record, threading.Event()

    def refuse(*given: object) -> None:
        if not away.is_set():
            away.set()
            raise StoreUnavailable("away")
        record(*given)  # type: ignore[arg-type]  # handed on as it came

    monkeypatch.setattr(post.rows, "record", refuse)
    with running(post.worker()):
        eventually(lambda: post.state("shop", "o1-1").state is DeliveryState.DELIVERED)
    assert post.sender.of("shop") == ["o1-1"]


def test_a_bug_in_an_attempt_leaves_the_message_to_be_tried_again(post: Post) -> None:
    def crash() -> Answered:
        raise RuntimeError("a bug")

    post.endpoint("shop")
    post.sender.do["shop"] = crash
    post.told("shop", ("o1", 1))
    worker = post.worker()
    worker._claim_seconds = 0
    assert worker.once() == 1
    assert post.state("shop", "o1-1").attempts == 0
    del post.sender.do["shop"]
    assert worker.once() == 1
    assert post.state("shop", "o1-1").state is DeliveryState.DELIVERED


def test_five_days_of_failures_turn_an_endpoint_off_and_somebody_is_told(post: Post) -> None:
    post.endpoint("shop")
    post.sender.do["shop"] = lambda: BAD
    worker = post.worker()
    for day in range(6):
        post.told("shop", (f"o{day}", 1))
        worker.once()
        assert post.notices == ([("shop", OffBecause.FAILING)] if day == 5 else [])
        post.clock.move_to(Instant(post.clock.now() + DAY))
    post.told("shop", ("o9", 1))
    assert worker.once() == 0


def test_each_operator_with_an_address_is_written_to_once() -> None:
    queued: dict[str, Mail] = {}

    class Queue:
        def post(self, mail: Mail) -> bool:
            return queued.setdefault(mail.key, mail) is mail

    def account(person: str, email: str | None, *roles: str) -> Account:
        return Account(person, person.title(), email, None, roles, "ru", T0, T0)

    staff = [
        account("ops", "ops@shop.example", "operator"),
        account("olga", None, "operator"),
        account("mia", "mia@shop.example", "mediator"),
    ]
    notice = NoticeToOperators(lambda: staff, Queue(), VirtualClock(T0))
    gone = Endpoint("wh_1", "https://shop.example/hooks", "", (), None, T0, b"", T0, failing_since=T0)
    for _ in range(2):
        notice(gone, OffBecause.FAILING)
    [mail] = queued.values()
    assert (mail.to, mail.person, mail.language) == ("ops@shop.example", "ops", "ru")
    for language, says in (("ru", "Вебхук площадки «Лавка» отключён"), ("en", "A webhook of Лавка was turned off")):
        written = Desk(Nobody(), "Лавка", "https://lavka.example").write(mail._replace(language=language), T0)
        assert written is not None
        assert written.subject == says
        assert "https://lavka.example/operator/webhooks/wh_1" in written.text
        assert "https://shop.example/hooks" in written.text


class Nobody:
    """No contact is known."""

    def contact(self, person: str) -> Contact | None:
        return None

    def contacts(self, people: Sequence[str]) -> dict[str, Contact]:
        return {}

    def set_contact(self, contact: Contact) -> None:
        raise AssertionError("nobody's contact is set here")

    def forget_contact(self, person: str) -> None:
        raise AssertionError("nobody is forgotten here")


def test_one_success_begins_the_five_days_anew(post: Post) -> None:
    post.endpoint("shop")
    worker = post.worker()
    for day in range(12):
        post.sender.do["shop"] = lambda day=day: GOOD if day == 4 else BAD  # type: ignore[misc]
        post.told("shop", (f"o{day}", 1))
        worker.once()
        post.clock.move_to(Instant(post.clock.now() + DAY))
        if post.notices:
            break
    assert day == 10
    assert post.notices == [("shop", OffBecause.FAILING)]


def test_a_secret_that_cannot_be_read_sends_nothing(post: Post) -> None:
    post.endpoint("shop")
    post.told("shop", ("o1", 1))
    trier = Trier(post.sender, Seal("another secret of the installation", PURPOSE), post.clock)
    WebhookWorker(post.rows, trier, post.clock, Metrics()).once()
    assert post.sender.sent == []
    [attempt] = post.rows.attempts("shop", ["o1-1"])
    assert attempt.trouble is Trouble.NO_SECRET


def test_a_sealed_secret_opens_for_its_endpoint_alone() -> None:
    seal = Seal(SECRET, PURPOSE)
    sealed = seal.seal(b"secret", "wh_1")
    assert seal.open(sealed, "wh_1") == b"secret"
    assert seal.open(sealed, "wh_2") is seal.open(sealed[:-1], "wh_1") is seal.open(b"", "wh_1") is None
    assert seal.seal(b"secret", "wh_1") != sealed


def test_the_signature_is_that_of_the_standard_s_own_example() -> None:
    """The values that the specification of Standard Webhooks shows."""
    secret = base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    headers = signed_headers("msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}', [secret])
    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_the_schedule_spans_three_days_with_a_tenth_of_chance() -> None:
    assert sum(PAUSES) == 71 * HOUR + 35 * MINUTE + 5 * SECOND
    assert sum(PAUSES[: HELD_FOR - 1]) == 35 * MINUTE + 5 * SECOND
    for tries, pause in enumerate(PAUSES, 1):
        soonest, latest = (next_try(tries, T0, chance) for chance in (0.0, 1.0))
        assert soonest == T0 + Duration(int(pause * 0.9))
        assert latest == T0 + Duration(int(pause * 1.1))
    assert next_try(len(PAUSES) + 1, T0, 0.5) is None
    assert next_try(1, T0, 0.5, 60) == T0 + MINUTE
    assert next_try(4, T0, 0.5, 60) == T0 + 2 * HOUR
    assert next_try(1, T0, 0.5, 10**9) == T0 + DAY
