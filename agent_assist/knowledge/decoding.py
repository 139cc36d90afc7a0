"""Bytes of a spreadsheet's export -> text, whatever Korean office wrote it. Pure."""

from __future__ import annotations

import codecs
from typing import Final

from core.errors import BadInput

ENCODINGS: Final = ("utf-8", "cp949", "euc-kr", "utf-16", "utf-16-le", "utf-16-be")
"""What a person may say that a file is."""
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SAMPLE: Final = 4096
_DAMAGED: Final = 0.01
"""Share of characters that may be damaged when a person says what the encoding is."""


def decode(data: bytes, encoding: str = "") -> tuple[str, str, int]:
    """The text, its encoding, and how many characters were damaged.

    Without being told: UTF-8 (with or without mark), UTF-16, or CP949 (which holds EUC-KR), without any damage.
    ``BadInput`` for anything else, with what to do.
    """
    if encoding:
        return _as_told(data, encoding)
    for candidate in _candidates(data):
        try:
            text = data.decode(candidate)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text, candidate, 0
    raise BadInput(
        "글자를 읽을 수 없는 파일입니다. '다른 이름으로 저장'에서 CSV UTF-8로 저장해 주세요. "
        "/ The file is not text in UTF-8, CP949 or UTF-16: save it as 'CSV UTF-8'."
    )


def _as_told(data: bytes, encoding: str) -> tuple[str, str, int]:
    name = encoding.strip().lower().replace("_", "-").replace("utf8", "utf-8").replace("utf16", "utf-16")
    if name not in ENCODINGS:
        raise BadInput(
            f"'{encoding[:30]}' 인코딩은 모릅니다. 쓸 수 있는 것: {', '.join(ENCODINGS)} "
            f"/ Unknown encoding; there are: {', '.join(ENCODINGS)}."
        )
    text = data.decode("utf-8-sig" if name == "utf-8" else name, "replace")
    damaged = text.count("\ufffd")
    if "\0" in text or damaged > _DAMAGED * len(text):
        raise BadInput(
            f"{name} 파일이 아닙니다. 인코딩 지정을 빼거나 다른 것으로 해 주세요. "
            f"/ The file is not {name}: leave the encoding out, or name another."
        )
    return text, name, damaged


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
