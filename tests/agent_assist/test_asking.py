from __future__ import annotations

import pytest

from agent_assist.asking import asks
from agent_assist.korean import Analyser


@pytest.mark.parametrize(
    "said",
    [
        "여권은 어디서 만들어요",
        "몇 시까지 하나요",
        "돈을 보태준다면서요",
        "가로등 좀 고쳐 주세요",
        "어떤 서류인지 알 수 있을까요",
        "수영을 배우고 싶은데요",
        "그게 뭐예요",
        "신고하면 되죠",
        "언제까지 해야 됩니까",
        "공짜로 해 준다던데",
        "그래도 괜찮은 거예요",
    ],
)
def test_a_question_a_wish_and_hearsay_ask(language: Analyser, said: str) -> None:
    assert asks(language.morphemes(said, tolerant=True))


@pytest.mark.parametrize(
    "said",
    [
        "여권 때문에 전화했는데요",
        "자동차 문제인데요",
        "우리 어머니 일로 전화드렸어요",
        "네 알겠습니다",
        "",
        "통장을 하나 만들었는데요",
    ],
)
def test_a_topic_asks_nothing(language: Analyser, said: str) -> None:
    assert not asks(language.morphemes(said, tolerant=True))
