"""`docs/reference/api.md`: its start is written by hand, the rest comes out of the table of routes.

`python -m fairhold.api.reference docs/reference/api.md` brings the file up to date.
"""

import sys
from pathlib import Path

import msgspec

from fairhold.api.docs import code_text
from fairhold.api.fields import Field, fields_of, parts_of, taken_by
from fairhold.api.openapi import every_code, roles_of, tag_of
from fairhold.api.rows import Route
from fairhold.api.service import PREFIX
from fairhold.api.table import ROUTES
from fairhold.domain.actors import PEOPLE
from fairhold.words.catalog import Language

MARK = "<!-- What follows is generated from the table of routes; `python -m fairhold.api.reference` writes it. -->\n"


def renewed(text: str) -> str:
    """The file's text with its generated part as the table of routes has it now."""
    return text.partition(MARK)[0] + MARK + generated()


def generated() -> str:
    """Calls by group, the shapes that they take and answer, and the codes."""
    parts = ["\n## Calls\n"]
    for tag in dict.fromkeys(tag_of(route) for route in ROUTES):
        parts += [_call(route) for route in ROUTES if tag_of(route) == tag]
    parts.append("\n## Shapes\n\nFields with * are always there or always needed.\n")
    for struct in dict.fromkeys(route.answers for route in ROUTES if route.answers):
        parts += _shapes(struct)
    seen: dict[str, str] = {}
    for part in parts:
        seen.setdefault(part, part)
    parts = list(seen)
    parts.append("\n## Codes\n\n| code | status | what it says |\n|---|---|---|\n")
    parts += [_code(code, status) for code, status in every_code()]
    return "".join(parts)


def _call(route: Route) -> str:
    lines = [f"\n### {route.method} `{PREFIX}{route.path}`\n", f"\n{route.about}\n"]
    facts = [f"for {', '.join(roles_of(route))}" if route.roles != PEOPLE else "for every role"]
    if route.public:
        facts = ["for everybody, without a key"]
    if route.keyless:
        facts.append("the key may be left out")
    if route.shared:
        facts.append("caches may keep the answer for a minute")
    if route.scope is not None:
        facts.append(f"scope `{route.scope}`")
    facts.append(f"answers {route.status} `{route.answer_name}`")
    lines.append(f"\n{'; '.join(facts)}\n")
    if route.parameters:
        lines.append("\n| parameter | |\n|---|---|\n")
        lines += [f"| `{parameter.name}` | {parameter.about} |\n" for parameter in route.parameters]
    fields = taken_by(route)
    if fields:
        lines.append("\n| body | |\n|---|---|\n")
        lines += [_field(field) for field in fields]
    if route.codes:
        lines.append(f"\nCodes among others: {', '.join(f'`{code}`' for code in route.codes)}.\n")
    return "".join(lines)


def _field(field: Field) -> str:
    return f"| `{field.name}`{' *' if field.needed else ''} | {field.kind} |\n"


def _shapes(struct: type[msgspec.Struct]) -> list[str]:
    shapes = {struct.__name__: fields_of(struct)} | parts_of(struct)
    return [
        f"\n### {name}\n\n| field | |\n|---|---|\n" + "".join(_field(field) for field in fields)
        for name, fields in shapes.items()
    ]


def _code(code: str, status: int) -> str:
    title, detail = code_text(Language.EN, code)
    return f"| `{code}` | {status} | {title} {detail} |\n"


if __name__ == "__main__":
    page = Path(sys.argv[1])
    page.write_text(renewed(page.read_text(encoding="utf-8")), encoding="utf-8")
