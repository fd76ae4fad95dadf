from concurrent.futures import ThreadPoolExecutor

import pytest

from fairhold.engine.ports.admission import Session
from fairhold.engine.ports.store import Conflict, Store, StoreUnavailable
from fairhold.store import StoreUrlError, open_store
from tests.contract.conftest import Place
from tests.contract.rows import LANE, NOW, batch, event, key, message, new_id, order, transfer


def test_an_empty_database_is_migrated_once(place: Place) -> None:
    store = place.open()
    pending = store.pending_migrations()
    assert pending
    assert store.migrate() == pending
    assert store.migrate() == []
    assert store.pending_migrations() == []
    store.close()


def test_looking_at_a_database_that_is_not_there_does_not_make_it(place: Place) -> None:
    store = place.open()
    store.pending_migrations()
    assert store.check()
    with pytest.raises(StoreUnavailable):
        store.setting("anything")
    assert place.open().pending_migrations() == store.pending_migrations()
    store.close()


def test_the_number_of_placing_lanes_is_fixed_when_the_database_is_made(place: Place, store: Store) -> None:
    lanes = place.lanes
    assert len(lanes) >= 3
    assert store.lanes() == store.placing() == lanes
    place.placing_lanes = 9
    again = place.open()
    assert again.migrate() == []
    assert again.lanes() == again.placing() == lanes
    again.close()


@pytest.mark.parametrize("lanes", [0, -1, 32769])
def test_an_impossible_number_of_lanes_is_refused(place: Place, lanes: int) -> None:
    place.placing_lanes = lanes
    with pytest.raises(ValueError, match="lanes"):
        place.open()


def test_settings_are_kept_and_replaced(store: Store) -> None:
    assert store.setting("clock_offset") is None
    store.set_setting("clock_offset", "0")
    store.set_setting("clock_offset", "час")
    store.set_setting("other", "")
    assert store.setting("clock_offset") == "час"
    assert store.setting("other") == ""


def test_a_setting_is_kept_as_whoever_wrote_it_first_said(store: Store) -> None:
    with ThreadPoolExecutor(4) as threads:
        said = set(threads.map(lambda n: store.keep_setting("secret", f"secret {n}"), range(12)))
    assert said == {store.setting("secret")}
    assert store.keep_setting("secret", "too late") in said


def test_a_number_is_raised_and_never_lowered(store: Store) -> None:
    assert store.raise_setting("offset", 10) == 10
    assert store.raise_setting("offset", 9) == 10
    assert store.raise_setting("offset", 2**40) == 2**40
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda n: store.raise_setting("offset", 2**40 + n), range(12)))
    assert store.setting("offset") == str(2**40 + 11)


def test_settings_can_be_written_while_a_writer_is_open(store: Store) -> None:
    with store.writer(LANE):
        store.set_setting("clock_offset", "1")
    assert store.setting("clock_offset") == "1"


def test_everything_is_there_after_closing_and_opening_again(place: Place) -> None:
    store = place.open()
    store.migrate()
    one = new_id()
    written = batch(
        order(one, next_deadline_at=NOW),
        events=[event(one, 1)],
        transfers=[transfer(one, 1)],
        balances=[("fees:RUB", 7)],
        outbox=[message(one)],
        keys=[key(one, "k")],
    )
    with store.writer(LANE) as writer:
        writer.write(written)
    store.set_setting("name", "value")
    session = Session(b"x", "buyer:ann", NOW, NOW, NOW + 1)
    store.access().add_session(session)
    store.close()

    again = place.open()
    reader = again.reader()
    assert again.pending_migrations() == []
    assert reader.scan_orders(None, 10) == list(written.orders)
    assert reader.events(one) == list(written.events)
    assert reader.transfers(one, None, 10) == list(written.transfers)
    assert reader.balances() == {"fees:RUB": 7}
    assert reader.outbox(("waiting",), 10) == list(written.outbox)
    assert reader.scan_keys(None, 10) == list(written.keys)
    assert again.setting("name") == "value"
    assert again.access().session(b"x") == session
    with again.writer(LANE) as writer:
        assert writer.due_orders(LANE, NOW, 10) == [one]
        assert writer.due_messages(LANE, NOW, 10) == list(written.outbox)
        with pytest.raises(Conflict):
            writer.write(written)
    again.close()


def test_a_sound_database_has_nothing_to_complain_about(store: Store) -> None:
    with store.writer(LANE) as writer:
        writer.write(batch(order(new_id())))
        assert store.check() == []
    assert store.check() == []


def test_a_closed_store_answers_no_more(place: Place) -> None:
    store = place.open()
    store.migrate()
    reader = store.reader()
    store.close()
    with pytest.raises(RuntimeError):
        reader.balances()


@pytest.mark.parametrize(
    "url",
    [
        "",
        "fairhold.db",
        "mysql://host/db",
        "sqlite:",
        "sqlite://fairhold.db",
        "sqlite:///",
        "sqlite:///:memory:",
        "sqlite:///a.db?x=1",
    ],
)
def test_a_url_that_names_no_usable_database_is_refused_with_an_example(url: str) -> None:
    with pytest.raises(StoreUrlError, match=r"sqlite:///fairhold\.db"):
        open_store(url)
