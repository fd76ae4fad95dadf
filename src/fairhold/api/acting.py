"""Calls that change what is no order: a row names a plain function from a call and its body to an answer."""

import hashlib
from collections.abc import Callable
from typing import Any, Generic, NamedTuple, TypeVar

import msgspec

from fairhold.api.http import idempotency_key
from fairhold.api.parts import Call, Parts
from fairhold.api.problems import Problem
from fairhold.api.reading import Form
from fairhold.api.readings import Reading
from fairhold.domain.reasons import Reason, Refusal
from fairhold.engine.accounts.request_keys import Noted

Body = TypeVar("Body", bound=msgspec.Struct)


class Given(NamedTuple, Generic[Body]):
    """What the request brings beside its call: the body, and the idempotency key where one was sent.

    `canonical` is the same bytes for the same meaning of the body.
    """

    body: Body
    key: str | None
    canonical: bytes


Act = Callable[[Parts, Call, Given[Any] | Problem], Reading]
"""Runs in a thread of its own. It is given what is wrong with the request, too, and answers first what comes before that:
that there is no such thing, or that this person may not see it."""


def acted(parts: Parts, act: Act, name: str, call: Call, asked: Given[Any] | Problem) -> Reading:
    """What the row named `name` answers. Another request under a key that is known changes nothing; a refusal is not kept."""
    if isinstance(asked, Problem) or asked.key is None or call.query.get("dry_run", False):
        return act(parts, call, asked)
    keys = parts.members.requests
    # What two people do about one order is apart, as it is between two orders.
    scope = msgspec.json.encode((call.caller.grant.id, str(call.actor), call.names.get("order", ""))).decode()
    request = msgspec.json.encode((name, sorted(call.names.items())))
    noted = keys.note(scope, asked.key, hashlib.sha256(request + asked.canonical).digest())
    if noted is Noted.ANOTHER:
        return Refusal(Reason.IDEMPOTENCY_KEY_REUSED, "Idempotency-Key")
    answer = act(parts, call, asked)
    if noted is Noted.NEW and isinstance(answer, Problem | Refusal):
        keys.forget(scope, asked.key)
    return answer


def given(form: Form[Body], key: bytes | None, body: bytes | Problem) -> Given[Body] | Problem:
    """Key and body, or the first fault of either."""
    known = None if key is None else idempotency_key(key.decode("latin-1"))
    if isinstance(known, Problem):
        return known
    read = body if isinstance(body, Problem) else form.read(body)
    return read if isinstance(read, Problem) else Given(read, known, form.canonical(read))
