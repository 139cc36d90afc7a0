"""The lexicon: which words the recogniser knows, and how each may be said.

As a file (``source/lexicon.tsv.xz`` of a model): one pronunciation a line, ``word TAB phone phone ...``, a word's
usual one first.
"""

from __future__ import annotations

import lzma
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final

import msgspec

from core.errors import BadInput, ModelFault
from models.kaldi.phones import Pronunciation, positioned

Lexicon = Mapping[str, Sequence[Pronunciation]]
"""Word -> its pronunciations. 'word' may be a syllable piece ('_봄') or '[unk]' (anything else, for run-time
grammars)."""

UNKNOWN: Final = "[unk]"
"""Anything else, in run-time grammars: a lexicon may have it, no language model predicts it."""

_MARKS: Final = ("#0", "<s>", "</s>")
"""Stand behind the words in ``words.txt``, as tools expect: back-off, begin and end of a sentence."""


class Entry(msgspec.Struct, frozen=True):
    """One way to say one word."""

    phones: tuple[int, ...]
    """Graph phones, see :mod:`models.kaldi.phones`."""
    word: int
    """Its number in ``Vocabulary``."""


class Vocabulary(msgspec.Struct, frozen=True):
    """Words and their numbers, which follow the pronunciations: words that begin alike have neighbouring numbers."""

    words: tuple[str, ...]
    """In order; the number of ``words[0]`` is 1."""
    numbers: Mapping[str, int]

    @property
    def final_label(self) -> int:
        """The number behind the last word's (that of '#0', which no graph of ours uses): stands for the end of the
        sentence in look-ahead tables, where it so joins the last word's interval."""
        return len(self.words) + 1

    def text(self) -> str:
        """``words.txt``."""
        lines = ("<eps>", *self.words, *_MARKS)
        return "".join(f"{word} {number}\n" for number, word in enumerate(lines))


def vocabulary_of(words: Iterable[str]) -> Vocabulary:
    """Words in the order of their numbers."""
    ordered = tuple(words)
    return Vocabulary(ordered, {word: number for number, word in enumerate(ordered, start=1)})


def read_vocabulary(text: str) -> Vocabulary:
    """What ``Vocabulary.text`` wrote. Raises ``ModelFault`` for another ``words.txt``."""
    words = [line.rpartition(" ")[0] for line in text.splitlines()]
    vocabulary = vocabulary_of(words[1 : -len(_MARKS)])
    if vocabulary.text() != text:
        raise ModelFault("graph/words.txt was not written by this product: its words are numbered in another way")
    return vocabulary


def ordered(lexicon: Lexicon) -> tuple[Vocabulary, list[Entry]]:
    """All entries by pronunciation, and the words in the order in which they come up so.

    Raises ``BadInput`` for a word that can't stand in ``words.txt`` or a phone that is not ours.
    """
    found = []
    for word, pronunciations in lexicon.items():
        if not word or word in ("<eps>", *_MARKS) or any(letter.isspace() for letter in word):
            raise BadInput(f"{word!r} can't be a word of the lexicon: words have no spaces and are not {_MARKS}")
        found += [(positioned(phones, word), word) for phones in dict.fromkeys(map(tuple, pronunciations))]
    found.sort()
    vocabulary = vocabulary_of(dict.fromkeys(word for _, word in found))
    return vocabulary, [Entry(phones, vocabulary.numbers[word]) for phones, word in found]


def write_lexicon(target: Path, lexicon: Lexicon) -> None:
    """The file; the same lexicon gives the same bytes."""
    lines = (f"{word}\t{' '.join(phones)}\n" for word in sorted(lexicon) for phones in lexicon[word])
    target.write_bytes(lzma.compress("".join(lines).encode(), preset=6))


def read_lexicon(source: Path) -> dict[str, list[Pronunciation]]:
    """What ``write_lexicon`` wrote. Raises ``ModelFault`` for anything else."""
    lexicon: dict[str, list[Pronunciation]] = {}
    try:
        for line in lzma.decompress(source.read_bytes()).decode().splitlines():
            word, phones = line.split("\t")
            lexicon.setdefault(word, []).append(tuple(phones.split()))
    except (OSError, lzma.LZMAError, ValueError) as error:
        raise ModelFault(f"{source} can't be read as a lexicon ({error}); install the model again") from error
    return lexicon
