"""Korean numbers in words and digits: '이천이십육' is 2026, '3만5천' is 35000, '스물세' is 23, '공일공' is 010.

Only what a numeral means. Whether a syllable is a numeral at all ('이' this, '일' work, '사' company, '만' full) is for
whoever reads the text: what goes into digits (``stt``), what is a value for a form, what is a personal number.
"""

from __future__ import annotations

import re
from typing import Final

SINO: Final = {"일": 1, "이": 2, "삼": 3, "사": 4, "오": 5, "육": 6, "륙": 6, "칠": 7, "팔": 8, "구": 9}
ZERO: Final = "공영"
NATIVE: Final = {
    "한": 1,
    "두": 2,
    "세": 3,
    "네": 4,
    "다섯": 5,
    "여섯": 6,
    "일곱": 7,
    "여덟": 8,
    "아홉": 9,
    "열": 10,
    "열한": 11,
    "열두": 12,
    "스무": 20,
}
"""Those that stand before counting words most often; :func:`native` knows all up to 99."""
NATIVE_TENS: Final = {
    "열": 10,
    "스물": 20,
    "서른": 30,
    "마흔": 40,
    "쉰": 50,
    "예순": 60,
    "일흔": 70,
    "여든": 80,
    "아흔": 90,
}
_ONES: Final = ("한 하나", "두 둘", "세 셋 석 서", "네 넷 넉 너", "다섯", "여섯", "일곱", "여덟", "아홉")
NATIVE_ONES: Final = {word: number for number, words in enumerate(_ONES, 1) for word in words.split()}
LARGEST: Final = 10**16
"""No number that people say is larger; what is written beyond it is no number."""

_D: Final = "[일이삼사오육륙칠팔구]"
_BELOW_10K: Final = f"(?:({_D}?)천)?(?:({_D}?)백)?(?:({_D}?)십)?({_D}?)"
_NUMBER: Final = re.compile(f"(?:{_BELOW_10K}억)?(?:{_BELOW_10K}만)?{_BELOW_10K}")
_DIGITS: Final = re.compile("[공영일이삼사오육륙칠팔구]+")
_WRITTEN: Final = re.compile(r"\d{1,3}(?:,\d{3})+|\d{1,16}")
_PART: Final = re.compile("(?P<below>[0-9,일이삼사오육륙칠팔구십백천]*)(?P<scale>[만억조]?)")
_STEP: Final = re.compile(rf"(?P<number>{_WRITTEN.pattern}|{_D})?(?P<scale>[십백천]?)")
_SCALES: Final = {"조": 10**12, "억": 10**8, "만": 10**4, "": 1}
_SMALL: Final = {"천": 1000, "백": 100, "십": 10, "": 1}
_TENS_ONES: Final = re.compile(f"({'|'.join(NATIVE_TENS)})?({'|'.join(NATIVE_ONES)})?")

_PHONE_SHAPES: Final = (
    re.compile(r"(02)(\d{3,4})(\d{4})"),
    re.compile(r"(010)(\d{4})(\d{4})"),
    re.compile(r"(01[16-9])(\d{3,4})(\d{4})"),
    re.compile(r"(0[3-6][1-5]|070|080)(\d{3,4})(\d{4})"),
    re.compile(r"(050\d)(\d{3,4})(\d{4})"),
    re.compile(r"(1[568]\d\d)(\d{4})"),
)


def phone(digits: str) -> str | None:
    """The digits as a Korean telephone number is written ('010-1234-5678'); None when they are none."""
    for shape in _PHONE_SHAPES:
        if found := shape.fullmatch(digits):
            return "-".join(found.groups())
    return None


def sino(numeral: str) -> int | None:
    """'이천이십육' -> 2026; None when it is no well-formed number ('이삼', '')."""
    found = _NUMBER.fullmatch(numeral)
    if found is None or not numeral:
        return None
    groups = found.groups(default=None)
    total = 0
    for at, scale, name in ((0, 10**8, "억"), (4, 10**4, "만"), (8, 1, "")):
        part = _below_10k(groups[at : at + 4])
        total += (part or (1 if name and name in numeral else 0)) * scale
    return total


def _below_10k(groups: tuple[str | None, ...]) -> int:
    total = 0
    for group, scale in zip(groups, (1000, 100, 10, 1), strict=True):
        if group is not None:
            total += (SINO[group] if group else (0 if scale == 1 else 1)) * scale
    return total


def spoken_digits(token: str) -> str:
    """'공일공' -> '010'; '' when the token holds anything but spoken digits."""
    if not _DIGITS.fullmatch(token):
        return ""
    return "".join("0" if syllable in ZERO else str(SINO[syllable]) for syllable in token)


def native(numeral: str) -> int | None:
    """'열다섯' -> 15, '스무' -> 20, '하나' and '한' -> 1; None when it is no native number. Blanks do not matter."""
    word = "".join(numeral.split())
    if word == "스무":
        return 20
    found = _TENS_ONES.fullmatch(word)
    if found is None or not word:
        return None
    return NATIVE_TENS.get(found[1], 0) + NATIVE_ONES.get(found[2], 0)


def amount(numeral: str) -> int | None:
    """Digits, words and both together: '35,000', '삼만 오천', '3만5천', '3만 5,000', '1억 2천만'. Blanks do not matter.

    None when it is no well-formed number: scales must fall ('3만 2억' is none).
    """
    rest = "".join(numeral.split())
    if not rest or len(rest) > 40:
        return None
    total, last, at = 0, LARGEST, 0
    while at < len(rest):
        part = _PART.match(rest, at)
        if part is None or part.end() == at:
            return None
        scale = _SCALES[part["scale"]]
        below = _below(part["below"]) if part["below"] else 1
        if below is None or scale >= last:
            return None
        total, last, at = total + below * scale, scale, part.end()
    return total if total < LARGEST else None


def _below(numeral: str) -> int | None:
    """What stands before 만 or 억, or behind the last of them: '35', '5,000', '오천', '3천5백', '3천 오백'."""
    if _WRITTEN.fullmatch(numeral):
        return int(numeral.replace(",", ""))
    total, last, at = 0, LARGEST, 0
    while at < len(numeral):
        step = _STEP.match(numeral, at)
        if step is None or step.end() == at:
            return None
        scale, digit = _SMALL[step["scale"]], step["number"] or "일"
        number = SINO[digit] if digit in SINO else int(digit.replace(",", ""))
        if scale >= last or (scale > 1 and not 0 < number < 10):
            return None
        total += number * scale
        last, at = scale, step.end()
    return total
