"""Every parser of what comes from outside, given broken and hostile input, refuses in its own way, soon and in little room."""

from __future__ import annotations

import ast
import re
import time
import tracemalloc
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import fairhold
from tests.adverse.parsers import PARSERS, Parser

ROOT = Path(fairhold.__file__).parent
SECONDS = 1.0
"""Of the processor, for one input of the length that the faces let through, or a megabyte where nothing lies before it."""
MEMORY = 100 << 20

_NASTY = (
    *("\0", "'", '"', "\\", "%", "%00", "%zz", "é", "٣", "²", "１", "İ", "ß", "😀", "\u200b", "\u202e", "\ufeff"),
    *("-1", "1e309", "NaN", "null", "{", "(", "..", "/", "//", "\r\n", "\t", ",", ";", "=", "&", ":", "q=", "]]>"),
    *("[" * 2000, '{"a":' * 500, "<!ENTITY x SYSTEM 'file:///'>", "A" * 300, "9" * 5000, "0" * 40, "a" * 63 + "."),
    *("1969-12-31", "9999-12-31T23:59:60Z", "+99:99", "\\ud800", "__proto__"),
)


@st.composite
def broken(draw: st.DrawFn, specimen: str | bytes) -> str | bytes:
    """The specimen after some of: a cut, a copy, something strange put in, a letter changed; or something else altogether."""
    text = specimen if isinstance(specimen, str) else specimen.decode("latin-1")
    if draw(st.integers(0, 9)) == 0:
        return draw(st.text(max_size=60)) if isinstance(specimen, str) else draw(st.binary(max_size=60))
    for _ in range(draw(st.integers(1, 4))):
        first, last = sorted((draw(st.integers(0, len(text))), draw(st.integers(0, len(text)))))
        match draw(st.sampled_from(["cut", "copy", "put", "letter"])):
            case "cut":
                text = text[:first] + text[min(last, first + 20) :]
            case "copy":
                text = text[:last] + text[first:]
            case "put":
                text = text[:first] + draw(st.sampled_from(_NASTY)) + text[first:]
            case _:
                text = text[:first] + draw(st.characters(max_codepoint=0x2FF)) + text[first + 1 :]
    return (
        text
        if isinstance(specimen, str)
        else b"".join(one.encode("latin-1") if ord(one) < 256 else one.encode() for one in text)
    )


def told(parser: Parser, given_: Any) -> float:
    """Seconds of the processor until it answered or refused in its own way."""
    begun = time.thread_time()
    with suppress(*parser.refusals):
        parser.call(given_)
    return time.thread_time() - begun


ROWS = [pytest.param(parser, id=f"{parser.name}-{number}") for number, parser in enumerate(PARSERS)]


def test_what_each_takes_it_takes() -> None:
    for parser in PARSERS:
        for specimen in parser.specimens:
            told(parser, specimen)


@pytest.mark.slow
@pytest.mark.parametrize("parser", ROWS)
@settings(max_examples=25, suppress_health_check=[*HealthCheck])
@given(data=st.data())
def test_whatever_it_is_given_it_refuses_in_its_own_way_and_soon(parser: Parser, data: st.DataObject) -> None:
    given_ = data.draw(st.sampled_from(parser.specimens).flatmap(broken))
    assert told(parser, given_) < SECONDS


@pytest.mark.slow
@pytest.mark.parametrize("parser", ROWS)
def test_nothing_strange_put_before_into_or_after_it_is_a_fault(parser: Parser) -> None:
    for specimen in parser.specimens:
        for strange in _NASTY:
            put = strange if isinstance(specimen, str) else strange.encode()
            for at in (0, len(specimen) // 2, len(specimen)):
                told(parser, specimen[:at] + put + specimen[at:])  # type: ignore[operator]  # both are text, or both bytes


@pytest.mark.slow
@pytest.mark.parametrize("parser", ROWS)
def test_a_megabyte_takes_little_time_and_room(parser: Parser) -> None:
    for specimen in parser.specimens:
        for piece in (specimen, specimen[-1:], "[", "9", "a,", ";q=", "é"):
            put = piece if isinstance(piece, type(specimen)) else piece.encode()  # type: ignore[union-attr]  # a text, then
            large = specimen[:0] + put * (parser.longest // max(1, len(put)))  # type: ignore[operator]  # as above
            tracemalloc.start()
            try:
                taken = told(parser, large)
                _, room = tracemalloc.get_traced_memory()
            finally:
                tracemalloc.stop()
            # Under tracing everything takes several times as long.
            assert taken < 8 * SECONDS, f"{piece[:20]!r}… took {taken:.1f} s"
            assert room < MEMORY, f"{piece[:20]!r}… took {room >> 20} MB"


PARSING = re.compile(r"(read|parse|parsed|decode|reencode|verify|is_signed|kind_of)|(read|parse|decode)_\w+")
FOLDERS = ("api", "web", "gateways", "uploads.py", "engine", "domain", "proof", "cli/replay", "cli/policy")
NO_PARSERS = {
    "engine.installation.settings:read_settings": "the operator's own environment, read before anything is served",
    "engine.installation.tracking_settings:read_tracking": "as above",
    "engine.installation.identity_settings:read_identity": "as above",
    "engine.installation.policies:read_policies": "names of presets that come with Fairhold",
    "domain.policy:read_policy": "what TOML gave; tried by `parse_policy`",
    "api.rows:read": "makes a row of the table of routes",
    "api.places:read": "only behind a cursor's signature",
    "gateways.payments.bank.provider:Bank.read": "reads nothing: nobody notifies of bank transfers",
    "gateways.payments.sandbox.provider:Sandbox.read": "reads nothing: the sandbox sends no notifications",
    "web.long_texts:read_text": "keeps what was typed, and says what is wrong with it; tried by the pages' own tests",
    "proof.archive:read_archive": "tried by `verify`",
    "proof.keys:is_signed": "tried by `verify`",
}


def test_every_parser_of_the_faces_and_gateways_is_in_the_table() -> None:
    found = {name for folder in FOLDERS for path in _files(folder) for name in _parsers(path)}
    listed = {parser.name for parser in PARSERS}
    assert found - listed - set(NO_PARSERS) == set(), "give it a row in tests/adverse/parsers.py, or say why not"
    assert set(NO_PARSERS) <= found, "nothing of that name is there any more"


def _files(folder: str) -> list[Path]:
    path = ROOT / folder
    return [path] if path.suffix else sorted(path.rglob("*.py"))


def _parsers(path: Path) -> set[str]:
    """Public functions whose name says that they read, and whose first or second argument is a text, bytes or anything at all."""
    module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
    found: set[str] = set()
    tree = ast.parse(path.read_text(encoding="utf-8"))
    holders: list[ast.Module | ast.ClassDef] = [tree, *(node for node in tree.body if isinstance(node, ast.ClassDef))]
    for holder in holders:
        protocol = isinstance(holder, ast.ClassDef) and any(ast.unparse(one) == "Protocol" for one in holder.bases)
        for node in () if protocol else holder.body:
            if not isinstance(node, ast.FunctionDef) or not PARSING.fullmatch(node.name):
                continue
            given_ = [argument.annotation for argument in node.args.args if argument.annotation is not None]
            kinds = {ast.unparse(one) for one in given_[:2]}
            if kinds & {
                "str",
                "bytes",
                "object",
                "Path",
                "str | None",
                "bytes | None",
                "Iterable[str]",
                "Mapping[str, str]",
            }:
                owner = f"{holder.name}." if isinstance(holder, ast.ClassDef) else ""
                found.add(f"{module}:{owner}{node.name}")
    return found
