"""What kind of file it is, whatever it is called; and what is none of ours, said with what to do."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent_assist.knowledge import tables
from agent_assist.knowledge.columns import guess
from agent_assist.knowledge.tables import open_table
from core.errors import BadInput

TABLE = "번호,제목,내용\n1,여권 발급,사진 한 장\n"


@pytest.mark.parametrize("name", ["kb.csv", "kb.xlsx", "kb.xls", "kb", "kb.txt"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949", "utf-16", "utf-16-le", "utf-16-be"])
def test_a_text_is_a_table_whatever_its_name(name: str, encoding: str) -> None:
    table = open_table(name, TABLE.encode(encoding))
    assert (table.kind, table.header) == ("csv", ("번호", "제목", "내용"))
    assert [row.cells for row in table.rows()] == [("1", "여권 발급", "사진 한 장")]


def test_a_file_of_a_mac() -> None:
    table = open_table("kb.csv", unicodedata.normalize("NFD", TABLE).encode())
    assert guess(table.header).places() == {"id": 0, "title": 1, "body": 2}


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"", "비어"),
        (b" \r\n ", "비어"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "xlsx"),
        (b"%PDF-1.7\n...", "PDF"),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "그림"),
        (b"\x1f\x8b\x08" + bytes(100), "압축"),
        (b"\xef\xbb\xbf<html><table><tr><td>1</td></tr></table></html>", "웹 페이지"),
        (bytes(range(256)) * 40, "UTF-8"),
    ],
)
def test_what_is_no_table_is_answered_with_what_to_do(data: bytes, word: str) -> None:
    with pytest.raises(BadInput, match=word) as fault:
        open_table("kb.csv", data)
    assert "\n" not in str(fault.value)
    assert " / " in str(fault.value)


def test_a_file_too_large_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "BYTES_LIMIT", 10)
    with pytest.raises(BadInput, match="나누어"):
        open_table("kb.csv", TABLE.encode())


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        table = open_table("kb", data)
        assert table.count() == len(list(table.rows()))
    except BadInput as fault:
        assert str(fault)
