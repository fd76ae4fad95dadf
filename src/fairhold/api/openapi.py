"""OpenAPI 3.1 out of the table of routes: nothing is described twice."""

import re
from typing import Any

import msgspec

from fairhold import __version__
from fairhold.api.parameters import PERSON_SCHEMA, Parameter
from fairhold.api.problems import REASON_STATUSES, STATUSES, ProblemOut
from fairhold.api.rows import Route
from fairhold.api.service import PREFIX
from fairhold.api.shapes import ActionOut
from fairhold.api.table import ROUTES
from fairhold.api.wire_reviews import ReviewDetail
from fairhold.api.wire_webhooks import WebhookPayload
from fairhold.domain.actors import PEOPLE, Role
from fairhold.domain.ids import ORDER_ID_PATTERN
from fairhold.engine.intake.photos import ID_PATTERN
from fairhold.engine.webhooks.event_types import ALL_TYPES
from fairhold.words.webhooks import TYPE_TEXTS

_NAMES: dict[str, tuple[dict[str, Any], str]] = {
    "dispute": ({"type": "string"}, "The dispute's `id`: its order's, and which of its disputes it is."),
    "chargeback": ({"type": "string"}, "The chargeback's `id`: its order's, and which of its chargebacks it is."),
    "refund": ({"type": "integer", "minimum": 1}, "The refund's `number`, from the order."),
    "number": ({"type": "integer", "minimum": 1}, "The offer's `number`."),
    "order": ({"type": "string", "pattern": ORDER_ID_PATTERN}, "The order's id."),
    "shipment": ({"type": "string"}, "The parcel's id."),
    "review": ({"type": "string", "pattern": ORDER_ID_PATTERN}, "The review's id, which does not tell its order."),
    "seller": (dict(PERSON_SCHEMA), "The seller's id."),
    "buyer": (dict(PERSON_SCHEMA), "The buyer's id."),
    "sku": ({"type": "string", "minLength": 1, "maxLength": 64}, "The product's SKU, percent-encoded."),
    "photo": ({"type": "string", "pattern": ID_PATTERN}, "The photo's id."),
    "day": ({"type": "string", "format": "date"}, "The day, in UTC: `2026-05-19`."),
    "task": ({"type": "string"}, "The reference of a bank transfer."),
    "webhook": ({"type": "string"}, "The endpoint's id."),
    "payout": ({"type": "string"}, "The payout's id."),
    "difference": ({"type": "string"}, "The open item's id, from the list."),
    "delivery": ({"type": "string"}, "The message's `webhook-id`."),
    "key": ({"type": "string"}, "The key's id, from the list."),
    "account": ({"type": "string"}, "The account's name, such as `seller:shop-7:RUB`."),
    "person": (PERSON_SCHEMA, "A person's id, without a role."),
}
_SIGNED = (
    ("webhook-id", "The message's id: the same however often it is sent."),
    ("webhook-timestamp", "When it was sent, in seconds since 1970."),
    ("webhook-signature", "`v1,` and the signature; several, separated by blanks, while a secret is being replaced."),
)
_ROLE_ORDER = {role: rank for rank, role in enumerate(Role)}
_ABOUT = """\
Buyer protection that a marketplace owns: Fairhold holds the buyer's money until the goods are in the buyer's hands.

Every call takes `Authorization: Bearer KEY` and `Fairhold-Actor: role:id`, the person it speaks for. Commands take an
`Idempotency-Key`: the same key and body give the same answer, another body is refused. `?dry_run=1` answers what would
happen. Money is in minor units, time is RFC 3339 in UTC. A refusal is a problem document with a stable `code`; nothing has
changed then. `Accept-Language` chooses Russian or English; without it, English."""


def document() -> dict[str, Any]:
    """The whole description, ready for JSON."""
    types = (
        [route.answers for route in ROUTES if route.answers]
        + [route.body for route in ROUTES if route.body]
        + [ProblemOut, ActionOut, WebhookPayload]
    )
    unique = list(dict.fromkeys(types))
    references, components = msgspec.json.schema_components(unique, ref_template="#/components/schemas/{name}")
    schema_of = dict(zip(unique, references, strict=True))
    paths: dict[str, dict[str, Any]] = {}
    for route in ROUTES:
        paths.setdefault(PREFIX + route.path, {})[route.method.lower()] = _operation(route, schema_of)
    return {
        "openapi": "3.1.1",
        "info": {
            "title": "Fairhold",
            "version": __version__,
            "summary": "Hold the money, ship, deliver, confirm or time out, release.",
            "description": _ABOUT,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "jsonSchemaDialect": "https://json-schema.org/draft/2020-12/schema",
        "servers": [{"url": "/"}],
        "security": [{"key": []}],
        "tags": [{"name": tag} for tag in dict.fromkeys(tag_of(route) for route in ROUTES)],
        "paths": paths,
        "webhooks": {name: _webhook(name, schema_of[WebhookPayload]) for name in ALL_TYPES},
        "components": {
            "schemas": components,
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}},
            "parameters": _headers(),
            "responses": _problems(schema_of[ProblemOut]),
        },
    }


def _webhook(type: str, payload: Any) -> dict[str, Any]:
    """What a receiver of this type is sent, and what it answers."""
    return {
        "post": {
            "operationId": type,
            "summary": TYPE_TEXTS[type].removesuffix("."),
            "description": "Signed as Standard Webhooks (standardwebhooks.com) say; tried again for three days.",
            "security": [],
            "parameters": [
                {"name": name, "in": "header", "required": True, "schema": {"type": "string"}, "description": about}
                for name, about in _SIGNED
            ],
            "requestBody": {"required": True, "content": {"application/json": {"schema": payload}}},
            "responses": {"2XX": {"description": "It was taken."}},
        }
    }


def tag_of(route: Route) -> str:
    """The group that a call stands in: the first segment of its path."""
    return route.path.split("/")[1]


def roles_of(route: Route) -> list[str]:
    """Who may call, in the order of the roles."""
    return [role.value for role in sorted(route.roles, key=_ROLE_ORDER.__getitem__)]


def path_names(route: Route) -> list[str]:
    """What the path leaves open."""
    return re.findall(r"{(\w+)}", route.path)


def codes_by_status(route: Route) -> dict[int, list[str]]:
    """The codes that the row names, by HTTP status."""
    statuses = dict(every_code())
    found: dict[int, list[str]] = {}
    for code in route.codes:
        found.setdefault(statuses[code], []).append(code)
    return found


def _operation(route: Route, schema_of: dict[Any, Any]) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": route.name,
        "tags": [tag_of(route)],
        "summary": route.about.partition(". ")[0].removesuffix("."),
        "description": _description(route),
        "parameters": [_path_parameter(name) for name in path_names(route)]
        + [_query_parameter(parameter) for parameter in route.parameters]
        + [{"$ref": f"#/components/parameters/{name}"} for name in _header_names(route)],
        "responses": _responses(route, schema_of),
        "x-roles": roles_of(route),
    }
    if route.public:
        operation["security"] = []
    elif route.keyless:
        operation["security"] = [{"key": []}, {}]
    if route.body is not None:
        operation["requestBody"] = {
            "required": True,
            "content": {"application/json": {"schema": schema_of[route.body]}},
        }
    elif route.special in ("carrier", "payments"):
        # What the service sends; only its signature and what is read of it are ours to check.
        operation["requestBody"] = {"required": True, "content": {"application/json": {"schema": {"type": "object"}}}}
    elif route.file is not None:
        # How the file's part is typed says nothing: the bytes do.
        form = {
            "type": "object",
            "required": ["file"],
            "properties": {"file": {"type": "string", "contentMediaType": "application/octet-stream"}},
            "additionalProperties": False,
        }
        operation["requestBody"] = {"required": True, "content": {"multipart/form-data": {"schema": form}}}
    return operation


def _description(route: Route) -> str:
    sentences = [route.about]
    if route.public:
        sentences.append("No key is needed.")
    if route.keyless:
        sentences.append("The key may be left out.")
    if route.shared:
        sentences.append("Any site's script may ask; caches may keep the answer for a minute, under its ETag.")
    if route.roles != PEOPLE:
        sentences.append(f"For: {', '.join(roles_of(route))}.")
    if route.scope is not None:
        sentences.append(f"The key needs the scope `{route.scope}`.")
    return " ".join(sentences)


def _path_parameter(name: str) -> dict[str, Any]:
    schema, about = _NAMES[name]
    return {"name": name, "in": "path", "required": True, "schema": schema, "description": about}


def _query_parameter(parameter: Parameter) -> dict[str, Any]:
    return {
        "name": parameter.name,
        "in": "query",
        "required": False,
        "schema": dict(parameter.schema),
        "description": parameter.about,
    }


def _header_names(route: Route) -> list[str]:
    names = ["Language"] if route.public else ["Actor", "Language"]
    if route.method != "GET":
        names.append("Key" if route.build is not None else "OptionalKey")
    return names


def _headers() -> dict[str, Any]:
    def header(name: str, about: str, schema: dict[str, Any], *, required: bool = False) -> dict[str, Any]:
        return {"name": name, "in": "header", "required": required, "schema": schema, "description": about}

    key = {
        "type": "string",
        "minLength": 1,
        "maxLength": 200,
        "pattern": "^[\\x21-\\x7e]([\\x20-\\x7e]*[\\x21-\\x7e])?$",
    }
    actor = {"type": "string", "pattern": f"^(buyer|seller|mediator|support|operator):{PERSON_SCHEMA['pattern'][1:]}"}
    return {
        "Actor": header("Fairhold-Actor", "For whom the key speaks; `operator:ops` where it may.", actor),
        "Language": header(
            "Accept-Language", "`ru` or `en`, for titles, details and sentences; without it `en`.", {"type": "string"}
        ),
        "Key": header(
            "Idempotency-Key", "The caller's own name for this command; a dry run needs none.", key, required=True
        ),
        "OptionalKey": header("Idempotency-Key", "May be given; in a batch each command has its own.", key),
    }


def _responses(route: Route, schema_of: dict[Any, Any]) -> dict[str, Any]:
    content: dict[str, Any] = {"application/json": {"schema": schema_of.get(route.answers)}}
    if route.answers is None:
        content = {route.download: {"schema": {"type": "string", "format": "binary"}}}
    responses: dict[str, Any] = {"200": {"description": _success(route), "content": content}}
    if route.status == 201:
        responses = {"201": {"description": "Made.", "content": content}}
        if route.build is not None:
            responses["200"] = {"description": "What would happen (dry run).", "content": content}
    if route.shared or route.keyless:
        responses["304"] = {"description": "What `If-None-Match` names is still so."}
    statuses = ["404", "422", "500", "503"] + ([] if route.public else ["401", "403"])
    if route.method != "GET":
        statuses += ["413", "415"]
    if route.build is not None:
        statuses.append("409")
    named = codes_by_status(route)
    statuses += [str(status) for status in named if str(status) not in statuses]
    for status in sorted(statuses):
        if named.get(int(status)):
            codes = ", ".join(f"`{code}`" for code in named[int(status)])
            shared = _problems(schema_of[ProblemOut])[f"Problem{status}"]
            responses[status] = {**shared, "description": f"{shared['description']} Among others: {codes}."}
        else:
            responses[status] = {"$ref": f"#/components/responses/Problem{status}"}
    return responses


def _success(route: Route) -> str:
    if route.build is None:
        return "The answer."
    return "The review as it now is." if route.answers is ReviewDetail else "The order as it now is."


_STATUS_WORDS = {
    401: "No valid key.",
    403: "This person may never do that.",
    404: "There is no such thing, or this person may not see it.",
    409: "The order's state does not allow it, or it is too late.",
    413: "The body is too large.",
    415: "The body is not declared as what this call takes.",
    422: "The request itself is at fault; `field` says where.",
    429: "As many as a day may have; come again after `Retry-After` seconds.",
    500: "A bug of ours; nothing was half done.",
    503: "Come again after `Retry-After` seconds.",
}


def _problems(schema: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for status, words in _STATUS_WORDS.items():
        response: dict[str, Any] = {"description": words, "content": {"application/problem+json": {"schema": schema}}}
        if status in (429, 503):
            response["headers"] = {"Retry-After": {"schema": {"type": "integer"}, "description": "Seconds."}}
        if status == 401:
            response["headers"] = {"WWW-Authenticate": {"schema": {"type": "string"}}}
        found[f"Problem{status}"] = response
    return found


def every_code() -> list[tuple[str, int]]:
    """All codes with their statuses, by status and name."""
    codes = {fault.value: status for fault, status in STATUSES.items()}
    codes |= {reason.value: status for reason, status in REASON_STATUSES.items()}
    return sorted(codes.items(), key=lambda pair: (pair[1], pair[0]))
