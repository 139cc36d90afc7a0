"""An utterance as the word lists see it: one spelling, however it was written, and the way back to what was said.

Swearing comes in disguise: 'ㅅㅣㅂㅏㄹ', '시1발', '시*발', '병 신', '개 새 끼'. The line undoes that and remembers
for each of its letters where in the text it stood, so that the evidence is shown as said.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

import msgspec

LONGEST: Final = 4_000
"""Characters of one utterance that are looked at; a minute of fast speech is 600."""
# One letter as the eye sees it: conjoining jamo (NFD from a Mac) or a character with its marks.
_LETTER: Final = re.compile("[\u1100-\u115f][\u1160-\u11a7]?[\u11a8-\u11ff]?|.[\u0300-\u036f]*", re.DOTALL)
_INVISIBLE: Final = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
_FIRSTS: Final = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
_VOWELS: Final = "ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ"
_LASTS: Final = " ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ"
_BLOCK: Final = re.compile(f"([{_FIRSTS}])([{_VOWELS}])([{_LASTS[1:]}]?)(?![{_VOWELS}])")
_LAUGHTER: Final = "ㅋㅎㅠㅜㅡ"
_STOPS: Final = ".,?!…·:;\"'()[]{}<>~“”‘’"
_SPELLED: Final = re.compile(r"(?<!\S)[가-힣](?: [가-힣](?!\S)){2,}")


class Line(msgspec.Struct, frozen=True):
    """The letters, and for each of them its place in the text."""

    text: str
    """Composed, lower case, words parted by one space."""
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where these letters stood in the text as said."""
        return self.starts[start], self.ends[end - 1]


def line(text: str) -> Line:
    """The utterance in one spelling."""
    letters: list[str] = []
    places: list[tuple[int, int]] = []
    for found in _LETTER.finditer(text[:LONGEST]):
        for letter in _INVISIBLE.sub("", unicodedata.normalize("NFC", found[0]).lower()):
            if letter.isspace() or letter in _STOPS or letter in _LAUGHTER:
                letters.append(" ")
            else:
                letters.append(letter)
            places.append(found.span())
    return _composed(_undisguised(_squeezed(letters, places)))


def spelled_together(of: Line) -> Line | None:
    """The line with words joined that were said letter by letter ('개 새 끼'); None if there are none."""
    if _SPELLED.search(of.text) is None:
        return None
    gone = {
        at for found in _SPELLED.finditer(of.text) for at in range(found.start(), found.end()) if of.text[at] == " "
    }
    return _kept(of, [at for at in range(len(of.text)) if at not in gone])


def _squeezed(letters: list[str], places: list[tuple[int, int]]) -> Line:
    """One space between words, none at the ends; a letter said five times is said once."""
    kept: list[int] = []
    for at, letter in enumerate(letters):
        before = letters[kept[-1]] if kept else " "
        longer = at >= 2 and letters[at - 1] == letters[at - 2] == letter
        if letter == before and (letter == " " or longer):
            continue
        kept.append(at)
    while kept and letters[kept[-1]] == " ":
        kept.pop()
    if kept and letters[kept[0]] == " ":
        kept.pop(0)
    return Line(
        "".join(letters[at] for at in kept), tuple(places[at][0] for at in kept), tuple(places[at][1] for at in kept)
    )


def _undisguised(of: Line) -> Line:
    """Without the sign or the one digit that somebody put inside a word."""
    text = of.text
    kept = [
        at
        for at, letter in enumerate(text)
        if letter == " "
        or _hangul(letter)
        or not (0 < at < len(text) - 1 and _hangul(text[at - 1]) and _hangul(text[at + 1]))
    ]
    return _kept(of, kept)


def _composed(of: Line) -> Line:
    """Letters typed one by one, put together: 'ㅅㅣㅂㅏㄹ' -> '시발'."""
    if _BLOCK.search(of.text) is None:
        return of
    text: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    at = 0
    while at < len(of.text):
        block = _BLOCK.match(of.text, at)
        end = block.end() if block else at + 1
        text.append(_syllable(block[1], block[2], block[3]) if block else of.text[at])
        starts.append(of.starts[at])
        ends.append(of.ends[end - 1])
        at = end
    return Line("".join(text), tuple(starts), tuple(ends))


def _syllable(first: str, vowel: str, last: str) -> str:
    return chr(0xAC00 + (_FIRSTS.index(first) * 21 + _VOWELS.index(vowel)) * 28 + (_LASTS.index(last) if last else 0))


def _kept(of: Line, places: list[int]) -> Line:
    return Line(
        "".join(of.text[at] for at in places),
        tuple(of.starts[at] for at in places),
        tuple(of.ends[at] for at in places),
    )


def _hangul(letter: str) -> bool:
    return "가" <= letter <= "힣" or "ㄱ" <= letter <= "ㅣ"
