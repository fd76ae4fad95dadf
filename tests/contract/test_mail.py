from concurrent.futures import ThreadPoolExecutor

import pytest

from fairhold.domain.instants import DAY, MINUTE, Instant
from fairhold.engine.ports.mail import Mail, MailRows, MailState
from fairhold.engine.ports.store import Store
from fairhold.store.mail import MailTables
from tests.contract.rows import NOW

LEASE = MINUTE


@pytest.fixture
def rows(store: Store) -> MailRows:
    return MailTables(store.tables())


def mail(key: str = "k", at: int = NOW, person: str | None = "ann") -> Mail:
    return Mail(
        key, "ann@почта.рф", person, "ru", "account_email", {"url": "https://x.example/ё", "until": NOW}, Instant(at)
    )


def claimed(rows: MailRows, at: int, limit: int = 10) -> list[str]:
    return [queued.mail.key for queued in rows.claim(Instant(at), LEASE, limit)]


def test_a_letter_is_queued_once_under_its_key(rows: MailRows) -> None:
    assert rows.post(mail())
    assert not rows.post(mail())
    [queued] = rows.claim(Instant(NOW), LEASE, 10)
    assert (queued.mail, queued.attempts) == (mail(), 1)


def test_nobody_else_takes_what_is_claimed_until_the_lease_ends(rows: MailRows) -> None:
    rows.post(mail())
    assert claimed(rows, NOW) == ["k"]
    assert claimed(rows, NOW + LEASE - 1) == []
    assert claimed(rows, NOW + LEASE) == ["k"]


def test_many_who_claim_at_once_never_take_the_same_letter(rows: MailRows) -> None:
    for number in range(40):
        rows.post(mail(f"k{number}"))
    with ThreadPoolExecutor(6) as threads:
        taken = [key for keys in threads.map(lambda _: claimed(rows, NOW, 5), range(12)) for key in keys]
    assert len(taken) == len(set(taken))
    assert len(taken) + len(claimed(rows, NOW, 50)) == 40


def test_what_is_due_later_waits(rows: MailRows) -> None:
    rows.post(mail("later", NOW + DAY))
    assert rows.next_due() == NOW + DAY
    assert claimed(rows, NOW) == []
    rows.post(mail("now"))
    assert rows.next_due() == NOW
    assert claimed(rows, NOW + DAY, 1) == ["now"]


def test_of_what_was_sent_only_the_key_is_kept(rows: MailRows, store: Store) -> None:
    rows.post(mail())
    rows.finish("k", MailState.SENT, Instant(NOW))
    assert rows.next_due() is None
    assert not rows.post(mail())
    [row] = store.tables().rows("SELECT recipient, person, content, state FROM mail")
    assert tuple(row) == ("", None, "{}", "sent")


def test_a_parked_letter_keeps_what_it_says(rows: MailRows, store: Store) -> None:
    rows.post(mail())
    rows.finish("k", MailState.PARKED, Instant(NOW), "550 no")
    assert claimed(rows, NOW + DAY) == []
    assert MailTables(store.tables()).parked() == 1
    assert store.tables().rows("SELECT recipient, error FROM mail")[0][:2] == ("ann@почта.рф", "550 no")


def test_a_retry_comes_at_its_time_and_counts(rows: MailRows) -> None:
    rows.post(mail())
    claimed(rows, NOW)
    rows.retry("k", Instant(NOW + 5 * MINUTE), "451 later")
    assert claimed(rows, NOW + 4 * MINUTE) == []
    [again] = rows.claim(Instant(NOW + 5 * MINUTE), LEASE, 10)
    assert again.attempts == 2


def test_nothing_goes_to_a_person_who_is_forgotten(rows: MailRows) -> None:
    rows.post(mail())
    rows.post(mail("other", person="bob"))
    rows.drop_for("ann", Instant(NOW))
    assert claimed(rows, NOW) == ["other"]


def test_keys_are_forgotten_in_the_end(rows: MailRows) -> None:
    rows.post(mail())
    rows.finish("k", MailState.DROPPED, Instant(NOW))
    assert rows.forget_before(Instant(NOW)) == 0
    assert rows.forget_before(Instant(NOW + 1)) == 1
    assert rows.post(mail())
