import pytest

from fairhold.domain.instants import Duration, minutes
from fairhold.engine.accounts.refusals import Denial, Denied
from fairhold.words.account_refusals import TEXTS, explain_denial
from fairhold.words.catalog import Language, words_of


def test_every_denial_has_its_words() -> None:
    assert set(TEXTS) == set(Denial)


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("why", Denial)
def test_a_denial_is_told_in_both_languages_with_nothing_left_to_fill_in(why: Denial, language: Language) -> None:
    title, detail = explain_denial(words_of(language), Denied(why, wait=minutes(3)))
    assert "%" not in title + detail
    assert title.endswith(".")


def test_a_wait_is_told_in_whole_minutes() -> None:
    for wait, said in ((1, "1 minute"), (minutes(2), "2 minutes"), (minutes(2) + 1, "3 minutes")):
        _, detail = explain_denial(words_of(Language.EN), Denied(Denial.TOO_MANY_ATTEMPTS, wait=Duration(wait)))
        assert f"Wait {said.replace(' ', chr(160))}," in detail
