"""Small markets to search: their goods, terms and limits, and what is asked in them."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from fairhold.domain import commands as c
from fairhold.domain import conditions, dispute_guards, portions, review_guards
from fairhold.domain import support_commands as s
from fairhold.domain.commands import Command, NewLine
from fairhold.domain.instants import Instant, days
from fairhold.domain.order import Order
from fairhold.domain.policy import Policy
from fairhold.domain.rules import chargebacks, claims, disputes, shipping
from tests.builders import T0, Deal, new_line, place, policy, start
from tests.search.bodies import OF_DISPUTE, OF_ORDER
from tests.search.explore import Explorer

LIMITS = {
    "MAX_DISPUTES": 2,
    "MAX_DISPUTES_A_UNIT": 1,
    "MAX_CHARGEBACKS": 1,
    "MAX_SHIPMENTS": 2,
    "MAX_OFFERS": 2,
    "MAX_MESSAGES": 1,
    "MAX_EVIDENCE": 1,
    "MAX_CHECKPOINTS": 1,
    "MAX_VERSIONS": 2,
    "MAX_PORTIONS": 500,
}
"""As many of each as it takes to come to the end of them."""

TERMS: dict[str, dict[str, object]] = {
    "payment": {"deadline_hours": 48},
    "shipping": {"deadline_days": 2, "deadline_max_days": 2, "late_after_days": 2, "returned_parcel_days": 2},
    "protection": {
        "default_days": 3,
        "min_days": 1,
        "max_days": 3,
        "extensions": 1,
        "extension_max_days": 1,
        "extension_answer_days": 1,
    },
    "receipt": {
        "window_days": 2,
        "settlement_delay_hours": 48,
        "undo_minimum_hours": 24,
        "accident_answer_hours": 24,
    },
    "disputes": {
        "answer_days": 2,
        "offer_days": 1,
        "negotiation_days": 3,
        "return_shipping_days": 2,
        "return_inspection_days": 2,
        "ruling_days": 2,
        "appeal_days": 2,
    },
    "commission": {"basis_points": 1250},
}
"""Every length of two days or so: just before its end is a state of its own, and there are few others."""


def _of(*kinds: type[Command]) -> frozenset[type[Command]]:
    return frozenset(kinds)


ONE = (new_line(5, 1),)
TWO = (new_line(5, 2, sku="cup"), new_line(4, 1, sku="lamp"))
ALL = _of(*OF_ORDER, *OF_DISPUTE) - _of(c.ReportSharedNumber)


@dataclass(frozen=True)
class Model:
    """One of the small markets."""

    name: str
    kinds: frozenset[type[Command]] = ALL
    lines: tuple[NewLine, ...] = ONE
    shipped: bool = True
    """Whether it begins with each line in a parcel of its own, or with an order not yet paid."""
    odd: bool = False
    outages: bool = False
    changes: dict[str, dict[str, object]] = field(default_factory=dict)
    limits: dict[str, int] = field(default_factory=dict)

    def policy(self) -> Policy:
        """The terms, with what this market changes."""
        changes = self.policy_sections()
        sections = {name: {**TERMS.get(name, {}), **changes.get(name, {})} for name in {*TERMS, *changes}}
        found: dict[str, dict[str, object]] = {
            name: section for name, section in sections.items() if name != "providers"
        }
        return policy(**found, **({"providers": [changes["providers"]]} if "providers" in changes else {}))  # type: ignore[arg-type]

    def policy_sections(self) -> dict[str, dict[str, object]]:
        """What this market changes."""
        return self.changes

    def start(self) -> Deal:
        """Where it begins."""
        deal = start(place(lines=self.lines, policy=self.policy(), shipping=1))
        if not self.shipped:
            return deal
        deal = deal.pay(T0)
        for line in deal.order.lines:
            deal = deal.ship(line.id, when=T0)
        return deal

    def explorer(self) -> Explorer:
        """Who asks."""
        return Explorer(self.kinds, odd=self.odd, outages=self.outages)

    def limit(self, patch: pytest.MonkeyPatch) -> None:
        """Make the lists of the domain as short as this market's."""
        limits = {**LIMITS, **self.limits}
        for module in (conditions, dispute_guards, review_guards, shipping, portions, disputes, claims):
            for name, most in limits.items():
                if hasattr(module, name):
                    patch.setattr(module, name, most)
        patch.setattr(chargebacks, "BANK_ANSWERS_WITHIN", days(4))


def begin(model: Model) -> tuple[Order, Instant]:
    """The first state."""
    deal = model.start()
    return deal.order, deal.now


_TALK = _of(c.OpenDispute, *OF_DISPUTE) - _of(c.SendMessage)
_DECIDE = _of(c.OpenDispute, c.AcceptOffer, c.WithdrawDispute, c.EscalateDispute, c.RuleOnDispute)
_RECEIPT = _of(c.ConfirmReceipt, c.UndoReceipt)
_ACCIDENT = _RECEIPT | _of(s.ReportAccident, s.DeclineAccident)
_TRACK = _of(c.RecordCheckpoint, c.ShipParcel, c.ContestReturnedParcel)
_EXTEND = _of(c.ExtendProtection, c.AskExtension, c.AnswerExtension)
_BANK = _of(c.RecordChargeback, c.RecordChargebackOutcome)
_TRAVEL = _of(c.OpenDispute, c.AcceptOffer, c.ShipReturn, c.ReceiveReturn, c.ShipReplacement)
_BEGIN = _of(c.Pay, c.CancelOrder, c.ShipParcel)

SMALL = (
    Model("every command of a dispute", kinds=_TALK),
    Model(
        "everybody asks everything",
        kinds=_BEGIN | _of(c.OpenDispute, c.EscalateDispute, c.RuleOnDispute),
        shipped=False,
        odd=True,
    ),
    Model("messages", kinds=_DECIDE | _of(c.SendMessage, c.MakeOffer, c.AppealRuling, c.ShipReturn)),
    Model("more offers", kinds=_of(c.OpenDispute, c.MakeOffer, c.AcceptOffer), limits={"MAX_OFFERS": 3}),
    Model(
        "tracking and receipt",
        kinds=_TRACK | _RECEIPT | _of(c.OpenDispute),
        changes={"receipt": {"buyer_undo_minutes": 24 * 60, "seller_marks_delivered": True}},
    ),
    Model(
        "lapses become disputes",
        kinds=_TRACK | _of(c.ConfirmReceipt, c.OpenDispute, c.WithdrawDispute, c.RuleOnDispute),
        changes={"protection": {"on_lapse": "dispute"}},
    ),
    Model(
        "lapses and people extend",
        kinds=_EXTEND | _of(c.OpenDispute, c.WithdrawDispute, c.ConfirmReceipt),
        changes={"protection": {"on_lapse": "extend_once", "lapse_extension_days": 1}},
    ),
    Model(
        "deliveries that are weakly proved",
        kinds=_TRACK | _of(c.ReportSharedNumber, c.ConfirmReceipt, c.OpenDispute),
        changes={"receipt": {"delivery_evidence": True, "doubted_delivery_days": 1}},
    ),
    Model(
        "accidents",
        kinds=_ACCIDENT | _of(c.OpenDispute, c.WithdrawDispute, c.RecordCheckpoint),
        changes={"receipt": {"buyer_undo_minutes": 24 * 60}},
    ),
    Model(
        "accidents whose money waits, and the bank",
        kinds=_ACCIDENT | _BANK,
        changes={"receipt": {"accident_freeze_hours": 72}, "providers": {"name": "sandbox", "ceiling_days": 6}},
    ),
    Model(
        "accidents of two lines",
        kinds=_of(c.ConfirmReceipt, s.ReportAccident, s.DeclineAccident),
        lines=(new_line(5, 1), new_line(4, 1, sku="lamp")),
        changes={"receipt": {"accident_freeze_hours": 24}},
    ),
    Model(
        "accidents and outages",
        kinds=_ACCIDENT | _EXTEND,
        outages=True,
        changes={"receipt": {"accident_freeze_hours": 48}},
    ),
    Model("goods that travel again", kinds=_TRAVEL | _of(c.RecordCheckpoint)),
    Model("the provider's ceiling", kinds=_TALK, changes={"providers": {"name": "sandbox", "ceiling_days": 6}}),
    Model("a last day", kinds=_TALK, changes={"disputes": {"refund_undecided_after_days": 5}}),
    Model(
        "outages",
        kinds=_DECIDE | _of(c.MakeOffer, c.AppealRuling, c.ConfirmReceipt) - _of(c.WithdrawDispute),
        outages=True,
        changes={"disputes": {"refund_undecided_after_days": 5}},
    ),
    Model("the bank", kinds=_DECIDE | _RECEIPT | _BANK),
    Model("the bank before anything is shipped", kinds=_BEGIN | _RECEIPT | _BANK, shipped=False),
    Model("two lines in dispute", kinds=_of(c.OpenDispute, c.AcceptOffer), lines=TWO),
    Model(
        "two lines and the bank", kinds=_BANK | _of(c.OpenDispute, c.AcceptOffer), lines=TWO, limits={"MAX_DISPUTES": 1}
    ),
    Model(
        "narrow lists",
        kinds=_TRACK | _of(c.ConfirmReceipt, c.OpenDispute),
        lines=(new_line(5, 2),),
        limits={"MAX_SHIPMENTS": 1, "MAX_PORTIONS": 1, "MAX_DISPUTES": 0},
    ),
)
"""What the test suite searches."""

LARGE = (
    *SMALL,
    Model("tracking in every dispute", kinds=_TALK | _of(c.RecordCheckpoint)),
    Model(
        "from the payment on",
        kinds=_BEGIN | _TRACK | _RECEIPT | _EXTEND | _of(c.OpenDispute, c.WithdrawDispute),
        shipped=False,
    ),
    Model("two chargebacks", kinds=_DECIDE | _RECEIPT | _BANK, limits={"MAX_CHARGEBACKS": 2}),
    Model("two lines, disputes and receipt", kinds=_RECEIPT | _of(c.OpenDispute, c.AcceptOffer), lines=TWO),
    Model("two lines that are settled", kinds=_DECIDE - _of(c.WithdrawDispute), lines=TWO),
)
"""What FAIRHOLD_SEARCH=large searches."""
