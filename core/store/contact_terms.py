"""What a record is found by: its letters two by two, and what it belongs to, as numbers of 32 bits. Pure.

Korean has no word boundaries worth trusting ('무단투기' is '무단 투기' for the next who writes), so letters and digits
alone count: everything else falls away before two neighbours make a term. A word of the search then is the set of its
pairs, and who has them all is looked at once more. What belongs to exactly one column (agent, category,
...) is a term too, so that the index alone narrows the search down.
Terms may collide; whoever asks the index compares the columns as well.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Final
from zlib import crc32

from core.store.contacts import ContactQuery, ContactRecord

BREAK: Final = "\n"
"""Between the parts of a record: no pair reaches over it."""
SHORTEST: Final = 2
"""Letters of a word that can be looked for."""
_SIGNED: Final = 1 << 31


def folded(text: str) -> str:
    """Letters and digits alone, whole syllables, small letters."""
    return "".join(sign for sign in unicodedata.normalize("NFC", text).casefold() if sign.isalnum())


def words_of(text: str) -> tuple[str, ...]:
    """The words of a search that can be looked for, each folded."""
    return tuple(dict.fromkeys(word for each in text.split() if len(word := folded(each)) >= SHORTEST))


def searched(record: ContactRecord) -> str:
    """All that is found by words."""
    written = record.written
    parts = [written.need, written.answer, *written.category.split(">"), written.department, written.district]
    parts += [card.title for card in record.cards]
    parts += [value.value for form in record.forms for value in form.values]
    parts += [value.value for value in record.values]
    parts += record.promises
    return BREAK.join(dict.fromkeys(part for each in parts if (part := folded(each))))


def terms(record: ContactRecord, text: str) -> list[int]:
    """Everything that the record is found by. ``text``: as :func:`searched` gives it."""
    found = {term for part in text.split(BREAK) for term in _pairs(part)}
    found.update(_facets(record))
    return sorted(found)


def wanted(query: ContactQuery) -> list[int]:
    """Terms that all records have that are looked for; empty = the index cannot help."""
    found = [term for word in query.words for term in _pairs(word)]
    for name in ("agent_id", "department", "category", "district", "result", "last4", "person", "number"):
        if value := getattr(query, name):
            found.append(_facet(name, value))
    if query.channel is not None:
        found.append(_facet("channel", query.channel))
    if query.state is not None:
        found.append(_facet("state", query.state))
    if query.open_follow_up:
        found.append(_facet("follow_up", "open"))
    return list(dict.fromkeys(found))


def _facets(record: ContactRecord) -> Iterator[int]:
    written = record.written
    yield _facet("channel", record.channel)
    yield _facet("state", record.state)
    if record.open_follow_ups:
        yield _facet("follow_up", "open")
    for name, value in (
        ("agent_id", record.agent_id),
        ("last4", record.last4),
        ("person", record.person),
        ("number", record.number),
        ("department", written.department),
        ("district", written.district),
        ("result", written.result),
    ):
        if value:
            yield _facet(name, value)
    for path in branches(written.category):
        yield _facet("category", path)


def branches(category: str) -> Iterable[str]:
    """'A>B>C' -> 'A', 'A>B', 'A>B>C'."""
    levels = category.split(">") if category else []
    return (">".join(levels[:depth]) for depth in range(1, len(levels) + 1))


def _pairs(text: str) -> Iterator[int]:
    for one, other in pairwise(text):
        a, b = ord(one), ord(other)
        yield ((a << 16 | b) if max(a, b) < 0x10000 else crc32((one + other).encode())) - _SIGNED


def _facet(name: str, value: str) -> int:
    return crc32(f"{name}\0{value}".encode()) - _SIGNED
