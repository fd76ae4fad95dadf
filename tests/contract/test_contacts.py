import pytest

from fairhold.domain.instants import Instant
from fairhold.engine.ports.contacts import Contact
from fairhold.engine.ports.store import Store
from fairhold.store.contacts import ContactTables
from tests.contract.rows import NOW

ANN = Contact("ann", "ann@почта.рф", "ru", "Europe/Moscow", "Аня")


@pytest.fixture
def contacts(store: Store) -> ContactTables:
    return ContactTables(store.tables())


def test_a_contact_set_anew_takes_the_place_of_the_old_one(contacts: ContactTables) -> None:
    contacts.set_contact(ANN)
    assert contacts.contact("ann") == ANN
    changed = ANN._replace(email=None, name=None, language="en", zone="UTC")
    contacts.set_contact(changed)
    assert contacts.contacts(["ann", "bob"]) == {"ann": changed}
    assert contacts.contacts([]) == {}


def test_a_refused_address_is_trusted_again_when_it_is_given_anew(contacts: ContactTables) -> None:
    contacts.set_contact(ANN)
    contacts.note_refused("ann@почта.рф", Instant(NOW), "550 5.1.1 no such user")
    contacts.note_refused("ann@почта.рф", Instant(NOW + 1), "550 again")
    assert contacts.refused_since("ann@почта.рф") == NOW
    contacts.set_contact(ANN)
    assert contacts.refused_since("ann@почта.рф") is None


def test_of_somebody_forgotten_nothing_is_known_not_even_that_their_address_refused(contacts: ContactTables) -> None:
    contacts.set_contact(ANN)
    contacts.note_refused("ann@почта.рф", Instant(NOW), "550")
    contacts.forget_contact("ann")
    assert contacts.contact("ann") is None
    assert contacts.refused_since("ann@почта.рф") is None
