from concurrent.futures import ThreadPoolExecutor

import pytest

from fairhold.domain.instants import Instant
from fairhold.engine.ports.accounts import Account, Passkey, Ticket
from fairhold.engine.ports.admission import ApiKey, Session
from fairhold.engine.ports.store import Store
from fairhold.store.accounts import AccountTables
from fairhold.store.factors import FactorTables
from fairhold.store.tickets import TicketTables
from tests.contract.rows import NOW

LATER = Instant(NOW + 1_000_000)


@pytest.fixture
def accounts(store: Store) -> AccountTables:
    return AccountTables(store.tables())


@pytest.fixture
def factors(store: Store) -> FactorTables:
    return FactorTables(store.tables())


@pytest.fixture
def tickets(store: Store) -> TicketTables:
    return TicketTables(store.tables())


def account(person: str, email: str | None = None, roles: tuple[str, ...] = ("buyer",)) -> Account:
    return Account(person, f"Имя {person}", email, "hash", roles, "ru", NOW, NOW)


def test_an_account_is_found_by_its_person_and_by_its_address(accounts: AccountTables) -> None:
    ann = account("ann", "Ann@пример.рф")
    assert accounts.add_account(ann, "ann@xn--e1afmkfd.xn--p1ai")
    assert accounts.account("ann") == accounts.account_by_email("ann@xn--e1afmkfd.xn--p1ai") == ann
    assert accounts.account("bob") is accounts.account_by_email("Ann@пример.рф") is None


def test_a_person_and_an_address_have_one_account(accounts: AccountTables) -> None:
    assert accounts.add_account(account("ann", "a@example.org"), "a@example.org")
    assert not accounts.add_account(account("ann"), None)
    assert not accounts.add_account(account("eve", "a@example.org"), "a@example.org")
    assert accounts.add_account(account("bob"), None)
    assert accounts.add_account(account("carl"), None), "any number of people may have no address"


def test_of_many_who_take_one_address_at_once_one_gets_it(accounts: AccountTables) -> None:
    with ThreadPoolExecutor(8) as threads:
        got = list(
            threads.map(lambda n: accounts.add_account(account(f"p{n}", "a@example.org"), "a@example.org"), range(16))
        )
    assert sorted(got) == [False] * 15 + [True]


def test_a_password_is_replaced_only_by_whoever_saw_the_last_one(accounts: AccountTables) -> None:
    accounts.add_account(account("ann")._replace(password=None), None)
    assert not accounts.set_password("ann", "one", "hash", LATER)
    assert accounts.set_password("ann", "one", None, LATER)
    assert not accounts.set_password("ann", "two", None, LATER)
    found = accounts.account("ann")
    assert found is not None
    assert (found.password, found.changed_at) == ("one", LATER)


def test_an_address_that_another_has_cannot_be_taken(accounts: AccountTables) -> None:
    accounts.add_account(account("ann", "a@example.org"), "a@example.org")
    accounts.add_account(account("bob", "b@example.org"), "b@example.org")
    assert not accounts.set_email("bob", "A@example.org", "a@example.org", LATER)
    assert accounts.set_email("bob", "c@example.org", "c@example.org", LATER)
    assert accounts.set_email("ann", "A@example.org", "a@example.org", LATER), "one's own may be written anew"
    assert accounts.account_by_email("b@example.org") is None


def test_names_roles_and_who_is_staff(accounts: AccountTables) -> None:
    for person, roles in (("ann", ("buyer",)), ("mia", ("buyer", "mediator")), ("ops", ("operator",)), ("no", ())):
        accounts.add_account(account(person, roles=roles), None)
    accounts.set_name("ann", "Анна", "en")
    accounts.set_roles("ann", ["buyer", "seller"])
    found = accounts.account("ann")
    assert found is not None
    assert (found.name, found.language, found.roles) == ("Анна", "en", ("buyer", "seller"))
    assert [one.person for one in accounts.staff()] == ["mia", "ops"]
    assert accounts.names(["ann", "mia", "nobody"]) == {"ann": "Анна", "mia": "Имя mia"}
    assert accounts.names([]) == {}


def test_a_forgotten_account_keeps_nothing_but_that_it_was_there(
    accounts: AccountTables, factors: FactorTables, tickets: TicketTables, store: Store
) -> None:
    for person in ("ann", "bob"):
        accounts.add_account(account(person, f"{person}@example.org"), f"{person}@example.org")
        accounts.add_identity("https://shop.example", person, person, NOW)
        factors.set_totp(person, b"sealed", 5, NOW)
        factors.set_recovery_codes(person, [b"1", b"2"])
        factors.add_passkey(Passkey(f"key-{person}", person, b"key", 0, "Phone", NOW))
        tickets.add_ticket(Ticket(person.encode(), "reset", person, "{}", LATER), NOW)
        store.access().add_session(Session(person.encode() * 8, person, NOW, NOW, LATER))
    assert accounts.forget_account("ann", LATER)
    assert not accounts.forget_account("ann", LATER)
    gone = accounts.account("ann")
    assert gone == Account("ann", "", None, None, (), "", NOW, LATER, None, 0, LATER)
    assert accounts.account_by_email("ann@example.org") is None
    assert accounts.names(["ann", "bob"]) == {"bob": "Имя bob"}
    assert accounts.person_of("https://shop.example", "ann") is None
    assert (factors.passkeys("ann"), factors.recovery_codes("ann")) == ([], 0)
    assert tickets.ticket(b"ann") is None
    assert store.access().sessions_of("ann") == []
    assert not accounts.set_password("ann", "new", None, LATER)
    assert accounts.person_of("https://shop.example", "bob") == "bob"
    assert (len(factors.passkeys("bob")), factors.recovery_codes("bob")) == (1, 2)
    assert len(store.access().sessions_of("bob")) == 1


def test_another_house_knows_one_person_by_one_name(accounts: AccountTables) -> None:
    assert accounts.add_identity("https://a.example", "1", "ann", NOW)
    assert not accounts.add_identity("https://a.example", "1", "eve", NOW)
    assert accounts.add_identity("https://b.example", "1", "eve", NOW)
    assert accounts.person_of("https://a.example", "1") == "ann"
    assert accounts.identities("ann") == [("https://a.example", "1", NOW)]


def test_a_half_minute_s_code_counts_once_and_never_an_earlier_one(
    accounts: AccountTables, factors: FactorTables
) -> None:
    accounts.add_account(account("ann"), None)
    assert not factors.take_step("ann", 10), "without a secret no code counts"
    factors.set_totp("ann", b"\x00sealed", 10, LATER)
    with ThreadPoolExecutor(8) as threads:
        assert sorted(threads.map(lambda _: factors.take_step("ann", 11), range(8))) == [False] * 7 + [True]
    assert [factors.take_step("ann", step) for step in (10, 11, 13, 12)] == [False, False, True, False]
    found = accounts.account("ann")
    assert found is not None
    assert found.totp == b"\x00sealed"


def test_a_recovery_code_counts_once(factors: FactorTables) -> None:
    factors.set_recovery_codes("ann", [b"1", b"2"])
    factors.set_recovery_codes("bob", [b"1"])
    with ThreadPoolExecutor(8) as threads:
        assert sorted(threads.map(lambda _: factors.take_recovery_code("ann", b"1"), range(8))) == [False] * 7 + [True]
    assert (factors.recovery_codes("ann"), factors.recovery_codes("bob")) == (1, 1)
    factors.set_recovery_codes("ann", [b"3"])
    assert not factors.take_recovery_code("ann", b"2")


def test_a_passkey_is_one_person_s_and_its_counter_only_moves_on(factors: FactorTables) -> None:
    first = Passkey("id-1", "ann", b"\xffkey", 0, "Телефон", NOW)
    assert factors.add_passkey(first)
    assert not factors.add_passkey(first._replace(person="eve"))
    assert factors.add_passkey(Passkey("id-2", "ann", b"k", 3, "Key", LATER))
    assert factors.used_passkey("id-2", 3, 4, LATER)
    assert not factors.used_passkey("id-2", 3, 5, LATER)
    assert factors.passkey("id-1") == first
    assert factors.passkeys("ann") == [first, Passkey("id-2", "ann", b"k", 4, "Key", LATER, LATER)]
    assert not factors.remove_passkey("eve", "id-1")
    assert factors.remove_passkey("ann", "id-1")
    assert factors.passkey("id-1") is None


def test_of_many_who_take_a_ticket_at_once_one_gets_it(tickets: TicketTables) -> None:
    ticket = Ticket(b"t" * 32, "reset", "ann", '{"a": "я"}', LATER)
    tickets.add_ticket(ticket, NOW)
    assert tickets.ticket(b"t" * 32) == ticket
    with ThreadPoolExecutor(8) as threads:
        got = [one for one in threads.map(lambda _: tickets.take_ticket(b"t" * 32), range(8)) if one]
    assert got == [ticket]
    assert tickets.ticket(b"t" * 32) is None


def test_tickets_are_dropped_by_person_and_purpose_and_when_they_expire(tickets: TicketTables) -> None:
    for name, person, purpose in ((b"1", "ann", "reset"), (b"2", "ann", "email"), (b"3", "bob", "reset")):
        tickets.add_ticket(Ticket(name, purpose, person, "{}", LATER), NOW)
    tickets.drop_tickets("ann", ["reset", "welcome"])
    assert [tickets.ticket(name) is not None for name in (b"1", b"2", b"3")] == [False, True, True]
    tickets.add_ticket(Ticket(b"4", "email", "ann", "{}", Instant(LATER + 1)), LATER)
    assert [tickets.ticket(name) is not None for name in (b"2", b"3", b"4")] == [False, False, True]


def test_a_signed_token_is_spent_once(tickets: TicketTables) -> None:
    with ThreadPoolExecutor(8) as threads:
        assert sorted(threads.map(lambda _: tickets.spend(b"a", LATER, NOW), range(8))) == [False] * 7 + [True]
    assert tickets.spend(b"b", LATER, NOW)


def test_attempts_are_counted_without_losing_one_until_their_time_is_over(tickets: TicketTables) -> None:
    with ThreadPoolExecutor(8) as threads:
        assert sorted(threads.map(lambda _: tickets.count(b"a", LATER, NOW), range(20))) == list(range(1, 21))
    assert tickets.count(b"b", LATER, NOW) == 1
    assert tickets.count(b"a", Instant(LATER + 5), LATER) == 1
    tickets.clear(b"a")
    assert tickets.count(b"a", Instant(LATER + 5), LATER) == 1


def test_a_person_s_sessions_are_listed_touched_replaced_and_ended(store: Store) -> None:
    access = store.access()
    first = Session(b"1" * 32, "ann", NOW, NOW, LATER, NOW, None, 500, "password", "Firefox, Linux")
    second = first._replace(token_hash=b"2" * 32, created_at=NOW + 1)
    for session in (first, second, first._replace(token_hash=b"3" * 32, person="bob")):
        access.add_session(session)
    assert access.sessions_of("ann") == [second, first]
    access.touch_session(b"1" * 32, NOW + 7)
    access.touch_session(b"1" * 32, NOW + 3)
    assert access.session(b"1" * 32) == first._replace(seen_at=NOW + 7)
    raised = first._replace(token_hash=b"4" * 32, factor_at=NOW + 9)
    assert access.replace_session(b"1" * 32, raised)
    assert not access.replace_session(b"1" * 32, raised), "it has ended"
    assert access.session(b"1" * 32) is None
    assert access.session(b"4" * 32) == raised
    assert access.end_sessions_of("ann", b"4" * 32) == 1
    assert access.sessions_of("ann") == [raised]
    assert access.end_sessions_of("ann") == 1
    assert access.session(b"3" * 32) is not None


def test_a_key_that_was_replaced_counts_beside_the_new_one_for_a_while(store: Store) -> None:
    access = store.access()
    access.add_api_key(ApiKey("k1", b"1", "", ("buyer",), (), NOW))
    new = ApiKey("k2", b"2", "", ("buyer",), (), NOW + 1)
    assert access.replace_api_key("k1", new, LATER)
    assert not access.replace_api_key("k1", new._replace(id="k3"), LATER)
    assert [(key.id, key.revoked_at, key.replaced_by) for key in access.api_keys()] == [
        ("k1", LATER, "k2"),
        ("k2", None, None),
    ]
    access.revoke_api_key("k1", Instant(NOW + 5))
    access.revoke_api_key("k1", LATER)
    access.used_api_keys({"k2": NOW + 3, "none": NOW})
    access.used_api_keys({"k2": NOW + 2})
    access.used_api_keys({})
    assert [(key.revoked_at, key.used_at) for key in access.api_keys()] == [(NOW + 5, None), (None, NOW + 3)]
