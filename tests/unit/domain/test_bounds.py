"""How long and how large what people send may be: each bound is met exactly, and one beyond it is refused."""

from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

from fairhold.domain import commands, commission_rules, destination, review_commands, support_commands
from fairhold.domain import policy as policies
from fairhold.domain.commands import Command, Demand, LineQuantity, NewLine
from fairhold.domain.destination import Destination
from fairhold.domain.policy import Section
from fairhold.domain.review_commands import LineStars

MOST_MONEY = 10_000_000_000_000
"""In minor units, of whatever currency."""

NUMBERS: list[tuple[str, Any, int, int | None]] = [
    # name, type, least, most
    ("an amount", commands.Amount, 0, MOST_MONEY),
    ("a quantity", commands.Quantity, 1, 100_000),
    ("days that a person asks for or gives", commands.DayCount, 1, 400),
    ("stars", review_commands.Stars, 1, 5),
    ("days of a policy", policies.Days, 1, 400),
    ("hours of a policy", policies.Hours, 1, 1_440),
    ("hours of a policy, or none", policies.HoursOrNone, 0, 1_440),
    ("a commission", commission_rules.BasisPoints, 0, 10_000),
]

TEXTS: list[tuple[str, Any, int, int, str]] = [
    # name, type, fewest characters, most, what the text begins with
    ("a short name", commands.Short, 1, 64, ""),
    ("a title", commands.Title, 1, 200, ""),
    ("a carrier's note", commands.Note, 0, 200, ""),
    ("a reason", commands.Why, 1, 1_000, ""),
    ("a link", commands.Link, 6, 500, "goods:"),
    ("a statement", commands.Statement, 1, 4_000, ""),
    ("a person", commands.Person, 1, 64, ""),
    ("a line's name", commands.LineName, 1, 64, ""),
    ("a review", review_commands.ReviewText, 1, 8_000, ""),
    ("a policy's name", policies.Name, 1, 40, ""),
    ("a category", commission_rules.Category, 1, 60, ""),
    ("a town", destination.Town, 1, 100, ""),
]

LISTS: list[tuple[type[msgspec.Struct], str, object, int]] = [
    # what is sent, which field, an entry, how many at most
    (commands.PlaceOrder, "lines", {"sku": "a", "title": "a", "quantity": 1, "unit_price": 1}, 100),
    (commands.ShipParcel, "lines", "a", 100),
    (commands.ConfirmReceipt, "lines", "a", 100),
    (commands.UndoReceipt, "lines", "a", 100),
    (commands.OpenDispute, "lines", "a", 100),
    (commands.ContestReturnedParcel, "lines", "a", 100),
    (support_commands.ReportAccident, "lines", "a", 100),
    (review_commands.WriteReview, "lines", {"id": "a", "rating": 1}, 100),
    (commands.OpenDispute, "evidence", {"id": "a", "sha256": "b"}, 10),
    (review_commands.WriteReview, "photos", {"id": "a", "sha256": "b"}, 10),
]

FIELDS: list[tuple[type[msgspec.Struct], str, int, int | None]] = [
    # what is sent, which field, least, most
    (commands.ReportSharedNumber, "orders", 1, 1_000_000),
    (commands.AcceptOffer, "number", 1, 100_000),
    (commands.RecordChargeback, "amount", 1, MOST_MONEY),
    (policies.ProtectionRules, "extensions", 0, 10),
    (policies.ReceiptRules, "buyer_undo_minutes", 0, 1_440),
    (policies.DisputeRules, "refund_undecided_after_days", 0, 400),
    (policies.ProviderRules, "ceiling_days", 0, 4_000),
    (policies.Policy, "version", 1, None),
]


def takes(value: object, kind: Any) -> bool:
    try:
        msgspec.convert(value, kind)
    except msgspec.ValidationError:
        return False
    return True


def field_takes(value: object, kind: type[msgspec.Struct], field: str) -> bool:
    """Whether a struct takes this in one field: the first complaint, if any, is about what else is missing."""
    try:
        msgspec.convert({field: value}, kind)
    except msgspec.ValidationError as error:
        return "missing required field" in str(error)
    return True


@pytest.mark.parametrize(("name", "kind", "least", "most"), NUMBERS, ids=[row[0] for row in NUMBERS])
def test_a_number_is_taken_up_to_its_bounds_and_not_beyond(name: str, kind: Any, least: int, most: int) -> None:
    assert [takes(number, kind) for number in (least - 1, least, most, most + 1)] == [False, True, True, False], name


@pytest.mark.parametrize(("name", "kind", "fewest", "most", "begins"), TEXTS, ids=[row[0] for row in TEXTS])
def test_a_text_is_taken_up_to_its_bounds_and_not_beyond(
    name: str, kind: Any, fewest: int, most: int, begins: str
) -> None:
    def of(length: int) -> str:
        return (begins + "a" * (length - len(begins)))[:length]

    assert takes(of(fewest), kind), name
    assert takes(of(most), kind)
    assert not takes(of(most + 1), kind)
    assert not fewest or not takes(of(fewest - 1), kind)


@pytest.mark.parametrize(
    ("kind", "field", "entry", "most"), LISTS, ids=[f"{row[0].__name__}.{row[1]}" for row in LISTS]
)
def test_a_list_is_taken_up_to_its_bound_and_not_beyond(
    kind: type[msgspec.Struct], field: str, entry: object, most: int
) -> None:
    assert field_takes([entry] * most, kind, field)
    assert not field_takes([entry] * (most + 1), kind, field)


@pytest.mark.parametrize(
    ("kind", "field", "least", "most"), FIELDS, ids=[f"{row[0].__name__}.{row[1]}" for row in FIELDS]
)
def test_a_number_with_bounds_of_its_own_keeps_them(
    kind: type[msgspec.Struct], field: str, least: int, most: int | None
) -> None:
    assert field_takes(least, kind, field)
    assert not field_takes(least - 1, kind, field)
    if most is not None:
        assert field_takes(most, kind, field)
        assert not field_takes(most + 1, kind, field)


def test_a_policy_is_summed_up_in_four_hundred_characters() -> None:
    assert field_takes("a" * 400, policies.Policy, "summary")
    assert not field_takes("a" * 401, policies.Policy, "summary")


def test_the_value_from_which_trying_goods_first_is_advised_is_at_least_one() -> None:
    assert field_takes({"RUB": 1}, policies.ReceiptRules, "try_first_from")
    assert not field_takes({"RUB": 0}, policies.ReceiptRules, "try_first_from")


@pytest.mark.parametrize(
    ("country", "is_one"), [("RU", True), ("R", False), ("RUS", False), ("ru", False), ("RU\n", False)]
)
def test_a_country_is_two_capitals(country: str, *, is_one: bool) -> None:
    assert takes(country, destination.Country) is is_one


@pytest.mark.parametrize(
    ("postcode", "is_one"),
    [("64", True), ("6", False), ("6" * 12, True), ("6" * 13, False), ("SW1A 1AA", True), ("---", False)],
)
def test_a_postcode_is_two_to_twelve_characters_with_something_in_them(postcode: str, *, is_one: bool) -> None:
    assert takes(postcode, destination.Postcode) is is_one


def kinds_of(kind: type[msgspec.Struct]) -> Iterator[type[msgspec.Struct]]:
    yield kind
    for narrower in kind.__subclasses__():
        yield from kinds_of(narrower)


KINDS: tuple[type[msgspec.Struct], ...] = (Command, Section, NewLine, LineQuantity, Demand, LineStars, Destination)
ASKED = list(dict.fromkeys(narrower for kind in KINDS for narrower in kinds_of(kind)))


@pytest.mark.parametrize("kind", ASKED, ids=[kind.__name__ for kind in ASKED])
def test_a_word_that_is_none_of_ours_is_refused_wherever_it_stands(kind: type[msgspec.Struct]) -> None:
    """Whoever misspells `quantity` would else confirm the whole line."""
    with pytest.raises(msgspec.ValidationError, match="unknown field `qantity`"):
        msgspec.convert({"qantity": 1}, kind)
