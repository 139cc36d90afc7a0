"""Whether an utterance asks for something, or only says what the call is about. Pure.

'교통카드 때문에 전화했는데요' names a topic and waits; '교통카드는 어디서 사요' can be answered. Korean marks asking by
question words, by endings, by hearsay ('준다면서요') and by what one wants done ('해 주세요').
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from agent_assist.korean import Morpheme

_WORDS: Final = frozenset(
    {"어디", "언제", "얼마", "얼마나", "어떻게", "어떡하", "왜", "누구", "몇", "어느", "며칠", "어찌"}
)
_ENDINGS: Final = frozenset(
    ["나요", "까요", "ᆯ까요", "을까요", "ᆯ까", "을까", "ᆸ니까", "습니까", "ᆸ디까", "ᆫ가요", "은가요", "는가요", "ᆫ가", "은가", "는가", "던가요", "죠", "지요", "냐", "느냐", "냐고", "나", "니", "는지", "은지", "ᆫ지", "ᆯ지", "을지", "래요", "ᆯ래요", "다면서요", "ᆫ다면서요", "는다면서요", "라면서요", "다며", "다면서", "ᆫ다면서", "는다면서", "라면서", "다던데", "ᆫ다던데", "는다던데", "라던데", "던데", "던데요", "다고", "ᆫ다고", "는다고", "라고", "으라고", "ᆫ대요", "는대요", "대요", "려면", "으려면", "ᆯ라면", "을라면", "어야", "면"]
)
"""Endings of questions, of hearsay, and of what depends on the answer ('떼려면')."""
_WANTED: Final = frozenset({"주", "드리", "싶"})
"""Auxiliaries: something is to be done for the caller, or wished."""


def asks(morphemes: Sequence[Morpheme]) -> bool:
    """Whether anything in it is a question, a wish or what the caller has heard and wants confirmed."""
    for at, one in enumerate(morphemes):
        after = morphemes[at + 1] if at + 1 < len(morphemes) else None
        if one.form in _WORDS or (one.tag in {"EF", "EC"} and one.form in _ENDINGS):
            return True
        if one.tag == "VX" and one.form in _WANTED:
            return True
        if one.form in {"뭐", "무엇"} and after is not None and after.tag in {"VCP", "JKS"}:  # 뭐예요, 뭐가
            return True
        if (
            one.tag == "ETM"
            and after is not None
            and after.form in {"수", "거", "건", "것"}
            and one.form in {"ᆯ", "을", "는"}
        ):
            return True
    return False
