from __future__ import annotations

import pytest

from agent_assist import terms
from agent_assist.korean import Analyser, Morpheme


def test_words_as_written() -> None:
    assert terms.words("정부24에서 PDF를, 여권-재발급!") == ["정부", "24", "에서", "pdf", "를", "여권", "재발급"]


@pytest.mark.parametrize(("text", "expected"), [("주민등록", ["주민", "민등", "등록"]), ("표", ["표"])])
def test_pairs(text: str, expected: list[str]) -> None:
    assert terms.pairs(text) == expected


@pytest.mark.parametrize(
    ("morpheme", "expected"),
    [
        (Morpheme("등본", "NNG", 0, 2), "n등본"),
        (Morpheme("떼", "VV", 0, 1), "v떼"),
        (Morpheme("PDF", "SL", 0, 3), "npdf"),
        (Morpheme("을", "JKO", 0, 1), None),
        (Morpheme("있", "VV", 0, 1), None),
    ],
)
def test_morpheme_term(morpheme: Morpheme, expected: str | None) -> None:
    assert terms.morpheme_term(morpheme) == expected


def test_nouns_written_together_are_a_name_too() -> None:
    found = terms.compounds([Morpheme("주민", "NNG", 0, 2), Morpheme("센터", "NNG", 2, 4), Morpheme("에", "JKB", 4, 5)])
    assert [(m.form, m.start, m.end) for m in found] == [("주민센터", 0, 4)]


def test_nouns_with_a_space_between_are_no_name() -> None:
    assert list(terms.compounds([Morpheme("주민", "NNG", 0, 2), Morpheme("센터", "NNG", 3, 5)])) == []


def test_a_word_is_kept_in_all_channels(language: Analyser) -> None:
    found = terms.terms("주민센터에", language.morphemes("주민센터에"))
    assert {"n주민", "n센터", "n주민센터", "p주민", "w민센"} <= set(found)
    assert {term[0] for term in found} <= set(terms.CHANNELS)
