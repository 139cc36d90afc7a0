"""Messages that a machine understands: 'send me nothing more', and a number for how satisfied somebody was. Pure.

Both are taken only where the message says nothing else: who writes a sentence wants to be read by a person.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_STOP: Final = re.compile(
    r"(?:\[?(?:광고|무료)?(?:문자)?수신(?:을)?거부\]?|문자거부|문자그만|(?:문자)?(?:그만보내|보내지마)|stop|stopall|unsubscribe|optout)"
    r"(?:요|세요|주세요|해요|해주세요|합니다|할게요|하겠습니다|please)?"
)
_LEFT_OUT: Final = re.compile(r"[\s.,!~'\"-]+")
_SCORE: Final = re.compile(r"([1-5])점?")


def wants_no_texts(text: str) -> bool:
    """'수신거부', 'STOP', '문자 그만 보내세요'."""
    return _STOP.fullmatch(_bare(text)) is not None


def rating(text: str) -> int | None:
    """1..5 where the message is nothing but that: '5', '5점', '５'; None else."""
    found = _SCORE.fullmatch(_bare(text))
    return int(found[1]) if found else None


def _bare(text: str) -> str:
    return _LEFT_OUT.sub("", unicodedata.normalize("NFKC", text)).casefold()
