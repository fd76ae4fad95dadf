"""Calls in any order, each about what earlier ones made: never a 500, always an answer that the description knows.

Schemathesis makes the bodies up from the description; what stands in a path (orders, parcels, disputes, offers, reviews,
chargebacks) is taken from earlier answers, so that sequences lead somewhere. The books are audited at the end of each.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from fairhold.api.table import ROUTES
from fairhold.engine.audit.auditing import audit
from fairhold.wiring import Application
from tests.api.client import KEY
from tests.api.every_call import CHECKS, document, sandbox, world
from tests.api.ways import WAYS, World

__all__ = ["sandbox", "world"]

LEFT_OUT = {"uploadPhoto", "receive17track", "receiveAftership", "getEvidenceBundle"}
"""A form, signed bytes and a ZIP: they have tests of their own."""
CALLS = sorted(route.name for route in ROUTES if route.name not in LEFT_OUT)
ACTORS = ("buyer:ann", "seller:shop-7", "mediator:mia", "support:sam", "operator:ops")
IDS = {"shipments": "shipment", "disputes": "dispute", "reviews": "review", "chargebacks": "chargeback"}
LIKELY = 0.7
"""How often a call is tried with the body that is known to lead somewhere, for what is there."""


class Known:
    """What earlier answers named, by its name in a path."""

    def __init__(self) -> None:
        self.names: dict[str, list[Any]] = defaultdict(list)
        self.lines: dict[str, list[str]] = {}
        self.names |= {"number": [1, 2], "seller": ["shop-7"], "buyer": ["ann"], "sku": ["lamp"], "person": ["ann"]}

    def hear(self, said: Any) -> None:
        """Note the ids of an order, and of what is in it."""
        if not isinstance(said, dict) or "money" not in said or "id" not in said:
            return
        self.names["order"].append(said["id"])
        self.lines[said["id"]] = [line["id"] for line in said.get("lines", ())]
        for part, name in IDS.items():
            self.names[name] += [one["id"] for one in said.get(part, ())]


@pytest.mark.slow
@settings(
    max_examples=6,
    deadline=None,
    suppress_health_check=[*HealthCheck],
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)
@given(data=st.data())
def test_whatever_comes_after_whatever_the_answer_is_one_that_the_description_knows(
    data: st.DataObject, world: World, sandbox: Application
) -> None:
    known, chance = Known(), data.draw(st.randoms(use_true_random=False))
    known.hear(world.deal().now)
    known.hear(world.deal().deliver().now)
    for _ in range(data.draw(st.integers(5, 25))):
        name = data.draw(st.sampled_from(CALLS))
        operation = document().find_operation_by_id(name)
        case = data.draw(operation.as_strategy())
        for place in re.findall(r"{(\w+)}", operation.path):
            if known.names[place]:
                case.path_parameters[place] = chance.choice(known.names[place][-6:])
        if isinstance(case.body, dict) and chance.random() < LIKELY:
            case.body |= likely(name, case.path_parameters or {}, known)
        headers = {"Authorization": f"Bearer {KEY}", "Fairhold-Actor": chance.choice(ACTORS)}
        response = case.call_and_validate(headers=headers, checks=CHECKS)
        if "json" in response.headers.get("content-type", [""])[0]:
            known.hear(response.json())
    assert audit(sandbox.store) == []


def likely(name: str, names: dict[str, Any], known: Known) -> dict[str, Any]:
    """The body with which the call succeeds in `tests/api/ways.py`, about the lines of this order."""
    way = WAYS.get(name)
    given_ = getattr(way, "__closure__", None) or ()
    body = next((cell.cell_contents for cell in given_ if isinstance(cell.cell_contents, dict)), {})
    lines = known.lines.get(names.get("order", ""), [])
    return {key: value if isinstance(value, str | int | bool | list | dict) else lines for key, value in body.items()}
