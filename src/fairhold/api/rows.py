"""What a row of the table of routes says."""

from collections.abc import Callable
from typing import Any, Literal, NamedTuple

import msgspec

from fairhold.api.acting import Act
from fairhold.api.asking import Asked, Context
from fairhold.api.parameters import DRY_RUN, Parameter
from fairhold.api.parts import Call, Parts
from fairhold.api.readings import Reading
from fairhold.api.shapes import Out
from fairhold.api.wire import OrderOut
from fairhold.api.wire_reviews import ReviewDetail
from fairhold.domain.actors import Role
from fairhold.domain.commands import Command

Special = Literal["batch", "advance", "photo", "carrier", "payments"]
JPEG = "image/jpeg"


class Route(NamedTuple):
    """One call. Exactly one of `build` (a command on an order), `read`, `act` and `special` says what it does."""

    method: Literal["GET", "POST", "PUT"]
    path: str
    name: str
    about: str
    roles: frozenset[Role]
    answers: type[Out] | None
    """None: a file of the type `download`."""
    body: type[msgspec.Struct] | None = None
    build: Callable[[Any, Context], Asked] | None = None
    asks: tuple[type[Command], ...] = ()
    """The domain's commands that `build` can make: the guards of the domain say in detail who may give them."""
    read: Callable[[Parts, Call], Reading] | None = None
    act: Act | None = None
    """What changes something that is no order, such as a report."""
    special: Special | None = None
    inbound: str | None = None
    """Who calls, where it is a carrier, a tracking service or a payment provider."""
    file: str | None = None
    """What the form's field `file` takes, where the body is a form with a file."""
    parameters: tuple[Parameter, ...] = ()
    scope: str | None = None
    status: int = 200
    download: str = "image/jpeg"
    public: bool = False
    """Whether everybody may ask, without a key."""
    keyless: bool = False
    """Whether the key may be left out: then only what everybody may see is answered."""
    shared: bool = False
    """Whether the answer is the same for everybody: caches may keep it for a minute, and any site's script may read it."""
    reads_texts: bool = False
    """Whether making the command takes so long that a thread of its own does it."""
    codes: tuple[str, ...] = ()
    """Codes worth naming beside those that every call can answer with."""

    @property
    def answer_name(self) -> str:
        """What the documentation calls the answer."""
        return self.download if self.answers is None else self.answers.__name__


def ask(
    path: str,
    name: str,
    about: str,
    body: type[msgspec.Struct],
    build: Callable[[Any, Context], Asked],
    asks: tuple[type[Command], ...],
    roles: set[Role],
    *codes: str,
) -> Route:
    """A command on an order; it answers with the order as it then is."""
    return Route(
        "POST",
        path,
        name,
        about,
        frozenset(roles),
        OrderOut,
        body=body,
        build=build,
        asks=asks,
        parameters=(DRY_RUN,),
        codes=codes,
    )


def ask_review(
    path: str,
    name: str,
    about: str,
    body: type[msgspec.Struct],
    build: Callable[[Any, Context], Asked],
    asks: tuple[type[Command], ...],
    roles: set[Role],
    *codes: str,
) -> Route:
    """A command on a review; it answers with the review as it then is."""
    made = ask(path, name, about, body, build, asks, roles, *codes)
    return made._replace(answers=ReviewDetail, reads_texts=True)


def read(
    path: str,
    name: str,
    about: str,
    read: Callable[[Parts, Call], Reading],
    answers: type[Out] | None,
    roles: frozenset[Role],
    *parameters: Parameter,
) -> Route:
    """A question."""
    return Route("GET", path, name, about, roles, answers, read=read, parameters=parameters)


def change(
    path: str,
    name: str,
    about: str,
    body: type[msgspec.Struct],
    act: Act,
    answers: type[Out],
    roles: frozenset[Role],
    *codes: str,
) -> Route:
    """A change of something that is no order; it may be given an idempotency key."""
    return Route("POST", path, name, about, roles, answers, body=body, act=act, codes=codes)
