"""A report of some days, composed from the statistics: overall, by time, by field, what rises, how it is counted.

It never goes by agent: people are not reported on in a document that is handed around.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, tzinfo
from functools import partial
from typing import Final

import msgspec

from core.store.statistics import Dimension, StatisticsStore
from records.report import sections
from records.report.content import Part, Report, Section
from records.report.spans import besides, cut, kind
from records.statistics.answering import answer
from records.statistics.measures import BY_ID
from records.statistics.question import Question, Span
from records.statistics.rising import MOST_DAYS, risen

HEADLINES: Final = (
    *("offered", "answered", "service_level", "asa", "abandoned", "abandon_rate", "aht", "talk", "hold", "wrap"),
    *("transfer_rate", "fcr", "satisfaction", "texts", "containment", "suggestion_use", "record_rate"),
)
_OF_TIME: Final = ("offered", "answered", "abandoned", "service_level", "asa", "aht")
_OF_FIELDS: Final = ("offered", "answered", "service_level", "asa", "aht", "fcr", "satisfaction", "texts")
_FIELDS: Final[tuple[tuple[Dimension, str], ...]] = (
    ("department", "부서별"),
    ("category", "분류별"),
    ("channel", "경로별"),
    ("district", "지역별"),
    ("language", "언어별"),
)
Step = Callable[[int, int], None]
"""How far: questions answered, of how many."""


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """Which report."""

    first: date
    """First local day."""
    last: date
    """Last one, included."""
    department: str = ""
    """Only of its contacts; '' = of all."""


async def composed(
    store: StatisticsStore, wanted: Wanted, *, zone: tzinfo, now: datetime, centre: str, step: Step = lambda *_: None
) -> Report:
    """The report. Raises ``BadInput`` for days that cannot be asked for, ``StoreFault``."""
    days = Span(wanted.first, wanted.last)
    where: dict[Dimension, tuple[str, ...]] = {"department": (wanted.department,)} if wanted.department else {}
    fields = _FIELDS[1:] if wanted.department else _FIELDS
    of, done = 5 + len(fields), 0
    told = partial(answer, store, zone=zone, today=now.astimezone(zone).date())

    def asked(measures: tuple[str, ...], span: Span = days) -> Question:
        nonlocal done
        step(done, of)
        done += 1
        return Question(measures=measures, first=span.first, last=span.last, where=where)

    others = besides(days)
    overall = sections.Overall(
        now=await told(asked(HEADLINES)),
        before=await told(asked(HEADLINES, others.before)),
        year=await told(asked(HEADLINES, others.year)),
        besides=others,
    )
    replace = msgspec.structs.replace
    times = [sections.by_time("추이", await told(replace(asked(_OF_TIME), cut=cut(days))))]
    if wanted.first != wanted.last:
        times.append(sections.by_time("시간대별", await told(replace(asked(_OF_TIME), cut="clock"))))
    parts: list[Part] = []
    for dimension, title in fields:
        found = await told(replace(asked(_OF_FIELDS), by=dimension, most=sections.MOST))
        parts.append(sections.by_field(dimension, title, found))
    rises: tuple[Section, ...] = ()
    if (wanted.last - wanted.first).days < MOST_DAYS and not wanted.department:
        rises = (sections.rising_topics(await risen(store, "category", first=wanted.first, last=wanted.last)),)
    step(of, of)
    only = f"({wanted.department})" if wanted.department else ""
    return Report(
        title=f"{kind(days)} 민원 상담 운영 현황{only}",
        centre=centre,
        first=wanted.first,
        last=wanted.last,
        made=now.astimezone(zone),
        sections=(
            sections.about(days, wanted.department, overall),
            sections.summed_up(overall),
            Section(title="시기별 현황", parts=tuple(times)),
            Section(title="분야별 현황", parts=tuple(parts)),
            *rises,
        ),
        formulas=tuple(BY_ID[name] for name in dict.fromkeys((*HEADLINES, *_OF_TIME, *_OF_FIELDS))),
        empty=overall.empty,
    )
