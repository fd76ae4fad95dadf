"""Bring the Russian catalogue up to date with the texts in the source: `python scripts/translations.py`.

New texts are added untranslated, texts that the source no longer has are dropped. With `--check` nothing is written, and
the exit status is 1 where something is missing, fuzzy or left over.
"""

import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po

SOURCE = Path(__file__).parent.parent / "src" / "fairhold"
CATALOG = SOURCE / "words" / "ru.po"
KEYWORDS = {
    "N_": None,
    "_": None,
    "gettext": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
HEADER = "# Russian texts of Fairhold. No-break spaces are put in when this file is read: write plain ones.\n"


def _extracted(path: Path) -> Iterator[Message]:
    method = "jinja2.ext:babel_extract" if path.suffix == ".html" else "python"
    options = {"extensions": "jinja2.ext.i18n", "newstyle_gettext": "true", "trimmed": "true", "silent": "false"}
    with path.open("rb") as file:
        for line, text, _, context in extract(method, file, keywords=KEYWORDS, options=options):
            yield Message(text, context=context, locations=[(path.relative_to(SOURCE).as_posix(), line)])


def texts_in_source() -> Catalog:
    """Every text that is marked for translation in the source and its templates."""
    catalog = Catalog(locale="ru", project="Fairhold", charset="utf-8")
    for path in sorted([*SOURCE.rglob("*.py"), *SOURCE.rglob("*.html")]):
        if "static" in path.parts or path.name == "catalog.py":
            continue
        for message in _extracted(path):
            catalog.add(message.id, context=message.context, locations=message.locations)
    return catalog


def problems() -> list[str]:
    """What is wrong with the catalogue, a line each."""
    with CATALOG.open("rb") as file:
        translated = read_po(file, locale="ru")
    source = texts_in_source()
    found = []
    for message in source:
        if not message.id:
            continue
        known = translated.get(message.id, message.context)
        forms = () if known is None else (known.string if isinstance(known.string, tuple) else (known.string,))
        if known is None or not forms or not all(forms):
            found.append(f"untranslated: {message.id!r}")
        elif known.fuzzy:
            found.append(f"fuzzy: {message.id!r}")
    found += [
        f"left over: {message.id!r}"
        for message in translated
        if message.id and source.get(message.id, message.context) is None
    ]
    for message in translated:
        found += [f"{message.id!r}: {error}" for error in message.check(translated)] if message.id else []
    return found


def update() -> None:
    """Add what is new to the catalogue and drop what is gone."""
    source = texts_in_source()
    known = Catalog(locale="ru")
    if CATALOG.exists():
        with CATALOG.open("rb") as file:
            known = read_po(file, locale="ru")
    fresh = Catalog(locale="ru", project="Fairhold", charset="utf-8", fuzzy=False, header_comment=HEADER.strip())
    for message in source:
        if message.id:
            before = known.get(message.id, message.context)
            files = [(name, 0) for name in dict.fromkeys(name for name, _ in message.locations)]
            fresh.add(message.id, before.string if before else "", locations=files, context=message.context)
    written = BytesIO()
    write_po(written, fresh, width=120, omit_header=True, include_lineno=False)
    header = (
        HEADER
        + 'msgid ""\nmsgstr ""\n"Language: ru\\n"\n"MIME-Version: 1.0\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n'
        + f'"Content-Transfer-Encoding: 8bit\\n"\n"Plural-Forms: {fresh.plural_forms}\\n"\n\n'
    )
    CATALOG.write_bytes(header.encode() + written.getvalue())


def main(arguments: list[str]) -> int:
    """Update, or with `--check` only look."""
    if "--check" not in arguments:
        update()
    found = problems()
    print("\n".join(found) or "The Russian catalogue is complete.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
