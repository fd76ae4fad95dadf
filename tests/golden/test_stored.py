"""What was stored once can be read for ever: golden events and histories decode, lose nothing, and fold."""

import json
import typing
from pathlib import Path
from typing import Any

import msgspec
import pytest

from fairhold.domain.events import Event
from fairhold.domain.evolve import evolve, fold
from fairhold.domain.order import Order
from fairhold.domain.status import headline, portion_counts
from fairhold.ledger import balances, posting
from fairhold.ledger.transfers import Transfer
from tests.builders import name_of

HERE = Path(__file__).parent
EVENTS = sorted((HERE / "events").glob("*.json"))
HISTORIES = sorted((HERE / "histories").glob("*.jsonl"))
decode_event = msgspec.json.Decoder(Event).decode


def history(path: Path) -> list[Event]:
    return [decode_event(line) for line in path.read_bytes().splitlines()]


def lost(stored: Any, read: Any) -> list[str]:
    """What a stored value says and the value read from it does not."""
    if isinstance(stored, dict):
        return [f"{key}.{what}" for key in stored for what in lost(stored[key], read.get(key))]
    if isinstance(stored, list) and len(stored) == len(read):
        return [f"[{at}]{what}" for at, pair in enumerate(zip(stored, read, strict=True)) for what in lost(*pair)]
    return [] if stored == read else [f": {stored} became {read}"]


def whole(value: Any) -> Any:
    """A value as JSON, with what is left out where it is stored because it is usual."""
    if isinstance(value, msgspec.Struct):
        named = {field.encode_name: whole(getattr(value, field.name)) for field in msgspec.structs.fields(value)}
        config = value.__struct_config__
        return list(named.values()) if config.array_like else {config.tag_field: config.tag, **named}
    if isinstance(value, tuple):
        return [whole(item) for item in value]
    return {key: whole(item) for key, item in value.items()} if isinstance(value, dict) else msgspec.to_builtins(value)


@pytest.mark.parametrize("path", EVENTS, ids=lambda path: path.stem)
def test_a_stored_event_is_read_and_loses_nothing(path: Path) -> None:
    raw = path.read_bytes()
    event = decode_event(raw)
    assert name_of(event) == path.stem.partition("@")[0]
    assert lost(json.loads(raw), whole(event)) == []


@pytest.mark.parametrize("path", EVENTS, ids=lambda path: path.stem)
def test_a_stored_event_folds(path: Path) -> None:
    """Onto an order that has come as far as the event of that kind in a stored history."""
    event = decode_event(path.read_bytes())
    folded = 0
    for stored in map(history, HISTORIES):
        order: Order | None = None
        for before in stored:
            if before == event:
                folded += 1
                assert evolve(order, event).version == (order.version if order else 0) + 1
                break
            order = evolve(order, before)
    assert folded, "this event is in none of the histories"


def reviews(order: Order) -> list[dict[str, Any]]:
    """What a history comes to where it was reviewed: what is left out is as it usually is."""
    return [{"status": review.status.value, **json.loads(msgspec.json.encode(review))} for review in order.reviews]


@pytest.mark.parametrize("path", HISTORIES, ids=lambda path: path.stem)
def test_a_stored_history_comes_to_what_it_came_to(path: Path) -> None:
    events = history(path)
    order = fold(events)
    assert json.loads(path.with_suffix(".expected.json").read_text(encoding="utf-8")) == {
        "version": order.version,
        "status": headline(order).value,
        "money": msgspec.to_builtins(order.money),
        "lines": {line.id: portion_counts(order, line.id) for line in order.lines},
        "commission": [[taken.rate, taken.gross, taken.fee] for taken in order.commission],
        "closed_at": order.closed_at,
        **({"reviews": reviews(order)} if order.reviews else {}),
    }
    transfers: list[Transfer] = []
    before: Order | None = None
    for event in events:
        after = evolve(before, event)
        transfers += posting.post(before, event, after)
        before = after
    balances.check_order(order, transfers)


def test_every_kind_of_event_has_a_golden_file() -> None:
    kinds = {kind.__struct_config__.tag for kind in typing.get_args(Event)}
    assert kinds == {path.stem.partition("@")[0] for path in EVENTS}


def test_a_lost_field_is_noticed() -> None:
    assert lost({"a": 1, "b": [{"c": 2}]}, {"a": 1, "b": [{"c": 3}]}) == ["b.[0]c.: 2 became 3"]
    assert lost({"a": 1}, {}) == ["a.: 1 became None"]
