"""A city's day of calls, from a seed: many topics of all sizes, each with its hours, and what happens that day.

Pure. What happens is known call by call, so that a radar can be judged: incidents that nobody expects, and peaks that
come every week and are no news. Days differ as real ones do: each topic's share varies from day to day by a third.
"""

from __future__ import annotations

import random
from bisect import bisect
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from itertools import accumulate
from typing import Final

import msgspec

from agent_assist.radar.settings import KOREA

TOPICS: Final = 400
DISTRICTS: Final = 25
_DAY: Final = timedelta(days=1)
# Calls by hour: a night line that is thin, a morning rush, a dip at noon.
_OFFICE: Final = (2, 1, 1, 1, 1, 2, 8, 25, 75, 100, 95, 85, 55, 75, 90, 85, 80, 70, 40, 25, 20, 15, 9, 5)
_ROUND: Final = (25, 18, 12, 10, 10, 12, 20, 40, 70, 80, 80, 75, 70, 75, 80, 80, 80, 85, 80, 75, 70, 60, 50, 35)
_EVENING: Final = (45, 30, 15, 10, 8, 8, 12, 25, 35, 35, 35, 40, 45, 45, 45, 45, 50, 65, 85, 100, 100, 95, 85, 60)
_HOURS: Final = (_OFFICE, _OFFICE, _OFFICE, _ROUND, _EVENING)
_COMMON: Final = (
    "신청",
    "방법",
    "서류",
    "접수",
    "문의",
    "기간",
    "비용",
    "온라인",
    "신분증",
    "대상",
    "신고",
    "처리",
    "담당",
    "시청",
)
_FIRST: Final = "가나다라마바사아자차하고노도로모보소오조초호구누두루무부수우주후기니디리미비시이지희"
_LAST: Final = "강관권금남단담동란록림명방본산상석선성송신안역연용원은인장전정진창천청평한현화환"


class SpokenCall(msgspec.Struct, frozen=True):
    """One call: its words come in one or two utterances."""

    at: datetime
    call_id: str
    utterances: tuple[tuple[str, ...], ...]
    """The terms of each."""
    district: str
    """'' = not named."""
    incident: str = ""
    """What made it, '' = an everyday call."""


class Incident(msgspec.Struct, frozen=True, kw_only=True):
    """Something that makes people call."""

    name: str
    terms: tuple[str, ...]
    """What they speak of; each call of some of it."""
    district: str = ""
    """'' = the whole city."""
    begins: time
    minutes: int
    """How long calls come."""
    calls: int
    """How many, in all."""
    rise: float = 0.0
    """Share of the time until the calls come at full rate."""
    every_week: bool = False
    """No news: it comes on this weekday every week."""


def district_names() -> tuple[str, ...]:
    """Of the city."""
    return tuple(f"{_FIRST[at]}{_LAST[at * 3 % len(_LAST)]}동" for at in range(DISTRICTS))


_PLACES: Final = district_names()
INCIDENTS: Final = (
    Incident(
        name="water out",
        terms=("단수", "수돗물", "물", "언제", "복구"),
        district=_PLACES[3],
        begins=time(10, 12),
        minutes=90,
        calls=160,
        rise=0.1,
    ),
    Incident(
        name="heavy snow",
        terms=("제설", "눈", "도로", "염화칼슘", "결빙"),
        begins=time(6, 20),
        minutes=240,
        calls=420,
        rise=0.5,
    ),
    Incident(
        name="new subsidy",
        terms=("민생", "지원금", "신청", "지급"),
        begins=time(9, 0),
        minutes=300,
        calls=700,
        rise=0.05,
    ),
    Incident(
        name="smell of fire",
        terms=("타는", "냄새", "연기", "화재"),
        district=_PLACES[11],
        begins=time(14, 41),
        minutes=30,
        calls=24,
    ),
    Incident(
        name="school closed",
        terms=("휴교", "학교", "등교", "초등학교"),
        district=_PLACES[7],
        begins=time(7, 35),
        minutes=60,
        calls=45,
        rise=0.2,
    ),
    Incident(
        name="power out",
        terms=("정전", "전기", "복구"),
        district=_PLACES[19],
        begins=time(20, 15),
        minutes=40,
        calls=60,
    ),
    Incident(
        name="site down",
        terms=("홈페이지", "접속", "오류", "로그인"),
        begins=time(13, 5),
        minutes=120,
        calls=110,
        rise=0.3,
    ),
    Incident(
        name="bus strike", terms=("버스", "파업", "운행", "배차"), begins=time(5, 10), minutes=150, calls=130, rise=0.4
    ),
    Incident(
        name="burst pipe",
        terms=("누수", "상수도", "도로", "침수"),
        district=_PLACES[1],
        begins=time(23, 5),
        minutes=40,
        calls=22,
    ),
    Incident(
        name="voice phishing",
        terms=("문자", "사칭", "과태료", "링크"),
        begins=time(11, 20),
        minutes=180,
        calls=150,
        rise=0.6,
    ),
    Incident(name="swarm", terms=("러브버그", "벌레", "방역"), begins=time(18, 30), minutes=120, calls=75, rise=0.5),
    Incident(
        name="odour",
        terms=("악취", "하수구", "가스"),
        district=_PLACES[14],
        begins=time(16, 2),
        minutes=45,
        calls=30,
        rise=0.2,
    ),
    Incident(
        name="two callers", terms=("싱크홀", "도로"), district=_PLACES[5], begins=time(15, 30), minutes=60, calls=3
    ),
    Incident(
        name="tax deadline",
        terms=("재산세", "납부", "마감", "가산금", "고지서"),
        begins=time(9, 0),
        minutes=540,
        calls=1200,
        rise=0.3,
        every_week=True,
    ),
    Incident(
        name="market day",
        terms=("알뜰장터", "주차", "행사"),
        begins=time(11, 0),
        minutes=180,
        calls=120,
        rise=0.3,
        every_week=True,
    ),
    Incident(
        name="booking opens",
        terms=("체육관", "예약", "접속", "수강"),
        begins=time(9, 55),
        minutes=30,
        calls=140,
        every_week=True,
    ),
)


class _Topic(msgspec.Struct, frozen=True):
    terms: tuple[str, ...]
    hours: tuple[int, ...]
    weight: float
    local: float
    """Share of the calls that name a district."""


class City:
    """Its topics are the same every day; a day's calls are drawn anew from the seed and the date."""

    def __init__(self, seed: int, calls: int = 20_000, incidents: Sequence[Incident] = INCIDENTS) -> None:
        """``calls``: on an ordinary day."""
        self._seed = seed
        self._calls = calls
        self.incidents = tuple(incidents)
        dice = random.Random(f"city {seed}")
        words = _words(dice, TOPICS * 4)
        own = [term for each in incidents for term in each.terms if term not in _COMMON]
        # The words of incidents are everyday words, too: people ask about snow, water and buses on any day.
        everyday = sorted(set(own))
        dice.shuffle(everyday)
        self._topics: list[_Topic] = []
        for at in range(TOPICS):
            terms = words[4 * at : 4 * at + dice.randint(2, 4)]
            if at % 8 == 5 and everyday:
                terms = [*terms[:1], everyday.pop()]
            self._topics.append(
                _Topic(tuple(terms), dice.choice(_HOURS), 1 / (at + 3) ** 0.9, dice.choice((0.05, 0.2, 0.6)))
            )

    def day(self, day: date, *, quiet: bool = False) -> list[SpokenCall]:
        """All calls of a day, in order. ``quiet``: without incidents, but with what comes every week."""
        dice = random.Random(f"{self._seed} {day}")
        calls = self._everyday(day, dice)
        for incident in self.incidents:
            if incident.every_week or not quiet:
                calls.extend(_of(incident, day, dice))
        calls.sort(key=lambda call: (call.at, call.call_id))
        return calls

    def _everyday(self, day: date, dice: random.Random) -> list[SpokenCall]:
        weights = [topic.weight * dice.gammavariate(9, 1 / 9) for topic in self._topics]
        by_hour = [
            [weight * topic.hours[hour] / sum(topic.hours) for weight, topic in zip(weights, self._topics, strict=True)]
            for hour in range(24)
        ]
        hours = list(accumulate(sum(each) for each in by_hour))
        sums = [list(accumulate(each)) for each in by_hour]
        calls = []
        for number in range(round(dice.gauss(self._calls, self._calls * 0.04))):
            hour = bisect(hours, dice.random() * hours[-1])
            topic = self._topics[bisect(sums[hour], dice.random() * sums[hour][-1])]
            at = _at(day, 3600 * (hour + dice.random()))
            district = _place(dice) if dice.random() < topic.local else ""
            calls.append(SpokenCall(at, f"call-{day}-{number}", _utterances(topic.terms, dice), district))
        return calls


def _of(incident: Incident, day: date, dice: random.Random) -> list[SpokenCall]:
    """Its calls: rising linearly, then steady, in the last third fading."""
    shape = [min(1.0, at / (100 * incident.rise) if incident.rise else 1.0, (100 - at) / 33) for at in range(1, 100)]
    sums = list(accumulate(shape))
    begins = 3600 * incident.begins.hour + 60 * incident.begins.minute
    calls = []
    for number in range(incident.calls):
        part = (bisect(sums, dice.random() * sums[-1]) + dice.random()) / 99
        named = incident.district if incident.district and dice.random() < 0.6 else ""
        calls.append(
            SpokenCall(
                _at(day, begins + 60 * incident.minutes * part),
                f"{incident.name}-{day}-{number}",
                _utterances(incident.terms, dice),
                named,
                "" if incident.every_week else incident.name,
            )
        )
    return calls


def _utterances(terms: Sequence[str], dice: random.Random) -> tuple[tuple[str, ...], ...]:
    """Two thirds of the terms, the first ones more often, with words of any call among them."""
    said = [term for at, term in enumerate(terms) if dice.random() < (0.85 if at < 2 else 0.45)] or [terms[0]]
    common = dice.sample(_COMMON, dice.choice((0, 1, 1, 2)))
    if len(said) > 1 and dice.random() < 0.4:
        return (said[0], *common), tuple(said[1:])
    return ((*said, *common),)


def _place(dice: random.Random) -> str:
    return _PLACES[min(int(dice.expovariate(0.09)), DISTRICTS - 1)]


def _at(day: date, seconds: float) -> datetime:
    return datetime.combine(day, time(), KOREA) + min(timedelta(seconds=seconds), _DAY - timedelta(milliseconds=1))


def _words(dice: random.Random, count: int) -> list[str]:
    """That many different words."""
    words: dict[str, None] = {}
    while len(words) < count:
        words[dice.choice(_FIRST) + dice.choice(_LAST) + (dice.choice(_LAST) if dice.random() < 0.4 else "")] = None
    return list(words)
