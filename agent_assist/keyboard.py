"""The Korean two-set keyboard (KS X 5002): a text as the keys that type it, and what keys would have typed. Pure.

Whoever forgets to switch types 'durnjs' for 여권, or 'ㅊㅊㅅㅍ' for cctv: the same keys. Keys also tell a syllable that
is still being typed (여구 on the way to 여권) from another word.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_FIRST: Final = 0xAC00
_LAST: Final = 0xD7A3
_VOWELS: Final = "k o i O j p u P h hk ho hl y n nj np nl b m ml l"
_FINALS: Final = " r R rt s sw sg e f fr fa fq ft fx fv fg a q qt t T d w c z x v g"
_INITIAL_KEYS: Final = list("rRseEfaqQtTdwWczxvg")
_VOWEL_KEYS: Final = _VOWELS.split(" ")
_FINAL_KEYS: Final = _FINALS.split(" ")  # the first one: none
_LETTERS: Final = {
    **dict(zip("ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ", _INITIAL_KEYS, strict=True)),
    **dict(zip("ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ", _VOWEL_KEYS, strict=True)),
    **dict(
        zip("ㄳㄵㄶㄺㄻㄼㄽㄾㄿㅀㅄ", ["rt", "sw", "sg", "fr", "fa", "fq", "ft", "fx", "fv", "fg", "qt"], strict=True)
    ),
}
_SYLLABLE: Final = re.compile(
    # An initial, a vowel, and a final only if no vowel follows that would take it along.
    "(?P<initial>[rRseEfaqQtTdwWczxvg])"
    "(?P<vowel>h[kol]?|n[jpl]?|ml?|[koiOjpuPybl])"
    "(?P<final>(?:rt|s[wg]|f[raqtxvg]|qt|[rRsefaqtTdwczxvg])(?![hnmkoiOjpuPybl]))?"
)
_ALONE: Final = {keys: letter for letter, keys in _LETTERS.items() if len(keys) == 1}


def keys(char: str) -> str:
    """The keys that type one character: 여 -> 'du', 권 -> 'rnjs', ㄱ -> 'r'; another character is its own key."""
    code = ord(char) - _FIRST
    if 0 <= code <= _LAST - _FIRST:
        return _INITIAL_KEYS[code // 588] + _VOWEL_KEYS[code % 588 // 28] + _FINAL_KEYS[code % 28]
    return _LETTERS.get(char, char)


def latin(text: str) -> str:
    """What the same keys type with Korean switched off: 'ㅊㅊㅅㅍ' -> 'cctv'."""
    return "".join(map(keys, text))


def hangul(text: str) -> str:
    """What the same keys type with Korean switched on: 'durnjs' -> '여권'. Shift counts only where a key has two
    letters: 'DURNJS' is the same with the capitals locked."""
    plain = "".join(char if char in "RETQWOP" and not text.isupper() else char.lower() for char in text)
    return unicodedata.normalize("NFC", "".join(_ALONE.get(piece, piece) for piece in _composed(plain)))


def _composed(plain: str) -> list[str]:
    pieces: list[str] = []
    at = 0
    while at < len(plain):
        match = _SYLLABLE.match(plain, at)
        if match is None:
            pieces.append(plain[at])
            at += 1
            continue
        final = match["final"] or ""
        code = _INITIAL_KEYS.index(match["initial"]) * 588 + _VOWEL_KEYS.index(match["vowel"]) * 28
        pieces.append(chr(_FIRST + code + _FINAL_KEYS.index(final)))
        at = match.end()
    return pieces
