"""Requests made up from the description, good and bad, about things that are there: never a 500, always an answer that the
description knows. Every call of the description is asked, whichever there are.
"""

from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings

from tests.api.client import KEY
from tests.api.every_call import CHECKS, ask, document, sandbox, world
from tests.api.ways import World

__all__ = ["sandbox", "world"]


@pytest.mark.slow
@document().parametrize()
@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
def test_whatever_is_asked_the_answer_is_one_that_the_description_knows(
    case: schemathesis.Case[Any], world: World
) -> None:
    name = case.operation.definition.raw["operationId"]
    asked = world.asked.get(name) or world.asked.setdefault(name, ask(world, name))
    case.path_parameters.update(asked.names)
    headers = {"Authorization": f"Bearer {KEY}", "Fairhold-Actor": asked.actor or "operator:ops"}
    case.call_and_validate(headers=headers, checks=CHECKS)
