"""The calls where people turn to support: the fourth part of the table of routes."""

from fairhold.api import asking, supporting
from fairhold.api.parameters import CURSOR, DRY_RUN, LIMIT
from fairhold.api.parameters_support import AFTER, SIDE, SUPPORT_TAB
from fairhold.api.rows import Route, ask, read
from fairhold.api.support_bodies import Claiming, Writing
from fairhold.api.wire_support import CaseList, ChatOut
from fairhold.domain.actors import Role
from fairhold.domain.support_commands import DeclineAccident, ReportAccident

_BUYER, _SELLER, _SUPPORT, _OPERATOR = Role.BUYER, Role.SELLER, Role.SUPPORT, Role.OPERATOR
_CHATTING = frozenset({_BUYER, _SELLER, _SUPPORT, _OPERATOR})
_ANSWERING = frozenset({_SUPPORT, _OPERATOR})

SUPPORT_ROUTES: tuple[Route, ...] = (
    ask(
        "/orders/{order}/receipt/accident",
        "reportAccident",
        "The buyer confirmed by accident (S16): support is alarmed and answers by a stated moment, with the undo or a reasoned"
        " no. Without `lines`: all whose money is still here. By policy the money waits for the answer, for a bounded time.",
        ReportAccident,
        asking.as_it_is,
        (ReportAccident,),
        {_BUYER},
        "unknown_line",
        "duplicate_line",
        "quantity_too_large",
        "nothing_to_undo",
        "too_late_to_undo",
        "accident_already_reported",
        "accident_already_answered",
    ),
    ask(
        "/orders/{order}/receipt/accident/refusal",
        "declineAccident",
        "Support does not take the confirmation back; the buyer reads the reasons. The operator can, once the answer is overdue.",
        DeclineAccident,
        asking.as_it_is,
        (DeclineAccident,),
        {_SUPPORT, _OPERATOR},
        "no_accident_reported",
    ),
    read(
        "/orders/{order}/support",
        "getSupportChat",
        "The caller's conversation with support about the order. The other side never sees it; staff read either side's.",
        supporting.read_chat,
        ChatOut,
        _CHATTING,
        SIDE,
        AFTER,
    ),
    Route(
        "POST",
        "/orders/{order}/support",
        "writeToSupport",
        "A message to support, which opens the conversation where there is none; staff answer here, and whoever answers first"
        " sees to it. The same key and body are written once.",
        _CHATTING,
        ChatOut,
        body=Writing,
        act=supporting.write,
        parameters=(DRY_RUN,),
        codes=("photo_not_yours", "too_many_messages_to_support"),
    ),
    Route(
        "POST",
        "/orders/{order}/support/claim",
        "claimSupportChat",
        "A member of staff sees to the conversation, whoever did before, or (`claimed: false`) to none of it any more.",
        _ANSWERING,
        ChatOut,
        body=Claiming,
        act=supporting.claim,
        parameters=(DRY_RUN,),
    ),
    read(
        "/support",
        "listSupportChats",
        "The staff's queue: confirmations by accident first, then who waits longest, then those answered last.",
        supporting.queue,
        CaseList,
        _ANSWERING,
        SUPPORT_TAB,
        LIMIT,
        CURSOR,
    ),
)
