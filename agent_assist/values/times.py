"""Times of day: '오후 세 시 반' is 15:30, '십사 시 이십 분' 14:20, '밤 열두 시' 00:00.

Where no half of the day was told, one to six o'clock are in the afternoon: an office is open then. The agent sees what
was said beside it. '03:30' stands as it was written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from agent_assist.values.candidate import ENDS, NATIVE, Candidate
from core.numerals import native, sino

_PART: Final = r"(?:(?P<part>오전|오후|새벽|아침|점심|낮|저녁|밤)(?:에)?\s?)"
_MINUTE: Final = r"(?:\d{1,2}|[이삼사오]?십[일이삼사오육칠팔구]?|[일이삼사오육칠팔구])"
_TIME: Final = re.compile(
    rf"(?:(?<![가-힣\d]){_PART}|(?<![가-힣\d:,.\-]))"
    rf"(?P<hour>\d{{1,2}}|{NATIVE}|이십[일이삼사]?|십[일이삼사오육칠팔구]?|영|공)(?P<gap>\s?)시"
    rf"(?:\s?(?P<half>반){ENDS}|\s?(?P<minute>{_MINUTE})\s?분(?!의|기|야|류){ENDS}|(?:\s?정각)?{ENDS})"
)
_CLOCK: Final = re.compile(
    rf"(?:(?<![가-힣\d]){_PART}|(?<![\d:.]))(?P<hour>[01]?\d|2[0-4]):(?P<minute>[0-5]\d)(?![\d:])"
)
_SURELY: Final = re.compile("에|까지|부터|쯤|경|이|반|로")
_LATE: Final = frozenset({"오후", "저녁", "점심", "낮"})
AFTERNOON: Final = range(1, 7)
"""Hours that mean the afternoon where nobody says which half of the day."""


def times(text: str) -> Iterator[Candidate]:
    """Every time of day."""
    for found in _TIME.finditer(text):
        if not _is_time(text, found):
            continue
        hour = _hour(found["hour"])
        minute = 30 if found["half"] else _minute(found["minute"])
        yield from _time(found, hour, minute, found["part"], guessed=True)
    for found in _CLOCK.finditer(text):
        written = found["hour"]
        yield from _time(found, int(written), int(found["minute"]), found["part"], guessed=not written.startswith("0"))


def _is_time(text: str, found: re.Match[str]) -> bool:
    """'네 시청이죠' and '한시적' are no times; nor is '네, 시 홈페이지'."""
    if found["part"] or found["half"] or found["minute"]:
        return True
    if found["hour"] == "네":
        return bool(text[: found.start()].strip()) or _SURELY.match(text, found.end()) is not None
    return not (found["hour"] in ("한", "공", "영", "십") and not found["gap"])


def _hour(said: str) -> int | None:
    if said.isdecimal():
        return int(said)
    return 0 if said in ("영", "공") else native(said) or sino(said)


def _minute(said: str | None) -> int | None:
    if said is None:
        return 0
    return int(said) if said.isdecimal() else sino(said)


def _time(
    found: re.Match[str], hour: int | None, minute: int | None, part: str | None, *, guessed: bool
) -> Iterator[Candidate]:
    if hour is None or minute is None or not 0 <= hour <= 24 or not 0 <= minute < 60 or (hour == 24 and minute):
        return
    told = _of_day(hour, part) if part else hour + 12 if guessed and hour in AFTERNOON else hour
    yield Candidate(found.start(), found.end(), "time", f"{told % 24:02}:{minute:02}")


def _of_day(hour: int, part: str) -> int:
    """An hour on the clock's face, in the part of the day that was told."""
    if hour > 12:
        return hour
    if part in _LATE:
        return hour if hour in (11, 12) and part in ("낮", "점심") else hour % 12 + 12
    if part == "밤":  # up to five it is already the next day
        return hour % 12 if hour == 12 or hour < 6 else hour + 12
    return hour % 12 if part == "오전" or hour == 12 else hour
