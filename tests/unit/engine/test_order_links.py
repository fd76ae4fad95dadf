"""Links in letters: for one order, one person and thirty days, and nobody else can make one."""

import base64

import pytest

from fairhold.domain.ids import Lane, OrderId, PersonId, order_id
from fairhold.domain.instants import DAY, SECOND, Instant
from fairhold.engine.installation.clock import VirtualClock
from fairhold.engine.notices.order_links import FOLDER, Linked, OrderLinks

T0 = Instant(1_760_000_000 * SECOND)
ORDER = order_id(1_760_000_000_000, 7, Lane(3))
ANN = PersonId("ann.with-a+long~name@example" + "x" * 36)


def links(now: Instant = T0, secret: str = "a secret of the tests") -> OrderLinks:
    return OrderLinks(secret, VirtualClock(now))


def token(order: OrderId = ORDER, person: PersonId = ANN) -> str:
    path = links().signed_order_link(order, person)
    assert path.startswith(f"{FOLDER}/")
    return path.removeprefix(f"{FOLDER}/")


def test_a_link_names_the_order_and_the_person_it_was_made_for() -> None:
    assert links().read(token()) == Linked(ORDER, ANN, expired=False)


def test_a_link_is_one_part_of_a_path_and_needs_no_escaping() -> None:
    assert token().replace("-", "").replace("_", "").isalnum()
    assert len(token()) < 200


@pytest.mark.parametrize(("days", "expired"), [(0, False), (29, False), (30, True), (400, True)])
def test_a_link_holds_for_thirty_days(days: int, expired: bool) -> None:
    found = links(Instant(T0 + days * DAY)).read(token())
    assert found == Linked(ORDER, ANN, expired)


def test_a_link_of_another_installation_is_none() -> None:
    assert links(secret="another secret").read(token()) is None


def test_no_link_can_be_changed_into_another() -> None:
    good = token()
    for position, sign in enumerate(good):
        other = good[:position] + ("A" if sign != "A" else "B") + good[position + 1 :]
        assert links().read(other) is None
    assert links().read(good + "A") is None
    assert links().read(good[:-1]) is None


@pytest.mark.parametrize(
    "nonsense", ["", "a", "=", "é", "x" * 5000, "%00", "../orders", base64.b64encode(b"0" * 40).decode()]
)
def test_what_was_never_a_link_is_none(nonsense: str) -> None:
    assert links().read(nonsense) is None
