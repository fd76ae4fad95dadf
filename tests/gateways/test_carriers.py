"""Carriers' messages, real ones and such as their documentation describes, read into one vocabulary."""

import hmac
import json
from base64 import b64encode
from contextlib import suppress
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairhold.domain.instants import HOUR, Instant
from fairhold.domain.order import ParcelStatus
from fairhold.engine.outside.destinations import Unreadable
from fairhold.engine.outside.tracking import CarrierScan, News
from fairhold.gateways.answers import moment
from fairhold.gateways.carriers import aftership, pochta_ru, seventeentrack
from fairhold.gateways.carriers.scans import printable

S = ParcelStatus


def at(text: str) -> Instant:
    return Instant(int(datetime.fromisoformat(text).timestamp()) * 1_000_000)


@pytest.fixture
def tracking(shared: Path) -> Path:
    return shared / "data" / "tracking"


def statuses(news: News) -> list[ParcelStatus]:
    """In the order of time."""
    return [scan.status for scan in sorted(news.scans, key=lambda scan: scan.at)]


def last(news: News) -> CarrierScan:
    return max(news.scans, key=lambda scan: scan.at)


# moments and words


def test_a_moment_without_an_offset_is_taken_for_utc() -> None:
    assert moment("2021-05-13T13:04:00") == at("2021-05-13T13:04:00+00:00")
    assert (
        moment("2021-05-13T13:04:00-05:00")
        == moment("2021-05-13T18:04:00Z")
        == moment("2021-05-13T13:04:00") + 5 * HOUR
    )


@pytest.mark.parametrize(
    "text", ["", "yesterday", "0001-01-01T00:00:00", "9999-12-31T23:59:59Z", "2021-13-01T00:00:00"]
)
def test_what_is_no_moment_of_a_parcel_is_refused(text: str) -> None:
    with pytest.raises(Unreadable):
        moment(text)


@given(st.text(max_size=500))
def test_any_words_can_stand_in_a_note(text: str) -> None:
    found = printable(text)
    assert found is None or (found.isprintable() and 0 < len(found) <= 200)


# AfterShip


@pytest.mark.shared
def test_aftership_repeats_scans_and_leaves_the_offset_out(tracking: Path) -> None:
    body = (tracking / "aftership" / "webhook_in_transit_repeated_scans.json").read_bytes()
    event, news = aftership.read_webhook(body)
    assert (event, news.number, news.carrier) == (
        "bca2a741-8613-4694-bfb4-2ceb0016ee4f",
        "9405516902697649303570",
        "usps",
    )
    assert statuses(news) == [S.INFO_RECEIVED] + [S.IN_TRANSIT] * 6
    assert news.scans[0] == CarrierScan(
        S.INFO_RECEIVED,
        at("2021-05-13T13:04:00+00:00"),
        "InfoReceived_001",
        "BOCA RATON, FL, 33487, USA, United States",
        "Shipping Label Created, USPS Awaiting Item",
    )


@pytest.mark.shared
def test_aftership_delivers_by_the_scan_and_not_by_the_label_of_the_whole(tracking: Path) -> None:
    def read(name: str) -> Any:
        return json.loads((tracking / "aftership" / name).read_bytes())

    news = aftership.read_tracking(read("get_tracking_delivered.json")["data"]["tracking"])
    assert last(news).status is S.DELIVERED
    assert statuses(news).count(S.DELIVERED) == 1
    several = read("get_trackings_delivered_after_exception_and_expired.json")["data"]["trackings"]
    first, second = [aftership.read_tracking(one) for one in several]
    assert S.EXCEPTION in statuses(first)
    assert last(first).status is S.DELIVERED
    assert second.scans == ()
    lost = aftership.read_tracking(read("tracking_exception_lost_reduced.json"))
    assert S.DELIVERED not in statuses(lost), "though its delivery fields are filled in"


def checkpoint(**given: Any) -> dict[str, Any]:
    return {"checkpoint_time": "2026-03-01T10:00:00+03:00", "tag": "InTransit", "subtag": "InTransit_001"} | given


def webhook(*checkpoints: dict[str, Any]) -> bytes:
    msg = {"tracking_number": "RD025500807SE", "slug": "russian-post", "tag": "InTransit", "checkpoints": checkpoints}
    return json.dumps({"event": "tracking_update", "event_id": "e1", "msg": msg}).encode()


@pytest.mark.parametrize(
    ("tag", "subtag", "status"),
    [
        *((tag, f"{tag}_001", status) for tag, status in aftership.STATUSES.items()),
        ("Exception", "Exception_011", S.RETURNED_TO_SENDER),
        ("Delivered", "Delivered_099", S.DELIVERED),
        ("Levitating", "Levitating_001", S.IN_TRANSIT),
    ],
)
def test_aftership_words_that_are_not_known_fall_to_something_safe(tag: str, subtag: str, status: ParcelStatus) -> None:
    _, news = aftership.read_webhook(webhook(checkpoint(tag=tag, subtag=subtag)))
    assert statuses(news) == [status]
    assert news.scans[0].code == subtag


def test_aftership_signs_the_raw_body() -> None:
    body = webhook(checkpoint())
    signature = b64encode(hmac.new(b"secret", body, sha256).digest()).decode()
    assert aftership.is_signed(body, signature, "secret")
    assert not aftership.is_signed(body + b" ", signature, "secret")
    assert not aftership.is_signed(body, signature, "other")
    assert not aftership.is_signed(body, "", "secret")
    assert not aftership.is_signed(body, "п", "secret")


# 17TRACK


@pytest.mark.shared
def test_17track_tells_the_newest_first_and_most_without_a_stage(tracking: Path) -> None:
    news = seventeentrack.read_push((tracking / "17track" / "webhook_updated_delivered_ups.json").read_bytes())
    assert (news.number, news.carrier) == ("1Z2617V10397725789", "3011")
    assert last(news) == news.scans[0]
    assert (last(news).status, last(news).at) == (S.DELIVERED, at("2022-04-04T23:35:22+00:00"))
    assert statuses(news).count(S.DELIVERED) == 1
    assert S.OUT_FOR_DELIVERY in statuses(news)


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("v2.4_gettrackinfo_delivered.json", [S.IN_TRANSIT, S.OUT_FOR_DELIVERY, S.DELIVERED]),
        ("v2.4_gettrackinfo_returning.json", [S.EXCEPTION]),
        ("v2.4_gettrackinfo_in_transit_unknown_sub_status_and_rejected.json", [S.IN_TRANSIT] * 3),
    ],
)
def test_17track_by_sub_status(tracking: Path, name: str, expected: list[ParcelStatus]) -> None:
    [item] = json.loads((tracking / "17track" / name).read_bytes())["data"]["accepted"]
    assert statuses(seventeentrack.read_item(item)) == expected


@pytest.mark.shared
def test_17track_has_the_status_of_the_whole_for_the_newest_event(tracking: Path) -> None:
    news = seventeentrack.read_push(
        (tracking / "17track" / "webhook_updated_exception_after_pickup_dhl.json").read_bytes()
    )
    assert last(news).status is S.EXCEPTION
    item = json.loads((tracking / "17track" / "v2.4_item_available_for_pickup_reduced.json").read_bytes())
    assert statuses(seventeentrack.read_item(item)) == [S.AVAILABLE_FOR_PICKUP]


@pytest.mark.shared
def test_17track_that_stops_to_follow_says_nothing_of_the_parcel(tracking: Path) -> None:
    news = seventeentrack.read_push((tracking / "17track" / "webhook_stopped.json").read_bytes())
    assert (news.number, news.scans) == ("AA123456789BR", ())


def item(status: str, *events: dict[str, Any]) -> dict[str, Any]:
    info = {
        "latest_status": {"status": status.partition("_")[0], "sub_status": status},
        "latest_event": events[0] if events else None,
        "tracking": {"providers": [{"events": list(events)}]},
    }
    return {"number": "RD025500807SE", "carrier": 3011, "track_info": info}


def event(**given: Any) -> dict[str, Any]:
    return {"time_utc": "2026-03-01T10:00:00Z", "description": "A scan", "location": "Omsk"} | given


def test_17track_returned_is_a_return_and_no_delivery() -> None:
    assert statuses(seventeentrack.read_item(item("Exception_Returned", event()))) == [S.RETURNED_TO_SENDER]
    assert statuses(seventeentrack.read_item(item("Exception_Returning", event()))) == [S.EXCEPTION]


def test_17track_without_a_moment_nothing_is_known() -> None:
    assert seventeentrack.read_item(item("Delivered_Other", event(time_utc=None))).scans == ()
    raw = {"date": "2026-03-01", "time": None, "timezone": "+03:00"}
    [scan] = seventeentrack.read_item(item("Delivered_Other", event(time_utc=None, time_raw=raw))).scans
    assert (scan.status, scan.at) == (S.DELIVERED, at("2026-02-28T21:00:00+00:00"))


def test_17track_signs_the_raw_body() -> None:
    body = json.dumps({"event": "TRACKING_UPDATED", "data": item("InTransit_Other", event())}).encode()
    signature = sha256(body + b"/" + b"key").hexdigest()
    assert seventeentrack.is_signed(body, signature, "key")
    assert seventeentrack.is_signed(body, signature.upper(), "key")
    assert not seventeentrack.is_signed(body + b" ", signature, "key")
    assert not seventeentrack.is_signed(body, signature, "other")
    assert not seventeentrack.is_signed(body, "п", "key")


# Почта России


@pytest.mark.shared
def test_the_last_record_of_the_post_is_not_the_state(tracking: Path) -> None:
    body = (tracking / "pochta-ru" / "rtm34_arrived_for_pickup_acceptance_repeated.xml").read_bytes()
    [news] = pochta_ru.read_history(body)
    assert (news.number, news.carrier) == ("RA644000001RU", "pochta-ru")
    assert [scan.code for scan in news.scans] == ["1/1", "8/3", "8/4", "8/2"], "it was accepted again five months later"
    assert news.scans[0].at == at("2015-03-23T10:01:00+03:00")
    assert news.scans[0].place == "Омск 1"
    assert [scan.status for scan in news.scans] == [S.IN_TRANSIT] * 3 + [S.AVAILABLE_FOR_PICKUP]


@pytest.mark.shared
def test_the_post_gives_to_the_addressee(tracking: Path) -> None:
    [news] = pochta_ru.read_history((tracking / "pochta-ru" / "history_delivered_repeated_scans_2013.xml").read_bytes())
    assert (last(news).status, last(news).code) == (S.DELIVERED, "2/1")
    assert pochta_ru.read_history((tracking / "pochta-ru" / "history_empty_2013.xml").read_bytes()) == ()
    [accepted] = pochta_ru.read_history((tracking / "pochta-ru" / "rtm34_accepted.xml").read_bytes())
    assert statuses(accepted) == [S.IN_TRANSIT]


@pytest.mark.shared
def test_the_post_answers_by_ticket_for_many_numbers(tracking: Path) -> None:
    first, second = pochta_ru.read_history((tracking / "pochta-ru" / "batch_answer_by_ticket.xml").read_bytes())
    assert (first.number, last(first).status) == ("45008378901234", S.AVAILABLE_FOR_PICKUP)
    assert statuses(first).count(S.AVAILABLE_FOR_PICKUP) == 2
    assert (second.number, last(second).status) == ("10725878901235", S.DELIVERED)
    assert last(second).at == at("2015-09-16T13:45:00+03:00")


@pytest.mark.shared
def test_every_operation_of_the_posts_dictionary_means_something(tracking: Path) -> None:
    codes = json.loads((tracking / "pochta-ru" / "operation_codes.json").read_bytes())
    pairs = {(int(kind), int(one)) for kind, row in codes.items() for one in row["attributes"]}
    meant = {pair: pochta_ru.status_of(*pair) for pair in pairs}
    assert {pair for pair, said in meant.items() if said is S.DELIVERED} == {
        *((2, one) for one in (1, 3, 5, 6, 8, 10, 11, 12, 13)),
        *((21, one) for one in (1, 2, 3)),
    }
    assert {pair for pair, said in meant.items() if said is S.RETURNED_TO_SENDER} == {(2, one) for one in (2, 4, 7, 9)}
    names = {pair: codes[str(pair[0])]["attributes"][str(pair[1])] for pair in pairs}
    for pair, name in names.items():
        if "тправител" in name and pair[0] == 2:
            assert meant[pair] is S.RETURNED_TO_SENDER, name


def test_whom_the_post_gave_it_to_must_be_said() -> None:
    """A parcel from abroad can come as 2/0, of which the Post itself cannot tell."""
    assert pochta_ru.status_of(2, 0) is S.EXCEPTION
    assert pochta_ru.status_of(2, 14) is S.EXCEPTION
    assert pochta_ru.status_of(2, 99) is S.EXCEPTION
    assert pochta_ru.status_of(99, 1) is S.IN_TRANSIT


def history(*operations: tuple[int, int, str]) -> bytes:
    records = "".join(
        "<o:historyRecord><o:ItemParameters><o:Barcode>RD025500807SE</o:Barcode></o:ItemParameters><o:OperationParameters>"
        f"<o:OperType><o:Id>{kind}</o:Id></o:OperType><o:OperAttr><o:Id>{attribute}</o:Id></o:OperAttr>"
        f"<o:OperDate>{when}</o:OperDate></o:OperationParameters></o:historyRecord>"
        for kind, attribute, when in operations
    )
    return f'<o:data xmlns:o="http://russianpost.org/operationhistory/data">{records}</o:data>'.encode()


def test_after_it_turned_round_an_office_is_the_senders() -> None:
    days = [f"2026-03-{day:02}T10:00:00+03:00" for day in range(1, 6)]
    told = [(8, 2, days[0]), (3, 1, days[1]), (8, 4, days[2]), (8, 2, days[3]), (2, 2, days[4])]
    expected = [S.AVAILABLE_FOR_PICKUP, S.EXCEPTION, S.IN_TRANSIT, S.EXCEPTION, S.RETURNED_TO_SENDER]
    for shuffled in (told, told[::-1]):
        [news] = pochta_ru.read_history(history(*shuffled))
        assert statuses(news) == expected


# what is broken


READERS = {
    "aftership": aftership.read_webhook,
    "17track": seventeentrack.read_push,
    "pochta-ru": pochta_ru.read_history,
}


@pytest.mark.parametrize("name", READERS)
@pytest.mark.parametrize(
    "body", [b"", b"{}", b"[]", b"null", b"\xff", b"{", b"<", b'{"event":1}', b"<a>\x00</a>", b'{"a":' + b"[" * 100_000]
)
def test_what_no_provider_sends_is_refused_whole(name: str, body: bytes) -> None:
    with pytest.raises(Unreadable):
        READERS[name](body)


@pytest.mark.parametrize(
    "body",
    [
        b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
        '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE a><a/>'.encode("utf-16"),
        history((1, 1, "not a moment")),
        history((1, 1, "2026-03-01T10:00:00+03:00")).replace(b"<o:Barcode>RD025500807SE</o:Barcode>", b""),
        history((1, 1, "2026-03-01T10:00:00+03:00")).replace(b"<o:Id>1</o:Id>", b"<o:Id>one</o:Id>"),
        b'<i><Item Barcode="1"><Operation OperTypeID="1" DateOper="2026-03-01"/></Item></i>',
    ],
)
def test_broken_or_dangerous_xml_is_refused(body: bytes) -> None:
    with pytest.raises(Unreadable):
        pochta_ru.read_history(body)


def _mutations(body: bytes) -> st.SearchStrategy[bytes]:
    cut = st.tuples(st.integers(0, len(body)), st.integers(0, 40), st.binary(max_size=12))
    return cut.map(lambda how: body[: how[0]] + how[2] + body[how[0] + how[1] :])


BODIES = {
    "aftership": webhook(checkpoint(), checkpoint(tag="Delivered", subtag=None)),
    "17track": json.dumps({"event": "TRACKING_UPDATED", "data": item("Delivered_Other", event(), event())}).encode(),
    "pochta-ru": history((1, 1, "2026-03-01T10:00:00+03:00"), (2, 1, "2026-03-02T10:00:00+03:00")),
}


@pytest.mark.parametrize("name", READERS)
@given(data=st.data())
def test_no_damage_to_a_message_ends_in_anything_but_a_refusal(name: str, data: st.DataObject) -> None:
    with suppress(Unreadable):
        READERS[name](data.draw(_mutations(BODIES[name])))
