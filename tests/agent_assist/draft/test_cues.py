from __future__ import annotations

import pytest

from agent_assist.draft.cues import (
    ANSWERS,
    ASKS,
    CORRECTIONS,
    PROMISES,
    QUESTIONS,
    STOCK,
    TROUBLE,
    WANTS,
    without_leading,
)
from agent_assist.hangul import squeezed


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("아 네 저기 등본을 떼려고요", "등본을 떼려고요"),
        ("그, 저… 등본이요", "등본이요"),
        ("아이 예방접종이요", "아이 예방접종이요"),
        ("네", "네"),
        ("", ""),
    ],
)
def test_hesitation_before_a_sentence_is_dropped(said: str, left: str) -> None:
    assert without_leading(said) == left


@pytest.mark.parametrize(
    "text", ["등본 떼려고요", "좀 치워 주세요", "신청하려면", "보내 주셨으면 해요", "알고 싶어서요"]
)
def test_wanting(text: str) -> None:
    assert WANTS.search(squeezed(text))


@pytest.mark.parametrize(
    "text",
    [
        "수수료가 얼마예요",
        "대신 가도 되나요",
        "어디로 가면 돼요",
        "받을 수 있는지 해서",
        "나라에서 보태 준다던데요",
        "무료라고 하던데",
        "될까 해서요",
    ],
)
def test_asking(text: str) -> None:
    assert ASKS.search(squeezed(text))


@pytest.mark.parametrize("text", ["가로등이 고장 났어요", "물이 안 나와요", "하수구가 막혔어요"])
def test_trouble(text: str) -> None:
    assert TROUBLE.search(squeezed(text))


@pytest.mark.parametrize("text", ["우편으로 뭐가 왔는데요", "저희 집은 삼층이고요", "네 그렇군요"])
def test_telling_is_neither(text: str) -> None:
    letters = squeezed(text)
    assert not WANTS.search(letters)
    assert not ASKS.search(letters)
    assert not TROUBLE.search(letters)


@pytest.mark.parametrize("text", ["신분증을 가져오시면 됩니다", "무료로 받으실 수 있습니다", "수수료는 육백 원입니다"])
def test_answering(text: str) -> None:
    assert ANSWERS.search(squeezed(text))


@pytest.mark.parametrize("text", ["잠시만 기다려 주세요", "네 알겠습니다", "무엇을 도와드릴까요", "확인해 보겠습니다"])
def test_stock_phrases(text: str) -> None:
    assert STOCK.search(squeezed(text))


@pytest.mark.parametrize(
    "text", ["위치가 어디실까요", "성함이 어떻게 되세요", "본인이신가요", "신분증은 가지고 계세요"]
)
def test_an_agents_questions(text: str) -> None:
    assert QUESTIONS.search(squeezed(text)) or "어떻게되세요" in squeezed(text)


@pytest.mark.parametrize(
    "text",
    [
        "확인해서 연락드리겠습니다",
        "문자 보내 드리겠습니다",
        "담당 부서에 전달하겠습니다",
        "내일 다시 전화드릴게요",
        "접수해 드리겠습니다",
        "모레 수거하러 갈 예정입니다",
        "현장에 나가 조치하겠습니다",
    ],
)
def test_promising(text: str) -> None:
    assert PROMISES.search(squeezed(text))


@pytest.mark.parametrize(
    "text",
    [
        "확인해 드리겠습니다",
        "안내해 드리겠습니다",
        "세정과로 연결해 드리겠습니다",
        "전화번호 알려 드릴게요",
        "세정과로 전화하시면 됩니다",
        "문자로 받으셨나요",
        "접수는 내일부터입니다",
    ],
)
def test_what_is_done_at_once_is_no_promise(text: str) -> None:
    assert not PROMISES.search(squeezed(text))


@pytest.mark.parametrize("text", ["아니 네 시요", "아니요 오 층이요", "세 시 말고 네 시", "제가 잘못 말했어요"])
def test_correcting(text: str) -> None:
    assert CORRECTIONS.search(squeezed(text))
