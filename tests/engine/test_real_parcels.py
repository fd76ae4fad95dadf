"""Real messages of carriers, and their traps, all the way to the order: shuffled, five times over, three days late.

Each order is placed a day before its parcel's first scan, under the clock of that time.
"""

import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from fairhold.domain.coming import Kind
from fairhold.domain.commands import ShipParcel
from fairhold.domain.deadlines import deadlines
from fairhold.domain.instants import DAY, Instant
from fairhold.domain.order import ParcelStatus
from fairhold.engine.outside.tracking import News
from fairhold.gateways.carriers import aftership, pochta_ru, seventeentrack
from tests.builders import SELLER
from tests.engine.market import Market

S = ParcelStatus


class Real(NamedTuple):
    """A file, how it is read, and where its parcel is in the end."""

    path: str
    read: Callable[[bytes], News]
    status: ParcelStatus
    scans: int


def _item(body: bytes) -> News:
    return seventeentrack.read_item(json.loads(body)["data"]["accepted"][0])


def _tracking(body: bytes) -> News:
    return aftership.read_tracking(json.loads(body)["data"]["tracking"])


def _first_of_many(body: bytes) -> News:
    return aftership.read_tracking(json.loads(body)["data"]["trackings"][0])


def _post(number: int) -> Callable[[bytes], News]:
    return lambda body: pochta_ru.read_history(body)[number]


REAL = (
    Real("17track/webhook_updated_delivered_ups.json", seventeentrack.read_push, S.DELIVERED, 5),
    Real("17track/webhook_updated_exception_after_pickup_dhl.json", seventeentrack.read_push, S.EXCEPTION, 1),
    Real("17track/v2.4_gettrackinfo_delivered.json", _item, S.DELIVERED, 3),
    Real("17track/v2.4_gettrackinfo_returning.json", _item, S.EXCEPTION, 1),
    Real("17track/v2.4_gettrackinfo_in_transit_unknown_sub_status_and_rejected.json", _item, S.IN_TRANSIT, 3),
    Real(
        "aftership/webhook_in_transit_repeated_scans.json",
        lambda body: aftership.read_webhook(body)[1],
        S.IN_TRANSIT,
        7,
    ),
    Real("aftership/get_tracking_delivered.json", _tracking, S.DELIVERED, 0),
    Real("aftership/get_trackings_delivered_after_exception_and_expired.json", _first_of_many, S.DELIVERED, 0),
    Real("pochta-ru/rtm34_accepted.xml", _post(0), S.IN_TRANSIT, 1),
    Real("pochta-ru/rtm34_arrived_for_pickup_acceptance_repeated.xml", _post(0), S.AVAILABLE_FOR_PICKUP, 3),
    Real("pochta-ru/history_delivered_repeated_scans_2013.xml", _post(0), S.DELIVERED, 0),
    Real("pochta-ru/batch_answer_by_ticket.xml", _post(0), S.AVAILABLE_FOR_PICKUP, 0),
    Real("pochta-ru/batch_answer_by_ticket.xml", _post(1), S.DELIVERED, 0),
)


class Came(NamedTuple):
    """What an order came to. Of two operations of one moment and one meaning the first that is told is kept, with its code."""

    status: ParcelStatus
    delivered_at: Instant | None
    scans: tuple[tuple[str, int], ...]
    kinds: tuple[Kind, ...]


def came(tmp_path: Path, name: str, news: News, seed: int | None) -> Came:
    """Tell an order all of it at once; with a seed, scan by scan, shuffled, five times, three days late."""
    first, last = min(scan.at for scan in news.scans), max(scan.at for scan in news.scans)
    market = Market(tmp_path / f"{name}.db", begins=Instant(first - DAY))
    order = market.paid()
    market.tell(order.id, ShipParcel(carrier="other", tracking_number=news.number), SELLER)
    while market.app.courier.once():
        continue
    messages = [news]
    market.clock.move_to(last)
    if seed is not None:
        messages = [news._replace(scans=(scan,)) for scan in news.scans] * 5
        random.Random(seed).shuffle(messages)
        market.clock.move_to(Instant(last + 3 * DAY))
    for message in messages:
        market.app.tracking.parcels.take("test", [message])
    found = market.now(order)
    [parcel] = found.shipments
    scans = tuple(sorted((scan.status.value, scan.at) for scan in parcel.checkpoints))
    result = Came(parcel.status, parcel.delivered_at, scans, tuple(one.kind for one in deadlines(found)))
    market.app.close()
    return result


@pytest.mark.shared
@pytest.mark.parametrize("real", REAL, ids=lambda real: Path(real.path).stem)
def test_a_real_parcel_ends_where_its_carrier_says_in_whatever_order_it_is_told(
    real: Real, shared: Path, tmp_path: Path
) -> None:
    news = real.read((shared / "data" / "tracking" / real.path).read_bytes())
    straight = came(tmp_path, "straight", news, None)
    assert straight.status is real.status
    assert len(straight.scans) == (real.scans or len({(scan.status, scan.at) for scan in news.scans}))
    assert (Kind.CONFIRMATION_WINDOW in straight.kinds) is (real.status is S.DELIVERED)
    for seed in (1, 2):
        assert came(tmp_path, f"shuffled{seed}", news, seed) == straight
