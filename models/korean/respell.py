"""A text written as people say it, syllable for syllable: '국물이 같이' -> '궁무리 가치', '옷 안' -> '오 단'.

The rules are those of the Standard Pronunciation (표준 발음법, 국립국어원; 제8-30항), named where they stand. Two
differ on purpose, because the result is for espeak-ng and lexicons, not for a dictionary: the coda [ㄷ] is written ㅅ,
which espeak-ng says with the phone of 있, 것; and within a word a plain onset after a stop is left as it is written
(제23항: 국밥), since espeak-ng itself says it tense, and with another phone than a written ㄲ.

What no rule can know, because it hangs on the word (제24, 26-30항: 여권 [여꿘], 서울역 [서울력]), is in ``said.txt``
(:mod:`models.korean.said_words`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from models.korean.jamo import TENSE, Jamo, join, split
from models.korean.said_words import said_by_word

NEUTRAL: Final[Mapping[str, str]] = {
    coda: sound
    for codas, sound in (
        ("ㄱㄲㅋㄳㄺ", "ㄱ"),
        ("ㄴㄵㄶ", "ㄴ"),
        ("ㄷㅅㅆㅈㅊㅌㅎ", "ㅅ"),
        ("ㄹㄼㄽㄾㅀ", "ㄹ"),
        ("ㅁㄻ", "ㅁ"),
        ("ㅂㅍㅄㄿ", "ㅂ"),
        ("ㅇ", "ㅇ"),
    )
    for coda in codas
}
"""제8-11항: the seven sounds a coda can have ([ㄷ] is written ㅅ)."""
_PARTS: Final[Mapping[str, tuple[str, str]]] = {
    "ㄳ": ("ㄱ", "ㅆ"),
    "ㄵ": ("ㄴ", "ㅈ"),
    "ㄺ": ("ㄹ", "ㄱ"),
    "ㄻ": ("ㄹ", "ㅁ"),
    "ㄼ": ("ㄹ", "ㅂ"),
    "ㄽ": ("ㄹ", "ㅆ"),
    "ㄾ": ("ㄹ", "ㅌ"),
    "ㄿ": ("ㄹ", "ㅍ"),
    "ㅄ": ("ㅂ", "ㅆ"),
}
"""제14항: of two letters the second moves to a following vowel; ㅅ becomes tense."""
_AFTER_H: Final[Mapping[str, str]] = {"ㅎ": "", "ㄶ": "ㄴ", "ㅀ": "ㄹ"}
"""제12항: codas with ㅎ, and what is left of them."""
_ASPIRATED: Final[Mapping[str, str]] = {"ㄱ": "ㅋ", "ㅅ": "ㅌ", "ㅂ": "ㅍ"}
_ASPIRATED_BY_CODA: Final[Mapping[str, str]] = {"ㄱ": "ㅋ", "ㄷ": "ㅌ", "ㅈ": "ㅊ"}
_WITH_H: Final[Mapping[str, tuple[str, str]]] = {
    "ㄵ": ("ㄴ", "ㅊ"),
    "ㄺ": ("ㄹ", "ㅋ"),
    "ㄼ": ("ㄹ", "ㅍ"),
    "ㅈ": ("", "ㅊ"),
}
"""제12항 붙임: these codas before ㅎ."""
_PALATAL: Final[Mapping[str, tuple[str, str]]] = {"ㄷ": ("", "ㅈ"), "ㅌ": ("", "ㅊ"), "ㄾ": ("ㄹ", "ㅊ")}
"""제17항: before 이 and 여."""
_NASAL: Final[Mapping[str, str]] = {"ㄱ": "ㅇ", "ㅅ": "ㄴ", "ㅂ": "ㅁ"}
"""제18항: before ㄴ, ㅁ (and ㄹ, which becomes ㄴ, 제19항)."""
_PLAIN_VOWEL: Final[Mapping[str, str]] = {"ㅑ": "ㅏ", "ㅒ": "ㅐ", "ㅕ": "ㅓ", "ㅖ": "ㅔ", "ㅛ": "ㅗ", "ㅠ": "ㅜ"}
"""제5항 다만 1: after ㅈ, ㅉ, ㅊ."""


class Said(NamedTuple):
    """One syllable as it is said."""

    letters: Jamo
    moved: bool
    """Its onset is written as the coda of the syllable before."""


def respell(text: str, joined: bool = True) -> str:
    """The words, as many syllables each, as they are said; ``joined``: without a pause between them (제15항 ...).

    ``KeyError`` for anything but Hangul syllables and spaces.
    """
    return _written(said(text, joined))


def said(text: str, joined: bool = True) -> list[list[Said]]:
    """The syllables of every word as they are said, and what :func:`respell` hides: where an onset is written."""
    words = said_by_word(" ".join(text.split()), joined).split()
    written = [(number, split(syllable)) for number, word in enumerate(words) for syllable in word]
    out: list[list[Said]] = [[] for _ in words]
    onset, moved, inside = "", False, False
    for at, (number, letters) in enumerate(written):
        if not inside:
            onset, moved = letters.onset, False
        vowel = _vowel(
            onset, letters.vowel, first=not out[number], last=at + 1 == len(written) or written[at + 1][0] != number
        )
        coda, said_onset, said_moved = NEUTRAL.get(letters.coda, ""), onset, moved
        inside = at + 1 < len(written) and (joined or written[at + 1][0] == number)
        if inside:
            after_number, after = written[at + 1]
            coda, onset, moved = _meet(letters.coda, after, after_number == number)
        out[number].append(Said(Jamo(said_onset, vowel, coda), said_moved))
    return out


def _written(words: Sequence[Sequence[Said]]) -> str:
    return " ".join("".join(join(syllable.letters) for syllable in word) for word in words)


def _vowel(onset: str, vowel: str, *, first: bool, last: bool) -> str:
    """제5항: vowels that are said otherwise than written."""
    if vowel == "ㅢ":
        if onset != "ㅇ":
            return "ㅣ"
        return "ㅢ" if first else "ㅔ" if last else "ㅣ"
    if vowel == "ㅖ" and onset not in "ㅇㄹ":
        return "ㅔ"
    if onset in "ㅈㅉㅊ":
        return _PLAIN_VOWEL.get(vowel, vowel)
    return vowel


def _meet(coda: str, after: Jamo, same_word: bool) -> tuple[str, str, bool]:
    """What a coda and the next syllable's onset become, and whether that onset came out of the coda."""
    onset = after.onset
    if onset == "ㅇ":
        return _liaison(coda, after.vowel, same_word)
    if coda in _AFTER_H:
        left = _AFTER_H[coda]
        if onset in _ASPIRATED_BY_CODA:
            return left, _ASPIRATED_BY_CODA[onset], False
        if onset == "ㅅ":
            return left, "ㅆ", False
        if onset == "ㅎ":
            return left, "ㅎ", False
        coda = left or "ㅅ"
    sound = NEUTRAL.get(coda, "")
    if onset == "ㅎ":
        if coda in _WITH_H and same_word:
            return (*_WITH_H[coda], True)
        if sound == "ㅅ" and after.vowel in "ㅣㅕ" and same_word:
            return "", "ㅊ", True  # 제17항 붙임: 굳히다, 닫혀
        if sound in _ASPIRATED:
            return "", _ASPIRATED[sound], True
        return sound, "ㅎ", False
    if sound in _NASAL:
        if onset in "ㄴㅁ":
            return _NASAL[sound], onset, False
        if onset == "ㄹ":
            return _NASAL[sound], "ㄴ", False
        if sound == "ㅅ" and onset in "ㅅㅆ":
            return "", "ㅆ", False  # 있습니다 [이씀니다]
        return sound, (onset if same_word else TENSE.get(onset, onset)), False  # 제23항
    if sound + onset in ("ㄴㄹ", "ㄹㄴ"):
        return "ㄹ", "ㄹ", False  # 제20항
    if sound in ("ㅁ", "ㅇ") and onset == "ㄹ":
        return sound, "ㄴ", False  # 제19항
    if coda in ("ㄵ", "ㄻ", "ㄼ", "ㄾ") and same_word:
        return sound, TENSE.get(onset, onset), False  # 제24, 25항
    return sound, onset, False


def _liaison(coda: str, vowel: str, same_word: bool) -> tuple[str, str, bool]:
    """A coda before a vowel (제12.4, 13-17항)."""
    if coda in ("", "ㅇ"):
        return coda, "ㅇ", False
    if not same_word:
        if coda in _AFTER_H and coda != "ㅎ":
            return "", _AFTER_H[coda], True
        return "", "ㄷ" if NEUTRAL[coda] == "ㅅ" else NEUTRAL[coda], True
    if coda in _AFTER_H:
        left = _AFTER_H[coda]
        return ("", left, True) if left else ("", "ㅇ", False)
    if vowel in "ㅣㅕ" and coda in _PALATAL:
        return (*_PALATAL[coda], True)
    if coda in _PARTS:
        return (*_PARTS[coda], True)
    return "", coda, True
