"""Names of departments."""

from __future__ import annotations

import pytest

from agent_assist.values.departments import departments

NAMES = ("민원여권과", "주차관리과", "교통행정과", "세무과", "치매안심센터", "건설과", "교통과")


@pytest.mark.parametrize(
    ("said", "names"),
    [
        ("민원여권과에서요", ["민원여권과"]),
        ("민원 여권 과로요", ["민원여권과"]),
        ("민원여관과입니다", ["민원여권과"]),
        ("치매 안심센타요", []),
        ("치매안심샌터로", ["치매안심센터"]),
        ("세무과는요", ["세무과"]),
        ("세부과는요", []),
        ("효과가 없어요", []),
        ("건설과 교통과요", ["건설과", "교통과"]),
        ("교통행정과", ["교통행정과"]),
    ],
)
def test_departments(said: str, names: list[str]) -> None:
    assert [candidate.value for candidate in departments(said, NAMES)] == names


def test_no_names_no_departments() -> None:
    assert list(departments("민원여권과", ())) == []
    assert list(departments("민원여권과", ("", " "))) == []


def test_the_span_ends_before_the_particle() -> None:
    (candidate,) = departments("저 주차 관리과로 돌려 주세요", NAMES)
    assert "저 주차 관리과로 돌려 주세요"[candidate.start : candidate.end] == "주차 관리과"
