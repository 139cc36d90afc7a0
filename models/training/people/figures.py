"""Digits of a transcript as they are read aloud, where there is one way only. Pure.

Sino-Korean for dates, money, measures and years; native for hours, ages and things that are counted; digit by digit for
telephone numbers. What can be read in two ways ("3번": 세 번, three times, or 삼 번, number three) is left as it is,
and its clip is left out: a wrong transcript harms more than one sentence helps.
"""

from __future__ import annotations

import re
from typing import Final

from models.korean.spoken_numbers import digits, native, number

_COUNTED: Final = "시간 시 살 명 개 마리 잔 병 가지 군데 사람 배 달 그루 켤레 곳 바퀴"
_MEASURED: Final = (
    "개월 년대 년 월 일 분 초 원 만 천 백 억 조 퍼센트 프로 도 호 층 동 학년 세기 세 "
    "킬로 미터 센티 그램 리터 평 차 위 등 점 주 인분 회 부 조각 단계 주년 개국 여 인 "
    "박 절 나노 센트 달러 불 번지 번길 쪽"
)
_NATIVE: Final = tuple(_COUNTED.split())
_SINO: Final = tuple(_MEASURED.split())
_MONTH: Final = {6: "유", 10: "시"}
_NATIVE_BELOW: Final = 100
_MOST: Final = 10**12
_TELEPHONE: Final = re.compile(r"(?<!\d)(?:0\d{1,2}[- ]\d{3,4}[- ]\d{4}|1\d{3}-\d{4})(?!\d)")
_NUMBER: Final = re.compile(r"(?<![\d.])(\d{1,3}(?:,\d{3})+|\d+)(?:\.(\d+))?(\s?)([가-힣]*)")


def read_figures(text: str) -> str:
    """The text with every number that has one reading in Hangul; others stay digits."""
    text = _TELEPHONE.sub(lambda found: digits(re.sub(r"\D", "", found[0])), text)
    return _NUMBER.sub(_read, text)


def _read(found: re.Match[str]) -> str:
    value, fraction, word = int(found[1].replace(",", "")), found[2], found[4]
    if value >= _MOST:
        return found[0]
    if fraction is not None:
        return f"{number(value)} 점 {digits(fraction)} {word}".rstrip()
    unit = next((unit for unit in _NATIVE if word.startswith(unit)), "")
    longer = next((unit for unit in _SINO if word.startswith(unit)), "")
    if word.startswith("대") and (value >= _NATIVE_BELOW or value % 10 == 0):
        return f"{number(value)} {word}"  # somebody in her twenties, or a great many cars
    if unit and len(unit) >= len(longer):
        return f"{native(value)} {word}" if 0 < value < _NATIVE_BELOW else f"{number(value)} {word}"
    if longer == "월" and value in _MONTH:
        return f"{_MONTH[value]} {word}"
    if longer:
        return f"{number(value)} {word}"
    return found[0]
