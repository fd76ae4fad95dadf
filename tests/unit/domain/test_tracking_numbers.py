"""Tracking numbers that check themselves: what fits, what is doubted, and what was probably meant."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairhold.domain.tracking_numbers import RUSSIAN_POST, meant, tidied

EXAMPLE_OF_THE_STANDARD = "RR473124829GB"
INLAND = "10100031234560"
ANYBODY = "dhl"


@pytest.mark.parametrize("number", [EXAMPLE_OF_THE_STANDARD, "RD025500807SE", "RR410342249RU", "rd 025 500 807 se"])
@pytest.mark.parametrize("carrier", [ANYBODY, RUSSIAN_POST])
def test_a_number_of_the_postal_union_that_fits_is_not_doubted(number: str, carrier: str) -> None:
    assert meant(number, carrier) is None


@pytest.mark.parametrize(("serial", "check"), [("00000000", 5), ("00000010", 2), ("00300000", 0)])
def test_the_remainders_zero_and_one_have_digits_of_their_own(serial: str, check: int) -> None:
    assert [digit for digit in range(10) if meant(f"RA{serial}{digit}RU", ANYBODY) is None] == [check]


def test_the_russian_posts_fourteen_digits_are_checked_where_it_is_the_carrier() -> None:
    assert meant(INLAND, RUSSIAN_POST) is None
    assert meant("10100031234563", RUSSIAN_POST) is not None
    assert meant("10100031234563", "pochta-ru") is not None, "so it is called wherever a parcel is shipped"
    assert meant("10100031234563", "dpd") is None, "fourteen digits of somebody else follow other rules"


def test_neighbours_that_changed_places_are_put_right() -> None:
    assert "RD025500807SE" in (meant("RD025508007SE", ANYBODY) or ())
    assert INLAND in (meant("10100013234560", RUSSIAN_POST) or ())


@pytest.mark.parametrize(
    ("typed", "was"),
    [
        ("RD0255OO807SE", "RD025500807SE"),
        ("RD02550O8O7SE", "RD025500807SE"),
        ("RD025500807S3", None),
        ("8D025500807SE", "BD025500807SE"),
        ("1O100031234560", INLAND),
    ],
)
def test_what_was_read_for_a_digit_is_one(typed: str, was: str | None) -> None:
    assert meant(typed, RUSSIAN_POST) == ((was,) if was else None)


def test_look_alike_letters_and_gaps_are_tidied() -> None:
    assert tidied(" rа 473 124 829 gв ", ANYBODY) == "RA473124829GB", "the а and the в are Cyrillic"
    assert tidied("1010 0031 2345 60", RUSSIAN_POST) == INLAND
    assert tidied(" 1Z 999 AA1 ", "ups") == "1Z 999 AA1"
    assert meant("rr473124829gв", ANYBODY) is None


@pytest.mark.parametrize(
    "number", ["", "1", "FH-DELIVERED-1", "1Z999AA10123456784", "JD014600006281", "T" * 13, "0" * 13]
)
def test_of_a_number_of_another_kind_nothing_is_said(number: str) -> None:
    assert meant(number, RUSSIAN_POST) is None
    assert tidied(number, RUSSIAN_POST) == number


@given(st.from_regex(r"[A-Z]{2}[0-9]{9}[A-Z]{2}|[0-9]{14}", fullmatch=True))
def test_every_number_that_is_proposed_fits_itself_and_has_the_same_characters(number: str) -> None:
    for other in meant(number, RUSSIAN_POST) or ():
        assert meant(other, RUSSIAN_POST) is None
        assert sorted(other) == sorted(number)


@given(st.from_regex(r"[A-Z]{2}[0-9]{8}", fullmatch=True))
def test_one_check_digit_of_ten_fits(begins: str) -> None:
    assert sum(meant(f"{begins}{digit}RU", ANYBODY) is None for digit in range(10)) == 1


@given(st.text(max_size=64), st.sampled_from([RUSSIAN_POST, ANYBODY]))
def test_any_text_can_be_asked_about(number: str, carrier: str) -> None:
    meant(number, carrier)
    assert tidied(tidied(number, carrier), carrier) == tidied(number, carrier)
