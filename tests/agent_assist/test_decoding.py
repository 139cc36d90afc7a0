from __future__ import annotations

import pytest

from agent_assist.knowledge.decoding import decode
from core.errors import BadInput

TABLE = "번호,제목,내용\r\n1,여권 발급,사진 한 장을 가지고 오세요\r\n2,똠방각하 펲시콜라,확장 완성형\r\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949", "utf-16", "utf-16-le", "utf-16-be"])
def test_every_encoding_that_offices_use(encoding: str) -> None:
    assert decode(TABLE.encode(encoding))[0].lstrip("\ufeff") == TABLE


def test_euc_kr() -> None:
    assert decode("제목\n여권 발급".encode("euc-kr")) == ("제목\n여권 발급", "cp949", 0)


def test_nothing_is_nothing() -> None:
    assert decode(b"") == ("", "utf-8", 0)


@pytest.mark.parametrize(
    "data", [b"PK\x03\x04" + bytes(range(256)) * 20, b"\xff\xfe\x00", b"\x80\x81\xff\xfe\xfa" * 50]
)
def test_what_is_no_text_is_refused_with_advice(data: bytes) -> None:
    with pytest.raises(BadInput, match="UTF-8"):
        decode(data)


def test_an_encoding_that_is_told_forgives_a_few_damaged_characters() -> None:
    damaged = ("여권 발급 안내입니다. " * 30).encode("cp949") + b"\xff\xff"
    with pytest.raises(BadInput):
        decode(damaged)
    text, encoding, broken = decode(damaged, "CP949")
    assert (text[:5], encoding, broken) == ("여권 발급", "cp949", 2)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_wrong_encoding_is_said(encoding: str) -> None:
    with pytest.raises(BadInput, match="아닙니다"):
        decode(TABLE.encode("cp949"), encoding)


def test_an_unknown_encoding_is_answered_with_those_there_are() -> None:
    with pytest.raises(BadInput, match="cp949"):
        decode(b"", "klingon")
