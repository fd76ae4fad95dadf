"""The operator's pages about the staff: who works here, a letter that invites, and what somebody may do."""

from collections.abc import Sequence

from starlette.exceptions import HTTPException
from starlette.responses import Response

from fairhold.domain.actors import Role
from fairhold.engine.accounts.refusals import Denied
from fairhold.engine.accounts.staffing import ROLES
from fairhold.engine.ports.accounts import Account
from fairhold.web.entering import own_url
from fairhold.web.handlers.sign_in import wrong
from fairhold.web.views.parts import Note
from fairhold.web.views.staffing import member_row, role_choices
from fairhold.web.visits import Visit
from fairhold.words.catalog import N_

FOLDER = "/operator/staff"
_LONGEST_EMAIL = 254


def page(visit: Visit) -> Response:
    """Everybody, and the form that invites another."""
    done = None
    if visit.query("done") == "roles":
        done = Note(visit.say(N_("The roles are changed; they are signed out everywhere.")), "", "safe", "ok")
    return _page(visit, done)


def typed_page(visit: Visit) -> Response:
    """The same, with what was typed in the form."""
    return _page(visit, None, typed=True)


def invite(visit: Visit) -> Response:
    """Send the letter; who has an account already is shown with their roles instead."""
    email = visit.field("email", _LONGEST_EMAIL + 1)
    staffing = visit.site.members.staffing
    found = staffing.invite(email, _chosen(visit), visit.reader.language.value, own_url(visit))
    if isinstance(found, Account):
        return visit.go(f"{FOLDER}/{found.person}?known=yes")
    if found is not None:
        return _page(visit, None, found)
    title = visit.say(N_("A letter is on its way to %(email)s."), email=email)
    return _page(visit, Note(title, visit.say(N_("Its link works once, within a week.")), "safe", "ok"))


def member_page(visit: Visit) -> Response:
    """What somebody may do."""
    return _member(visit, _somebody(visit))


def typed_member(visit: Visit) -> Response:
    """The same, with the roles that were ticked."""
    return _member(visit, _somebody(visit), typed=True)


def change(visit: Visit) -> Response:
    """Give and take roles."""
    account = _somebody(visit)
    denied = visit.site.members.staffing.give(account, _chosen(visit))
    return _member(visit, account, denied) if denied else visit.go(f"{FOLDER}?done=roles")


def _chosen(visit: Visit) -> list[Role]:
    wanted = visit.fields("role")
    return [role for role in ROLES if role.value in wanted]


def _somebody(visit: Visit) -> Account:
    account = visit.site.members.staffing.member(visit.request.path_params["person"])
    if account is None:
        raise HTTPException(404)
    return account


def _page(visit: Visit, note: Note | None, denied: Denied | None = None, *, typed: bool = False) -> Response:
    fault = wrong(visit, denied) if denied else None
    members, you = visit.site.members, visit.signed_in.person if visit.signed_in else None
    answer = visit.show(
        "staff.html",
        fault.status if fault else 200,
        rows=[member_row(visit.reader, one, members.factors.of(one), you) for one in members.staffing.everybody()],
        roles=role_choices(visit.reader, visit.fields("role") if fault or typed else ()),
        email=visit.field("email", _LONGEST_EMAIL + 1) if fault or typed else "",
        errors=fault.errors if fault else {},
        note=fault.note if fault else note,
    )
    return fault.told(answer) if fault else answer


def _member(visit: Visit, account: Account, denied: Denied | None = None, *, typed: bool = False) -> Response:
    fault = wrong(visit, denied) if denied else None
    you = visit.signed_in.person if visit.signed_in else None
    note = None
    if visit.query("known"):
        text = N_("This address has an account already. Give it roles here; nothing was sent.")
        note = Note(visit.say(text), "", "", "info")
    chosen: Sequence[str] = visit.fields("role") if fault or typed else account.roles
    answer = visit.show(
        "staff_member.html",
        fault.status if fault else 200,
        row=member_row(visit.reader, account, visit.site.members.factors.of(account), you),
        roles=role_choices(visit.reader, chosen),
        note=fault.note if fault else note,
    )
    return fault.told(answer) if fault else answer
