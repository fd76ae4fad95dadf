"""Commands: from a request's pieces to an envelope for the engine, and from its outcome to the answer.

One POST and one entry of a batch take the same way.
"""

import hashlib
from typing import Any, NamedTuple

import msgspec

from fairhold.access.reviews import eyes_on
from fairhold.api.asking import Context
from fairhold.api.eyes import seen_review
from fairhold.api.http import MAX_BODY, Reply, idempotency_key
from fairhold.api.orders import order_out
from fairhold.api.parameters import read_query
from fairhold.api.parts import Call, Parts
from fairhold.api.problems import Problem, tell
from fairhold.api.reading import Form
from fairhold.api.reviews import detail_out
from fairhold.api.routing import Found
from fairhold.api.rows import Route
from fairhold.api.shapes import Out
from fairhold.api.table import ROUTES
from fairhold.domain.guards import GUARDS, may
from fairhold.domain.ids import OrderId, is_order_id
from fairhold.domain.reasons import Reason, Refusal
from fairhold.engine.kernel.envelope import Answer, Envelope, Faulty, Outcome, Overloaded, Unavailable
from fairhold.words.faults import Fault
from fairhold.words.reader import Reader

encode = msgspec.json.Encoder().encode

FORMS: dict[str, Form[Any]] = {route.name: Form(route.body) for route in ROUTES if route.body is not None}
"""What reads the body of each call, by the call's name."""

_NOT_FOUND = Refusal(Reason.NOT_FOUND)
_REPLAYED = ((b"idempotent-replayed", b"true"),)


class Given(NamedTuple):
    """What a command's request brings beside its call: the path as it was given, the key, the body."""

    path: str
    query: bytes
    key: str | None
    body: bytes


def prepare(parts: Parts, found: Found, call: Call, given: Given) -> Envelope | Problem | Refusal:
    """The envelope for the engine, or why there is none, in the order of checks that the table states."""
    route = found.route
    if "review" in call.names:
        seen = seen_review(parts, call)
        if isinstance(seen, Refusal):
            return seen
        if not seen.eyes.party:
            return Refusal(Reason.NOT_ALLOWED)
        call.names["order"] = seen.order.id
    if call.actor.role not in route.roles:
        return first_fault(parts, route, call, Refusal(Reason.NOT_ALLOWED))
    if not call.caller.has(route.scope):
        return first_fault(parts, route, call, Problem(Fault.SCOPE_NOT_GRANTED))
    envelope = _envelope(parts, route, call, given)
    return envelope if isinstance(envelope, Envelope) else first_fault(parts, route, call, envelope)


def first_fault(parts: Parts, route: Route, call: Call, fault: Problem | Refusal) -> Problem | Refusal:
    """What to answer when `fault` was found: that there is no such order comes before it, and that the role may not."""
    if "review" in call.names:
        seen = seen_review(parts, call)
        if isinstance(seen, Refusal):
            return seen
        outside = route.build is not None and not seen.eyes.party
        return Refusal(Reason.NOT_ALLOWED) if outside or call.actor.role not in route.roles else fault
    if "order" not in call.names:
        return fault
    order = parts.order(call.actor, call.names["order"])
    if isinstance(order, Refusal):
        return order
    guards = [guard for guard in GUARDS if guard.command in route.asks]
    if guards and not any(may(guard, order, call.actor) for guard in guards):
        return Refusal(Reason.NOT_ALLOWED)
    return fault


def _envelope(parts: Parts, route: Route, call: Call, given: Given) -> Envelope | Problem | Refusal:
    order = call.names.get("order")
    if order is not None and not is_order_id(order):
        return _NOT_FOUND
    query = read_query(given.query, route.parameters)
    if isinstance(query, Problem):
        return query
    dry_run: bool = query.get("dry_run", False)
    key = None if dry_run and given.key is None else idempotency_key(given.key)
    if isinstance(key, Problem):
        return key
    if len(given.body) > MAX_BODY:
        return Problem(Fault.BODY_TOO_LARGE, limit=str(MAX_BODY))
    form = FORMS[route.name]
    body = form.read(given.body)
    if isinstance(body, Problem):
        return body
    if order is None:
        order = getattr(body, "order", None)
        if order is not None and not is_order_id(order):
            return Refusal(Reason.NOT_FOUND, "order")
    assert route.build is not None, "only commands come here"
    command = route.build(body, Context(call.actor, call.names, parts.policies, parts.photos))
    if isinstance(command, (Problem, Refusal)):
        return command
    return Envelope(
        order=None if order is None else OrderId(order),
        command=command,
        actor=call.actor,
        key=None if dry_run or key is None else _own_key(call, key),
        fingerprint=b"" if dry_run else _fingerprint(given.path, call, form.canonical(body)),
        dry_run=dry_run,
        source=call.caller.grant.id,
    )


def _own_key(call: Call, key: str) -> str:
    """The key as the order keeps it. Of a review the caller may not know the order, so their keys on orders must not meet it.

    No key of a request begins with a blank.
    """
    return f" {call.names['review']}/{key}" if "review" in call.names else key


def _fingerprint(path: str, call: Call, canonical: bytes) -> bytes:
    """What a repeat must share with the first request: path, person and meaning of the body. Commands are all POST."""
    return hashlib.sha256(f"POST {path}\n{call.actor}\n".encode() + canonical).digest()


def reply_to(
    parts: Parts,
    route: Route,
    call: Call,
    outcome: Outcome | Faulty | Unavailable,
    *,
    dry_run: bool,
    key: str = "Idempotency-Key",
) -> Reply:
    """The answer for what the engine said; `key` is where the request has its idempotency key.

    For a command on a review it reads the order's history, and so belongs on a thread of its own.
    """
    if isinstance(outcome, Answer):
        body = encode(_answered(parts, call, outcome))
        headers = _REPLAYED if outcome.repeated else ()
        if route.status == 201 and not dry_run:
            return Reply(201, body, ((b"location", f"/v1/orders/{outcome.order.id}".encode()), *headers))
        return Reply(200, body, headers)
    if isinstance(outcome, Refusal):
        if outcome.reason is Reason.IDEMPOTENCY_KEY_REUSED:
            outcome = Refusal(outcome.reason, key)
        return problem_reply(outcome, call.reader)
    return failure_reply(outcome, call.reader)


def _answered(parts: Parts, call: Call, answer: Answer) -> Out:
    """The order as it then was, or the review alone, with the texts that its order's history had then."""
    order = answer.order
    review = order.review(call.names.get("review"))
    if review is None:
        return order_out(order, call.actor, answer.now, call.reader)
    eyes = eyes_on(order, review, call.actor)
    assert eyes is not None, "who may give a command on a review sees it afterwards, too"
    before = parts.queries.history(order.id)[: order.version - len(answer.events)]
    history = [*before, *enumerate(answer.events, len(before) + 1)]
    return detail_out(order, review, call.actor, answer.now, eyes, history)


def problem_reply(problem: Problem | Refusal, reader: Reader) -> Reply:
    """The answer that tells a problem."""
    told = tell(problem, reader.words)
    return Reply(told.status, encode(told.body), problem.headers if isinstance(problem, Problem) else ())


def failure_reply(failure: Exception, reader: Reader) -> Reply:
    """The answer for a failure of ours: come again (503), or a bug (500) of which nothing is said."""
    if isinstance(failure, Overloaded):
        again = ((b"retry-after", str(failure.retry_after_seconds).encode()),)
        return problem_reply(Problem(Fault.OVERLOADED, headers=again), reader)
    if isinstance(failure, Unavailable):
        return problem_reply(Problem(Fault.UNAVAILABLE, headers=((b"retry-after", b"1"),)), reader)
    return problem_reply(Problem(Fault.INTERNAL_ERROR), reader)
