"""When the engine does not answer or breaks: people read what it means, and nothing is sent twice."""

from __future__ import annotations

import dataclasses

import pytest
from starlette.testclient import TestClient

from fairhold.engine.kernel.envelope import Envelope, Faulty, Outcome, Overloaded, Unavailable
from fairhold.engine.ports.store import StoreUnavailable
from fairhold.engine.reading.orders import Queries
from fairhold.web.app import build_web
from fairhold.web.people import Directory
from fairhold.web.site import Site
from tests.web.conftest import PEOPLE, Market, Visitor, form_to


class Silent:
    """An engine that fails in one way."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    def submit_waiting(self, envelope: Envelope) -> Outcome:
        raise self._error


def visitor_of(market: Market, error: Exception) -> Visitor:
    """Ann, before pages whose engine fails."""
    application = market.application
    site = Site(
        engine=Silent(error),
        queries=application.queries,
        access=application.access,
        photos=application.photos,
        reports=application.reports,
        webhooks=application.webhooks,
        bank=application.bank,
        links=application.links,
        parcels=application.tracking.watch,
        support=application.support,
        chats=application.chats,
        directory=Directory(PEOPLE),
        members=application.members,
        policy=application.policies.default,
        messages=application.messages,
        reconciler=application.reconciler,
        exporter=application.exporter,
        payouts=application.payouts,
        contests=application.contests,
        clock=application,
    )
    client = TestClient(
        build_web(site), "http://fairhold.test", raise_server_exceptions=False, headers={"Accept-Language": "en"}
    )
    visitor = Visitor(client)
    assert visitor.send(form_to(visitor.get("/sign-in"), "/sign-in"), person="ann").status_code == 200
    return visitor


@pytest.mark.parametrize("error", [Overloaded(1), Unavailable("gone"), Faulty("broken")])
def test_no_answer_is_told_as_not_known_and_checking_is_safe(market: Market, error: Exception) -> None:
    order = market.placed()
    ann = visitor_of(market, error)
    answer = ann.send(form_to(ann.get(f"/orders/{order.id}"), "/payment"))
    assert answer.status_code == 503
    assert "We do not know whether it arrived." in answer.text
    assert f'href="/orders/{order.id}"' in answer.text


def test_a_list_that_would_leave_orders_out_is_a_503(market: Market, monkeypatch: pytest.MonkeyPatch) -> None:
    ann = visitor_of(market, Unavailable("gone"))

    def away(*_: object, **__: object) -> None:
        raise StoreUnavailable("one of two databases")

    monkeypatch.setattr(Queries, "list_orders", away)
    answer = ann.client.get("/orders")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert "Some of the orders cannot be reached at the moment." in answer.text
    assert "one of two databases" not in answer.text


def test_a_fault_of_ours_says_so_and_shows_nothing_of_the_inside(market: Market) -> None:
    order = market.placed()
    ann = visitor_of(market, ZeroDivisionError("inside"))
    answer = ann.send(form_to(ann.get(f"/orders/{order.id}"), "/payment"))
    assert answer.status_code == 500
    assert "Something went wrong on our side" in answer.text
    assert "ZeroDivisionError" not in answer.text
    assert answer.headers["content-security-policy"].startswith("default-src 'self'")


def test_without_a_sandbox_nobody_signs_in_without_a_password_and_there_is_no_clock(market: Market) -> None:
    application = market.application
    site = Site(
        engine=application.engine,
        queries=application.queries,
        access=application.access,
        photos=application.photos,
        reports=application.reports,
        webhooks=application.webhooks,
        bank=application.bank,
        links=application.links,
        parcels=application.tracking.watch,
        support=application.support,
        chats=application.chats,
        directory=Directory(PEOPLE),
        members=application.members,
        policy=application.policies.default,
        messages=application.messages,
        reconciler=application.reconciler,
        exporter=application.exporter,
        payouts=application.payouts,
        contests=application.contests,
    )
    client = TestClient(build_web(site), "http://fairhold.test")
    assert client.get("/").status_code == 200
    assert 'name="person"' not in client.get("/sign-in").text
    assert client.post("/sign-in", data={"person": "ops"}).status_code == 404
    signed_in = visitor_of(market, Unavailable("x"))
    client.cookies.update(signed_in.client.cookies)
    assert client.get("/operator/clock").status_code == 404
    assert dataclasses.replace(site, clock=application).sandbox
