"""A city's own nouns are read as its offices' and shown as they were said."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from agent_assist.assistant import Assistant
from agent_assist.own_words import OwnWords, as_said
from core.store.entry import Entry
from core.store.knowledge import Synonym, SynonymState

AT = datetime(2026, 11, 26, tzinfo=UTC)


def synonym(lay: str, *office: str, state: SynonymState = "in_force") -> Synonym:
    return Synonym(lay=lay, office=office, state=state, at=AT)


def never(_noun: str) -> bool:
    return False


def test_a_noun_is_read_as_the_offices_and_shown_as_it_was_said() -> None:
    own = OwnWords([synonym("라꾸라꾸", "폐기물"), synonym("라꾸", "의자")], never)
    text, read = own.read("저기 라꾸라꾸를 버리려고요")
    assert (text, read) == ("저기 폐기물를 버리려고요", (("폐기물", "라꾸라꾸"),))
    assert as_said(("폐기물", "버리려고"), read) == ("라꾸라꾸", "버리려고")


@pytest.mark.parametrize(
    ("one", "text"),
    [
        (synonym("접선", "전입", state="proposed"), "접선하려고요"),
        (synonym("접선", "전입", state="off"), "접선하려고요"),
        (synonym("떼다", "발급"), "떼다 주세요"),  # a verb is the thesaurus's
        (synonym("앞 못 보는", "시각장애인"), "앞 못 보는 사람이요"),  # so is a phrase
        (synonym("개", "반려견"), "개가 짖어요"),  # one letter is within too many words
        (synonym("라꾸", "의자"), "쿠라꾸 있어요"),  # only where a word begins
    ],
)
def test_what_is_no_noun_in_force_stays(one: Synonym, text: str) -> None:
    assert OwnWords([one], never).read(text) == (text, ())


def test_a_word_that_the_database_has_itself_stays() -> None:
    assert OwnWords([synonym("장롱", "폐기물")], lambda noun: noun == "장롱").read("장롱이요") == ("장롱이요", ())


def test_it_brings_the_card_that_the_offices_word_would(hanbit: tuple[Entry, ...]) -> None:
    assistant = Assistant()
    assistant.reload(hanbit)
    assert assistant.suggest("삐삐가 고장 났어요") == []
    assistant.reload(hanbit, [synonym("삐삐", "가로등")])
    best = assistant.suggest("삐삐가 고장 났어요")[0]
    assert "가로등" in best.title
    assert any("삐삐" in words for words in best.words)
    assert not any("가로등" in words for words in best.words)
    assistant.close()
