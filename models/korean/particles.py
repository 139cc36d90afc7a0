"""Particles that ask for the last letter of their noun: 여권을, 등본을, 버스로, 서울로, 집으로."""

from __future__ import annotations

from models.korean.jamo import coda


def particle(noun: str, pair: str) -> str:
    """The form of ``pair`` that fits the noun: of '을/를' 을 after a consonant; after ㄹ it is 로; '에서' stays."""
    if "/" not in pair:
        return pair
    closed, _, open_ = pair.partition("/")
    last = coda(noun)
    if not last or (last == "ㄹ" and closed.startswith("으로")):
        return open_
    return closed


def attach(noun: str, pair: str) -> str:
    """The noun with the particle on it."""
    return noun + particle(noun, pair)
