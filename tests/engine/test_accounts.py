"""Accounts on a clock that stands until it is moved: how long links, limits and codes last, and what a stranger can measure."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyotp
import pytest
from argon2 import PasswordHasher

from fairhold.domain.instants import DAY, HOUR, MINUTE, SECOND, Instant
from fairhold.engine.accounts import passwords
from fairhold.engine.accounts.credentials import Credentials
from fairhold.engine.accounts.entrance import Entrance, Knock
from fairhold.engine.accounts.keeping import Keeping
from fairhold.engine.accounts.letters import Letters
from fairhold.engine.accounts.passwords import AT_ONCE, MOST_WAITING, Busy, Passwords
from fairhold.engine.accounts.rate_limits import LIMITS, RateLimits, Tried, network_of
from fairhold.engine.accounts.refusals import Denial, Denied
from fairhold.engine.accounts.second_factors import SecondFactors
from fairhold.engine.accounts.tickets import Tickets
from fairhold.engine.installation.clock import VirtualClock
from fairhold.engine.installation.sealing import Seal
from fairhold.engine.ports.accounts import Account
from fairhold.engine.ports.mail import Mail
from fairhold.store import open_store
from fairhold.store.accounts import AccountTables
from fairhold.store.contacts import ContactTables
from fairhold.store.factors import FactorTables
from fairhold.store.tickets import TicketTables
from tests.databases import up_to_date

NOW = Instant(1_780_000_000 * SECOND)
SECRET = "correct horse battery"
KNOCK = Knock("203.0.113.7", "en", "https://safe.example")


class Queue:
    """Letters, as they are queued."""

    def __init__(self) -> None:
        self.letters: list[Mail] = []

    def post(self, mail: Mail) -> bool:
        self.letters.append(mail)
        return True

    def token(self) -> str:
        return str(self.letters[-1].values["url"]).partition("=")[2]


class House:
    """Everything about accounts, on one clock."""

    def __init__(self, path: Path) -> None:
        self.store = open_store(f"sqlite:///{up_to_date(path)}")
        self.clock, self.queue, tables = VirtualClock(NOW), Queue(), self.store.tables()
        tickets = TicketTables(tables)
        self.limits = RateLimits(tickets, self.clock, "secret")
        keeping = Keeping(
            AccountTables(tables),
            Tickets(tickets, self.clock),
            Passwords(),
            self.limits,
            Letters(self.queue, self.clock),
            ContactTables(tables),
            self.clock,
            lambda person: None,
        )
        self.entrance, self.credentials = Entrance(keeping), Credentials(keeping)
        self.factors = SecondFactors(FactorTables(tables), self.clock, self.limits, "secret")
        self.rows = keeping.rows

    def later(self, length: int) -> None:
        self.clock.move_to(Instant(self.clock.now() + length))

    def account(self) -> Account:
        self.entrance.ask_account("ann@example.org", KNOCK)
        made = self.entrance.open_account(self.queue.token(), "Ann", SECRET, "en", sells=False)
        assert isinstance(made, Account)
        return made


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    monkeypatch.setattr(passwords, "PARAMETERS", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    made = House(tmp_path / "house.db")
    yield made
    made.store.close()


def why(found: object) -> Denial | None:
    return found.why if isinstance(found, Denied) else None


@pytest.mark.parametrize(("life", "works"), [(2 * DAY - 1, True), (2 * DAY, False)])
def test_a_link_for_a_new_account_works_for_two_days(house: House, life: int, works: bool) -> None:
    house.entrance.ask_account("ann@example.org", KNOCK)
    assert house.queue.letters[-1].values["until"] == NOW + 2 * DAY
    house.later(life)
    made = house.entrance.open_account(house.queue.token(), "Ann", SECRET, "en", sells=False)
    assert (why(made) is None) is works


@pytest.mark.parametrize(("life", "works"), [(HOUR - 1, True), (HOUR, False)])
def test_a_link_for_a_new_password_works_for_an_hour(house: House, life: int, works: bool) -> None:
    house.account()
    house.entrance.ask_reset("ann@example.org", KNOCK)
    house.later(life)
    assert (why(house.credentials.reset(house.queue.token(), "another good one", KNOCK.url)) is None) is works


def test_guesses_are_counted_anew_after_their_window(house: House) -> None:
    house.account()
    for _ in range(LIMITS[Tried.SIGN_IN_HERE].most):
        assert why(house.entrance.sign_in("ann@example.org", "wrong", KNOCK)) is Denial.WRONG_SIGN_IN
    stopped = house.entrance.sign_in("ann@example.org", SECRET, KNOCK)
    assert isinstance(stopped, Denied)
    assert stopped.wait is not None
    assert 0 < stopped.wait <= 15 * MINUTE
    house.later(stopped.wait)
    assert isinstance(house.entrance.sign_in("ann@example.org", SECRET, KNOCK), Account)


def test_all_guesses_at_one_account_together_are_stopped_too(house: House) -> None:
    house.account()
    found = [
        why(house.entrance.sign_in("ann@example.org", "wrong", KNOCK._replace(network=f"198.51.{n // 8}.{n % 8}")))
        for n in range(101)
    ]
    assert found == [Denial.WRONG_SIGN_IN] * 100 + [Denial.TOO_MANY_ATTEMPTS]


def test_a_known_and_an_unknown_address_cost_the_same_work(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    house.account()
    work: list[str] = []
    compared = PasswordHasher.verify

    def verify(self: PasswordHasher, kept: str | bytes, password: str | bytes) -> bool:
        work.append("verify")
        return compared(self, kept, password)

    monkeypatch.setattr(PasswordHasher, "verify", verify)
    for email in ("ann@example.org", "nobody@example.org", "no address at all"):
        work.clear()
        assert why(house.entrance.sign_in(email, "wrong", KNOCK)) is Denial.WRONG_SIGN_IN
        assert work == ["verify"]

    def tickets() -> int:
        return int(house.store.tables().rows("SELECT count(*) FROM tickets")[0][0])

    steps = []
    for email in ("ann@example.org", "nobody@example.org"):
        before, letters = tickets(), len(house.queue.letters)
        house.entrance.ask_reset(email, KNOCK)
        steps.append((tickets() - before, len(house.queue.letters) - letters))
    assert steps[0] == steps[1] == (1, 1)


def test_more_passwords_than_can_wait_are_told_to_come_again() -> None:
    crowd = Passwords()
    crowd._here = AT_ONCE + MOST_WAITING
    with pytest.raises(Busy):
        crowd.hash(SECRET)
    crowd._here = 0
    assert crowd.matches(crowd.hash(SECRET), SECRET)
    assert crowd._here == 0


@pytest.mark.parametrize(("seconds", "counts"), [(-61, False), (-30, True), (0, True), (30, True), (61, False)])
def test_a_phone_s_clock_may_be_off_by_half_a_minute(house: House, seconds: int, counts: bool) -> None:
    account = house.account()
    secret = house.factors.fresh_secret()
    code = pyotp.TOTP(secret).at(NOW // SECOND + seconds)
    assert (house.factors.begin_codes(account, secret, code) is None) is counts


def test_a_code_and_all_before_it_count_no_more(house: House) -> None:
    account, secret = house.account(), house.factors.fresh_secret()
    app = pyotp.TOTP(secret)
    assert house.factors.begin_codes(account, secret, app.at(NOW // SECOND)) is None
    known = house.rows.account(account.person)
    assert known is not None
    for seconds, counts in ((0, False), (-30, False), (30, True), (30, False)):
        assert (house.factors.check(known, app.at(NOW // SECOND + seconds)) is None) is counts


def test_what_is_sealed_opens_for_its_purpose_and_its_person_alone() -> None:
    seal = Seal("secret", "one")
    sealed = seal.seal(b"plain", "ann")
    assert seal.open(sealed, "ann") == b"plain"
    assert seal.open(sealed, "eve") is None
    assert Seal("secret", "two").open(sealed, "ann") is None
    assert Seal("other", "one").open(sealed, "ann") is None
    assert seal.open(sealed[:-1], "ann") is seal.open(b"", "ann") is None
    token = seal.token({"a": "я"}, NOW)
    assert seal.read(token, Instant(NOW - 1)) == {"a": "я"}
    assert seal.read(token, NOW) is seal.read(token[:-2], Instant(NOW - 1)) is seal.read("я", NOW) is None


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("2001:db8::1", "2001:db8::/64"),
        ("2001:db8:0:1::1", "2001:db8:0:1::/64"),
        ("testclient", "testclient"),
        ("", ""),
    ],
)
def test_whom_an_address_counts_for(address: str, network: str) -> None:
    assert network_of(address) == network
