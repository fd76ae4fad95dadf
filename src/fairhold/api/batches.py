"""`POST /commands`: many commands in one request, each answered as its own POST would be."""

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

import msgspec
from starlette.concurrency import run_in_threadpool

from fairhold.api.auth import Caller, actor_of
from fairhold.api.bodies import Commands, Entry
from fairhold.api.commanding import Given, failure_reply, prepare, problem_reply, reply_to
from fairhold.api.http import Reply
from fairhold.api.parts import Call, Parts
from fairhold.api.problems import Problem
from fairhold.api.reading import Form
from fairhold.api.routing import Found, Router
from fairhold.domain.reasons import Refusal
from fairhold.engine.kernel.envelope import Envelope, Faulty, Outcome, Unavailable
from fairhold.words.faults import Fault

_COMMANDS: Form[Commands] = Form(Commands, parts_read_later=True)
_ENTRY: Form[Entry] = Form(Entry)


async def run(parts: Parts, router: Router, call: Call, body: bytes) -> Reply:
    """Answer the batch: 200 with an outcome for each command, in their order, good and bad alike."""
    entries = _entries(body)
    if isinstance(entries, Problem):
        return problem_reply(entries, call.reader)

    def prepare_all() -> list[Prepared | Problem | Refusal]:
        return [_prepare(parts, router, call, bytes(entry)) for entry in entries]

    # Reviews have texts to be read, and their answers are made out of histories.
    apart = b"/reviews" in body
    prepared = await run_in_threadpool(prepare_all) if apart else prepare_all()
    envelopes = [item[2] for item in prepared if not isinstance(item, (Problem, Refusal))]
    outcomes = iter(await parts.engine.submit_many(envelopes))

    def tell_all() -> bytes:
        return b",".join(_piece(parts, item, outcomes, call) for item in prepared)

    pieces = await run_in_threadpool(tell_all) if apart else tell_all()
    return Reply(200, b'{"outcomes":[' + pieces + b"]}")


def _entries(body: bytes) -> tuple[bytes | msgspec.Raw, ...] | Problem:
    read = _COMMANDS.read(body)
    if isinstance(read, Commands):
        return read.commands
    if read.fault is not Fault.MALFORMED_JSON:
        return read
    # One entry with half a character or a NaN must not take the others with it: a lenient reader parts them first.
    try:
        document: Any = json.loads(body.decode("utf-8", "surrogateescape"))
        parted = [json.dumps(entry).encode() for entry in document["commands"]]
    except (ValueError, TypeError, KeyError, RecursionError):
        return read
    lean = _COMMANDS.read(msgspec.json.encode({**dict.fromkeys(document), "commands": [{}] * len(parted)}))
    return lean if isinstance(lean, Problem) else tuple(parted)


Prepared = tuple[Found, Call, Envelope]


def _prepare(parts: Parts, router: Router, call: Call, raw: bytes) -> Prepared | Problem | Refusal:
    entry = _ENTRY.read(raw)
    if isinstance(entry, Problem):
        return entry._replace(field=entry.field.removeprefix("body.")) if entry.field else entry
    path, _, query = entry.path.partition("?")
    found = router.find("POST", unquote(path))
    if isinstance(found, Problem):
        return found
    if found.route.build is None:
        return Problem(Fault.NOT_IN_A_BATCH, "path")
    caller = call.caller
    if entry.actor is not None:
        actor = actor_of(caller.grant, entry.actor)
        if isinstance(actor, Problem):
            return actor._replace(field="actor")
        caller = Caller(actor, caller.grant)
    own = Call(caller, found.names, {}, call.reader)
    given = Given(unquote(path), query.encode("utf-8", "replace"), entry.key, bytes(entry.body))
    envelope = prepare(parts, found, own, given)
    if isinstance(envelope, Envelope):
        return found, own, envelope
    if isinstance(envelope, Problem) and envelope.field == "Idempotency-Key":
        return envelope._replace(field="key")
    return envelope


def _piece(
    parts: Parts,
    item: Prepared | Problem | Refusal,
    outcomes: Iterator[Outcome | Faulty | Unavailable],
    call: Call,
) -> bytes:
    if isinstance(item, (Problem, Refusal)):
        reply = problem_reply(item, call.reader)
    else:
        found, own, envelope = item
        outcome = next(outcomes)
        reply = (
            failure_reply(outcome, call.reader)
            if isinstance(outcome, (Faulty, Unavailable))
            else reply_to(parts, found.route, own, outcome, dry_run=envelope.dry_run, key="key")
        )
    return b'{"status":%d,"body":%b}' % (reply.status, reply.body)
