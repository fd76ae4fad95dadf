"""Rows of payouts in every store, compared with what a plain list of them says."""

import random
from collections import defaultdict
from threading import Barrier, Thread

import pytest

from fairhold.domain.instants import DAY, Instant
from fairhold.domain.payout_rules import Measure, OwnRules
from fairhold.engine.ports.payouts import (
    OPEN_STAGES,
    Account,
    Made,
    Part,
    PartStage,
    Payee,
    Payout,
    PayoutPlace,
    PayoutStage,
    Purse,
)
from fairhold.engine.ports.store import Store
from fairhold.store.payouts import PayoutTables
from tests.contract.rows import NOW, make, new_id

SHOP = Account("shop-7", "stripe", "RUB")


@pytest.fixture
def rows(store: Store) -> PayoutTables:
    return PayoutTables(store.tables())


def purse(number: int = 1, **columns: object) -> Purse:
    """An order of 1000, of which 950 are due to the seller."""
    row = Purse(
        order=new_id(1_700_000_000_000 + number),
        version=7,
        buyer="ann",
        seller="shop-7",
        currency="RUB",
        provider="stripe",
        paid_at=Instant(NOW + number),
        changed_at=Instant(NOW + number),
        paid=1000,
        held=0,
        settling=0,
        released=950,
        fee=50,
        refunded=0,
        charged_back=0,
        due=950,
        on_its_way=0,
        passed_on=0,
        released_at=Instant(NOW + number),
    )
    return row._replace(**columns)  # type: ignore[arg-type]  # as the test says


def payout(name: str = "po_1", **columns: object) -> Payout:
    row = Payout(name, SHOP, "acct_1", 950, PayoutStage.MADE, NOW, "system")
    return row._replace(**columns)  # type: ignore[arg-type]  # as the test says


def payee(seller: str = "shop-7", **columns: object) -> Payee:
    row = Payee(seller, "stripe", "acct_1", OwnRules(), NOW)
    return row._replace(**columns)  # type: ignore[arg-type]  # as the test says


def test_the_later_version_counts_and_the_later_release(rows: PayoutTables) -> None:
    first = purse(version=7, released_at=Instant(NOW + 5))
    rows.keep_purses([first])
    rows.keep_purses([first._replace(version=9, due=0, passed_on=950, released_at=None)])
    rows.keep_purses([first._replace(version=8, due=1)])
    kept = first._replace(version=9, due=0, passed_on=950)
    assert rows.purse(first.order) == kept
    rows.keep_purses([first._replace(version=9, due=0, passed_on=950, released_at=Instant(NOW + 3))])
    assert rows.purse(first.order) == kept
    # Whoever looks at the order now does not know when it last changed.
    rows.keep_purses([kept._replace(changed_at=Instant(NOW - 9), released_at=None)])
    assert rows.purse(first.order) == kept


def test_what_is_due_is_added_up_by_seller_provider_and_currency(rows: PayoutTables) -> None:
    chance = random.Random(8)
    some = [
        purse(
            number,
            seller=chance.choice(("shop-7", "shop-8")),
            provider=chance.choice(("stripe", "sandbox")),
            currency=chance.choice(("RUB", "JPY")),
            due=chance.choice((-300, 0, 0, 950, 400)),
            held=chance.choice((0, 0, 50)),
            settling=chance.choice((0, 0, 50)),
        )
        for number in range(60)
    ]
    rows.keep_purses(some)
    sums: defaultdict[Account, int] = defaultdict(int)
    for one in some:
        if one.due:
            sums[Account(one.seller, one.provider, one.currency)] += one.due
    found = rows.owed(None, 100)
    assert {owed.account: owed.due for owed in found} == sums
    assert [owed.account for owed in found] == sorted(sums)
    assert rows.owed(found[0].account, 2) == found[1:3]
    assert rows.owed_to("shop-8") == [owed for owed in found if owed.account.seller == "shop-8"]
    for owed in found:
        assert rows.owed_on(owed.account) == owed
        mine = [one for one in some if Account(one.seller, one.provider, one.currency) == owed.account]
        assert rows.waiting(owed.account, 100) == [one for one in mine if one.due > 0]
        assert rows.waiting(owed.account, 100, 401) == [one for one in mine if one.due >= 401]
        whole = [one for one in mine if one.due > 0 and not one.held and not one.settling]
        assert rows.waiting(owed.account, 100, whole=True) == whole
        for measure in (Measure(), Measure(step=100), Measure(step=100, least=401), Measure(least=400)):
            in_parts = sum(measure.of(one.due) for one in mine if one.due > 0)
            assert rows.fitting(owed.account, measure, whole=False) == in_parts
            assert rows.fitting(owed.account, measure, whole=True) == sum(measure.of(one.due) for one in whole)
        assert rows.owing(owed.account, 100) == [one for one in mine if one.due < 0]
        since = Instant(NOW + 30)
        lately = sum(one.released for one in mine if one.released_at and one.released_at > since)
        assert rows.released_lately(owed.account, since) == lately
    assert rows.owed_on(Account("nobody", "stripe", "RUB")).due == 0


def test_a_statement_goes_on_where_it_ended(rows: PayoutTables) -> None:
    some = [purse(number, changed_at=Instant(NOW + number // 3)) for number in range(20)]
    rows.keep_purses([*some, purse(99, seller="shop-8")])
    expected = sorted(some, key=lambda one: (one.changed_at, one.order), reverse=True)
    found, behind = [], None
    while page := rows.purses_of("shop-7", behind, 6):
        found += page
        behind = (page[-1].changed_at, page[-1].order)
    assert found == expected


def test_what_is_held_is_added_up_by_age(rows: PayoutTables) -> None:
    ages = (0, 0, 3, 3, 40)
    rows.keep_purses(
        [purse(n, held=100, settling=n, paid_at=Instant(NOW - age * DAY)) for n, age in enumerate(ages)]
        + [purse(9, held=0, settling=0)]
    )
    ends = [Instant(NOW - 1 * DAY), Instant(NOW - 7 * DAY)]
    assert [(one.currency, one.span, one.orders, one.held, one.settling) for one in rows.held_by_age(ends)] == [
        ("RUB", 0, 2, 200, 1),
        ("RUB", 1, 2, 200, 5),
        ("RUB", 2, 1, 100, 4),
    ]


def test_payees_are_kept_parked_and_found(rows: PayoutTables) -> None:
    first = payee(own=OwnRules(schedule="weekly", minimum={"RUB": 100}), wanting=("a", "b"), may_be_paid=True)
    assert rows.first_met(first) == first
    assert rows.first_met(payee(account="other")) == first
    rows.first_met(payee("shop-8"))
    assert rows.own_schedules() == {("shop-7", "stripe"): "weekly"}
    assert [one.seller for one in rows.payees(parked=False, after=None, limit=9)] == ["shop-7", "shop-8"]
    assert [one.seller for one in rows.payees(parked=False, after=("shop-7", "stripe"), limit=9)] == ["shop-8"]
    assert rows.payees(parked=True, after=None, limit=9) == []
    assert rows.park("shop-8", "stripe", "returned", NOW)
    assert not rows.park("shop-8", "stripe", "broken", NOW)
    [parked] = rows.payees(parked=True, after=None, limit=9)
    assert (parked.seller, parked.parked_why, parked.parked_at) == ("shop-8", "returned", NOW)
    rows.seen_account("stripe", "acct_1", ("passport",), NOW, may_be_paid=False)
    assert {one.wanting for one in rows.payees(parked=True, after=None, limit=9)} == {("passport",)}
    assert [rows.count_failure("shop-7", "stripe") for _ in range(2)] == [1, 2]
    rows.no_failure("shop-7", "stripe")
    assert rows.count_failure("shop-7", "stripe") == 1
    assert rows.count_failure("nobody", "stripe") == 0


def test_what_is_changed_of_a_payee_leaves_alone_what_is_not(rows: PayoutTables) -> None:
    rows.first_met(payee())
    rows.seen_account("stripe", "acct_1", ("passport",), NOW, may_be_paid=False)
    assert rows.park("shop-7", "stripe", "returned", NOW)
    rows.count_failure("shop-7", "stripe")
    own = OwnRules(schedule="weekly")
    rows.agree("shop-7", "stripe", own)
    assert rows.take_care("shop-7", "stripe", "operator:ops")
    rows.set_account("shop-7", "stripe", "acct_1")
    stopped = payee(
        own=own,
        may_be_paid=False,
        wanting=("passport",),
        seen_at=NOW,
        parked_why="returned",
        parked_at=NOW,
        care="operator:ops",
        failures=1,
    )
    assert rows.payee("shop-7", "stripe") == stopped, "the same account is no other"
    rows.set_account("shop-7", "stripe", "acct_2")
    elsewhere = stopped._replace(account="acct_2", may_be_paid=None, wanting=(), seen_at=None)
    assert rows.payee("shop-7", "stripe") == elsewhere
    assert rows.resume("shop-7", "stripe", "operator:eve")
    assert not rows.resume("shop-7", "stripe", "operator:late")
    goes_on = elsewhere._replace(parked_why="", parked_at=None, failures=0, care="operator:eve")
    assert rows.payee("shop-7", "stripe") == goes_on
    assert not rows.take_care("nobody", "stripe", "operator:ops")
    assert rows.payee("nobody", "stripe") is None


def test_only_what_can_be_moved_is_looked_at_and_all_of_it(rows: PayoutTables) -> None:
    on_its_way = [payout(f"po_{n}", stage=PayoutStage.ON_ITS_WAY, made_at=Instant(NOW + n)) for n in range(3)]
    for one in on_its_way:
        make(rows, one, [Part(one.id, new_id(), 950, PartStage.PLANNED)])
    at_bank = [
        payout(f"po_{n}", stage=PayoutStage.TO_BANK, made_at=Instant(NOW + n), next_at=Instant(NOW + n * DAY))
        for n in range(3, 6)
    ]
    for one in (*at_bank, payout("po_6", made_at=Instant(NOW + 6)), payout("po_7", stage=PayoutStage.DONE)):
        make(rows, one, [])
    [part] = rows.parts("po_1", "", 9)
    rows.set_parts([part._replace(stage=PartStage.SENT)])
    found = rows.movable(Instant(NOW + 4 * DAY), None, 2)
    assert [one.id for one in found] == ["po_1", "po_3"]
    rest = rows.movable(Instant(NOW + 4 * DAY), PayoutPlace(found[-1].made_at, found[-1].id), 9)
    assert [one.id for one in rest] == ["po_4", "po_6"]
    assert rows.next_look() == NOW + 3 * DAY


def test_a_payout_is_made_once_and_moved_by_one(rows: PayoutTables) -> None:
    order = new_id()
    made = payout()
    assert make(rows, made, [Part("po_1", order, 950, PartStage.PLANNED)]) is Made.NOW
    assert make(rows, made._replace(amount=1), [Part("po_1", new_id(), 1, PartStage.PLANNED)]) is Made.BEFORE
    assert rows.payout("po_1") == made
    assert rows.parts("po_1", "", 9) == [Part("po_1", order, 950, PartStage.PLANNED)]
    onwards = made._replace(stage=PayoutStage.ON_ITS_WAY)
    assert rows.move(made, onwards)
    assert not rows.move(made, made._replace(stage=PayoutStage.DONE))
    assert rows.list_payouts(None, OPEN_STAGES, None, 9) == [onwards]
    done = onwards._replace(stage=PayoutStage.DONE, arrived=950, done_at=NOW)
    assert rows.move(onwards, done)
    assert rows.list_payouts(None, OPEN_STAGES, None, 9) == []
    assert rows.payout("po_1") == done


def test_of_two_who_looked_at_the_same_moment_one_makes_a_payout(rows: PayoutTables) -> None:
    known = rows.first_met(payee())
    turn = rows.turn(known.seller, known.provider)
    made, barrier = [], Barrier(4)

    def one(number: int) -> None:
        part = Part(f"po_{number}", new_id(), 950, PartStage.PLANNED)
        barrier.wait()
        made.append(rows.make(payout(f"po_{number}"), [part], turn))

    threads = [Thread(target=one, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(made) == [Made.NOW] + 3 * [Made.OUT_OF_TURN]
    [kept] = rows.list_payouts(None, (), None, 9)
    assert rows.untold(SHOP, 9) == [kept]
    assert rows.untold(SHOP._replace(currency="EUR"), 9) == []
    assert [len(rows.parts(f"po_{number}", "", 9)) for number in range(4)].count(1) == 1
    rows.move(kept, kept._replace(stage=PayoutStage.ON_ITS_WAY))
    assert rows.untold(SHOP, 9) == []
    assert rows.turn("nobody", "stripe") == 0
    assert rows.make(payout("po_9", account=SHOP._replace(seller="nobody")), (), 0) is Made.OUT_OF_TURN


def test_parts_go_forward_and_what_did_not_arrive_is_noted_once(rows: PayoutTables) -> None:
    first, second = sorted([new_id(1), new_id(2)])
    make(rows, payout(), [Part("po_1", order, 100, PartStage.PLANNED) for order in (first, second)])
    for stage in (PartStage.SENT, PartStage.STARTED, PartStage.PLANNED):
        rows.set_parts([Part("po_1", first, 100, stage)])
    for taken_back in (30, 0, 20):
        rows.set_parts([Part("po_1", first, 100, PartStage.SENT, taken_back=taken_back)])
    rows.set_parts([Part("po_1", second, 100, PartStage.FAILED, "account_closed")])
    rows.set_parts([Part("po_1", second, 100, PartStage.STARTED)])
    assert rows.parts_by_stage("po_1") == {PartStage.SENT: (1, 70), PartStage.FAILED: (1, 100)}
    [(part, belongs)] = rows.unnoted(9)
    assert (part.order, part.why, belongs.id) == (second, "account_closed", "po_1")
    assert rows.note(part)
    assert not rows.note(part)
    assert rows.unnoted(9) == []


def test_payouts_are_listed_newest_first(rows: PayoutTables) -> None:
    made = [
        payout(f"po_{n}", made_at=Instant(NOW + n // 2), account=SHOP if n % 3 else SHOP._replace(seller="shop-8"))
        for n in range(9)
    ]
    for one in made:
        make(rows, one, ())
    rows.move(made[1], made[1]._replace(stage=PayoutStage.FAILED))
    newest = sorted(made, key=lambda one: (one.made_at, one.id), reverse=True)
    assert [one.id for one in rows.list_payouts(None, (), None, 20)] == [one.id for one in newest]
    place = PayoutPlace(newest[3].made_at, newest[3].id)
    assert [one.id for one in rows.list_payouts(None, (), place, 2)] == [one.id for one in newest[4:6]]
    own = [one.id for one in newest if one.account.seller == "shop-8"]
    assert [one.id for one in rows.list_payouts("shop-8", (), None, 20)] == own
    assert [one.id for one in rows.list_payouts(None, (PayoutStage.FAILED,), None, 20)] == ["po_1"]


def test_what_lies_at_the_provider_is_what_came_there_and_has_not_gone_on(rows: PayoutTables) -> None:
    for number, stage in enumerate((PayoutStage.DONE, PayoutStage.TO_BANK, PayoutStage.PARKED)):
        one = payout(f"po_{number}", stage=stage, arrived=100, reference="x" if number else "")
        make(rows, one, [Part(one.id, new_id(), 100, PartStage.SENT, taken_back=30 * (number == 2))])
    other = payout("po_9", account=SHOP._replace(currency="EUR"), arrived=5)
    make(rows, other, [Part("po_9", new_id(), 5, PartStage.SENT)])
    found = {one.id: rows.lying(one) for one in rows.list_payouts(None, (), None, 9)}
    # 270 came; 100 are done, and 100 are on their way: of whoever asks, not yet.
    assert found == {"po_0": 170, "po_1": 170, "po_2": 70, "po_9": 5}


def test_of_many_who_move_a_payout_at_once_one_does(rows: PayoutTables) -> None:
    made = payout()
    make(rows, made, ())
    moved, barrier = [], Barrier(6)

    def move(number: int) -> None:
        barrier.wait()
        moved.append(rows.move(made, made._replace(stage=PayoutStage.ON_ITS_WAY, reference=str(number))))

    threads = [Thread(target=move, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(moved) == [False] * 5 + [True]


def test_of_two_who_agree_at_once_on_different_things_the_second_reads_again(rows: PayoutTables) -> None:
    before = rows.first_met(payee()).own
    assert rows.agree("shop-7", "stripe", OwnRules(schedule="weekly"), before)
    assert not rows.agree("shop-7", "stripe", OwnRules(reserve_days=9), before)
    kept = rows.payee("shop-7", "stripe")
    assert kept is not None
    assert kept.own == OwnRules(schedule="weekly")
    assert rows.agree("shop-7", "stripe", before)
    assert not rows.agree("nobody", "stripe", before)
