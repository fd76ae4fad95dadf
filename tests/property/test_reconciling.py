"""Whatever is dropped, doubled or altered on either side of a clearing account is found, and nothing else."""

from collections import Counter
from dataclasses import dataclass

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from fairhold.domain.instants import Instant
from fairhold.ledger.reconciling import Comparison, Entry, What, compare

KINDS = ("payment", "refund", "chargeback", "given_back")


@dataclass
class Books:
    """Movements that both sides have, each of its own kind and name."""

    stated: list[Entry]
    booked: list[Entry]


@st.composite
def books(draw: st.DrawFn) -> Books:
    size = draw(st.integers(min_value=1, max_value=12))
    stated: list[Entry] = []
    booked: list[Entry] = []
    for n in range(size):
        kind = draw(st.sampled_from(KINDS))
        name = f"name-{n // 2}" if draw(st.booleans()) else f"one-{n}"
        amount = draw(st.integers(min_value=-(10**12), max_value=10**12).filter(bool))
        fee, at = draw(st.integers(min_value=0, max_value=10**6)), draw(st.integers(min_value=0, max_value=10**9))
        late = draw(st.integers(min_value=-(10**6), max_value=10**6))
        if any(other.kind == kind and name in other.names for other in booked):
            continue
        others = draw(st.sampled_from(((), (f"other-{n}",))))
        stated.append(Entry(kind, (name,), amount, fee, Instant(at), f"line-{n}"))
        booked.append(Entry(kind, (*others, name), amount, fee, Instant(max(0, at + late)), f"order/{n}"))
    return Books(stated, booked)


def kinds(found: Comparison) -> Counter[What]:
    return Counter(one.what for one in found.differences)


@given(books())
def test_where_both_sides_have_the_same_nothing_is_found(made: Books) -> None:
    found = compare(made.stated, made.booked)
    assert found.differences == ()
    assert {(pair.stated.mark[5:], pair.booked.mark[6:]) for pair in found.matched} == {
        (one.mark[5:], one.mark[5:]) for one in made.stated
    }


@given(books(), st.data())
def test_the_order_of_either_side_does_not_matter(made: Books, data: st.DataObject) -> None:
    cut = data.draw(st.integers(min_value=0, max_value=len(made.stated)))
    stated = [*made.stated[cut:], *made.stated[:1]]
    found = compare(stated, made.booked)
    assert compare(data.draw(st.permutations(stated)), data.draw(st.permutations(made.booked))) == found


@given(books(), st.booleans(), st.data())
def test_what_one_side_lacks_is_found_on_the_other(made: Books, ours: bool, data: st.DataObject) -> None:
    side = made.booked if ours else made.stated
    gone = data.draw(st.sampled_from(side))
    side.remove(gone)
    found = compare(made.stated, made.booked)
    [one] = found.differences
    assert one.what is (What.ONLY_STATED if ours else What.ONLY_BOOKED)
    left = one.stated if ours else one.booked
    assert left is not None
    assert (left.kind, left.amount, left.fee) == (gone.kind, gone.amount, gone.fee)
    assert one.net == (gone.net if ours else -gone.net)


@given(books(), st.booleans(), st.data())
def test_what_one_side_has_twice_is_found(made: Books, ours: bool, data: st.DataObject) -> None:
    side = made.booked if ours else made.stated
    again = data.draw(st.sampled_from(side))
    side.append(again._replace(mark=f"{again.mark}-again", at=Instant(again.at + 1)))
    [one] = compare(made.stated, made.booked).differences
    assert one.what is (What.BOOKED_TWICE if ours else What.STATED_TWICE)
    assert one.net == (-again.net if ours else again.net)


@given(books(), st.booleans(), st.data(), st.integers(min_value=-(10**6), max_value=10**6).filter(bool))
def test_another_sum_and_another_fee_are_found_to_the_minor_unit(
    made: Books, fee: bool, data: st.DataObject, by: int
) -> None:
    n = data.draw(st.integers(min_value=0, max_value=len(made.stated) - 1))
    one = made.stated[n]
    made.stated[n] = one._replace(fee=one.fee + by) if fee else one._replace(amount=one.amount + by)
    [found] = compare(made.stated, made.booked).differences
    assert found.what is (What.FEE_DIFFERS if fee else What.AMOUNT_DIFFERS)
    assert found.net == (-by if fee else by)


@given(books(), st.data())
def test_whatever_was_done_to_both_sides_the_differences_are_all_that_lies_between_their_sums(
    made: Books, data: st.DataObject
) -> None:
    for side in (made.stated, made.booked):
        for _ in range(data.draw(st.integers(min_value=0, max_value=4))):
            assume(side)
            n = data.draw(st.integers(min_value=0, max_value=len(side) - 1))
            match data.draw(st.sampled_from(("drop", "double", "alter", "rename"))):
                case "drop":
                    del side[n]
                case "double":
                    side.append(side[n])
                case "alter":
                    side[n] = side[n]._replace(amount=side[n].amount + data.draw(st.integers(-5, 5)))
                case _:
                    side[n] = side[n]._replace(names=(f"new-{n}",))
    found = compare(made.stated, made.booked)
    sums = [sum(entry.net for entry in side) for side in (made.stated, made.booked)]
    assert sums[0] - sums[1] == sum(one.net for one in found.differences)
    theirs = [pair.stated for pair in found.matched] + [one.stated for one in found.differences if one.stated]
    ours = [pair.booked for pair in found.matched] + [one.booked for one in found.differences if one.booked]
    assert (Counter(theirs), Counter(ours)) == (Counter(made.stated), Counter(made.booked))


@pytest.mark.parametrize("what", list(What))
def test_every_kind_of_difference_can_be_found(what: What) -> None:
    one = Entry("payment", ("p",), 100, 3, Instant(5), "x")
    other = {What.AMOUNT_DIFFERS: one._replace(amount=90), What.FEE_DIFFERS: one._replace(fee=2)}.get(what, one)
    sides = {
        What.ONLY_STATED: ([one], []),
        What.ONLY_BOOKED: ([], [one]),
        What.STATED_TWICE: ([one, one], [one]),
        What.BOOKED_TWICE: ([one], [one, one]),
    }.get(what, ([one], [other]))
    assert kinds(compare(*sides)) == Counter([what])
