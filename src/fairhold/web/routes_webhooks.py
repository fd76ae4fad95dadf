"""The addresses of the pages about webhooks."""

from fairhold.web.handlers import webhooks
from fairhold.web.handlers.proofs import proved
from fairhold.web.views.webhooks import FOLDER
from fairhold.web.visits import Handler, Visit

_ONE = f"{FOLDER}/{{webhook}}"


def _listing(visit: Visit) -> str:
    return FOLDER


def _secret(visit: Visit) -> str:
    return f"{FOLDER}/{visit.request.path_params['webhook']}/secret"


_proved = proved(_listing)
WEBHOOK_TABLE: tuple[tuple[str, str, Handler], ...] = (
    ("GET", FOLDER, webhooks.listing),
    ("POST", FOLDER, proved(_listing, webhooks.typed_form)(webhooks.add)),
    ("GET", f"{FOLDER}/new", _proved(webhooks.form)),
    ("GET", _ONE, webhooks.page),
    ("POST", _ONE, proved(_listing, webhooks.typed_edit)(webhooks.change)),
    ("GET", f"{_ONE}/edit", _proved(webhooks.edit)),
    ("POST", f"{_ONE}/switch", webhooks.switch),
    ("POST", f"{_ONE}/test", webhooks.test),
    ("GET", f"{_ONE}/secret", _proved(webhooks.rotate_page)),
    ("POST", f"{_ONE}/secret", proved(_secret)(webhooks.rotate)),
    ("GET", f"{_ONE}/removal", webhooks.remove_page),
    ("POST", f"{_ONE}/removal", webhooks.remove),
    ("POST", f"{_ONE}/redelivery", webhooks.again_since),
    ("GET", f"{_ONE}/deliveries/{{delivery}}", webhooks.delivery),
    ("POST", f"{_ONE}/deliveries/{{delivery}}/redelivery", webhooks.again),
)
