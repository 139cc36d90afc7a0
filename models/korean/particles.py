"""Particles that ask for the last letter of their noun: 여권을, 등본을, 버스로, 서울로, 집으로."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from models.korean.jamo import coda

PAIRS: Final[Mapping[str, tuple[str, str]]] = {
    name: (closed, open_)
    for name, closed, open_ in (
        ("을/를", "을", "를"),
        ("은/는", "은", "는"),
        ("이/가", "이", "가"),
        ("과/와", "과", "와"),
        ("으로/로", "으로", "로"),
        ("이랑/랑", "이랑", "랑"),
        ("이나/나", "이나", "나"),
        ("이요/요", "이요", "요"),
        ("이고/고", "이고", "고"),
        ("이면/면", "이면", "면"),
        ("이든/든", "이든", "든"),
        ("이라도/라도", "이라도", "라도"),
        ("이라고/라고", "이라고", "라고"),
        ("이라서/라서", "이라서", "라서"),
        ("이라는/라는", "이라는", "라는"),
        ("이에요/예요", "이에요", "예요"),
        ("이었/였", "이었", "였"),
        ("아/야", "아", "야"),
    )
}
"""Name of the pair, form after a consonant, form after a vowel."""


def particle(noun: str, pair: str) -> str:
    """The form of ``pair`` ('을/를') that fits the noun; after ㄹ it is 로. ``KeyError`` for an unknown pair."""
    closed, open_ = PAIRS[pair]
    last = coda(noun)
    if not last or (last == "ㄹ" and pair == "으로/로"):
        return open_
    return closed


def attach(noun: str, pair: str) -> str:
    """The noun with the particle on it."""
    return noun + particle(noun, pair)
