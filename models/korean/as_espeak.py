"""What espeak-ng's Korean voice says of Hangul, in its own phones, without espeak-ng.

A description of how espeak-ng 1.51 was heard to behave: every coda before every onset and vowel was put to it. Of
70,000 words of the vocabulary it agrees on all but four (냇가, 빗물, 아랫집, 횟수: espeak-ng has a list of its own).
Within a word espeak-ng knows liaison, tensing after stops and a little nasalisation; across a space it knows nothing,
so that a sentence is its words, one after the other.

Phones are espeak-ng's names (``models/kaldi/phones.py``): ``q`` is ㄱ in a coda and between vowels, ``*`` the flapped
ㄹ, ``L`` ㄹ in a coda, ``l`` the long one, ``N`` ㅇ, ``tS;`` ㅈ, ``@`` ㅓ, ``u-`` ㅡ; a ``-`` after a stop is tense,
``h`` aspirated.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import zip_longest
from typing import Final

from models.korean.jamo import Jamo, split

Pronunciation = tuple[str, ...]
"""Phones of one word."""


def _table(text: str) -> Mapping[str, Pronunciation]:
    """'ㄱ: g  ㅊ: tS h' -> phones by letter; entries stand two spaces apart."""
    entries = (entry.partition(":") for entry in text.replace("\n", "  ").split("  ") if entry.strip())
    return {key.strip(): tuple(phones.split()) for key, _, phones in entries}


VOWELS: Final = _table(
    """ㅏ: a  ㅐ: E  ㅑ: j a  ㅒ: j E  ㅓ: @  ㅔ: e  ㅕ: j @  ㅖ: j e  ㅗ: o  ㅘ: w a  ㅙ: w E  ㅚ: w e  ㅛ: j o
       ㅜ: u  ㅝ: w @  ㅞ: w e  ㅟ: w i  ㅠ: j u  ㅡ: u-  ㅢ: u- j  ㅣ: i"""
)
FIRST: Final = _table(
    """ㄱ: g  ㄲ: q-  ㄴ: n  ㄷ: d  ㄸ: t-  ㄹ: *  ㅁ: m  ㅂ: p  ㅃ: p-  ㅅ: s  ㅆ: s-  ㅇ:  ㅈ: tS;  ㅉ: tS;-
       ㅊ: tS h  ㅋ: kh  ㅌ: t h  ㅍ: ph  ㅎ: h"""
)
"""Onsets at the beginning of a word, and wherever no other table speaks."""
_INSIDE: Final = _table("ㄱ: q  ㅂ: b  ㅈ: dZ;")
"""Onsets after a vowel or a sounding coda."""
_TENSE: Final = _table("ㄱ: k-  ㄷ: t-  ㅂ: p-  ㅅ: s-  ㅈ: tS;-")
"""Onsets after a stop or a cluster."""
_ASPIRATED: Final = _table("ㄱ: kh  ㄷ: t h  ㅂ: ph  ㅈ: tS h")
"""Onsets after a coda with ㅎ."""
_SOUNDING: Final = frozenset({"", *"ㄴㄹㅁㅇ"})
_WITH_H: Final = frozenset("ㅎㄶㅀ")

_CODA: Final = _table(
    """ㄱ: q  ㄲ: q  ㄳ: q  ㅋ: q  ㄺ: q  ㄴ: n  ㄵ: n  ㄶ: n  ㄷ: d-  ㅅ: t-  ㅆ: t-  ㅌ: t-  ㅎ: t-  ㅈ: t  ㅊ: t
       ㄹ: L  ㄽ: l  ㄾ: l  ㅀ: l  ㅁ: m  ㄻ: m  ㅂ: p  ㅍ: p  ㅄ: p  ㄼ: p  ㄿ: p  ㅇ: N"""
)
_CODA_BEFORE_VOWEL: Final = {
    **_CODA,
    **_table(
        """ㄲ: k-  ㄳ: q s  ㅋ: kh  ㄺ: l g  ㄵ: n dZ;  ㅅ: s  ㅆ: s-  ㅌ: t h  ㅎ:  ㅈ: tS;  ㅊ: tS; h
           ㄹ: *  ㄽ: l s  ㄾ: l t h  ㅀ: *  ㄻ: l m  ㅍ: ph  ㅄ: p s-  ㄼ: l b  ㄿ: l ph"""
    ),
}
_CODA_BEFORE_I: Final = _table("ㄷ: dZ;  ㅌ: tS; h")
"""Codas before ㅣ and the vowels that begin with a glide j."""
_I_LIKE: Final = frozenset("ㅣㅑㅒㅕㅖㅛㅠ")
_TOGETHER: Final = {
    **{coda + "ㄴ": ("n", "n") for coda in "ㄷㅌㅅㅆㅈㅊ"},
    **{coda + "ㅁ": ("m", "m") for coda in "ㄷㅌㅅㅆㅈㅊ"},
    **_table("ㄱㅎ: kh  ㄲㅎ: kh  ㄳㅎ: kh  ㄷㅎ: t h  ㅂㅎ: ph  ㅄㅎ: p s-  ㅅㅎ: s-  ㄹㄹ: l"),
}
"""A coda and the next onset that become something of their own."""
_HELD: Final = frozenset("nmlp")
"""First phones of those which are heard before the syllable ends."""


def as_espeak(word: str) -> Pronunciation:
    """Phones of a word of Hangul as ``espeak-ng -v ko`` says it. ``KeyError`` for what is no Hangul syllable."""
    return tuple(phone for syllable in by_syllable(word) for phone in syllable)


def by_syllable(word: str) -> list[Pronunciation]:
    """The same, syllable for syllable; a consonant that moves to the next syllable stays where it is written."""
    return by_letters([split(syllable) for syllable in word])


def by_letters(letters: Sequence[Jamo]) -> list[Pronunciation]:
    """The same for a word whose syllables are letters already."""
    out: list[Pronunciation] = []
    onset = FIRST[letters[0].onset] if letters else ()
    for here, after in zip_longest(letters, letters[1:]):
        coda, next_onset = _between(here.coda, after) if after else (_CODA.get(here.coda, ()), ())
        out.append((*onset, *VOWELS[here.vowel], *coda))
        onset = next_onset
    return out


def _between(coda: str, after: Jamo) -> tuple[Pronunciation, Pronunciation]:
    """The phones from one vowel to the next: of the coda, and of the onset."""
    onset = after.onset
    if onset == "ㅇ":
        if after.vowel in _I_LIKE and coda in _CODA_BEFORE_I:
            return _CODA_BEFORE_I[coda], ()
        return _CODA_BEFORE_VOWEL.get(coda, ()), ()
    if together := _TOGETHER.get(coda + onset):
        return (together[:1], together[1:]) if together[0] in _HELD else ((), together)
    head = _CODA.get(coda, ())
    if coda in _SOUNDING:
        return head, _INSIDE.get(onset, FIRST[onset])
    changed = _ASPIRATED if coda in _WITH_H else _TENSE
    return head, changed.get(onset, FIRST[onset])
