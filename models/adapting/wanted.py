"""Which words shall be added: a file of one word a line, each with its class, and what can't be taken and why. Pure
but for reading the file, of which no more than the limit is ever in memory.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Final

import msgspec

from core.errors import BadInput
from models.korean.jamo import is_hangul

DEPARTMENT: Final = "department"
STREET: Final = "street"
PLACE: Final = "place"
PERSON: Final = "person"
OTHER: Final = "other"
CLASSES: Final = (DEPARTMENT, STREET, PLACE, PERSON, OTHER)

MOST: Final = 20_000
"""Words in one list: a city has some hundred departments, some thousand people and streets."""
LONGEST: Final = 40
"""Characters of a word or phrase."""

_LINE_BYTES: Final = 1000
"""Longer lines are no words; so much of each is read."""
_ENDINGS: Final = (
    (DEPARTMENT, ("과", "팀", "실", "센터", "담당관", "사업소", "위원회")),
    (STREET, ("대로", "로", "길")),
    (PLACE, ("동", "면", "읍", "리")),
)
_SURNAMES: Final = frozenset(
    "가강고곽구권금기길김나남노도라류마명모문민박반방배백변서선설성소손송신심안양엄여연염오옥왕용우원위유육윤이인임장전"
    "정제조주지진차채천최추탁표하한함허현홍황"
)


class Wanted(msgspec.Struct, frozen=True):
    """A word that shall be recognised, or several that belong together."""

    words: tuple[str, ...]
    """Usually one: '교통혁신정책과'. More: ('한빛', '종합복지관')."""
    kind: str
    """One of ``CLASSES``."""

    @property
    def text(self) -> str:
        """As it was given."""
        return " ".join(self.words)


class Unusable(msgspec.Struct, frozen=True):
    """A line that can't be taken."""

    line: int
    """Counted from 1; 0 = not from a file."""
    text: str
    reason: str


class WordList(msgspec.Struct, frozen=True):
    """What a list of words came to."""

    wanted: tuple[Wanted, ...]
    unusable: tuple[Unusable, ...]


def read_words(file: Path) -> WordList:
    """The words of a file: 'word' or 'word TAB class' a line, '#' begins a remark.

    Raises ``BadInput`` when the file can't be read, has too many lines, or nothing in it can be used.
    """
    try:
        with file.open("rb") as lines:
            found = listed(_decoded(lines, file))
    except OSError as fault:
        raise BadInput(f"{file} can't be read ({fault.strerror}): check the path") from fault
    if not found.wanted:
        why = f"; line {found.unusable[0].line}: {found.unusable[0].reason}" if found.unusable else ": it is empty"
        raise BadInput(f"no word of {file} can be used{why}")
    return found


def listed(lines: Iterable[str]) -> WordList:
    """The words of such lines, each once. Raises ``BadInput`` for more than ``MOST`` lines, without reading on."""
    wanted: dict[tuple[str, ...], Wanted] = {}
    unusable = []
    source = iter(lines)
    for number, line in enumerate(islice(source, MOST), start=1):
        text, _, kind = (part.strip() for part in unicodedata.normalize("NFC", line).partition("\t"))
        if not text or text.startswith("#"):
            continue
        if reason := _refusal(text, kind):
            unusable.append(Unusable(number, text[:LONGEST], reason))
        else:
            words = tuple(text.split())
            wanted.setdefault(words, Wanted(words, kind or guessed(words[-1])))
    if next(source, None) is not None:
        raise BadInput(f"the list has more than {MOST} lines: leave out what callers rarely say")
    return WordList(tuple(wanted.values()), tuple(unusable))


def guessed(word: str) -> str:
    """The class of a word by how it ends: 교통정책과 department, 한빛로 street, 새솔동 place, 김서연 person."""
    for kind, endings in _ENDINGS:
        if any(word.endswith(ending) and len(word) > len(ending) + 1 for ending in endings):
            return kind
    return PERSON if len(word) == 3 and word[0] in _SURNAMES else OTHER


def _refusal(text: str, kind: str) -> str:
    """Why it can't be taken; '' = it can."""
    if len(text) > LONGEST:
        return f"longer than {LONGEST} characters: give the name alone"
    if kind and kind not in CLASSES:
        return f"there is no class {kind[:LONGEST]!r}: {', '.join(CLASSES)}"
    if re.search(r"\d", text):
        return "has digits: write them as they are said (제2팀 -> 제이팀)"
    if re.search(r"[A-Za-z]", text):
        return "has Latin letters: write them as they are said (IT -> 아이티)"
    if not is_hangul(text):
        odd = next(letter for letter in text if not is_hangul(letter))
        return f"has {odd!r}, which can't be pronounced: Hangul syllables only"
    return ""


def _decoded(lines: Iterable[bytes], file: Path) -> Iterator[str]:
    for number, line in enumerate(lines, start=1):
        try:
            yield line[:_LINE_BYTES].decode("utf-8-sig" if number == 1 else "utf-8")
        except UnicodeDecodeError as error:
            if len(line) > _LINE_BYTES:  # cut within a letter
                yield line[:_LINE_BYTES].decode(errors="replace")
                continue
            raise BadInput(f"{file} is no text in UTF-8 (line {number}): save it as UTF-8") from error
