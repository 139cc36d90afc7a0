"""What a city's consultation database has in words: names of departments and people, titles and keywords of entries."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

import msgspec

from core.errors import BadInput
from core.home import Home
from core.store.entry import Entry
from core.store.sql_store import open_store
from models.adapting.wanted import DEPARTMENT, OTHER, PERSON, Unusable, Wanted, WordList, listed, read_words
from models.korean.jamo import is_hangul

_BETWEEN: Final = re.compile(r"[\s()\[\]{}<>·,./&:;!?'\"“”‘’~-]+")
_SHORTEST_NAME: Final = 3
"""Syllables of a word of an entry that gets particles as names do; shorter ones are rarely the city's own."""


class CityWords(msgspec.Struct, frozen=True):
    """Everything that the model should know."""

    names: WordList
    phrases: tuple[tuple[str, ...], ...]
    """Words that follow each other in titles and keywords."""


async def gathered(file: Path | None, database: str | None, home: Home) -> CityWords:
    """The words of a file, of the database at that address, or of both. Raises ``BadInput`` for neither."""
    if file is None and database is None:
        raise BadInput("name what shall be added: --words FILE, --kb, or both")
    lists = [read_words(file)] if file else []
    phrases: tuple[tuple[str, ...], ...] = ()
    if database is not None:
        found = await of_database(database, home)
        lists, phrases = [*lists, found.names], found.phrases
    return together(lists, phrases)


def together(lists: Iterable[WordList], phrases: Sequence[tuple[str, ...]]) -> CityWords:
    """Several lists as one, each name once."""
    wanted: dict[tuple[str, ...], Wanted] = {}
    unusable: list[Unusable] = []
    for words in lists:
        unusable += words.unusable
        for name in words.wanted:
            wanted.setdefault(name.words, name)
    return CityWords(WordList(tuple(wanted.values()), tuple(unusable)), tuple(dict.fromkeys(phrases)))


async def of_database(url: str, home: Home) -> CityWords:
    """What the database at that address holds. Raises ``BadInput`` when nobody has put an entry there yet."""
    store = await open_store(url, home)
    try:
        entries = await store.entries()
        departments = [record.name for record in await store.knowledge.departments() if not record.closed]
        people = [record.name for record in await store.knowledge.people() if not record.left]
    finally:
        await store.close()
    if not entries and not departments and not people:
        raise BadInput("the consultation database is empty: `minwon kb import FILE` first, or leave --kb out")
    return of_records(departments, people, entries)


def of_records(departments: Iterable[str], people: Iterable[str], entries: Iterable[Entry]) -> CityWords:
    """Names of departments and people with their classes, the long words of entries as names without one. Pure."""
    phrases = list(_phrases(entries))
    words = dict.fromkeys(word for phrase in phrases for word in phrase if len(word) >= _SHORTEST_NAME)
    lists = (
        listed(f"{name}\t{DEPARTMENT}" for name in departments),
        listed(f"{name}\t{PERSON}" for name in people),
        listed(f"{word}\t{OTHER}" for word in words),
    )
    return together(lists, phrases)


def _phrases(entries: Iterable[Entry]) -> Iterator[tuple[str, ...]]:
    """Stretches of Hangul words in titles and keywords: '등본·초본 인터넷 발급(정부24)' -> 등본 초본 인터넷 발급."""
    for entry in entries:
        for text in (entry.title, *entry.keywords):
            stretch: list[str] = []
            for word in [*_BETWEEN.split(text), ""]:
                if word and is_hangul(word):
                    stretch.append(word)
                elif stretch:
                    yield tuple(stretch)
                    stretch = []
