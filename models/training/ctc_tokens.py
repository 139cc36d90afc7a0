"""Tokens of our own CTC model: Hangul letters, told apart by their place in the syllable and in the word.

They are Unicode's conjoining jamo (The Unicode Standard, 3.12), so a run of them composes (NFC) into syllables by
itself. An onset that begins a word has a token of its own, '▁' + onset: words need no frames for a mark between them.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from typing import Final

from models.korean.jamo import CODAS, ONSETS, VOWELS, is_hangul

BLANK: Final = "<blk>"
"""CTC's «nothing new here»; sherpa-onnx finds it by this name."""
MARK: Final = "▁"
_ONSETS: Final = tuple(chr(0x1100 + at) for at in range(len(ONSETS)))
_VOWELS: Final = tuple(chr(0x1161 + at) for at in range(len(VOWELS)))
_CODAS: Final = tuple(chr(0x11A7 + at) for at in range(1, len(CODAS)))
TOKENS: Final = (BLANK, *(MARK + onset for onset in _ONSETS), *_ONSETS, *_VOWELS, *_CODAS)
"""A token's number is its place here; the blank is 0."""
_NUMBER: Final = {token: number for number, token in enumerate(TOKENS)}


def encode(text: str) -> tuple[int, ...]:
    """The text's tokens; '' has none. ``ValueError`` for anything but Hangul syllables and spaces."""
    if text and not is_hangul(text):
        raise ValueError(f"'{text}' is not written in Hangul only")
    return tuple(
        _NUMBER[MARK + letter if at == 0 else letter]
        for word in text.split()
        for at, letter in enumerate(unicodedata.normalize("NFD", word))
    )


def decode(numbers: Sequence[int]) -> str:
    """The tokens as text; letters that make no syllable are left as they are."""
    joined = "".join(TOKENS[number] for number in numbers)
    return unicodedata.normalize("NFC", joined.replace(MARK, " ")).strip()


def best(outputs: Iterable[int]) -> list[int]:
    """The tokens of a best path, one output a frame (greedy CTC decoding): repeats are one, blanks are none."""
    found, before = [], 0
    for number in outputs:
        if number not in (0, before):
            found.append(number)
        before = number
    return found


def table() -> str:
    """``tokens.txt`` as sherpa-onnx reads it."""
    return "".join(f"{token} {number}\n" for number, token in enumerate(TOKENS))
