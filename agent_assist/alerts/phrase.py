"""The language in which the word lists are written: phrases that hold whatever particles, endings and spaces come.

    불 났-             '불', perhaps a particle, then a word that begins with '났': 불이 났어요, 불났다, 불 이 났습니다
    가스 .. 새-|샌-     up to four words may stand between
    -새끼              a word that ends so: 개새끼, 씹새끼야
    만져_보고|안고 싶-   '|' parts words of which one must be there, '_' is a space that may be missing
    =죽고 싶-           '=': heard so and not otherwise ('주고 싶어요' is a slip away)
    @라고-             the place of the find itself (in contexts): '씨발' in '씨발이라고' with '@이라고-'

A piece without '-' is a whole word, with a particle at most; it may be said letter by letter ('병 신') if nothing
follows. What a recogniser slips at is forgiven by the length of the phrase (``FORGIVEN``): short words sound like too
many others.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from typing import Final, NamedTuple

import msgspec

from agent_assist.alerts.slips import near, same
from core.errors import BadInput

PLACE: Final = "\ue000"
"""Stands in the line for the find that a context is asked about."""
FORGIVEN: Final = ((4, 1), (7, 2))
"""(syllables of the phrase, slips that are forgiven from there on)."""
_PARTICLE: Final = (
    "(?:들)?(?:이야|이요|이고|이네|이냐|이나|이니|이다|이라|이랑|이지|이가|에서|에게|으로|한테|하고|처럼|보다|부터|까지|"
    "이|가|은|는|을|를|도|만|에|의|로|와|과|랑|야|아|냐|니|네|요|라|다)"
)
_TAIL: Final = f"(?:{_PARTICLE}|들)?"
_WORDS: Final = r" (?:\S+ ){0,4}"
_REST: Final = r"\S{0,6}"
_BEGIN: Final = r"(?<!\S)"
_END: Final = r"(?!\S)"
_LONGEST: Final = 400
_MOST_PIECES: Final = 8


class Match(msgspec.Struct, frozen=True):
    """Where a phrase was found."""

    start: int
    end: int
    """Letters of the line, without the particle that follows."""
    slips: int
    """Syllables that were heard otherwise."""


class _Compiled(NamedTuple):
    pattern: re.Pattern[str]
    groups: tuple[tuple[int, ...], ...]
    """Of each piece, of which one holds what was said."""


class Phrase:
    """One phrase, ready to be looked for. Immutable, any thread."""

    def __init__(self, written: str) -> None:
        """``BadInput`` if it is not one."""
        pieces = written.split()
        if not pieces or len(written) > _LONGEST or len(pieces) > _MOST_PIECES:
            raise BadInput(
                f"'{written[:20]}': 표현은 1~{_LONGEST}자, {_MOST_PIECES}마디 이하로 쓰세요 / "
                f"a phrase has 1 to {_LONGEST} characters and at most {_MOST_PIECES} pieces"
            )
        self.written = written
        words = [piece for piece in pieces if piece != ".."]
        if not words or pieces[0] == ".." or pieces[-1] == "..":
            raise BadInput(f"'{written}': '..' 앞뒤에 낱말이 있어야 합니다 / a word must stand before and after '..'")
        self._pieces = pieces
        self._choices = [self._words_of(piece) for piece in words]
        self._firsts = [frozenset[str]().union(*(near(word[0]) for word in choices)) for choices in self._choices]
        self._letters = [
            [[near(each) for each in word if each != "_"] for word in choices] for choices in self._choices
        ]

    @cached_property
    def _compiled(self) -> _Compiled:
        """Made at the first line that has the letters: one takes 3 ms, those of all lists together a second, and most
        phrases are never heard."""
        pattern = ""
        groups: list[tuple[int, ...]] = []
        for at, piece in enumerate(self._pieces):
            if piece == "..":
                pattern += f"(?:{_WORDS})?"
                continue
            if at and self._pieces[at - 1] != "..":
                pattern += " ?"
            of_piece, branches = self._pattern_of(piece, first=not at, last=at == len(self._pieces) - 1)
            pattern += of_piece
            taken = sum(map(len, groups))
            groups.append(tuple(range(taken + 1, taken + 1 + branches)))
        return _Compiled(re.compile(pattern), tuple(groups))

    def find(self, text: str, letters: frozenset[str]) -> Iterator[Match]:
        """Every place in a line's text; ``letters`` are those of the text, each once."""
        if any(letters.isdisjoint(piece) for piece in self._firsts) or not self._spelled_by(letters):
            return
        pattern, numbers_of_pieces = self._compiled
        for found in pattern.finditer(text):
            groups = [next(group for group in numbers if found[group] is not None) for numbers in numbers_of_pieces]
            heard = [found[group] for group in groups]
            slips = sum(_slips(said, choices) for said, choices in zip(heard, self._choices, strict=True))
            if slips <= _forgiven(sum(map(_syllables, heard))):
                end = found.end(groups[-1]) - len(heard[-1]) + len(heard[-1].rstrip())
                yield Match(found.start(groups[0]), end, slips)

    def _spelled_by(self, letters: frozenset[str]) -> bool:
        """Whether each piece has a word of which all letters are there, or what they may have been heard as."""
        gone = letters.isdisjoint
        return all(any(not any(map(gone, word)) for word in words) for words in self._letters)

    def _words_of(self, piece: str) -> tuple[str, ...]:
        words = tuple(choice.strip("-").removeprefix("=").replace("@", PLACE) for choice in piece.split("|"))
        if not all(words):
            raise BadInput(
                f"'{self.written}': '|'와 '-' 곁에 낱말이 있어야 합니다 / a word must stand beside '|' and '-'"
            )
        return words

    def _pattern_of(self, piece: str, *, first: bool, last: bool) -> tuple[str, int]:
        """The words that may go on and those that are whole, each with what may follow: an ending, a particle; and
        how many groups that makes."""
        open_: list[str] = []
        whole: list[str] = []
        for choice, word in zip(piece.split("|"), self._words_of(piece), strict=True):
            begin = _BEGIN if first and not choice.startswith("-") else ""
            ends, exact = choice.endswith("-"), choice.strip("-").startswith("=")
            (open_ if ends else whole).append(f"{begin}(?:{_spellings(word, open_ended=ends, exact=exact)})")
        branches = []
        if open_:
            branches.append(f"({'|'.join(open_)})" + ("" if last else _REST))
        if whole:
            branches.append(
                f"({'|'.join(whole)})" + (f"(?={_TAIL}{_END})" if last else f"(?: {_PARTICLE}(?= )|{_TAIL})")
            )
        before = r"\S*?" if not first and piece.startswith("-") else ""
        return f"{before}(?:{'|'.join(branches)})", len(branches)


def _spellings(word: str, *, open_ended: bool, exact: bool) -> str:
    letters = [" ?" if letter == "_" else re.escape(letter) if exact else _class(letter) for letter in word]
    together = "".join(letters)
    if open_ended or len(word) < 2 or PLACE in word or "_" in word:
        return together
    return f"{together}|{' '.join(letters)}{_END}"


def _class(letter: str) -> str:
    heard = near(letter)
    return re.escape(letter) if len(heard) == 1 else f"[{''.join(sorted(heard))}]"


def _slips(heard: str, choices: tuple[str, ...]) -> int:
    said = heard.replace(" ", "")
    return min(
        (
            sum(not same(one, other) for one, other in zip(said, choice, strict=True))
            for choice in (word.replace("_", "") for word in choices)
            if len(choice) == len(said)
        ),
        default=len(said),
    )


def _syllables(heard: str) -> int:
    return sum("가" <= letter <= "힣" for letter in heard)


def _forgiven(syllables: int) -> int:
    return max((slips for length, slips in FORGIVEN if syllables >= length), default=0)
