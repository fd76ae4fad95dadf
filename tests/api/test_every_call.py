"""The whole description, call by call: each succeeds on a market that is ready for it, and answers as is described.

The calls are those of the table itself. A new one that does not find its way to success fails here until `tests/api/ways.py`
says how it is had.
"""

import re

import pytest

from fairhold.api import openapi
from fairhold.api.table import ROUTES
from tests.api.every_call import CHECKS, ask, document, headers_of, sandbox, served, world
from tests.api.ways import WAYS, World

__all__ = ["sandbox", "world"]


@pytest.mark.parametrize("name", [route.name for route in ROUTES])
def test_every_call_succeeds_on_a_market_that_is_ready_for_it(name: str, world: World) -> None:
    operation = document().find_operation_by_id(name)
    asked = ask(world, name)
    left = set(re.findall(r"{(\w+)}", operation.path)) - set(asked.names)
    assert not left, f"tests/api/ways.py does not say which {', '.join(left)} {name} is about"
    case = operation.Case(path_parameters=dict(asked.names), query=dict(asked.query))
    response = case.call(app=served, headers=headers_of(asked), data=asked.sent)
    assert 200 <= response.status_code < 300, f"tests/api/ways.py: {name} answered {response.text}"
    case.validate_response(response, checks=CHECKS)


def test_no_way_leads_to_a_call_that_is_not_there() -> None:
    operations = [one for path in openapi.document()["paths"].values() for one in path.values()]
    assert set(WAYS) <= {one["operationId"] for one in operations} == {route.name for route in ROUTES}
