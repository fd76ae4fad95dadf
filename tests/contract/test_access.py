from concurrent.futures import ThreadPoolExecutor

import pytest

from fairhold.domain.instants import Instant
from fairhold.engine.ports.admission import Access, ApiKey, Session
from fairhold.engine.ports.store import Conflict, Store, Writer
from tests.contract.rows import NOW, new_id, order, place

HOUR = 3_600_000_000


@pytest.fixture
def access(store: Store) -> Access:
    return store.access()


def session(token: bytes, begins: int = NOW) -> Session:
    return Session(token * 32, "buyer:ann", begins, begins, begins + HOUR)


def test_a_session_is_found_by_its_token_s_hash_until_it_ends(access: Access) -> None:
    access.add_session(session(b"a"))
    access.add_session(session(b"b"))
    assert access.session(b"a" * 32) == session(b"a")
    access.end_session(b"a" * 32)
    access.end_session(b"a" * 32)
    assert access.session(b"a" * 32) is None
    assert access.session(b"b" * 32) == session(b"b")


def test_a_token_can_begin_only_one_session(access: Access) -> None:
    access.add_session(session(b"a"))
    with pytest.raises(Conflict):
        access.add_session(session(b"a")._replace(person="buyer:bob"))
    assert access.session(b"a" * 32) == session(b"a")


def test_expired_sessions_are_forgotten_when_another_begins(access: Access) -> None:
    access.add_session(session(b"a"))
    access.add_session(session(b"b", NOW + HOUR - 1))
    assert access.session(b"a" * 32) is not None
    access.add_session(session(b"c", NOW + HOUR))
    assert access.session(b"a" * 32) is None
    assert access.session(b"b" * 32) is not None


def test_keys_are_listed_oldest_first_with_their_roles_and_scopes(access: Access) -> None:
    newer = ApiKey("k2", b"\x00" * 32, "Магазин", ("buyer", "seller"), ("tracking",), NOW)
    older = ApiKey("k1", b"\xff" * 32, "", (), (), NOW - 1)
    access.add_api_key(newer)
    access.add_api_key(older)
    assert access.api_keys() == [older, newer]


def test_a_key_s_name_is_taken_once(access: Access) -> None:
    access.add_api_key(ApiKey("k1", b"1", "first", (), (), NOW))
    with pytest.raises(Conflict):
        access.add_api_key(ApiKey("k1", b"2", "second", (), (), NOW))
    assert [key.label for key in access.api_keys()] == ["first"]


def test_a_key_is_revoked_once_and_stays_listed(access: Access) -> None:
    access.add_api_key(ApiKey("k1", b"1", "", (), (), NOW))
    access.add_api_key(ApiKey("k2", b"2", "", (), (), NOW))
    access.revoke_api_key("k1", Instant(NOW + 1))
    access.revoke_api_key("k1", Instant(NOW + 2))
    access.revoke_api_key("nobody's", NOW)
    assert [key.revoked_at for key in access.api_keys()] == [NOW + 1, None]


def test_people_sign_in_while_orders_are_written(access: Access, writer: Writer) -> None:
    def sign_in(number: int) -> bool:
        access.add_session(session(bytes([number])))
        return access.session(bytes([number]) * 32) is not None

    with ThreadPoolExecutor(4) as threads:
        signed_in = threads.map(sign_in, range(20))
        for _ in range(20):
            place(writer, order(new_id()))
        assert all(signed_in)
