"""Hangul as letters: composed text, 초성 (first consonants) and jamo (single letters). Pure, by Unicode arithmetic.

A syllable block is 0xAC00 + (initial * 21 + vowel) * 28 + final (The Unicode Standard, 3.12).
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_FIRST: Final = 0xAC00
_LAST: Final = 0xD7A3
_INITIALS: Final = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
_VOWELS: Final = "ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ"
_FINALS: Final = " ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ"
_SOUNDS: Final = str.maketrans("ㄲㅋㄸㅌㅃㅍㅆㅉㅊㅒㅖㅔㅙㅞㅚㅢ", "ㄱㄱㄷㄷㅂㅂㅅㅈㅈㅐㅐㅐㅐㅐㅐㅣ")
"""Letters that a recogniser takes one for the other: plain, tense and aspirated; vowels that most people say alike."""
_PARTS: Final = dict(
    zip(
        "ㄳㄵㄶㄺㄻㄼㄽㄾㄿㅀㅄ",
        map("".join, zip("ㄱㄴㄴㄹㄹㄹㄹㄹㄹㄹㅂ", "ㅅㅈㅎㄱㅁㅂㅅㄷㅂㅎㅅ", strict=True)),
        strict=True,
    )
)
"""Double finals: the second letter is said when a vowel follows."""
_SWALLOWED: Final = re.compile("[ㅅㄷㅈ](?=[ㄱㄷㅂㅅㅈ])")
"""Finals that are heard only as the tenseness of what follows: '했거' is '해꺼'."""
_INVISIBLE: Final = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
_INITIALS_ONLY: Final = re.compile(f"[{_INITIALS}]+")


def composed(text: str) -> str:
    """The text as a Korean keyboard would have typed it: NFC (a Mac sends NFD), no invisible characters."""
    return _INVISIBLE.sub("", unicodedata.normalize("NFC", text))


def squeezed(text: str) -> str:
    """For comparing what people type: composed, lower case, without anything but letters and digits."""
    return "".join(char for char in composed(text).lower() if char.isalnum())


def initials(text: str) -> str:
    """'여권 발급' -> 'ㅇㄱ ㅂㄱ'. What is not a Hangul syllable stays as it is."""
    return "".join(
        _INITIALS[(code - _FIRST) // 588] if _FIRST <= (code := ord(char)) <= _LAST else char for char in text
    )


def is_initials(text: str) -> bool:
    """Whether someone typed nothing but first consonants: 'ㅇㄱ'."""
    return _INITIALS_ONLY.fullmatch(text) is not None


def jamo(text: str) -> str:
    """'등본' -> 'ㄷㅡㅇㅂㅗㄴ': a misheard syllable is one letter wrong, not one syllable of two."""
    letters: list[str] = []
    for char in text:
        code = ord(char) - _FIRST
        if not 0 <= code <= _LAST - _FIRST:
            letters.append(char)
            continue
        letters.append(_INITIALS[code // 588])
        letters.append(_VOWELS[code % 588 // 28])
        if code % 28:
            letters.append(_FINALS[code % 28])
    return "".join(letters)


def sounded(text: str) -> str:
    """How it sounds, spelt roughly: a final is said with the vowel after it ('앞이' = '아피'), a weak ㅎ is not heard
    ('소화기' nearly '소아기'), tense and aspirated letters are as plain ones. Only for comparing."""
    letters: list[str] = []
    for char in text:
        code = ord(char) - _FIRST
        if not 0 <= code <= _LAST - _FIRST:
            letters.append(char)
            continue
        initial = _INITIALS[code // 588]
        if initial not in "ㅇㅎ" or (initial == "ㅎ" and not letters):
            letters.append(initial)
        letters.append(_VOWELS[code % 588 // 28])
        final = _FINALS[code % 28]
        # The final ㅇ is a sound of its own, unlike the silent one at the beginning of a syllable.
        letters.append("" if final in " ㅎ" else _PARTS.get(final, final).removesuffix("ㅎ"))
    return _SWALLOWED.sub("", "".join(letters).translate(_SOUNDS))
