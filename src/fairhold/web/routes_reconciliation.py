"""The addresses of the pages about reconciliation, and of the books as a file."""

from fairhold.web.handlers import reconciliation
from fairhold.web.views.reconciliation import FOLDER
from fairhold.web.visits import Handler

RECONCILIATION_TABLE: tuple[tuple[str, str, Handler], ...] = (
    ("GET", FOLDER, reconciliation.page),
    ("POST", f"{FOLDER}/runs", reconciliation.run),
    ("GET", f"{FOLDER}/items/{{difference}}", reconciliation.item),
    ("POST", f"{FOLDER}/items/{{difference}}", reconciliation.explain),
    ("GET", f"{FOLDER}/books", reconciliation.books),
)
