"""The addresses of the pages about webhooks."""

from fairhold.web.handlers import webhooks
from fairhold.web.views.webhooks import FOLDER
from fairhold.web.visits import Handler

_ONE = f"{FOLDER}/{{webhook}}"

WEBHOOK_TABLE: tuple[tuple[str, str, Handler], ...] = (
    ("GET", FOLDER, webhooks.listing),
    ("POST", FOLDER, webhooks.add),
    ("GET", f"{FOLDER}/new", webhooks.form),
    ("GET", _ONE, webhooks.page),
    ("POST", _ONE, webhooks.change),
    ("GET", f"{_ONE}/edit", webhooks.edit),
    ("POST", f"{_ONE}/switch", webhooks.switch),
    ("POST", f"{_ONE}/test", webhooks.test),
    ("GET", f"{_ONE}/secret", webhooks.rotate_page),
    ("POST", f"{_ONE}/secret", webhooks.rotate),
    ("GET", f"{_ONE}/removal", webhooks.remove_page),
    ("POST", f"{_ONE}/removal", webhooks.remove),
    ("POST", f"{_ONE}/redelivery", webhooks.again_since),
    ("GET", f"{_ONE}/deliveries/{{delivery}}", webhooks.delivery),
    ("POST", f"{_ONE}/deliveries/{{delivery}}/redelivery", webhooks.again),
)
