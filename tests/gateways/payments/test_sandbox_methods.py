"""What goes wrong at the sandbox's provider is said by the method."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from fairhold.domain.instants import HOUR, Instant, after
from fairhold.engine.outside.destinations import TryLater
from fairhold.engine.outside.payment_seen import LineKind, No, Paid, State
from fairhold.engine.outside.payments import PayoutAsked, RefundAsked, Refused, TakingBackAsked, TransferAsked
from fairhold.gateways.payments.sandbox import methods
from fairhold.gateways.payments.sandbox.provider import Sandbox
from fairhold.store import open_store
from fairhold.store.sandbox import SandboxTables
from tests.databases import up_to_date
from tests.gateways.payments.near import GoingClock


class Place:
    def __init__(self, rows: SandboxTables) -> None:
        self.clock = GoingClock()
        self.provider = Sandbox(rows, self.clock, "https://shop.example")

    def refund(self, method: str) -> State:
        return self.provider.refund(RefundAsked("o-1", 1, Paid(method), 100, "EUR", 0), "k").state

    def transfer(self, method: str, account: str = "shop") -> tuple[str, State]:
        answer = self.provider.transfer(TransferAsked("o-1", 1, Paid(method), 100, "EUR", account), "k")
        return answer.reference, answer.state

    def pay_out(self, account: str) -> State:
        return self.provider.pay_out(PayoutAsked("p-1", 100, "EUR", account), "k").state


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    store = open_store(f"sqlite:///{up_to_date(tmp_path / 'sandbox.db')}")
    yield Place(SandboxTables(store.tables()))
    store.close()


@pytest.mark.parametrize(
    ("method", "states"),
    [
        (methods.OK, [State.DONE, State.DONE, State.DONE]),
        (methods.REFUND_LATER, [State.PENDING, State.DONE, State.DONE]),
        (methods.REFUND_NEVER, [State.PENDING, State.PENDING, State.PENDING]),
        (methods.REFUND_RETURNED, [State.DONE, State.DONE, State.FAILED]),
    ],
)
def test_a_refund_at_once_after_a_minute_and_after_an_hour(place: Place, method: str, states: list[State]) -> None:
    found = [place.refund(method)]
    place.clock.wait(methods.SOON)
    found.append(place.refund(method))
    place.clock.wait(HOUR)
    assert [*found, place.refund(method)] == states


def test_a_transfer_fails_or_comes_back_by_its_method_and_its_account(place: Place) -> None:
    for method, account in ((methods.TRANSFER_FAILS, "shop"), (methods.OK, methods.CLOSED), (methods.OK, " ")):
        with pytest.raises(Refused) as caught:
            place.transfer(method, account)
        assert caught.value.why is No.ACCOUNT_CLOSED
    assert place.transfer(methods.TRANSFER_RETURNED)[1] is State.DONE
    place.clock.wait(HOUR)
    assert place.transfer(methods.TRANSFER_RETURNED)[1] is State.RETURNED
    lines = list(place.provider.statement(Instant(0), after(place.clock.at, HOUR)))
    assert [(line.kind, line.amount) for line in lines] == [(LineKind.TRANSFER, -100), (LineKind.PAYOUT_RETURNED, 100)]


def test_what_was_spent_is_not_taken_back(place: Place) -> None:
    sent, _ = place.transfer(methods.TAKE_BACK_FAILS)
    with pytest.raises(Refused) as caught:
        place.provider.take_back(TakingBackAsked("o-1", 2, sent, 1, "EUR"), "k")
    assert caught.value.why is No.INSUFFICIENT_BALANCE


@pytest.mark.parametrize(
    ("account", "states"),
    [
        ("shop", [State.PENDING, State.DONE, State.DONE]),
        (methods.PAYOUT_FAILS, [State.PENDING, State.FAILED, State.FAILED]),
        (methods.PAYOUT_RETURNED, [State.PENDING, State.DONE, State.RETURNED]),
    ],
)
def test_a_payout_ends_as_its_account_says(place: Place, account: str, states: list[State]) -> None:
    place.transfer(methods.OK, account)
    with pytest.raises(TryLater):
        place.pay_out(account)
    place.clock.wait(methods.SOON)
    found = [place.pay_out(account)]
    place.clock.wait(methods.SOON)
    found.append(place.pay_out(account))
    place.clock.wait(HOUR)
    assert [*found, place.pay_out(account)] == states


def test_a_payment_at_once_is_one_look_into_a_set_of_words(place: Place) -> None:
    assert all(place.provider.judge(method, 1, "EUR") is None for method in methods.ACCEPTED)
    assert all(place.provider.judge(method, 1, "EUR") is not None for method in (*methods.DECLINED, "sandbox:okay"))
