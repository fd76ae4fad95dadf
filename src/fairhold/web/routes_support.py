"""Addresses of support: the chat on either side, «I confirmed by accident», and the desk of those who answer."""

from starlette.routing import BaseRoute, Route

from fairhold.domain.actors import Role
from fairhold.domain.order import Order
from fairhold.web.chat_stream import stream
from fairhold.web.handlers import accidents, chats, support_desk
from fairhold.web.views.support_folders import CHAT_FOLDERS, ORDER_FOLDERS
from fairhold.web.visits import Desk, Handler, Roles, Visit

Table = tuple[tuple[Roles, tuple[tuple[str, str, Handler], ...]], ...]
PARTIES = {Role.BUYER: "/orders", Role.SELLER: "/selling/orders"}


def _answering(role: Role) -> tuple[tuple[str, str, Handler], ...]:
    chat = f"{ORDER_FOLDERS[role]}/{{order}}/chat/{{side}}"
    return (
        ("GET", CHAT_FOLDERS[role], support_desk.queue),
        ("GET", chat, support_desk.page),
        ("POST", f"{chat}/messages", support_desk.say),
        ("POST", f"{chat}/take", support_desk.take),
        ("POST", f"{chat}/leave", support_desk.leave),
        ("POST", f"{chat}/undo", support_desk.undo),
        ("POST", f"{chat}/decline", support_desk.decline),
        ("POST", f"{chat}/extension", support_desk.answer),
    )


SUPPORT_TABLE: Table = (
    (
        (Role.BUYER,),
        (
            ("GET", "/orders/{order}/accident", accidents.page),
            ("POST", "/orders/{order}/accident", accidents.report),
            ("GET", "/orders/{order}/evidence-bundle", accidents.bundle),
        ),
    ),
    *(((role,), (("GET", f"{orders}/{{order}}/support", chats.page),)) for role, orders in PARTIES.items()),
    *(((role,), _answering(role)) for role in CHAT_FOLDERS),
)
SUPPORT_WITH_PHOTOS: Table = tuple(
    ((role,), (("POST", f"{orders}/{{order}}/support/messages", chats.say),)) for role, orders in PARTIES.items()
)


def _own(visit: Visit, order: Order) -> str:
    return str(visit.who())


def stream_routes(desk: Desk) -> list[BaseRoute]:
    """Where open pages hear what is added."""
    own = [
        Route(f"{orders}/{{order}}/support/stream", stream(desk, (role,), _own), methods=["GET"])
        for role, orders in PARTIES.items()
    ]
    answering = [
        Route(
            f"{ORDER_FOLDERS[role]}/{{order}}/chat/{{side}}/stream",
            stream(desk, (role,), support_desk.whose),
            methods=["GET"],
        )
        for role in CHAT_FOLDERS
    ]
    return [*own, *answering]
