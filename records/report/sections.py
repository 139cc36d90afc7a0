"""The sections of a report, from what the statistics answered. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import msgspec

from core.charts import Axis, Bar, Chart, Curve, round_up, ticks
from core.store.statistics import Dimension
from records.report.content import UNITS, Cell, Column, Part, Section, Table, table_of, written
from records.report.spans import Besides
from records.report.wording import bucket_name, change, official, official_days, sentence, topic, value_name
from records.statistics.question import OTHERS, Answer, AnswerLine, Span
from records.statistics.rising import Risen

MOST: Final = 15
"""Lines of a table by field; the others are summed in one."""
_SAID: Final = ("offered", "service_level", "aht", "satisfaction")
"""Figures that are told in a sentence."""
_LABELS: Final = 12
"""Words under an axis."""
_NOBODY: Final = ("해당 없음.",)


class Overall(msgspec.Struct, frozen=True, kw_only=True):
    """The figures of the days, and of those that they are compared with."""

    now: Answer
    before: Answer
    year: Answer
    besides: Besides

    @property
    def empty(self) -> bool:
        """Nobody called or wrote."""
        return not any(figure.numerator or figure.denominator for figure in self.now.total.figures)


def about(days: Span, department: str, overall: Overall) -> Section:
    """'1. 개요'."""
    besides, provisional = overall.besides, overall.now.provisional_from
    notes: tuple[str, ...] = ()
    if provisional is not None and days.last >= provisional and not overall.empty:
        notes = (f"{official(provisional)} 이후의 첫 상담 해결률은 7일이 지나지 않은 잠정치임.",)
    compared = f"{besides.name} {official_days(besides.before)}, 작년 {official_days(besides.year)}"
    return Section(
        title="개요",
        parts=(
            Part(title=f"대상 기간: {official_days(days)}"),
            Part(title=f"대상 상담: {department or '전체'}, 전화·문자·채팅으로 접수된 모든 상담"),
            Part(title=f"비교 기간: {compared}"),
            Part(title="집계 방법: 상담 기록에서 자동 집계(수기 집계 없음)", sentences=notes),
        ),
    )


def summed_up(overall: Overall) -> Section:
    """'2. 총괄'."""
    than = overall.besides.name
    rows: list[tuple[Cell, ...]] = []
    said: list[str] = []
    of_days, of_before, of_year = (each.total.figures for each in (overall.now, overall.before, overall.year))
    for measure, now, before, year in zip(overall.now.measures, of_days, of_before, of_year, strict=True):
        rows.append(
            (
                measure.ko,
                UNITS[measure.unit],
                written(now.value, measure.unit),
                written(before.value, measure.unit),
                change(measure, now, before),
                written(year.value, measure.unit),
                change(measure, now, year),
            )
        )
        if measure.id in _SAID and now.value is not None:
            said.append(sentence(measure, now, before, than))
    names = ("지표", "단위", "이번 기간", than, "증감", "작년", "증감")
    return Section(
        title="총괄",
        parts=(
            Part(title="요약", sentences=("이 기간에는 접수된 상담이 없음.",) if overall.empty else tuple(said)),
            Part(
                title="주요 지표",
                table=Table(
                    title="주요 지표",
                    columns=tuple(Column(name, "text" if name in ("지표", "단위") else "change") for name in names),
                    rows=tuple(rows),
                    note="▲ 늘어남, ▼ 줄어듦. %p는 백분율의 차이. ‘–’는 나눌 건수가 없어 값이 없음을 뜻함.",
                ),
            ),
        ),
    )


def by_time(title: str, told: Answer) -> Part:
    """A course over time, or over the hours of the day."""
    if not any(figure.numerator for figure in told.total.figures):
        return Part(title=title, sentences=_NOBODY)
    return Part(
        title=title,
        chart=_chart(f"{title} 상담 요청(막대)과 응답(선), 건", told.lines),
        table=Table(
            title=title,
            columns=table_of(told.measures, Column("시기")),
            rows=(
                *((bucket_name(line.bucket), *_values(line)) for line in told.lines),
                ("합계", *_values(told.total)),
            ),
            total=True,
        ),
    )


def by_field(dimension: Dimension, title: str, told: Answer) -> Part:
    """By department, category ...: the largest first."""
    lines = [line for line in told.lines if any(figure.numerator or figure.denominator for figure in line.figures)]
    if not lines:
        return Part(title=title, sentences=_NOBODY)
    known = [line for line in lines if line.value not in ("", OTHERS)]
    whole = told.total.figures[0].numerator
    said: tuple[str, ...] = ()
    if whole and len(known) > 1:
        first = known[0]
        share = first.figures[0].numerator / whole * 100
        said = (f"{topic(value_name(dimension, first.value))} 상담 요청의 {share:.1f}%로 가장 많음.",)
    rows = ((value_name(dimension, line.value), *_values(line)) for line in lines)
    return Part(
        title=title,
        sentences=said,
        table=Table(
            title=title,
            columns=table_of(told.measures, Column(title.removesuffix("별"))),
            rows=(*rows, ("합계", *_values(told.total))),
            note=f"상위 {MOST}개 외에는 ‘그 밖’으로 합침." if len(lines) > MOST else "",
            total=True,
        ),
    )


def _values(line: AnswerLine) -> tuple[Cell, ...]:
    return tuple(figure.value for figure in line.figures)


def rising_topics(found: Risen) -> Section:
    """What rose in these days."""
    title = "늘고 있는 주제"
    if not found.enough:
        return Section(title=title, parts=(Part(title="비교할 앞선 기간이 모자라 판단하지 않음"),))
    if not found.topics:
        return Section(title=title, parts=(Part(title="우연으로 볼 수 없을 만큼 늘어난 주제가 없음"),))
    table = Table(
        title=title,
        columns=(Column("분류"), Column("이번 기간", "count"), Column("예상", "count")),
        rows=tuple(
            (value_name("category", each.topic), float(each.count), each.expected) for each in found.topics[:MOST]
        ),
        note=f"같은 요일의 앞선 {found.windows}개 기간에서 예상한 건수보다 뚜렷하게 많은 분류(거짓 비율 1% 이하).",
    )
    return Section(title=title, parts=(Part(title="분류", table=table),))


def _chart(title: str, lines: Sequence[AnswerLine]) -> Chart:
    """Offered as bars, answered as a line."""
    offered, answered = ([line.figures[at].value or 0.0 for line in lines] for at in (0, 1))
    high = round_up(max(4.0, *offered, *answered))
    every = max(1, -(-len(lines) // _LABELS))
    return Chart(
        title=title,
        x=Axis(
            low=-0.5,
            high=len(lines) - 0.5,
            ticks=tuple((float(at), _short(lines[at].bucket)) for at in range(0, len(lines), every)),
        ),
        y=Axis(low=0.0, high=high, ticks=ticks(high, parts=4 if f"{high:g}".startswith("2") else 5)),
        bars=tuple(
            Bar(left=at - 0.35, right=at + 0.35, height=value, title=f"{bucket_name(line.bucket)} {value:,.0f}건")
            for at, (line, value) in enumerate(zip(lines, offered, strict=True))
        ),
        curves=(Curve(points=tuple((float(at), value) for at, value in enumerate(answered))),),
    )


def _short(bucket: str) -> str:
    """As little as an axis needs."""
    if len(bucket) == len("2026-11-27"):
        return f"{int(bucket[5:7])}.{int(bucket[8:])}."
    return f"{int(bucket)}시" if len(bucket) == len("14") else bucket[2:]
