"""What adapting brought: sentences that use the new names, and how many of the names are heard in them. Pure."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from typing import Final

import msgspec

from models.adapting.wanted import DEPARTMENT, OTHER, PERSON, PLACE, STREET, Wanted
from models.korean.particles import attach

MOST_NAMES: Final = 60
"""Names that are tried; of more a sample."""
FRAMES: Final[Mapping[str, tuple[tuple[str, str], ...]]] = {
    DEPARTMENT: (("으로/로", "연결해 주세요"), ("", "담당자 부탁드립니다"), ("", "전화번호 알려 주세요")),
    STREET: (("에", "가로등이 고장 났어요"), ("에", "불법 주차 신고하려고요"), ("", "이십 삼 번지예요")),
    PLACE: (("에", "쓰레기가 쌓여 있어요"), ("", "주민센터 전화번호 알려 주세요"), ("에", "사는데요")),
    PERSON: (("", "담당자 부탁드립니다"), ("이라고/라고", "합니다"), ("입니다", "")),
    OTHER: (("", "문의드립니다"), ("을/를", "신청하려고 하는데요"), ("", "담당 부서 연결해 주세요")),
}
"""Class -> particle on the name, and the rest of the sentence."""


class Try(msgspec.Struct, frozen=True):
    """A sentence to be said."""

    name: str
    text: str


def tries(names: Sequence[Wanted], *, most: int = MOST_NAMES) -> list[Try]:
    """Every name in the sentences of its class; of more than ``most`` names always the same sample."""
    chosen = list(names) if len(names) <= most else random.Random(0).sample(list(names), most)
    return [
        Try(name.text, f"{attach(name.text, end) if end else name.text} {rest}".strip())
        for name in chosen
        for end, rest in FRAMES[name.kind]
    ]


def recall(said: Sequence[Try], heard: Sequence[str]) -> float:
    """Share of the sentences in whose transcript the name stands; spaces don't matter. 0.0 without sentences."""
    found = sum(one.name.replace(" ", "") in text.replace(" ", "") for one, text in zip(said, heard, strict=True))
    return found / len(said) if said else 0.0
