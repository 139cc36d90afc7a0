from __future__ import annotations

import pytest

from agent_assist.knowledge.decoding import decode
from core.errors import BadInput

TABLE = "번호,제목,내용\r\n1,여권 발급,사진 한 장을 가지고 오세요\r\n2,똠방각하 펲시콜라,확장 완성형\r\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949", "utf-16", "utf-16-le", "utf-16-be"])
def test_every_encoding_that_offices_use(encoding: str) -> None:
    assert decode(TABLE.encode(encoding)).lstrip("\ufeff") == TABLE


def test_euc_kr() -> None:
    assert decode("제목\n여권 발급".encode("euc-kr")) == "제목\n여권 발급"


def test_nothing_is_nothing() -> None:
    assert decode(b"") == ""


@pytest.mark.parametrize(
    "data", [b"PK\x03\x04" + bytes(range(256)) * 20, b"\xff\xfe\x00", b"\x80\x81\xff\xfe\xfa" * 50]
)
def test_what_is_no_text_is_refused_with_advice(data: bytes) -> None:
    with pytest.raises(BadInput, match="UTF-8"):
        decode(data)
