"""What several tests of this room use: the language, loaded once, and the shipped entries."""

from __future__ import annotations

from importlib.resources import files

import pytest

from agent_assist.knowledge.csv_import import read_csv
from agent_assist.korean import Analyser, analyser
from core.store.entry import Entry


@pytest.fixture(scope="session")
def language() -> Analyser:
    """The one analyser of the process."""
    return analyser()


@pytest.fixture(scope="session")
def hanbit() -> tuple[Entry, ...]:
    """The consultation database that is shipped."""
    return read_csv(files("agent_assist").joinpath("knowledge/hanbit.csv").read_bytes()).entries


@pytest.fixture(scope="session")
def few() -> tuple[Entry, ...]:
    """Four entries to reason about."""
    return (
        Entry(
            id="1",
            title="주민등록등본 발급",
            department="민원여권과",
            person="백서연",
            phone="070-0055-1100",
            keywords=("등본", "등본 발급"),
            body="주민등록등본은 행정복지센터에서 발급합니다.",
        ),
        Entry(
            id="2",
            title="여권 재발급",
            department="민원여권과",
            phone="070-0055-1101",
            keywords=("여권", "여권 분실"),
            body="여권을 잃어버리면 분실 신고를 하고 다시 신청합니다.",
        ),
        Entry(
            id="3",
            title="대형 폐기물 배출 신청",
            department="자원순환과",
            phone="070-0055-2200",
            keywords=("장롱", "소파"),
            body="장롱이나 소파를 버릴 때 스티커를 붙입니다.",
            category="환경>폐기물",
        ),
        Entry(
            id="4",
            title="감자 농가 지원",
            department="농업과",
            phone="070-0055-3300",
            keywords=("감자",),
            body="씨감자를 나누어 드립니다.",
        ),
    )
