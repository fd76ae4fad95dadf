"""Calls by carriers and tracking services: not ours to shape, but for the last, which any carrier can send."""

from fairhold.api.rows import Route
from fairhold.api.wire_news import NewsTaken
from fairhold.domain.actors import PEOPLE, Role
from fairhold.engine.outside.tracking import CarrierWord

_SIGNED = ("signature_invalid",)

CARRIER_ROUTES: tuple[Route, ...] = (
    Route(
        "POST",
        "/carriers/17track/events",
        "receive17track",
        "A push of 17TRACK, signed with its API key in the header `sign`. It may come late, repeatedly and in any order.",
        PEOPLE,
        NewsTaken,
        special="carrier",
        inbound="17track",
        public=True,
        codes=_SIGNED,
    ),
    Route(
        "POST",
        "/carriers/aftership/events",
        "receiveAftership",
        "A webhook of AfterShip, signed in the header `aftership-hmac-sha256`. It may come late, repeatedly and in any order.",
        PEOPLE,
        NewsTaken,
        special="carrier",
        inbound="aftership",
        public=True,
        codes=_SIGNED,
    ),
    Route(
        "POST",
        "/carriers/events",
        "receiveCarrier",
        "Scans by any other carrier: signed as Standard Webhooks are (`webhook-id`, `webhook-timestamp`, `webhook-signature`),"
        " or under an operator's key with the scope `tracking`. Repeats change nothing; numbers of no parcel yet wait for one.",
        frozenset({Role.OPERATOR}),
        NewsTaken,
        body=CarrierWord,
        special="carrier",
        inbound="webhook",
        keyless=True,
        codes=_SIGNED,
    ),
)
