"""The addresses of the pages about webhooks."""

from functools import wraps

from starlette.responses import Response

from fairhold.web.entering import proof_first
from fairhold.web.handlers import webhooks
from fairhold.web.views.webhooks import FOLDER
from fairhold.web.visits import Handler, Visit

_ONE = f"{FOLDER}/{{webhook}}"


def _proved(page: Handler) -> Handler:
    """The page for whoever has just shown who they are: it decides where everything that happens is sent.

    The sandbox's own people have nothing to show.
    """

    @wraps(page)
    def proved(visit: Visit) -> Response:
        first = None if visit.account is None else proof_first(visit, FOLDER)
        return page(visit) if first is None else first

    return proved


WEBHOOK_TABLE: tuple[tuple[str, str, Handler], ...] = (
    ("GET", FOLDER, webhooks.listing),
    ("POST", FOLDER, _proved(webhooks.add)),
    ("GET", f"{FOLDER}/new", _proved(webhooks.form)),
    ("GET", _ONE, webhooks.page),
    ("POST", _ONE, _proved(webhooks.change)),
    ("GET", f"{_ONE}/edit", _proved(webhooks.edit)),
    ("POST", f"{_ONE}/switch", webhooks.switch),
    ("POST", f"{_ONE}/test", webhooks.test),
    ("GET", f"{_ONE}/secret", _proved(webhooks.rotate_page)),
    ("POST", f"{_ONE}/secret", _proved(webhooks.rotate)),
    ("GET", f"{_ONE}/removal", webhooks.remove_page),
    ("POST", f"{_ONE}/removal", webhooks.remove),
    ("POST", f"{_ONE}/redelivery", webhooks.again_since),
    ("GET", f"{_ONE}/deliveries/{{delivery}}", webhooks.delivery),
    ("POST", f"{_ONE}/deliveries/{{delivery}}/redelivery", webhooks.again),
)
