"""A place in a text that may be a value, and what may stand behind one."""

from __future__ import annotations

from typing import Final

import msgspec

from core.events import ValueKind


class Candidate(msgspec.Struct, frozen=True):
    """It may overlap with others; the longest wins."""

    start: int
    end: int
    kind: ValueKind
    value: str


_PARTICLES: Final = (
    "이|가|은|는|을|를|에|의|로|으로|도|만|와|과|랑|이랑|나|이나|면|이면|요|이요|예요|이에요|에요|입니다|인데|이고|이라|이라고|라고|죠|이죠|"
    "인가|인지|이었|였|까지|부터|쯤|쯤에|경|경에|정도|짜리|씩|째|동안|에서|에는|에도|보다|밖에|가량|이상|이하|미만|이서|서|당|어치|이네|네|거든|이거든|"
    "까지는|부터는|인데도|이니까|니까|날|자|말고|하고|만큼|이라도|이나마|인|이던|이든|이야|이다|이래|래|이라던데|라던데|"
    "이라면|라면|이라며|라며|이어서|여서|이어야|여야|이지|이었|였"
)
ENDS: Final = rf"(?=$|[^가-힣\d]|(?:{_PARTICLES})(?:요|서|만|도|은|는)?(?:[^가-힣]|$))"
"""Behind a whole word: its end, or a particle or ending. For regular expressions."""
BEGINS: Final = r"(?<![가-힣\d])"
"""Before a whole word."""
SINO: Final = "[일이삼사오육륙칠팔구십백천만억]"
"""A syllable of a Sino-Korean number."""
NATIVE: Final = (
    r"(?:(?:열|스물|서른|마흔|쉰|예순|일흔|여든|아흔)\s?(?:한|두|세|석|네|넉|다섯|여섯|일곱|여덟|아홉)"
    "|한|두|세|석|네|넉|다섯|여섯|일곱|여덟|아홉|열|스무|서른|마흔|쉰|예순|일흔|여든|아흔)"
)
"""A native number as it stands before a counting word."""
