"""Numbers as Koreans say them: the other way round than ``core.numerals``, written without looking at it."""

from __future__ import annotations

from typing import Final

_DIGITS: Final = "공일이삼사오육칠팔구"
_NATIVE_TENS: Final = ["", "열", "스물", "서른", "마흔", "쉰", "예순", "일흔", "여든", "아흔"]
_NATIVE_ONES: Final = ["", "한", "두", "세", "네", "다섯", "여섯", "일곱", "여덟", "아홉"]


def sino_words(number: int, between: str = "") -> str:
    """123456 -> '십이만삼천사백오십육'; ``between`` stands after 억 and 만. From 1 to under 10^12."""
    parts = []
    for scale, name in ((10**8, "억"), (10**4, "만"), (1, "")):
        part, number = divmod(number, scale)
        if part:
            parts.append(("" if part == 1 and name == "만" and not parts else _below_10k(part)) + name)
    return between.join(parts)


def _below_10k(number: int) -> str:
    places = zip(("천", "백", "십", ""), map(int, f"{number:04}"), strict=True)
    return "".join(("" if digit == 1 and place else _DIGITS[digit]) + place for place, digit in places if digit)


def native_words(number: int) -> str:
    """15 -> '열다섯', as it stands before a counting word. From 1 to 99."""
    if number == 20:
        return "스무"
    tens, ones = divmod(number, 10)
    return _NATIVE_TENS[tens] + _NATIVE_ONES[ones]


def digit_words(digits: str, between: str = "") -> str:
    """'010' -> '공일공'; other characters stay."""
    return between.join(_DIGITS[int(digit)] if digit.isdigit() else digit for digit in digits)
