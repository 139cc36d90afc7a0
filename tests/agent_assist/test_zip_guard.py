from __future__ import annotations

import time
import zipfile
from io import BytesIO

import openpyxl
import pytest

from agent_assist.knowledge.tables import open_table
from agent_assist.knowledge.zip_guard import looked_through
from core.errors import BadInput
from tests.agent_assist.workbooks import bomb, inline, laughs, raw, workbook


def test_a_good_workbook_passes() -> None:
    assert not looked_through(workbook(("번호", "제목"), (1, "여권")))
    assert looked_through(workbook(("번호", "제목"), (1, "=1+1")))


def test_a_bomb_is_not_unpacked() -> None:
    data = bomb(64)
    assert len(data) < 300_000
    began = time.monotonic()
    with pytest.raises(BadInput, match="64 MB"):
        open_table("kb.xlsx", data)
    assert time.monotonic() - began < 1


def test_a_bomb_of_many_members_is_not_unpacked() -> None:
    members = {f"xl/media/{number}.xml": "" for number in range(5000)}
    with pytest.raises(BadInput, match="조각"):
        open_table("kb.xlsx", raw(inline(("제목",)), **members))


def test_a_member_that_lies_about_its_size_is_refused() -> None:
    data = bytearray(raw(inline(("제목", "내용"), ("가" * 50_000, "나"))))
    with zipfile.ZipFile(BytesIO(bytes(data))) as archive:
        size = archive.getinfo("xl/worksheets/sheet1.xml").file_size
    wrong = bytes(data).replace(size.to_bytes(4, "little"), (100).to_bytes(4, "little"))
    assert wrong != bytes(data)
    with pytest.raises(BadInput, match="깨졌"):
        open_table("kb.xlsx", wrong)


def test_billion_laughs_are_not_laughed() -> None:
    began = time.monotonic()
    with pytest.raises(BadInput, match="DOCTYPE"):
        open_table("kb.xlsx", laughs())
    assert time.monotonic() - began < 1


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_nor_in_another_encoding(encoding: str) -> None:
    xml = '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE a [<!ENTITY b "c">]>'.encode(encoding)
    with pytest.raises(BadInput, match="DOCTYPE"):
        open_table("kb.xlsx", raw(inline(("제목",)), **{"xl/sharedStrings.xml": xml}))


def test_behind_the_guard_the_library_does_not_expand_entities_either() -> None:
    assert openpyxl.DEFUSEDXML


def test_another_zip_is_no_workbook() -> None:
    file = BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("kb.csv", "번호,제목")
    with pytest.raises(BadInput, match="xlsx"):
        open_table("kb.zip", file.getvalue())


@pytest.mark.parametrize("cut", [10, 200, 2000])
def test_half_a_workbook_is_said_to_be_damaged(cut: int) -> None:
    with pytest.raises(BadInput, match="다시 저장"):
        open_table("kb.xlsx", workbook(("번호", "제목"), (1, "여권"))[:cut])
