"""The records that templates show. Everything in them is text, a number or an address; templates only lay them out."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Pill:
    """A status: `kind` is `turn`, `safe`, `bad` or empty."""

    text: str
    icon: str
    kind: str = ""


@dataclass(frozen=True)
class Fact:
    """A row of plain facts; `code` is shown in figures of one width."""

    name: str
    value: str
    code: str = ""


@dataclass(frozen=True)
class Link:
    """A way on; `main` is the page's one primary button, `quiet` looks like plain text."""

    text: str
    url: str
    main: bool = False
    quiet: bool = False
    icon: str = ""
    describes: str = ""


@dataclass(frozen=True)
class Blocked:
    """An action that cannot be had now: its name and why."""

    text: str
    why: str


@dataclass(frozen=True)
class Bar:
    """A bar of `value` of `top` minutes; `ends` is the moment for the script that ticks."""

    value: int
    top: int
    text: str
    ends: str = ""


@dataclass(frozen=True)
class Clock:
    """The time left at the head of a page. `until` is for machines, `foot` for people; `turn` says that the reader is to act."""

    label: str
    left: str
    until: str
    foot: str
    bar: Bar | None = None
    turn: bool = False


@dataclass(frozen=True)
class Step:
    """One entry of «what happens next» or of a history; `kind` is `now`, `past` or empty, `photos` are names of photos."""

    when: str
    text: str = ""
    kind: str = ""
    note: str = ""
    at: str = ""
    links: tuple[Link, ...] = ()
    pill: Pill | None = None
    photos: tuple[str, ...] = ()


@dataclass(frozen=True)
class Share:
    """A part of the bar that shows where the money is: `kind` is `held`, `seller` or `buyer`, offsets in per cent."""

    kind: str
    start: int
    width: int


@dataclass(frozen=True)
class Sum:
    """A named sum; `kind` colours its dot, `strong` its figure."""

    name: str
    sum: str
    kind: str = ""
    strong: bool = False
    safe: bool = False


@dataclass(frozen=True)
class Money:
    """Where an order's money is, and what it was paid for."""

    shares: tuple[Share, ...]
    places: tuple[Sum, ...]
    total: Sum
    made_of: tuple[Sum, ...]


@dataclass(frozen=True)
class LineView:
    """An item of an order; `states` say what became of its parts."""

    id: str
    title: str
    thumb: str
    quantity: str
    total: str
    advice: str = ""
    states: tuple[Pill, ...] = ()
    links: tuple[Link, ...] = ()
    blocked: tuple[Blocked, ...] = ()


@dataclass(frozen=True)
class Scan:
    """A checkpoint of a parcel."""

    text: str
    where: str
    note: str = ""


@dataclass(frozen=True)
class Note:
    """A notice: `kind` as of a pill; `focus` moves the focus to it when the page opens."""

    title: str
    text: str = ""
    kind: str = ""
    icon: str = "info"
    link: Link | None = None
    focus: bool = False


@dataclass(frozen=True)
class ParcelView:
    """A parcel with its journey."""

    id: str
    title: str
    pill: Pill
    scans: tuple[Scan, ...]
    carrier: str
    number: str
    contents: tuple[str, ...]
    track_url: str = ""
    doubt: str = ""
    sources: str = ""
    """Who told of the scans."""
    warning: Note | None = None


@dataclass(frozen=True)
class Tab:
    """A tab of a list; `turn` marks a count that waits for the reader, `more` one that ends where counting ended.

    A `count` below zero: it was not counted.
    """

    text: str
    url: str
    count: int
    current: bool
    turn: bool = False
    more: bool = False


@dataclass(frozen=True)
class Pager:
    """The ways to newer and older orders; empty where there are none."""

    newer: str
    older: str
    shown: str


@dataclass(frozen=True)
class Empty:
    """A list with nothing in it: the reason, and one way on."""

    icon: str
    title: str
    text: str
    link: Link | None = None
