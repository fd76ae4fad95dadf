"""Which tracking services are used: all optional, each error by its variable, no key in any text."""

import pytest

from fairhold.engine.installation.settings import SettingsError, read_settings
from fairhold.engine.installation.tracking_settings import VARIABLES, TrackingSettings
from fairhold.gateways.carriers.inbound import secret_bytes
from fairhold.wiring.tracking import inbound_of, trackers_of

EVERYTHING = {
    "FAIRHOLD_17TRACK_KEY": "key-17",
    "FAIRHOLD_AFTERSHIP_KEY": "asat_1",
    "FAIRHOLD_AFTERSHIP_WEBHOOK_SECRET": "hook-secret",
    "FAIRHOLD_POCHTA_LOGIN": "логин",
    "FAIRHOLD_POCHTA_PASSWORD": "pass word",
    "FAIRHOLD_POCHTA_CALLS_A_DAY": "500",
    "FAIRHOLD_CARRIER_WEBHOOK_SECRET": "whsec_bmV3IHNlY3JldCBvZiBvdXJz whsec_b2xkIHNlY3JldCBvZiBvdXJz",
}


def read(**variables: str) -> TrackingSettings:
    return read_settings(variables).tracking


def test_without_a_word_nobody_is_asked_and_only_keys_vouch() -> None:
    assert read() == TrackingSettings()
    assert trackers_of(read()) == ()
    assert [one.name for one in inbound_of(read())] == ["webhook"]


def test_every_service_that_has_its_key_is_used_the_most_particular_first() -> None:
    assert set(EVERYTHING) == set(VARIABLES)
    settings = read(**EVERYTHING)
    trackers = trackers_of(settings)
    assert [(one.name, one.calls_a_day) for one in trackers] == [
        ("pochta-ru", 500),
        ("17track", None),
        ("aftership", None),
    ]
    assert [one.name for one in inbound_of(settings)] == ["17track", "aftership", "webhook"]
    for one in trackers:
        one.close()


def test_no_key_is_in_any_text() -> None:
    shown = repr(read_settings(EVERYTHING))
    assert "seventeentrack_key" in shown
    for secret in ("key-17", "asat_1", "hook-secret", "pass word", "whsec_", "bmV3"):
        assert secret not in shown


@pytest.mark.parametrize(
    ("variable", "text"),
    [
        ("FAIRHOLD_17TRACK_KEY", "a key"),
        ("FAIRHOLD_17TRACK_KEY", "ключ"),
        ("FAIRHOLD_AFTERSHIP_KEY", "a\nb"),
        ("FAIRHOLD_AFTERSHIP_WEBHOOK_SECRET", " a"),
        ("FAIRHOLD_POCHTA_LOGIN", "a\x00"),
        ("FAIRHOLD_POCHTA_CALLS_A_DAY", "0"),
        ("FAIRHOLD_POCHTA_CALLS_A_DAY", "many"),
    ],
)
def test_what_cannot_be_used_is_told_by_its_variable(variable: str, text: str) -> None:
    with pytest.raises(SettingsError) as caught:
        read(**{variable: text})
    assert caught.value.variable == variable


@pytest.mark.parametrize(
    ("given", "missing"),
    [("FAIRHOLD_POCHTA_LOGIN", "FAIRHOLD_POCHTA_PASSWORD"), ("FAIRHOLD_POCHTA_PASSWORD", "FAIRHOLD_POCHTA_LOGIN")],
)
def test_the_post_wants_both_a_login_and_a_password(given: str, missing: str) -> None:
    with pytest.raises(SettingsError) as caught:
        read(**{given: "x"})
    assert caught.value.variable == missing


@pytest.mark.parametrize("secret", ["whsec_", "whsec_c2hvcnQ", "whsec_ключ", "!!!"])
def test_a_secret_that_is_none_or_too_short_stops_the_start(secret: str) -> None:
    with pytest.raises(ValueError, match="secret"):
        secret_bytes(secret)
    with pytest.raises(SettingsError) as caught:
        inbound_of(read(FAIRHOLD_CARRIER_WEBHOOK_SECRET=secret))
    assert caught.value.variable == "FAIRHOLD_CARRIER_WEBHOOK_SECRET"
