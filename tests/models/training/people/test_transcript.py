"""Transcripts of several corpora as the words that were spoken, and digits read aloud."""

from __future__ import annotations

import pytest

from models.training.people.transcript import Unreadable, spoken


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        ("b/ 아/ 모+ 몬 소리야 (70%)/(칠 십 퍼센트) 확률이라니 n/", "아 모 몬 소리야 칠 십 퍼센트 확률이라니"),
        ("(십 분만)/(10분만) 뭐* 했어요.", "십 분만 뭐 했어요"),
        ("(뭐)/(모) 그래~ o/", "뭐 그래"),
        ("(SN:문이) 열려 있어요 (NO:)", "문이 열려 있어요"),
        ("{laughing} 네, 그렇죠?", "네 그렇죠"),
        ("1839년 8월 19일", "천 팔백 삼십 구 년 팔 월 십 구 일"),
        ("6월 10월", "유 월 시 월"),
        ("12시 30분에 5개", "열두 시 삼십 분에 다섯 개"),
        ("18개월 33개국", "십 팔 개월 삼십 삼 개국"),
        ("20대 3000대", "이십 대 삼천 대"),
        ("1,000원 3.5킬로 50%", "천 원 삼 점 오 킬로 오십 퍼센트"),
        ("010-1234-5678로", "공 일 공 일 이 삼 사 오 육 칠 팔로"),
    ],
)
def test_spoken(raw: str, words: str) -> None:
    """One reading: Hangul, one space between words."""
    assert spoken(raw) == words


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        ("3번 주세요", "digits"),
        ("1234567890123원", "digits"),
        ("DNA 검사", "latin"),
        ("@이름1 기자입니다", "masked or not understood"),
        ("u/ 그래서", "masked or not understood"),
        ("...", "no words"),
        ("ㅋㅋ 네", "other letters"),
    ],
)
def test_unreadable(raw: str, reason: str) -> None:
    """Nobody can know how it was said: the clip is left out, and the reason counted."""
    with pytest.raises(Unreadable) as caught:
        spoken(raw)
    assert caught.value.reason == reason
