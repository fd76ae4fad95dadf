"""Operators who take each other's role at the same moment: a house is never left without one, on any store."""

from threading import Barrier, Thread
from typing import Any

from fairhold.domain.actors import Role
from fairhold.engine.accounts.keeping import Keeping
from fairhold.engine.accounts.people import Accounts
from fairhold.engine.accounts.staffing import Staffing
from fairhold.engine.ports.store import Store
from fairhold.store.accounts import AccountTables
from tests.contract.test_accounts import account

ROUNDS = 12


def staffing_on(rows: AccountTables) -> tuple[Accounts, Staffing]:
    """Roles need accounts and nothing else: nobody is invited, and nobody is signed in."""
    nothing: Any = None
    accounts = Accounts(Keeping(rows, nothing, nothing, nothing, nothing, nothing, nothing, lambda person: None))
    return accounts, Staffing(accounts, nothing)


def test_where_no_operator_has_an_account_others_are_given_roles_all_the_same(store: Store) -> None:
    rows = AccountTables(store.tables())
    _, staffing = staffing_on(rows)
    mia = account("mia", roles=("buyer", "mediator"))
    rows.add_account(mia, None)
    assert staffing.give(mia, [Role.SUPPORT]) is None
    assert [one.roles for one in staffing.everybody()] == [("buyer", "support")]


def test_two_operators_who_take_the_role_from_each_other_leave_one(store: Store) -> None:
    rows = AccountTables(store.tables())
    accounts, staffing = staffing_on(rows)
    both = [account(person, roles=("buyer", "operator")) for person in ("ann", "eve")]
    for one in both:
        rows.add_account(one, None)
    for _ in range(ROUNDS):
        for one in both:
            rows.set_roles(one.person, one.roles)
        together = Barrier(2)

        def take(person: str, together: Barrier = together) -> None:
            found = accounts.account(person)
            assert found is not None
            together.wait()
            staffing.give(found, [Role.SUPPORT])

        threads = [Thread(target=take, args=(one.person,)) for one in both]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert any("operator" in one.roles for one in staffing.everybody())
