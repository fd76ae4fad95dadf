"""The addresses of the pages about bank transfers, and about refunds that came back: money that operators see to by hand."""

from fairhold.web.handlers import bank, refunds
from fairhold.web.handlers.proofs import proved
from fairhold.web.views.bank import FOLDER
from fairhold.web.visits import Handler, Visit

_TASK = f"{FOLDER}/{{task}}"
_ORDER = "/operator/orders/{order}"
_REFUND = f"{_ORDER}/refunds/{{refund}}"


def _task(visit: Visit) -> str:
    return f"{FOLDER}/{visit.request.path_params['task']}"


def _order(visit: Visit) -> str:
    return _ORDER.format(order=visit.request.path_params["order"])


def _sending(visit: Visit) -> str:
    return f"{_REFUND}/again".format(**visit.request.path_params)


TRANSFER_TABLE: tuple[tuple[str, str, Handler], ...] = (
    ("GET", f"{_REFUND}/again", proved(_order)(refunds.sending)),
    ("POST", f"{_REFUND}/again", proved(_sending)(refunds.send_again)),
    ("POST", f"{_REFUND}/elsewhere/check", refunds.settling),
    ("POST", f"{_REFUND}/elsewhere", proved(_order, refunds.settling)(refunds.paid_elsewhere)),
    ("GET", FOLDER, bank.listing),
    ("GET", _TASK, bank.page),
    ("POST", f"{_TASK}/check", bank.check),
    ("POST", f"{_TASK}/words", proved(_task, bank.check)(bank.say)),
    ("GET", f"{_TASK}/withdrawal", bank.taking_back),
    ("POST", f"{_TASK}/withdrawal", bank.take_back),
)
