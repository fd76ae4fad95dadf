"""What carriers send: signed, in any order, as often as they like; it ends in the same state."""

import asyncio
import base64
import hmac
import json
import random
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from fairhold.api.app import face
from fairhold.domain.instants import DAY, HOUR, SECOND, Instant
from fairhold.engine.installation.settings import Settings
from fairhold.engine.installation.tracking_settings import TrackingSettings
from fairhold.wiring import Application, build
from tests.api.client import KEY, Client, Response
from tests.api.deals import Deal, place
from tests.databases import up_to_date
from tests.gateways.fakes import aftership, seventeentrack

NUMBER = "RD025500807SE"
SECRET_BYTES = b"a secret that carriers and we know"
SECRET = "whsec_" + base64.b64encode(SECRET_BYTES).decode()
OLD_SECRET = "whsec_" + base64.b64encode(b"the secret before that one, still good").decode()
TRACKING = TrackingSettings(
    seventeentrack_key=seventeentrack.KEY,
    aftership_webhook_secret=aftership.SECRET,
    webhook_secrets=(SECRET, OLD_SECRET),
)


@pytest.fixture
def application(tmp_path: Path) -> Iterator[Application]:
    application = build(
        Settings(
            database=f"sqlite:///{up_to_date(tmp_path / 'test.db')}",
            secret="a-secret-of-the-tests",
            operator_key=KEY,
            sandbox=True,
            tracking=TRACKING,
        )
    )
    application.start(background=False)
    yield application
    application.close()


class Post(NamedTuple):
    """A message of a carrier."""

    path: str
    body: bytes
    headers: dict[str, str]


def send(client: Client, post: Post) -> Response:
    """As the carrier would: without a key, unless the message brings one."""
    stranger = client.by(None, key=None)
    return stranger.send(
        "POST", f"/v1/carriers/{post.path}", [post.body], {"content-type": "application/json", **post.headers}
    )


def word(*checkpoints: dict[str, Any], number: str = NUMBER, secret: bytes = SECRET_BYTES, **more: Any) -> Post:
    """A message in our own vocabulary."""
    body = json.dumps({"tracking_number": number, "checkpoints": checkpoints, **more}).encode()
    return Post("events", body, signed(body, secret))


def signed(body: bytes, secret: bytes = SECRET_BYTES, *, ago: float = 0, name: str = "msg_1") -> dict[str, str]:
    sent = str(int(time.time() - ago))
    digest = hmac.digest(secret, f"{name}.{sent}.".encode() + body, "sha256")
    signature = f"v1a,ed25519 v1,AAAA v1,{base64.b64encode(digest).decode()}"
    return {"webhook-id": name, "webhook-timestamp": sent, "webhook-signature": signature}


def text(instant: int) -> str:
    return datetime.fromtimestamp(instant / SECOND, UTC).isoformat().replace("+00:00", "Z")


class Told(NamedTuple):
    """One kind of scan in each provider's word, so many hours after shipping."""

    hours: int
    own: str
    seventeentrack: str
    aftership: tuple[str, str]


JOURNEY = (
    Told(1, "info_received", "InfoReceived", ("InfoReceived", "InfoReceived_001")),
    Told(8, "in_transit", "InTransit_PickedUp", ("InTransit", "InTransit_002")),
    Told(30, "in_transit", "InTransit_Arrival", ("InTransit", "InTransit_007")),
    Told(60, "attempt_failed", "DeliveryFailure_NoBody", ("AttemptFail", "AttemptFail_001")),
    Told(70, "delivered", "Delivered_Other", ("Delivered", "Delivered_001")),
)
TURNED_ROUND = (
    *JOURNEY[:4],
    Told(62, "exception", "Exception_Returning", ("Exception", "Exception_010")),
    Told(80, "returned_to_sender", "Exception_Returned", ("Exception", "Exception_011")),
    Told(81, "in_transit", "InTransit_Other", ("InTransit", "InTransit_001")),
)


def from_seventeentrack(journey: tuple[Told, ...], start: int) -> list[Post]:
    """One push a scan, each with the history until then, the newest first."""
    events = [seventeentrack.event(one.seventeentrack, text(start + one.hours * HOUR)) for one in journey]
    pushes = [seventeentrack.push(NUMBER, events[until::-1]) for until in range(len(events))]
    return [Post("17track/events", *push) for push in pushes]


def from_aftership(journey: tuple[Told, ...], start: int) -> list[Post]:
    scans = [
        aftership.checkpoint(one.aftership[0], text(start + one.hours * HOUR), one.aftership[1]) for one in journey
    ]
    hooks = [aftership.webhook(NUMBER, scans[: until + 1], f"e-{until}") for until in range(len(scans))]
    return [Post("aftership/events", *hook) for hook in hooks]


def from_any_carrier(journey: tuple[Told, ...], start: int) -> list[Post]:
    """One scan a message, and nothing of what was before."""
    return [word({"status": one.own, "at": text(start + one.hours * HOUR), "code": f"c{one.hours}"}) for one in journey]


CARRIERS: dict[str, Callable[[tuple[Told, ...], int], list[Post]]] = {
    "17track": from_seventeentrack,
    "aftership": from_aftership,
    "any carrier": from_any_carrier,
}


def outcome(deal: Deal) -> Any:
    """What the order came to: all but when we learned of what."""
    order = deal.now
    [shipment] = order["shipments"]
    scans = sorted(
        (scan["status"], scan["at"], scan.get("code"), scan.get("source")) for scan in shipment["checkpoints"]
    )
    return (
        order["status"],
        order["money"],
        [(line["status"], line["portions"]) for line in order["lines"]],
        shipment["status"],
        shipment.get("delivered_at"),
        shipment.get("returned_at"),
        [(deadline["kind"], deadline["effect"]) for deadline in order["deadlines"]],
        scans,
    )


def shipped(application: Application, operator: Client) -> tuple[Deal, int]:
    deal = place(operator).pay().ship(NUMBER)
    application.background.tick()
    return deal, application.clock.now()


def pass_by(application: Application, length: int) -> None:
    application.advance(Instant(application.clock.now() + length))


@pytest.mark.parametrize("carrier", CARRIERS)
@pytest.mark.parametrize("journey", [JOURNEY, TURNED_ROUND], ids=["delivered", "returned"])
def test_shuffled_repeated_five_times_and_three_days_late_it_ends_in_the_same_state(
    carrier: str, journey: tuple[Told, ...], application: Application, operator: Client
) -> None:
    tell = CARRIERS[carrier]
    found = []
    for seed in (None, 1, 2, 3):
        deal, start = shipped(application, operator)
        posts = tell(journey, start)
        if seed is not None:
            posts *= 5
            random.Random(seed).shuffle(posts)
            pass_by(application, (81 + 72) * HOUR)
        else:
            pass_by(application, 82 * HOUR)
        # What was made a moment ago is signed now: late is what is told, not the letter.
        for post in posts:
            response = send(operator, post)
            assert response.status == 200, response.body
        found.append(outcome(deal))
        before = deal.now["version"]
        assert all(send(operator, post).json["scans"] == 0 for post in posts)
        assert deal.now["version"] == before
        # The number is free for the next round: this order's scans are older than the next one by a month.
        pass_by(application, 40 * DAY)
    shifted = [_without_moments(one) for one in found]
    assert shifted[1:] == shifted[:1] * 3
    assert found[0][3] == ("delivered" if journey is JOURNEY else "returned_to_sender")


def _without_moments(found: Any) -> Any:
    """Each round was shipped at another time: only the distances between its scans stay."""
    status, money, lines, parcel, delivered, returned, deadlines, scans = found
    first = min(datetime.fromisoformat(at) for _, at, _, _ in scans)

    def since(at: str | None) -> Any:
        return None if at is None else datetime.fromisoformat(at) - first

    moved = [(what, since(at), code, source) for what, at, code, source in scans]
    return status, money, lines, parcel, since(delivered), since(returned), deadlines, moved


def test_a_message_tells_the_order_with_its_code_and_who_told(application: Application, operator: Client) -> None:
    deal, start = shipped(application, operator)
    scan = {"status": "in_transit", "at": text(start), "place": "Омск", "note": "Принято", "code": "A-7"}
    response = send(operator, word(scan, carrier="post"))
    assert (response.status, response.json) == (200, {"parcels": 1, "scans": 1})
    [found] = deal.now["shipments"][0]["checkpoints"]
    assert {name: found[name] for name in scan} == scan | {"at": found["at"]}
    assert found["source"] == "webhook"
    [event] = [one for one in operator.get(f"{deal.url}/events").json["items"] if one["type"] == "checkpoint_recorded"]
    assert event["by"] == "system"


def test_a_number_that_is_nobody_s_is_taken_noted_and_told_once_there_is_a_parcel(
    application: Application, operator: Client
) -> None:
    start = application.clock.now()
    response = send(operator, word({"status": "in_transit", "at": text(start)}))
    assert (response.status, response.json) == (200, {"parcels": 0, "scans": 0})
    deal, _ = shipped(application, operator)
    assert [scan["status"] for scan in deal.now["shipments"][0]["checkpoints"]] == ["in_transit"]


SCAN = {"status": "in_transit", "at": "2026-03-01T10:00:00Z"}


def _unsigned(post: Post, **headers: str) -> Post:
    return post._replace(headers={name: value for name, value in {**post.headers, **headers}.items() if value})


@pytest.mark.parametrize(
    "post",
    [
        _unsigned(
            Post("17track/events", *seventeentrack.push(NUMBER, [seventeentrack.event("InTransit", "x")])), sign=""
        ),
        Post("17track/events", *seventeentrack.push(NUMBER, [seventeentrack.event("Delivered", "x")]))._replace(
            headers=seventeentrack.signed(b"another body")
        ),
        Post("aftership/events", b"{}", aftership.signed(b"{}", "wrong")),
        Post("aftership/events", b"{}", {}),
        word(SCAN)._replace(headers={}),
        word(SCAN, secret=b"a secret that nobody here knows"),
        word(SCAN)._replace(body=b"{}"),
        _unsigned(word(SCAN), **{"webhook-id": "msg_2"}),
        _unsigned(word(SCAN), **{"webhook-timestamp": "1"}),
        _unsigned(word(SCAN), **{"webhook-timestamp": "soon"}),
        _unsigned(word(SCAN), **{"webhook-signature": "v1"}),
        _unsigned(word(SCAN), **{"webhook-signature": "v1,\xff"}),
        Post("events", b"{}", signed(b"{}", ago=3600)),
        Post("events", b"{}", signed(b"{}", ago=-3600)),
    ],
)
def test_what_is_not_signed_as_it_should_be_is_not_even_read(post: Post, operator: Client) -> None:
    response = send(operator, post)
    assert (response.status, response.code) == (401, "signature_invalid")


def test_of_several_secrets_each_is_good_while_one_is_changed(operator: Client) -> None:
    for secret in (SECRET_BYTES, b"the secret before that one, still good"):
        assert send(operator, word(SCAN, secret=secret)).status == 200


def test_an_operator_s_key_with_the_scope_for_tracking_needs_no_signature_and_no_other_will_do(
    application: Application, operator: Client
) -> None:
    bearer = {"authorization": f"Bearer {KEY}", "fairhold-actor": "operator:ops"}
    assert send(operator, word(SCAN)._replace(headers=bearer)).status == 200
    seller = bearer | {"fairhold-actor": "seller:shop-7"}
    assert send(operator, word(SCAN)._replace(headers=seller)).code == "not_allowed"
    wrong = word(SCAN)._replace(headers={"authorization": "Bearer nobody-knows-this-key"})
    assert send(operator, wrong).code == "unauthorized"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"checkpoints": [SCAN]}, "tracking_number"),
        ({"tracking_number": NUMBER}, "checkpoints"),
        ({"tracking_number": NUMBER, "checkpoints": []}, "checkpoints"),
        ({"tracking_number": "\x00", "checkpoints": [SCAN]}, "tracking_number"),
        ({"tracking_number": NUMBER, "checkpoints": [{**SCAN, "status": "lost"}]}, "checkpoints[0].status"),
        ({"tracking_number": NUMBER, "checkpoints": [{**SCAN, "at": "yesterday"}]}, "checkpoints"),
        ({"tracking_number": NUMBER, "checkpoints": [{**SCAN, "note": "a\x00"}]}, "checkpoints[0].note"),
        ({"tracking_number": NUMBER, "checkpoints": [SCAN] * 201}, "checkpoints"),
        ({"tracking_number": NUMBER, "checkpoints": [SCAN], "more": 1}, "more"),
    ],
)
def test_what_cannot_be_read_is_told_by_field(body: dict[str, Any], field: str, operator: Client) -> None:
    raw = json.dumps(body).encode()
    response = send(operator, Post("events", raw, signed(raw)))
    assert (response.status, response.field) == (422, field), response.body


def test_a_service_s_own_message_that_cannot_be_read_is_refused_without_a_trace(operator: Client) -> None:
    for post in (
        Post("17track/events", b"{}", seventeentrack.signed(b"{}")),
        Post("aftership/events", b"\xff", aftership.signed(b"\xff")),
    ):
        assert send(operator, post).status == 422


def test_a_service_that_is_not_set_up_is_not_there(tmp_path: Path) -> None:
    app = build(Settings(database=f"sqlite:///{up_to_date(tmp_path / 'x.db')}", operator_key=KEY, sandbox=True))
    app.start(background=False)
    with asyncio.Runner() as runner:
        client = Client(face(app), runner)
        for post in (
            Post("17track/events", *seventeentrack.push(NUMBER, [seventeentrack.event("InTransit", "x")])),
            Post("aftership/events", b"{}", aftership.signed(b"{}")),
        ):
            assert (send(client, post).status, send(client, post).code) == (404, "not_found")
        assert send(client, word(SCAN)).status == 401
    app.close()


def test_a_message_that_is_too_long_is_not_read(operator: Client) -> None:
    body = b"[" * (1024 * 1024 + 1)
    assert send(operator, Post("events", body, signed(body))).status == 413


def test_handed_over_to_the_sender_is_a_return_and_no_delivery(application: Application, operator: Client) -> None:
    deal, start = shipped(application, operator)
    pass_by(application, 2 * DAY)
    returned = {"status": "returned_to_sender", "at": text(start + HOUR)}
    for scan in (returned, {"status": "delivered", "at": text(start + 2 * HOUR)}):
        assert send(operator, word(scan)).json["parcels"] == 1
    order = deal.now
    assert order["shipments"][0]["status"] == "returned_to_sender"
    assert [deadline["kind"] for deadline in order["deadlines"]] == ["shipping"]


def test_a_late_delivery_runs_from_when_we_learn_of_it_and_a_correction_stops_it_both_told(
    application: Application, operator: Client
) -> None:
    deal, start = shipped(application, operator)
    pass_by(application, 3 * DAY)
    send(operator, word({"status": "delivered", "at": text(start + HOUR)}))
    told = operator.get(f"{deal.url}/events").json["items"][-1]
    assert told["type"] == "parcel_delivered"
    assert "learned of later" in told["text"]
    [window] = [one for one in deal.now["deadlines"] if one["kind"] == "confirmation_window"]
    assert datetime.fromisoformat(window["at"]).timestamp() * SECOND >= start + 10 * DAY
    send(operator, word({"status": "exception", "at": text(start + 2 * HOUR)}))
    told = operator.get(f"{deal.url}/events").json["items"][-1]
    assert (told["type"], told["title"]) == ("delivery_corrected", "The carrier corrected itself: not delivered yet")
    assert "confirmation_window" not in [one["kind"] for one in deal.now["deadlines"]]
