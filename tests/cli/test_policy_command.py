"""`fairhold policy`: what is listed, shown, checked and explained."""

from __future__ import annotations

import tomllib
from pathlib import Path

import msgspec
import pytest

from fairhold.cli.policy.places import line_of
from fairhold.cli.policy.sentences import SENTENCES
from fairhold.domain.policy import Policy
from fairhold.engine.installation.policies import PRESETS, preset, preset_text
from tests.cli.conftest import Type


def test_every_option_has_a_sentence_and_every_sentence_an_option() -> None:
    sections = msgspec.to_builtins(preset("aliexpress"))
    options = {f"{name}.{key}" for name, section in sections.items() if isinstance(section, dict) for key in section}
    assert set(SENTENCES) == options


@pytest.mark.parametrize("name", PRESETS)
def test_every_sentence_of_every_preset_is_one(name: str) -> None:
    for key, sentence in SENTENCES.items():
        told = sentence(preset(name))
        assert told.endswith("."), key
        assert "  " not in told, key
        assert "None" not in told, key


def test_the_list_begins_with_the_marketplace_s_own(typed: Type) -> None:
    assert typed("policy", "list").out.startswith("* aliexpress")
    assert typed("policy", "list", "--policy", "fair").out.startswith("* fair")
    assert [one["name"] for one in typed("policy", "list", "--json").json] == list(PRESETS)


@pytest.mark.parametrize("name", PRESETS)
def test_a_shown_preset_is_a_file_that_passes_its_check(name: str, typed: Type) -> None:
    shown = typed("policy", "show", name).out
    assert msgspec.convert(tomllib.loads(shown), Policy) == preset(name)
    Path("own.toml").write_text(shown, encoding="utf-8")
    done = typed("policy", "check", "own.toml")
    assert (done.code, done.err) == (0, "")
    assert typed("policy", "show", name, "--json").json["name"] == name


WRONG = (
    ('name = "p"\n[receipt]\nwindow_days = "x"\n', "p.toml:3: receipt.window_days expected `int`"),
    ('name = "p"\n[receipt]\nwindow_days = 0\n', "p.toml:3: receipt.window_days"),
    ('name = "p"\n\n[receipt]\nwindow = 3\n', "p.toml:4: receipt.window there is no such option"),
    ("version = 2\n", "p.toml: name is missing"),
    ('name = "p"\n[shipping]\ndeadline_days = 40\n', "p.toml:3: shipping.deadline_days must not exceed"),
    (
        'name = "p"\n[[providers]]\nname = "a"\n[[providers]]\nname = "a"\n',
        "p.toml:2: providers names a provider twice",
    ),
    (
        'name = "p"\n[commission.sellers.a]\n[commission.sellers."shop@7"]\nbasis_points = 10001\n',
        "p.toml:4: commission.sellers.shop@7.basis_points expected `int` <= 10000",
    ),
    (
        'name = "p"\n[commission.fixed]\nRUB = 5\nRUR = 5\n',
        "p.toml:4: commission.fixed.RUR is not an ISO 4217 currency",
    ),
    ('name = "p"\n[receipt\n', "p.toml: policy is not TOML: "),
    ("", "p.toml: name is missing"),
)


@pytest.mark.parametrize(("text", "told"), WRONG, ids=[told for _, told in WRONG])
def test_a_wrong_file_is_told_by_key_and_line(folder: Path, typed: Type, text: str, told: str) -> None:
    (folder / "p.toml").write_text(text, encoding="utf-8")
    done = typed("policy", "check", "p.toml")
    assert done.code == 1
    assert told in done.out
    problems = typed("policy", "check", "p.toml", "--json")
    assert problems.code == 1
    assert problems.json["problems"][0]["key"] in told


def test_a_provider_that_cannot_hold_for_so_long_is_noted(folder: Path, typed: Type) -> None:
    text = 'name = "p"\n[[providers]]\nname = "stripe"\nceiling_days = 90\n'
    (folder / "p.toml").write_text(text, encoding="utf-8")
    done = typed("policy", "check", "p.toml")
    assert done.code == 0
    assert "the longest way takes 326 days, and stripe holds money for 90" in done.out
    told = typed("policy", "explain", "p.toml").out
    assert "does not fit: what is left then is refunded (90 days short by 236 d)" in told


def test_explaining_adds_the_longest_way_up(typed: Type) -> None:
    told = typed("policy", "explain", "fair").out
    lengths = [line.split()[-2:] for line in told.splitlines() if line.endswith(" d")]
    *stretches, together = [int(days) for days, _ in lengths]
    assert sum(stretches) == together == 346
    assert "sandbox holds money without end." in told


def test_what_sellers_pay_is_explained_part_by_part(folder: Path, typed: Type) -> None:
    text = """
name = "p"
[commission]
fixed = { RUB = 1000, JPY = 50, KWD = 1500 }
[commission.category_fixed]
books = { RUB = 550 }
[commission.sellers.shop-7]
basis_points = 250
fixed = {}
[commission.sellers.shop-8]
categories = { books = 100 }
category_fixed = { books = { RUB = 1 }, toys = {} }
"""
    (folder / "p.toml").write_text(text, encoding="utf-8")
    told = typed("policy", "explain", "p.toml").out
    assert "for each line of an order, whatever its quantity: 50 JPY, 1.500 KWD, 10 RUB." in told
    assert "Other fixed parts by category: 5.50 RUB for books." in told
    assert "shop-7: 2.5 %, nothing a line; " in told
    assert "shop-8: by category 1 % for books, a line by category 0.01 RUB for books, nothing for toys." in told
    assert "It takes no fixed part." in typed("policy", "explain", "aliexpress").out


def test_a_copied_preset_takes_tables_of_sellers_and_categories(folder: Path, typed: Type) -> None:
    own = preset_text("aliexpress").replace(
        "[commission.sellers]", '[commission.sellers."shop-7"]\nfixed = { RUB = 1 }'
    )
    (folder / "own.toml").write_text(own, encoding="utf-8")
    assert (typed("policy", "check", "own.toml").code, "shop-7" in own) == (0, True)


def test_a_policy_that_is_not_there_is_named_with_those_that_are(typed: Type) -> None:
    for verb in ("show", "explain", "check"):
        done = typed("policy", verb, "kind")
        assert done.code == 2
        assert "There is no policy kind: No such file or directory.\n  Presets are aliexpress, fair" in done.err


@pytest.mark.parametrize(
    ("key", "line"),
    [("name", 1), ("receipt", 2), ("receipt.window_days", 3), ("receipt.nothing", 2), ("providers[0].ceiling", 4),
     ("nothing", None)],
)  # fmt: skip
def test_a_key_is_found_on_its_line(key: str, line: int | None) -> None:
    assert line_of('name = "p"\n[receipt]\n window_days=3\n[[providers]]\nname = "a"\n', key) == line
