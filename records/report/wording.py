"""Names and differences as an official Korean text writes them. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

from core.store.statistics import SEPARATOR
from records.report.content import with_unit, written
from records.statistics.measures import Measure
from records.statistics.question import OTHERS, Figure, Span

WEEKDAYS: Final = "월화수목금토일"
CHANNELS: Final[Mapping[str, str]] = {"call": "전화", "text": "문자", "chat": "채팅", "web": "보이는 ARS"}
LANGUAGES: Final[Mapping[str, str]] = {"ko": "한국어", "en": "영어", "zh": "중국어", "vi": "베트남어", "ja": "일본어"}
UNKNOWN: Final = "미상"
_LEAST_CHANGE: Final = 0.05


def value_name(dimension: str, value: str) -> str:
    """A value of a dimension, as people call it."""
    if value == OTHERS:
        return "그 밖"
    if not value:
        return UNKNOWN
    match dimension:
        case "channel":
            return CHANNELS.get(value, value)
        case "language":
            return LANGUAGES.get(value, value)
        case _:
            return value.replace(SEPARATOR, " > ")


def bucket_name(bucket: str) -> str:
    """A piece of time: '14시', '월요일', '11월 27일(금) 14시', '2026년 48주', '2026년 11월'."""
    match bucket:
        case "":
            return "전체"
        case _ if len(bucket) == 1:
            return f"{WEEKDAYS[int(bucket) - 1]}요일"
        case _ if len(bucket) == len("14"):
            return f"{int(bucket)}시"
        case _ if "W" in bucket:
            year, week = bucket.split("-W")
            return f"{year}년 {int(week)}주"
        case _ if bucket.count("-") == 1:
            return f"{bucket[:4]}년 {int(bucket[5:])}월"
        case _ if "-" not in bucket:
            return f"{bucket}년"
    day = date.fromisoformat(bucket[:10])
    hour = f" {int(bucket[11:13])}시" if "T" in bucket else ""
    return f"{day.month}월 {day.day}일({WEEKDAYS[day.weekday()]}){hour}"


def definition(measure: Measure) -> str:
    """Whose definition a figure follows."""
    return "자체 정의" if measure.source == "minwon" else measure.source.split(" / ")[0]


def official(day: date) -> str:
    """'2026. 11. 27.(금)': as offices write days (행정업무의 운영 및 혁신에 관한 규정 시행령 제7조)."""
    return f"{day.year}. {day.month}. {day.day}.({WEEKDAYS[day.weekday()]})"


def official_days(days: Span) -> str:
    """The day, or both with '~' between them."""
    return official(days.first) if days.first == days.last else f"{official(days.first)} ~ {official(days.last)}"


def change(measure: Measure, now: Figure, before: Figure | None) -> str:
    """'▲12.3%', '▼1.4%p', '–': up and down, without a judgement."""
    if before is None or now.value is None or before.value is None:
        return "–"
    by = now.value - before.value
    match measure.unit:
        case "percent":
            size, text = abs(by), f"{abs(by):.1f}%p"
        case "seconds":
            size, text = float(round(abs(by))), written(abs(by), "seconds")
        case "score":
            size, text = abs(by) * 10, f"{abs(by):.2f}"
        case _ if before.value == 0:
            return "–" if by else "0"
        case _:
            size = abs(by) / before.value * 100
            text = f"{size:.1f}%"
    if size < _LEAST_CHANGE:
        return "0"
    return f"{'▲' if by > 0 else '▼'}{text}"


def sentence(measure: Measure, now: Figure, before: Figure | None, than: str) -> str:
    """'상담 요청은 231건으로 지난주보다 2.0% 감소함.'"""
    said = f"{topic(measure.ko)} {with_unit(now.value, measure.unit)}"
    changed = change(measure, now, before)
    if changed in ("–", "0"):
        return f"{said}{'으로 ' + than + '와 같음' if changed == '0' else '임'}."
    way = "증가" if changed[0] == "▲" else "감소"
    if measure.unit in ("percent", "score"):
        way = "상승" if changed[0] == "▲" else "하락"
    return f"{said}, {than}보다 {changed[1:]} {way}함."


def topic(word: str) -> str:
    """With 은 or 는, by its last syllable."""
    last = ord(word[-1]) - 0xAC00
    closed = 0 <= last < 11172 and last % 28 != 0
    return f"{word}{'은' if closed else '는'}"
