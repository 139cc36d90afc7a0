"""How many of what: '세 통' is 3통, '열다섯 개' 15개, '만 십팔 세' 18세.

Native numbers are words before anything else ('네' yes, '한' about, '세' tax), and sino ones too ('이 건' this case):
so the counting word must be whole, and one syllable of a sino number counts only where nobody says it otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from agent_assist.values.candidate import BEGINS, ENDS, NATIVE, SINO, Candidate
from core.numerals import amount, native

_UNITS: Final = (
    *(
        "통",
        "명",
        "개",
        "장",
        "건",
        "부",
        "대",
        "마리",
        "군데",
        "가지",
        "권",
        "매",
        "가구",
        "세대",
        "개월",
        "시간",
        "살",
        "평",
        "병",
    ),
    *("박스", "상자", "봉지", "포대", "곳", "채", "필지", "켤레", "벌", "쪽", "페이지", "칸", "그루", "사람", "식구"),
)
_UNIT: Final = "|".join(sorted(_UNITS, key=len, reverse=True))
_BY_NATIVE: Final = re.compile(rf"{BEGINS}(?P<number>{NATIVE})(?P<gap>\s?)(?P<unit>{_UNIT}|번|분){ENDS}")
_BY_SINO: Final = re.compile(rf"{BEGINS}(?P<number>{SINO}(?:\s?{SINO}){{0,8}})\s?(?P<unit>{_UNIT}|인|세){ENDS}")
_WRITTEN: Final = re.compile(
    rf"(?<![\d,.\-/:])(?P<number>\d{{1,3}}(?:,\d{{3}}){{1,3}}|\d{{1,7}}|\d{{1,4}}[백천만](?:\s?\d천)?)\s?(?P<unit>{_UNIT}|인|세){ENDS}"
)
_AGE: Final = re.compile(
    rf"{BEGINS}만\s(?P<number>\d{{1,3}}|{SINO}(?:\s?{SINO}){{0,3}}|{NATIVE})\s?(?P<unit>세|살){ENDS}"
)
# Together with their number they are other words: 세대 generation, 두부 tofu, 한장 a name, 한부 as in 한부모.
_OTHER_WORDS: Final = frozenset(
    {
        "세대",
        "한대",
        "열대",
        "두부",
        "세부",
        "백일장",
        "한부",
        "네부",
        "한장",
        "한통",
        "네곳",
        "한곳",
        "한쪽",
        "한번",
        "한분",
    }
)
_SMALL_TALK: Final = frozenset({"한 가지", "한가지", "한 번", "한 분", "두 번째", "한 사람", "여러 가지"})
_YES: Final = re.compile(r"네\s?(?:명의|개인|장|건|부|대|분|번)")
_ONE_SYLLABLE: Final = frozenset({"개월"})
_AGES: Final = re.compile(r"[1-9]0대")


def counts(text: str) -> Iterator[Candidate]:
    """Every number with its counting word."""
    for found in _AGE.finditer(text):
        yield from _counted(found, amount(found["number"]) or native(found["number"]))
    for found in _WRITTEN.finditer(text):
        if not _AGES.fullmatch(found[0]):  # '20대' are people in their twenties
            yield from _counted(found, amount(found["number"]))
    for found in _BY_SINO.finditer(text):
        said = "".join(found["number"].split())
        if found[0] in _OTHER_WORDS:
            continue
        # '만 십팔 세': 'full', not ten thousand; '이 건': 'this'.
        if found["number"].startswith("만 ") or (
            len(said) == 1 and found["unit"] not in _ONE_SYLLABLE and said not in "십백천만"
        ):
            continue
        if len(said) == 1 and not text[found.start("number") + 1 : found.start("unit")] and said != "십":
            continue  # '천명', '만세', '백세': words
        yield from _counted(found, amount(said))
    for found in _BY_NATIVE.finditer(text):
        words = "".join(found["number"].split()) + found["unit"]
        if not found["gap"] and words in _OTHER_WORDS:
            continue
        if found[0] in _SMALL_TALK or (not text[: found.start()].strip() and _YES.match(text, found.start())):
            continue
        yield from _counted(found, native(found["number"]))


def _counted(found: re.Match[str], number: int | None) -> Iterator[Candidate]:
    if number is not None and number > 0:
        yield Candidate(found.start(), found.end(), "count", f"{number}{found['unit']}")
