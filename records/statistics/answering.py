"""A question answered from the store's sums: buckets filled in, weeks made of days, figures made of sums, compared."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta, tzinfo

from core.errors import BadInput
from core.store.statistics import ContactFacts, Dimension, StatisticsStore, Where
from records.statistics import question as ask
from records.statistics.buckets import grain_of, within
from records.statistics.buckets import label as bucket_name
from records.statistics.buckets import labels as buckets_of
from records.statistics.measures import Measure, fields_of, total
from records.statistics.question import Answer, AnswerLine, ContactsQuestion, Figure, Question, Span

Table = dict[tuple[str, str], dict[str, int]]
"""Bucket and value to fields."""


async def answer(
    store: StatisticsStore,
    question: Question,
    *,
    zone: tzinfo,
    today: date,
    names: Mapping[str, str] | None = None,
) -> Answer:
    """What was asked for. ``names``: what people call the agents.

    Raises ``BadInput`` or ``Refused`` ('too_wide') for what cannot be asked.
    """
    question = ask.checked(question)
    measures = tuple(ask.measure(name) for name in question.measures)
    span, other = Span(question.first, question.last), ask.compared(question)
    now = await _table(store, question, measures, span)
    before = await _table(store, question, measures, other) if other is not None else None
    values = _values(now, before or {}, question, measures)
    if question.most and len(values) > question.most:
        values = [*values[: question.most], ask.OTHERS]
        now, before = _folded(now, values), None if before is None else _folded(before, values)
    buckets = list(buckets_of(span.first, span.last, question.cut, zone))
    if len(buckets) * max(1, len(values)) > ask.MOST_LINES:
        raise BadInput(
            f"{ask.MOST_LINES}줄을 넘습니다: 기간을 더 크게 나누거나 개수를 줄이세요 / "
            f"more than {ask.MOST_LINES} lines: cut time coarser, or ask for fewer values",
            code="too_wide",
        )
    earlier = list(buckets_of(other.first, other.last, question.cut, zone)) if other is not None else []
    lines = [
        AnswerLine(
            bucket=bucket,
            value=value,
            figures=_figures(now.get((bucket, value)), measures),
            before=()
            if before is None
            else _figures(before.get((earlier[at], value)) if at < len(earlier) else None, measures),
        )
        for value in values
        for at, bucket in enumerate(buckets)
    ]
    settles = max((measure.settles_days for measure in measures), default=0)
    return Answer(
        question=question,
        measures=measures,
        total=AnswerLine(
            bucket="",
            figures=_figures(_sum(now), measures),
            before=() if before is None else _figures(_sum(before), measures),
        ),
        lines=tuple(lines),
        compared=other,
        provisional_from=today - timedelta(days=settles) if settles else None,
        labels={v: (names or {}).get(v, v) for v in values if v} if question.by == "agent" else {},
    )


async def contacts(
    store: StatisticsStore,
    question: ContactsQuestion,
    *,
    after: tuple[int, datetime, str] | None = None,
    limit: int = 50,
) -> list[ContactFacts]:
    """The contacts behind a figure, newest first: those that add to its upper or lower sum."""
    ask.days(question.first, question.last)
    measure = ask.measure(question.measure)
    having = measure.numerator if question.part == "numerator" else measure.denominator or measure.numerator
    span = within(question.first, question.last, question.bucket)
    return await store.contacts(
        first=span.first,
        last=span.last,
        days=span.days,
        slots=span.slots,
        having=having,
        where=question.where,
        after=after,
        limit=limit,
    )


async def _table(store: StatisticsStore, question: Question, measures: Sequence[Measure], span: Span) -> Table:
    fields = fields_of(measures)
    where, under = _where(question)
    sums = await store.sums(
        fields,
        first=span.first,
        last=span.last,
        grain=grain_of(question.cut),
        by=question.by,
        under=under,
        where=where,
    )
    table: Table = defaultdict(lambda: dict.fromkeys(fields, 0))
    for each in sums:
        cell = table[bucket_name(each.bucket, question.cut), each.value]
        for name, value in zip(fields, each.fields, strict=True):
            cell[name] += value
    return dict(table)


def _where(question: Question) -> tuple[Where, str]:
    """A single category that is both the condition and what is broken down is the node whose children are shown."""
    where: dict[Dimension, tuple[str, ...]] = dict(question.where)
    if question.by == "category" and not question.under and len(where.get("category", ())) == 1:
        (node,) = where.pop("category")
        return where, node
    return where, question.under


def _values(now: Table, before: Table, question: Question, measures: Sequence[Measure]) -> list[str]:
    """Of the dimension, the largest first; by name where two are as large."""
    if question.by is None:
        return [""]
    size: dict[str, int] = defaultdict(int)
    first = measures[0].denominator or measures[0].numerator
    for (_bucket, value), fields in now.items():
        size[value] += total(first, fields)
    for _bucket, value in before:
        size.setdefault(value, 0)
    return sorted(size, key=lambda value: (-size[value], value))


def _folded(table: Table, values: Sequence[str]) -> Table:
    """All values beyond these in one."""
    told: Table = {}
    for (bucket, value), fields in table.items():
        at = bucket, value if value in values else ask.OTHERS
        told[at] = {name: told.get(at, {}).get(name, 0) + number for name, number in fields.items()}
    return told


def _sum(table: Table) -> dict[str, int]:
    summed: dict[str, int] = defaultdict(int)
    for fields in table.values():
        for name, value in fields.items():
            summed[name] += value
    return summed


def _figures(fields: Mapping[str, int] | None, measures: Sequence[Measure]) -> tuple[Figure, ...]:
    known: Mapping[str, int] = defaultdict(int, fields or {})
    return tuple(_figure(measure, known) for measure in measures)


def _figure(measure: Measure, fields: Mapping[str, int]) -> Figure:
    top, bottom = total(measure.numerator, fields), total(measure.denominator, fields)
    value = measure.value(top, bottom)
    return Figure(None if value is None else round(value, 4), top, bottom)
