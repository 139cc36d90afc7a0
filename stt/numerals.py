"""Spoken Korean numbers as digits, where that is safe: '백 이십 번지' -> '120번지', '공 일 공 ...' -> '010-...'.

Conservative, because most numeral syllables are also words ('이' this, '일' work, '사' company, '만' full, '구' ward):
a number becomes digits only before a counting word that it can belong to, or as one of at least four (three with '공')
single spoken digits. Everything else stays as it was said. Pure functions; doing it twice changes nothing.
"""

from __future__ import annotations

import re
from typing import Final

from core.numerals import NATIVE, phone, sino, spoken_digits

_NUMERAL: Final = re.compile("[일이삼사오육륙칠팔구십백천만억]+")
_DIGITS: Final = re.compile("[공영일이삼사오육륙칠팔구]+")

# Counting words of Sino-Korean numbers: even after a lone '이' ('this'), after any single syllable, after longer ones.
_AFTER_TWO: Final = ("개월", "학년", "등급", "호선", "번지", "퍼센트", "월", "층")
_AFTER_ONE: Final = (
    *_AFTER_TWO,
    *("번째", "번", "년", "일", "호", "분", "원", "동", "주일", "회", "급", "단계", "킬로", "리터"),
)
_AFTER_MANY: Final = (
    *_AFTER_ONE,
    *("명", "개", "장", "통", "세", "평", "미터", "가구", "건", "프로", "초", "주", "차", "인"),
)
_AFTER_TEN_THOUSAND: Final = ("원", "명", "개", "장", "통", "건", "가구")
_AFTER_NATIVE: Final = ("시간", "시", "살", "명", "개", "장", "통", "대", "마리", "군데", "가지")
_ENDING: Final = (
    "(?:이|가|은|는|을|를|에|의|로|으로|도|만|와|과|랑|이랑|나|이나|면|이면|요|이요|예요|이에요|에요|입니다|인데|인데요|이고|이고요|이라고|"
    "라고|죠|이죠|인가요|인지|까지|까지요|부터|부터요|쯤|쯤에|정도|짜리|씩|마다|째|동안|에서|에는|에도|보다|밖에|간)?"
)
_COPULA: Final = re.compile(r"(?:이에요|예요|이요|입니다|인데요|인데|이고요|이고|이라고요|이라고|이죠|인가요)$")
_LAST_DIGITS: Final = re.compile(f"({_DIGITS.pattern}?)({_COPULA.pattern.removesuffix('$')})")
_MONTHS: Final = {"유월": "6월", "시월": "10월"}


def _unit(units: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(f"({'|'.join(sorted(units, key=len, reverse=True))})({_ENDING})")


_TWO, _ONE, _MANY, _NATIVE_UNIT = map(_unit, (_AFTER_TWO, _AFTER_ONE, _AFTER_MANY, _AFTER_NATIVE))
# '삼십분', '이천원에': number and counting word in one token; the number must have a 십, 백, 천 or 만.
_ATTACHED: Final = re.compile(f"((?=[^십백천만억]*[십백천만억]){_NUMERAL.pattern})({'|'.join(_AFTER_MANY)})({_ENDING})")


def to_digits(text: str) -> str:
    """The text with its safe numbers as digits."""
    tokens = text.split()
    out: list[str] = []
    at = 0
    while at < len(tokens):
        written, used = _digit_run(tokens, at) or _counted(tokens, at) or _native(tokens, at) or (tokens[at], 1)
        written = _MONTHS.get(written, written)
        at += used
        if written[-1:] in "원층월년일번호분시지소선급살명개장통" or written[-1:].isdigit():
            while at < len(tokens) and written[0].isdigit() and _COPULA.fullmatch(tokens[at]):
                written += tokens[at]
                at += 1
        out.append(written)
    return " ".join(out)


def _digit_run(tokens: list[str], at: int) -> tuple[str, int] | None:
    """A run of spoken digits: a telephone number, an extension."""
    end, digits = at, ""
    while end < len(tokens) and (more := spoken_digits(tokens[end])):
        digits += more
        end += 1
    single = end - at == len(digits)
    ending = ""
    if end < len(tokens) and len(digits) >= 3 and (last := _LAST_DIGITS.fullmatch(tokens[end])):
        digits, ending, end = digits + spoken_digits(last[1]), last[2], end + 1
    if len(digits) >= 7 or (single and len(digits) >= 4) or (single and len(digits) == 3 and "0" in digits):
        if phone(digits) is None and tokens[end - 1] == "이" and (number := phone(digits[:-1])):
            return number + "이", end - at
        return (phone(digits) or digits) + ending, end - at
    return None


def _counted(tokens: list[str], at: int) -> tuple[str, int] | None:
    """A Sino-Korean number with its counting word."""
    end, numeral = at, ""
    while end < len(tokens) and _NUMERAL.fullmatch(tokens[end]):
        numeral += tokens[end]
        end += 1
    if end > at + 1 and tokens[end - 1] == "일" and sino(numeral) is None:  # '이십 삼 일': the last is the day
        end, numeral = end - 1, numeral[:-1]
    if end == len(tokens):
        return None
    if attached := _ATTACHED.fullmatch(tokens[end]):
        whole, unit, ending = numeral + attached[1], attached[2], attached[3]
        if len(whole) < 2:
            return None
    else:
        known = _TWO if numeral == "이" else _ONE if len(numeral) == 1 and numeral != "만" else _MANY
        found = known.fullmatch(tokens[end])
        if not numeral or found is None:
            return None
        whole, unit, ending = numeral, found[1], found[2]
    number = sino(whole)
    # '만 십팔 세': '만' is 'full', not ten thousand.
    if number is None or (tokens[at] == "만" and unit not in _AFTER_TEN_THOUSAND):
        return None
    figure = str(number) if unit in ("년", "번", "호", "번지", "동") else f"{number:,}"
    return figure + unit + ending, end + 1 - at


def _native(tokens: list[str], at: int) -> tuple[str, int] | None:
    """A native Korean number with its counting word: '세 시에' -> '3시에'."""
    number = NATIVE.get(tokens[at])
    if number is None or at + 1 == len(tokens):
        return None
    if at == 0 and tokens[:2] == ["네", "시"]:  # 'yes, the city ...'
        return None
    found = _NATIVE_UNIT.fullmatch(tokens[at + 1])
    return (f"{number}{found[1]}{found[2]}", 2) if found else None
