"""Hangul syllables as letters (The Unicode Standard, 3.12): '닭' is onset ㄷ, vowel ㅏ, coda ㄺ."""

from __future__ import annotations

from typing import Final, NamedTuple

ONSETS: Final = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
VOWELS: Final = "ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ"
CODAS: Final = ("", *"ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ")
FIRST: Final = 0xAC00
"""Code point of 가."""
LAST: Final = 0xD7A3
"""Code point of 힣."""

TENSE: Final = dict(zip("ㄱㄷㅂㅅㅈ", "ㄲㄸㅃㅆㅉ", strict=True))
"""Plain onsets and their tense partners."""

_ONSET: Final = {letter: number for number, letter in enumerate(ONSETS)}
_VOWEL: Final = {letter: number for number, letter in enumerate(VOWELS)}
_CODA: Final = {letter: number for number, letter in enumerate(CODAS)}


class Jamo(NamedTuple):
    """One syllable block."""

    onset: str
    """ㅇ: none is heard."""
    vowel: str
    coda: str
    """'' = an open syllable."""


_SPLIT: Final = {
    chr(FIRST + (o * 21 + v) * 28 + c): Jamo(ONSETS[o], VOWELS[v], CODAS[c])
    for o in range(19)
    for v in range(21)
    for c in range(28)
}
_CODA_OF: Final = {syllable: letters.coda for syllable, letters in _SPLIT.items()}


def split(syllable: str) -> Jamo:
    """The letters of one syllable. ``KeyError`` when it is none."""
    return _SPLIT[syllable]


def join(letters: Jamo) -> str:
    """The syllable of these letters. ``KeyError`` for a letter that cannot stand there."""
    return chr(FIRST + (_ONSET[letters.onset] * 21 + _VOWEL[letters.vowel]) * 28 + _CODA[letters.coda])


def coda(text: str) -> str:
    """Coda of the last syllable; '' also when the text does not end in Hangul."""
    return _CODA_OF.get(text[-1:], "")


def closed(text: str, letter: str) -> str:
    """The text with ``letter`` under its last syllable, which must be open: ('하', 'ㄴ') -> '한'."""
    last = text[-1]
    if _CODA_OF[last]:
        raise ValueError(f"'{text}' ends in a consonant already")
    return text[:-1] + chr(ord(last) + _CODA[letter])


def opened(text: str) -> str:
    """The text without the coda of its last syllable: '알' -> '아'."""
    last = text[-1]
    return text[:-1] + chr(ord(last) - _CODA[_CODA_OF[last]])


def is_hangul(text: str) -> bool:
    """Whether it is nothing but Hangul syllables and spaces, and has at least one syllable."""
    return not text.isspace() and text != "" and all(char in _SPLIT or char == " " for char in text)
