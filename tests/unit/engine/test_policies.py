"""The presets say what DOMAIN's last section says, and a file that cannot be used is explained."""

from pathlib import Path

import pytest

from fairhold.domain.instants import DAY, HOUR, MINUTE
from fairhold.domain.policy import Policy, terms_of
from fairhold.engine.installation.policies import PRESETS, PolicyError, parse_policy, preset, preset_text, read_policies


def test_the_default_preset_is_the_default_of_every_option_but_the_advice() -> None:
    policy = preset("aliexpress")
    assert policy.receipt.try_first_from
    plain = Policy(name="aliexpress", summary=policy.summary)
    assert (
        Policy(
            name=policy.name,
            version=policy.version,
            summary=policy.summary,
            payment=policy.payment,
            shipping=policy.shipping,
            protection=policy.protection,
            disputes=policy.disputes,
            reviews=policy.reviews,
            commission=policy.commission,
            providers=policy.providers,
        )
        == plain
    )
    assert policy.receipt.window_days == plain.receipt.window_days == 7


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_loads_under_its_own_name_and_says_what_it_is(name: str) -> None:
    assert preset(name).name == name
    assert preset(name).summary
    assert preset_text(name).startswith("#")


def test_what_each_preset_is_for() -> None:
    terms = {name: terms_of(preset(name), "RUB", shipping_days=None, protection_days=None) for name in PRESETS}
    assert terms["fair"].settlement_delay == 72 * HOUR
    assert terms["fair"].buyer_undo == 30 * MINUTE
    assert terms["fair"].on_lapse == "extend_once"
    assert terms["vinted"].window == 2 * DAY
    assert terms["sharetribe"].window == 14 * DAY
    assert [name for name in PRESETS if terms[name].seller_marks_delivered] == ["sharetribe"]
    assert preset("sharetribe").disputes.refund_undecided_after_days == 60
    assert (preset("fair").reviews.publication, preset("fair").reviews.automatic) == ("blind", "none")
    assert preset("fair").reviews.revision == "any"
    assert (preset("strict").reviews.bar, preset("strict").reviews.languages) == ("any_dispute", ("en",))
    vinted = preset("vinted").protection
    assert vinted.min_days == vinted.default_days == vinted.max_days


def test_a_marketplace_chooses_a_preset() -> None:
    book = read_policies("vinted")
    assert book.default.name == "vinted"
    assert book.get() is book.default
    assert book.get("fair") == preset("fair")
    assert book.get("nobody") is None
    assert book.all()[0].name == "vinted"
    assert {policy.name for policy in book.all()} == set(PRESETS)


def test_a_marketplace_brings_a_file_of_its_own(tmp_path: Path) -> None:
    path = tmp_path / "ours.toml"
    path.write_text('name = "ours"\n[receipt]\nwindow_days = 3\n', encoding="utf-8")
    book = read_policies(str(path))
    assert (book.default.name, book.default.receipt.window_days) == ("ours", 3)
    assert book.get("aliexpress") == preset("aliexpress")


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("name = ", "policy"),
        ('name = "ours"\n[receipt]\nwindow_day = 3', "receipt.window_day"),
        ('name = "ours"\n[receipt]\nwindow_days = "3"', "receipt.window_days"),
        ('name = "ours"\n[receipt]\nwindow_days = 0', "receipt.window_days"),
        ("[receipt]\nwindow_days = 3", "name"),
        ('name = "ours"\nproviders = []', "providers"),
        ('name = "ours"\n[protection]\nmin_days = 50\nmax_days = 40', "protection.default_days"),
    ],
)
def test_a_file_that_cannot_be_used_is_explained_by_its_key(text: str, key: str) -> None:
    with pytest.raises(PolicyError) as caught:
        parse_policy(text, "ours.toml")
    assert [problem.key for problem in caught.value.problems] == [key]
    assert str(caught.value).startswith("ours.toml: ")


@pytest.mark.parametrize("chosen", ["nobody", "missing.toml", "."])
def test_a_choice_that_is_nothing_is_refused(chosen: str) -> None:
    with pytest.raises(PolicyError):
        read_policies(chosen)
