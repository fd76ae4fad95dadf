"""OpenAPI, the documentation page, and what those who run Fairhold look at."""

import asyncio
import json
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from schemathesis.specs.openapi.definitions import OPENAPI_31_VALIDATOR

from fairhold.api import openapi, reference
from fairhold.api.app import face
from fairhold.api.docs import docs_page
from fairhold.api.table import ROUTES
from fairhold.domain.events import Event
from fairhold.engine.installation.settings import Settings
from fairhold.engine.webhooks.event_types import ALL_TYPES, TYPES
from fairhold.wiring import build
from fairhold.words.catalog import Language
from tests.api.client import KEY, Client

LINE = {"sku": "a", "title": "A", "quantity": 1, "unit_price": 1}
ROOT = Path(__file__).resolve().parent.parent.parent


def test_the_description_is_valid_openapi_3_1(operator: Client) -> None:
    response = operator.get("/openapi.json")
    document = response.json
    assert document["openapi"].startswith("3.1")
    OPENAPI_31_VALIDATOR.validate(document)
    named = {operation["operationId"] for path in document["paths"].values() for operation in path.values()}
    assert named == {route.name for route in ROUTES}


def test_every_reference_in_the_description_leads_somewhere() -> None:
    document: dict[str, Any] = openapi.document()

    def follow(value: Any) -> None:
        if isinstance(value, dict):
            if isinstance(value.get("$ref"), str):
                found: Any = document
                for step in value["$ref"].removeprefix("#/").split("/"):
                    found = found[step]
            for inner in value.values():
                follow(inner)
        elif isinstance(value, list):
            for inner in value:
                follow(inner)

    follow(document)


def test_every_row_names_codes_that_exist() -> None:
    known = {code for code, _ in openapi.every_code()}
    for route in ROUTES:
        assert set(route.codes) <= known
        assert sum(what is not None for what in (route.build, route.read, route.act, route.special)) == 1


def test_every_event_of_an_order_has_a_type_of_webhook_of_its_own() -> None:
    tags = {str(event.__struct_config__.tag) for event in Event.__args__}
    assert set(TYPES) == tags
    assert len(set(ALL_TYPES)) == len(ALL_TYPES)


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.tags: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        for name, value in attrs:
            if name == "id":
                self.ids.append(value or "")
            if name in ("href", "src"):
                self.links.append(value or "")


@pytest.mark.parametrize("language", Language)
def test_the_documentation_page_names_every_call_and_code_and_asks_nothing_of_others(
    operator: Client, language: Language
) -> None:
    response = operator.get("/docs", accept_language=language.value)
    assert response.headers["content-language"] == language.value
    assert response.body == docs_page(language)
    page = _Page()
    page.feed(response.body.decode())
    assert len(page.ids) == len(set(page.ids))
    assert {route.name for route in ROUTES} <= set(page.ids)
    assert {code for code, _ in openapi.every_code()} <= set(page.ids)
    assert {link[1:] for link in page.links if link.startswith("#")} <= set(page.ids)
    assert all(link.startswith(("#", "/")) and not link.startswith("//") for link in page.links)
    assert not page.tags & {"script", "style", "img", "iframe"}
    assert operator.get("/docs/style.css").headers["content-type"].startswith("text/css")


def test_the_reference_page_is_up_to_date() -> None:
    path = ROOT / "docs" / "reference" / "api.md"
    text = path.read_text(encoding="utf-8")
    assert text == reference.renewed(text), "type: python -m fairhold.api.reference docs/reference/api.md"


def test_health_says_whether_commands_are_taken(tmp_path: Path) -> None:
    settings = Settings(database=f"sqlite:///{tmp_path}/test.db", secret="a-secret-of-the-tests", operator_key=KEY)
    application = build(settings)
    with asyncio.Runner() as runner:
        client = Client(face(application), runner, key=None)
        starting = client.get("/health")
        assert (starting.status, json.loads(starting.body)) == (503, {"status": "starting"})
        application.start(background=False)
        for _ in range(6000):
            if client.get("/health").status == 200:
                break
            runner.run(asyncio.sleep(0.01))
        assert client.get("/health").json == {"status": "ok"}
        runner.run(application.stop())
        order = {"buyer": "ann", "seller": "s", "currency": "RUB", "lines": [LINE]}
        stopped = client.by("buyer:ann").post("/v1/orders", order)
        assert (stopped.status, stopped.code, stopped.headers["retry-after"]) == (503, "unavailable", "1")
        assert client.get("/health").status == 503
    application.close()


def test_metrics_are_prometheus_text(operator: Client) -> None:
    response = operator.get("/metrics")
    assert response.headers["content-type"].startswith("text/plain; version=0.0.4")
    assert b"# TYPE fairhold_commands_total counter" in response.body


def test_metrics_count_calls_by_route_and_status(operator: Client) -> None:
    operator.get("/v1/orders")
    operator.get("/v1/orders?limit=x")
    operator.get("/v1/nowhere")
    told = operator.get("/metrics").body.decode()
    for route, status in (("listOrders", 200), ("listOrders", 422), ("none", 404)):
        assert f'fairhold_http_calls_total{{route="{route}",status="{status}"}} 1.0' in told
