"""Handles, and invitations to go on by a messenger; telling that the seller answered there is no invitation."""

import re
from collections.abc import Iterator

from fairhold.screening.findings import Finding, Kind
from fairhold.screening.links import is_word
from fairhold.screening.normal import Folded

_HANDLE = re.compile(r"(?<![\w.@])@([a-z][\w.]{3,31})(?!\w)")
_NO_HANDLES = frozenset(
    {
        "home",
        "work",
        "school",
        "night",
        "office",
        "seller",
        "least",
        "store",
        "midnight",
        "lunch",
        "amazon",
        "aliexpress",
    }
)
_NAME = re.compile(
    r"(?<!\w)(?:телеграмм?\w{0,3}|телег(?:а|е|у|и|ой)|тг(?:шк\w)?|telegramm?|tg|what'?s\s?app|ватс?ап\w{0,2}|вотс?ап\w{0,2}"
    r"|вацап\w{0,2}|вайбер\w{0,2}|viber|инст(?:а|е|у|ы|ой)|инстаграмм?\w{0,2}|instagram|insta|ig|вк|vk|вконтакте"
    r"|discord|дискорд\w{0,2}|wechat|вичат\w{0,2}|skype|скайп\w{0,2}|snapchat|tiktok|тикток\w{0,2}|facebook|fb|messenger)(?!\w)"
)
_MORE = r"(?:\s?(?:канал|ник|аккаунт|чат|группа|id|nick|name|handle|username|is|по нику|me))?"
_NAMED = re.compile(rf"{_MORE}\s?[:=@\-]{{1,2}}\s?@?([a-z][\w.]{{3,31}})")
_FOLLOWED = re.compile(rf"{_MORE}\s(?:ищи(?:те)?\s|найдете\s)?@?([a-z][\w.]{{3,31}})")
_HAS_HANDLE_SHAPE = re.compile(r"(?=.*[a-z])(?=.*[\d_])")
_NUMBER = re.compile(r"(?: me)?[\s:.,\-]{0,3}\+?\d(?:[\s()\-]{0,2}\d){6}")
_INVITED = re.compile(
    r"(?<!не )(?<!\w)(?:(?:на)?пиши(?:те)?|стучи(?:те)?(?:сь)?|подпи(?:сывайтесь|шись|шитесь|сывайся)|добавляй(?:тесь|ся|те)?"
    r"|ищи(?:те)?|найди(?:те)?|обращайтесь|звони(?:те)?|заходи(?:те)?|жду)\s[^.!?\n]{0,30}$"
    r"|(?<!want to )(?<!ed to )(?<!ing to )(?<!how to )(?<!able to )(?<!not )(?<!n't )(?<!didnt )(?<!\w)"
    r"(?:dm|pm|message|text|contact|write|add|find|follow|reach|ping|call|hit)\s(?:to\s)?(?:me|us)(?:\sup)?\s[^.!?\n]{0,25}$"
)
_MINE = re.compile(r"(?<!\w)(?:мой|моя|наш|наша|my|our)\s$")
_MY_CHANNEL = re.compile(r"\s?-?(?:канал|группа|channel)(?!\w)")
_CHANNEL_IN = re.compile(r"(?<!\w)(?:канал|группа|чат)\s(?:в|на)\s$")
_JOIN = re.compile(r"[^.!?\n]{0,40}(?<!\w)(?:подпис|вступ|заход|присоедин|добавл)")
_MINE_IS = re.compile(r"(?:\s?[:=\-]\s?|\sis\s)@?([a-z][\w.]{3,31})")
_ME = re.compile(r"\sme(?!\w)")


def messengers(folded: Folded) -> Iterator[Finding]:
    """Every handle, and every messenger that the reader is invited to."""
    text = folded.text
    for found in _NAME.finditer(text):
        end = _invitation(text, found)
        if end is not None:
            yield _finding(folded, found.start(), end)
    for found in _HANDLE.finditer(text):
        if found[1] not in _NO_HANDLES:
            yield _finding(folded, *found.span())


def _invitation(text: str, name: re.Match[str]) -> int | None:
    """Where the invitation to this messenger ends; None where there is none."""
    before = text[max(0, name.start() - 48) : name.start()]
    number = _NUMBER.match(text, name.end())
    if number:
        return name.end()
    named = _NAMED.match(text, name.end())
    if named and not is_word(named[1].rstrip(".")) and not _NAME.match(named[1]):
        return named.end()
    followed = _FOLLOWED.match(text, name.end())
    if followed and _HAS_HANDLE_SHAPE.match(followed[1]):
        return followed.end()
    if _CHANNEL_IN.search(before) and _JOIN.match(text, name.end()):
        return name.end()
    if name.group() in {"ig", "fb", "tg", "тг", "messenger"} and not _INVITED.search(before):
        return None
    if _MINE.search(before):
        own = _MINE_IS.match(text, name.end())
        if own and not is_word(own[1].rstrip(".")):
            return own.end()
        channel = _MY_CHANNEL.match(text, name.end())
        if channel:
            return channel.end()
    if _INVITED.search(before) or _ME.match(text, name.end()):
        return name.end()
    return None


def _finding(folded: Folded, first: int, last: int) -> Finding:
    start, end = folded.span(first, last)
    return Finding(Kind.MESSENGER, start, end, folded.original[start:end])
