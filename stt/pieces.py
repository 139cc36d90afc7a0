"""Words that our own Vosk models spell in syllable pieces, because they do not know them: '돌 _봄' is 돌봄. Pure.

Models of others have no words that begin with '_', and nothing happens to theirs.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import msgspec

from core.events import Word

_FILLERS: Final = frozenset({"_어", "_음"})


class Entry(msgspec.Struct):
    """A word or piece as Vosk tells it."""

    word: str
    start: float
    """Seconds."""
    end: float
    conf: float
    """0 to 1."""


def joined_text(text: str) -> str:
    """'돌 _봄' -> '돌봄': our model spells words that it does not know in syllable pieces that begin with '_'.

    A piece with no word before it and nothing behind it is no word ('_을', heard in noise): ''.
    """
    if text.startswith("_") and " " not in text:
        return ""
    pieces = text.split()
    return " ".join("".join(pieces[at].removeprefix("_") for at in word) for word in _words(pieces))


def joined_words(entries: Sequence[Entry]) -> tuple[Word, ...]:
    """The entries as words, pieces merged into the word before them."""
    return tuple(
        Word(
            text="".join(entries[at].word.removeprefix("_") for at in word),
            start=entries[word[0]].start,
            end=entries[word[-1]].end,
            confidence=min(entries[at].conf for at in word),
        )
        for word in _words([entry.word for entry in entries])
    )


def _words(pieces: list[str]) -> list[list[int]]:
    """Which pieces make a word together."""
    words: list[list[int]] = []
    for at, piece in enumerate(pieces):
        if words and piece.startswith("_") and not _is_filler(pieces, at):
            words[-1].append(at)
        else:
            words.append([at])
    return words


def _is_filler(pieces: list[str], at: int) -> bool:
    """'안녕하세요 _어 오래된': somebody hesitates behind a finished sentence, it is no syllable of it."""
    before, behind = pieces[at - 1], pieces[at + 1] if at + 1 < len(pieces) else ""
    finished = len(before) > 2 and before[-1] in "요까다" and not before.startswith("_")
    return pieces[at] in _FILLERS and finished and not behind.startswith("_")
