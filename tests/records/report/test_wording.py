"""Names, days and differences as an official text writes them."""

from __future__ import annotations

from datetime import date

import pytest

from records.report.content import written
from records.report.wording import bucket_name, change, official, sentence, topic, value_name
from records.statistics.measures import BY_ID
from records.statistics.question import Figure


@pytest.mark.parametrize(
    ("bucket", "name"),
    [
        ("", "전체"),
        ("1", "월요일"),
        ("09", "9시"),
        ("2026", "2026년"),
        ("2026-11", "2026년 11월"),
        ("2026-W07", "2026년 7주"),
        ("2026-11-27", "11월 27일(금)"),
        ("2026-11-27T14", "11월 27일(금) 14시"),
    ],
)
def test_pieces_of_time(bucket: str, name: str) -> None:
    assert bucket_name(bucket) == name


def test_days_and_values() -> None:
    assert official(date(2026, 11, 7)) == "2026. 11. 7.(토)"
    assert value_name("category", "교통>주차") == "교통 > 주차"
    assert value_name("language", "vi") == "베트남어"
    assert value_name("channel", "") == "미상"
    assert value_name("department", "*") == "그 밖"
    assert (topic("응답률"), topic("만족도"), topic("ARS")) == ("응답률은", "만족도는", "ARS는")


@pytest.mark.parametrize(
    ("measure", "now", "before", "text"),
    [
        ("offered", 110, 100, "▲10.0%"),
        ("offered", 100, 100, "0"),
        ("offered", 5, 0, "–"),
        ("service_level", 68.42, 70.0, "▼1.6%p"),
        ("asa", 65.0, 30.0, "▲0:35"),
        ("asa", 30.2, 30.0, "0"),
        ("satisfaction", 4.2, 4.0, "▲0.20"),
        ("asa", None, 30.0, "–"),
    ],
)
def test_differences(measure: str, now: float | None, before: float | None, text: str) -> None:
    assert change(BY_ID[measure], Figure(now, 0, 0), Figure(before, 0, 0)) == text


def test_a_sentence() -> None:
    offered, level = BY_ID["offered"], BY_ID["service_level"]
    assert (
        sentence(offered, Figure(90, 90, 0), Figure(100, 100, 0), "전월") == "상담 요청은 90건, 전월보다 10.0% 감소함."
    )
    assert (
        sentence(level, Figure(80.0, 8, 10), Figure(70.0, 7, 10), "전월")
        == "서비스 레벨은 80.0%, 전월보다 10.0%p 상승함."
    )
    assert sentence(offered, Figure(9, 9, 0), None, "전월") == "상담 요청은 9건임."


def test_numbers_large_and_missing() -> None:
    assert written(7_300_000.0, "count") == "7,300,000"
    assert written(3671.0, "seconds") == "1:01:11"
    assert written(None, "percent") == "–"
