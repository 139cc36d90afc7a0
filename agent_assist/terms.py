"""Words -> the terms under which the index keeps them. The same for an entry's words and for a caller's.

Three channels, each of which forgives something else: morphemes forgive particles and endings; pairs of syllables
within morphemes forgive compounds ('여권재발급' / '여권 재발급'); pairs of syllables of the words as written forgive
what the analyser takes wrongly, as it does with a recogniser's slips. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from agent_assist.korean import NOUNS, Morpheme

MORPHEME: Final = 0
PAIR: Final = 1
WRITTEN: Final = 2
CHANNELS: Final = {"n": MORPHEME, "v": MORPHEME, "p": PAIR, "w": WRITTEN}
"""First letter of a term -> its channel."""

_PARTS: Final = NOUNS | {"XPN", "XSN"}
_COMPOUND_LIMIT: Final = 10
_WORD: Final = re.compile(r"[가-힣]+|[a-z]+|\d+")


def words(text: str) -> list[str]:
    """The words of a text as written, lower case."""
    return _WORD.findall(text.lower())


def spans(text: str) -> Iterator[tuple[int, int]]:
    """Where the words stand."""
    return (match.span() for match in _WORD.finditer(text.lower()))


def morpheme_term(morpheme: Morpheme) -> str | None:
    """'n등본', 'v떼'; None for what carries no topic."""
    match morpheme.kind:
        case None:
            return None
        case "verb":
            return "v" + morpheme.form
        case _:
            return "n" + morpheme.form.lower()


def pairs(text: str) -> list[str]:
    """'주민등록' -> 주민, 민등, 등록; a single syllable is its own pair."""
    return [text[at : at + 2] for at in range(len(text) - 1)] if len(text) > 1 else [text]


def compounds(morphemes: Sequence[Morpheme]) -> Iterator[Morpheme]:
    """Nouns written together, as one: 주민+센터 -> 주민센터. Both the whole and its parts are terms of the index."""
    run: list[Morpheme] = []
    for morpheme in (*morphemes, None):
        if morpheme is not None and morpheme.tag in _PARTS and (not run or run[-1].end == morpheme.start):
            run.append(morpheme)
            continue
        if len(run) > 1 and (size := sum(len(part.form) for part in run)) <= _COMPOUND_LIMIT and size > 1:
            yield Morpheme("".join(part.form for part in run), "NNG", run[0].start, run[-1].end)
        run = [morpheme] if morpheme is not None and morpheme.tag in _PARTS else []


def terms(word: str, morphemes: Sequence[Morpheme]) -> list[str]:
    """All terms of one word as written."""
    found: list[str] = []
    for morpheme in morphemes:
        if (term := morpheme_term(morpheme)) is not None:
            found.append(term)
            found.extend("p" + pair for pair in pairs(term[1:]))
    found.extend("n" + compound.form.lower() for compound in compounds(morphemes))
    found.extend("w" + pair for pair in pairs(word))
    return found
