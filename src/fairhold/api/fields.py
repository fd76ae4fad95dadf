"""The fields of a body or an answer as a reader of the documentation wants them: name, type in words, needed or not."""

from typing import Any, NamedTuple

import msgspec

from fairhold.api.rows import Route

_REFERENCE = "#/components/schemas/"
_BOUNDS = (("minimum", "≥ {}"), ("maximum", "≤ {}"), ("minLength", "≥ {} characters"), ("maxLength", "≤ {} characters"))


class Field(NamedTuple):
    """One field: `kind` says its type and bounds in words."""

    name: str
    kind: str
    needed: bool


def taken_by(route: Route) -> list[Field]:
    """What the call's body has: the fields of its JSON, or the file of its form."""
    if route.body is not None:
        return fields_of(route.body)
    return [Field("file", route.file, True)] if route.file is not None else []


def fields_of(struct: type[msgspec.Struct]) -> list[Field]:
    """The fields of `struct` in their order."""
    _, components = msgspec.json.schema_components([struct], ref_template=_REFERENCE + "{name}")
    schema = components[struct.__name__]
    needed = set(schema.get("required", ()))
    return [Field(name, _kind(inner, components), name in needed) for name, inner in schema["properties"].items()]


def _kind(schema: dict[str, Any], components: dict[str, Any]) -> str:
    if "$ref" in schema:
        name = schema["$ref"].removeprefix(_REFERENCE)
        referred = components[name]
        return _kind(referred, components) if "enum" in referred else name
    if "anyOf" in schema:
        return " or ".join(_kind(inner, components) for inner in schema["anyOf"] if inner.get("type") != "null")
    if "enum" in schema:
        return " · ".join(str(choice) for choice in schema["enum"])
    if schema.get("type") == "array":
        inner = schema.get("items") or {}
        bound = f", at most {schema['maxItems']}" if "maxItems" in schema else ""
        return f"list of {_kind(inner, components)}{bound}"
    if schema.get("format") == "date-time":
        return "moment"
    if not schema.get("type"):
        return "any JSON"
    bounds = [text.format(schema[name]) for name, text in _BOUNDS if name in schema]
    kind = {"integer": "whole number", "string": "text", "boolean": "true or false"}.get(schema["type"], schema["type"])
    return f"{kind} {', '.join(bounds)}".strip()


def parts_of(struct: type[msgspec.Struct]) -> dict[str, list[Field]]:
    """The structs inside `struct`, each by name with its fields."""
    _, components = msgspec.json.schema_components([struct], ref_template=_REFERENCE + "{name}")
    found: dict[str, list[Field]] = {}
    for name, schema in components.items():
        if name != struct.__name__ and "properties" in schema:
            needed = set(schema.get("required", ()))
            properties = schema["properties"].items()
            found[name] = [Field(field, _kind(inner, components), field in needed) for field, inner in properties]
    return found
