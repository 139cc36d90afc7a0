"""Numbers as they are said and transcribed: one word a unit ('천 이백 삼십 사'), or digit by digit ('공 일 공').

The way back, words to digits, is ``core.numerals``'s.
"""

from __future__ import annotations

from typing import Final

_SINO: Final = " 일이삼사오육칠팔구"
_DIGITS: Final = "공일이삼사오육칠팔구"
_NATIVE_ONES: Final = ("", "한", "두", "세", "네", "다섯", "여섯", "일곱", "여덟", "아홉")
_NATIVE_TENS: Final = ("", "열", "스물", "서른", "마흔", "쉰", "예순", "일흔", "여든", "아흔")
_SCALES: Final = ((10**8, "억"), (10**4, "만"))
_UNITS: Final = ((1000, "천"), (100, "백"), (10, "십"))


def number(value: int) -> str:
    """Sino-Korean, 0 up to below 10^12: 1234 -> '천 이백 삼십 사', 150000 -> '십 오 만'."""
    if not 0 <= value < 10**12:
        raise ValueError(f"{value} is not a number that is said here")
    if value == 0:
        return "영"
    words: list[str] = []
    for scale, name in _SCALES:
        head, value = divmod(value, scale)
        if head > 1 or (head and scale == 10**8):
            words += _below_10k(head)
        if head:
            words.append(name)
    return " ".join(words + _below_10k(value))


def _below_10k(value: int) -> list[str]:
    words: list[str] = []
    for unit, name in _UNITS:
        head, value = divmod(value, unit)
        if head:
            words.append((_SINO[head] if head > 1 else "") + name)
    return words + ([_SINO[value]] if value else [])


def digits(written: str) -> str:
    """Digit by digit, as telephone numbers are said: '010' -> '공 일 공'. ``ValueError`` for what is no digit."""
    return " ".join(_DIGITS[int(digit)] for digit in written)


def native(value: int) -> str:
    """Before a counting word, 1..99: 3 -> '세', 20 -> '스무', 25 -> '스물다섯'."""
    if not 0 < value < 100:
        raise ValueError(f"{value} is not counted in native numbers")
    if value == 20:
        return "스무"
    return _NATIVE_TENS[value // 10] + _NATIVE_ONES[value % 10]
