"""Bytes of a spreadsheet's export -> text, whatever Korean office wrote it. Pure."""

from __future__ import annotations

import codecs
from typing import Final

from core.errors import BadInput

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SAMPLE: Final = 4096


def decode(data: bytes) -> str:
    """UTF-8 (with or without mark), UTF-16, or CP949 (which holds EUC-KR). ``BadInput`` for anything else."""
    for encoding in _candidates(data):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise BadInput(
        "글자를 읽을 수 없는 파일입니다. '다른 이름으로 저장'에서 CSV UTF-8로 저장해 주세요. "
        "/ The file is not text in UTF-8, CP949 or UTF-16: save it as 'CSV UTF-8'."
    )


def _candidates(data: bytes) -> tuple[str, ...]:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return (encoding,)
    sample = data[:_SAMPLE]
    # Unmarked UTF-16 of a table has a zero byte in each comma and digit; no other text has any.
    if sample.count(0) * 20 > len(sample):
        little_first = sample[1::2].count(0) > sample[::2].count(0)
        return ("utf-16-le", "utf-16-be") if little_first else ("utf-16-be", "utf-16-le")
    return ("utf-8", "cp949")
