"""The words of a question that tell what it is about."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from agent_assist.everyday import COMMON
from agent_assist.korean import NUMBERS, Analyser, Morpheme

_WISHES: Final = frozenset(
    {"싶", "주", "달", "보", "가", "오", "하", "되", "알아보", "신청", "민원", "신고", "요청", "안내", "처리"}
)
"""Asked about anything: no gap's own word."""


def topical(morphemes: Sequence[Morpheme]) -> tuple[str, ...]:
    """Nouns as they are, verbs in their dictionary form ('떼다'); each once, in order. No numbers."""
    found = (_word(each) for each in morphemes if each.form not in _WISHES)
    return tuple(dict.fromkeys(word for word in found if word))


def words_of(text: str, analyser: Analyser) -> tuple[str, ...]:
    """:func:`topical` of a text."""
    return topical(analyser.morphemes(text))


def _word(morpheme: Morpheme) -> str:
    if morpheme.form in COMMON or morpheme.tag in NUMBERS or any(char.isdigit() for char in morpheme.form):
        return ""
    match morpheme.kind:
        case "noun":
            return morpheme.form.lower()
        case "verb":
            return f"{morpheme.form}다"
        case _:
            return ""
