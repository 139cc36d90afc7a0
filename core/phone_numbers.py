"""Telephone numbers of Korea as messages need them. Pure.

Mobile numbers begin with 010, or with 011, 016, 017, 018, 019 where somebody still keeps one from before 2004
(전기통신번호관리세칙). Only these can take a text message that everybody's carrier delivers.
"""

from __future__ import annotations

import re
from typing import Final

_SEPARATORS: Final = re.compile(r"[\s().·-]+")
# +82, the same behind an international prefix, or bare before a mobile's first digit, as exchanges send E.164.
_COUNTRY: Final = re.compile(r"(?:\+|00[1-9]?)820?|82(?=1[016-9])")
_MOBILE: Final = re.compile(r"010\d{8}|01[16-9]\d{7,8}")
_DIGITS: Final = re.compile(r"[0-9]+")


def normalised(number: str) -> str:
    """Digits as one dials them at home: '+82 10-1234-5678' -> '01012345678'. '' when it is no number at all."""
    bare = _SEPARATORS.sub("", number)
    country = _COUNTRY.match(bare)
    if country is not None:
        bare = "0" + bare[country.end() :]
    return bare if _DIGITS.fullmatch(bare) else ""


def is_mobile(number: str) -> bool:
    """Whether a text message can reach it; takes a number as :func:`normalised` gives it."""
    return _MOBILE.fullmatch(number) is not None
