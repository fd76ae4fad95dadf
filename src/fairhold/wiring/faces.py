"""The API and the pages of an application."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.types import ASGIApp

from fairhold.api import app as api
from fairhold.api.proofs import bundle_of
from fairhold.engine.installation.clock import SandboxClock
from fairhold.gateways.sandbox_carrier import PLANS
from fairhold.web.app import build_web
from fairhold.web.people import Directory
from fairhold.web.shelves import Shelf
from fairhold.web.site import Site
from fairhold.wiring.application import Application
from fairhold.wiring.letters import sent_letters


def site_of(application: Application, directory: Directory, shop: tuple[Shelf, ...] = ()) -> Site:
    """What the pages of `application` are given: `directory` names people, `shop` is what the sandbox sells."""
    sandbox = isinstance(application.clock, SandboxClock)
    return Site(
        engine=application.engine,
        queries=application.queries,
        access=application.access,
        photos=application.photos,
        reports=application.reports,
        webhooks=application.webhooks,
        bank=application.bank,
        links=application.links,
        parcels=application.tracking.watch,
        support=application.support,
        chats=application.chats,
        directory=directory.with_accounts(application.members.accounts.called),
        members=application.members,
        url=application.settings.url,
        policy=application.policies.default,
        messages=application.messages,
        reconciler=application.reconciler,
        exporter=application.exporter,
        payouts=application.payouts,
        contests=application.contests,
        clock=application if sandbox else None,
        marketplace=application.settings.marketplace,
        shop=shop if sandbox else (),
        sent=sent_letters(application.settings) if sandbox else None,
        bundle=partial(bundle_of, application.evidence),
        providers={name: provider.terms for name, provider in application.payments.providers.items()},
        bank_details=application.settings.payments.bank_details,
        tracking_numbers=tuple(f"{prefix}-1" for prefix in PLANS) if sandbox else (),
    )


def asgi(application: Application, directory: Directory | None = None, shop: tuple[Shelf, ...] = ()) -> ASGIApp:
    """The API and the pages of `application` as one ASGI application; `directory` names the people whom pages know.

    The engine starts and stops with the server.
    """
    site = site_of(application, directory or Directory(), shop)

    @asynccontextmanager
    async def life(_: Starlette) -> AsyncIterator[None]:
        if not application.engine.running:
            application.start()
        yield
        await application.stop()

    return api.face(application, Mount("/", app=build_web(site)), lifespan=life)
