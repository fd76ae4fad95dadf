"""The post office: every letter goes once, what fails is tried again, and a person hears where nothing helps."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
import structlog

from fairhold.domain.instants import DAY, HOUR, MINUTE, Instant
from fairhold.engine.installation.clock import VirtualClock
from fairhold.engine.notices.post_office import LEASE, MOST_ATTEMPTS, PostOffice
from fairhold.engine.ports.mail import Fate, Mail, Outgoing, Refused, Sent, TryLater, Written
from fairhold.store import open_store
from fairhold.store.contacts import ContactTables
from fairhold.store.mail import MailTables

NOW = Instant(1_795_000_000_000_000)


class Scripted:
    """A transport that answers what it was told to, and remembers what it was given."""

    def __init__(self) -> None:
        self.fates: dict[str, Fate] = {}
        self.given: list[str] = []
        self.office: PostOffice | None = None

    def send(self, letters: Sequence[Outgoing]) -> Iterator[Fate]:
        for letter in letters:
            self.given.append(letter.key)
            if self.office is not None:
                self.office.stop()
            yield self.fates.get(letter.key, Sent())


class Plain:
    """Writes every letter; `nothing` is what it has nothing to say about, `broken` what it stumbles over."""

    def write(self, mail: Mail, now: Instant) -> Written | None:
        if mail.template == "broken":
            raise LookupError(mail.template)
        return None if mail.template == "nothing" else Written("s", "t", "h")


class Post:
    """A post office on a database of its own."""

    def __init__(self, path: Path) -> None:
        self.store = open_store(f"sqlite:///{path}/post.db", placing_lanes=1)
        self.store.migrate()
        self.contacts = ContactTables(self.store.tables())
        self.clock = VirtualClock(NOW)
        self.transport = Scripted()
        self.office = self.another(self.transport)

    def another(self, transport: Scripted) -> PostOffice:
        rows = MailTables(self.store.tables())
        return PostOffice(rows, Plain(), transport, self.contacts, self.clock, chance=lambda: 0.5)

    def states(self) -> dict[str, str]:
        return dict(map(tuple, self.store.tables().rows("SELECT key, state FROM mail")))


@pytest.fixture
def post(tmp_path: Path) -> Iterator[Post]:
    made = Post(tmp_path)
    yield made
    made.store.close()


def mail(key: str, template: str = "plain", at: Instant = NOW) -> Mail:
    return Mail(key, f"{key}@example.org", None, "en", template, {}, at)


def test_what_is_due_goes_once(post: Post) -> None:
    post.office.post(mail("a"))
    post.office.post(mail("later", at=Instant(NOW + DAY)))
    assert post.office.once() == 1
    assert post.office.once() == 0
    assert post.transport.given == ["a"]
    post.clock.move_to(Instant(NOW + DAY))
    assert post.office.once() == 1


def test_what_is_no_longer_true_does_not_go(post: Post) -> None:
    post.office.post(mail("a", "nothing"))
    post.office.once()
    assert (post.transport.given, post.states()) == ([], {"a": "dropped"})


def test_a_letter_that_cannot_be_written_holds_up_no_other(post: Post) -> None:
    post.office.post(mail("a", "broken"))
    post.office.post(mail("b"))
    post.office.once()
    assert post.transport.given == ["b"]
    assert post.states() == {"a": "waiting", "b": "sent"}


def test_a_server_that_is_away_is_tried_less_and_less_often_and_then_a_person_looks(post: Post) -> None:
    post.office.post(mail("a"))
    post.transport.fates["a"] = TryLater("451")
    tries, hours = 0, 0
    while post.states()["a"] == "waiting":
        tries += post.office.once()
        hours += 1
        post.clock.move_to(Instant(NOW + hours * HOUR))
    assert tries == MOST_ATTEMPTS
    assert 30 < hours < 60
    assert post.states() == {"a": "parked"}


def test_an_address_that_refuses_for_good_is_noted(post: Post) -> None:
    post.office.post(mail("gone"))
    post.office.post(mail("full"))
    post.transport.fates = {"gone": Refused("550", address=True), "full": Refused("552", address=False)}
    post.office.once()
    assert post.contacts.refused_since("gone@example.org") == NOW
    assert post.contacts.refused_since("full@example.org") is None
    assert post.states() == {"gone": "parked", "full": "parked"}


def test_stopping_lets_the_letter_under_way_end_and_gives_the_others_back(post: Post) -> None:
    for key in "abc":
        post.office.post(mail(key))
    post.transport.office = post.office
    post.office.once()
    assert post.transport.given == ["a"]
    assert post.states() == {"a": "sent", "b": "waiting", "c": "waiting"}
    others = Scripted()
    assert post.another(others).once() == 2
    assert others.given == ["b", "c"]


def test_another_process_sends_what_one_that_died_had_claimed(post: Post) -> None:
    post.office.post(mail("a"))
    MailTables(post.store.tables()).claim(NOW, LEASE, 10)
    assert post.office.once() == 0
    post.clock.move_to(Instant(NOW + LEASE + MINUTE))
    assert post.office.once() == 1


def test_nothing_is_logged_that_tells_who_was_written_to(post: Post) -> None:
    for key, fate in (("gone", Refused("550 <gone@example.org>", address=True)), ("x", TryLater("451 x@example.org"))):
        post.office.post(mail(key))
        post.transport.fates[key] = fate
    post.office.post(mail("b", "broken"))
    with structlog.testing.capture_logs() as said:
        post.office.once()
    assert {entry["event"] for entry in said} == {"letter parked", "letter cannot be written"}
    assert "@example.org" not in str(said)
