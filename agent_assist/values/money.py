"""Amounts of money: '삼만 오천 원', '3만5천원', '1.5만원', '35,000원' are all won, written in digits."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from agent_assist.values.candidate import ENDS, SINO, Candidate
from core.numerals import amount

_PIECE: Final = rf"(?:\d[\d,]{{0,15}}+(?:\.\d)?(?!\d)|{SINO})"
_MONEY: Final = re.compile(rf"(?:(?<![\d,.\-])(?=\d)|(?<![가-힣\d])){_PIECE}(?:\s?{_PIECE}){{0,16}}\s?원{ENDS}")
_SCALE: Final = re.compile("[십백천만억]")
_TENTHS: Final = re.compile(r"(\d{1,6})\.(\d)(만|억)")
_FULL: Final = re.compile(r"만원\s?(?:버스|전철|지하철|열차|관객|사례)")
_SOME: Final = re.compile(r"(?:여|몇|수)\s?$")
"""'백여 만원', '몇 만 원': nobody knows how much."""
_APART: Final = re.compile(r"\d\s+\d")
_SIZES: Final = {"만": 10_000, "억": 100_000_000}


def money(text: str) -> Iterator[Candidate]:
    """Every amount of won."""
    for found in _MONEY.finditer(text):
        if _FULL.match(text, found.start()) or _SOME.search(text, max(0, found.start() - 3), found.start()):
            continue
        start, said = found.start(), found[0].rstrip("원 ")
        while said:
            won = _won(said)
            if won is not None:
                yield Candidate(start, found.end(), "money", str(won))
                break
            rest = said.partition(" ")[2]  # '이 삼만': the first word may be another ('this')
            start, said = start + len(said) - len(rest), rest


def _won(said: str) -> int | None:
    if tenths := _TENTHS.fullmatch("".join(said.split())):
        return int(tenths[1] + tenths[2]) * _SIZES[tenths[3]] // 10
    # A single syllable is a word: '구원', '사원', '일원'.
    if _APART.search(said) or "." in said or not (any(map(str.isdecimal, said)) or _SCALE.search(said)):
        return None
    return amount(said)
