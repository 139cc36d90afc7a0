from __future__ import annotations

import unicodedata

import pytest

from agent_assist.lookup import Lookup
from core.store.contract import Entry

ENTRIES = (
    Entry(id="1", title="여권 발급·갱신", department="민원여권과", person="백서연", phone="070-0055-1100"),
    Entry(id="2", title="긴급 여권 발급", department="민원여권과", keywords=("급해요",)),
    Entry(id="3", title="CCTV 설치 요청", department="도시안전과", phone="070-0055-2200", category="안전>방범"),
    Entry(id="4", title="대형 폐기물 배출", department="자원순환과", keywords=("장롱 버리기", "소파")),
)
LOOKUP = Lookup(ENTRIES)


def found(query: str) -> list[str]:
    return [ENTRIES[hit.document].id for hit in LOOKUP.find(query, 10)]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("여", ["1", "2"]),
        ("여권", ["1", "2"]),
        ("발급", ["2", "1"]),
        ("ㅇㄱ", ["1", "2"]),
        ("ㄷㅎ", ["4"]),
        ("ㅍㄱㅁ", ["4"]),
        ("cctv", ["3"]),
        ("백서", ["1"]),
        ("도시안전", ["3"]),
        ("방범", ["3"]),
        ("2200", ["3"]),
        ("0055-11", ["1"]),
        ("장롱", ["4"]),
        ("대형폐기물", ["4"]),
        ("폐기물 대형", ["4"]),
        ("여권 민원", ["2", "1"]),
        ("없는말", []),
        ("여권 없는말", []),
        ("", []),
        ("  ", []),
        ("·", []),
        ("😀", []),
        (unicodedata.normalize("NFD", "여권"), ["1", "2"]),
    ],
)
def test_find(query: str, expected: list[str]) -> None:
    assert sorted(found(query)) == sorted(expected)


def test_titles_that_begin_so_come_first() -> None:
    assert found("여권")[0] == "1"
    assert found("급")[-1] == "2" or found("급")[0] == "2"
    scores = [hit.score for hit in LOOKUP.find("발급", 10)]
    assert scores == sorted(scores, reverse=True)


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("여권", ("여권",)),
        ("ㅇㄱ", ("여권",)),
        ("여권발급", ("여권 발급",)),
        ("발급 여권", ("발급", "여권")),
        ("백서연", ()),
    ],
)
def test_the_piece_of_the_title_that_matches(query: str, words: tuple[str, ...]) -> None:
    assert LOOKUP.find(query, 1)[0].words == words


def test_the_limit_holds_and_a_giant_query_is_cut() -> None:
    assert len(LOOKUP.find("발급", 1)) == 1
    assert LOOKUP.find("발급", 0) == []
    assert LOOKUP.find("가" * 100_000, 10) == []
