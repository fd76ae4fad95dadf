"""The documentation page: the table of routes for people to read. Served by Fairhold itself, without a script."""

import re
from functools import cache
from importlib.resources import files
from itertools import groupby
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from fairhold.api.fields import taken_by
from fairhold.api.openapi import every_code, roles_of, tag_of
from fairhold.api.rows import Route
from fairhold.api.service import PREFIX
from fairhold.api.table import ROUTES
from fairhold.domain.reasons import Reason
from fairhold.words.catalog import Language, words_of
from fairhold.words.faults import Fault
from fairhold.words.problems import fault_text
from fairhold.words.refusals import RefusalText, refusal_text

_FAULTS = frozenset(fault.value for fault in Fault)


@cache
def docs_page(language: Language) -> bytes:
    """The whole page in `language`; the calls themselves are described in English."""
    words = words_of(language)
    environment = Environment(loader=PackageLoader("fairhold.api", "."), autoescape=True, undefined=StrictUndefined)
    rows = sorted(ROUTES, key=tag_of)
    groups = [(tag, [_row(route) for route in routes]) for tag, routes in groupby(rows, key=tag_of)]
    first = {tag_of(route): rank for rank, route in reversed(list(enumerate(ROUTES)))}
    environment.filters |= {"code": _with_code, "breakable": _breakable}
    page = environment.get_template("docs.html").render(
        _=words.gettext,
        language=language.value,
        prefix=PREFIX,
        groups=sorted(groups, key=lambda group: first[group[0]]),
        codes=[_code(language, code, status) for code, status in every_code()],
        example_url=f"http://localhost:8000{PREFIX}/orders/ORDER/receipt",
    )
    return page.encode()


@cache
def style_sheet() -> bytes:
    """The page's style sheet."""
    return files("fairhold.api").joinpath("docs.css").read_bytes()


def _with_code(text: str) -> Markup:
    """`text` with what stands between backticks set as code."""
    return Markup(re.sub(r"`([^`]+)`", r"<code>\1</code>", str(escape(text))))  # noqa: S704 - escaped just now


def _breakable(path: str) -> Markup:
    """A path that may break before its slashes."""
    return Markup(str(escape(path)).replace("/", "<wbr>/"))  # noqa: S704 - escaped just now


def _row(route: Route) -> dict[str, Any]:
    return {
        "method": route.method,
        "path": route.path,
        "name": route.name,
        "about": route.about,
        "roles": roles_of(route),
        "scope": route.scope,
        "parameters": route.parameters,
        "fields": taken_by(route),
        "status": route.status,
        "answers": route.answer_name,
        "public": route.public,
        "codes": route.codes,
    }


def _code(language: Language, code: str, status: int) -> dict[str, Any]:
    title, detail = code_text(language, code)
    return {"code": code, "status": status, "title": title, "detail": detail}


def code_text(language: Language, code: str) -> RefusalText:
    """Title and detail of a code, of the transport or of the domain."""
    words = words_of(language)
    return fault_text(words, Fault(code)) if code in _FAULTS else refusal_text(words, Reason(code))
