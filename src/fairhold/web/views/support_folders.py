"""Where those who answer for the marketplace have the chats."""

from fairhold.domain.actors import Role

CHAT_FOLDERS = {Role.SUPPORT: "/support/chats", Role.OPERATOR: "/operator/chats"}
ORDER_FOLDERS = {Role.SUPPORT: "/support/orders", Role.OPERATOR: "/operator/orders"}
