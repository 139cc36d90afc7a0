from __future__ import annotations

import json

import pytest

from agent_assist.knowledge.columns import guess
from agent_assist.knowledge.entry_rows import EntryRows
from agent_assist.knowledge.tables import open_table
from core.errors import BadInput
from core.store.entry import Entry, Reference

OBJECTS = [
    {
        "id": 7,
        "title": "여권 발급",
        "category": ["민원서류", "여권"],
        "procedure": ["접수 / 확인", "수령"],
        "keywords": ["여권", "여권; 다시"],
        "links": [{"title": "안내", "url": "https://city.example/a"}],
        "updated": "2026-03-04",
    },
    {"title": "등본", "body": "신분증"},
]


def entries(value: object, name: str = "kb.json") -> list[Entry | None]:
    table = open_table(name, json.dumps(value, ensure_ascii=False).encode())
    reading = EntryRows(guess(table.header))
    return [reading.take(row).entry for row in table.rows()]


@pytest.mark.parametrize("value", [OBJECTS, {"entries": OBJECTS}, {"data": OBJECTS, "count": 2}])
def test_lists_of_objects(value: object) -> None:
    first, second = entries(value)
    assert first is not None
    assert (first.id, first.category, first.procedure) == ("7", "민원서류>여권", ("접수 / 확인", "수령"))
    assert first.keywords == ("여권", "여권; 다시")
    assert first.links == (Reference(title="안내", url="https://city.example/a"),)
    assert str(first.updated) == "2026-03-04"
    assert second is not None
    assert second.body == "신분증"


def test_korean_names_too_and_the_file_may_be_called_anything() -> None:
    (entry,) = entries([{"제목": "여권", "내용": "사진"}], "자료.txt")
    assert entry is not None
    assert (entry.title, entry.body) == ("여권", "사진")


def test_a_table_whose_first_name_stands_in_brackets_is_none() -> None:
    assert open_table("kb.csv", "[제목],내용\n여권,사진\n".encode()).kind == "csv"


def test_what_is_no_object_is_one_row_that_is_left_out() -> None:
    table = open_table("kb.json", b'[{"title": "a", "body": "b"}, 3, null, {}]')
    reading = EntryRows(guess(table.header))
    taken = [reading.take(row) for row in table.rows()]
    assert [(each.line, each.entry is None) for each in taken] == [(1, False), (2, True), (3, True)]
    assert table.count() == 3


@pytest.mark.parametrize("value", [{"title": "여권"}, 3, "여권", {"entries": {}}])
def test_other_json_is_answered_with_the_form_it_should_have(value: object) -> None:
    with pytest.raises(BadInput, match="entries"):
        open_table("kb.json", json.dumps(value).encode())


@pytest.mark.parametrize("data", [b'[{"title": "a"', b"[" * 100_000, b'{"entries": [1e}'])
def test_broken_json_is_said(data: bytes) -> None:
    with pytest.raises(BadInput, match="JSON"):
        open_table("kb.json", data)


def test_a_thousand_different_names_are_refused() -> None:
    with pytest.raises(BadInput, match="이름"):
        open_table("kb.json", json.dumps([{f"n{number}": 1} for number in range(1000)]).encode())


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp949"])
def test_encodings(encoding: str) -> None:
    table = open_table("kb.json", '[{"제목": "여권"}]'.encode(encoding))
    assert [row.cells for row in table.rows()] == [("여권",)]
