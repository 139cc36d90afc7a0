"""Numbers that name a person have no place in a summary; those of the city may stay. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

REPLACEMENT: Final = "(번호)"
_NUMBER: Final = re.compile(r"[*●○\d](?:[-. ]{0,2}[*●○\d]){5,}(?![\d*]| ?원)")
"""Six digits or more, or what a mask left of them. Money has fewer, or commas, or '만'."""
_DIGIT: Final = "[공영일이삼사오육칠팔구하둘셋넷]"
_SPOKEN: Final = re.compile(rf"(?<![가-힣]){_DIGIT}(?:[ 에]{{0,2}}{_DIGIT}){{5,}}")
_NO_DIGIT: Final = re.compile(r"\D")


def without_numbers(text: str, known: Iterable[str] = ()) -> str:
    """The same sentence with telephone and other long numbers taken out, written or spoken digit by digit; those in
    ``known`` texts (an entry's own) stay."""
    digits = [_NO_DIGIT.sub("", each) for each in known]

    def replaced(match: re.Match[str]) -> str:
        number = _NO_DIGIT.sub("", match[0])
        return match[0] if "*" not in match[0] and any(number in each for each in digits) else REPLACEMENT

    return _SPOKEN.sub(REPLACEMENT, _NUMBER.sub(replaced, text))
