"""What was said, cut into sentences with their content. Pure and light: no analyser, half a thousand turns in no time.

A recogniser sets no full stops, so a sentence also ends where a Korean ending does ('-는데요', '-습니다').
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import islice
from typing import Final

import msgspec

from agent_assist.draft.cues import LISTS, without_leading
from agent_assist.everyday import COMMON, EMPTY
from agent_assist.hangul import composed, squeezed
from core.events import Event, Speaker, TranscriptFinal

TURNS_LIMIT: Final = 2_000
"""Turns of a call that are looked at: its first ones."""
TEXT_LIMIT: Final = 2_000
"""Characters of one turn that are looked at."""
_CUT: Final = re.compile(
    r"(?<=[.?!…])\s+|\n+|(?:" + "|".join(f"(?<={ending})" for ending in LISTS["endings"]) + r")\s+"
)
_WORD: Final = re.compile(r"[가-힣]+|[a-z]+")
_TAIL: Final = re.compile(f"(?:{'|'.join(LISTS['particles'])})$")
_VERB_TAIL: Final = re.compile(f"(?:{'|'.join(LISTS['verb_tails'])})+요?$")
_CONJUGATED: Final = EMPTY | frozenset(LISTS["conjugated"])
_MOST_WORDS: Final = 60
"""Of one sentence."""
_ENTRY_WORDS: Final = 3_000
"""Of an entry."""
_CACHED: Final = 20_000


class Sentence(msgspec.Struct, frozen=True, kw_only=True):
    """One sentence."""

    speaker: Speaker
    turn: int
    """Which turn of the call, from 0."""
    utterance: str
    text: str
    """As said, without the hesitation before it."""
    letters: str
    """The text squeezed."""
    pieces: frozenset[str]
    """Pairs of syllables of its words with a topic, by which sentences are compared."""
    words: int
    """Words with a topic."""


class Turn(msgspec.Struct, frozen=True, kw_only=True):
    """One utterance of a call, spoken or typed."""

    speaker: Speaker
    text: str
    utterance: str = ""


def turns(events: Iterable[Event]) -> tuple[Turn, ...]:
    """What both said, in order."""
    said = (event for event in events if isinstance(event, TranscriptFinal) and event.text.strip())
    return tuple(
        Turn(speaker=event.speaker, text=event.text, utterance=event.utterance) for event in islice(said, TURNS_LIMIT)
    )


def sentences(said: Iterable[Turn]) -> Iterator[Sentence]:
    """The sentences of these turns; empty ones are left out."""
    for number, turn in enumerate(said):
        for part in _CUT.split(composed(turn.text)[:TEXT_LIMIT]):
            text = without_leading(" ".join(part.split()))
            if not (letters := squeezed(text)):
                continue
            stems = _topical(text)
            yield Sentence(
                speaker=turn.speaker,
                turn=number,
                utterance=turn.utterance,
                text=text,
                letters=letters,
                pieces=_pairs(stems),
                words=len(stems),
            )


def pieces(text: str) -> frozenset[str]:
    """Pairs of syllables of the words with a topic in some text."""
    return _pairs(_topical(composed(text), _ENTRY_WORDS))


def _topical(text: str, limit: int = _MOST_WORDS) -> list[str]:
    words = _WORD.findall(text.lower())[:limit]
    return [stem for word in words if (stem := _stem(word))]


def _pairs(stems: Iterable[str]) -> frozenset[str]:
    return frozenset(stem[at : at + 2] for stem in stems for at in range(max(len(stem) - 1, 1)))


@lru_cache(maxsize=_CACHED)
def _stem(word: str) -> str:
    """The word without particle or ending; '' when it has no topic."""
    if word in EMPTY:
        return ""
    stem = word
    for tail in (_VERB_TAIL, _TAIL, _TAIL):  # '여권은요' has two
        shorter = tail.sub("", stem)
        if len(shorter) >= 2 or tail is _VERB_TAIL:
            stem = shorter
    if len(stem) < 2 or _everyday(stem):
        return ""
    return stem


def _everyday(stem: str) -> bool:
    """Whether it is, but for an ending, a word of any conversation."""
    heads = [stem[:size] for size in range(max(len(stem) - 2, 2), len(stem) + 1)]
    return any(head in EMPTY or head in COMMON for head in heads) or stem[:2] in _CONJUGATED
