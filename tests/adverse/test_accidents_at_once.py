"""«I confirmed by accident» on two servers at once: the buyer reports, support takes it back, declines, time passes.

Whoever was first counts, the others are told so, and the money goes one way.
"""

from __future__ import annotations

import threading
from contextlib import ExitStack, closing
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from fairhold.engine.audit.auditing import audit
from fairhold.engine.kernel.codec import decode_event, decode_order
from fairhold.store import open_store
from tests.cli.conftest import folder
from tests.cli.crowd import BUYERS, Answer, Caller, Street
from tests.cli.test_crowd import delivered
from tests.cli.test_serving import program, url_of

__all__ = ["folder"]

pytestmark = [pytest.mark.postgres, pytest.mark.slow]

ORDERS = 8
DAY = 86_400


def asked(street: Street, seed: int, together: threading.Barrier, *steps: tuple[str, str, Any]) -> list[Answer]:
    """What somebody is told at each step, having begun with the others."""
    with closing(Caller(street, seed)) as caller:
        together.wait()
        return [caller.call(actor, "POST", path, body) for actor, path, body in steps]


def everybody_at(street: Street, number: int) -> None:
    """All who have to do with one order, at the same moment, each asking either server."""
    order, buyer = street.orders[number], f"buyer:{BUYERS[number % len(BUYERS)]}"
    at = f"/orders/{order}"
    with closing(Caller(street, 1000 + number)) as caller:
        lines = [line["id"] for line in caller.call("operator:ops", "GET", at).json["lines"]][number % 2 :]
    reported = (buyer, f"{at}/receipt/accident", {"text": "My thumb slipped."})
    undone = ("support:sam", f"{at}/receipt/undo", {"lines": lines, "why": "By accident."})
    declined = ("support:sue", f"{at}/receipt/accident/refusal", {"reasons": "It was collected before."})
    written = (buyer, f"{at}/support", {"text": "Please help."})
    claimed = ("support:sam", f"{at}/support/claim", {"side": "buyer"})
    answered = ("support:sue", f"{at}/support", {"text": "We are looking.", "side": "buyer"})
    people = [(reported, written), (claimed, undone), (declined, answered), (reported, declined), (undone, claimed)]
    people.append((("operator:ops", "/clock/advance", {"seconds": DAY if number % 3 == 2 else 60}),) * 2)
    together = threading.Barrier(len(people))
    threads = [
        threading.Thread(target=partial(asked, street, 100 * number + seed, together, *steps))
        for seed, steps in enumerate(people)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_an_accident_ends_one_way_whoever_is_first_on_two_servers(folder: Path, migrated: str) -> None:
    settings = {"FAIRHOLD_DATABASE": migrated, "FAIRHOLD_SANDBOX": "1"}
    with ExitStack() as running:
        servers = [running.enter_context(program(folder, "serve", "--port", "0", **settings)) for _ in range(2)]
        street = Street([url_of(one) for one in servers])
        with closing(Caller(street, 1)) as first:
            street.orders = [delivered(first, number) for number in range(ORDERS)]
        for number in range(ORDERS):
            everybody_at(street, number)
        with closing(Caller(street, 2)) as last:
            assert last.call("operator:ops", "POST", "/clock/advance", {"seconds": 40 * DAY}).status == 200
            chats = [last.call("support:sam", "GET", f"/orders/{order}/support").json for order in street.orders]
    assert not street.faults, street.faults[:5]
    for chat in chats:
        assert [one["number"] for one in chat["items"]] == list(range(1, chat["case"]["messages"] + 1))
    with closing(open_store(migrated)) as store:
        assert audit(store) == []
        for row in store.reader().scan_orders(None, 1000):
            kinds = [type(decode_event(one.data)).__name__ for one in store.reader().events(row.id)]  # type: ignore[arg-type]  # an id that is stored
            assert kinds.count("AccidentReported") <= 1 + kinds.count("ReceiptUndone")
            assert kinds.count("ReceiptUndone") + kinds.count("AccidentDeclined") <= kinds.count("AccidentReported") + 1
            money = decode_order(row.snapshot).money
            assert money.held == money.settling == 0
    done = {name for name in street.answers if " 200 " in name}
    assert {"POST accident 200 ", "POST undo 200 ", "POST refusal 200 "} & done, street.answers
