"""Whether an utterance asks for something, or only says what the call is about. Pure.

'교통카드 때문에 전화했는데요' names a topic and waits; '교통카드는 어디서 사요' can be answered. Korean marks asking by
question words, by endings, by hearsay ('준다면서요') and by what one wants done ('해 주세요').
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from agent_assist.everyday import ASKING_ENDINGS, ASKING_WORDS
from agent_assist.korean import Morpheme

_WANTED: Final = frozenset({"주", "드리", "싶"})
"""Auxiliaries: something is to be done for the caller, or wished."""
_WHAT: Final = frozenset({"뭐", "무엇"})
_THING: Final = frozenset({"거", "것"})


def asks(morphemes: Sequence[Morpheme]) -> bool:
    """Whether anything in it is a question, a wish or what the caller has heard and wants confirmed."""
    for at, one in enumerate(morphemes):
        after, then = (morphemes[place] if place < len(morphemes) else None for place in (at + 1, at + 2))
        if one.form in ASKING_WORDS:
            return True
        if one.tag in {"EF", "EC"} and one.form in ASKING_ENDINGS and not _one_thing(morphemes, at):
            return True
        if one.tag == "VX" and one.form in _WANTED and (after is None or after.tag != "ETM"):  # not '보내준 데'
            return True
        if one.form in _WHAT and after is not None and after.tag in {"VCP", "JKS"}:  # 뭐예요, 뭐가
            return True
        if one.tag == "ETM" and after is not None:
            if after.form == "수":  # 받을 수 있어요
                return True
            if after.form in _THING and then is not None and then.tag == "VCP":  # 되는 거예요
                return True
    return False


def _one_thing(morphemes: Sequence[Morpheme], at: int) -> bool:
    """'행사를 하나 하는데요': one event, which the analyser takes for the question 'does he?'."""
    before = morphemes[max(at - 2, 0) : at]
    return morphemes[at].form == "나" and [one.tag for one in before[:1]] == ["JKO"] and before[-1].form == "하"
