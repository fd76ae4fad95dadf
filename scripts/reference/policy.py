"""Every option of a policy: its default, its bounds, what it is for, and what the presets choose."""

import json
import re
from collections.abc import Iterator
from inspect import getdoc

import msgspec
from msgspec import inspect

from fairhold.domain.instants import DAY
from fairhold.domain.liveness import longest_path
from fairhold.domain.policy import Policy
from fairhold.engine.installation.policies import PRESETS, preset, preset_text
from scripts.reference import markdown
from scripts.reference.markdown import code, table

_INTRO = """
A policy is a TOML file. A marketplace chooses one by `FAIRHOLD_POLICY` (the name of a preset, or the path of its own
file), and an order may be placed under another by name. The money rules are frozen into the order when it is placed:
changing the policy never changes an order that exists. [How to choose a policy](../how-to/choose-a-policy.md) walks
through it; `fairhold policy check FILE` says what is wrong with a file, naming the key.
"""
_MORE = {
    "reviews": "These follow the policy of the day, for orders placed before as well. What they lead to: [reviews](reviews.md).",
    "payouts": "These follow the policy of the day, too. A seller's own terms come before them (`POST /payees/{seller}`).",
}
_ALSO = {
    "payouts.reserve_days": "how long «lately» is",
    "protection.max_days": "the other bound",
    "protection.lapse_extension_days": "how long that is",
    "receipt.try_first_categories": "goods that are better tried before confirming: their buyers are told so (S36)",
    "receipt.try_first_from": "the same from this price on, by currency, in minor units",
    "commission.category_fixed": "other fixed parts by category: { books = { RUB = 500 } }",
    "commission.sellers": (
        'other commissions by seller: a table like `[commission.sellers."shop-7"]`, in which any of the four options above '
        "replaces the general one, all of it"
    ),
    "reviews.revision_days": "within this time after it was left",
    "reviews.languages": "languages that reviews are written in (S25)",
}
"""What the default preset's own comments leave to the reader."""
_COMMENT = re.compile(r"^(?P<key>[a-z_]+) *=.*?# *(?P<text>[^#]*)$")


def page() -> str:
    """The page."""
    parts = [_INTRO, _presets()]
    info = inspect.type_info(Policy)
    assert isinstance(info, inspect.StructType)
    parts.extend(
        _section(field.name, field.type) for field in info.fields if isinstance(field.type, inspect.StructType)
    )
    return markdown.page("Policy", *parts, _longest())


def _section(name: str, info: inspect.StructType) -> str:
    default = getattr(preset("aliexpress"), name)
    rows = [
        (code(field.name), code(_shown(getattr(default, field.name))), _allowed(field.type), _meaning(name, field.name))
        for field in info.fields
    ]
    said = [getdoc(info.cls) or "", _MORE.get(name, "")]
    return f"## `[{name}]`\n\n{' '.join(said).strip()}\n\n" + table(("option", "default", "allowed", "meaning"), rows)


def _meaning(section: str, option: str) -> str:
    said = _ALSO.get(f"{section}.{option}") or dict(_comments(section)).get(option)
    if not said:
        raise AssertionError(f"nothing says what {section}.{option} is for")
    return said


def _comments(section: str) -> Iterator[tuple[str, str]]:
    """What the default preset says about each option of a section, beside it."""
    current = ""
    for line in preset_text("aliexpress").splitlines():
        if line.startswith("["):
            current = line.strip("[] ")
        found = _COMMENT.match(line)
        if found and current == section:
            yield found["key"], found["text"].strip()


def _allowed(kind: inspect.Type) -> str:
    match kind:
        case inspect.IntType(ge=low, le=high):
            return f"{low}–{high}" if high is not None else f"{low} and more"
        case inspect.BoolType():
            return "true, false"
        case inspect.LiteralType(values=values):
            return ", ".join(code(value) for value in values)
        case inspect.StrType():
            return "a text"
        case inspect.VarTupleType(item_type=item):
            return f"a list: {_allowed(item)}"
        case inspect.DictType(value_type=value):
            return f"a table: {_allowed(value)}"
        case inspect.StructType(fields=fields):
            return "any of " + ", ".join(code(field.name) for field in fields)
        case _:
            raise AssertionError(f"no words for {kind}")


def _shown(value: object) -> str:
    """`value` as TOML writes it."""
    match value:
        case dict():
            return "{ " + ", ".join(f"{key} = {_shown(one)}" for key, one in value.items()) + " }" if value else "{}"
        case list() | tuple():
            return "[" + ", ".join(map(_shown, value)) + "]"
        case _:
            return json.dumps(value, ensure_ascii=False)


def _presets() -> str:
    default = _flat("aliexpress")
    rows = []
    for name in PRESETS:
        own = _flat(name)
        different = [f"`{key} = {own[key]}`" for key in own if own[key] != default.get(key)]
        rows.append((code(name), preset(name).summary, " ".join(different) or "the default"))
    return "## Presets\n\n" + table(("name", "summary", "differs from `aliexpress` in"), rows)


def _flat(name: str) -> dict[str, str]:
    found = {}
    for section, options in msgspec.to_builtins(preset(name)).items():
        if isinstance(options, dict):
            found.update({f"{section}.{key}": _shown(value) for key, value in options.items()})
    return found


def _longest() -> str:
    columns = ("preset", *(code(name) for name in PRESETS))
    paths = {
        name: {step.what.lstrip("0123456789 "): step.length for step in longest_path(preset(name))} for name in PRESETS
    }
    stretches = dict.fromkeys(what for path in sorted(paths.values(), key=len, reverse=True) for what in path)
    rows = [(what, *(str(-(-paths[name].get(what, 0) // DAY)) for name in PRESETS)) for what in stretches]
    rows.append(("**together**", *(f"**{-(-sum(paths[name].values()) // DAY)}**" for name in PRESETS)))
    remark = (
        "How long money of a deal without disputes can be held at most under each preset, in days, rounded up. A payment "
        "provider must be able to hold it that long. A dispute stops these clocks; where a provider has a ceiling, its "
        "negotiation ends early enough for a mediator, and at the ceiling the buyer is refunded."
    )
    return f"## The longest way\n\n{remark}\n\n" + table(columns, rows)
