"""Everything below `/v1`: one ASGI application, straight from a request to its answer."""

import asyncio
from time import perf_counter

import structlog
from starlette.concurrency import run_in_threadpool
from starlette.types import Receive, Scope, Send

from fairhold.api import batches, carriers, payments, photos, readings
from fairhold.api.acting import acted, given
from fairhold.api.auth import ANYBODY, Caller, Keys
from fairhold.api.commanding import FORMS, Given, encode, failure_reply, first_fault, prepare, problem_reply, reply_to
from fairhold.api.cursors import Cursors
from fairhold.api.http import (
    JPEG,
    MAX_BATCH,
    MAX_BODY,
    Disconnected,
    Head,
    Reply,
    idempotency_key,
    is_json,
    read_body,
    send_pieces,
    send_reply,
    shared_reply,
)
from fairhold.api.parameters import read_query
from fairhold.api.parts import Application, Call, Download, Parts, Streamed
from fairhold.api.problems import Problem
from fairhold.api.routing import Found, Router
from fairhold.api.rows import Route
from fairhold.api.sandbox import ClockHands
from fairhold.api.shapes import Out
from fairhold.api.table import ROUTES
from fairhold.api.traffic import Traffic
from fairhold.domain.reasons import Reason, Refusal
from fairhold.engine.kernel.envelope import RETRY_SECONDS, Envelope, Overloaded, Unavailable
from fairhold.engine.ports.store import StoreUnavailable
from fairhold.words.catalog import Language
from fairhold.words.faults import Fault
from fairhold.words.reader import reader_of

PREFIX = "/v1"

_log = structlog.get_logger("fairhold.api")
_READERS = {language: reader_of(language) for language in Language}


class Api:
    """Answers calls of the table for one application."""

    def __init__(self, application: Application) -> None:
        self._parts = Parts(
            application.engine,
            application.queries,
            application.photos,
            application.policies,
            Cursors(application.secret),
            application.settings.sandbox,
            application.evidence,
            application.reports,
            application.webhooks,
            application.tracking.parcels,
            application.tracking.inbound,
            application.payments,
            application.payouts,
            application.bank,
            application.messages,
            application.members,
            application.settings.url,
            application.support,
            application.reconciler,
            application.exporter,
            application.contests,
        )
        self._keys = Keys(application.settings.operator_key, application.access)
        self._router = Router(ROUTES)
        self._telling = 0
        self._reading = asyncio.Semaphore(payments.AT_ONCE)
        self._traffic = Traffic(application.metrics.registry)
        self._clock = ClockHands(application.advance, application.store)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; whatever goes wrong inside is a problem document too."""
        started = perf_counter()
        head = Head(scope)
        reader = _READERS[head.language]
        try:
            reply = await self._answer(scope, head, receive)
        except Disconnected:
            return
        except (Overloaded, Unavailable) as failure:
            reply = failure_reply(failure, reader)
        except StoreUnavailable as failure:
            _log.error("store unavailable", error=str(failure), request=head.own_id.decode())
            reply = failure_reply(Unavailable(str(failure)), reader)
        except Exception as failure:  # noqa: BLE001 - logged, and told as a 500 without what it was
            _log.exception("request failed", method=scope["method"], path=scope["path"], request=head.own_id.decode())
            reply = failure_reply(failure, reader)
        if reply.pieces is None:
            await send_reply(scope, send, reply, head)
        else:
            await send_pieces(scope, receive, send, reply, head)
        self._traffic.note(head.route, reply.status, perf_counter() - started)

    async def _answer(self, scope: Scope, head: Head, receive: Receive) -> Reply:
        reader = _READERS[head.language]
        path: str = scope["path"].removeprefix(scope.get("root_path", "")).removeprefix(PREFIX)
        found = self._router.find(scope["method"], path)
        if isinstance(found, Found) and found.route.special == "carrier":
            return await self._carrier(found.route, scope, head, receive)
        if isinstance(found, Found) and found.route.special == "payments":
            return await self._payments(found.route, scope, head, receive)
        if isinstance(found, Found) and (found.route.public or (found.route.keyless and head.authorization is None)):
            caller: Caller | Problem = ANYBODY
        else:
            caller = self._keys.caller(head)
        if isinstance(caller, Problem):
            return problem_reply(caller, reader)
        if isinstance(found, Problem):
            return problem_reply(found, reader)
        head.route = found.route.name
        call = Call(caller, found.names, {}, reader)
        if found.route.read is not None:
            reply = await self._read(found, call, scope["query_string"])
            return shared_reply(reply, head.if_none_match) if found.route.shared or reply.shared else reply
        if found.route.build is not None:
            return await self._command(found, call, head, receive, path, scope["query_string"])
        if found.route.act is not None:
            return await self._act(found.route, call, head, receive, scope["query_string"])
        return await self._special(found, call, head, receive, scope["query_string"])

    async def _read(self, found: Found, call: Call, query: bytes) -> Reply:
        route = found.route
        values = read_query(query, route.parameters)
        if call.actor.role not in route.roles:
            return problem_reply(first_fault(self._parts, route, call, Refusal(Reason.NOT_ALLOWED)), call.reader)
        if not call.caller.has(route.scope):
            return problem_reply(first_fault(self._parts, route, call, Problem(Fault.SCOPE_NOT_GRANTED)), call.reader)
        if isinstance(values, Problem):
            return problem_reply(first_fault(self._parts, route, call, values), call.reader)
        asked = call._replace(query=values)
        assert route.read is not None, "the table says that this call reads"
        if route.read is readings.order:
            # One order is a matter of microseconds, less than a thread's hand-over.
            result = route.read(self._parts, asked)
        else:
            result = await run_in_threadpool(route.read, self._parts, asked)
        return _told(result, call)

    async def _command(self, found: Found, call: Call, head: Head, receive: Receive, path: str, query: bytes) -> Reply:
        body = await self._body(head, receive, MAX_BODY)
        if isinstance(body, Problem):
            return problem_reply(first_fault(self._parts, found.route, call, body), call.reader)
        key = None if head.key is None else head.key.decode("latin-1")
        given = Given(path, query, key, body)
        if found.route.reads_texts:
            envelope = await run_in_threadpool(prepare, self._parts, found, call, given)
        else:
            envelope = prepare(self._parts, found, call, given)
        if not isinstance(envelope, Envelope):
            return problem_reply(envelope, call.reader)
        outcome = await self._parts.engine.submit(envelope)
        if "review" in found.names:
            return await run_in_threadpool(reply_to, self._parts, found.route, call, outcome, dry_run=envelope.dry_run)
        return reply_to(self._parts, found.route, call, outcome, dry_run=envelope.dry_run)

    async def _act(self, route: Route, call: Call, head: Head, receive: Receive, query: bytes) -> Reply:
        assert route.act is not None, "the table says that this call acts"
        if call.actor.role not in route.roles:
            return problem_reply(Refusal(Reason.NOT_ALLOWED), call.reader)
        if not call.caller.has(route.scope):
            return problem_reply(Problem(Fault.SCOPE_NOT_GRANTED), call.reader)
        values = read_query(query, route.parameters)
        body = await self._body(head, receive, MAX_BODY)
        asked = values if isinstance(values, Problem) else given(FORMS[route.name], head.key, body)
        if not isinstance(values, Problem):
            call = call._replace(query=values)
        return _told(
            await run_in_threadpool(acted, self._parts, route.act, route.name, call, asked), call, route.status
        )

    async def _special(self, found: Found, call: Call, head: Head, receive: Receive, query: bytes) -> Reply:
        route = found.route
        if call.actor.role not in route.roles:
            return problem_reply(Refusal(Reason.NOT_ALLOWED), call.reader)
        values = read_query(query, route.parameters)
        key = None if head.key is None else idempotency_key(head.key.decode("latin-1"))
        if isinstance(values, Problem):
            return problem_reply(values, call.reader)
        if isinstance(key, Problem):
            return problem_reply(key, call.reader)
        if route.special == "photo":
            return _told(await photos.upload(self._parts, call, head, receive), call, route.status)
        body = await self._body(head, receive, MAX_BATCH if route.special == "batch" else MAX_BODY)
        if isinstance(body, Problem):
            return problem_reply(body, call.reader)
        if route.special == "batch":
            return await batches.run(self._parts, self._router, call, body)
        return _told(await run_in_threadpool(self._clock.move, self._parts, call, key, body), call)

    async def _carrier(self, route: Route, scope: Scope, head: Head, receive: Receive) -> Reply:
        head.route = route.name
        call = Call(ANYBODY, {}, {}, _READERS[head.language])
        trusted = carriers.trusted(route, self._keys, head)
        if isinstance(trusted, Problem | Refusal):
            return problem_reply(trusted, call.reader)
        body = await self._body(head, receive, carriers.MOST_BYTES)
        if isinstance(body, Problem):
            return problem_reply(body, call.reader)
        taken = await run_in_threadpool(carriers.take, self._parts, route, _headers(scope), body, is_trusted=trusted)
        return _told(taken, call)

    async def _payments(self, route: Route, scope: Scope, head: Head, receive: Receive) -> Reply:
        head.route = route.name
        call = Call(ANYBODY, {}, {}, _READERS[head.language])
        body = await self._body(head, receive, payments.MOST_BYTES)
        if isinstance(body, Problem):
            return problem_reply(body, call.reader)
        headers = _headers(scope)
        address = scope["client"][0] if scope.get("client") else ""
        if self._telling >= payments.MOST_WAITING:
            raise Overloaded(RETRY_SECONDS)
        self._telling += 1
        try:
            async with self._reading:
                taken = await run_in_threadpool(payments.take, self._parts, route, headers, body, address)
        finally:
            self._telling -= 1
        return _told(taken, call)

    @staticmethod
    async def _body(head: Head, receive: Receive, limit: int) -> bytes | Problem:
        if not is_json(head.content_type):
            return Problem(Fault.UNSUPPORTED_MEDIA_TYPE, "Content-Type")
        if head.encoding and head.encoding.lower() != b"identity":
            return Problem(Fault.UNSUPPORTED_MEDIA_TYPE, "Content-Encoding")
        return await read_body(head, receive, limit)


def _told(result: readings.Reading, call: Call, status: int = 200) -> Reply:
    if isinstance(result, Out):
        return Reply(status, encode(result))
    if isinstance(result, readings.Served):
        return Reply(status, result.jpeg, media_type=JPEG, shared=result.shared)
    if isinstance(result, Download):
        named = f'attachment; filename="{result.name}"'
        return Reply(200, result.body, ((b"content-disposition", named.encode()),), result.media_type.encode())
    if isinstance(result, Streamed):
        named = f'attachment; filename="{result.name}"'
        headers = ((b"content-disposition", named.encode()),)
        return Reply(200, b"", headers, result.media_type.encode(), pieces=result.pieces)
    return problem_reply(result, call.reader)


def _headers(scope: Scope) -> dict[str, str]:
    """What a caller of another house sent along; names in small letters."""
    return {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
