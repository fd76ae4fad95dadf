"""Show that tests notice options of reviews, deliveries, support and the commission: `python -m scripts.policy_options`.

For each of these options and each two of its values, the domain is made to behave by the second wherever an order's rules say
the first, as code would that overlooks the option, and the unit tests of its subject are run until one fails. The table
names that one. Exit status: 0; 1 where no test noticed; 2 where the tests fail as they are.
"""

import multiprocessing
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import redirect_stdout
from itertools import permutations
from pathlib import Path
from typing import Any, NamedTuple, get_args

import msgspec
import pytest

from fairhold.domain import policy as policies
from fairhold.domain import reviewing
from fairhold.domain.commission_rules import Bearer
from fairhold.domain.order import Order
from fairhold.domain.policy import (
    Automatic,
    Bar,
    Policy,
    ProtectionRules,
    Publication,
    ReviewRules,
    ReviewTerms,
    RevisionRule,
    Terms,
    review_terms,
)
from fairhold.domain.rules import checkout

ROOT = Path(__file__).parent.parent
TESTS = ("test_reviews.py", "test_review_rules.py", "test_review_revisions.py")
TESTS_OF_DELIVERIES = ("test_delivery_evidence.py",)
TESTS_OF_SUPPORT = ("test_accidents.py", "test_extension_requests.py")
TESTS_OF_COMMISSION = ("test_sums.py", "test_fixed_commission.py", "test_provider_fees.py")

OPTIONS: dict[str, tuple[object, ...]] = {
    "window_days": (30, 1, 29, 31),
    "bar": get_args(Bar),
    "automatic": get_args(Automatic),
    "revision": get_args(RevisionRule),
    "revision_days": (30, 1, 29, 31),
    "languages": (("ru", "en"), ("en",), ("ru",), ()),
    "publication": get_args(Publication),
}
OF_DELIVERIES: dict[str, tuple[object, ...]] = {
    "delivery_evidence": (False, True),
    "doubted_delivery_days": (7, 1, 6, 8),
}
OF_SUPPORT: dict[str, tuple[object, ...]] = {
    "accident_answer_hours": (12, 1, 11, 13),
    "accident_freeze_hours": (0, 1, 72),
    "extension_answer_days": (3, 1, 2, 4),
}
OF_COMMISSION: dict[str, tuple[object, ...]] = {
    "fixed": ({}, {"RUB": 100}, {"RUB": 1000}),
    "category_fixed": ({}, {"books": {"RUB": 2}}, {"books": {"RUB": 500}}),
    "provider_fees": get_args(Bearer),
    "provider_fees_on_refund": get_args(Bearer),
}
IN_PLACING = OF_DELIVERIES | OF_SUPPORT | OF_COMMISSION
"""Values of each option; of a number, the default, its neighbours and the smallest."""
_TERM = {
    "window_days": "window",
    "revision_days": "revision_for",
    "doubted_delivery_days": "doubted_delivery",
    "accident_answer_hours": "accident_answer",
    "accident_freeze_hours": "accident_freeze",
    "extension_answer_days": "extension_answer",
    "fixed": "fixed_commission",
}
"""What an option is called in the terms of an order, where it is not called the same."""


class Mutant(NamedTuple):
    """Where the rules say `says`, the domain does `does`."""

    option: str
    says: object
    does: object


class _Notice:
    """Listens to a run of pytest for the first test that fails."""

    first: str | None = None

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed and self.first is None:
            self.first = report.nodeid

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed and self.first is None:
            self.first = report.nodeid


def mutants() -> Iterator[Mutant]:
    """All of them."""
    assert set(OPTIONS) == {field.name for field in msgspec.structs.fields(ReviewRules)}, "an option has no values here"
    for option, values in (OPTIONS | IN_PLACING).items():
        for says, does in permutations(values, 2):
            yield Mutant(option, says, does)


def noticed_by(mutant: Mutant | None) -> str | None:
    """Which test fails first; None where all of them pass. It changes this process: each mutant has one of its own."""
    if mutant is not None:
        _plant(mutant)
    notice = _Notice()
    every = TESTS + TESTS_OF_DELIVERIES + TESTS_OF_SUPPORT + TESTS_OF_COMMISSION
    _run(notice, every if mutant is None else _tests_of(mutant.option))
    return notice.first


def _tests_of(option: str) -> tuple[str, ...]:
    if option in OF_SUPPORT:
        return TESTS_OF_SUPPORT
    if option in OF_COMMISSION:
        return TESTS_OF_COMMISSION
    return TESTS_OF_DELIVERIES if option in OF_DELIVERIES else TESTS


def _run(notice: _Notice, names: Sequence[str], *more: str) -> None:
    files = [str(ROOT / "tests" / "unit" / "domain" / name) for name in names]
    options = ["-n0", "-x", "-q", "-p", "no:cacheprovider", f"--rootdir={ROOT}", *more]
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere, redirect_stdout(nowhere):
        code = pytest.main([*options, *files], plugins=[notice])
    if code not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
        raise RuntimeError(f"pytest ended with {code!r}")


def _plant(mutant: Mutant) -> None:
    if mutant.option in IN_PLACING:
        _plant_in_placing(mutant)
        return
    term = _TERM.get(mutant.option, mutant.option)
    says, does = (_in_terms(mutant.option, value, term) for value in (mutant.says, mutant.does))
    real = reviewing.terms_of_reviews

    def mistaken(order: Order) -> ReviewTerms:
        terms = real(order)
        return msgspec.structs.replace(terms, **{term: does}) if getattr(terms, term) == says else terms

    for name, module in tuple(sys.modules.items()):
        if name.startswith("fairhold.") and getattr(module, "terms_of_reviews", None) is real:
            setattr(module, "terms_of_reviews", mistaken)  # noqa: B010 - the attribute of whatever module has it


def _plant_in_placing(mutant: Mutant) -> None:
    """Orders are placed under the mistaken term: the money rules of an order lie frozen in it."""
    real, term = policies.terms_of, _TERM.get(mutant.option, mutant.option)
    says, does = (
        getattr(real(policy_of(mutant.option, value), "RUB", shipping_days=None, protection_days=None), term)
        for value in (mutant.says, mutant.does)
    )

    def mistaken(*about: Any, **chosen: Any) -> Terms:
        terms = real(*about, **chosen)
        return msgspec.structs.replace(terms, **{term: does}) if getattr(terms, term) == says else terms

    setattr(checkout, "terms_of", mistaken)  # noqa: B010 - the name that placing an order goes by


def policy_of(option: str, value: object) -> Policy:
    """A policy in which one option of receiving, of protection, or of the commission is set."""
    section = "commission" if option in OF_COMMISSION else "receipt"
    section = "protection" if option in ProtectionRules.__struct_fields__ else section
    return msgspec.convert({"name": "any", section: {option: value}}, Policy)


def _in_terms(option: str, value: object, term: str) -> object:
    return getattr(review_terms(msgspec.convert({option: value}, ReviewRules)), term)


def main(arguments: Sequence[str]) -> int:
    """Print the table; return the exit code. `--only OPTION` looks at one option."""
    chosen = [mutant for mutant in mutants() if arguments[1:2] in ([], [mutant.option])]
    # Each mutant is a fork of this process and finds the tests imported.
    _run(_Notice(), TESTS + TESTS_OF_DELIVERIES, "--collect-only")
    with multiprocessing.get_context("fork").Pool(2, maxtasksperchild=1) as pool:
        broken = pool.apply(noticed_by, (None,))
        if broken is not None:
            print(f"Nothing was changed, and {broken} fails.")
            return 2
        found = pool.imap(noticed_by, chosen)
        survivors = 0
        print(f"{'option':21} {'says':28} {'does':28} noticed by")
        for mutant, test in zip(chosen, found, strict=True):
            survivors += test is None
            by = "NOBODY" if test is None else test.rpartition("/")[2]
            print(f"{mutant.option:21} {_short(mutant.says):28} {_short(mutant.does):28} {by}", flush=True)
    print(f"{len(chosen)} changes, {survivors} of which nobody noticed.")
    return 1 if survivors else 0


def _short(value: object) -> str:
    return ", ".join(value) or "any" if isinstance(value, tuple) else str(value)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
