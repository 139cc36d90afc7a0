"""Open data: contacts of whole months by department, category, district, language and channel; small cells suppressed.

No agents, no words, no times of single contacts. One table for each dimension, with the month's total; a month is the
only piece of time that is published, so that nothing can be reckoned from days. CSV for the portal, and the description
that data.go.kr asks for (공공데이터 제공 목록의 메타데이터; fields of DCAT-AP beside them).
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Sequence
from datetime import date, datetime, timedelta, tzinfo
from typing import Any, Final

import msgspec

from core.errors import BadInput
from core.store.statistics import Dimension, StatisticsStore
from records.report.cells import harmless
from records.report.suppressing import K, shown, shown_total
from records.report.wording import value_name
from records.statistics.answering import answer
from records.statistics.question import Question

DIMENSIONS: Final[tuple[tuple[Dimension, str], ...]] = (
    ("department", "부서"),
    ("category", "분류"),
    ("district", "지역"),
    ("language", "언어"),
    ("channel", "경로"),
)
HEAD: Final = ("기준연월", "구분", "항목", "상담건수", "비공개여부")
TOTAL: Final = "합계"
MOST_MONTHS: Final = 36
_DAY: Final = timedelta(days=1)


class OpenRow(msgspec.Struct, frozen=True, kw_only=True):
    """A published cell."""

    month: str
    """'2026-11'."""
    dimension: str
    """'부서', '분류', ...; '전체' = the month's total."""
    value: str
    """Which one."""
    count: int | None
    """Contacts; None = hidden."""


async def open_rows(
    store: StatisticsStore, first: date, last: date, *, zone: tzinfo, today: date
) -> tuple[OpenRow, ...]:
    """Every published cell of these whole months. ``BadInput`` for days that are no whole months that are over."""
    _check(first, last, today)
    rows: list[OpenRow] = []
    asked = Question(measures=("contacts",), first=first, last=last, cut="month")
    whole = await answer(store, asked, zone=zone, today=today)
    totals = {line.bucket: line.figures[0].numerator for line in whole.lines}
    rows += (
        OpenRow(month=month, dimension="전체", value=TOTAL, count=shown_total(total)) for month, total in totals.items()
    )
    for dimension, name in DIMENSIONS:
        told = await answer(store, msgspec.structs.replace(asked, by=dimension), zone=zone, today=today)
        cells: dict[str, dict[str, int]] = {month: {} for month in totals}
        for line in told.lines:
            cells[line.bucket][line.value] = line.figures[0].numerator
        for month, of_month in cells.items():
            values = sorted(of_month)
            published = shown([of_month[value] for value in values])
            rows += (
                OpenRow(month=month, dimension=name, value=value_name(dimension, value), count=count)
                for value, count in zip(values, published, strict=True)
            )
    return tuple(rows)


def as_csv(rows: Sequence[OpenRow]) -> str:
    """RFC 4180. A hidden count is empty, and said to be hidden."""
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\r\n")
    table.writerow(HEAD)
    for row in rows:
        count, hidden = ("", "Y") if row.count is None else (row.count, "N")
        table.writerow((row.month, row.dimension, harmless(row.value), count, hidden))
    return out.getvalue()


def described(rows: Sequence[OpenRow], *, centre: str, first: date, last: date, made: datetime) -> dict[str, Any]:
    """What the portal asks for, and what each column is."""
    return {
        "제목": f"{centre} 월별 민원 상담 현황",
        "설명": "전화·문자·채팅으로 접수된 민원 상담의 월별 건수를 부서, 분류, 지역, 언어, 경로별로 집계한 자료. "
        f"{K}건 미만과 이를 통해 추정될 수 있는 값은 비공개(빈칸)로 표시함.",
        "제공기관": centre,
        "분류체계": "공공행정 - 일반행정",
        "키워드": ["민원", "상담", "콜센터", "통계"],
        "확장자": "CSV",
        "문자집합": "UTF-8(BOM), CP949",
        "업데이트주기": "월간",
        "시간범위": f"{first:%Y-%m} ~ {last:%Y-%m}",
        "등록일": f"{made:%Y-%m-%d}",
        "행수": len(rows),
        "이용허락범위": "이용허락범위 제한 없음",
        "비식별조치": f"셀 은닉(k={K})과 보완 은닉: 상담사·개인·개별 상담 정보 없음",
        "dcat": {
            "@type": "dcat:Dataset",
            "dct:title": f"{centre} 월별 민원 상담 현황",
            "dct:publisher": centre,
            "dct:issued": f"{made:%Y-%m-%d}",
            "dct:accrualPeriodicity": "monthly",
            "dct:temporal": {"startDate": f"{first}", "endDate": f"{last}"},
            "dcat:distribution": [{"dcat:mediaType": "text/csv", "dct:format": "CSV"}],
        },
        "컬럼": [
            {"이름": "기준연월", "형식": "YYYY-MM", "설명": "상담이 시작된 달"},
            {"이름": "구분", "형식": "문자", "설명": "전체, 부서, 분류(최상위), 지역, 언어, 경로 가운데 하나"},
            {"이름": "항목", "형식": "문자", "설명": "그 구분의 값. 미상 = 알 수 없음"},
            {"이름": "상담건수", "형식": "정수", "설명": f"접수된 상담 건수. 비공개면 빈칸({K}건 미만 또는 보완 은닉)"},
            {"이름": "비공개여부", "형식": "Y/N", "설명": "Y = 숨긴 값"},
        ],
    }


def packed(rows: Sequence[OpenRow], *, centre: str, first: date, last: date, made: datetime) -> bytes:
    """A ZIP: the CSV in both character sets, and the description as JSON."""
    text = as_csv(rows)
    told = msgspec.json.format(msgspec.json.encode(described(rows, centre=centre, first=first, last=last, made=made)))
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("counselling-contacts.csv", text.encode("utf-8-sig"))
        archive.writestr("counselling-contacts-cp949.csv", text.encode("cp949", "replace"))
        archive.writestr("metadata.json", told)
    return file.getvalue()


def _check(first: date, last: date, today: date) -> None:
    if first.day != 1 or (last + _DAY).day != 1 or last < first or last >= today:
        raise BadInput("개방 데이터는 끝난 달로만 만듭니다 / open data are made of whole months that are over")
    if 12 * (last.year - first.year) + last.month - first.month >= MOST_MONTHS:
        raise BadInput(f"{MOST_MONTHS}개월까지 고를 수 있습니다 / {MOST_MONTHS} months at most")
